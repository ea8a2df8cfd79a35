import type { FlowStep, LegView, Reply, Ticket } from '@/api/contract';

/** What the pages read of a step's data. */
export interface StepData {
  call?: string;
  leg?: number;
  leg_from?: string;
  leg_to?: string;
  round?: number;
  unit?: string;
  units?: string[];
  due_at?: string;
  was_due_at?: string;
  request?: number;
  days?: number;
  basis?: string;
  reply?: Reply;
  visit?: Record<string, unknown>;
  contact?: { at: string; by: string; call?: string; way: string; text?: string };
  ticket?: string;
  account?: string;
  lawful_way?: string;
  missing?: string;
  proof?: string;
  card_kind?: string;
}

export const dataOf = (s: FlowStep): StepData => (s.data ?? {}) as StepData;

/** Steps that only note something: drawn small. */
const quiet = new Set([
  'view',
  'save_reply',
  'due_soon',
  'past_due',
  'take',
  'release',
  'child_replied',
  'child_left',
  'all_replied',
  'sign_overdue',
  'stage_overdue',
  'recompute',
]);

/** A line of the timeline: one step, or several savings of the same person in a row. */
export interface Line {
  step: FlowStep;
  /** Earlier savings that the line stands for, oldest first. */
  earlier: FlowStep[];
  /** What else the same act did: the parts of other units that it moved. */
  also: FlowStep[];
  quiet: boolean;
}

/** The same act of the same person: one line, whatever parts it moved. */
const sameAct = (a: FlowStep, b: FlowStep) =>
  a.event === b.event && a.actor === b.actor && a.at === b.at && a.opinion === b.opinion;

/**
 * The flow as lines: savings and views of the same person and unit in a row are one line, and so are
 * the steps of one act.
 */
export function linesOf(flow: FlowStep[]): Line[] {
  const lines: Line[] = [];
  for (const step of flow) {
    const last = lines.at(-1);
    const repeated =
      last &&
      (step.event === 'save_reply' || step.event === 'view') &&
      last.step.event === step.event &&
      last.step.actor === step.actor &&
      dataOf(last.step).leg === dataOf(step).leg;
    if (repeated) {
      last.earlier.push(last.step);
      last.step = step;
    } else if (last && !dataOf(step).reply && sameAct(last.step, step)) {
      last.also.push(step);
    } else {
      lines.push({ step, earlier: [], also: [], quiet: quiet.has(step.event) });
    }
  }
  return lines;
}

/** Which version of its leg's reply a step wrote, from 1; 0 when it wrote none. */
export function versionOf(flow: FlowStep[], step: FlowStep): number {
  if (!dataOf(step).reply) return 0;
  const leg = dataOf(step).leg;
  return flow.filter((s) => s.seq <= step.seq && dataOf(s).reply && dataOf(s).leg === leg).length;
}

export interface Compared {
  /** Whose or which text it is compared with. */
  with: 'below' | 'earlier';
  step: FlowStep;
  text: string;
}

/**
 * What a reported reply is compared with: the answer that the unit below sent last, or, where there
 * is none, the reply that the same unit reported before.
 */
export function comparedWith(flow: FlowStep[], legs: LegView[], step: FlowStep): Compared | undefined {
  const { leg, reply } = dataOf(step);
  if (!reply || leg === undefined || step.event === 'save_reply') return undefined;
  const children = new Set(legs.filter((l) => l.parent === leg).map((l) => l.n));
  const before = flow.filter((s) => s.seq < step.seq && dataOf(s).reply && s.event !== 'save_reply');
  const below = before.findLast((s) => children.has(dataOf(s).leg ?? 0));
  const earlier = before.findLast((s) => dataOf(s).leg === leg);
  const found = below ?? earlier;
  if (!found) return undefined;
  return { with: below ? 'below' : 'earlier', step: found, text: dataOf(found).reply?.answer ?? '' };
}

/** Name of the unit of a step: of its leg, else of who acted. */
export function unitOf(ticket: Pick<Ticket, 'legs'>, step: FlowStep, name: (id: string) => string): string {
  const leg = ticket.legs?.find((l) => l.n === dataOf(step).leg);
  return leg && leg.unit.id === step.unit ? leg.unit.name : step.unit ? name(step.unit) : '';
}
