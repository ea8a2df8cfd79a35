import { Checkbox, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useNavigate } from 'react-router';
import type { Ticket } from '@/api/contract';
import { DataTable } from '@/components/DataTable';
import { shortTime, ticketNumber } from '@/components/format';
import { PageShell } from '@/components/page';
import { TicketStateTag } from '@/components/StatusTag';
import { useUrlFilters } from '@/components/useUrlFilters';
import { ClassSelect } from '@/features/desktop/TicketForm';
import { useT } from '@/i18n';
import { label, sources, ticketStates, ticketTypes, urgencies } from '@/labels';

/** States a ticket can be in so far; the others come with their own pages. */
const states = [
  'draft',
  'received',
  'supplement',
  'to_dispatch',
  'closed',
  'not_accepted',
  'transferred',
  'merged',
  'discarded',
];

export default function TicketList() {
  const t = useT();
  const go = useNavigate();
  const [f, set] = useUrlFilters();
  return (
    <PageShell title={t('工单')}>
      <div className="filters">
        <Input.Search
          allowClear
          defaultValue={f.q}
          key={`q${f.q ?? ''}`}
          style={{ width: 210 }}
          placeholder={t('编号、标题或内容')}
          aria-label={t('编号、标题或内容')}
          onSearch={(q) => set({ q: q.trim() })}
          data-field="q"
        />
        <Input.Search
          allowClear
          defaultValue={f.phone}
          key={`p${f.phone ?? ''}`}
          style={{ width: 165 }}
          placeholder={t('完整电话号码')}
          aria-label={t('完整电话号码')}
          onSearch={(phone) => set({ phone: phone.trim() })}
        />
        <Select
          allowClear
          style={{ width: 104 }}
          placeholder={t('状态')}
          aria-label={t('状态')}
          value={f.state}
          onChange={(state) => set({ state })}
          options={states.map((value) => ({ value, label: t(label(ticketStates, value)) }))}
          data-field="state"
        />
        <Select
          allowClear
          style={{ width: 88 }}
          placeholder={t('类型')}
          aria-label={t('类型')}
          value={f.type}
          onChange={(type) => set({ type })}
          options={Object.entries(ticketTypes).map(([value, l]) => ({ value, label: t(l) }))}
        />
        <Select
          allowClear
          style={{ width: 100 }}
          placeholder={t('紧急程度')}
          aria-label={t('紧急程度')}
          value={f.urgency}
          onChange={(urgency) => set({ urgency })}
          options={Object.entries(urgencies).map(([value, l]) => ({ value, label: t(l) }))}
        />
        <div style={{ width: 160, display: 'flex', minWidth: 0 }}>
          <ClassSelect
            placeholder={t('问题分类')}
            value={f.class ?? ''}
            onChange={(c) => set({ class: c })}
          />
        </div>
        <DatePicker.RangePicker
          style={{ width: 220 }}
          value={f.from && f.to ? [dayjs(f.from), dayjs(f.to).subtract(1, 'second')] : null}
          onChange={(r) =>
            set({
              from: r?.[0]?.startOf('day').toISOString(),
              to: r?.[1]?.endOf('day').add(1, 'millisecond').toISOString(),
            })
          }
        />
        {(
          [
            ['mine', '我的'],
            ['open', '未办结'],
            ['secret', '保密'],
            ['overdue', '超期'],
          ] as const
        ).map(([k, text]) => (
          <Checkbox
            key={k}
            checked={f[k] === 'true'}
            onChange={(e) => set({ [k]: e.target.checked ? 'true' : undefined })}
            style={{ alignSelf: 'center' }}
          >
            {t(text)}
          </Checkbox>
        ))}
      </div>
      <DataTable<Ticket>
        path="/tickets"
        query={f}
        rowKey="id"
        onOpen={(x) => go(`/tickets/${x.id}`)}
        empty={
          Object.values(f).some(Boolean)
            ? t('没有符合条件的工单，可以放宽筛选条件')
            : t('还没有您能看到的工单')
        }
        columns={[
          {
            title: t('编号'),
            width: 150,
            render: (_, x) => (
              <span className="num" data-row={x.id}>
                {x.number ? ticketNumber(x.number) : <span className="muted">{t('未提交')}</span>}
              </span>
            ),
          },
          {
            title: t('标题'),
            ellipsis: true,
            width: 340,
            render: (_, x) => (
              <span title={x.title}>
                {x.urgency !== 'normal' && <b>[{t(label(urgencies, x.urgency))}] </b>}
                {x.secret && <span className="tag">{t('保密')}</span>} {x.title || t('未命名草稿')}
              </span>
            ),
          },
          { title: t('类型'), width: 64, render: (_, x) => t(label(ticketTypes, x.type)) },
          {
            title: t('状态'),
            width: 96,
            render: (_, x) => <TicketStateTag state={x.state} text={x.state_label} />,
          },
          {
            title: t('问题分类'),
            ellipsis: true,
            width: 190,
            render: (_, x) => <span title={x.class_path?.join(' / ')}>{x.class_path?.at(-1) ?? ''}</span>,
          },
          { title: t('渠道'), width: 90, render: (_, x) => t(label(sources, x.source)) },
          {
            title: t('来电人'),
            width: 150,
            render: (_, x) => `${x.caller?.name ?? ''} ${x.caller?.phone_masked ?? ''}`,
          },
          {
            title: t('催办'),
            width: 56,
            align: 'right',
            render: (_, x) => <span className="num">{x.urges || ''}</span>,
          },
          { title: t('经办'), width: 90, render: (_, x) => x.owner_name ?? x.owner_account ?? '' },
          {
            title: t('建单时间'),
            width: 110,
            render: (_, x) => <span className="num">{shortTime(x.created_at)}</span>,
          },
        ]}
      />
    </PageShell>
  );
}
