import type { CallEnd, CallNote, MenuStep } from './floor';
import type { TicketState } from './tickets';

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
  note?: { note?: CallNote | ''; text?: string } | null;
  recordings?: RecordingRef[] | null;
  tickets?: { id: string; number?: string | null; title: string; state: TicketState }[] | null;
  timeline?: TimelineEntry[] | null;
}
