import { useQuery } from '@tanstack/react-query';
import { Alert, App, Progress, Select, Table, TreeSelect } from 'antd';
import type { ReactNode } from 'react';
import type { Impact, List, RecomputeRun, RuleFault } from '@/api/contract';
import { get } from '@/api/http';
import { areasQuery, itemsOf } from '@/api/lists';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { fullTime, ticketNumber } from '@/components/format';
import { fits, unitsQuery } from '@/features/tickets/actions/UnitPicker';
import { useT } from '@/i18n';
import './rules.css';

/** May who is signed in change the rules? */
export const useMayChange = () => may(useSession(), P.adminRules);

/** Asks before a change, with what it will do; resolves to the answer. */
export function useConfirm() {
  const { modal } = App.useApp();
  return (title: string, content: ReactNode, ok: string) =>
    new Promise<boolean>((done) => {
      modal.confirm({
        title,
        content,
        okText: ok,
        width: 640,
        onOk: () => done(true),
        onCancel: () => done(false),
      });
    });
}

const units: Record<string, string> = {
  minutes: '分钟',
  hours: '小时',
  working_hours: '工作小时',
  working_days: '个工作日',
  natural_days: '个自然日',
};

/** A deadline to the minute. */
const minute = (t: string) => fullTime(t).slice(0, 16);

/** A span of a policy in words. */
export function useSpan() {
  const t = useT();
  return (span: string | undefined) => {
    const [n, unit] = (span ?? '').split(' ');
    return unit ? `${n} ${t(units[unit] ?? unit)}` : t('无');
  };
}

/** The faults of what was sent, each with its place. */
export function Faults({ faults, pick }: { faults: RuleFault[]; pick?: (row: number) => void }) {
  const t = useT();
  return (
    <Table<RuleFault>
      size="small"
      rowKey={(f) => `${f.row}-${f.column}-${f.value}-${f.text}`}
      dataSource={faults}
      data-faults={faults.length}
      pagination={faults.length > 10 ? { pageSize: 10, showSizeChanger: false, size: 'small' } : false}
      columns={[
        {
          title: t('行'),
          width: 70,
          render: (_, f) =>
            pick && f.row ? (
              <button type="button" className="link-button num" onClick={() => pick(f.row ?? 0)}>
                {f.row}
              </button>
            ) : (
              f.row || ''
            ),
        },
        { title: t('项目'), width: 170, render: (_, f) => f.column ?? '' },
        { title: t('问题'), render: (_, f) => f.text },
      ]}
    />
  );
}

/** Whose deadlines a change moves. */
export function ImpactView({ impact }: { impact: Impact }) {
  const t = useT();
  return (
    <div data-impact={impact.moved}>
      <p>
        {impact.moved
          ? t('在办 {{open}} 件中有 {{moved}} 件的时限会变：{{earlier}} 个提前，{{later}} 个延后。', {
              open: impact.partial ? `${impact.open}+` : impact.open,
              moved: impact.moved,
              earlier: impact.earlier,
              later: impact.later,
            })
          : t('在办 {{open}} 件的时限都不变。', { open: impact.open })}
      </p>
      {impact.unofficial.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('有时限落在 {{years}} 年，尚无正式放假通知，暂按周末和元旦计算。', {
            years: impact.unofficial.join('、'),
          })}
        />
      )}
      {impact.examples.length > 0 && (
        <Table
          size="small"
          rowKey={(x) => `${x.id}-${x.unit}`}
          pagination={false}
          dataSource={impact.examples}
          scroll={{ y: 220 }}
          columns={[
            { title: t('工单'), render: (_, x) => <Ticket {...x} /> },
            { title: t('承办单位'), width: 120, render: (_, x) => x.unit },
            { title: t('原时限'), width: 130, render: (_, x) => minute(x.was) },
            { title: t('新时限'), width: 130, render: (_, x) => minute(x.now) },
          ]}
        />
      )}
    </div>
  );
}

/** A ticket that a change touches; it also stands in dialogs, which are outside of the router. */
export function Ticket(x: { id: string; number: string; title: string }) {
  return (
    <a href={`/tickets/${x.id}`} target="_blank" rel="noreferrer">
      <span className="num small muted">{ticketNumber(x.number)}</span> {x.title}
    </a>
  );
}

/** How far deadlines are moved after the last change. */
export function Runs() {
  const t = useT();
  const q = useQuery({
    queryKey: ['/rules/runs'],
    queryFn: () => get<List<RecomputeRun>>('/rules/runs').then(itemsOf),
    refetchInterval: (query) => (query.state.data?.some((r) => !r.finished) ? 2000 : false),
  });
  const run = q.data?.[0];
  if (!run) return null;
  return (
    <div className="card pad rules-run" data-run={run.finished ? 'done' : 'going'}>
      <b>{t('时限重算')}</b>
      <span>{run.cause}</span>
      <span className="muted small">
        {run.by_name} · {fullTime(run.at)}
      </span>
      {run.finished ? (
        <span>{t('已完成：{{moved}} 件改了时限', { moved: run.moved })}</span>
      ) : (
        <Progress
          size="small"
          style={{ width: 220 }}
          percent={run.total ? Math.min(100, Math.round((100 * run.done) / run.total)) : 0}
        />
      )}
      {run.failed > 0 && <span className="light-text-red">{t('{{n}} 件未能重算', { n: run.failed })}</span>}
    </div>
  );
}

interface PickUnits {
  value?: string | string[];
  onChange?: (v: string | string[]) => void;
  multiple?: boolean;
  placeholder?: string;
  id?: string;
}

/** Chooses one unit or several, of every level. */
export function PickUnits({ value, onChange, multiple, placeholder, id }: PickUnits) {
  const q = useQuery(unitsQuery);
  return (
    <Select
      id={id}
      allowClear
      mode={multiple ? 'multiple' : undefined}
      value={value}
      placeholder={placeholder}
      aria-label={placeholder}
      style={{ minWidth: 180, width: multiple ? '100%' : undefined }}
      onChange={(v) => onChange?.(v ?? (multiple ? [] : ''))}
      options={(q.data ?? [])
        .filter((u) => u.kind !== 'hotline')
        .map((u) => ({ value: u.id, label: u.name, unit: u }))}
      showSearch={{ filterOption: (typed, o) => !!o && fits(o.unit, typed) }}
    />
  );
}

interface PickTree {
  value?: string | string[];
  onChange?: (v: string | string[]) => void;
  multiple?: boolean;
  placeholder?: string;
  id?: string;
}

/** Chooses areas, with those below them. */
export function PickAreas({ value, onChange, multiple, placeholder, id }: PickTree) {
  const q = useQuery(areasQuery);
  return (
    <TreeSelect
      id={id}
      allowClear
      multiple={multiple}
      value={value || undefined}
      placeholder={placeholder}
      aria-label={placeholder}
      style={{ minWidth: 160, width: multiple ? '100%' : undefined }}
      treeData={q.data ?? []}
      showSearch={{ treeNodeFilterProp: 'label' }}
      onChange={(v) => onChange?.(v ?? (multiple ? [] : ''))}
    />
  );
}

interface ClassNode {
  value: string;
  label: string;
  search: string;
  children?: ClassNode[];
}

const classTree = {
  queryKey: ['/classes', 'tree'],
  queryFn: async (): Promise<ClassNode[]> => {
    const list = itemsOf(
      await get<List<{ id: string; parent?: string; name: string; initials?: string; disabled?: boolean }>>(
        '/classes',
      ),
    ).filter((c) => !c.disabled);
    const below = (parent: string): ClassNode[] =>
      list
        .filter((c) => (c.parent ?? '') === parent)
        .map((c) => {
          const children = below(c.id);
          return {
            value: c.id,
            label: c.name,
            search: `${c.name}${c.initials ?? ''}`,
            ...(children.length ? { children } : {}),
          };
        });
    return below('');
  },
  staleTime: 10 * 60_000,
};

/** Chooses classes of every level. */
export function PickClasses({ value, onChange, multiple, placeholder, id }: PickTree) {
  const q = useQuery(classTree);
  return (
    <TreeSelect
      id={id}
      allowClear
      multiple={multiple}
      value={value || undefined}
      placeholder={placeholder}
      aria-label={placeholder}
      style={{ minWidth: 200, width: multiple ? '100%' : undefined }}
      treeData={q.data ?? []}
      showSearch={{ treeNodeFilterProp: 'search' }}
      onChange={(v) => onChange?.(v ?? (multiple ? [] : ''))}
    />
  );
}
