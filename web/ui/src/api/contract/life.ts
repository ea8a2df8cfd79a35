import type { UnitRef } from './session';

/** What belongs to a ticket after its submission: the units' parts, requests, supervision, visits. */

export type Light = 'green' | 'yellow' | 'red' | '';

export interface LegContact {
  at: string;
  by: string;
  call?: string;
  way: string;
  text?: string;
}

export interface Interim {
  at: string;
  by: string;
  text: string;
}

/** A unit's reply form. Answer is public, handling internal. */
export interface Reply {
  answer: string;
  handling?: string;
  person?: string;
  phone?: string;
  basis?: string;
  /** 0 no, 1 yes, 2 takes no position. */
  solved?: string;
  unsolved?: string;
  no_contact?: string;
  files?: string[] | null;
  by?: string;
  at?: string;
}

export interface LegView {
  n: number;
  round: number;
  role: 'lead' | 'assist' | string;
  unit: UnitRef;
  parent?: number;
  level: number;
  state: string;
  state_label: string;
  opinion?: string;
  sent_by?: string;
  sent_at?: string;
  first_viewed_at?: string;
  signed_at?: string;
  clerk_name?: string;
  sign_due_at?: string;
  return_due_at?: string;
  due_at?: string;
  light?: Light;
  remains?: string;
  suspended?: boolean;
  no_return?: boolean;
  contacts?: LegContact[] | null;
  interim?: Interim[] | null;
  draft?: Reply | null;
  reply?: Reply | null;
  replied_at?: string;
  late?: boolean;
  mine?: boolean;
}

export interface RequestView {
  n: number;
  kind: string;
  kind_label: string;
  state: string;
  state_label: string;
  leg?: number;
  reason: string;
  basis?: string;
  unit?: UnitRef | null;
  days?: number;
  until?: string;
  plan?: string;
  asked_by: string;
  asked_unit?: UnitRef | null;
  asked_at: string;
  in_time: boolean;
  decide_due_at?: string;
  decided_by?: string;
  decided_at?: string;
  opinion?: string;
}

export interface SupervisionView {
  n: number;
  kind: string;
  kind_label: string;
  state: string;
  state_label: string;
  unit: UnitRef;
  reason: string;
  demand: string;
  due_at?: string;
  filed_by: string;
  filed_at: string;
  issued_at?: string;
  reply?: string;
  reply_at?: string;
  opinion?: string;
  closed_at?: string;
}

export interface CardView {
  n: number;
  kind: 'yellow' | 'red' | string;
  kind_label: string;
  unit: UnitRef;
  reason: string;
  issued_at: string;
  revoked_at?: string;
  revoked?: string;
}

export interface TriageHit {
  rule: string;
  name: string;
  why: string;
}

export interface Routing {
  rules?: TriageHit[] | null;
  place?: number;
  duty?: boolean;
  overruled?: string;
}

export interface FileView {
  id: string;
  name: string;
  type: string;
  size: number;
  leg?: number;
  by: string;
  at: string;
  public: boolean;
}

/** How much lies in a queue of the desk. */
export interface QueueCount {
  queue: string;
  label: string;
  count: number;
  mine: number;
  unread: number;
  yellow: number;
  red: number;
}

/** A try to follow up. Five levels: 1 非常满意 … 5 非常不满意; 0 not asked or not answered. */
export interface VisitView {
  n: number;
  round: number;
  for?: string;
  at: string;
  by: string;
  by_name: string;
  channel: string;
  call?: string;
  reached: boolean;
  failure?: string;
  contacted: boolean;
  solved?: string;
  result?: number;
  unit?: number;
  agent?: number;
  text?: string;
}
