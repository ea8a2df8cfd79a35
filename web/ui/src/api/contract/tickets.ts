import type { RecordingRef } from './calls';
import type {
  CardView,
  FileView,
  LegView,
  Light,
  RequestView,
  Routing,
  SupervisionView,
  VisitView,
} from './life';
import type { UnitRef } from './session';

export type TicketType = 'consult' | 'help' | 'complaint' | 'report' | 'suggestion' | 'praise' | 'other';
export type Urgency = 'normal' | 'urgent' | 'critical';
export type TicketState = string;

export interface FlowStep {
  seq: number;
  at: string;
  actor: string;
  actor_name?: string;
  unit?: string;
  event: string;
  event_label?: string;
  from?: string;
  to?: string;
  to_label?: string;
  opinion?: string;
  data?: Record<string, unknown> | null;
}

export interface AllowedAction {
  name: string;
  label?: string;
  primary?: boolean;
  needs?: string[] | null;
  leg?: number;
  request?: number;
  supervision?: number;
  card?: number;
  /** Ask first: it can't be undone. */
  confirm?: boolean;
}

export interface TicketCaller {
  name?: string;
  gender?: string;
  kind?: 'person' | 'enterprise' | '';
  company?: string;
  phone_masked?: string;
  phone?: string;
  number_masked?: string;
  number?: string;
  hidden?: boolean;
  contact_same_as_caller?: boolean;
  email?: string;
}

export interface Elements {
  name: boolean;
  time: boolean;
  address: boolean;
  cause: boolean;
  course: boolean;
}

export interface TicketCall {
  id: string;
  role: 'complaint' | 'urge' | 'supplement' | 'progress' | 'follow_up' | 'click_to_call' | string;
  at: string;
  agent?: string;
  talk_s?: number;
  /** Left out while it goes on. */
  end?: { side: string; stage: string; cause: string; detail?: string; at: string };
  recordings?: RecordingRef[] | null;
}

export interface Ticket {
  id: string;
  number?: string | null;
  state: TicketState;
  state_label?: string;
  version: number;
  type: TicketType | '';
  title: string;
  content: string;
  answer?: string;
  urgency: Urgency;
  source: string;
  external_ref?: { system?: string; no?: string } | null;
  secret: boolean;
  caller: TicketCaller;
  place?: { area?: string[] | null; address?: string } | null;
  class_id?: string | null;
  class_path?: string[] | null;
  subject?: { name?: string; phone?: string } | null;
  need_reply?: boolean;
  need_follow_up?: boolean;
  tags?: string[] | null;
  elements?: Elements | null;
  unit?: UnitRef | null;
  due_at?: string;
  happened_at?: string;
  editable?: boolean;
  missing?: string;
  master?: string;
  refers_to?: string;
  writer_name?: string;
  owner_account?: string;
  owner_name?: string;
  calls?: TicketCall[] | null;
  query_code?: string;
  urges?: number;
  created_at: string;
  updated_at?: string;
  submitted_at?: string;
  closed_at?: string;
  result?: string;
  allowed_actions?: AllowedAction[] | null;
  flow?: FlowStep[] | null;

  round?: number;
  stage_due_at?: string;
  light?: Light;
  remains?: string;
  /** One line: where it is and who must act. */
  now?: string;
  legs?: LegView[] | null;
  requests?: RequestView[] | null;
  supervisions?: SupervisionView[] | null;
  cards?: CardView[] | null;
  visits?: VisitView[] | null;
  requesters?: Requester[] | null;
  files?: FileView[] | null;
  public_reply?: string;
  hard?: boolean;
  unreasonable?: boolean;
  returns?: number;
  extensions?: number;
  reworks?: number;
  routing?: Routing;
  notice?: string;
}

/** A citizen whose ticket was merged into the one shown; followed up by himself. */
export interface Requester {
  id: string;
  number: string;
  caller: TicketCaller;
  at: string;
  followed: boolean;
}

export interface TicketClass {
  id: string;
  name: string;
  path: string[];
  parent?: string;
  initials?: string;
  leaf?: boolean;
  disabled?: boolean;
}

export interface Area {
  code: string;
  parent?: string;
  name: string;
}

export interface Callback {
  id: string;
  kind: 'voicemail' | 'callback' | 'missed';
  caller_masked: string;
  queue?: string;
  entered_at: string;
  state: 'waiting' | 'taken' | 'done';
  queue_name?: string;
  taken_by?: string;
  taken_by_name?: string;
  taken_at?: string;
  attempts?: { at: string; call: string; outcome: string }[] | null;
  recording?: RecordingRef | null;
  call?: string;
  ticket?: string | null;
  done_at?: string;
  done_by?: string;
  result?: string;
  text?: string;
  ticket_number?: string;
  /** The asker may dial it now. */
  dialable?: boolean;
}
