import { describe, expect, it } from 'vitest';
import { columns } from './MenuGraph';

const menu = (ids: string, edges: string) => ({
  nodes: [...ids].map((id) => ({ id, kind: 'say' })),
  edges: edges.split(' ').map((e) => ({ from: e.charAt(0), to: e.charAt(1) })),
});

describe('the columns of a menu graph', () => {
  it('puts a node right of everything that leads to it', () => {
    expect(Object.fromEntries(columns(menu('abcd', 'ab ac bc cd ad')))).toEqual({ a: 0, b: 1, c: 2, d: 3 });
  });

  it('is not moved by a way back', () => {
    expect(Object.fromEntries(columns(menu('abc', 'ab bc cb ca')))).toEqual({ a: 0, b: 1, c: 2 });
  });

  it('shows what nothing leads to at the end', () => {
    expect(columns(menu('abz', 'ab')).get('z')).toBe(2);
  });
});
