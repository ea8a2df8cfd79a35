/** State of the browser phone and how it changes. Pure, so that every order of events can be tested. */

export type Reg = 'off' | 'connecting' | 'on' | 'failed';
export type PhoneCall = 'idle' | 'ringing' | 'active' | 'held' | 'ended';
export type Media = 'none' | 'silence' | 'audio';
export type Mic = 'unknown' | 'ok' | 'missing' | 'lost';

export interface Quality {
  /** Packets lost of those expected since the last look, 0–100 %. */
  lossPct: number;
  jitterMs: number;
  rttMs: number;
  /** 0 unusable … 4 good. */
  bars: number;
}

export interface PhoneState {
  /** Which tab has the phone: only one registers. */
  owner: 'none' | 'this' | 'other';
  reg: Reg;
  call: PhoneCall;
  direction: 'in' | 'out';
  callId: string;
  peer: string;
  muted: boolean;
  media: Media;
  mic: Mic;
  /** Input level 0–1 while a microphone is open. */
  quality: Quality | null;
  /** Why the last call ended, by the SIP stack. */
  cause: string;
}

export const initialPhone: PhoneState = {
  owner: 'none',
  reg: 'off',
  call: 'idle',
  direction: 'in',
  callId: '',
  peer: '',
  muted: false,
  media: 'none',
  mic: 'unknown',
  quality: null,
  cause: '',
};

export type PhoneEvent =
  | { type: 'owner'; owner: PhoneState['owner'] }
  | { type: 'reg'; reg: Reg }
  | { type: 'ring'; callId: string; peer: string }
  | { type: 'dial'; callId: string; peer: string }
  | { type: 'connected' }
  | { type: 'ended'; cause: string }
  | { type: 'reset' }
  | { type: 'held'; on: boolean }
  | { type: 'muted'; on: boolean }
  | { type: 'media'; media: Media; quality: Quality | null }
  | { type: 'mic'; mic: Mic };

const busy = (s: PhoneState) => s.call === 'ringing' || s.call === 'active' || s.call === 'held';

export function phoneReducer(s: PhoneState, e: PhoneEvent): PhoneState {
  switch (e.type) {
    case 'owner':
      return { ...s, owner: e.owner };
    case 'reg':
      // The line may drop in a call: audio goes on, only a ring is lost with it (the server offers again).
      if (e.reg !== 'on' && s.call === 'ringing') return { ...cleared(s, 'ended', 'line_lost'), reg: e.reg };
      return { ...s, reg: e.reg };
    case 'ring':
    case 'dial':
      if (busy(s)) return s;
      return {
        ...cleared(s, 'ringing', ''),
        direction: e.type === 'ring' ? 'in' : 'out',
        callId: e.callId,
        peer: e.peer,
      };
    case 'connected':
      return s.call === 'ringing' ? { ...s, call: 'active' } : s;
    case 'ended':
      return busy(s) ? { ...cleared(s, 'ended', e.cause), callId: s.callId, peer: s.peer } : s;
    case 'reset':
      return busy(s) ? s : cleared(s, 'idle', '');
    case 'held':
      if (s.call === 'active' && e.on) return { ...s, call: 'held' };
      if (s.call === 'held' && !e.on) return { ...s, call: 'active' };
      return s;
    case 'muted':
      return busy(s) ? { ...s, muted: e.on } : s;
    case 'media':
      return s.call === 'active' || s.call === 'held' ? { ...s, media: e.media, quality: e.quality } : s;
    case 'mic':
      return { ...s, mic: e.mic };
  }
}

function cleared(s: PhoneState, call: PhoneCall, cause: string): PhoneState {
  return { ...s, call, cause, callId: '', peer: '', muted: false, media: 'none', quality: null };
}

/** Bars of the network sign: what a talker would notice. */
export function bars(lossPct: number, jitterMs: number, rttMs: number): number {
  if (lossPct > 10 || rttMs > 800) return 0;
  if (lossPct > 5 || jitterMs > 80 || rttMs > 500) return 1;
  if (lossPct > 2 || jitterMs > 50 || rttMs > 300) return 2;
  if (lossPct > 0.5 || jitterMs > 30 || rttMs > 200) return 3;
  return 4;
}
