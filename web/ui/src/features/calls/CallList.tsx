import { Checkbox, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useNavigate } from 'react-router';
import type { CallRecord } from '@/api/contract';
import { DataTable } from '@/components/DataTable';
import { duration, shortTime } from '@/components/format';
import { PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';
import { endCauses, endSides, label, notes, ratings } from '@/labels';

export const talkOf = (c: CallRecord) => (c.seats ?? []).reduce((n, s) => n + (s.talk_s ?? 0), 0);
export const lastSeat = (c: CallRecord) =>
  [...(c.seats ?? [])].reverse().find((s) => s.answered_at) ?? c.seats?.at(-1);

export default function CallList() {
  const t = useT();
  const go = useNavigate();
  const [f, set] = useUrlFilters();
  return (
    <PageShell title={t('通话')}>
      <div className="filters">
        <DatePicker.RangePicker
          value={f.from && f.to ? [dayjs(f.from), dayjs(f.to).subtract(1, 'second')] : null}
          onChange={(r) =>
            set({
              from: r?.[0]?.startOf('day').toISOString(),
              to: r?.[1]?.endOf('day').add(1, 'millisecond').toISOString(),
            })
          }
        />
        <Input.Search
          allowClear
          defaultValue={f.caller}
          key={`c${f.caller ?? ''}`}
          style={{ width: 180 }}
          placeholder={t('完整来电号码')}
          aria-label={t('完整来电号码')}
          onSearch={(caller) => set({ caller: caller.trim() })}
        />
        <Input.Search
          allowClear
          defaultValue={f.account}
          key={`a${f.account ?? ''}`}
          style={{ width: 130 }}
          placeholder={t('坐席账号')}
          aria-label={t('坐席账号')}
          onSearch={(account) => set({ account: account.trim() })}
        />
        <Select
          allowClear
          style={{ width: 150 }}
          placeholder={t('结束原因')}
          aria-label={t('结束原因')}
          value={f.cause}
          onChange={(cause) => set({ cause })}
          options={Object.entries(endCauses).map(([value, l]) => ({ value, label: t(l) }))}
        />
        <Checkbox
          checked={f.lost === 'true'}
          onChange={(e) => set({ lost: e.target.checked ? 'true' : undefined })}
          style={{ alignSelf: 'center' }}
        >
          {t('只看呼损')}
        </Checkbox>
      </div>
      <DataTable<CallRecord>
        path="/calls"
        query={f}
        rowKey="id"
        onOpen={(c) => go(`/calls/${c.id}`)}
        empty={t('没有符合条件的通话，可以放宽筛选条件')}
        columns={[
          {
            title: t('时间'),
            width: 110,
            render: (_, c) => <span className="num">{shortTime(c.started_at)}</span>,
          },
          {
            title: t('方向'),
            width: 60,
            render: (_, c) => (c.direction === 'outbound' ? t('呼出') : t('呼入')),
          },
          {
            title: t('号码'),
            width: 130,
            render: (_, c) => <span className="num">{c.caller_masked || t('匿名')}</span>,
          },
          { title: t('被叫'), width: 80, render: (_, c) => <span className="num">{c.called}</span> },
          { title: t('队列'), width: 120, render: (_, c) => c.queue_name || c.queue || '' },
          {
            title: t('坐席'),
            width: 120,
            render: (_, c) => {
              const s = lastSeat(c);
              return s ? `${s.name ?? s.account} ${s.seat}` : '';
            },
          },
          {
            title: t('通话时长'),
            width: 90,
            align: 'right',
            render: (_, c) => <span className="num">{talkOf(c) ? duration(talkOf(c)) : ''}</span>,
          },
          {
            title: t('结束'),
            width: 170,
            render: (_, c) =>
              c.end ? `${t(label(endSides, c.end.side))} · ${t(label(endCauses, c.end.cause))}` : t('进行中'),
          },
          { title: t('小结'), width: 80, render: (_, c) => t(label(notes, c.note?.note)) },
          { title: t('评价'), width: 90, render: (_, c) => (c.rating ? t(ratings[c.rating] ?? '') : '') },
          {
            title: t('录音'),
            width: 70,
            render: (_, c) => (c.recordings?.some((r) => r.status === 'sealed') ? t('有') : ''),
          },
        ]}
      />
    </PageShell>
  );
}
