import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** Filters that live in the URL, so that back, reload and a sent link show the same list. */
export function useUrlFilters() {
  const [params, setParams] = useSearchParams();
  const values = useMemo(() => Object.fromEntries(params), [params]);
  const set = (changes: Record<string, string | undefined>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [k, v] of Object.entries(changes)) {
          if (v) next.set(k, v);
          else next.delete(k);
        }
        return next;
      },
      { replace: true },
    );
  return [values, set] as const;
}
