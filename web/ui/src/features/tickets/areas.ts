import type { Area } from '@/api/contract';

/** Names of a path of area codes, from the top down. */
export function areaNames(areas: Area[] | undefined, codes: string[]): string {
  const names: string[] = [];
  let level = areas ?? [];
  for (const code of codes) {
    const a = level.find((x) => x.code === code);
    if (!a) continue;
    names.push(a.name);
    level = a.children ?? [];
  }
  return names.join(' ');
}
