import { PlayCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Spin } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { CallRecord } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get } from '@/api/http';
import { useT } from '@/i18n';

const Player = lazy(() => import('./Player'));

/** The recordings of a call, fetched when somebody wants to hear them (every play is audited). */
export function CallPlayer({ call, compact, auto }: { call: string; compact?: boolean; auto?: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(!compact || !!auto);
  const q = useQuery({
    queryKey: ['/calls', call],
    queryFn: () => get<CallRecord>(`/calls/${call}`),
    enabled: open,
    refetchInterval: (x) => {
      const d = x.state.data;
      const fresh = d?.ended_at ? Date.now() - Date.parse(d.ended_at) < 30_000 : true;
      const waiting = !d?.recordings?.length ? fresh : d.recordings.some((y) => y.status === 'pending');
      return waiting ? 2_000 : false;
    },
  });
  if (!open) {
    return (
      <Button
        size="small"
        type="link"
        icon={<PlayCircleOutlined />}
        onClick={() => setOpen(true)}
        data-act="open-player"
      >
        {t('听录音')}
      </Button>
    );
  }
  if (q.isPending) return <Spin size="small" />;
  if (q.error) return <span className="muted small">{t(errorText(q.error))}</span>;
  const list = q.data.recordings ?? [];
  if (list.length === 0) return <span className="muted small">{t('这通电话没有录音')}</span>;
  return (
    <Suspense fallback={<Spin size="small" />}>
      {list.map((r) => (
        <Player key={r.id} recording={r} compact={compact} />
      ))}
    </Suspense>
  );
}
