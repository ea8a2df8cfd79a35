import type { List } from '@/api/contract';
import { get, post, put } from '@/api/http';

export interface Notice {
  id: string;
  kind: string;
  ticket?: string;
  title: string;
  text: string;
  at: string;
  read_at?: string;
}

export interface NoticePage extends List<Notice> {
  unread: number;
}

export interface Template {
  audience: 'citizen' | 'staff';
  kind: string;
  title: string;
  text: string;
  sms: boolean;
  default: { title: string; text: string; sms: boolean };
  changed: boolean;
  by?: string;
  at?: string;
  sample: string;
}

export interface Message {
  id: string;
  ticket?: string;
  number?: string;
  account?: string;
  channel: 'sms' | 'email';
  to_masked: string;
  text: string;
  state: string;
  tries: number;
  error?: string;
  at: string;
  sent_at?: string;
  delivered_at?: string;
}

export const noticesQuery = {
  queryKey: ['/notices'],
  queryFn: () => get<NoticePage>('/notices', { limit: 30 }),
  staleTime: 30_000,
};

export const readNotices = (ids?: string[]) => post<void>('/notices/read', ids ? { ids } : {});

export const saveTemplate = (x: Template, words: { title: string; text: string; sms: boolean }) =>
  put<void>(`/admin/templates/${x.audience}/${x.kind}`, words);

/** States of a message, as people say them. */
export const messageStates: Record<string, string> = {
  waiting: '待发送',
  sending: '发送中',
  sent: '已发送',
  delivered: '已送达',
  failed: '发送失败',
  over_quota: '超出短信量',
};
