import type { SearchFilter } from '@/api/contract';

/** Filters of the search as the URL and the list keep them: lists are joined by commas. */
export type Filters = Record<string, string>;

const lists = new Set(['state', 'type', 'urgency', 'source', 'result', 'flag']);
const switches = new Set(['open', 'mine']);
const texts = [
  'q',
  'number',
  'phone',
  'class',
  'unit',
  'light',
  'submitted_from',
  'submitted_to',
  'closed_from',
  'closed_to',
  'due_from',
  'due_to',
];
const names = [...texts, ...lists, ...switches];

/** Only what is a filter, out of everything in the URL. */
export const filtersOf = (url: Filters): Filters =>
  Object.fromEntries(names.flatMap((n) => (url[n] ? [[n, url[n]]] : [])));

/** The filter as the server keeps it in saved filters and exports. */
export function toSaved(f: Filters): SearchFilter {
  const out: Record<string, unknown> = {};
  for (const [k, v] of Object.entries(filtersOf(f))) {
    if (lists.has(k)) out[k] = v.split(',');
    else out[k] = switches.has(k) ? v === 'true' : v;
  }
  return out as SearchFilter;
}

/** A saved filter as the URL keeps it. */
export function fromSaved(saved: SearchFilter): Filters {
  const out: Filters = {};
  for (const [k, v] of Object.entries(saved)) {
    if (Array.isArray(v)) out[k] = v.join(',');
    else if (v) out[k] = String(v);
  }
  return filtersOf(out);
}

/** Words to mark in a text that was found. */
export const wordsOf = (f: Filters): string[] => (f.q ?? '').split(/\s+/).filter((w) => w.length > 1);

/** The text cut where the words stand, those marked. */
export function marked(text: string, words: string[]): { text: string; hit: boolean }[] {
  if (!words.length) return [{ text, hit: false }];
  const any = new RegExp(`(${words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi');
  return text
    .split(any)
    .map((part, i) => ({ text: part, hit: i % 2 === 1 }))
    .filter((p) => p.text);
}
