import type { List } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';

export interface Announcement {
  id: string;
  version: number;
  title: string;
  text: string;
  audience: 'all' | 'hotline' | 'units' | 'chosen';
  units: string[];
  roles: string[];
  from: string;
  to?: string;
  must_confirm: boolean;
  by_name: string;
  at: string;
  withdrawn_at?: string;
  read_at?: string;
  read: number;
}

export interface Reader {
  account: string;
  name: string;
  unit: string;
  read_at?: string;
}

export const audiences: Record<string, string> = {
  all: '全体人员',
  hotline: '热线中心',
  units: '全部承办单位',
  chosen: '指定单位或角色',
};

export const announcementsQuery = (all = false) => ({
  queryKey: ['/announcements', all],
  queryFn: () => get<List<Announcement>>('/announcements', { all: all || undefined }).then(itemsOf),
  staleTime: 60_000,
});
