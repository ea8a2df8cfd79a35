import { describe, expect, it } from 'vitest';
import type { CallView, QueueView, SeatView } from '@/api/contract';
import { applyFrame, emptyLive, type LiveState } from './store';

const seat = (s: Partial<SeatView>) => ({ seat: '8001', state: 'idle', since: '', ...s }) as SeatView;
const call = (c: Partial<CallView>) => ({ id: 'c1', stage: 'talk', path: [], ...c }) as CallView;
function applied(s: LiveState, ...frames: Parameters<typeof applyFrame>[1][]): LiveState {
  let next = s;
  for (const f of frames) next = { ...next, ...applyFrame(next, f, 0) };
  return next;
}

describe('the live store', () => {
  it('keeps the ended call current until the next one, so that wrap-up has it', () => {
    const s = applied(
      emptyLive,
      { type: 'call', data: call({}) },
      { type: 'call', data: call({ end: { side: 'seat', stage: 'talk', cause: 'normal' } }) },
      { type: 'seat', data: seat({ state: 'wrap_up' }) },
    );
    expect(s.current).toBe('c1');
    expect(applied(s, { type: 'call', data: call({ id: 'c2' }) }).current).toBe('c2');
  });

  it('takes a later pop of the same call as the complete one', () => {
    const history = {
      regular: false,
      repeats: 0,
      blacklisted: false,
      open_tickets: 0,
      tickets: null,
      calls: null,
    };
    const s = applied(
      emptyLive,
      { type: 'pop', data: { call: call({}), history, complete: false } },
      { type: 'pop', data: { call: call({}), history: { ...history, name: '王秀兰' }, complete: true } },
    );
    expect(s.pops.c1).toMatchObject({ complete: true, history: { name: '王秀兰' } });
    expect(s.current).toBe('c1');
  });

  it('remembers few calls', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `c${i}`);
    const s = applied(emptyLive, ...ids.map((id) => ({ type: 'call' as const, data: call({ id }) })));
    expect(Object.keys(s.calls)).toEqual(ids.slice(-5));
  });

  it('changes of a board leave what did not change the same object, so that it is not drawn again', () => {
    const queue = { queue: 'citizen', waiting: 1 } as QueueView;
    const s = applied(emptyLive, {
      type: 'board',
      data: { seats: [seat({}), seat({ seat: '8002' })], queues: [queue], alarms: [] },
    });
    const t = applied(s, {
      type: 'board.change',
      data: { seats: [seat({ seat: '8002', state: 'talking' })] },
    });
    expect(t.board.seats['8001']).toBe(s.board.seats['8001']);
    expect(t.board.seats['8002']?.state).toBe('talking');
    expect(t.board.queues).toBe(s.board.queues);
  });

  it('an alarm that is over leaves the board', () => {
    const on = { code: 'switch_down', detail: '', on: true };
    const s = applied(emptyLive, { type: 'board', data: { seats: [], queues: [], alarms: [on] } });
    expect(Object.keys(s.board.alarms)).toHaveLength(1);
    expect(applied(s, { type: 'board.change', data: { alarms: [] } }).board.alarms).toEqual({});
  });

  it('learns how far the server clock is off', () => {
    const hello = { account: '', seat: null, floor: '', desk: '', server_time: '2026-11-25T00:00:05Z' };
    const s = applyFrame(emptyLive, { type: 'hello', data: hello }, Date.parse('2026-11-25T00:00:00Z'));
    expect(s.clockOffset).toBe(5_000);
  });
});
