import { useQuery } from '@tanstack/react-query';
import type { Readiness } from '@/api/contract';
import { get } from '@/api/http';
import { Loaded, PageShell } from '@/components/page';
import { StatusTag } from '@/components/StatusTag';
import { useT } from '@/i18n';

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
  return (
    <>
      <dt>{p.name}</dt>
      <dd data-part={p.name} data-ok={p.ok}>
        <StatusTag status={p.ok ? 'idle' : 'alarm'} text={p.ok ? p.okText : p.badText} />{' '}
        <span className="muted">{p.detail}</span>
      </dd>
    </>
  );
}
