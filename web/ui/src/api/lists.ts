import { queryOptions } from '@tanstack/react-query';
import type { Area, List, TicketClass } from './contract';
import { get } from './http';

/** Items of an answer that is a list or a page of one. */
export const itemsOf = <T>(r: T[] | List<T> | null | undefined): T[] =>
  Array.isArray(r) ? r : (r?.items ?? []);

export interface ClassOption {
  value: string;
  label: string;
  /** Of the leaf itself: they come first. */
  initials: string;
  search: string;
}

/** Leaves of the class tree with their path and what a search may hit (words and pinyin initials). */
export const classesQuery = queryOptions({
  queryKey: ['/classes'],
  queryFn: async (): Promise<ClassOption[]> => {
    const list = itemsOf(await get<List<TicketClass>>('/classes'));
    const byId = new Map(list.map((c) => [c.id, c]));
    const initials = (c: TicketClass | undefined): string =>
      c ? `${initials(c.parent ? byId.get(c.parent) : undefined)} ${c.initials ?? ''}` : '';
    return list
      .filter((c) => c.leaf !== false && !c.disabled)
      .map((c) => {
        const label = c.path.join(' / ');
        return {
          value: c.id,
          label,
          initials: c.initials ?? '',
          search: `${label} ${initials(c)}`.toLowerCase(),
        };
      });
  },
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
