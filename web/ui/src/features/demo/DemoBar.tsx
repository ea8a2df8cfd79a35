import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Segmented } from 'antd';
import type { Demo, Session } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get, post, put } from '@/api/http';
import { may, P } from '@/app/permissions';
import { useT } from '@/i18n';
import './demo.css';
import { GuidePanel } from './Guide';

/** The banner of the demo: it says what this is, and has the switches of the simulated city. */
export default function DemoBar({ session }: { session: Session }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const q = useQuery({ queryKey: ['/demo'], queryFn: () => get<Demo>('/demo'), refetchInterval: 30_000 });
  const failed = (e: unknown) => void message.error(t(errorText(e)));
  const traffic = useMutation({
    mutationFn: (n: number) => put('/demo/traffic', { per_minute: n }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['/demo'] }),
    onError: failed,
  });
  const clock = useMutation({
    mutationFn: () => post('/demo/clock', { working_days: 1 }),
    onSuccess: () => {
      void message.success(t('演示时钟前进了一个工作日'));
      return client.invalidateQueries();
    },
    onError: failed,
  });
  const controls = may(session, P.floorWatch) || may(session, P.seat) || may(session, P.admin);
  return (
    <>
      <div className="demo-bar" data-banner="demo">
        <b>{t('演示环境')}</b>
        <span className="demo-note">{t('数据和来电都是模拟的')}</span>
        {q.data && controls && (
          <span className="row">
            {t('演示话务')}
            <Segmented
              size="small"
              value={q.data.traffic_per_minute}
              options={[
                { value: 0, label: '0' },
                { value: 5, label: '5' },
                { value: 30, label: t('30 通/分') },
              ]}
              disabled={traffic.isPending}
              onChange={(v) => traffic.mutate(v)}
              data-field="traffic"
            />
          </span>
        )}
        {q.data && controls && (
          <Button size="small" loading={clock.isPending} onClick={() => clock.mutate()} data-act="demo-clock">
            {t('演示时钟 +1 工作日')}
            {q.data.clock_offset_days > 0 && ` (+${q.data.clock_offset_days})`}
          </Button>
        )}
        <a href="/demo/citizen" target="_blank" rel="noopener">
          {t('打开市民电话')}
        </a>
      </div>
      <GuidePanel />
    </>
  );
}
