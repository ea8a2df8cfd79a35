import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Drawer, Form, Input, InputNumber, Select, Table } from 'antd';
import { useState } from 'react';
import type { RuleFault, TriagePreview, TriageRule, TriageView } from '@/api/contract';
import { errorText } from '@/api/errors';
import { del, get, post, put, withQuery } from '@/api/http';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { ticketTypes, urgencies } from '@/labels';
import { Faults, PickAreas, PickClasses, Ticket, useConfirm, useMayChange } from './parts';
import { callerKinds } from './words';

/** 分级规则: what makes a ticket urgent, in the order the rules are tried. */
export default function Triage() {
  const t = useT();
  const mayChange = useMayChange();
  const client = useQueryClient();
  const { message } = App.useApp();
  const q = useQuery({ queryKey: ['/triage'], queryFn: () => get<TriageView>('/triage') });
  const [edit, setEdit] = useState<{ rule?: TriageRule; place: number }>();
  const changed = () => client.invalidateQueries({ queryKey: ['/triage'] });
  const move = async (rule: TriageRule, place: number) => {
    try {
      await put(withQuery('/triage', { place }), rule);
      await changed();
    } catch (e) {
      void message.error(t(errorText(e)));
    }
  };
  return (
    <PageShell
      title={t('分级规则')}
      extra={
        mayChange && (
          <Button type="primary" onClick={() => setEdit({ place: 0 })} data-act="new">
            {t('新增')}
          </Button>
        )
      }
    >
      <p className="muted">
        {t('提交派单时逐条比对：只会提高紧急程度，取最高的；命中的规则写在工单上，派单员可以更正。')}
      </p>
      <Loaded query={q}>
        {(view) => (
          <div className="card" data-list="/triage">
            <Table<TriageRule>
              size="small"
              rowKey="id"
              pagination={false}
              dataSource={view.rules}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Nothing text={t('还没有分级规则')} /> }}
              columns={[
                { title: t('顺序'), width: 60, render: (_, _r, i) => i + 1 },
                { title: t('名称'), render: (_, r) => <b>{r.name}</b> },
                { title: t('条件'), render: (_, r) => <Conditions rule={r} names={view.names} /> },
                { title: t('结果'), render: (_, r) => <Results rule={r} /> },
                { title: t('状态'), render: (_, r) => (r.disabled ? t('停用') : t('启用')) },
                {
                  title: '',
                  width: 190,
                  render: (_, r, i) =>
                    mayChange && (
                      <div className="row">
                        <Button
                          size="small"
                          onClick={() => setEdit({ rule: r, place: i + 1 })}
                          data-act="edit"
                        >
                          {t('编辑')}
                        </Button>
                        <Button size="small" disabled={i === 0} onClick={() => move(r, i)}>
                          {t('上移')}
                        </Button>
                        <Button
                          size="small"
                          disabled={i === view.rules.length - 1}
                          onClick={() => move(r, i + 2)}
                        >
                          {t('下移')}
                        </Button>
                      </div>
                    ),
                },
              ]}
            />
          </div>
        )}
      </Loaded>
      {edit && <RuleForm {...edit} close={() => setEdit(undefined)} saved={changed} />}
    </PageShell>
  );
}

function Conditions({ rule: r, names }: { rule: TriageRule; names: Record<string, string> }) {
  const t = useT();
  const named = (codes: string[] | undefined) => (codes ?? []).map((c) => names[c] ?? c);
  const list = [
    ...(r.words?.length ? [t('含“{{words}}”', { words: r.words.join('”“') })] : []),
    ...named(r.classes).map((c) => t('分类：{{name}}', { name: c })),
    ...named(r.areas).map((a) => t('区域：{{name}}', { name: a })),
    ...(r.callers ?? []).map((c) => t(callerKinds[c] ?? c)),
    ...(r.types ?? []).map((x) => t(ticketTypes[x] ?? x)),
    ...(r.repeated ? [t('30 天内同号已有 {{n}} 件', { n: r.repeated })] : []),
  ];
  return (
    <span className="rules-conditions">
      {list.map((x) => (
        <span className="tag" key={x}>
          {x}
        </span>
      ))}
    </span>
  );
}

function Results({ rule: r }: { rule: TriageRule }) {
  const t = useT();
  const list = [
    ...(r.urgency ? [t(urgencies[r.urgency] ?? r.urgency)] : []),
    ...(r.place ? [t('排位 +{{n}}', { n: r.place })] : []),
    ...(r.duty ? [t('通知值班电话')] : []),
    ...(r.secret ? [t('保密')] : []),
  ];
  return (
    <span className="rules-conditions">
      {list.map((x) => (
        <span className="tag tag-strong" key={x}>
          {x}
        </span>
      ))}
    </span>
  );
}

function RuleForm(p: { rule?: TriageRule; place: number; close: () => void; saved: () => unknown }) {
  const t = useT();
  const { message } = App.useApp();
  const confirm = useConfirm();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<RuleFault[]>([]);
  const run = async (what: () => Promise<boolean>) => {
    setBusy(true);
    try {
      if (!(await what())) return;
      await p.saved();
      void message.success(t('已保存'));
      p.close();
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  const save = (v: Omit<TriageRule, 'id'>) =>
    run(async () => {
      const body = {
        ...v,
        id: p.rule?.id ?? '',
        urgency: v.urgency || undefined,
        repeated: v.repeated ?? undefined,
        place: v.place ?? undefined,
      };
      const preview = await post<TriagePreview>('/triage/preview', body);
      setFaults(preview.faults);
      if (preview.faults.length) return false;
      if (!(await confirm(t('保存分级规则？'), <Hits preview={preview} />, t('保存')))) return false;
      await put(withQuery('/triage', { place: p.place }), body);
      return true;
    });
  const remove = () =>
    run(async () => {
      if (!p.rule) return false;
      if (
        !(await confirm(t('删除规则“{{name}}”？', { name: p.rule.name }), t('已命中的工单不变。'), t('删除')))
      )
        return false;
      await del(`/triage/${p.rule.id}`);
      return true;
    });
  const options = (words: Record<string, string>) =>
    Object.entries(words).map(([value, label]) => ({ value, label: t(label) }));
  return (
    <Drawer
      open
      title={p.rule?.name ?? t('新增')}
      size={520}
      onClose={p.close}
      extra={
        p.rule && (
          <Button danger loading={busy} onClick={remove} data-act="remove">
            {t('删除')}
          </Button>
        )
      }
    >
      <Form<Omit<TriageRule, 'id'>> layout="vertical" onFinish={save} initialValues={p.rule ?? { name: '' }}>
        <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('必填') }]}>
          <Input maxLength={40} />
        </Form.Item>
        <h3>{t('条件（填了的都要满足，一项中满足一个即可）')}</h3>
        <Form.Item name="words" label={t('标题或内容含有')}>
          <Select mode="tags" tokenSeparators={['、', ',', '，', ' ']} open={false} suffixIcon={null} />
        </Form.Item>
        <Form.Item name="classes" label={t('问题分类（含下级）')}>
          <PickClasses multiple />
        </Form.Item>
        <Form.Item name="areas" label={t('区域（含下级）')}>
          <PickAreas multiple />
        </Form.Item>
        <Form.Item name="types" label={t('来电类别')}>
          <Select mode="multiple" options={options(ticketTypes)} />
        </Form.Item>
        <Form.Item name="callers" label={t('来电主体')}>
          <Select mode="multiple" options={options(callerKinds)} />
        </Form.Item>
        <Form.Item name="repeated" label={t('30 天内同号已有的工单数，不少于')}>
          <InputNumber min={0} max={1000} />
        </Form.Item>
        <h3>{t('结果')}</h3>
        <Form.Item name="urgency" label={t('紧急程度提高到')}>
          <Select allowClear options={options(urgencies)} />
        </Form.Item>
        <Form.Item name="place" label={t('派单池排位加')}>
          <InputNumber min={0} max={100} />
        </Form.Item>
        <Form.Item name="duty" valuePropName="checked">
          <Checkbox>{t('派单时通知值班电话')}</Checkbox>
        </Form.Item>
        <Form.Item name="secret" valuePropName="checked">
          <Checkbox>{t('保密')}</Checkbox>
        </Form.Item>
        <Form.Item name="disabled" valuePropName="checked">
          <Checkbox>{t('停用')}</Checkbox>
        </Form.Item>
        {faults.length > 0 && <Faults faults={faults} />}
        <Button type="primary" htmlType="submit" loading={busy} data-act="save">
          {t('检查并预览')}
        </Button>
      </Form>
    </Drawer>
  );
}

function Hits({ preview: p }: { preview: TriagePreview }) {
  const t = useT();
  return (
    <>
      <p>
        {t('最近 {{days}} 天提交的 {{looked}} 件中会命中 {{hits}} 件，其中 {{raised}} 件会提高紧急程度。', {
          days: p.days,
          looked: p.looked,
          hits: p.hits,
          raised: p.raised,
        })}
      </p>
      <ul>
        {p.samples.map((s) => (
          <li key={s.id}>
            <Ticket {...s} /> <span className="muted small">{s.why}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
