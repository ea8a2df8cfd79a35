import { describe, expect, it } from 'vitest';
import { filtersOf, fromSaved, marked, toSaved } from './query';

describe('the filters of a search', () => {
  it('go to the server and back without a change', () => {
    const url = { q: '停水 抢修', state: 'dispatched,closed', flag: 'overdue', open: 'true', unit: 'xxb' };
    const saved = toSaved(url);
    expect(saved).toEqual({
      q: '停水 抢修',
      state: ['dispatched', 'closed'],
      flag: ['overdue'],
      open: true,
      unit: 'xxb',
    });
    expect(fromSaved(saved)).toEqual(url);
  });

  it('leave out what is none of them', () => {
    expect(filtersOf({ q: '', state: 'closed', panel: 'x' })).toEqual({ state: 'closed' });
  });
});

describe('what was looked for', () => {
  it('is marked where it stands', () => {
    expect(marked('小区停水，停水三天', ['停水'])).toEqual([
      { text: '小区', hit: false },
      { text: '停水', hit: true },
      { text: '，', hit: false },
      { text: '停水', hit: true },
      { text: '三天', hit: false },
    ]);
    expect(marked('a+b', ['a+'])[0]).toEqual({ text: 'a+', hit: true });
  });
});
