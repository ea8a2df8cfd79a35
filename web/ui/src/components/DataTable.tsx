import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useEffect } from 'react';
import type { List } from '@/api/contract';
import { get } from '@/api/http';
import { useT } from '@/i18n';
import { LoadError, Nothing } from './page';

type Query = Record<string, string | number | boolean | undefined>;

/** A list that the server gives page by page; rows open on click and by Enter. */
export function DataTable<T extends object>(p: {
  path: string;
  query?: Query;
  rowKey: keyof T & string;
  columns: ColumnsType<T>;
  empty: string;
  onOpen?: (row: T) => void;
  refetchInterval?: number;
  onTotal?: (total: string) => void;
}) {
  const t = useT();
  const q = useInfiniteQuery({
    queryKey: [p.path, p.query ?? {}],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<List<T>>(p.path, { limit: 50, ...p.query, cursor: pageParam || undefined }, signal),
    getNextPageParam: (last) => last.next_cursor || undefined,
    refetchInterval: p.refetchInterval,
  });
  const rows = q.data?.pages.flatMap((x) => x.items ?? []) ?? [];
  const first = q.data?.pages[0];
  const total =
    !first?.total || first.total < rows.length
      ? ''
      : first.total_is_more
        ? `${first.total}+`
        : String(first.total);
  const { onTotal } = p;
  useEffect(() => onTotal?.(total), [onTotal, total]);
  if (q.error && !q.data) return <LoadError error={q.error} retry={() => q.refetch()} />;
  return (
    <div className="card" data-list={p.path}>
      <Table<T>
        size="small"
        rowKey={p.rowKey}
        columns={p.columns}
        dataSource={rows}
        loading={q.isPending}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: q.isPending ? ' ' : <Nothing text={p.empty} /> }}
        onRow={(row) => ({
          tabIndex: p.onOpen ? 0 : undefined,
          style: p.onOpen ? { cursor: 'pointer' } : undefined,
          onClick: () => p.onOpen?.(row),
          onKeyDown: (e) => {
            if (e.key === 'Enter' && e.target === e.currentTarget) p.onOpen?.(row);
          },
        })}
      />
      {(q.hasNextPage || total) && (
        <div className="more row">
          {total && <span className="muted small num">{t('共 {{total}} 条', { total })}</span>}
          {q.hasNextPage && (
            <Button size="small" loading={q.isFetchingNextPage} onClick={() => q.fetchNextPage()}>
              {t('更多')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
