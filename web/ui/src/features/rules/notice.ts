/** A year's notice as people write it: a line for each holiday, days and spans after its name. */

const oneDay = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Is it a date of the calendar, as 2026-10-01? */
function time(text: string): number | undefined {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(ms) && dayOf(ms) === text ? ms : undefined;
}

/** Longest holiday that a slip of the keyboard may make. */
const longest = 31;

/** Reads `国庆节 2026-10-01~2026-10-07`; what is no date stays as it is, for the server to name. */
export function parseDays(text: string): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const line of text.split('\n')) {
    const [name, ...words] = line
      .trim()
      .split(/[\s,，、:：]+/)
      .filter(Boolean);
    if (!name) continue;
    groups[name] = [...(groups[name] ?? []), ...words.flatMap(span)];
  }
  return groups;
}

function span(word: string): string[] {
  const [first, last, ...rest] = word.split(/[~～至]/);
  if (last === undefined || rest.length || !first) return [word];
  const from = time(first);
  const to = time(last);
  if (from === undefined || to === undefined || to < from || to - from > longest * oneDay) return [word];
  const days = [];
  for (let at = from; at <= to; at += oneDay) days.push(dayOf(at));
  return days;
}

/** Writes days so that `parseDays` reads them back: neighbours as a span. */
export function formatDays(groups: Record<string, string[]>): string {
  return Object.entries(groups)
    .map(([name, days]) => ({ name, days: [...days].sort() }))
    .sort((a, b) => (a.days[0] ?? '').localeCompare(b.days[0] ?? ''))
    .map(({ name, days }) => `${name} ${spans(days).join(' ')}`)
    .join('\n');
}

function spans(days: string[]): string[] {
  const list: [string, string][] = [];
  for (const day of days) {
    const last = list.at(-1);
    if (last && (time(day) ?? 0) - (time(last[1]) ?? 0) === oneDay) last[1] = day;
    else list.push([day, day]);
  }
  return list.map(([from, to]) => (from === to ? from : `${from}~${to}`));
}
