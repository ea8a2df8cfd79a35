import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Segmented } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { MenuInfo } from '@/api/contract';
import { errorText } from '@/api/errors';
import { post } from '@/api/http';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { useAdminList } from './parts';

const MenuGraph = lazy(() => import('./MenuGraph'));

/** The running menus as graphs, with the faults of a newer file that was refused. */
export default function Menus() {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const q = useAdminList<MenuInfo>('/admin/menus');
  const [name, setName] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const reload = async () => {
    setBusy(true);
    try {
      await post('/admin/menus/reload');
      await client.invalidateQueries({ queryKey: ['/admin/menus'] });
      void message.success(t('已重新读取，新来电使用新菜单'));
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <PageShell
      title={t('语音菜单')}
      extra={
        <Button loading={busy} onClick={reload} data-act="reload-menus">
          {t('重新读取文件')}
        </Button>
      }
    >
      <Loaded query={q}>
        {(items) => {
          const m = items.find((x) => x.name === name) ?? items[0];
          if (!m) return <Nothing text={t('没有语音菜单：来电直接进队列')} />;
          return (
            <>
              <div className="filters">
                <Segmented
                  value={m.name}
                  options={items.map((x) => ({ value: x.name, label: <code>{x.name}</code> }))}
                  onChange={setName}
                />
                <span className="muted" style={{ alignSelf: 'center' }}>
                  <code>{m.file}</code> · {t('版本')} <code title={m.version}>{m.version.slice(0, 8)}</code>
                  {m.lines?.length ? ` · ${t('接入号码')} ${m.lines.join('、')}` : ''}
                </span>
              </div>
              {m.faults?.length ? (
                <ul className="faults" data-faults={m.faults.length}>
                  {m.faults.map((f) => (
                    <li key={`${f.file}${f.line}${f.code}`}>
                      <b>
                        {f.file}:{f.line}
                      </b>{' '}
                      {f.message}
                    </li>
                  ))}
                </ul>
              ) : null}
              <div className="card graph" data-menu={m.name}>
                <Suspense>
                  <MenuGraph key={m.name + m.version} menu={m} />
                </Suspense>
              </div>
            </>
          );
        }}
      </Loaded>
    </PageShell>
  );
}
