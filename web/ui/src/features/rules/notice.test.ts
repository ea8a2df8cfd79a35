import { describe, expect, it } from 'vitest';
import { formatDays, parseDays } from './notice';

describe('a notice as people write it', () => {
  it('reads days and spans after the name of a holiday', () => {
    expect(parseDays('国庆节 2026-10-01~2026-10-03\n元旦：2026-01-01、2026-01-02\n\n')).toEqual({
      国庆节: ['2026-10-01', '2026-10-02', '2026-10-03'],
      元旦: ['2026-01-01', '2026-01-02'],
    });
  });
  it('leaves what is no date for the server to name', () => {
    expect(parseDays('元旦 2026-02-30 明天 2026-10-07~2026-10-01')).toEqual({
      元旦: ['2026-02-30', '明天', '2026-10-07~2026-10-01'],
    });
  });
  it('is written so that it can be read back', () => {
    const groups = { 国庆节: ['2026-10-02', '2026-10-01'], 元旦: ['2026-01-01', '2026-01-03'] };
    expect(formatDays(groups)).toBe('元旦 2026-01-01 2026-01-03\n国庆节 2026-10-01~2026-10-02');
    expect(parseDays(formatDays(groups))).toEqual({
      元旦: ['2026-01-01', '2026-01-03'],
      国庆节: ['2026-10-01', '2026-10-02'],
    });
  });
});
