import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input, Table } from 'antd';
import { useState } from 'react';
import type { CataloguePage, CatalogueRow } from '@/api/contract';
import { get } from '@/api/http';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';
import { CatalogueForm } from './CatalogueForm';
import { CatalogueImport } from './CatalogueImport';
import { CatalogueVersions } from './CatalogueVersions';
import { PickAreas, PickClasses, PickUnits, useMayChange } from './parts';

/** 派单目录: what of a class, in an area, is whose duty. */
export default function Catalogue() {
  const t = useT();
  const mayChange = useMayChange();
  const client = useQueryClient();
  const [f, setF] = useUrlFilters();
  const q = useQuery({ queryKey: ['/catalogue', f], queryFn: () => get<CataloguePage>('/catalogue', f) });
  const [row, setRow] = useState<CatalogueRow | 'new'>();
  const [open, setOpen] = useState<'import' | 'versions'>();
  const changed = () => client.invalidateQueries({ queryKey: ['/catalogue'] });
  const one = (v: string | string[]) => String(v);
  return (
    <PageShell
      title={t('派单目录')}
      extra={
        <>
          <a href="/api/v1/catalogue/export.xlsx" download data-act="export">
            {t('导出 Excel')}
          </a>
          <Button onClick={() => setOpen('versions')}>{t('历次版本')}</Button>
          {mayChange && (
            <>
              <Button onClick={() => setOpen('import')} data-act="import">
                {t('导入 Excel')}
              </Button>
              <Button type="primary" onClick={() => setRow('new')} data-act="new">
                {t('新增')}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className="filters">
        <PickClasses value={f.class} onChange={(v) => setF({ class: one(v) })} placeholder={t('问题分类')} />
        <PickAreas value={f.area} onChange={(v) => setF({ area: one(v) })} placeholder={t('区域')} />
        <PickUnits
          value={f.unit || undefined}
          onChange={(v) => setF({ unit: one(v) })}
          placeholder={t('承办单位')}
        />
        <Input.Search
          allowClear
          defaultValue={f.q}
          placeholder={t('名称、备注')}
          style={{ width: 200 }}
          onSearch={(v) => setF({ q: v })}
        />
        <Checkbox
          checked={f.valid === 'true'}
          onChange={(e) => setF({ valid: e.target.checked ? 'true' : '' })}
        >
          {t('只看现行')}
        </Checkbox>
      </div>
      <Loaded query={q}>
        {(page) => (
          <div className="card" data-list="/catalogue">
            <Table<CatalogueRow>
              size="small"
              rowKey="id"
              dataSource={page.items}
              pagination={
                page.items.length > 50
                  ? {
                      pageSize: 50,
                      showSizeChanger: false,
                      showTotal: () => t('共 {{n}} 行', { n: page.total }),
                    }
                  : false
              }
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Nothing text={t('没有符合条件的行，可新增或导入')} /> }}
              onRow={(x) => ({
                tabIndex: mayChange ? 0 : undefined,
                style: mayChange ? { cursor: 'pointer' } : undefined,
                onClick: () => mayChange && setRow(x),
                onKeyDown: (e) => mayChange && e.key === 'Enter' && e.target === e.currentTarget && setRow(x),
              })}
              columns={[
                { title: t('问题分类'), render: (_, x) => x.class_path.join(' / ') },
                { title: t('区域'), render: (_, x) => x.area_path.join(' / ') || t('全市') },
                { title: t('主办单位'), render: (_, x) => <b>{x.lead_unit.name}</b> },
                { title: t('协办单位'), render: (_, x) => x.assist_units.map((u) => u.name).join('、') },
                { title: t('生效'), render: (_, x) => `${x.from} – ${x.to ?? t('长期')}` },
                {
                  title: t('状态'),
                  render: (_, x) => (
                    <span className={`tag ${x.valid ? 'tag-strong' : ''}`}>
                      {x.valid ? t('现行') : t('未生效或已失效')}
                    </span>
                  ),
                },
                { title: t('备注'), render: (_, x) => x.note },
              ]}
            />
          </div>
        )}
      </Loaded>
      {row && q.data && (
        <CatalogueForm
          row={row === 'new' ? undefined : row}
          base={q.data.version}
          close={() => setRow(undefined)}
          saved={changed}
        />
      )}
      {open === 'import' && q.data && (
        <CatalogueImport base={q.data.version} close={() => setOpen(undefined)} saved={changed} />
      )}
      {open === 'versions' && q.data && (
        <CatalogueVersions
          base={q.data.version}
          mayChange={mayChange}
          close={() => setOpen(undefined)}
          saved={changed}
        />
      )}
    </PageShell>
  );
}
