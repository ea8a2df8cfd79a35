import { Button } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { SearchRow } from '@/api/contract';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { DataTable } from '@/components/DataTable';
import { shortTime, ticketNumber } from '@/components/format';
import { PageShell } from '@/components/page';
import { TicketStateTag } from '@/components/StatusTag';
import { useUrlFilters } from '@/components/useUrlFilters';
import { Light } from '@/features/tickets/actions/Light';
import { useT } from '@/i18n';
import { label, ticketTypes, urgencies } from '@/labels';
import { Exports } from './Exports';
import { FilterBar, flags, results } from './FilterBar';
import { filtersOf, marked, wordsOf } from './query';
import { SavedFilters } from './SavedFilters';
import { StatisticsPanel } from './StatisticsPanel';
import './search.css';

/** Search over every ticket one may see, with its statistics beside it. */
export default function Search() {
  const t = useT();
  const go = useNavigate();
  const session = useSession();
  const [url, set] = useUrlFilters();
  const f = filtersOf(url);
  const [total, setTotal] = useState('');
  const words = wordsOf(f);
  const some = Object.keys(f).length > 0;
  return (
    <PageShell
      title={t('工单检索')}
      extra={
        <>
          <SavedFilters filters={f} onChoose={set} />
          {may(session, P.exports) && <Exports filters={f} total={total} />}
          <Button
            type={url.stats === 'off' ? 'default' : 'primary'}
            ghost={url.stats !== 'off'}
            onClick={() => set({ stats: url.stats === 'off' ? undefined : 'off' })}
            data-act="statistics"
          >
            {t('统计')}
          </Button>
        </>
      }
    >
      <FilterBar filters={f} set={set} phone={session.roles.some((r) => !readers.has(r))} />
      <div className={url.stats === 'off' ? '' : 'search-body'}>
        <DataTable<SearchRow>
          path="/tickets/search"
          query={f}
          rowKey="id"
          onOpen={(x) => go(`/tickets/${x.id}`)}
          onTotal={setTotal}
          empty={some ? t('没有找到，可以换个词、放宽时间或去掉一些条件') : t('还没有您能看到的工单')}
          columns={[
            {
              title: t('编号'),
              width: 138,
              render: (_, x) => (
                <span className="num" data-row={x.id}>
                  {ticketNumber(x.number)}
                </span>
              ),
            },
            {
              title: t('标题与内容'),
              width: 380,
              render: (_, x) => (
                <div className="search-text">
                  <div className="ellipsis" title={x.title}>
                    {x.urgency !== 'normal' && <b>[{t(label(urgencies, x.urgency))}] </b>}
                    <Marked text={x.title} words={words} />
                  </div>
                  <div className="small muted ellipsis">
                    <Marked text={x.excerpt} words={words} />
                  </div>
                </div>
              ),
            },
            { title: t('类型'), width: 60, render: (_, x) => t(label(ticketTypes, x.type)) },
            {
              title: t('状态'),
              width: 128,
              render: (_, x) => (
                <span className="row">
                  <TicketStateTag state={x.state} text={x.state_label} />
                  {x.light && <Light light={x.light} />}
                </span>
              ),
            },
            {
              title: t('主办单位'),
              width: 150,
              ellipsis: true,
              render: (_, x) => x.unit?.name ?? '',
            },
            {
              title: t('问题分类'),
              width: 140,
              ellipsis: true,
              render: (_, x) => <span title={x.class_path.join(' / ')}>{x.class_path.at(-1) ?? ''}</span>,
            },
            {
              title: t('标记'),
              width: 130,
              render: (_, x) => (
                <span className="row wrap small">
                  {x.flags.map((flag) => (
                    <span key={flag} className="tag">
                      {t(flags[flag] ?? flag)}
                    </span>
                  ))}
                </span>
              ),
            },
            {
              title: t('结果'),
              width: 76,
              render: (_, x) => (x.result ? t(label(results, x.result)) : ''),
            },
            {
              title: t('受理时间'),
              width: 104,
              render: (_, x) => (
                <span className="num">{x.submitted_at ? shortTime(x.submitted_at) : ''}</span>
              ),
            },
          ]}
        />
        {url.stats !== 'off' && <StatisticsPanel filters={f} set={set} />}
      </div>
    </PageShell>
  );
}

/** Roles that may not look for a citizen's number. */
const readers = new Set(['city_leader', 'quality', 'knowledge', 'admin']);

function Marked({ text, words }: { text: string; words: string[] }) {
  return marked(text, words).map((p, i) => {
    const key = `${i}${p.text}`;
    return p.hit ? <mark key={key}>{p.text}</mark> : <span key={key}>{p.text}</span>;
  });
}
