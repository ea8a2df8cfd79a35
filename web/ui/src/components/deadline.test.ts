import { describe, expect, it } from 'vitest';
import { dueText, fileSize, remainsText } from './format';

describe('a deadline', () => {
  it('is read as date, weekday and clock in the zone of the hotline', () => {
    expect(dueText('2026-11-30T09:30:00Z', '2026-11-25T00:00:00Z')).toBe('11-30 周一 17:30');
  });
  it('has its year when that is another one', () => {
    expect(dueText('2027-01-04T09:30:00Z', '2026-12-30T00:00:00Z')).toBe('2027-01-04 周一 17:30');
  });
  it('that is not set is nothing', () => {
    expect(dueText(undefined)).toBe('');
    expect(dueText('0001-01-01T00:00:00Z')).toBe('');
  });
  it('keeps the remainder as the server counted it', () => {
    expect(remainsText('剩 1 工作日 3 小时')).toBe('剩 1 工作日 3 小时');
    expect(remainsText(undefined)).toBe('');
  });
});

describe('the size of a file', () => {
  it.each([
    [12, '12 B'],
    [2048, '2 KB'],
    [1_468_006, '1.4 MB'],
  ])('%d bytes', (n, want) => expect(fileSize(n)).toBe(want));
});
