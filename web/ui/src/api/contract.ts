/**
 * The shapes that travel between this page and the server: JSON of `/api/v1` and `/ws`.
 * Field names are those of the server (snake_case); times are RFC 3339 strings.
 */

export type Role = string;

export interface Session {
  account: string;
  name: string;
  role?: string;
  roles?: Role[];
  permissions: string[];
  seat: string | null;
  unit: string | null;
  demo: boolean;
  timezone: string;
  version: string;
}

export interface PublicInfo {
  demo: boolean;
  captcha_always: boolean;
  cards?: { account: string; name: string; role: string; url: string }[];
}

export interface Captcha {
  id: string;
  image_url: string;
}

export interface PhoneSecret {
  user: string;
  realm: string;
  ha1: string;
  uri: string;
  ws_path: string;
  number?: string;
}

export interface List<T> {
  items: T[];
  next_cursor?: string;
  total?: number;
  total_is_more?: boolean;
}

// ---- floor ----

export type SeatState =
  | 'signed_out'
  | 'idle'
  | 'ringing'
  | 'talking'
  | 'holding'
  | 'consult'
  | 'three_way'
  | 'wrap_up'
  | 'not_ready'
  | 'rest'
  | 'dialling'
  | 'faulty';

export interface Wish {
  state: SeatState;
  reason?: string;
}

export interface SeatView {
  seat: string;
  account?: string;
  name?: string;
  group?: string;
  device?: 'browser' | 'phone' | '';
  state: SeatState;
  reason?: string;
  since: string;
  wish?: Wish | null;
  registered: boolean;
  auto_answer: boolean;
  call?: string;
  queue?: string;
  call_since?: string;
  caller_masked?: string;
  wrap_up_ends?: string;
}

export type CallStage =
  | 'incoming'
  | 'menu'
  | 'queue'
  | 'ringing'
  | 'talk'
  | 'hold'
  | 'consult'
  | 'three_way'
  | 'rating'
  | 'voicemail'
  | 'callback'
  | 'dialling'
  | 'transfer'
  | 'ended';

export interface MenuStep {
  node: string;
  label?: string;
  input?: string;
}

export interface PartyView {
  id: string;
  kind: 'seat' | 'number' | 'emergency';
  label: string;
  state: 'dialling' | 'consulting' | 'joined' | 'failed';
  cause?: string;
}

export interface CallEnd {
  side: string;
  stage: string;
  cause: string;
  detail?: string;
  at?: string;
}

export type CallNote =
  | 'ticket'
  | 'urge'
  | 'progress'
  | 'answered'
  | 'silent'
  | 'harassment'
  | 'misdialled'
  | 'transferred'
  | 'dropped';

export interface CallView {
  id: string;
  direction: 'inbound' | 'outbound';
  stage: CallStage;
  caller?: string;
  caller_masked?: string;
  called: string;
  line?: string;
  queue?: string;
  language?: string;
  path: MenuStep[] | null;
  started_at: string;
  entered_at?: string;
  answered_at?: string;
  held_since?: string;
  waited_s: number;
  seat?: string;
  parties?: PartyView[];
  ticket?: string;
  callback?: string;
  rating?: number;
  note?: CallNote | '';
  end?: CallEnd | null;
}

export interface HistoryTicket {
  id: string;
  number?: string;
  title: string;
  type: TicketType;
  state: TicketState;
  unit?: string;
  created_at: string;
  due?: string;
  open: boolean;
}

export interface HistoryCall {
  id: string;
  at: string;
  queue?: string;
  agent?: string;
  talk_s: number;
  note?: CallNote | '';
  recorded: boolean;
}

export interface History {
  name?: string;
  gender?: string;
  kind?: string;
  tags?: string[] | null;
  regular: boolean;
  province?: string;
  city?: string;
  carrier?: string;
  repeats: number;
  blacklisted: boolean;
  open_tickets: number;
  tickets: HistoryTicket[] | null;
  calls: HistoryCall[] | null;
}

export interface Pop {
  call: CallView;
  history: History;
  complete: boolean;
}

export interface WaitingView {
  call: string;
  caller_masked: string;
  entered_at: string;
  priority: number;
  language?: string;
  why: string;
}

export interface QueueView {
  queue: string;
  name: string;
  waiting: number;
  longest_s: number;
  seats_ready: number;
  seats_signed_in: number;
  talking: number;
  offered: number;
  answered: number;
  answered_in_target: number;
  abandoned: number;
  abandoned_in_target: number;
  target_s: number;
  service_level: number;
  waiters?: WaitingView[] | null;
}

export interface Alarm {
  code: string;
  detail: string;
  on: boolean;
}

export interface SeatPick {
  seat: string;
  name: string;
  state: SeatState;
  skills?: Record<string, number> | string[];
}

export interface Contact {
  label: string;
  number: string;
  number_masked?: string;
  kind: string;
}

// ---- calls ----

export interface RecordingRef {
  id: string;
  call: string;
  kind: 'call' | 'voicemail';
  status: 'pending' | 'sealed' | 'failed';
  duration_s: number;
  channels: number;
  flaws?: string[] | null;
  audio_url: string;
  peaks_url: string;
}

export interface Peaks {
  left: number[];
  right: number[];
  duration_s: number;
}

export interface CallSeat {
  seat: string;
  account: string;
  name?: string;
  offered_at?: string;
  answered_at?: string;
  left_at?: string;
  talk_s?: number;
  hold_s?: number;
  why?: string;
}

export interface CallRecord {
  id: string;
  direction: 'inbound' | 'outbound';
  caller_masked?: string;
  caller?: string;
  called: string;
  line?: string;
  started_at: string;
  path?: MenuStep[] | null;
  queue?: string;
  queue_name?: string;
  entered_at?: string;
  waits?: { queue?: string; entered_at?: string; waited_s?: number }[] | null;
  seats?: CallSeat[] | null;
  answered_at?: string;
  ended_at?: string;
  end?: CallEnd | null;
  rating?: number | null;
  note?: { note: CallNote | ''; text?: string } | null;
  recordings?: RecordingRef[] | null;
  tickets?: { id: string; number?: string | null; title: string; state: TicketState }[] | null;
  timeline?: ({ at: string; type: string } & Record<string, unknown>)[] | null;
}

// ---- tickets ----

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
  from?: string;
  to?: string;
  opinion?: string;
  data?: Record<string, unknown> | null;
}

export interface AllowedAction {
  name: string;
  label?: string;
  primary?: boolean;
  needs?: string[] | null;
}

export interface TicketCaller {
  name?: string;
  gender?: string;
  kind?: 'person' | 'enterprise' | '';
  company?: string;
  phone_masked?: string;
  phone?: string;
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
}

export interface Ticket {
  id: string;
  number: string | null;
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
  unit?: string;
  due_at?: string;
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
}

export interface TicketClass {
  id: string;
  name: string;
  path: string[];
  initials?: string;
  children?: TicketClass[] | null;
}

export interface Area {
  code: string;
  name: string;
  children?: Area[] | null;
}

export interface SimilarTicket {
  id: string;
  number?: string | null;
  title: string;
  state: TicketState;
  created_at: string;
  why?: string;
}

export interface Callback {
  id: string;
  kind: 'voicemail' | 'callback' | 'missed';
  caller_masked: string;
  queue?: string;
  entered_at: string;
  state: 'waiting' | 'taken' | 'done';
  taken_by?: string;
  taken_at?: string;
  attempts?: { at: string; call: string; outcome: string }[] | null;
  recording?: RecordingRef | null;
  call?: string;
  ticket?: string | null;
  done_at?: string;
  result?: string;
}

// ---- administration ----

export interface AdminAccount {
  id?: string;
  account: string;
  name: string;
  roles: string[];
  seat?: string | null;
  unit?: string | null;
  enabled: boolean;
  locked?: boolean;
  last_sign_in_at?: string;
}

export interface AdminRole {
  name: string;
  label: string;
  permissions: string[];
}

export interface AdminSeat {
  seat: string;
  account?: string | null;
  name?: string;
  group?: string;
  auto_answer?: boolean;
  wrap_up_s?: number;
  skills?: Record<string, number>;
  queues?: string[];
}

export interface AdminSkill {
  id: string;
  name: string;
  kind?: string;
}

export interface AdminQueue {
  id: string;
  name: string;
  target_s?: number;
  max_length?: number;
  max_wait_s?: number;
  strategy?: string;
  skills?: Record<string, number>;
  [key: string]: unknown;
}

export interface AdminLine {
  called: string;
  label: string;
  menu: string;
  queue: string;
}

export interface MenuNode {
  id: string;
  kind: string;
  label?: string;
}

export interface MenuEdge {
  from: string;
  to: string;
  on?: string;
}

export interface MenuGraph {
  name: string;
  version?: string;
  file?: string;
  nodes: MenuNode[];
  edges: MenuEdge[];
  faults?: { file?: string; line?: number; fault: string }[] | null;
}

export interface Prompt {
  id: string;
  text: string;
  lang: string;
  kind: 'synth' | 'recorded';
  audio_url: string;
}

export interface AuditEntry {
  id?: string | number;
  at: string;
  account: string;
  name?: string;
  action: string;
  object?: string;
  detail?: string | Record<string, unknown>;
  address?: string;
}

// ---- demo ----

export interface DemoCitizen {
  id: string;
  name: string;
  number: string;
  note?: string;
}

export interface Demo {
  traffic_per_minute: number;
  clock_offset_days: number;
  citizens: DemoCitizen[];
}
