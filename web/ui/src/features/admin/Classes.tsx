import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Table, TreeSelect } from 'antd';
import { useMemo, useState } from 'react';
import type { AdminClass, TicketClass } from '@/api/contract';
import { put } from '@/api/http';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { FormDrawer, useAdminList } from './parts';

type Row = TicketClass & { children?: Row[] };

function tree(list: TicketClass[]): Row[] {
  const rows = new Map<string, Row>(list.map((c) => [c.id, { ...c }]));
  const top: Row[] = [];
  for (const r of rows.values()) {
    const parent = r.parent ? rows.get(r.parent) : undefined;
    if (parent) parent.children = [...(parent.children ?? []), r];
    else top.push(r);
  }
  return top;
}

/** The class tree: leaves can be chosen in a ticket; initials come from the name. */
export default function Classes() {
  const t = useT();
  const client = useQueryClient();
  const q = useAdminList<TicketClass>('/classes');
  const [q2, setQ] = useState('');
  const [row, setRow] = useState<AdminClass | null>(null);
  const rows = useMemo(() => {
    const list = q.data ?? [];
    if (!q2) return tree(list);
    return list.filter((c) => `${c.path.join('/')} ${c.initials ?? ''}`.includes(q2));
  }, [q.data, q2]);
  const edit = (c: TicketClass | null, parent?: string) =>
    setRow(
      c
        ? {
            id: c.id,
            parent: c.parent,
            name: c.name,
            initials: c.initials ?? '',
            order: 0,
            disabled: !!c.disabled,
          }
        : { id: '', parent, name: '', initials: '', order: 0, disabled: false },
    );
  return (
    <PageShell
      title={t('问题分类')}
      extra={
        <>
          <Input.Search
            allowClear
            placeholder={t('名称或拼音首字母')}
            onSearch={setQ}
            style={{ width: 220 }}
          />
          <Button type="primary" onClick={() => edit(null)} data-act="new">
            {t('新增')}
          </Button>
        </>
      }
    >
      <Loaded query={q}>
        {() => (
          <div className="card" data-list="/classes">
            <Table<Row>
              size="small"
              rowKey="id"
              dataSource={rows}
              pagination={false}
              locale={{ emptyText: <Nothing text={t('没有符合条件的分类')} /> }}
              columns={[
                { title: t('名称'), render: (_, c) => (q2 ? c.path.join(' / ') : c.name) },
                { title: t('拼音首字母'), width: 140, render: (_, c) => <code>{c.initials}</code> },
                { title: t('状态'), width: 80, render: (_, c) => (c.disabled ? t('停用') : t('启用')) },
                {
                  title: t('操作'),
                  width: 190,
                  render: (_, c) => (
                    <div className="row">
                      <Button size="small" onClick={() => edit(c)}>
                        {t('编辑')}
                      </Button>
                      <Button size="small" onClick={() => edit(null, c.id)}>
                        {t('新增下级')}
                      </Button>
                    </div>
                  ),
                },
              ]}
            />
          </div>
        )}
      </Loaded>
      {row && (
        <FormDrawer
          title={row.id ? row.name : t('新增分类')}
          initial={row}
          close={() => setRow(null)}
          save={async (v) => {
            await put('/admin/classes', { ...row, ...v });
            await client.invalidateQueries({ queryKey: ['/classes'] });
          }}
        >
          {() => (
            <>
              <Form.Item name="parent" label={t('上级分类，空为一级')}>
                <TreeSelect
                  allowClear
                  showSearch={{ treeNodeFilterProp: 'name' }}
                  fieldNames={{ label: 'name', value: 'id', children: 'children' }}
                  treeData={tree(q.data ?? [])}
                />
              </Form.Item>
              <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('必填') }]}>
                <Input maxLength={60} />
              </Form.Item>
              <Form.Item name="words" label={t('其他检索词')}>
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item name="order" label={t('排序')}>
                <InputNumber min={0} max={9999} />
              </Form.Item>
              <Form.Item name="disabled" valuePropName="checked">
                <Checkbox>{t('停用')}</Checkbox>
              </Form.Item>
            </>
          )}
        </FormDrawer>
      )}
    </PageShell>
  );
}
