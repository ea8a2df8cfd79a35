import { describe, expect, it } from 'vitest';
import { answerBy, isDissatisfied, nextQuestion, openQuestion } from './visit';

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
