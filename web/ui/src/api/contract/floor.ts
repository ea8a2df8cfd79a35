import type { TicketState, TicketType } from './tickets';

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
