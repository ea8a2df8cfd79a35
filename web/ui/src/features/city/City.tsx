import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { QueueItem, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { ticketNumber } from '@/components/format';
import { Loaded, PageShell } from '@/components/page';
import { Tiles } from '@/features/department/Leader';
import { ActionButtons, Deadline } from '@/features/tickets/actions';
import { keyOf } from '@/features/workbench/selection';
import { useQueue } from '@/features/workbench/useQueue';
import { useT } from '@/i18n';
import '@/features/department/leader.css';
import './city.css';

interface Report {
  day: string;
  sections: {
    title: string;
    figures: { label: string; value: string; was?: string; link?: string; alarm?: boolean }[];
  }[];
}

const tiles = [
  ['overdue', '已超期', 'red'],
  ['due_soon', '将超期', 'yellow'],
  ['supervisions', '督办中', 'yellow'],
] as const;

/** 分管领导: one minute — today, what is red, and a word to those who have it. */
export default function City() {
  const t = useT();
  return (
    <PageShell title={t('今日')} extra={<Link to="/reports/daily">{t('日报')}</Link>}>
      <div className="leader city" data-fits data-city>
        <Tiles names={tiles} to={(queue) => `#${queue}`} />
        <Today />
        <div className="city-columns">
          <List queue="overdue" title="已超期" empty="没有超期的工单" />
          <div className="leader-list">
            <List queue="due_soon" title="将超期" empty="没有将要超期的工单" />
            <List queue="supervisions" title="督办中" empty="没有督办件" />
          </div>
        </div>
      </div>
    </PageShell>
  );
}

/** The first figures of the day's report. */
function Today() {
  const t = useT();
  const q = useQuery({
    queryKey: ['/reports/daily', ''],
    queryFn: () => get<Report>('/reports/daily'),
    refetchInterval: 60_000,
  });
  return (
    <Loaded query={q} rows={3}>
      {(r) => (
        <div className="city-today">
          {r.sections.slice(0, 3).map((s) => (
            <section key={s.title} className="card pad">
              <h3>{t(s.title)}</h3>
              <dl className="city-figures">
                {s.figures.slice(0, 6).map((f) => (
                  <div key={f.label} data-figure={f.label}>
                    <dt className="small muted">{t(f.label)}</dt>
                    <dd className={`num ${f.alarm ? 'light-text-red' : ''}`}>
                      {f.link ? <Link to={f.link}>{f.value}</Link> : f.value}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      )}
    </Loaded>
  );
}

/** How many of a list a minute is enough for. */
const shown = 8;

function List({ queue, title, empty }: { queue: string; title: string; empty: string }) {
  const t = useT();
  const { query, rows, total, more } = useQueue(queue, {});
  return (
    <section className="card pad" id={queue} data-city-list={queue}>
      <h3>
        {t(title)} {total !== undefined && <span className="num">{more ? `${total}+` : total}</span>}
      </h3>
      <Loaded query={query} rows={4}>
        {() =>
          rows.length ? (
            <ul className="city-list">
              {rows.slice(0, shown).map((x) => (
                <Row key={keyOf(x)} x={x} />
              ))}
            </ul>
          ) : (
            <p className="muted">{t(empty)}</p>
          )
        }
      </Loaded>
    </section>
  );
}

function Row({ x }: { x: QueueItem }) {
  const t = useT();
  const unit = x.supervision?.unit.name ?? x.leg?.unit.name ?? x.unit?.name;
  return (
    <li data-row={x.id}>
      <div className="city-row-what">
        <Link to={`/tickets/${x.id}`} state={{ from: '今日' }}>
          {x.title}
        </Link>
        <span className="small muted">
          <span className="num">{ticketNumber(x.number)}</span> · {unit} ·{' '}
          {t(x.supervision?.state_label ?? x.leg?.state_label ?? x.state_label)}
          {!!x.urges && ` · ${t('催办 {{n}} 次', { n: x.urges })}`}
        </span>
        <Deadline at={x.supervision?.due_at ?? x.due_at} remains={x.remains} light={x.light} />
      </div>
      <ActionButtons
        small
        ticket={
          {
            ...x,
            allowed_actions: (x.allowed_actions ?? []).filter((a) => a.name === 'instruct'),
          } as unknown as Ticket
        }
        done={() => {}}
      />
    </li>
  );
}
