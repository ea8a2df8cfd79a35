import { queryOptions } from '@tanstack/react-query';
import type { Area, List, TicketClass } from './contract';
import { get } from './http';

/** Items of an answer that is a list or a page of one. */
export const itemsOf = <T>(r: T[] | List<T> | null | undefined): T[] =>
  Array.isArray(r) ? r : (r?.items ?? []);

export interface ClassOption {
  value: string;
  label: string;
  search: string;
}

function flatten(list: TicketClass[], above: string[]): ClassOption[] {
  return list.flatMap((c) => {
    const path = c.path?.length ? c.path : [...above, c.name];
    if (c.children?.length) return flatten(c.children, path);
    const label = path.join(' / ');
    return [{ value: c.id, label, search: `${label} ${c.initials ?? ''}`.toLowerCase() }];
  });
}

/** Leaves of the class tree with their path and what a search may hit (words and pinyin initials). */
export const classesQuery = queryOptions({
  queryKey: ['/classes'],
  queryFn: async () => flatten(itemsOf(await get<TicketClass[] | List<TicketClass>>('/classes')), []),
  staleTime: 10 * 60_000,
});

export const areasQuery = queryOptions({
  queryKey: ['/areas'],
  queryFn: async () => itemsOf(await get<Area[] | List<Area>>('/areas')),
  staleTime: 10 * 60_000,
});
