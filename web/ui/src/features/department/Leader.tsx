import { useQuery } from '@tanstack/react-query';
import { Progress, Tooltip } from 'antd';
import { Link, useNavigate } from 'react-router';
import type { AllowedAction, QueueItem, Ticket, UnitRates } from '@/api/contract';
import { get } from '@/api/http';
import { useSession } from '@/app/session';
import { dayOf, ticketNumber } from '@/components/format';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { ActionButtons, Deadline } from '@/features/tickets/actions';
import { Long } from '@/features/tickets/page/Said';
import { keyOf } from '@/features/workbench/selection';
import { useQueue, useQueueCounts } from '@/features/workbench/useQueue';
import { useT } from '@/i18n';
import { label, ticketTypes } from '@/labels';
import { Deputies } from './Deputies';
import './department.css';
import './leader.css';

/** What the leader of a unit looks at first, each leading to its list. */
const tiles = [
  ['unit_approve', '待我审批', 'yellow'],
  ['due_soon', '将超期', 'yellow'],
  ['overdue', '已超期', 'red'],
  ['unit_cards', '黄红牌', 'red'],
] as const;

/** The page of a unit's leader: what waits for him, what is late, how the month goes. */
export default function Leader() {
  const t = useT();
  const { unit } = useSession();
  return (
    <PageShell title={t('{{unit}} · 领导审批', { unit: unit?.name ?? '' })}>
      <div className="leader" data-fits data-leader>
        <Tiles names={tiles} to={(queue) => `/dept?queue=${queue}`} />
        <div className="leader-columns">
          <Approvals />
          <aside className="leader-side">
            <Late />
            <Rates />
            <Deputies />
          </aside>
        </div>
      </div>
    </PageShell>
  );
}

/** Counts of queues in large figures. */
export function Tiles({
  names,
  to,
}: {
  names: readonly (readonly [string, string, string])[];
  to: (queue: string) => string;
}) {
  const t = useT();
  const counts = useQueueCounts();
  return (
    <div className="tiles">
      {names.map(([queue, text, colour]) => {
        const n = counts?.get(queue)?.count;
        return (
          <Link
            key={queue}
            to={to(queue)}
            className={`card tile ${n ? `tile-${colour}` : ''}`}
            data-tile={queue}
          >
            <span className="muted">{t(text)}</span>
            <b className="num">{n ?? '–'}</b>
          </Link>
        );
      })}
    </div>
  );
}

/** Replies that wait for the leader: read and decided in the list. */
function Approvals() {
  const t = useT();
  const { query, rows } = useQueue('unit_approve', {});
  return (
    <section className="leader-list" data-approvals={rows.length}>
      <h2>{t('待我审批')}</h2>
      <Loaded query={query} rows={8}>
        {() =>
          rows.length ? (
            rows.map((x) => <Approval key={keyOf(x)} x={x} />)
          ) : (
            <div className="card pad">
              <Nothing text={t('没有等您审批的答复')} />
            </div>
          )
        }
      </Loaded>
    </section>
  );
}

function Approval({ x }: { x: QueueItem }) {
  const t = useT();
  const draft = x.leg?.draft ?? x.leg?.reply;
  return (
    <article className="card approval" data-approval={x.id}>
      <header>
        <Link to={`/tickets/${x.id}`} state={{ from: '领导审批' }}>
          {x.title}
        </Link>
        <span className="small muted num">
          {ticketNumber(x.number)} · {t(label(ticketTypes, x.type))} · {x.class_path?.at(-1)}
        </span>
        <Deadline at={x.due_at ?? x.leg?.due_at} remains={x.remains} light={x.light} />
      </header>
      {draft && (
        <>
          <div className="approval-answer">
            <Long text={draft.answer} />
          </div>
          <div className="small muted">
            {[t('承办人'), draft.person, draft.phone].filter(Boolean).join(' ')}
            {draft.basis && ` · ${draft.basis}`}
          </div>
        </>
      )}
      <footer>
        <ActionButtons ticket={asTicket(x)} done={noop} />
      </footer>
    </article>
  );
}

const asTicket = (x: QueueItem) => x as unknown as Ticket;
const noop = (_: Ticket, __: AllowedAction) => {};

/** The most urgent of what is late or will be soon. */
function Late() {
  const t = useT();
  const go = useNavigate();
  const late = useQueue('overdue', {});
  const soon = useQueue('due_soon', {});
  const rows = [...late.rows, ...soon.rows].slice(0, 8);
  return (
    <section className="card pad" data-late={rows.length}>
      <h3>{t('已超期与将超期')}</h3>
      {rows.length === 0 && <span className="muted">{t('没有超期或将要超期的工单')}</span>}
      <ul className="late">
        {rows.map((x) => (
          <li key={keyOf(x)}>
            <button
              type="button"
              onClick={() => void go(`/tickets/${x.id}`, { state: { from: '领导审批' } })}
              data-row={x.id}
            >
              <span className="ellipsis">{x.title}</span>
              <span className="small muted ellipsis">
                {x.leg?.unit.name ?? x.unit?.name} · {t(x.leg?.state_label ?? x.state_label)}
              </span>
              <Deadline at={x.due_at} remains={x.remains} light={x.light} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Rates where a small share is the good one. */
const lower = new Set(['returned', 'extended', 'reworked']);

/** The unit's rates of this month, each with its formula. */
function Rates() {
  const t = useT();
  const q = useQuery({
    queryKey: ['/department/rates'],
    queryFn: () => get<UnitRates>('/department/rates'),
    refetchInterval: 60_000,
  });
  return (
    <section className="card pad" data-rates>
      <h3>{t('本月')}</h3>
      <Loaded query={q} rows={5}>
        {(r) => (
          <>
            <p className="muted small num">
              {t('{{from}} 起承办 {{n}} 件', { from: dayOf(r.from), n: r.received })}
            </p>
            <ul className="rates">
              {r.rates.map((x) => (
                <li key={x.code} data-rate={x.code}>
                  <Tooltip title={t(x.formula)}>
                    <span>{t(x.label)}</span>
                  </Tooltip>
                  {x.of > 0 ? (
                    <>
                      <Progress
                        percent={x.percent}
                        size="small"
                        showInfo={false}
                        strokeColor={lower.has(x.code) ? 'var(--st-notready)' : 'var(--primary)'}
                        aria-label={t(x.label)}
                      />
                      <b className="num">{x.percent.toFixed(1)}%</b>
                      <span className="muted small num">
                        {x.count}/{x.of}
                      </span>
                    </>
                  ) : (
                    <span className="muted small rates-none">{t('本月还没有')}</span>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}
