import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onDesk, useLive } from '@/live';

/** Which fetched paths a change at the desk touches, by the beginning of their query key. */
const touched: Record<string, string[]> = {
  ticket: ['/tickets', '/callers/history'],
  recording: ['/calls', '/tickets', '/callbacks'],
  call: ['/calls', '/tickets'],
  callback: ['/callbacks'],
};

/** Fetches again what the page shows when the desk says that it changed. */
export function useDeskRefetch() {
  const client = useQueryClient();
  const connects = useLive((s) => s.connects);
  useEffect(
    () =>
      onDesk((c) => {
        const prefixes =
          c.kind === 'all'
            ? null
            : [
                ...(touched[c.kind.split('.')[0] ?? ''] ?? []),
                ...(c.ticket ? ['/tickets'] : []),
                ...(c.call ? ['/calls'] : []),
                ...(c.callback ? ['/callbacks'] : []),
              ];
        void client.invalidateQueries({
          predicate: (q) => {
            const path = String(q.queryKey[0]);
            return prefixes === null ? path.startsWith('/') : prefixes.some((p) => path.startsWith(p));
          },
        });
      }),
    [client],
  );
  useEffect(() => {
    if (connects > 1) {
      void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('/') });
    }
  }, [client, connects]);
}
