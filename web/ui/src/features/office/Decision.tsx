import { useQuery } from '@tanstack/react-query';
import { App, Button, Input, Radio } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { RequestView, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { useCommands } from '@/app/keys';
import { useSession } from '@/app/session';
import { dueText, fullTime, shortTime } from '@/components/format';
import { ActionButtons } from '@/features/tickets/actions/ActionButtons';
import { Deadline } from '@/features/tickets/actions/Light';
import { Problem } from '@/features/tickets/actions/Problem';
import { useAct } from '@/features/tickets/actions/useAct';
import { partOf } from '@/features/workbench/selection';
import { atPage, type Looked } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import './office.css';
import { type DecisionPolicy, ruleOf } from './rules';
import { UnitRecord } from './UnitRecord';

/** The request that the row is about. */
export function requestOf(looked: Looked): RequestView | undefined {
  const n = partOf(looked.key).request;
  return looked.ticket.requests?.find((r) => r.n === n) ?? looked.item?.request ?? undefined;
}

/** What is asked, by whom and why; the rule it goes by. */
export function DecisionCard({ looked }: { looked: Looked }) {
  const t = useT();
  const policy = useQuery({
    queryKey: ['/policy', 'in force'],
    queryFn: () => get<{ policy: DecisionPolicy }>('/policy').then((x) => x.policy),
    staleTime: 600_000,
  });
  const r = requestOf(looked);
  if (!r) return null;
  const leg = looked.ticket.legs?.find((l) => l.n === r.leg);
  const rows: [string, React.ReactNode][] = [
    ['申请人', [r.asked_unit?.name, r.asked_by, fullTime(r.asked_at)].filter(Boolean).join(' · ')],
    ['理由', r.reason],
    ['依据', r.basis],
    ['建议承办单位', r.unit?.name],
    ['延期', r.days ? t('{{n}} 个工作日', { n: r.days }) : ''],
    ['挂起至', r.until ? dueText(r.until) : ''],
    ['工作计划', r.plan],
    ['现时限', leg?.due_at && <Deadline at={leg.due_at} remains={leg.remains} light={leg.light} />],
    ['是否按时提出', leg ? (r.in_time ? t('时限内提出') : t('逾期提出')) : ''],
  ];
  return (
    <section className="card pad decision" data-panel="decision" data-request={r.n} data-kind={r.kind}>
      <div className="row wrap">
        <h2>{t('{{kind}}申请', { kind: t(r.kind_label) })}</h2>
        <span className={`tag ${r.state === 'open' ? 'tag-strong' : ''}`}>{t(r.state_label)}</span>
        <span className="grow" />
        {r.state === 'open' && r.decide_due_at && (
          <span className="row small">
            {t('决定时限')}
            <Deadline at={r.decide_due_at} remains={looked.item?.remains} light={looked.item?.light} />
          </span>
        )}
      </div>
      <dl className="facts">
        {rows
          .filter(([, v]) => v)
          .map(([name, v]) => [<dt key={name}>{t(name)}</dt>, <dd key={`${name}v`}>{v}</dd>])}
      </dl>
      {r.decided_at && (
        <p className="small muted">
          {[r.decided_by, fullTime(r.decided_at), r.opinion].filter(Boolean).join(' · ')}
        </p>
      )}
      {policy.data && (
        <div className="rule small" data-panel="rule">
          <b>{t('规则')}</b> {policy.data.name && <span className="muted">（{policy.data.name}）</span>}
          {ruleOf(r.kind, policy.data).map((x) => (
            <p key={x}>{x}</p>
          ))}
        </div>
      )}
      <Earlier ticket={looked.ticket} besides={r.n} />
    </section>
  );
}

/** Other requests of the same ticket: what was asked before and decided how. */
function Earlier({ ticket, besides }: { ticket: Ticket; besides: number }) {
  const t = useT();
  const list = (ticket.requests ?? []).filter((r) => r.n !== besides);
  if (list.length === 0) return null;
  return (
    <div className="small" data-panel="earlier">
      <b>{t('此单其他申请')}</b>
      {list.map((r) => (
        <div key={r.n} className="row wrap">
          <span className="num muted">{shortTime(r.asked_at)}</span>
          <span>{t(r.kind_label)}</span>
          <span className="muted">{r.asked_unit?.name ?? r.asked_by}</span>
          <span className="tag">{t(r.state_label)}</span>
          <span className="muted ellipsis">{r.opinion || r.reason}</span>
        </div>
      ))}
    </div>
  );
}

/** Yes or no with an opinion: one key each. */
export function DecisionForm({ looked }: { looked: Looked }) {
  const t = useT();
  const { message } = App.useApp();
  const { name } = useSession();
  const { ticket, moveOn } = looked;
  const r = requestOf(looked);
  const [opinion, setOpinion] = useState('');
  const [keep, setKeep] = useState(true);
  const [denying, setDenying] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (denying) box.current?.querySelector('textarea')?.focus();
  }, [denying]);
  const { act, busy, problem, clear } = useAct(ticket, {
    done: (_, a) => {
      void message.success(
        a.name === 'grant'
          ? t('已同意{{kind}}', { kind: t(r?.kind_label ?? '') })
          : t('未同意{{kind}}', { kind: t(r?.kind_label ?? '') }),
      );
      moveOn();
    },
  });
  const allowed = (event: string) =>
    ticket.allowed_actions?.find((a) => a.name === event && a.request === r?.n);
  const grant = allowed('grant');
  const deny = allowed('deny');
  const assists = (ticket.legs ?? []).filter((l) => l.role === 'assist' && !l.parent && isOpen(l.state));
  const asksKeep = r?.kind === 'return' && assists.length > 0;
  const yes = () => {
    if (grant && !busy) void act(grant, { opinion, ...(r?.kind === 'return' ? { keep } : {}) });
  };
  const no = () => {
    if (!deny || busy) return;
    setDenying(true);
    if (!opinion.trim()) {
      if (denying) void message.warning(t('不同意须写明理由'));
      box.current?.querySelector('textarea')?.focus();
      return;
    }
    void act(deny, { reason: opinion });
  };
  useCommands({
    yes: () => atPage() && yes(),
    no: () => atPage() && no(),
    submit: () => (denying ? no() : yes()),
  });
  return (
    <>
      <div className="bench-side-body">
        {r?.kind === 'void' && (
          <p className="decision-note">
            {r.asked_by === name
              ? t('作废由您申请，须由另一位热线办人员决定')
              : t('{{name}} 申请作废，由您作为第二人决定', { name: r.asked_by })}
          </p>
        )}
        {r?.kind === 'return' && (
          <p className="decision-note">
            {t('同意：{{unit}}退出，工单回到待派单。', { unit: r.asked_unit?.name ?? '' })}
            {r.unit && ` ${t('建议改派')} ${r.unit.name}`}
          </p>
        )}
        {asksKeep && !denying && (
          <div className="bench-field">
            <span className="act-label">
              {t('协办单位：{{units}}', { units: assists.map((l) => l.unit.name).join('、') })}
            </span>
            <Radio.Group
              value={keep}
              onChange={(e) => setKeep(e.target.value)}
              options={[
                { value: true, label: t('继续办理') },
                { value: false, label: t('一并终止') },
              ]}
              data-field="keep"
            />
          </div>
        )}
        {grant || deny ? (
          <div className="bench-field" ref={box}>
            <span className={`act-label ${denying ? 'must' : ''}`}>
              {denying ? t('不同意的理由') : t('决定意见')}
            </span>
            <Input.TextArea
              value={opinion}
              autoSize={{ minRows: 4, maxRows: 12 }}
              maxLength={1000}
              onChange={(e) => setOpinion(e.target.value)}
              aria-label={t('决定意见')}
              data-field="opinion"
            />
            <div className="suggests">
              {(denying ? refusals : approvals).map((x) => (
                <button key={x} type="button" className="suggest" onClick={() => setOpinion(t(x))}>
                  {t(x)}
                </button>
              ))}
            </div>
          </div>
        ) : (
          r && r.kind !== 'void' && <p className="muted">{t('这项申请现在不能由您决定，或已有结果')}</p>
        )}
        {r?.leg && r.asked_unit && <UnitRecord unit={r.asked_unit} />}
      </div>
      {problem && (
        <div className="bench-side-problem">
          <Problem problem={problem} close={clear} />
        </div>
      )}
      <footer className="bench-side-foot">
        <ActionButtons
          ticket={ticket}
          up
          beside={0}
          without={['grant', 'deny', 'take', 'release']}
          done={() => {}}
        />
        <span className="grow" />
        {deny && (
          <Button
            ghost={denying}
            type={denying ? 'primary' : 'default'}
            loading={!!busy && denying}
            onClick={no}
            data-act="deny"
          >
            {t('不同意')} <kbd>N</kbd>
          </Button>
        )}
        {grant && (
          <Button type="primary" loading={!!busy && !denying} onClick={yes} data-act="grant">
            {t('同意')} <kbd>Y</kbd>
          </Button>
        )}
      </footer>
    </>
  );
}

const approvals = ['情况属实，同意', '符合规定，同意'];
const refusals = ['属于本单位职责，请继续办理', '理由不充分', '请先联系群众', '材料不齐，请补充后再申请'];

const open = new Set(['to_sign', 'handling', 'delegated', 'to_compile', 'return_asked', 'with_leader']);
const isOpen = (state: string) => open.has(state);
