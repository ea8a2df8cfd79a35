import type { CallNote, SeatState } from '@/api/contract';
import type { DeskChange } from './frames';
import { LiveSocket } from './socket';
import { applyFrame, emptyLive, useLive } from './store';

export { CommandError } from './socket';
export { serverNow, useLive } from './store';

type DeskListener = (change: DeskChange) => void;
const deskListeners = new Set<DeskListener>();

/** Hears of changes at the desk (tickets, recordings, call-backs). Returns the way to stop. */
export function onDesk(f: DeskListener): () => void {
  deskListeners.add(f);
  return () => deskListeners.delete(f);
}

let watchers = 0;

const live = new LiveSocket({
  url: (q) => {
    const base = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
    return q ? `${base}?${q}` : base;
  },
  onFrame: (frame) => {
    if (frame.type === 'desk') for (const f of deskListeners) f(frame.data);
    else useLive.setState((s) => applyFrame(s, frame, Date.now()));
  },
  onStatus: (status) => {
    useLive.setState({ status });
    if (status === 'open' && watchers > 0) live.command('board.watch').catch(() => {});
  },
  onBye: (reason) => useLive.setState({ bye: reason }),
});

export function startLive() {
  useLive.setState(emptyLive);
  live.start();
}
export const stopLive = () => live.stop();

addEventListener('online', () => live.nudge());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') live.nudge();
});

/** Subscribes to the supervisor's board as long as somebody looks. Returns the way to stop. */
export function watchBoard(): () => void {
  watchers++;
  if (watchers === 1) live.command('board.watch').catch(() => {});
  return () => {
    watchers--;
    if (watchers === 0) live.command('board.unwatch').catch(() => {});
  };
}

const cmd = <R = unknown>(name: string, args?: unknown) => live.command<R>(name, args ?? {});

/** The floor's commands, by the names of the seat and the call they are about. */
export const floor = {
  signIn: (seat: string, device: 'browser' | 'phone') => cmd('seat.sign_in', { seat, device }),
  signOut: () => cmd('seat.sign_out'),
  wish: (state: SeatState, reason?: string) => cmd('seat.wish', { state, reason }),
  extendWrapUp: (seconds: number) => cmd('seat.wrap_up_extend', { seconds }),
  wrapUpDone: () => cmd('seat.wrap_up_done'),
  autoAnswer: (on: boolean) => cmd('seat.auto_answer', { on }),
  hangUp: (call: string, rating: boolean, reason?: string) => cmd('call.hangup', { call, rating, reason }),
  hold: (call: string) => cmd('call.hold', { call }),
  resume: (call: string) => cmd('call.resume', { call }),
  consult: (call: string, to: Party) => cmd('call.consult', { call, ...to }),
  consultCancel: (call: string) => cmd('call.consult_cancel', { call }),
  transfer: (call: string) => cmd('call.transfer', { call }),
  threeWay: (call: string) => cmd('call.three_way', { call }),
  dropParty: (call: string, party: string) => cmd('call.party_drop', { call, party }),
  emergency: (call: string, number: string) => cmd('call.emergency', { call, number, label: number }),
  dial: (to: { ticket?: string; callback?: string; number?: string; purpose?: 'follow_up' }) =>
    cmd('call.dial', to),
  dtmf: (call: string, digits: string) => cmd('call.dtmf', { call, digits }),
  note: (call: string, note: CallNote, text?: string) => cmd('call.note', { call, note, text }),
  force: (seat: string, state: SeatState) => cmd('seat.force', { seat, state }),
};

export interface Party {
  seat?: string;
  number?: string;
  label?: string;
}
