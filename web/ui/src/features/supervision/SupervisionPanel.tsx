import { App, Steps } from 'antd';
import { useState } from 'react';
import type { AllowedAction, FlowStep, SupervisionView, Ticket } from '@/api/contract';
import { dueText, fullTime, shortTime } from '@/components/format';
import { ActionButtons } from '@/features/tickets/actions/ActionButtons';
import { ActionForm } from '@/features/tickets/actions/ActionForm';
import { actionKey } from '@/features/tickets/actions/needs';
import { partOf } from '@/features/workbench/selection';
import type { Looked } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';
import { stepOf, steps } from './steps';
import './supervision.css';

/** The supervision that the row is about. */
export function supervisionOf(looked: Looked): SupervisionView | undefined {
  const n = partOf(looked.key).supervision;
  return looked.ticket.supervisions?.find((s) => s.n === n) ?? looked.item?.supervision ?? undefined;
}

/** One supervision: where it is, what was demanded and answered, what can be done now. */
export function SupervisionPanel({ looked }: { looked: Looked }) {
  const t = useT();
  const { message } = App.useApp();
  const { ticket, moveOn } = looked;
  const s = supervisionOf(looked);
  const [chosen, setChosen] = useState<string>();
  if (!s) return <div className="bench-side-body muted">{t('没有这件督办')}</div>;
  const own = (ticket.allowed_actions ?? []).filter((a) => a.supervision === s.n);
  const current = own.find((a) => actionKey(a) === chosen) ?? own.find((a) => a.primary) ?? own[0];
  const done = (x: Ticket, a: AllowedAction) => {
    void message.success(t('已完成：{{action}}', { action: t(a.label || label(actions, a.name)) }));
    const state = x.supervisions?.find((y) => y.n === s.n)?.state;
    if (state === 'closed' || state === 'released') moveOn();
  };
  return (
    <>
      <div className="bench-side-body" data-panel="supervision" data-supervision={s.n} data-state={s.state}>
        <div className="row wrap">
          <b>{t(s.kind_label)}</b>
          <span>{s.unit.name}</span>
          <span className="grow" />
          <span className="tag tag-strong">{t(s.state_label)}</span>
        </div>
        <Steps
          size="small"
          current={stepOf(s)}
          titlePlacement="vertical"
          items={steps.map(([, title]) => ({ title: t(title) }))}
        />
        <dl className="facts">
          {(
            [
              ['督办要求', s.demand],
              ['督办原因', s.reason],
              ['期限', dueText(s.due_at)],
              ['提交', [s.filed_by, shortTime(s.filed_at)].filter(Boolean).join(' ')],
              ['下发', shortTime(s.issued_at)],
              ['单位反馈', s.reply && [s.reply, shortTime(s.reply_at)].join(' · ')],
              ['审核意见', s.opinion],
              ['办结', shortTime(s.closed_at)],
            ] as const
          )
            .filter(([, v]) => v)
            .map(([name, v]) => [<dt key={name}>{t(name)}</dt>, <dd key={`${name}v`}>{v}</dd>])}
        </dl>
        {own.length > 1 && (
          <div className="bench-strip" role="tablist">
            {own.map((a) => (
              <button
                key={actionKey(a)}
                type="button"
                role="tab"
                aria-selected={a === current}
                onClick={() => setChosen(actionKey(a))}
                data-action={a.name}
              >
                {t(a.label || label(actions, a.name))}
              </button>
            ))}
          </div>
        )}
        {current && (
          <ActionForm
            key={`${actionKey(current)}-${ticket.id}`}
            action={current}
            ticket={ticket}
            initial={initialOf(current, s)}
            onDone={done}
          />
        )}
        <History ticket={ticket} n={s.n} />
      </div>
      <footer className="bench-side-foot">
        <ActionButtons ticket={ticket} up beside={0} without={own.map((a) => a.name)} done={done} />
      </footer>
    </>
  );
}

/** What the form of an action begins with: what the supervision already says. */
function initialOf(a: AllowedAction, s: SupervisionView) {
  return a.name === 'issue_supervise' ? { unit: s.unit.id, demand: s.demand, due_at: s.due_at } : undefined;
}

/** The supervision's own steps, oldest first. */
function History({ ticket, n }: { ticket: Ticket; n: number }) {
  const t = useT();
  const list = (ticket.flow ?? []).filter((f: FlowStep) => f.data?.supervision === n);
  if (list.length === 0) return null;
  return (
    <div data-panel="supervision-history">
      <h3>{t('督办经过')}</h3>
      {list.map((f) => (
        <div key={f.seq} className="small supervision-step">
          <span className="num muted" title={fullTime(f.at)}>
            {shortTime(f.at)}
          </span>{' '}
          <b>{t(f.event_label || label(actions, f.event))}</b> {f.actor_name}
          {f.opinion && <p className="muted">{f.opinion}</p>}
        </div>
      ))}
    </div>
  );
}
