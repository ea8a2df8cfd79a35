import { Select } from 'antd';
import { Link } from 'react-router';
import { DataTable } from '@/components/DataTable';
import { fullTime, ticketNumber } from '@/components/format';
import { PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';
import { type Message, messageStates } from './api';

/** Messages that left by the gateway or wait, with what became of them. */
export default function Messages() {
  const t = useT();
  const [f, set] = useUrlFilters();
  return (
    <PageShell title={t('消息记录')}>
      <div className="filters">
        <Select
          allowClear
          value={f.state}
          placeholder={t('状态')}
          aria-label={t('状态')}
          onChange={(state) => set({ state })}
          options={Object.entries(messageStates).map(([value, l]) => ({ value, label: t(l) }))}
          style={{ width: 150 }}
        />
      </div>
      <DataTable<Message>
        path="/messages"
        query={f}
        rowKey="id"
        empty={t('没有符合条件的消息')}
        columns={[
          { title: t('时间'), width: 150, render: (_, x) => <span className="num">{fullTime(x.at)}</span> },
          { title: t('方式'), width: 70, render: (_, x) => (x.channel === 'sms' ? t('短信') : t('邮件')) },
          {
            title: t('发给'),
            width: 150,
            render: (_, x) => <span className="num">{x.account || x.to_masked}</span>,
          },
          {
            title: t('工单'),
            width: 140,
            render: (_, x) =>
              x.ticket ? <Link to={`/tickets/${x.ticket}`}>{ticketNumber(x.number ?? '')}</Link> : '',
          },
          { title: t('内容'), width: 420, render: (_, x) => x.text },
          {
            title: t('状态'),
            width: 110,
            render: (_, x) => (
              <span className={`tag ${x.state === 'failed' ? 'tag-strong' : ''}`} title={x.error}>
                {t(messageStates[x.state] ?? x.state)}
                {x.tries > 1 ? ` ×${x.tries}` : ''}
              </span>
            ),
          },
        ]}
      />
    </PageShell>
  );
}
