import type { TicketCall } from '@/api/contract';
import { useT } from '@/i18n';
import { endCauses, endSides, label } from '@/labels';

/** Why a call came to no talk: 市民 · 无人接听. */
export function Outcome({ end }: { end: NonNullable<TicketCall['end']> }) {
  const t = useT();
  return (
    <span className="muted" data-cause={end.cause}>
      {t(label(endSides, end.side))} · {t(label(endCauses, end.cause))}
    </span>
  );
}
