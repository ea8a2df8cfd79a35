import type { QueueItem } from '@/api/contract';

/** Which row of a queue it is: a ticket can lie in one with several requests, parts or cards. */
export function keyOf(x: QueueItem): string {
  if (x.request) return `${x.id}~r${x.request.n}`;
  if (x.supervision) return `${x.id}~s${x.supervision.n}`;
  if (x.card) return `${x.id}~c${x.card.n}`;
  if (x.leg) return `${x.id}~l${x.leg.n}`;
  return x.id;
}

/** The ticket that a row's key names. */
export const ticketOf = (key: string): string => key.split('~')[0] ?? '';

/** The request, supervision, card or part that a row's key names. */
export function partOf(key: string): { request?: number; supervision?: number; card?: number; leg?: number } {
  const m = /~([rscl])(\d+)$/.exec(key);
  const n = Number(m?.[2]);
  if (m?.[1] === 'r') return { request: n };
  if (m?.[1] === 's') return { supervision: n };
  if (m?.[1] === 'l') return { leg: n };
  return m ? { card: n } : {};
}

/** The row `by` steps on; at an end it stays. Nothing selected: the first. */
export function step(keys: string[], at: string | undefined, by: 1 | -1): string | undefined {
  const i = at ? keys.indexOf(at) : -1;
  if (i < 0) return keys[0];
  return keys[Math.min(keys.length - 1, Math.max(0, i + by))];
}

/** What to look at when a row leaves its queue: the next one, else the one before. */
export function successor(keys: string[], leaving: string | undefined): string | undefined {
  const i = leaving ? keys.indexOf(leaving) : -1;
  if (i < 0) return keys.find((k) => k !== leaving);
  return keys[i + 1] ?? keys[i - 1];
}
