import { FilterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge, Button, Checkbox, Input, Select, Skeleton, Tooltip } from 'antd';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { QueueItem, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { useCommands } from '@/app/keys';
import { LoadError, Loaded, Nothing, PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';
import { lights, ticketTypes, urgencies } from '@/labels';
import { QueueRow } from './QueueRow';
import { keyOf, step, successor, ticketOf } from './selection';
import { filterNames, type QueueFilters, useQueue, useQueueCounts } from './useQueue';
import './workbench.css';

/** A queue as one tab of a workbench. */
export interface BenchTab {
  /** Name in the URL, when the same queue has several tabs. */
  id?: string;
  queue: string;
  /** What this tab leaves out of its queue, such as what others have in hand. */
  only?: QueueFilters;
  /** Which figure of the queue's counts the tab shows. */
  figure?: 'count' | 'mine';
  text: string;
  /** What the empty list says: that nothing waits, or what to do. */
  empty: string;
  /** What a row is, before its type and place. */
  what?: (x: QueueItem) => string | undefined;
}

/** The row that is looked at, with its ticket. */
export interface Looked {
  queue: string;
  key: string;
  /** Gone when somebody else moved it out of the queue meanwhile. */
  item: QueueItem | undefined;
  ticket: Ticket;
  /** Goes to the next row, for one that was dealt with. */
  moveOn: () => void;
}

const idOf = (x: BenchTab) => x.id ?? x.queue;

/** No dialog is open: a key means the page. */
export const atPage = () => !document.querySelector('.ant-modal-wrap, .ant-drawer-open');

/**
 * List left, ticket right; J and K go through the list. Queue, filters and the row that is looked at
 * are in the URL; the counts and rows follow what others do.
 */
export function Workbench({
  title,
  tabs,
  extra,
  above,
  children,
}: {
  title: string;
  tabs: BenchTab[];
  extra?: (go: (key: string) => void, tab: BenchTab) => ReactNode;
  /** A line over the ticket, such as an undo that outlives the row it is about. */
  above?: ReactNode;
  children: (looked: Looked) => ReactNode;
}) {
  const t = useT();
  const [url, set] = useUrlFilters();
  const tab = tabs.find((x) => idOf(x) === url.queue) ?? (tabs[0] as BenchTab);
  const filters = useMemo(
    () => Object.fromEntries(filterNames.map((n) => [n, url[n]]).filter(([, v]) => v)) as QueueFilters,
    [url],
  );
  const list = useQueue(tab.queue, { ...filters, ...tab.only });
  const counts = useQueueCounts();
  const keys = list.rows.map(keyOf);
  const at = url.at;
  // Keys can come faster than the page is drawn: the cursor is where they have led so far.
  const cursor = useRef(at);
  const sent = useRef<string>(undefined);
  useEffect(() => {
    if (sent.current !== undefined && sent.current !== at) return; // an earlier step is only now drawn
    sent.current = undefined;
    cursor.current = at;
  }, [at]);
  const change = useRef(set);
  change.current = set;
  const go = useCallback((key: string | undefined) => {
    cursor.current = key;
    sent.current = key;
    change.current({ at: key });
  }, []);
  const loaded = !list.query.isPending;
  const first = keys[0];
  useEffect(() => {
    if (loaded && !at && first) set({ at: first });
  }, [loaded, at, first, set]);
  const move = (by: 1 | -1) => {
    if (!atPage()) return;
    const to = step(keys, cursor.current, by);
    if (to === cursor.current && by === 1 && list.query.hasNextPage) void list.query.fetchNextPage();
    if (to) go(to);
  };
  useCommands({ nextItem: () => move(1), previousItem: () => move(-1) });
  const item = at ? list.rows.find((x) => keyOf(x) === at) : undefined;
  return (
    <PageShell title={title} extra={extra?.(go, tab)}>
      <div className="bench">
        <section className="card bench-list" aria-label={t('列表')}>
          <div className="bench-tabs" role="tablist">
            {tabs.map((x) => {
              const c = counts?.get(x.queue);
              return (
                <button
                  key={idOf(x)}
                  type="button"
                  role="tab"
                  aria-selected={x === tab}
                  onClick={() => set({ queue: x === tabs[0] ? undefined : idOf(x), at: undefined })}
                  data-queue={idOf(x)}
                >
                  {t(x.text)}
                  {c && (
                    <span className="num bench-count" data-count={c[x.figure ?? 'count']}>
                      {c[x.figure ?? 'count']}
                    </span>
                  )}
                  {!!c?.red && x.figure !== 'mine' && (
                    <Tooltip title={t('已超期 {{n}}', { n: c.red })}>
                      <span className="light light-red">
                        <span className="dot" />
                      </span>
                    </Tooltip>
                  )}
                </button>
              );
            })}
          </div>
          <Filters key={idOf(tab)} filters={filters} only={tab.only} set={set} />
          <Rows
            list={list}
            tab={tab}
            at={at}
            go={go}
            filtered={Object.keys(filters).some((k) => k !== 'sort')}
          />
        </section>
        {at ? (
          <Pane
            key={at}
            at={at}
            item={item}
            gone={loaded && !list.query.isFetching && !item && !list.query.hasNextPage}
            queue={tab}
            above={above}
            moveOn={() => go(successor(keys, at))}
          >
            {children}
          </Pane>
        ) : (
          <div className="bench-pane">
            {above}
            <section className="card bench-none">
              {loaded ? <Nothing text={first ? t('从左边选一件') : t(tab.empty)} /> : <Skeleton active />}
            </section>
          </div>
        )}
      </div>
    </PageShell>
  );
}

function Filters({
  filters,
  only,
  set,
}: {
  filters: QueueFilters;
  only?: QueueFilters;
  set: (x: Record<string, string | undefined>) => void;
}) {
  const t = useT();
  const active = filterNames.filter((n) => n !== 'q' && filters[n]).length;
  const [open, setOpen] = useState(active > 0);
  const options = (words: Record<string, string>) =>
    Object.entries(words).map(([value, l]) => ({ value, label: t(l) }));
  return (
    <div className="bench-filters">
      <div className="row">
        <Input.Search
          allowClear
          defaultValue={filters.q}
          placeholder={t('编号、标题或内容')}
          aria-label={t('编号、标题或内容')}
          onSearch={(q) => set({ q: q.trim(), at: undefined })}
          data-field="q"
        />
        <Badge count={active} size="small" color="#1456d9">
          <Button
            icon={<FilterOutlined />}
            aria-label={t('筛选')}
            title={t('筛选')}
            aria-expanded={open}
            type={open ? 'primary' : 'default'}
            ghost={open}
            onClick={() => setOpen(!open)}
            data-act="filters"
          />
        </Badge>
      </div>
      {open && (
        <div className="bench-filter-grid">
          <Select
            allowClear
            placeholder={t('类型')}
            aria-label={t('类型')}
            value={filters.type}
            options={options(ticketTypes)}
            onChange={(type) => set({ type, at: undefined })}
            data-field="type"
          />
          <Select
            allowClear
            placeholder={t('紧急程度')}
            aria-label={t('紧急程度')}
            value={filters.urgency}
            options={options(urgencies)}
            onChange={(urgency) => set({ urgency, at: undefined })}
            data-field="urgency"
          />
          <Select
            allowClear
            placeholder={t('灯')}
            aria-label={t('灯')}
            value={filters.light}
            options={options(lights)}
            onChange={(light) => set({ light, at: undefined })}
            data-field="light"
          />
          <Select
            value={filters.sort ?? 'due'}
            aria-label={t('排序')}
            options={[
              { value: 'due', label: t('按时限') },
              { value: 'newest', label: t('最新在前') },
              { value: 'sent', label: t('按来件时间') },
            ]}
            onChange={(sort) => set({ sort: sort === 'due' ? undefined : sort, at: undefined })}
            data-field="sort"
          />
          {!only?.mine && (
            <Checkbox
              checked={filters.mine === 'true'}
              onChange={(e) => set({ mine: e.target.checked ? 'true' : undefined, at: undefined })}
              data-field="mine"
            >
              {t('只看我的')}
            </Checkbox>
          )}
        </div>
      )}
    </div>
  );
}

function Rows({
  list,
  tab,
  at,
  go,
  filtered,
}: {
  list: ReturnType<typeof useQueue>;
  tab: BenchTab;
  at: string | undefined;
  go: (key: string) => void;
  filtered: boolean;
}) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list.query;
  const there = list.rows.length > 0;
  useEffect(() => {
    if (there && at) box.current?.querySelector('[data-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, there]);
  useEffect(() => {
    if (!end.current || !hasNextPage || isFetchingNextPage) return;
    const eye = new IntersectionObserver(
      (seen) => {
        if (seen.some((x) => x.isIntersecting)) void fetchNextPage();
      },
      { root: box.current, rootMargin: '200px' },
    );
    eye.observe(end.current);
    return () => eye.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (list.query.error && !list.query.data) {
    return <LoadError error={list.query.error} retry={() => list.query.refetch()} />;
  }
  if (list.query.isPending) return <Skeleton active style={{ padding: 12 }} paragraph={{ rows: 10 }} />;
  if (list.rows.length === 0) {
    return <Nothing text={filtered ? t('没有符合条件的工单，可以放宽筛选条件') : t(tab.empty)} />;
  }
  return (
    <>
      <div className="bench-rows" ref={box} data-list={tab.queue}>
        {list.rows.map((x) => {
          const key = keyOf(x);
          return <Row key={key} id={key} x={x} selected={key === at} what={tab.what?.(x)} go={go} />;
        })}
        {hasNextPage && (
          <div ref={end} className="bench-more">
            <Button size="small" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
              {t('更多')}
            </Button>
          </div>
        )}
      </div>
      <footer className="bench-foot small muted">
        <span className="num">
          {list.total === undefined
            ? ''
            : t('共 {{total}} 条', { total: list.more ? `${list.total}+` : list.total })}
        </span>
        <span className="grow" />
        <kbd>J</kbd> {t('下一条')} <kbd>K</kbd> {t('上一条')}
      </footer>
    </>
  );
}

/** Drawn again only when the row itself changed: a list can have a thousand. */
const Row = memo(function Row({
  id,
  x,
  selected,
  what,
  go,
}: {
  id: string;
  x: QueueItem;
  selected: boolean;
  what?: string;
  go: (key: string) => void;
}) {
  return (
    <button
      type="button"
      className="bench-row"
      data-selected={selected}
      data-row={id}
      aria-current={selected ? 'true' : undefined}
      onClick={() => go(id)}
    >
      <QueueRow x={x} what={what} />
    </button>
  );
});

function Pane({
  at,
  item,
  gone,
  queue,
  above,
  moveOn,
  children,
}: {
  at: string;
  item: QueueItem | undefined;
  gone: boolean;
  queue: BenchTab;
  above?: ReactNode;
  moveOn: () => void;
  children: (looked: Looked) => ReactNode;
}) {
  const t = useT();
  const id = ticketOf(at);
  const q = useQuery({
    queryKey: ['/tickets', id],
    queryFn: ({ signal }) => get<Ticket>(`/tickets/${id}`, {}, signal),
  });
  return (
    <div className="bench-pane" data-looked={at} data-state={q.data?.state} data-version={q.data?.version}>
      {above}
      {gone && q.data && (
        <div className="bench-gone" role="status">
          {t('这一件已不在“{{queue}}”中', { queue: t(queue.text) })}
          <Button size="small" onClick={moveOn} data-act="move-on">
            {t('看下一件')}
          </Button>
        </div>
      )}
      {q.isPending ? (
        <Columns
          main={<Skeleton active className="card pad" paragraph={{ rows: 6 }} />}
          side={<Skeleton active style={{ padding: 14 }} paragraph={{ rows: 10 }} title={false} />}
        />
      ) : (
        <Loaded query={q}>
          {(ticket) => children({ queue: queue.queue, key: at, item, ticket, moveOn })}
        </Loaded>
      )}
    </div>
  );
}

/** The two columns beside the list: what is to be known, and what is to be done. */
export function Columns({ main, side }: { main: ReactNode; side: ReactNode }) {
  return (
    <div className="bench-columns">
      <div className="bench-main">{main}</div>
      <aside className="card bench-side">{side}</aside>
    </div>
  );
}
