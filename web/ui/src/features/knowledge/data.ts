import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Article, KnowledgeTree, List, Suggestion } from '@/api/contract';
import { get, post } from '@/api/http';
import { itemsOf } from '@/api/lists';

export const treeQuery = queryOptions({
  queryKey: ['/knowledge', 'tree'],
  queryFn: () => get<KnowledgeTree>('/knowledge/tree'),
});

export const articleQuery = (id: string) =>
  queryOptions({ queryKey: ['/knowledge', 'article', id], queryFn: () => get<Article>(`/knowledge/${id}`) });

/** Counts that an article was read or went into an answer; a lost count is no loss. */
export const hit = (id: string, inserted: boolean) =>
  post(`/knowledge/${id}/hits`, { inserted }).catch(() => {});

/** The value once it has stood still for a moment. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** Articles that fit what is being typed. */
export function useSuggestions(text: string, ticketClass: string) {
  const q = useSettled(text.trim().slice(0, 500), 400);
  return useQuery({
    queryKey: ['/knowledge', 'suggest', q, ticketClass],
    queryFn: ({ signal }) =>
      get<List<Suggestion>>('/knowledge/suggest', { q, class: ticketClass, limit: 5 }, signal).then(itemsOf),
    enabled: q.length > 1 || !!ticketClass,
    placeholderData: (old) => old,
    staleTime: 60_000,
  });
}
