import type { CardView, LegView, Light, RequestView, SupervisionView } from './life';
import type { UnitRef } from './session';
import type { AllowedAction, TicketCaller, TicketState, TicketType, Urgency } from './tickets';

/** A row of a queue of the desk: a ticket, and the part of it that lies there. */
export interface QueueItem {
  id: string;
  number: string;
  version: number;
  title: string;
  type: TicketType | '';
  urgency: Urgency;
  source: string;
  class_path: string[] | null;
  place: string;
  state: TicketState;
  state_label: string;
  round: number;
  secret: boolean;
  hard?: boolean;
  urges?: number;
  returns?: number;
  supervised?: boolean;
  submitted_at?: string;
  /** When it came into the queue. */
  at: string;
  /** Who sent it. */
  from?: string;
  owner?: string;
  owner_name?: string;
  /** Of what lies in the queue. */
  due_at?: string;
  light?: Light;
  remains?: string;
  unit?: UnitRef | null;
  leg?: LegView | null;
  /** The leg below with the nearest deadline. */
  below?: LegView | null;
  request?: RequestView | null;
  supervision?: SupervisionView | null;
  card?: CardView | null;
  allowed_actions: AllowedAction[] | null;
}

/** What became of one ticket of a batch. */
export interface BatchResult {
  id: string;
  number: string;
  done: boolean;
  code?: string;
  detail?: string;
}

/** A citizen to be followed up. */
export interface FollowUpCitizen {
  /** Id of the merged ticket; absent: the ticket's own citizen. */
  for?: string;
  number: string;
  caller: TicketCaller;
  /** Wants to be followed up and can be reached. */
  wanted: boolean;
  /** Reached in this round. */
  done: boolean;
  /** Half-days on which a try was made in vain. */
  half_days: string[];
  /** The next half-day not tried yet, in allowed hours. */
  next_at?: string;
  link_until?: string;
  by_sms: boolean;
}

/** Whom to call when, and what to read out. */
export interface FollowUpPlan {
  ticket: string;
  reply: string;
  unit?: UnitRef | null;
  round: number;
  reworks_left: number;
  allowed_now: boolean;
  tries: number;
  citizens: FollowUpCitizen[];
}
