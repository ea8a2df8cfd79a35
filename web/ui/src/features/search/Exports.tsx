import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Badge, Button, Popover, Progress } from 'antd';
import { useState } from 'react';
import type { Export, List } from '@/api/contract';
import { errorText } from '@/api/errors';
import { del, get, post } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { fileSize, shortTime } from '@/components/format';
import { Nothing } from '@/components/page';
import { useT } from '@/i18n';
import { type Filters, toSaved } from './query';

const states: Record<string, string> = {
  waiting: '排队中',
  running: '导出中',
  done: '已完成',
  failed: '未完成',
  cancelled: '已取消',
};
const busy = (e: Export) => e.state === 'waiting' || e.state === 'running';

/** Writes what was found into an Excel file in the background, with its progress. */
export function Exports({ filters, total }: { filters: Filters; total: string }) {
  const t = useT();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const list = useQuery({
    queryKey: ['/exports'],
    queryFn: () => get<List<Export>>('/exports').then(itemsOf),
    refetchInterval: (q) => (q.state.data?.some(busy) ? 1000 : false),
  });
  const fresh = () => cache.invalidateQueries({ queryKey: ['/exports'] });
  const failed = (e: unknown) => void message.error(t(errorText(e)));
  const words = [
    filters.q,
    ...Object.keys(filters)
      .filter((k) => k !== 'q' && k !== 'phone')
      .map((k) => filters[k]),
  ];
  const begin = useMutation({
    mutationFn: () =>
      post<Export>('/exports', {
        filter: toSaved(filters),
        label: words.filter(Boolean).join(' ').slice(0, 200) || t('全部工单'),
      }),
    onSuccess: fresh,
    onError: failed,
  });
  const cancel = useMutation({ mutationFn: (id: string) => del(`/exports/${id}`), onSettled: fresh });
  const running = list.data?.filter(busy).length ?? 0;
  const body = (
    <div className="search-exports">
      <Button type="primary" block loading={begin.isPending} onClick={() => begin.mutate()} data-act="export">
        {total ? t('把这 {{total}} 件导出为 Excel', { total }) : t('把筛选结果导出为 Excel')}
      </Button>
      <p className="small muted">{t('号码按您的权限脱敏；文件保留 24 小时；导出记入审计日志。')}</p>
      {list.data?.length === 0 && <Nothing text={t('还没有导出过')} />}
      {list.data?.map((e) => (
        <div key={e.id} className="search-export" data-export={e.state}>
          <div className="row">
            <b className="ellipsis" title={e.label}>
              {e.label}
            </b>
            <span className="small muted num">{shortTime(e.created_at)}</span>
          </div>
          <div className="row small">
            <span className="tag">{t(states[e.state] ?? e.state)}</span>
            <span className="num">{t('{{n}} 行', { n: e.written })}</span>
            {e.state === 'done' && !e.swept && (
              <>
                <a href={`/api/v1/exports/${e.id}/file`} download data-act="download">
                  {t('下载')} {fileSize(e.size)}
                </a>
                {e.until && <span className="muted">{t('保留至 {{at}}', { at: shortTime(e.until) })}</span>}
              </>
            )}
            {e.swept && <span className="muted">{t('文件已过保留期')}</span>}
            {busy(e) && (
              <Button size="small" type="text" onClick={() => cancel.mutate(e.id)} data-act="cancel-export">
                {t('取消')}
              </Button>
            )}
          </div>
          {busy(e) && (
            <Progress
              size="small"
              percent={e.total ? Math.min(99, Math.round((e.written / e.total) * 100)) : 0}
              status="active"
            />
          )}
          {e.failure && <div className="small">{e.failure}</div>}
        </div>
      ))}
    </div>
  );
  return (
    <Popover content={body} trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen}>
      <Badge count={running} size="small">
        <Button data-act="exports">{t('导出')}</Button>
      </Badge>
    </Popover>
  );
}
