import type { Ticket, VisitView } from '@/api/contract';

/** The questions of a follow-up in the order they are asked. */
export const questions = ['contacted', 'solved', 'result', 'unit', 'agent'] as const;
export type Question = (typeof questions)[number];

/** Answers so far. Levels: 1 非常满意 … 5 非常不满意, 0 拒评. Solved: 0 no, 1 yes, 2 takes no position. */
export interface Answers {
  contacted?: boolean;
  solved?: '0' | '1' | '2';
  result?: number;
  unit?: number;
  agent?: number;
}

/** The answer that a digit gives to a question; undefined: none. */
export function answerBy(q: Question, digit: number): Answers | undefined {
  if (q === 'contacted') {
    if (digit === 1) return { contacted: true };
    return digit === 2 ? { contacted: false } : undefined;
  }
  if (q === 'solved') {
    return digit <= 2 ? { solved: String(digit) as '0' | '1' | '2' } : undefined;
  }
  return digit <= 5 ? { [q]: digit } : undefined;
}

/** The first question without an answer; undefined: all are answered. */
export const openQuestion = (a: Answers): Question | undefined => questions.find((q) => a[q] === undefined);

/** The question after this one that has no answer yet, else the first such. */
export function nextQuestion(a: Answers, after: Question): Question | undefined {
  const rest = questions.slice(questions.indexOf(after) + 1);
  return rest.find((q) => a[q] === undefined) ?? openQuestion(a);
}

/** Do the answers ask for another round? Not solved, or not satisfied with the result. */
export const isDissatisfied = (a: Answers): boolean => a.solved === '0' || (a.result ?? 0) >= 4;

/** A citizen to be followed up: the ticket's own, or one whose ticket was merged into it. */
export interface Person {
  /** Id of the merged ticket; empty: the ticket's own citizen. */
  for: string;
  number: string;
  name: string;
  phone: string;
  done: boolean;
}

const named = (c: Ticket['caller']) => ({
  name: [c.name, c.company].filter(Boolean).join(' '),
  phone: c.phone || c.phone_masked || c.number_masked || '',
});

/** Every citizen of the ticket in turn; who was reached in this round is done. */
export function peopleOf(ticket: Ticket): Person[] {
  const round = ticket.round ?? 1;
  const reached = (id: string) =>
    (ticket.visits ?? []).some((v) => v.round === round && v.reached && (v.for ?? '') === id);
  return [
    { for: '', number: ticket.number ?? '', ...named(ticket.caller), done: reached('') },
    ...(ticket.requesters ?? []).map((r) => ({
      for: r.id,
      number: r.number,
      ...named(r.caller),
      done: r.followed || reached(r.id),
    })),
  ];
}

/** Tries of this round that did not reach the person, oldest first. */
export const missesOf = (ticket: Ticket, person: string): VisitView[] =>
  (ticket.visits ?? []).filter(
    (v) => v.round === (ticket.round ?? 1) && !v.reached && (v.for ?? '') === person,
  );

/** When one may call: minutes after midnight, in the zone of the hotline. */
export interface Hours {
  from: number;
  to: number;
}

const noon = 12 * 60;

/** Day and minute of an instant on the clock of a zone. */
export function wallClock(at: Date, zone: string): { day: string; minute: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

export interface HalfDay {
  day: string;
  half: 'am' | 'pm';
}

export const isSame = (a: HalfDay, b: HalfDay) => a.day === b.day && a.half === b.half;

/** The half-day of an instant. */
export function halfDayOf(at: Date, zone: string): HalfDay {
  const { day, minute } = wallClock(at, zone);
  return { day, half: minute < noon ? 'am' : 'pm' };
}

const dayAfter = (day: string) =>
  new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/**
 * The half-day of the next try: the present one while calls are allowed and it was not tried yet, else
 * the first one after it. `now` tells that it is the present one.
 */
export function nextTry(misses: Date[], now: Date, hours: Hours, zone: string): HalfDay & { now: boolean } {
  const tried = misses.map((at) => halfDayOf(at, zone));
  const here = halfDayOf(now, zone);
  const { minute } = wallClock(now, zone);
  const open = (h: HalfDay) => {
    const [from, to] =
      h.half === 'am' ? [hours.from, Math.min(hours.to, noon)] : [Math.max(hours.from, noon), hours.to];
    if (from >= to || tried.some((x) => isSame(x, h))) return false;
    return h.day !== here.day || minute < to;
  };
  let h = here;
  for (let i = 0; i < 14 && !open(h); i++) {
    h = h.half === 'am' ? { day: h.day, half: 'pm' } : { day: dayAfter(h.day), half: 'am' };
  }
  const allowed = minute >= hours.from && minute < hours.to;
  return { ...h, now: isSame(h, here) && allowed };
}

/** Tries on different half-days: only those count. */
export const countedTries = (misses: Date[], zone: string): number =>
  new Set(misses.map((at) => Object.values(halfDayOf(at, zone)).join())).size;
