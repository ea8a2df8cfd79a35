import { currentLang, tr } from '@/i18n';

let zone = 'Asia/Shanghai';
/** Business time zone of the hotline; every time on the screen is in it. */
export const setZone = (z: string) => {
  zone = z || zone;
};

const cache = new Map<string, Intl.DateTimeFormat>();
function fmt(kind: string, opt: Intl.DateTimeFormatOptions) {
  const key = `${kind}|${zone}`;
  let f = cache.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hourCycle: 'h23', ...opt });
    cache.set(key, f);
  }
  return f;
}

const valid = (t: string | number | Date | undefined | null): Date | null => {
  if (t === undefined || t === null || t === '') return null;
  const d = new Date(t);
  return Number.isNaN(d.getTime()) || d.getUTCFullYear() < 1971 ? null : d;
};

type When = string | number | Date | undefined | null;

/** 11-24 10:32 */
export function shortTime(t: When): string {
  const d = valid(t);
  return d
    ? fmt('short', { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
        .format(d)
        .replace('/', '-')
    : '';
}

/** 2026-11-24 10:32:05 */
export function fullTime(t: When): string {
  const d = valid(t);
  return d
    ? fmt('full', {
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      })
        .format(d)
        .replaceAll('/', '-')
    : '';
}

/** 10:32:05 */
export function clockTime(t: When): string {
  const d = valid(t);
  return d ? fmt('clock', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(d) : '';
}

/** 11-24 */
export function dayOf(t: When): string {
  const d = valid(t);
  return d ? fmt('day', { month: '2-digit', day: '2-digit' }).format(d).replace('/', '-') : '';
}

/** 11-30 周一 17:30, with the year when it is another one than now. */
export function dueText(t: When, now: When = Date.now()): string {
  const d = valid(t);
  if (!d) return '';
  const year = (x: Date) => fmt('year', { year: 'numeric' }).format(x).slice(0, 4);
  const weekday = tr(fmt('weekday', { weekday: 'short' }).format(d));
  const clock = fmt('minute', { hour: '2-digit', minute: '2-digit' }).format(d);
  const y = year(d);
  return `${y === year(valid(now) ?? d) ? '' : `${y}-`}${dayOf(d)} ${weekday} ${clock}`;
}

/** Remainder of a deadline in working time, as the server counted it: 剩 1 工作日 3 小时. */
export function remainsText(remains: string | undefined | null): string {
  if (!remains || isChinese()) return remains ?? '';
  return Object.entries(spans)
    .reduce((s, [zh, en]) => s.replaceAll(zh, en), remains)
    .trim();
}

const spans = {
  工作日: 'working days',
  自然日: 'days',
  工作小时: 'working hours',
  小时: 'h',
  分钟: 'min',
  天: 'days',
  剩: 'left:',
  超: 'over:',
};

/** 1.4 MB */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const two = (n: number) => String(n).padStart(2, '0');

/** Duration as 01:24 or 1:02:03; from a day on as 1 天 15 小时. */
export function duration(seconds: number | undefined | null): string {
  const s = Math.max(0, Math.floor(seconds ?? 0));
  if (s >= 86_400)
    return tr('{{d}} 天 {{h}} 小时', { d: Math.floor(s / 86_400), h: Math.floor((s % 86_400) / 3600) });
  const h = Math.floor(s / 3600);
  const rest = `${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  return h > 0 ? `${h}:${rest}` : rest;
}

/** Phone number in groups that can be read out: 138 1234 5678. */
export function phoneNumber(n: string | undefined | null): string {
  if (!n) return '';
  if (/^1\d{10}$/.test(n)) return `${n.slice(0, 3)} ${n.slice(3, 7)} ${n.slice(7)}`;
  return n;
}

/** Digits in groups of three or four for reading out: 261124 00123 4. */
export function ticketNumber(n: string | undefined | null): string {
  return n && n.length === 12 ? `${n.slice(0, 6)} ${n.slice(6, 11)} ${n.slice(11)}` : (n ?? '');
}

/** Whole days between a time and now, in words: 今天, 3 天. */
export function daysAgo(t: When, now = Date.now()): string {
  const d = valid(t);
  if (!d) return '';
  const days = Math.floor((now - d.getTime()) / 86_400_000);
  return days <= 0 ? tr('今天') : tr('{{n}} 天', { n: days });
}

export const percent = (x: number | undefined) => `${Math.round((x ?? 0) * 1000) / 10}%`;
export const isChinese = () => currentLang() === 'zh-CN';
