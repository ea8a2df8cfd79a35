import type { Alarm, CallView, Pop, QueueView, SeatView } from '@/api/contract';

export interface DeskChange {
  kind: string;
  ticket?: string;
  call?: string;
  callback?: string;
  version?: number;
}

export interface Board {
  seats: SeatView[];
  queues: QueueView[];
  alarms: Alarm[];
}

/** What the server sends over the live socket. */
export type ServerFrame =
  | { id?: string; type: 'hello'; data: Hello }
  | { id?: string; type: 'seat'; data: SeatView }
  | { id?: string; type: 'call'; data: CallView }
  | { id?: string; type: 'pop'; data: Pop }
  | { id?: string; type: 'queues'; data: QueueView[] }
  | { id?: string; type: 'board'; data: Board }
  | { id?: string; type: 'board.change'; data: Partial<Board> }
  | { id?: string; type: 'desk'; data: DeskChange }
  | { id?: string; type: 'reply'; data: Reply }
  | { id?: string; type: 'bye'; data: { reason: string } };

export interface Hello {
  account: string;
  seat: string | null;
  floor: string;
  desk: string;
  server_time: string;
}

export interface Reply {
  ref: string;
  ok: boolean;
  data?: unknown;
  error?: { code: string; detail: string };
}
