import { describe, expect, it } from 'vitest';
import type { QueueItem } from '@/api/contract';
import { keyOf, partOf, step, successor, ticketOf } from './selection';

const item = (more: object) => ({ id: 't1', ...more }) as QueueItem;

describe('the key of a row', () => {
  it('is the ticket, and where several of its parts can lie in a queue the part', () => {
    expect(keyOf(item({}))).toBe('t1');
    expect(keyOf(item({ request: { n: 2 } }))).toBe('t1~r2');
    expect(keyOf(item({ supervision: { n: 1 } }))).toBe('t1~s1');
    expect(keyOf(item({ card: { n: 12 } }))).toBe('t1~c12');
    expect(keyOf(item({ leg: { n: 3 } }))).toBe('t1~l3');
  });
  it('gives back ticket and part', () => {
    expect([ticketOf('t1~r2'), partOf('t1~r2')]).toEqual(['t1', { request: 2 }]);
    expect([ticketOf('t1~s1'), partOf('t1~s1')]).toEqual(['t1', { supervision: 1 }]);
    expect([ticketOf('t1~c12'), partOf('t1~c12')]).toEqual(['t1', { card: 12 }]);
    expect([ticketOf('t1~l3'), partOf('t1~l3')]).toEqual(['t1', { leg: 3 }]);
    expect([ticketOf('t1'), partOf('t1')]).toEqual(['t1', {}]);
  });
});

describe('moving in a list', () => {
  const keys = ['a', 'b', 'c'];
  it.each([
    ['nothing selected: the first', undefined, 1, 'a'],
    ['on', 'a', 1, 'b'],
    ['back', 'b', -1, 'a'],
    ['stays at the end', 'c', 1, 'c'],
    ['stays at the beginning', 'a', -1, 'a'],
    ['from a row that is gone: the first', 'x', -1, 'a'],
  ] as const)('%s', (_, at, by, to) => expect(step(keys, at, by)).toBe(to));
  it('has nowhere to go in an empty list', () => expect(step([], undefined, 1)).toBeUndefined());
});

describe('after a row left its queue', () => {
  it.each([
    ['the next one', 'b', 'c'],
    ['the one before, at the end', 'c', 'b'],
    ['the first, when the row was not in the list', 'x', 'a'],
  ])('%s', (_, at, to) => expect(successor(['a', 'b', 'c'], at)).toBe(to));
  it('nothing, when it was the last', () => expect(successor(['a'], 'a')).toBeUndefined());
});
