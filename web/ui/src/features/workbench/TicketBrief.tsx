import { useQuery } from '@tanstack/react-query';
import { Collapse } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Ticket, TicketCall } from '@/api/contract';
import { areasQuery } from '@/api/lists';
import { dueText, duration, phoneNumber, shortTime, ticketNumber } from '@/components/format';
import { TicketStateTag } from '@/components/StatusTag';
import { CallPlayer } from '@/features/calls/CallPlayer';
import Player from '@/features/calls/Player';
import { FlowTimeline } from '@/features/tickets/actions/FlowTimeline';
import { Deadline } from '@/features/tickets/actions/Light';
import { areaNames } from '@/features/tickets/areas';
import { useT } from '@/i18n';
import { callRoles, label, sources, ticketTypes, urgencies } from '@/labels';

/** What the citizen said, in a card: enough to decide by, with the whole page one click away. */
export function TicketBrief({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const areas = useQuery(areasQuery);
  const c = ticket.caller;
  const place = [areaNames(areas.data, ticket.place?.area ?? []), ticket.place?.address]
    .filter(Boolean)
    .join(' ');
  const who = [
    c.name,
    c.gender === 'female' ? t('女士') : c.gender === 'male' ? t('先生') : '',
    c.company,
    c.hidden ? t('保密') : phoneNumber(c.phone) || c.phone_masked || c.number_masked,
  ];
  const facts: [string, ReactNode][] = [
    ['诉求人', who.filter(Boolean).join(' ')],
    [
      '渠道',
      [t(label(sources, ticket.source)), shortTime(ticket.submitted_at ?? ticket.created_at)].join(' · '),
    ],
    ['问题分类', ticket.class_path?.join(' / ')],
    ['事发地', place],
    ['被反映人', [ticket.subject?.name, ticket.subject?.phone].filter(Boolean).join(' ')],
    ['发生时间', ticket.happened_at],
    ['旧工单', ticket.refers_to],
  ];
  const requesters = ticket.requesters ?? [];
  return (
    <section className="card pad brief" data-brief={ticket.id}>
      <h2>
        {ticket.urgency !== 'normal' && (
          <span className="bench-urgent">[{t(label(urgencies, ticket.urgency))}]</span>
        )}
        {ticket.title || t('未命名草稿')}
      </h2>
      <div className="row wrap small">
        <Link to={`/tickets/${ticket.id}`} className="num" data-act="whole-page">
          {ticket.number ? ticketNumber(ticket.number) : t('工单')}
        </Link>
        <TicketStateTag state={ticket.state} text={ticket.state_label} />
        <span>{t(label(ticketTypes, ticket.type))}</span>
        {ticket.secret && <span className="tag tag-strong">{t('保密')}</span>}
        {(ticket.round ?? 1) > 1 && <span className="tag">{t('重办 {{n}}', { n: ticket.round })}</span>}
        {!!ticket.returns && <span className="tag">{t('退单 {{n}} 次', { n: ticket.returns })}</span>}
        {!!ticket.urges && <span className="tag">{t('催办 {{n}} 次', { n: ticket.urges })}</span>}
        {ticket.hard && <span className="tag">{t('疑难')}</span>}
        {requesters.length > 0 && (
          <span className="tag">{t('另有 {{n}} 位诉求人', { n: requesters.length })}</span>
        )}
        {ticket.tags?.map((x) => (
          <span key={x} className="tag">
            {x}
          </span>
        ))}
        <span className="grow" />
        <Due ticket={ticket} />
      </div>
      <p className="ticket-text brief-text" data-field="content">
        {ticket.content || <span className="muted">{t('没有填写内容')}</span>}
      </p>
      <dl className="brief-meta">
        {facts
          .filter(([, v]) => v)
          .map(([name, value]) => [
            <dt key={name}>{t(name)}</dt>,
            <dd key={`${name}v`} className="num">
              {value}
            </dd>,
          ])}
      </dl>
    </section>
  );
}

/** The date that counts now: of the hotline's own stage, else of the unit's part; with a stage the citizen's date stands beside. */
function Due({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const atUnit = ticket.state === 'dispatched';
  const stage = atUnit ? undefined : ticket.stage_due_at;
  return (
    <span className="row small">
      {stage && ticket.due_at && (
        <span className="muted num">{t('承诺答复 {{at}}', { at: dueText(ticket.due_at) })}</span>
      )}
      {(stage ?? ticket.due_at) && (
        <Deadline at={stage ?? ticket.due_at} remains={ticket.remains} light={ticket.light} />
      )}
    </span>
  );
}

/** Calls with their players, and the flow history, folded until somebody wants them. */
export function TicketRecord({ ticket, open = [] }: { ticket: Ticket; open?: ('calls' | 'flow')[] }) {
  const t = useT();
  const calls = ticket.calls ?? [];
  return (
    <section className="card brief-more">
      <Collapse
        ghost
        defaultActiveKey={open}
        items={[
          ...(calls.length
            ? [
                {
                  key: 'calls',
                  label: t('通话与录音（{{n}}）', { n: calls.length }),
                  children: calls.map((c) => <Call key={c.id + c.role} call={c} />),
                },
              ]
            : []),
          {
            key: 'flow',
            label: t('流转明细（{{n}} 步）', { n: ticket.flow?.length ?? 0 }),
            children: <FlowTimeline ticket={ticket} />,
          },
        ]}
      />
    </section>
  );
}

function Call({ call }: { call: TicketCall }) {
  const t = useT();
  return (
    <div className="brief-call" data-call={call.id}>
      <div className="row small">
        <b>{t(label(callRoles, call.role))}</b>
        <span className="muted num">
          {shortTime(call.at)} {call.agent} {call.talk_s ? duration(call.talk_s) : ''}
        </span>
      </div>
      {call.recordings?.length ? (
        call.recordings.map((r) => <Player key={r.id} recording={r} />)
      ) : (
        <CallPlayer call={call.id} compact />
      )}
    </div>
  );
}
