import { App, Button, DatePicker, Drawer, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { CatalogueEntry, CataloguePreview, CatalogueRow, RuleFault } from '@/api/contract';
import { errorText } from '@/api/errors';
import { post } from '@/api/http';
import { useT } from '@/i18n';
import { Faults, PickAreas, PickClasses, PickUnits, Ticket, useConfirm } from './parts';

interface Fields {
  class: string;
  area?: string;
  lead: string;
  assists?: string[];
  from: Dayjs;
  to?: Dayjs;
  note?: string;
}

/** Whose proposal among the waiting tickets a change of the catalogue alters. */
export function PoolView({ preview }: { preview: CataloguePreview }) {
  const t = useT();
  return (
    <>
      <p>
        {t('新增 {{added}} 行，去掉 {{removed}} 行；待派单中有 {{pool}} 件的建议单位会变。', {
          added: preview.added,
          removed: preview.removed,
          pool: preview.pool,
        })}
      </p>
      <ul>
        {preview.samples.map((s) => (
          <li key={s.id}>
            <Ticket {...s} />：{s.was || t('无')} → <b>{s.now || t('无')}</b>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A row of the catalogue: added, changed (the old one stays in the earlier version) or taken away. */
export function CatalogueForm(p: {
  row?: CatalogueRow;
  base: number;
  close: () => void;
  saved: () => unknown;
}) {
  const t = useT();
  const { message } = App.useApp();
  const confirm = useConfirm();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<RuleFault[]>([]);
  const change = async (add: CatalogueEntry[], title: string) => {
    const body = { base: p.base, remove: p.row ? [p.row.id] : [], add };
    setBusy(true);
    try {
      const preview = await post<CataloguePreview>('/catalogue/preview', body);
      setFaults(preview.faults);
      if (preview.faults.length || !(await confirm(title, <PoolView preview={preview} />, t('确定')))) return;
      await post('/catalogue', body);
      await p.saved();
      void message.success(t('已保存'));
      p.close();
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  const save = (v: Fields) =>
    change(
      [
        {
          id: 0,
          class: v.class,
          area: v.area || undefined,
          lead: v.lead,
          assists: v.assists ?? [],
          from: v.from.format('YYYY-MM-DD'),
          to: v.to?.format('YYYY-MM-DD'),
          note: v.note,
        },
      ],
      t('保存派单目录？'),
    );
  const need = [{ required: true, message: t('必填') }];
  return (
    <Drawer
      open
      title={p.row ? p.row.class_path.join(' / ') : t('新增')}
      size={480}
      onClose={p.close}
      extra={
        p.row && (
          <Button danger loading={busy} onClick={() => change([], t('去掉这一行？'))} data-act="remove">
            {t('去掉')}
          </Button>
        )
      }
    >
      <Form<Fields>
        layout="vertical"
        onFinish={save}
        initialValues={{
          class: p.row?.class,
          area: p.row?.area,
          lead: p.row?.lead,
          assists: p.row?.assists ?? [],
          from: dayjs(p.row?.from),
          to: p.row?.to ? dayjs(p.row.to) : undefined,
          note: p.row?.note,
        }}
      >
        <Form.Item name="class" label={t('问题分类（含下级）')} rules={need}>
          <PickClasses />
        </Form.Item>
        <Form.Item name="area" label={t('区域（含下级），空为全市')}>
          <PickAreas />
        </Form.Item>
        <Form.Item name="lead" label={t('主办单位')} rules={need}>
          <PickUnits />
        </Form.Item>
        <Form.Item name="assists" label={t('协办单位')}>
          <PickUnits multiple />
        </Form.Item>
        <Form.Item name="from" label={t('生效日期')} rules={need}>
          <DatePicker />
        </Form.Item>
        <Form.Item name="to" label={t('失效日期，空为长期')}>
          <DatePicker />
        </Form.Item>
        <Form.Item name="note" label={t('备注')}>
          <Input maxLength={200} />
        </Form.Item>
        {faults.length > 0 && <Faults faults={faults.map((f) => ({ ...f, row: undefined }))} />}
        <Button type="primary" htmlType="submit" loading={busy} data-act="save">
          {t('保存')}
        </Button>
      </Form>
    </Drawer>
  );
}
