import { describe, expect, it } from 'vitest';
import { stepOf } from './steps';

describe('the step of a supervision', () => {
  it.each([
    ['filed', 0],
    ['issued', 1],
    ['return_asked', 1],
    ['to_review', 2],
    ['done', 3],
    ['closed', 4],
    ['released', 4],
  ])('%s', (state, n) => expect(stepOf({ state })).toBe(n));
});
