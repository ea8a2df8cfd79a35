import { CheckCircleFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { Link } from 'react-router';
import type { Ticket } from '@/api/contract';
import { dueText, ticketNumber } from '@/components/format';
import { useT } from '@/i18n';
import { label, ticketStates, urgencies } from '@/labels';
import type { Draft } from './drafts';
import { drafts } from './model';

/** After submission: the number and the query code, large, to read out to the citizen. */
export function Submitted({ draft }: { draft: Draft }) {
  const t = useT();
  const ticket = draft.done;
  if (!ticket) return null;
  const again = () => {
    drafts.close(draft.key);
    drafts.open(`again:${crypto.randomUUID()}`, { call: draft.call, source: draft.source });
  };
  return (
    <div
      className="done"
      data-panel="submitted"
      data-number={ticket.number ?? ''}
      data-code={ticket.query_code ?? ''}
    >
      <CheckCircleFilled style={{ fontSize: 40, color: 'var(--primary)' }} />
      <h2 style={{ margin: 0 }}>{t('已提交：{{state}}', { state: t(label(ticketStates, ticket.state)) })}</h2>
      <div className="muted">{t('请念给市民：工单编号')}</div>
      <div className="done-big num">{ticketNumber(ticket.number)}</div>
      {ticket.query_code && (
        <>
          <div className="muted">{t('查询码')}</div>
          <div className="done-big num">{ticket.query_code}</div>
        </>
      )}
      <Routed ticket={ticket} />
      <div className="row" style={{ marginTop: 12 }}>
        <Link to={`/tickets/${ticket.id}`}>
          <Button>{t('查看工单')}</Button>
        </Link>
        {draft.call && <Button onClick={again}>{t('同一来电再建一件')}</Button>}
        <Button type="primary" onClick={() => drafts.close(draft.key)} data-act="close-tab">
          {t('关闭页签')}
        </Button>
      </div>
    </div>
  );
}

/** Where it went: the unit of a direct dispatch, and what the triage rules said. */
function Routed({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const rules = ticket.routing?.rules ?? [];
  if (!ticket.unit && rules.length === 0) return null;
  return (
    <div className="done-routed" data-panel="routed">
      {ticket.unit && (
        <div>
          {t('已直派')} <b>{ticket.unit.name}</b>
          {ticket.due_at && ` · ${t('{{date}} 前', { date: dueText(ticket.due_at) })}`}
        </div>
      )}
      {rules.map((r) => (
        <div key={r.rule} data-triage={r.rule}>
          <b>{r.name}</b> <span className="muted">{r.why}</span>
        </div>
      ))}
      {rules.length > 0 && (
        <div className="muted small">
          {t('分级')}：{t(label(urgencies, ticket.urgency))}
          {ticket.routing?.duty && ` · ${t('通知值班电话')}`}
        </div>
      )}
    </div>
  );
}
