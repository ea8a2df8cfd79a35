import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { List, QueueCount, QueueItem } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';

/** Filters of a queue as its URL and the server name them. */
export const filterNames = [
  'q',
  'type',
  'urgency',
  'light',
  'class',
  'unit',
  'mine',
  'unsigned',
  'sort',
] as const;
export type QueueFilters = Partial<Record<(typeof filterNames)[number], string>>;

const pageSize = 50;

/** Rows of a queue, page by page. What was shown stays until the new rows are there. */
export function useQueue(queue: string, filters: QueueFilters) {
  const path = `/desk/queues/${queue}`;
  const q = useInfiniteQuery({
    queryKey: [path, filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<List<QueueItem>>(path, { limit: pageSize, ...filters, cursor: pageParam || undefined }, signal),
    getNextPageParam: (last) => last.next_cursor || undefined,
    // Another filter of the same queue: the rows stay until the new ones are there.
    placeholderData: (old, was) => (was?.queryKey[0] === path ? old : undefined),
    refetchInterval: 60_000,
  });
  const first = q.data?.pages[0];
  return {
    query: q,
    rows: q.data?.pages.flatMap((x) => x.items ?? []) ?? [],
    total: first?.total,
    more: first?.total_is_more ?? false,
  };
}

/** How much lies in each queue of the person. */
export function useQueueCounts() {
  const q = useQuery({
    queryKey: ['/desk/queues'],
    queryFn: ({ signal }) => get<List<QueueCount> | QueueCount[]>('/desk/queues', {}, signal).then(itemsOf),
    refetchInterval: 60_000,
    select: (list) => new Map(list.map((c) => [c.queue, c])),
  });
  return q.data;
}
