import { create } from 'zustand';
import type { PhoneSecret } from '@/api/contract';
import { post } from '@/api/http';
import { useLive } from '@/live';
import { Phone } from './phone';
import { initialPhone, type PhoneState } from './state';
import { alarmTone } from './tones';

export type Notice = 'no_microphone' | 'microphone_lost' | 'auto_answered';

/** What the page shows of the seat's phone. */
export const usePhone = create<PhoneState>(() => initialPhone);
/** Input level apart from the rest: it changes 15 times a second. */
export const useMicLevel = create<{ level: number }>(() => ({ level: 0 }));

let notify: (n: Notice) => void = () => {};
export const onPhoneNotice = (f: (n: Notice) => void) => {
  notify = f;
};

/** The agent's phone of this page. */
export const phone = new Phone({
  secret: () => post<PhoneSecret>('/phone-secret', { device: 'browser' }),
  lock: 'hotline-phone',
  onState: (s) => usePhone.setState(s, true),
  onLevel: (level) => useMicLevel.setState({ level }),
  onNotice: (n) => {
    if (n === 'microphone_lost') alarmTone();
    notify(n);
  },
  // A call that the agent dialled rings the own phone first: that one is always taken.
  autoAnswer: () => {
    const seat = useLive.getState().seat;
    return seat?.auto_answer || seat?.state === 'dialling';
  },
});

// The floor knows what the phone doesn't: which call this is, and that the citizen is on hold.
useLive.subscribe((s, was) => {
  if (s.bye && !was.bye) phone.stop();
  if (s.seat === was.seat) return;
  const seat = s.seat;
  if (!seat) return;
  phone.held(seat.state === 'holding');
  if (seat.state === 'dialling' && was.seat?.state !== 'dialling') void phone.answer();
  if (['idle', 'not_ready', 'rest', 'signed_out'].includes(seat.state)) phone.reset();
  // A page that was reloaded finds its seat signed in: the phone comes back by itself.
  if (seat.device === 'browser' && seat.state !== 'signed_out') phone.start();
  if (seat.state === 'signed_out' && was.seat && was.seat.state !== 'signed_out') phone.stop();
});

/** Id of the call the phone is in: from the INVITE, else from the floor. */
export const phoneCallId = (p: PhoneState, liveCurrent: string | null) => p.callId || liveCurrent || '';
