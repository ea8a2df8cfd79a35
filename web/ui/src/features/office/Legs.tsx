import type { LegView, Ticket } from '@/api/contract';
import { Deadline } from '@/features/tickets/actions/Light';
import { useT } from '@/i18n';
import { label, legRoles } from '@/labels';

/** Where each unit is with its part: state, dates, light; units below are set in. */
export function Legs({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const legs = ordered(ticket.legs ?? []);
  if (legs.length === 0) return null;
  return (
    <section className="card pad" data-panel="legs">
      <h3>{t('承办单位')}</h3>
      {legs.map((l) => (
        <div key={l.n} className="leg-line" style={{ paddingLeft: (l.level - 1) * 20 }} data-leg={l.n}>
          <span className={`tag ${l.role === 'lead' ? 'tag-strong' : ''}`}>{t(label(legRoles, l.role))}</span>
          <b>{l.unit.name}</b>
          <span className="muted small">{t(l.state_label)}</span>
          {l.suspended && <span className="tag">{t('挂起')}</span>}
          {l.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: l.round })}</span>}
          {l.no_return && <span className="tag">{t('不得退单')}</span>}
          {l.late && <span className="tag">{t('超期上报')}</span>}
          <span className="grow" />
          {l.due_at && <Deadline at={l.due_at} remains={l.remains} light={l.light} />}
        </div>
      ))}
    </section>
  );
}

/** Each leg followed by those below it. */
function ordered(legs: LegView[]): LegView[] {
  const below = (n: number): LegView[] =>
    legs.filter((l) => (l.parent ?? 0) === n).flatMap((l) => [l, ...below(l.n)]);
  return below(0);
}
