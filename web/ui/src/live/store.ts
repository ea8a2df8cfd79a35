import { create } from 'zustand';
import type { Alarm, CallView, Pop, QueueView, SeatView } from '@/api/contract';
import type { ServerFrame } from './frames';
import type { SocketStatus } from './socket';

export interface LiveState {
  status: SocketStatus;
  bye: string | null;
  /** Server clock minus this machine's clock, milliseconds. */
  clockOffset: number;
  seat: SeatView | null;
  /** Calls of the own seat, newest last; the ended one stays until the next call begins. */
  calls: Record<string, CallView>;
  pops: Record<string, Pop>;
  /** The seat's current call, or the last one while it is wrapped up. */
  current: string | null;
  queues: Record<string, QueueView>;
  board: {
    loaded: boolean;
    seats: Record<string, SeatView>;
    queues: Record<string, QueueView>;
    alarms: Record<string, Alarm>;
  };
  /** Counts helloes: a page refetches what it shows when it grows past 1. */
  connects: number;
}

export const emptyLive: LiveState = {
  status: 'connecting',
  bye: null,
  clockOffset: 0,
  seat: null,
  calls: {},
  pops: {},
  current: null,
  queues: {},
  board: { loaded: false, seats: {}, queues: {}, alarms: {} },
  connects: 0,
};

const byKey = <V>(items: V[] | null | undefined, key: (v: V) => string): Record<string, V> =>
  Object.fromEntries((items ?? []).map((v) => [key(v), v]));

/** Next state after a frame of the server. Pure. */
export function applyFrame(s: LiveState, frame: ServerFrame, now: number): Partial<LiveState> {
  switch (frame.type) {
    case 'hello':
      return {
        clockOffset: Date.parse(frame.data.server_time) - now || 0,
        connects: s.connects + 1,
        bye: null,
      };
    case 'seat': {
      const seat = frame.data;
      return seat.call ? { seat, current: seat.call } : { seat };
    }
    case 'call':
      return putCall(s, frame.data);
    case 'pop':
      return {
        ...putCall(s, frame.data.call),
        pops: keepFew({ ...s.pops, [frame.data.call.id]: frame.data }),
      };
    case 'queues':
      return { queues: { ...s.queues, ...byKey(frame.data, (q) => q.queue) } };
    case 'board':
      return {
        board: {
          loaded: true,
          seats: byKey(frame.data.seats, (v) => v.seat),
          queues: byKey(frame.data.queues, (v) => v.queue),
          alarms: byKey(
            frame.data.alarms?.filter((a) => a.on),
            (v) => v.code + v.detail,
          ),
        },
      };
    case 'board.change': {
      const { seats, queues, alarms } = frame.data;
      return {
        board: {
          loaded: s.board.loaded,
          seats: seats?.length ? { ...s.board.seats, ...byKey(seats, (v) => v.seat) } : s.board.seats,
          queues: queues?.length ? { ...s.board.queues, ...byKey(queues, (v) => v.queue) } : s.board.queues,
          // The server sends all current alarms when one changed.
          alarms: alarms
            ? byKey(
                alarms.filter((a) => a.on),
                (v) => v.code + v.detail,
              )
            : s.board.alarms,
        },
      };
    }
    default:
      return {};
  }
}

function putCall(s: LiveState, call: CallView): Partial<LiveState> {
  const next: Partial<LiveState> = { calls: keepFew({ ...s.calls, [call.id]: call }) };
  if (!call.end) next.current = call.id;
  return next;
}

function keepFew<V>(m: Record<string, V>): Record<string, V> {
  const keys = Object.keys(m);
  if (keys.length <= 5) return m;
  return Object.fromEntries(keys.slice(-5).map((k) => [k, m[k] as V]));
}

export const useLive = create<LiveState>(() => emptyLive);

/** Now by the server's clock, milliseconds. */
export const serverNow = () => Date.now() + useLive.getState().clockOffset;
