import type { AreaNode } from '@/api/lists';

/** Names of a path of area codes, from the top down. */
export function areaNames(areas: AreaNode[] | undefined, codes: string[]): string {
  const names: string[] = [];
  let level = areas ?? [];
  for (const code of codes) {
    const a = level.find((x) => x.value === code);
    if (!a) continue;
    names.push(a.label);
    level = a.children ?? [];
  }
  return names.join(' ');
}
