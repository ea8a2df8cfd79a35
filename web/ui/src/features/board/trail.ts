import { useEffect, useState } from 'react';
import { serverNow, useLive } from '@/live/store';

const sampleMs = 15_000;
export const hourMs = 3_600_000;

export interface Sample {
  at: number;
  n: number;
}

const keptAs = (queue: string) => `hotline.trail.${queue}`;

/** What this tab has seen of the last hour; it outlives a reload of the page. */
export function keptTrail(queue: string, now: number): Sample[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keptAs(queue)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((s: Sample) => s.at > now - hourMs && s.at <= now) : [];
  } catch {
    return [];
  }
}

/** Adds a sample and forgets what is older than an hour. */
export function keepSample(queue: string, trail: Sample[], sample: Sample): Sample[] {
  const next = [...trail.filter((s) => s.at > sample.at - hourMs), sample];
  try {
    sessionStorage.setItem(keptAs(queue), JSON.stringify(next));
  } catch {
    // A full or forbidden store costs the picture after a reload, nothing else.
  }
  return next;
}

/** Waiting callers of a queue over the last hour, as far as this tab has watched it. */
export function useTrail(queue: string): Sample[] {
  const [trail, setTrail] = useState(() => keptTrail(queue, serverNow()));
  useEffect(() => {
    const sample = () => {
      const n = useLive.getState().board.queues[queue]?.waiting ?? 0;
      setTrail((old) => keepSample(queue, old, { at: serverNow(), n }));
    };
    sample();
    const timer = setInterval(sample, sampleMs);
    return () => clearInterval(timer);
  }, [queue]);
  return trail;
}
