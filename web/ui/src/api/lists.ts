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

/** Leaves of the class tree with their path and what a search may hit (words and pinyin initials). */
export const classesQuery = queryOptions({
  queryKey: ['/classes'],
  queryFn: async (): Promise<ClassOption[]> =>
    itemsOf(await get<List<TicketClass>>('/classes'))
      .filter((c) => c.leaf !== false && !c.disabled)
      .map((c) => {
        const label = c.path.join(' / ');
        return { value: c.id, label, search: `${label} ${c.initials ?? ''}`.toLowerCase() };
      }),
  staleTime: 10 * 60_000,
});

export interface AreaNode {
  value: string;
  label: string;
  children?: AreaNode[];
}

/** Areas of the city as a tree. */
export const areasQuery = queryOptions({
  queryKey: ['/areas'],
  queryFn: async (): Promise<AreaNode[]> => {
    const list = itemsOf(await get<List<Area>>('/areas'));
    const known = new Set(list.map((a) => a.code));
    const below = (parent: string): AreaNode[] =>
      list
        .filter((a) => (a.parent && known.has(a.parent) ? a.parent : '') === parent)
        .map((a) => {
          const children = below(a.code);
          return { value: a.code, label: a.name, ...(children.length ? { children } : {}) };
        });
    return below('');
  },
  staleTime: 10 * 60_000,
});
