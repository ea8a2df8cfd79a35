import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { List, Unit } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { ClassSelect } from '@/features/desktop/TicketForm';
import { useT } from '@/i18n';
import { label, lights, sources, ticketStates, ticketTypes, urgencies } from '@/labels';
import type { Filters } from './query';

export const flags: Record<string, string> = {
  supervised: '督办',
  hard: '疑难',
  rework: '重办',
  secret: '保密',
  unreasonable: '不合理诉求',
  overdue: '超期',
  returned: '退过单',
  urged: '催办过',
};

export const results: Record<string, string> = {
  direct: '直办',
  satisfied: '满意',
  dissatisfied: '不满意',
  no_position: '未表态',
  unreachable: '未联系',
  no_visit: '无需回访',
};

type Set = (changes: Record<string, string | undefined>) => void;

/** Every filter of the search; what is chosen stands in the URL. */
export function FilterBar({ filters: f, set, phone }: { filters: Filters; set: Set; phone: boolean }) {
  const t = useT();
  const rest = ['urgency', 'source', 'result', 'closed_from', 'due_from', 'class'].some((k) => f[k]);
  const [more, setMore] = useState(rest);
  const [unit, setUnit] = useState('');
  const units = useQuery({
    queryKey: ['/units', unit],
    queryFn: ({ signal }) => get<List<Unit>>('/units', { q: unit }, signal).then(itemsOf),
    staleTime: 60_000,
    placeholderData: (old) => old,
  });
  const many = (name: string, words: Record<string, string>, text: string, width: number) => (
    <Select
      mode="multiple"
      allowClear
      maxTagCount="responsive"
      style={{ width }}
      placeholder={text}
      aria-label={text}
      value={f[name]?.split(',') ?? []}
      onChange={(v: string[]) => set({ [name]: v.join(',') })}
      options={Object.keys(words)
        .filter((value) => value !== 'draft')
        .map((value) => ({ value, label: t(label(words, value)) }))}
      data-field={name}
    />
  );
  const span = (name: string, text: string) => (
    <span className="search-span">
      <span className="small muted">{text}</span>
      <DatePicker.RangePicker
        style={{ width: 216 }}
        aria-label={text}
        value={
          f[`${name}_from`] && f[`${name}_to`]
            ? [dayjs(f[`${name}_from`]), dayjs(f[`${name}_to`]).subtract(1, 'second')]
            : null
        }
        onChange={(r) =>
          set({
            [`${name}_from`]: r?.[0]?.startOf('day').toISOString(),
            [`${name}_to`]: r?.[1]?.endOf('day').add(1, 'millisecond').toISOString(),
          })
        }
      />
    </span>
  );
  return (
    <div className="filters" data-panel="filters">
      <Input.Search
        allowClear
        autoFocus
        defaultValue={f.q}
        key={`q${f.q ?? ''}`}
        style={{ width: 300 }}
        placeholder={t('标题、内容、答复中的词（两个字起），或工单编号')}
        aria-label={t('标题、内容、答复中的词（两个字起），或工单编号')}
        onSearch={(q) => set({ q: q.trim() })}
        data-field="q"
      />
      {phone && (
        <Input.Search
          allowClear
          defaultValue={f.phone}
          key={`p${f.phone ?? ''}`}
          style={{ width: 165 }}
          placeholder={t('完整电话号码')}
          aria-label={t('完整电话号码')}
          onSearch={(v) => set({ phone: v.trim() })}
        />
      )}
      {many('state', ticketStates, t('状态'), 150)}
      {many('type', ticketTypes, t('类型'), 110)}
      <Select
        allowClear
        showSearch={{ onSearch: setUnit, filterOption: false }}
        style={{ width: 180 }}
        placeholder={t('承办单位（拼音首字母可搜）')}
        aria-label={t('承办单位（拼音首字母可搜）')}
        value={f.unit}
        onChange={(v) => set({ unit: v })}
        options={(units.data ?? []).map((u) => ({ value: u.id, label: u.name }))}
        data-field="unit"
      />
      <Select
        allowClear
        style={{ width: 90 }}
        placeholder={t('灯')}
        aria-label={t('灯')}
        value={f.light}
        onChange={(light) => set({ light })}
        options={Object.entries(lights).map(([value, l]) => ({ value, label: t(l) }))}
      />
      {many('flag', flags, t('标记'), 130)}
      {span('submitted', t('受理'))}
      <Checkbox
        checked={f.open === 'true'}
        onChange={(e) => set({ open: e.target.checked ? 'true' : undefined })}
        style={{ alignSelf: 'center' }}
      >
        {t('未办结')}
      </Checkbox>
      <Button type="text" onClick={() => setMore(!more)} aria-expanded={more}>
        {more ? t('收起') : t('更多条件')}
      </Button>
      {Object.keys(f).length > 0 && (
        <Button
          type="text"
          onClick={() => set(Object.fromEntries(Object.keys(f).map((k) => [k, undefined])))}
          data-act="clear"
        >
          {t('清除')}
        </Button>
      )}
      {more && (
        <>
          <div style={{ width: 170, display: 'flex', minWidth: 0 }}>
            <ClassSelect
              placeholder={t('问题分类')}
              value={f.class ?? ''}
              onChange={(c) => set({ class: c })}
            />
          </div>
          {many('urgency', urgencies, t('紧急程度'), 120)}
          {many('source', sources, t('渠道'), 120)}
          {many('result', results, t('办结结果'), 130)}
          {span('closed', t('办结'))}
          {span('due', t('期限'))}
        </>
      )}
    </div>
  );
}
