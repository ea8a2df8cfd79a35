import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compareIds } from './cursor';
import type { ServerFrame } from './frames';
import { type CommandError, LiveSocket, type SocketLike, type SocketStatus } from './socket';

class Line implements SocketLike {
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((e: { data: string }) => void) | null = null;
  onclose: ((e: { code: number }) => void) | null = null;
  constructor(readonly url: string) {}
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.onclose?.({ code: 1006 });
  }
  frame(type: string, data: unknown, id = '') {
    this.onmessage?.({ data: JSON.stringify({ id, type, data }) });
  }
  greet() {
    this.onopen?.();
    this.frame(
      'hello',
      { account: '8001', seat: '8001', floor: '1-99', desk: 'd9', server_time: '' },
      '1-99',
    );
  }
}

function setup() {
  const lines: Line[] = [];
  const frames: ServerFrame[] = [];
  const statuses: SocketStatus[] = [];
  const byes: string[] = [];
  const live = new LiveSocket({
    url: (q) => q,
    open: (url) => {
      const l = new Line(url);
      lines.push(l);
      return l;
    },
    onFrame: (f) => frames.push(f),
    onStatus: (s) => statuses.push(s),
    onBye: (r) => byes.push(r),
  });
  live.start();
  const line = (i: number) => lines[i] as Line;
  return { live, lines, line, frames, statuses, byes };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the live socket', () => {
  it('orders ids by epoch and then by number, not as text', () => {
    expect(compareIds('1-9', '1-10')).toBeLessThan(0);
    expect(compareIds('2-1', '1-999')).toBeGreaterThan(0);
    expect(compareIds('3-4', '3-4')).toBe(0);
  });

  it('comes back by itself with both cursors', () => {
    const { line, lines, statuses } = setup();
    expect(line(0).url).toBe('');
    line(0).greet();
    line(0).frame('seat', { seat: '8001' }, '1-12');
    line(0).frame('desk', { kind: 'ticket' }, 'd5');
    line(0).close();
    expect(statuses.at(-1)).toBe('reconnecting');
    vi.advanceTimersByTime(400);
    expect(lines).toHaveLength(2);
    expect(new URLSearchParams(line(1).url).get('floor')).toBe('1-12');
    expect(new URLSearchParams(line(1).url).get('desk')).toBe('d5');
    line(1).greet();
    expect(statuses.at(-1)).toBe('open');
  });

  it('does not take the greeting for what it has seen: missed frames behind it are applied', () => {
    const { line, frames } = setup();
    line(0).greet();
    line(0).frame('seat', { seat: '8001', state: 'idle' }, '1-12');
    line(0).close();
    vi.advanceTimersByTime(400);
    line(1).greet();
    line(1).frame('seat', { seat: '8001', state: 'ringing' }, '1-13');
    expect(frames.at(-1)).toMatchObject({ type: 'seat', data: { state: 'ringing' } });
  });

  it('drops a floor frame older than the last one, and applies several of one id', () => {
    const { line, frames } = setup();
    line(0).greet();
    line(0).frame('seat', { n: 1 }, '1-20');
    line(0).frame('call', { n: 2 }, '1-20');
    line(0).frame('seat', { n: 3 }, '1-19');
    expect(frames.map((f) => (f.data as { n?: number }).n).filter(Boolean)).toEqual([1, 2]);
  });

  it('answers each command with its own reply', async () => {
    const { live, line } = setup();
    line(0).greet();
    const a = live.command('call.hold', { call: 'a' });
    const b = live.command('call.resume', { call: 'b' });
    const [fa, fb] = line(0).sent as { ref: string }[];
    line(0).frame('reply', { ref: fb?.ref, ok: false, error: { code: 'wrong_stage', detail: '' } });
    line(0).frame('reply', { ref: fa?.ref, ok: true, data: 7 });
    await expect(a).resolves.toBe(7);
    await expect(b).rejects.toMatchObject({ code: 'wrong_stage' });
  });

  it('gives up a command after 3 s', async () => {
    const { live, line } = setup();
    line(0).greet();
    const failed = live.command('seat.wish').catch((e: CommandError) => e.code);
    vi.advanceTimersByTime(3_000);
    expect(await failed).toBe('no_reply');
  });

  it('refuses commands without a connection and fails the open ones when it breaks', async () => {
    const { live, line } = setup();
    await expect(live.command('ping')).rejects.toMatchObject({ code: 'socket_closed' });
    line(0).greet();
    const open = live.command('call.hold').catch((e: CommandError) => e.code);
    line(0).close();
    expect(await open).toBe('socket_closed');
  });

  it('waits longer after each failure, 4 s at most with its jitter', () => {
    const { line, lines } = setup();
    for (let i = 0; i < 8; i++) {
      line(i).close();
      vi.advanceTimersByTime(5_100);
      expect(lines).toHaveLength(i + 2);
    }
  });

  it('stays away after a bye', () => {
    const { line, lines, byes, statuses } = setup();
    line(0).greet();
    line(0).frame('bye', { reason: 'replaced' });
    vi.advanceTimersByTime(60_000);
    expect(byes).toEqual(['replaced']);
    expect(statuses.at(-1)).toBe('ended');
    expect(lines).toHaveLength(1);
  });

  it('takes a line that answers no ping for dead', () => {
    const { line, lines } = setup();
    line(0).greet();
    vi.advanceTimersByTime(10_000 + 3_000);
    return Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => {
        vi.advanceTimersByTime(400);
        expect(lines.length).toBeGreaterThan(1);
      });
  });
});
