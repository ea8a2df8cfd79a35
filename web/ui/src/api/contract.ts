/**
 * The shapes that travel between this page and the server: JSON of `/api/v1` and `/ws`.
 * Field names are those of the server (snake_case); times are RFC 3339 strings.
 */

export type Role = string;

export interface UnitRef {
  id: string;
  name: string;
}

export interface Session {
  account: string;
  name: string;
  roles: Role[];
  permissions: string[];
  seat?: string;
  unit?: UnitRef | null;
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
  audio_url?: string;
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
  group?: string;
  since?: string;
}

export interface Contact {
  id?: string;
  label: string;
  number: string;
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
  /** Absent: the asker may not play it. */
  audio_url?: string;
  peaks_url?: string;
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

export interface TimelineEntry {
  at: string;
  type: string;
  seat?: string;
  label?: string;
  queue?: string;
  input?: string;
  why?: string;
  score?: number;
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
  waits?: { queue: string; entered_at: string; queued_at: string; left_at?: string; why?: string }[] | null;
  waited_s?: number;
  lost?: boolean;
  language?: string;
  purpose?: string;
  seats?: CallSeat[] | null;
  answered_at?: string;
  ended_at?: string;
  end?: CallEnd | null;
  rating?: number | null;
  note?: { note: CallNote | ''; text?: string } | null;
  recordings?: RecordingRef[] | null;
  tickets?: { id: string; number?: string | null; title: string; state: TicketState }[] | null;
  timeline?: TimelineEntry[] | null;
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

// ---- administration ----

export interface AdminAccount {
  account: string;
  name: string;
  unit?: string;
  roles: string[];
  seat?: string;
  disabled: boolean;
  locked: boolean;
  locked_until?: string;
  mobile_masked?: string;
  last_sign_in?: string;
}

export interface AdminRole {
  code: string;
  label: string;
  permissions: Record<string, string>;
}

export interface Unit {
  id: string;
  parent?: string;
  name: string;
}

export interface AdminSeat {
  id: string;
  account?: string;
  group: string;
  skills: Record<string, number>;
  queues: string[];
  auto_answer: boolean;
  wrap_up_s: number;
  disabled: boolean;
}

export interface AdminSkill {
  id: string;
  name: string;
  kind: string;
}

export interface AdminQueue {
  id: string;
  name: string;
  skills: Record<string, number>;
  any_of?: Record<string, number>;
  target_s: number;
  priority: number;
  strategy: string;
  relax: { after_s: number; skill: string; level: number }[];
  overflow: { after_s?: number; length?: number; to: string }[];
  max_length: number;
  max_wait_s: number;
  ceiling_s: number;
  schedule: string;
  announce_every_s: number;
  disabled: boolean;
}

export interface AdminLine {
  called: string;
  label: string;
  menu: string;
  queue: string;
  disabled: boolean;
}

export interface AdminClass {
  id: string;
  parent?: string;
  name: string;
  initials: string;
  order: number;
  disabled: boolean;
  words?: string;
}

export interface MenuNode {
  id: string;
  kind: string;
  label?: string;
}

export interface MenuEdge {
  from: string;
  to: string;
  label?: string;
}

export interface MenuInfo {
  name: string;
  version: string;
  file: string;
  lines?: string[] | null;
  nodes: MenuNode[];
  edges: MenuEdge[];
  faults?: { file: string; line: number; code: string; message: string }[] | null;
  live?: { node: string; calls: number }[] | null;
}

export interface Prompt {
  id: string;
  text: string;
  lang: string;
  kind: string;
  audio_url?: string;
}

export interface BlackEntry {
  number_masked: string;
  reason: string;
  approver: string;
  at: string;
  until: string;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  act: string;
  object: string;
  detail: string;
  remote: string;
}

export interface Readiness {
  status: string;
  parts: Record<string, { ok: boolean; detail?: string }>;
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
