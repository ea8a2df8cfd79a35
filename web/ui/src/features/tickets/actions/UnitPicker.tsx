import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useMemo } from 'react';
import type { List, Unit } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { useT } from '@/i18n';

/** Every unit of the city, kept for a while. */
export const unitsQuery = {
  queryKey: ['/units'],
  queryFn: () => get<List<Unit>>('/units').then(itemsOf),
  staleTime: 10 * 60_000,
};

/** Does the unit fit what is typed: words of its name or duties, or initials of its pinyin? */
export function fits(u: Pick<Unit, 'name' | 'duties' | 'initials'>, typed: string): boolean {
  const text = `${u.name} ${u.duties ?? ''} ${u.initials ?? ''}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((w) => text.includes(w));
}

/** Units whose initials or name begin as typed come first. */
function rank(u: Pick<Unit, 'name' | 'initials'>, typed: string): number {
  const q = typed.toLowerCase();
  if ((u.initials ?? '').toLowerCase().startsWith(q) || u.name.startsWith(typed)) return 0;
  return u.name.includes(typed) ? 1 : 2;
}

interface Props {
  /** Only the units below this one; left out: the first level. */
  below?: string;
  /** Units of every level. */
  all?: boolean;
  /** Not these. */
  without?: string[];
  placeholder?: string;
  field?: string;
  /** What it asks for, where no label stands beside. */
  label?: string;
  autoFocus?: boolean;
  /** What is known of a unit for this ticket: past returns, the catalogue's proposal. */
  hint?: (unit: string) => string | undefined;
}

type One = Props & { multiple?: false; value?: string; onChange?: (id?: string) => void };
type Many = Props & { multiple: true; value?: string[]; onChange?: (ids: string[]) => void };

/** Chooses units by words or pinyin initials; their duties stand beside. */
export function UnitPicker(p: One | Many) {
  const t = useT();
  const q = useQuery(unitsQuery);
  const options = useMemo(() => {
    const list = q.data ?? [];
    const shown = p.all ? list : list.filter((u) => (p.below ? u.parent === p.below : !u.parent));
    return shown
      .filter((u) => u.kind !== 'hotline' && !p.without?.includes(u.id))
      .map((u) => ({ value: u.id, label: u.name, unit: u }));
  }, [q.data, p.all, p.below, p.without]);
  const shared = {
    options,
    loading: q.isPending,
    autoFocus: p.autoFocus,
    allowClear: true,
    'aria-label': p.label ?? t('承办单位'),
    style: { width: '100%' },
    placeholder: p.placeholder ?? t('输入汉字或拼音首字母'),
    listHeight: 320,
    popupMatchSelectWidth: 420,
    showSearch: {
      filterOption: (typed: string, o?: { unit: Unit }) => !!o && fits(o.unit, typed),
      filterSort: (a: { unit: Unit }, b: { unit: Unit }, { searchValue }: { searchValue: string }) =>
        rank(a.unit, searchValue) - rank(b.unit, searchValue),
    },
    notFoundContent: q.isPending ? t('正在载入…') : t('没有这样的单位'),
    optionRender: (o: { data: { unit: Unit } }) => {
      const u = o.data.unit;
      const hint = p.hint?.(u.id);
      return (
        <div className="unit-option" data-unit={u.id}>
          <span>{u.name}</span>
          {hint && <span className="unit-hint">{hint}</span>}
          <span className="muted small ellipsis">{u.duties}</span>
        </div>
      );
    },
    'data-field': p.field ?? 'unit',
  };
  return p.multiple ? (
    <Select {...shared} mode="multiple" value={p.value ?? []} onChange={(v: string[]) => p.onChange?.(v)} />
  ) : (
    <Select
      {...shared}
      value={p.value || undefined}
      onChange={(v?: string) => p.onChange?.(v || undefined)}
    />
  );
}
