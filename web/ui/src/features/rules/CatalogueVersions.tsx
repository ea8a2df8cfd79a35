import { useQuery } from '@tanstack/react-query';
import { App, Button, Drawer, Table } from 'antd';
import type { CataloguePreview, CatalogueVersion, List } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get, post } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { fullTime } from '@/components/format';
import { Loaded } from '@/components/page';
import { useT } from '@/i18n';
import { PoolView } from './CatalogueForm';
import { useConfirm } from './parts';

/** The changes of the catalogue; an earlier version can be exported and gone back to. */
export function CatalogueVersions(p: {
  base: number;
  mayChange: boolean;
  close: () => void;
  saved: () => unknown;
}) {
  const t = useT();
  const { message } = App.useApp();
  const confirm = useConfirm();
  const q = useQuery({
    queryKey: ['/catalogue/versions'],
    queryFn: () => get<List<CatalogueVersion>>('/catalogue/versions').then(itemsOf),
  });
  const restore = async (n: number) => {
    try {
      const dry = await post<{ preview: CataloguePreview }>(`/catalogue/versions/${n}/restore?dry=true`);
      if (!(await confirm(t('恢复到第 {{n}} 版？', { n }), <PoolView preview={dry.preview} />, t('恢复'))))
        return;
      await post(`/catalogue/versions/${n}/restore?base=${p.base}`);
      await p.saved();
      void message.success(t('已恢复，成为新的一版'));
      p.close();
    } catch (e) {
      void message.error(t(errorText(e)));
    }
  };
  return (
    <Drawer open title={t('派单目录历次版本')} size={680} onClose={p.close}>
      <Loaded query={q}>
        {(list) => (
          <Table<CatalogueVersion>
            size="small"
            rowKey="n"
            pagination={false}
            dataSource={list}
            columns={[
              { title: t('版本'), width: 60, render: (_, v) => v.n },
              { title: t('行数'), width: 60, render: (_, v) => v.entries },
              { title: t('变化'), width: 90, render: (_, v) => `+${v.added} −${v.removed}` },
              { title: t('说明'), render: (_, v) => v.note },
              { title: t('由谁'), width: 180, render: (_, v) => `${v.by_name} ${fullTime(v.at)}` },
              {
                title: '',
                width: 130,
                render: (_, v) => (
                  <div className="row">
                    <a href={`/api/v1/catalogue/export.xlsx?version=${v.n}`} download>
                      {t('导出')}
                    </a>
                    {p.mayChange && v.n !== p.base && (
                      <Button size="small" onClick={() => restore(v.n)}>
                        {t('恢复')}
                      </Button>
                    )}
                  </div>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Drawer>
  );
}
