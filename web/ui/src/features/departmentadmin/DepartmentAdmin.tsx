import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Select, Tabs } from 'antd';
import { useSession } from '@/app/session';
import { Loaded, PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';
import { departmentQuery } from './api';
import { Info } from './Info';
import { People } from './People';

/** 部门管理: the people and the information of the own unit and those below. */
export default function DepartmentAdmin() {
  const t = useT();
  const session = useSession();
  const client = useQueryClient();
  const [f, set] = useUrlFilters();
  const own = useQuery(departmentQuery(undefined));
  const q = useQuery(departmentQuery(f.unit));
  const again = () => client.invalidateQueries({ queryKey: ['/department'] });
  const choices = [
    { value: session.unit?.id ?? '', label: session.unit?.name ?? '' },
    ...(own.data?.below ?? []).map((u) => ({ value: u.id, label: u.name })),
  ];
  return (
    <PageShell
      title={t('部门管理')}
      extra={
        choices.length > 1 && (
          <Select
            value={f.unit ?? session.unit?.id}
            options={choices}
            aria-label={t('单位')}
            style={{ width: 240 }}
            onChange={(unit) => set({ unit: unit === session.unit?.id ? undefined : unit })}
          />
        )
      }
    >
      <Loaded query={q} rows={10}>
        {(d) => (
          <div className="card pad" data-panel="department">
            <Tabs
              activeKey={f.tab ?? 'people'}
              onChange={(tab) => set({ tab: tab === 'people' ? undefined : tab })}
              items={[
                { key: 'people', label: t('人员'), children: <People d={d} again={again} /> },
                { key: 'info', label: t('部门信息'), children: <Info key={d.id} d={d} again={again} /> },
              ]}
            />
          </div>
        )}
      </Loaded>
    </PageShell>
  );
}
