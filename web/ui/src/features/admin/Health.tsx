import { useQuery } from '@tanstack/react-query';
import type { Readiness } from '@/api/contract';
import { get } from '@/api/http';
import { AlarmText } from '@/components/AlarmText';
import { Loaded, PageShell } from '@/components/page';
import { StatusTag } from '@/components/StatusTag';
import { useT } from '@/i18n';
import { alarms, label } from '@/labels';

/** Names of the parts; an alarm is a part of its own while it is on. */
const parts: Record<string, string> = {
  switch: '交换机',
  database: '数据库',
  live_store: '实时状态库',
};

/** State of each part of the installation, as /readyz tells it. */
export default function Health() {
  const t = useT();
  const q = useQuery({
    queryKey: ['/admin/health'],
    queryFn: () => get<Readiness>('/admin/health'),
    refetchInterval: 5_000,
  });
  return (
    <PageShell title={t('运行状态')}>
      <Loaded query={q}>
        {(r) => (
          <div className="card pad">
            <dl className="facts" style={{ gap: '10px 24px' }}>
              {Object.entries(r.parts)
                .sort()
                .map(([name, p]) => (
                  <Part
                    key={name}
                    name={name}
                    ok={p.ok}
                    detail={p.detail ?? ''}
                    okText={t('正常')}
                    badText={t('异常')}
                  />
                ))}
            </dl>
          </div>
        )}
      </Loaded>
    </PageShell>
  );
}

function Part(p: { name: string; ok: boolean; detail: string; okText: string; badText: string }) {
  const t = useT();
  const alarm = p.name.split(':')[1] ?? '';
  return (
    <>
      <dt>
        {p.name.startsWith('alarm:') ? `${t('告警')} · ${t(label(alarms, alarm))}` : t(label(parts, p.name))}
      </dt>
      <dd data-part={p.name} data-ok={p.ok}>
        <StatusTag status={p.ok ? 'idle' : 'alarm'} text={p.ok ? p.okText : p.badText} />{' '}
        <span className="muted">
          <AlarmText detail={p.detail} />
        </span>
      </dd>
    </>
  );
}
