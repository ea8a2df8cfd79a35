import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form, type FormInstance, InputNumber, Select, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { type ReactNode, useEffect, useState } from 'react';
import type { AdminSkill, List } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useT } from '@/i18n';

/** The whole list behind an administration path. */
export function useAdminList<T>(path: string) {
  return useQuery({ queryKey: [path], queryFn: () => get<List<T>>(path).then(itemsOf<T>) });
}

/** A page with one short list and a drawer that adds or changes a row. */
export function HouseList<T extends object>(p: {
  title: string;
  path: string;
  rowKey: keyof T & string;
  columns: ColumnsType<T>;
  fresh: () => T;
  name: (row: T) => string;
  form: (form: FormInstance<T>, isNew: boolean) => ReactNode;
  save: (row: T, isNew: boolean) => Promise<unknown>;
  extra?: ReactNode;
  width?: number;
}) {
  const t = useT();
  const q = useAdminList<T>(p.path);
  const client = useQueryClient();
  const [row, setRow] = useState<T | null>(null);
  const [isNew, setIsNew] = useState(false);
  const open = (x: T, fresh: boolean) => {
    setRow(x);
    setIsNew(fresh);
  };
  return (
    <PageShell
      title={p.title}
      extra={
        <>
          {p.extra}
          <Button type="primary" onClick={() => open(p.fresh(), true)} data-act="new">
            {t('新增')}
          </Button>
        </>
      }
    >
      <Loaded query={q}>
        {(items) => (
          <div className="card" data-list={p.path}>
            <Table<T>
              size="small"
              rowKey={p.rowKey}
              dataSource={items}
              columns={p.columns}
              pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Nothing text={t('还没有记录，点“新增”添加')} /> }}
              onRow={(x) => ({
                tabIndex: 0,
                style: { cursor: 'pointer' },
                onClick: () => open(x, false),
                onKeyDown: (e) => {
                  if (e.key === 'Enter' && e.target === e.currentTarget) open(x, false);
                },
              })}
            />
          </div>
        )}
      </Loaded>
      {row && (
        <FormDrawer
          title={isNew ? `${t('新增')} · ${p.title}` : p.name(row)}
          width={p.width}
          initial={row}
          close={() => setRow(null)}
          save={async (v) => {
            await p.save({ ...row, ...v }, isNew);
            await client.invalidateQueries({ queryKey: [p.path] });
          }}
        >
          {(form) => p.form(form, isNew)}
        </FormDrawer>
      )}
    </PageShell>
  );
}

/** A drawer with a form; it closes when the server took it. */
export function FormDrawer<T extends object>(p: {
  title: string;
  initial: T;
  width?: number;
  close: () => void;
  save: (v: T) => Promise<unknown>;
  children: (form: FormInstance<T>) => ReactNode;
}) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<T>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    form.resetFields();
    form.setFieldsValue(p.initial as never);
  }, [form, p.initial]);
  return (
    <Drawer
      open
      title={p.title}
      size={p.width ?? 460}
      onClose={p.close}
      extra={
        <Button type="primary" loading={busy} onClick={() => form.submit()} data-act="save">
          {t('保存')}
        </Button>
      }
    >
      <Form<T>
        form={form}
        layout="vertical"
        onFinish={async (v) => {
          setBusy(true);
          try {
            await p.save(v);
            void message.success(t('已保存'));
            p.close();
          } catch (e) {
            void message.error(t(errorText(e)));
          } finally {
            setBusy(false);
          }
        }}
      >
        {p.children(form)}
      </Form>
    </Drawer>
  );
}

/** Skills with a level each, as rows that can be added and removed. */
export function LevelsField({
  value = {},
  onChange,
}: {
  value?: Record<string, number>;
  onChange?: (v: Record<string, number>) => void;
}) {
  const t = useT();
  const skills = useAdminList<AdminSkill>('/admin/skills');
  const set = (v: Record<string, number>) => onChange?.(v);
  const free = (skills.data ?? []).filter((s) => !(s.id in value));
  return (
    <div>
      {Object.entries(value).map(([id, level]) => (
        <div key={id} className="levels">
          <span>{skills.data?.find((s) => s.id === id)?.name ?? id}</span>
          <InputNumber min={1} max={10} value={level} onChange={(n) => set({ ...value, [id]: n ?? 1 })} />
          <Button
            type="text"
            onClick={() => {
              const { [id]: _, ...rest } = value;
              set(rest);
            }}
          >
            {t('移除')}
          </Button>
        </div>
      ))}
      <Select
        value={null}
        placeholder={t('添加技能')}
        style={{ width: '100%' }}
        options={free.map((s) => ({ value: s.id, label: s.name }))}
        onChange={(id: string | null) => id && set({ ...value, [id]: 5 })}
      />
    </div>
  );
}
