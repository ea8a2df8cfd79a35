import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Select, Table, Tabs } from 'antd';
import { useRef, useState } from 'react';
import type { LimitRule, Policy as P, PolicyPreview, PolicyRow, PolicyView } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get, post, put } from '@/api/http';
import { fullTime, percent } from '@/components/format';
import { Loaded, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { sources, ticketTypes, urgencies } from '@/labels';
import { Faults, ImpactView, Runs, useConfirm, useMayChange, useSpan } from './parts';
import { requestKinds, schedules } from './words';

const policyQuery = { queryKey: ['/policy'], queryFn: () => get<PolicyView>('/policy') };

/** 时限策略: what is in force in words, its file, its versions. */
export default function Policy() {
  const t = useT();
  const q = useQuery(policyQuery);
  const mayChange = useMayChange();
  const [tab, setTab] = useState('words');
  const [text, setText] = useState<string>();
  return (
    <PageShell title={t('时限策略')}>
      <Runs />
      <Loaded query={q}>
        {(view) => (
          <Tabs
            activeKey={tab}
            onChange={setTab}
            items={[
              { key: 'words', label: t('现行规则'), children: <Words view={view} /> },
              {
                key: 'file',
                label: t('策略文件'),
                children: (
                  <File key={view.n} view={view} text={text} setText={setText} mayChange={mayChange} />
                ),
              },
              {
                key: 'versions',
                label: t('历次版本'),
                children: (
                  <Versions
                    list={view.versions}
                    open={(content) => {
                      setText(content);
                      setTab('file');
                    }}
                  />
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </PageShell>
  );
}

function Words({ view }: { view: PolicyView }) {
  const t = useT();
  const span = useSpan();
  const p = view.policy;
  const names = (codes: string[] | undefined, words: Record<string, string>) =>
    codes?.length ? codes.map((c) => t(words[c] ?? c)).join('、') : t('全部');
  return (
    <div className="col" data-policy={p.id}>
      <p>
        <b>{p.name}</b>{' '}
        <span className="muted">
          {view.n
            ? t('第 {{n}} 版，{{who}} {{when}} 起用', {
                n: view.n,
                who: view.by_name,
                when: fullTime(view.at),
              })
            : t('系统自带')}
        </span>
        {view.note && <span className="muted"> · {view.note}</span>}
        <br />
        <span className="muted small">{p.source}</span>
      </p>
      <div className="card">
        <Table<LimitRule>
          size="small"
          rowKey={(_, i) => String(i)}
          pagination={false}
          dataSource={p.limits}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: t('来电类别'), render: (_, l) => names(l.types, ticketTypes) },
            { title: t('紧急程度'), render: (_, l) => names(l.urgencies, urgencies) },
            { title: t('受理渠道'), render: (_, l) => names(l.sources, sources) },
            { title: t('派单时限'), render: (_, l) => span(l.dispatch) },
            { title: t('签收时限'), render: (_, l) => span(l.sign) },
            { title: t('回退截止'), render: (_, l) => span(l.return) },
            { title: t('办理时限'), render: (_, l) => <b>{span(l.handle)}</b> },
            { title: t('人工可选'), render: (_, l) => `${span(l.min)} – ${span(l.max)}` },
          ]}
        />
      </div>
      <div className="rules-columns">
        <Facts title={t('计时与下级')} rows={countingOf(p, t, span)} />
        <Facts
          title={t('决定时限')}
          rows={Object.entries(p.deciders).map(([k, v]) => [t(requestKinds[k] ?? k), span(v)])}
        />
        <Facts title={t('退单、延期、重办')} rows={limitsOf(p, t, span)} />
        <Facts title={t('灯、牌、催办、归档')} rows={lightsOf(p, t, span)} />
      </div>
    </div>
  );
}

type Words2 = ReturnType<typeof useT>;
type Span = ReturnType<typeof useSpan>;

function countingOf(p: P, t: Words2, span: Span): [string, string][] {
  return [
    [t('天数起算'), p.from_next_day ? t('受理次日起，到末日下班') : t('受理当时起')],
    [t('作息'), t(schedules[p.office] ?? p.office)],
    [t('下级提前'), span(p.inner.earlier)],
    [t('协办提前'), span(p.inner.assist)],
    [t('下级至少'), span(p.inner.at_least)],
    [t('办理层级'), String(p.depth)],
    [t('审核'), span(p.stages.review)],
    [t('回访'), span(p.stages.follow_up)],
    [t('会商'), span(p.stages.deliberation)],
  ];
}

function limitsOf(p: P, t: Words2, span: Span): [string, string][] {
  return [
    [t('退单次数'), String(p.max_returns)],
    [t('延期次数'), String(p.extension.times)],
    [
      t('每次延期'),
      p.extension.max_days ? t('不超过 {{n}} 个工作日', { n: p.extension.max_days }) : t('不超过原时限'),
    ],
    [t('未同意后至少留'), span(p.after_denial)],
    [t('重办次数'), String(p.max_reworks)],
    [t('回访重办时限'), p.rework ? span(p.rework) : t('原时限')],
    [t('审核退回时限'), span(p.review_rework)],
    [t('可申请重开'), span(p.reopen)],
  ];
}

function lightsOf(p: P, t: Words2, span: Span): [string, string][] {
  return [
    [
      t('黄灯'),
      t('剩余不足 {{span}} 或时限的 {{share}}', {
        span: span(p.light.yellow),
        share: percent(p.light.share),
      }),
    ],
    [t('黄牌'), p.card.yellow ? t('到期即发') : t('不发')],
    [
      t('红牌'),
      [
        p.card.red_after && t('超期 {{span}}', { span: span(p.card.red_after) }),
        p.card.red_on_second && t('第二张黄牌'),
      ]
        .filter(Boolean)
        .join(t('，或')) || t('不发'),
    ],
    [t('催办通知书'), t('到期后 {{span}}', { span: span(p.remind) })],
    [t('回访'), t('{{tries}} 次，不同半天', { tries: p.follow_up.tries })],
    [t('待补充关闭'), span(p.supplement)],
    [t('归档'), t('办结后 {{span}}', { span: span(p.archive) })],
    [t('值班电话'), t('特急未签收，每 {{span}} 再响', { span: span(p.duty_ring) })],
  ];
}

function Facts({ title, rows }: { title: string; rows: [string, string][] }) {
  return (
    <section className="card pad">
      <h3>{title}</h3>
      <dl className="facts">
        {rows.map(([k, v]) => (
          <div key={k} style={{ display: 'contents' }}>
            <dt>{k}</dt>
            <dd>{v}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Of the editor, as rules.css has it. */
const lineHeight = 20;

function File(p: { view: PolicyView; text?: string; setText: (s: string) => void; mayChange: boolean }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const confirm = useConfirm();
  const span = useSpan();
  const box = useRef<HTMLDivElement>(null);
  const text = p.text ?? p.view.content;
  const worded = (v: string) => (/^[\d.]+ [a-z]+(_[a-z]+)?$/.test(v) ? span(v) : v || '—');
  const goTo = (line: number) => {
    const area = box.current?.querySelector('textarea');
    const before =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    const end = text.indexOf('\n', before);
    area?.focus();
    area?.setSelectionRange(before, end < 0 ? text.length : end);
    area?.scrollTo({ top: (line - 8) * lineHeight });
  };
  const [note, setNote] = useState('');
  const [preview, setPreview] = useState<PolicyPreview>();
  const [busy, setBusy] = useState(false);
  const set = (s: string) => {
    p.setText(s);
    setPreview(undefined);
  };
  const run = async (what: () => Promise<void>) => {
    setBusy(true);
    try {
      await what();
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  const apply = () =>
    run(async () => {
      const sure = await confirm(
        t('起用“{{name}}”？', { name: preview?.policy?.name ?? '' }),
        preview?.impact && <ImpactView impact={preview.impact} />,
        t('起用'),
      );
      if (!sure) return;
      await put('/policy', { base: p.view.n, content: text, note });
      await client.invalidateQueries({ queryKey: ['/policy'] });
      await client.invalidateQueries({ queryKey: ['/rules/runs'] });
      void message.success(t('已起用，时限正在重算'));
    });
  return (
    <div className="rules-columns">
      <div className="rules-file" ref={box}>
        <div className="row wrap" style={{ marginBottom: 8 }}>
          <Select
            value={null}
            placeholder={t('载入系统自带的策略')}
            style={{ width: 220 }}
            options={p.view.presets.map((x) => ({ value: x.id, label: x.name }))}
            onChange={(id: string | null) => set(p.view.presets.find((x) => x.id === id)?.content ?? text)}
          />
          {p.mayChange && (
            <Button
              loading={busy}
              data-act="check"
              onClick={() =>
                run(async () => setPreview(await post<PolicyPreview>('/policy/preview', { content: text })))
              }
            >
              {t('检查并预览')}
            </Button>
          )}
        </div>
        <Input.TextArea
          aria-label={t('策略文件')}
          value={text}
          readOnly={!p.mayChange}
          rows={28}
          spellCheck={false}
          onChange={(e) => set(e.target.value)}
        />
      </div>
      <div data-preview={preview ? (preview.faults.length ? 'faulty' : 'sound') : 'none'}>
        {!preview && <p className="muted">{t('先“检查并预览”：看改了什么、哪些工单的时限会变，再起用。')}</p>}
        {preview && preview.faults.length > 0 && (
          <>
            <Alert
              type="error"
              showIcon
              title={t('有 {{n}} 处问题，不能起用', { n: preview.faults.length })}
            />
            <Faults faults={preview.faults} pick={goTo} />
          </>
        )}
        {preview?.impact && (
          <>
            <Table
              size="small"
              rowKey="key"
              pagination={preview.changes.length > 12 ? { pageSize: 12, showSizeChanger: false } : false}
              dataSource={preview.changes}
              locale={{ emptyText: t('与现行规则没有差别') }}
              columns={[
                { title: t('设置项'), render: (_, c) => <code>{c.key}</code> },
                { title: t('现在'), render: (_, c) => worded(c.was) },
                { title: t('改为'), render: (_, c) => <b>{worded(c.now)}</b> },
              ]}
            />
            <ImpactView impact={preview.impact} />
            <div className="row">
              <Input
                placeholder={t('说明，如文件名称')}
                maxLength={200}
                value={note}
                onChange={(e) => setNote(e.target.value)}
              />
              <Button
                type="primary"
                loading={busy}
                disabled={!preview.changes.length}
                onClick={apply}
                data-act="apply"
              >
                {t('起用')}
              </Button>
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Versions({ list, open }: { list: PolicyRow[]; open: (content: string) => void }) {
  const t = useT();
  const { message } = App.useApp();
  return (
    <div className="card">
      <Table<PolicyRow>
        size="small"
        rowKey="n"
        pagination={false}
        dataSource={list}
        locale={{ emptyText: t('还没有改过，用的是系统自带的策略') }}
        columns={[
          { title: t('版本'), width: 80, render: (_, v) => v.n },
          { title: t('名称'), render: (_, v) => v.name },
          { title: t('说明'), render: (_, v) => v.note },
          { title: t('起用'), render: (_, v) => `${v.by_name} ${fullTime(v.at)}` },
          {
            title: '',
            width: 150,
            render: (_, v) => (
              <Button
                size="small"
                onClick={() =>
                  get<PolicyRow>(`/policy/versions/${v.n}`)
                    .then((row) => open(row.content ?? ''))
                    .catch((e) => message.error(t(errorText(e))))
                }
              >
                {t('打开文件')}
              </Button>
            ),
          },
        ]}
      />
    </div>
  );
}
