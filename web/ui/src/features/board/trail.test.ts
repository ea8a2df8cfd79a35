import { beforeEach, describe, expect, it } from 'vitest';
import { hourMs, keepSample, keptTrail } from './trail';

const now = Date.UTC(2026, 10, 25, 1);

describe('the trail of a queue', () => {
  beforeEach(() => sessionStorage.clear());

  it('is there again after a reload of the page', () => {
    const trail = keepSample('general', keepSample('general', [], { at: now - 15_000, n: 2 }), {
      at: now,
      n: 5,
    });
    expect(keptTrail('general', now + 1_000)).toEqual(trail);
    expect(keptTrail('english', now)).toEqual([]);
  });

  it('forgets what is older than an hour', () => {
    const trail = keepSample('general', [{ at: now - hourMs - 1, n: 9 }], { at: now, n: 1 });
    expect(trail).toEqual([{ at: now, n: 1 }]);
    expect(keptTrail('general', now + hourMs)).toEqual([]);
  });

  it('begins anew when what was kept cannot be read', () => {
    sessionStorage.setItem('hotline.trail.general', '{');
    expect(keptTrail('general', now)).toEqual([]);
  });
});
