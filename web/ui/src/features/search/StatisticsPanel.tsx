import { useQuery } from '@tanstack/react-query';
import type { Statistics, Tally } from '@/api/contract';
import { get } from '@/api/http';
import { percent } from '@/components/format';
import { Loaded } from '@/components/page';
import { useT } from '@/i18n';
import type { Filters } from './query';

type Set = (changes: Record<string, string | undefined>) => void;

/** What the search found, summed up; every figure narrows the list to what it counts. */
export function StatisticsPanel({ filters, set }: { filters: Filters; set: Set }) {
  const t = useT();
  const sums = useQuery({
    queryKey: ['/tickets/search', 'statistics', filters],
    queryFn: ({ signal }) => get<Statistics>('/tickets/search/statistics', filters, signal),
    placeholderData: (old) => old,
  });
  const day = (code: string) => {
    const from = new Date(`${code}T00:00:00`);
    const to = new Date(from);
    to.setDate(to.getDate() + 1);
    return { submitted_from: from.toISOString(), submitted_to: to.toISOString() };
  };
  return (
    <aside className="card search-sums" aria-label={t('统计')} data-panel="statistics">
      <Loaded query={sums} rows={8}>
        {(s) => (
          <>
            <div className="search-rates">
              <Rate text={t('件数')} value={s.cut ? t('最近 {{n}} 件', { n: s.total }) : String(s.total)} />
              <Rate
                text={t('按期答复')}
                value={s.replied ? percent(s.in_time / s.replied) : '—'}
                note={`${s.in_time}/${s.replied}`}
              />
              <Rate
                text={t('满意率')}
                value={s.visited ? percent(s.satisfied / s.visited) : '—'}
                note={`${s.satisfied}/${s.visited}`}
              />
            </div>
            <Bars title={t('按状态')} list={s.by_state} word={t} onChoose={(c) => set({ state: c })} />
            <Bars title={t('按类型')} list={s.by_type} word={t} onChoose={(c) => set({ type: c })} />
            <Bars title={t('按问题分类')} list={s.by_class} onChoose={(c) => set({ class: c })} />
            <Bars title={t('按主办单位')} list={s.by_unit} onChoose={(c) => set({ unit: c })} />
            <Bars title={t('按受理日')} list={s.by_day} onChoose={(c) => set(day(c))} />
          </>
        )}
      </Loaded>
    </aside>
  );
}

function Rate({ text, value, note }: { text: string; value: string; note?: string }) {
  return (
    <div>
      <div className="small muted">{text}</div>
      <b className="num">{value}</b>
      {note && <div className="small muted num">{note}</div>}
    </div>
  );
}

function Bars(p: {
  title: string;
  list: Tally[];
  word?: (text: string) => string;
  onChoose: (code: string) => void;
}) {
  const most = Math.max(1, ...p.list.map((x) => x.count));
  if (!p.list.length) return null;
  return (
    <section>
      <h4>{p.title}</h4>
      {p.list.map((x) => (
        <button key={x.code} type="button" className="search-bar" onClick={() => p.onChoose(x.code)}>
          <span className="ellipsis" title={x.label}>
            {p.word ? p.word(x.label) : x.label}
          </span>
          <span className="search-bar-line">
            <span style={{ width: `${(x.count / most) * 100}%` }} />
          </span>
          <span className="num">{x.count}</span>
        </button>
      ))}
    </section>
  );
}
