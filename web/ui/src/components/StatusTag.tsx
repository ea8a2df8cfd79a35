import { useT } from '@/i18n';
import { label, reasons, seatStates, ticketStates } from '@/labels';
import type { Status } from '@/theme/status';
import { statusOfSeat } from '@/theme/status';

/** A status colour with its word. */
export function StatusTag({ status, text, live }: { status: Status; text: string; live?: boolean }) {
  return (
    <span className={`tag st-${status}`}>
      <span className={`dot ${live ? 'live' : ''}`} />
      {text}
    </span>
  );
}

export function SeatTag({ state, reason }: { state: keyof typeof statusOfSeat; reason?: string }) {
  const t = useT();
  const r = reason && state !== 'faulty' ? label(reasons, reason) : '';
  const word = t(label(seatStates, state));
  return (
    <StatusTag
      status={statusOfSeat[state] ?? 'notready'}
      text={r && r !== word ? `${word} · ${t(r)}` : word}
      live={state === 'ringing'}
    />
  );
}

const open = new Set([
  'draft',
  'received',
  'supplement',
  'to_dispatch',
  'dispatched',
  'under_review',
  'to_follow_up',
]);

/** A ticket's state. Tickets have no status colour of seats: open ones are strong, finished ones plain. */
export function TicketStateTag({ state, text }: { state: string; text?: string }) {
  const t = useT();
  return (
    <span className={`tag ${open.has(state) ? 'tag-strong' : ''}`} data-state={state}>
      {t(text || label(ticketStates, state))}
    </span>
  );
}
