import { describe, expect, it } from 'vitest';
import { ruleOf, spanText } from './rules';

describe('a span in words', () => {
  it.each([
    ['5 working_days', '5 个工作日'],
    ['0.5 working_days', '0.5 个工作日'],
    ['30 natural_days', '30 个自然日'],
    ['', ''],
    [undefined, ''],
    ['5 fortnights', ''],
  ])('%s', (span, text) => expect(spanText(span)).toBe(text));
});

describe('the rule of a decision', () => {
  const policy = {
    max_returns: 2,
    extension: { times: 1, max_days: 0 },
    deciders: { return: '0.5 working_days' },
  };
  it('has the figures of the policy', () => {
    const text = ruleOf('return', policy).join('');
    expect(text).toContain('满 2 次');
    expect(text).toContain('决定时限 0.5 个工作日');
  });
  it('says that an extension is bound by the original limit where no days are given', () =>
    expect(ruleOf('extension', policy).join('')).toContain('不超过原办理时限'));
  it('leaves out what the policy does not say', () => {
    for (const kind of [
      'return',
      'extension',
      'suspension',
      'unreasonable',
      'appeal',
      'deliberation',
      'reopening',
      'void',
      'withdrawal',
      'at_limit',
    ]) {
      const text = ruleOf(kind, {}).join('');
      expect(text).not.toBe('');
      expect(text).not.toMatch(/undefined|{{/);
    }
  });
});
