import { describe, expect, it } from 'vitest';
import { bars, initialPhone, type PhoneEvent, type PhoneState, phoneReducer } from './state';

const run = (...events: PhoneEvent[]): PhoneState => events.reduce(phoneReducer, initialPhone);
const ring: PhoneEvent = { type: 'ring', callId: 'c1', peer: '12345' };
const on: PhoneEvent = { type: 'reg', reg: 'on' };

describe('the browser phone', () => {
  it('walks through a call: idle, ringing, active, ended, idle', () => {
    expect(run(on).call).toBe('idle');
    expect(run(on, ring).call).toBe('ringing');
    expect(run(on, ring, { type: 'connected' }).call).toBe('active');
    const ended = run(on, ring, { type: 'connected' }, { type: 'ended', cause: 'Terminated' });
    expect(ended).toMatchObject({ call: 'ended', callId: 'c1', cause: 'Terminated' });
    expect(phoneReducer(ended, { type: 'reset' })).toMatchObject({ call: 'idle', callId: '' });
  });

  it('a drop of the line in a call leaves the call alone', () => {
    const s = run(on, ring, { type: 'connected' }, { type: 'reg', reg: 'connecting' });
    expect(s).toMatchObject({ call: 'active', reg: 'connecting' });
  });

  it('a drop of the line while it rings takes the ring away', () => {
    expect(run(on, ring, { type: 'reg', reg: 'connecting' })).toMatchObject({
      call: 'ended',
      cause: 'line_lost',
    });
  });

  it.each([
    [
      'a second ring in a call',
      [ring, { type: 'connected' }, { type: 'ring', callId: 'c2', peer: '' }],
      { callId: 'c1' },
    ],
    ['an answer without a ring', [{ type: 'connected' }], { call: 'idle' }],
    ['an end without a call', [{ type: 'ended', cause: 'x' }], { call: 'idle', cause: '' }],
    ['a reset in a call', [ring, { type: 'connected' }, { type: 'reset' }], { call: 'active' }],
    ['mute without a call', [{ type: 'muted', on: true }], { muted: false }],
    ['hold while it rings', [ring, { type: 'held', on: true }], { call: 'ringing' }],
    [
      'media after the end',
      [ring, { type: 'ended', cause: '' }, { type: 'media', media: 'audio', quality: null }],
      { media: 'none' },
    ],
  ] as [string, PhoneEvent[], Partial<PhoneState>][])('%s changes nothing', (_, events, want) => {
    expect(run(...events)).toMatchObject(want);
  });

  it('shows hold and comes back from it', () => {
    const held = run(ring, { type: 'connected' }, { type: 'held', on: true });
    expect(held.call).toBe('held');
    expect(phoneReducer(held, { type: 'held', on: false }).call).toBe('active');
  });

  it('a new call begins unmuted', () => {
    const s = run(
      ring,
      { type: 'connected' },
      { type: 'muted', on: true },
      { type: 'ended', cause: '' },
      {
        type: 'ring',
        callId: 'c2',
        peer: '',
      },
    );
    expect(s).toMatchObject({ muted: false, callId: 'c2', call: 'ringing' });
  });

  it.each([
    [0, 5, 20, 4],
    [1, 5, 20, 3],
    [3, 5, 20, 2],
    [6, 5, 20, 1],
    [15, 5, 20, 0],
    [0, 90, 20, 1],
    [0, 5, 900, 0],
  ])('loss %d %%, jitter %d ms, round trip %d ms is %d bars', (loss, jitter, rtt, want) => {
    expect(bars(loss, jitter, rtt)).toBe(want);
  });
});
