import { describe, expect, it } from 'vitest';
import type { FlowStep, LegView } from '@/api/contract';
import { diffTexts } from './diff';
import { comparedWith, linesOf, versionOf } from './flow';

let seq = 0;
const step = (event: string, data: Record<string, unknown> = {}, actor = 'a'): FlowStep => ({
  seq: ++seq,
  at: '2026-11-25T02:00:00Z',
  actor,
  event,
  data,
});
const reply = (answer: string) => ({ answer });
const legs = [
  { n: 1, level: 1 },
  { n: 2, parent: 1, level: 2 },
] as LegView[];

describe('the lines of the flow', () => {
  it('draw savings of the same person in a row as one, keeping each version', () => {
    const flow = [
      step('sign', { leg: 1 }),
      step('save_reply', { leg: 1, reply: reply('一') }),
      step('save_reply', { leg: 1, reply: reply('二') }),
      step('save_reply', { leg: 1, reply: reply('三') }, 'b'),
    ];
    const lines = linesOf(flow);
    expect(lines.map((l) => [l.step.event, l.earlier.length])).toEqual([
      ['sign', 0],
      ['save_reply', 1],
      ['save_reply', 0],
    ]);
    expect(versionOf(flow, flow[2] as FlowStep)).toBe(2);
    expect(versionOf(flow, flow[0] as FlowStep)).toBe(0);
  });

  it('draw what one act did to several parts as one', () => {
    const flow = [
      step('delegate', { leg: 1, leg_to: 'delegated' }),
      step('delegate', { leg: 2, leg_to: 'to_sign' }),
      step('delegate', { leg: 3, leg_to: 'to_sign' }, 'b'),
    ];
    expect(linesOf(flow).map((l) => l.also.length)).toEqual([1, 0]);
  });
});

describe('a reported reply', () => {
  it('is compared with what the unit below sent last', () => {
    const flow = [
      step('handle', { leg: 2, reply: reply('初稿') }),
      step('handle', { leg: 2, reply: reply('下级所报') }),
      step('report_reply', { leg: 1, reply: reply('本级上报') }),
    ];
    expect(comparedWith(flow, legs, flow[2] as FlowStep)).toMatchObject({ with: 'below', text: '下级所报' });
    expect(comparedWith(flow, legs, flow[1] as FlowStep)).toMatchObject({ with: 'earlier', text: '初稿' });
    expect(comparedWith(flow, legs, flow[0] as FlowStep)).toBeUndefined();
  });
});

describe('the difference of two texts', () => {
  const read = (a: string, b: string) =>
    diffTexts(a, b)
      .map((p) => (p.kind === 'same' ? p.text : p.kind === 'added' ? `[+${p.text}]` : `[-${p.text}]`))
      .join('');
  it.each([
    ['已修复。', '已修复。', '已修复。'],
    ['已修复', '路灯已修复', '[+路灯]已修复'],
    ['路灯已修好', '路灯已修复', '路灯已修[-好][+复]'],
    ['', '新', '[+新]'],
    ['𠮷野家', '𠮷野屋', '𠮷野[-家][+屋]'],
  ])('%s → %s', (a, b, want) => expect(read(a, b)).toBe(want));

  it('of 100,000 characters is found at once, by sentences', () => {
    const long = '经核查，情况属实。'.repeat(11_000);
    const pieces = diffTexts(long, `${long}已整改。`);
    expect(pieces.at(-1)).toEqual({ kind: 'added', text: '已整改。' });
    expect(pieces.map((p) => p.text).join('')).toBe(`${long}已整改。`);
  });
});
