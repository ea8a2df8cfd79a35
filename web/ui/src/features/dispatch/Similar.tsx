import { useQuery } from '@tanstack/react-query';
import { App, Button, Popconfirm, Skeleton } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { AllowedAction, List, Requester, Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { dayOf, shortTime, ticketNumber } from '@/components/format';
import { TicketStateTag } from '@/components/StatusTag';
import { ActionDialog } from '@/features/tickets/actions/ActionForm';
import { useAct } from '@/features/tickets/actions/useAct';
import { useT } from '@/i18n';
import { likeness } from './likeness';

/** States of a ticket that others can be merged into. */
const open = new Set([
  'received',
  'supplement',
  'to_dispatch',
  'dispatched',
  'under_review',
  'to_follow_up',
  'suspended',
  'deliberation',
]);

/** Tickets like this one, to be merged with; and those that were merged into it, to be split off again. */
export function Similar({ ticket, merged }: { ticket: Ticket; merged: () => void }) {
  const t = useT();
  const q = useQuery({
    queryKey: ['/tickets/similar', ticket.id],
    queryFn: () => get<List<Ticket>>('/tickets/similar', { ticket: ticket.id }).then(itemsOf),
  });
  const merge = (ticket.allowed_actions ?? []).find((a) => a.name === 'merge');
  const [all, setAll] = useState(false);
  const list = (q.data ?? []).filter((x) => x.id !== ticket.id && x.master !== ticket.id);
  const near = list.filter((x) => open.has(x.state) || likeness(ticket, x)[0] !== '文字相近');
  const shown = all ? list : near;
  return (
    <section className="card pad" data-panel="similar">
      <Requesters ticket={ticket} />
      <h3>
        {t('相似工单')}
        {list.length > 0 && ` (${list.length})`}
      </h3>
      {q.isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      {q.error && <span className="muted">{t(errorText(q.error))}</span>}
      {q.data && list.length === 0 && <span className="muted">{t('没有相似的工单')}</span>}
      {shown.map((x) => (
        <Like key={x.id} x={x} ticket={ticket} merge={merge} merged={merged} />
      ))}
      {list.length > near.length && (
        <Button size="small" type="link" onClick={() => setAll(!all)} data-act="all-similar">
          {all ? t('收起') : t('另有 {{n}} 件已结束、文字相近的', { n: list.length - near.length })}
        </Button>
      )}
    </section>
  );
}

function Like({
  x,
  ticket,
  merge,
  merged,
}: {
  x: Ticket;
  ticket: Ticket;
  merge?: AllowedAction;
  merged: () => void;
}) {
  const t = useT();
  const { message } = App.useApp();
  const into = (to: Ticket) => message.success(t('已并入 {{number}}', { number: ticketNumber(to.number) }));
  const here = useAct(ticket, {
    done: () => {
      void into(x);
      merged();
    },
  });
  const there = useAct(x, { done: () => void into(ticket) });
  const canTake = merge && ['received', 'to_dispatch'].includes(x.state) && ticket.number;
  return (
    <div className="like" data-similar={x.id}>
      <div className="like-what">
        <Link to={`/tickets/${x.id}`} target="_blank" className="ellipsis" title={x.title}>
          {x.title}
        </Link>
        <div className="row wrap small">
          <span className="num muted">{ticketNumber(x.number)}</span>
          <TicketStateTag state={x.state} text={x.state_label} />
          <span className="num muted">{dayOf(x.created_at)}</span>
          {x.unit && <span className="muted">{x.unit.name}</span>}
          {likeness(ticket, x).map((w) => (
            <span key={w} className="tag">
              {t(w)}
            </span>
          ))}
        </div>
      </div>
      {merge && open.has(x.state) && (
        <Popconfirm
          title={t('把正在看的这件并入 {{number}}？', { number: ticketNumber(x.number) })}
          description={t('诉求人仍保留，单独告知、单独回访。')}
          okText={t('并单')}
          cancelText={t('取消')}
          onConfirm={() => here.act(merge, { master: x.id })}
        >
          <Button size="small" loading={!!here.busy} data-act="merge-into">
            {t('并入此单')}
          </Button>
        </Popconfirm>
      )}
      {canTake && (
        <Popconfirm
          title={t('把 {{number}} 并入正在看的这件？', { number: ticketNumber(x.number) })}
          description={t('诉求人仍保留，单独告知、单独回访。')}
          okText={t('并单')}
          cancelText={t('取消')}
          onConfirm={() => there.act(merge, { master: ticket.id })}
        >
          <Button size="small" loading={!!there.busy} data-act="merge-here">
            {t('并到本单')}
          </Button>
        </Popconfirm>
      )}
      {(here.problem ?? there.problem) && (
        <span className="like-problem small">{(here.problem ?? there.problem)?.text}</span>
      )}
    </div>
  );
}

/** Citizens whose tickets were merged into this one. */
function Requesters({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const list = ticket.requesters ?? [];
  if (list.length === 0) return null;
  return (
    <>
      <h3>{t('并入本单的诉求（{{n}}）', { n: list.length })}</h3>
      {list.map((r) => (
        <div key={r.id} className="like" data-requester={r.id}>
          <div className="like-what row wrap small">
            <Link to={`/tickets/${r.id}`} className="num">
              {ticketNumber(r.number)}
            </Link>
            <span>{[r.caller.name, r.caller.phone_masked].filter(Boolean).join(' ')}</span>
            <span className="muted num">{shortTime(r.at)}</span>
          </div>
          <Split of={r} />
        </div>
      ))}
      <div className="like-gap" />
    </>
  );
}

/** 拆单, where the merged ticket allows it. */
function Split({ of }: { of: Requester }) {
  const t = useT();
  const { message } = App.useApp();
  const [asked, setAsked] = useState(false);
  const q = useQuery({ queryKey: ['/tickets', of.id], queryFn: () => get<Ticket>(`/tickets/${of.id}`) });
  const split = q.data?.allowed_actions?.find((a) => a.name === 'split');
  if (!q.data || !split) return null;
  return (
    <>
      <Button size="small" onClick={() => setAsked(true)} data-act="split">
        {t('拆单')}
      </Button>
      {asked && (
        <ActionDialog
          action={split}
          ticket={q.data}
          onCancel={() => setAsked(false)}
          onDone={(x) => {
            setAsked(false);
            void message.success(t('已拆出 {{number}}', { number: ticketNumber(x.number) }));
          }}
        />
      )}
    </>
  );
}
