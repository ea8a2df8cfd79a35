import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Select, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { QueueItem } from '@/api/contract';
import { useCommands } from '@/app/keys';
import { useSession } from '@/app/session';
import { LoadError, Nothing, PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { ClassSelect } from '@/features/desktop/TicketForm';
import { unitsQuery } from '@/features/tickets/actions';
import { keyOf, step } from '@/features/workbench/selection';
import { filterNames, type QueueFilters, useQueue, useQueueCounts } from '@/features/workbench/useQueue';
import { useT } from '@/i18n';
import { lights, ticketTypes, urgencies } from '@/labels';
import { Batch } from './Batch';
import { QueueList } from './QueueList';
import { QueueNav } from './QueueNav';
import { emptyTexts } from './queues';
import './department.css';

/** 部门工作台: the queues of the unit at the left, their tickets beside. */
export default function Department() {
  const t = useT();
  const session = useSession();
  const counts = useQueueCounts();
  const [url, set] = useUrlFilters();
  const list = [...(counts?.values() ?? [])];
  const queue = url.queue ?? list[0]?.queue;
  return (
    <PageShell title={session.unit?.name ?? t('部门工作台')}>
      <div className="dept" data-fits>
        {counts ? (
          <QueueNav
            counts={list}
            queue={queue ?? ''}
            choose={(q) => set({ ...none, queue: q === list[0]?.queue ? undefined : q, at: undefined })}
          />
        ) : (
          <nav className="card dept-nav pad">
            <Skeleton active />
          </nav>
        )}
        {queue && (
          <Rows key={queue} queue={queue} name={counts?.get(queue)?.label ?? ''} url={url} set={set} />
        )}
      </div>
    </PageShell>
  );
}

/** No filter at all. */
const none = Object.fromEntries(filterNames.map((n) => [n, undefined]));

function Rows({
  queue,
  name,
  url,
  set,
}: {
  queue: string;
  name: string;
  url: Record<string, string>;
  set: (x: Record<string, string | undefined>) => void;
}) {
  const t = useT();
  const go = useNavigate();
  const session = useSession();
  const units = useQuery(unitsQuery);
  const two = !!session.unit && !!units.data?.some((u) => u.parent === session.unit?.id);
  const filters = useMemo(
    () => Object.fromEntries(filterNames.map((n) => [n, url[n]]).filter(([, v]) => v)) as QueueFilters,
    [url],
  );
  const { query, rows, total, more } = useQueue(queue, filters);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const keys = rows.map(keyOf);
  const selected = rows.filter((x) => chosen.has(keyOf(x)));
  const move = (by: 1 | -1) => {
    const to = step(keys, url.at, by);
    if (to === url.at && by === 1 && query.hasNextPage) void query.fetchNextPage();
    if (to) set({ at: to });
  };
  useCommands({
    nextItem: () => move(1),
    previousItem: () => move(-1),
    choose: () => url.at && toggle(url.at, !chosen.has(url.at)),
  });
  const toggle = (key: string, on: boolean) =>
    setChosen((old) => {
      const next = new Set(old);
      if (on) next.add(key);
      else next.delete(key);
      return next;
    });
  const open = (x: QueueItem) => {
    set({ at: keyOf(x) });
    void go(`/tickets/${x.id}`, { state: { from: name } });
  };
  const filtered = Object.keys(filters).some((k) => k !== 'sort');
  return (
    <section className="card dept-rows" data-queue-shown={queue}>
      <div className="dept-bar">
        <h2>{t(name)}</h2>
        <span className="muted small num">
          {total !== undefined && t('共 {{total}} 条', { total: more ? `${total}+` : total })}
        </span>
        <Filters filters={filters} set={set} />
      </div>
      {selected.length > 0 && <Batch rows={selected} clear={() => setChosen(new Set())} />}
      <div className="dept-scroll">
        {query.isPending ? (
          <Skeleton active paragraph={{ rows: 10 }} title={false} className="pad" />
        ) : query.error && rows.length === 0 ? (
          <LoadError error={query.error} retry={() => query.refetch()} />
        ) : rows.length === 0 ? (
          <Nothing
            text={t(
              filtered ? '没有符合条件的工单，可以放宽筛选条件' : (emptyTexts[queue] ?? '这里没有工单'),
            )}
          >
            {filtered && <Button onClick={() => set(none)}>{t('清除筛选')}</Button>}
          </Nothing>
        ) : (
          <>
            <QueueList
              rows={rows}
              two={two}
              at={url.at}
              chosen={chosen}
              choose={toggle}
              chooseAll={(on) => setChosen(new Set(on ? keys : []))}
              open={open}
              done={() => setChosen(new Set())}
            />
            {query.hasNextPage && (
              <div className="more">
                <Button size="small" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
                  {t('更多')}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Filters({
  filters,
  set,
}: {
  filters: QueueFilters;
  set: (x: Record<string, string | undefined>) => void;
}) {
  const t = useT();
  const options = (words: Record<string, string>) =>
    Object.entries(words).map(([value, l]) => ({ value, label: t(l) }));
  const pick = (name: keyof QueueFilters, text: string, words: Record<string, string>, width: number) => (
    <Select
      allowClear
      style={{ width }}
      placeholder={t(text)}
      aria-label={t(text)}
      value={filters[name]}
      options={options(words)}
      onChange={(v) => set({ [name]: v, at: undefined })}
      data-field={name}
    />
  );
  return (
    <div className="dept-filters">
      <Input.Search
        allowClear
        key={filters.q ?? ''}
        defaultValue={filters.q}
        style={{ width: 200 }}
        placeholder={t('编号、标题或内容')}
        aria-label={t('编号、标题或内容')}
        onSearch={(q) => set({ q: q.trim() || undefined, at: undefined })}
        data-field="q"
      />
      {pick('light', '灯', lights, 92)}
      {pick('type', '类型', ticketTypes, 88)}
      {pick('urgency', '紧急程度', urgencies, 104)}
      <span className="dept-class">
        <ClassSelect
          placeholder={t('问题分类')}
          value={filters.class ?? ''}
          onChange={(c) => set({ class: c || undefined, at: undefined })}
        />
      </span>
      <Checkbox
        checked={filters.unsigned === 'true'}
        onChange={(e) => set({ unsigned: e.target.checked ? 'true' : undefined, at: undefined })}
        data-field="unsigned"
      >
        {t('只看未签收')}
      </Checkbox>
      {pick('sort', '排序', { due: '按时限', newest: '最新在前', sent: '按来件时间' }, 116)}
    </div>
  );
}
