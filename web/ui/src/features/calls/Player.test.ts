import { describe, expect, it } from 'vitest';
import { toFullHeight } from './Player';

describe('the waveform of a side', () => {
  it('reaches the full height at its loudest', () => {
    expect(toFullHeight([0.1, -0.5, 0.25])).toEqual([0.2, -1, 0.5]);
  });

  it('stays flat when the side was silent', () => {
    expect(toFullHeight([0, 0, 0])).toEqual([0, 0, 0]);
    expect(Math.max(...toFullHeight([0.001, 0.002]))).toBeLessThan(0.2);
  });
});
