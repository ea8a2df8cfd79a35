import { App } from 'antd';
import { useState } from 'react';
import type { AllowedAction, Ticket } from '@/api/contract';
import { Replies } from '@/features/review/Replies';
import '@/features/review/review.css';
import { SupervisionPanel } from '@/features/supervision/SupervisionPanel';
import { ActionButtons } from '@/features/tickets/actions/ActionButtons';
import { ActionForm } from '@/features/tickets/actions/ActionForm';
import { actionKey } from '@/features/tickets/actions/needs';
import { TicketBrief, TicketRecord } from '@/features/workbench/TicketBrief';
import { type BenchTab, Columns, type Looked, Workbench } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';
import { DecisionCard, DecisionForm } from './Decision';
import { Legs } from './Legs';

const tabs: BenchTab[] = [
  {
    queue: 'decisions',
    text: '待决定',
    empty: '没有等待决定的申请',
    what: (x) => [x.request?.kind_label, x.request?.asked_unit?.name].filter(Boolean).join(' · '),
  },
  { queue: 'deliberation', text: '疑难会商', empty: '没有会商中的工单' },
  { queue: 'suspended', text: '挂起清单', empty: '没有挂起的工单', what: (x) => x.unit?.name },
  {
    queue: 'supervisions',
    text: '督办',
    empty: '没有进行中的督办',
    what: (x) => [x.supervision?.state_label, x.supervision?.unit.name].filter(Boolean).join(' · '),
  },
  { queue: 'overdue', text: '超期', empty: '没有超期的工单', what: (x) => x.unit?.name ?? x.leg?.unit.name },
  {
    queue: 'due_soon',
    text: '将超期',
    empty: '没有将要超期的工单',
    what: (x) => x.unit?.name ?? x.leg?.unit.name,
  },
];

/** 热线办: every decision in one queue, and what the office watches over. */
export default function Office() {
  const t = useT();
  return (
    <Workbench title={t('热线办')} tabs={tabs}>
      {(looked) => {
        const main = (
          <>
            <TicketBrief ticket={looked.ticket} />
            <Legs ticket={looked.ticket} />
            <Replies ticket={looked.ticket} quiet />
            <TicketRecord ticket={looked.ticket} />
          </>
        );
        switch (looked.queue) {
          case 'decisions':
            return (
              <Columns
                main={
                  <>
                    <DecisionCard looked={looked} />
                    {main}
                  </>
                }
                side={<DecisionForm looked={looked} />}
              />
            );
          case 'supervisions':
            return <Columns main={main} side={<SupervisionPanel looked={looked} />} />;
          case 'deliberation':
            return (
              <Columns main={main} side={<ActPanel looked={looked} first={['assign_duty', 'conclude']} />} />
            );
          case 'suspended':
            return <Columns main={main} side={<ActPanel looked={looked} first={['resume']} />} />;
        }
        return <Columns main={main} side={<ActPanel looked={looked} first={['remind', 'supervise']} />} />;
      }}
    </Workbench>
  );
}

/** The forms of the usual actions of a tab, side by side as tabs; the rest under 更多. */
function ActPanel({ looked, first }: { looked: Looked; first: string[] }) {
  const t = useT();
  const { message } = App.useApp();
  const { ticket, moveOn, queue } = looked;
  const offered = (ticket.allowed_actions ?? []).filter((a) => first.includes(a.name));
  const usual = [...offered].sort((a, b) => first.indexOf(a.name) - first.indexOf(b.name));
  const [chosen, setChosen] = useState<string>();
  const current = usual.find((a) => actionKey(a) === chosen) ?? usual[0];
  const done = (x: Ticket, a: AllowedAction) => {
    void message.success(t('已完成：{{action}}', { action: t(a.label || label(actions, a.name)) }));
    if (leaves(queue, x)) moveOn();
  };
  return (
    <>
      {usual.length > 1 && (
        <div className="bench-strip" role="tablist">
          {usual.map((a) => (
            <button
              key={actionKey(a)}
              type="button"
              role="tab"
              aria-selected={a === current}
              onClick={() => setChosen(actionKey(a))}
              data-action={a.name}
            >
              {t(a.label || label(actions, a.name))}
              {a.leg ? ` · ${ticket.legs?.find((l) => l.n === a.leg)?.unit.name ?? ''}` : ''}
            </button>
          ))}
        </div>
      )}
      <div className="bench-side-body">
        {current ? (
          <ActionForm
            key={`${actionKey(current)}-${ticket.id}`}
            action={current}
            ticket={ticket}
            onDone={done}
          />
        ) : (
          <p className="muted">{t('这一件现在没有需要您做的事')}</p>
        )}
      </div>
      <footer className="bench-side-foot">
        <ActionButtons ticket={ticket} up beside={1} without={first} done={done} />
      </footer>
    </>
  );
}

/** Has the ticket left the queue by what was done? */
function leaves(queue: string, x: Ticket): boolean {
  if (queue === 'deliberation') return x.state !== 'deliberation';
  if (queue === 'suspended') return x.state !== 'suspended';
  return x.state !== 'dispatched';
}
