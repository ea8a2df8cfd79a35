import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onDesk, useLive } from '@/live';
import type { DeskChange } from '@/live/frames';

/** Which fetched paths a change at the desk touches, by the beginning of their query key. */
const touched: Record<string, string[]> = {
  ticket: ['/tickets', '/desk', '/callers/history'],
  recording: ['/calls', '/tickets', '/callbacks'],
  call: ['/calls', '/tickets'],
  callback: ['/callbacks'],
  notice: ['/notices'],
  announcement: ['/announcements'],
  rules: ['/rules', '/policy', '/calendar', '/catalogue', '/triage'],
};

/** Changes of so long are fetched at once: a busy city changes many tickets a second. */
const gatherMs = 400;

/** The beginnings of the query keys that a change touches; null: all of them. */
function touchedBy(c: DeskChange): string[] | null {
  if (c.kind === 'all') return null;
  return [
    ...(touched[c.kind.split('.')[0] ?? ''] ?? []),
    ...(c.ticket ? ['/tickets', '/desk'] : []),
    ...(c.call ? ['/calls'] : []),
    ...(c.callback ? ['/callbacks'] : []),
  ];
}

/** Fetches again what the page shows when the desk says that it changed. */
export function useDeskRefetch() {
  const client = useQueryClient();
  const connects = useLive((s) => s.connects);
  useEffect(() => {
    const prefixes = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fetchAgain = () => {
      timer = undefined;
      const gathered = [...prefixes];
      prefixes.clear();
      void client.invalidateQueries({
        predicate: (q) => gathered.some((p) => String(q.queryKey[0]).startsWith(p)),
      });
    };
    const stop = onDesk((c) => {
      for (const p of touchedBy(c) ?? ['/']) prefixes.add(p);
      timer ??= setTimeout(fetchAgain, gatherMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
  useEffect(() => {
    if (connects > 1) {
      void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('/') });
    }
  }, [client, connects]);
}
