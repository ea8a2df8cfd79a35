import { describe, expect, it } from 'vitest';
import type { Ticket } from '@/api/contract';
import {
  answerBy,
  countedTries,
  halfDayOf,
  isDissatisfied,
  missesOf,
  nextQuestion,
  nextTry,
  openQuestion,
  peopleOf,
} from './visit';

const zone = 'Asia/Shanghai';
const hours = { from: 8 * 60, to: 20 * 60 };
const at = (wall: string) => new Date(`${wall}+08:00`);

describe('answers by digits', () => {
  it.each([
    ['contacted', 1, { contacted: true }],
    ['contacted', 2, { contacted: false }],
    ['contacted', 3, undefined],
    ['solved', 0, { solved: '0' }],
    ['solved', 1, { solved: '1' }],
    ['solved', 2, { solved: '2' }],
    ['solved', 3, undefined],
    ['result', 1, { result: 1 }],
    ['unit', 5, { unit: 5 }],
    ['agent', 0, { agent: 0 }],
  ] as const)('%s by %d', (q, digit, answer) => expect(answerBy(q, digit)).toEqual(answer));
});

describe('the order of the questions', () => {
  it('begins with the contact', () => expect(openQuestion({})).toBe('contacted'));
  it('goes on after the one answered', () =>
    expect(nextQuestion({ contacted: true }, 'contacted')).toBe('solved'));
  it('comes back to one that was left out', () =>
    expect(nextQuestion({ solved: '1', result: 1, unit: 1, agent: 1 }, 'agent')).toBe('contacted'));
  it('ends when all are answered', () =>
    expect(
      nextQuestion({ contacted: true, solved: '1', result: 0, unit: 0, agent: 0 }, 'agent'),
    ).toBeUndefined());
});

describe('dissatisfied', () => {
  it.each([
    ['not solved', { solved: '0' as const, result: 1 }, true],
    ['not satisfied', { solved: '1' as const, result: 4 }, true],
    ['very dissatisfied', { solved: '2' as const, result: 5 }, true],
    ['fairly satisfied', { solved: '1' as const, result: 3 }, false],
    ['takes no position', { solved: '2' as const, result: 0 }, false],
    ['the unit alone is no reason', { solved: '1' as const, result: 2, unit: 5 }, false],
  ])('%s', (_, answers, is) => expect(isDissatisfied(answers)).toBe(is));
});

describe('the citizens of a ticket', () => {
  const ticket = {
    number: '261125000017',
    round: 2,
    caller: { name: '王芳', phone: '13812345678' },
    requesters: [
      {
        id: 'm1',
        number: '261125000025',
        caller: { name: '李强', phone_masked: '139****0001' },
        at: '',
        followed: false,
      },
      { id: 'm2', number: '261125000033', caller: {}, at: '', followed: true },
    ],
    visits: [
      { n: 1, round: 1, reached: true },
      { n: 2, round: 2, reached: false, at: '2026-11-24T02:00:00Z' },
      { n: 3, round: 2, reached: true, for: 'm1' },
    ],
  } as unknown as Ticket;
  it('are the own one and those of merged tickets; who was reached in this round is done', () =>
    expect(peopleOf(ticket).map((p) => [p.for, p.name, p.done])).toEqual([
      ['', '王芳', false],
      ['m1', '李强', true],
      ['m2', '', true],
    ]));
  it('have their own tries', () => expect(missesOf(ticket, '').map((v) => v.n)).toEqual([2]));
});

describe('the next half-day', () => {
  it.each([
    ['never tried: now', [], '2026-11-25T10:00', ['2026-11-25', 'am', true]],
    [
      'tried this morning: this afternoon',
      ['2026-11-25T09:00'],
      '2026-11-25T10:00',
      ['2026-11-25', 'pm', false],
    ],
    [
      'tried this morning, now it is afternoon: now',
      ['2026-11-25T09:00'],
      '2026-11-25T15:00',
      ['2026-11-25', 'pm', true],
    ],
    [
      'tried in the afternoon: tomorrow morning',
      ['2026-11-25T15:00'],
      '2026-11-25T16:00',
      ['2026-11-26', 'am', false],
    ],
    ['in the evening: tomorrow morning', [], '2026-11-25T20:30', ['2026-11-26', 'am', false]],
    ['before the hours: this morning, not yet', [], '2026-11-25T06:30', ['2026-11-25', 'am', false]],
    ['over the end of the month', ['2026-11-30T15:00'], '2026-11-30T16:00', ['2026-12-01', 'am', false]],
  ] as const)('%s', (_, misses, now, [day, half, ok]) =>
    expect(
      nextTry(
        misses.map((m) => at(m)),
        at(now),
        hours,
        zone,
      ),
    ).toEqual({ day, half, now: ok }),
  );
  it('counts tries of one half-day once', () =>
    expect(countedTries([at('2026-11-25T09:00'), at('2026-11-25T11:00'), at('2026-11-25T15:00')], zone)).toBe(
      2,
    ));
  it('is read from the clock of the hotline', () =>
    expect(halfDayOf(new Date('2026-11-24T17:00:00Z'), zone)).toEqual({ day: '2026-11-25', half: 'am' }));
});
