import { PhoneOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Timeline } from 'antd';
import { useNavigate, useParams } from 'react-router';
import type { AllowedAction, List, Ticket, Unit } from '@/api/contract';
import { get } from '@/api/http';
import { areasQuery, itemsOf } from '@/api/lists';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { duration, fullTime, phoneNumber, shortTime, ticketNumber } from '@/components/format';
import { Loaded, PageShell } from '@/components/page';
import { TicketStateTag } from '@/components/StatusTag';
import { CallPlayer } from '@/features/calls/CallPlayer';
import Player from '@/features/calls/Player';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';
import { actions, callRoles, label, sources, ticketStates, ticketTypes, urgencies } from '@/labels';
import { floor, useLive } from '@/live';
import { ActionButtons } from './actions';
import './tickets.css';
import { areaNames } from './areas';

export default function TicketPage() {
  const t = useT();
  const { id = '' } = useParams();
  const q = useQuery({
    queryKey: ['/tickets', id],
    queryFn: () => get<Ticket>(`/tickets/${id}`),
    // A recording is sealed within seconds of hang-up: look again until it is there.
    refetchInterval: (x) =>
      x.state.data?.calls?.some(
        (c) => Date.now() - Date.parse(c.at) < 3_600_000 && !c.recordings?.some((r) => r.status === 'sealed'),
      )
        ? 3_000
        : false,
  });
  const ticket = q.data;
  return (
    <PageShell
      title={ticket?.number ? `${t('工单')} ${ticketNumber(ticket.number)}` : t('工单')}
      extra={ticket && <Head ticket={ticket} />}
    >
      <Loaded query={q} rows={12}>
        {(x) => <Body x={x} />}
      </Loaded>
    </PageShell>
  );
}

function Head({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const go = useNavigate();
  const session = useSession();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [run, busy] = useRun();
  const seatState = useLive((s) => s.seat?.state);
  const ready = seatState === 'idle' || seatState === 'not_ready' || seatState === 'rest';
  const done = (x: Ticket, a: AllowedAction) => {
    client.setQueryData(['/tickets', ticket.id], x);
    void client.invalidateQueries({ queryKey: ['/tickets'] });
    void message.success(t('已完成：{{action}}', { action: t(a.label || label(actions, a.name)) }));
  };
  return (
    <>
      {may(session, P.seat) && seatState && seatState !== 'signed_out' && !ticket.secret && (
        <Button
          icon={<PhoneOutlined />}
          disabled={!ready}
          loading={busy === 'dial'}
          title={ready ? '' : t('通话中不能外呼')}
          onClick={() => run('dial', () => floor.dial({ ticket: ticket.id }))}
          data-act="dial"
        >
          {t('联系群众')}
        </Button>
      )}
      {ticket.editable && may(session, P.ticketsWrite) && (
        <Button onClick={() => go(`/intake?ticket=${ticket.id}`)} data-act="edit">
          {t('编辑')}
        </Button>
      )}
      <ActionButtons ticket={ticket} done={done} />
    </>
  );
}

function Body({ x }: { x: Ticket }) {
  const t = useT();
  const areas = useQuery(areasQuery);
  const units = useQuery({
    queryKey: ['/units'],
    queryFn: () => get<List<Unit>>('/units').then(itemsOf),
    staleTime: 10 * 60_000,
  });
  const unitName = (id: string) => units.data?.find((u) => u.id === id)?.name ?? '';
  const c = x.caller ?? {};
  const place = [areaNames(areas.data, x.place?.area ?? []), x.place?.address].filter(Boolean).join(' ');
  const facts: [string, React.ReactNode][] = [
    ['诉求类型', t(label(ticketTypes, x.type))],
    ['紧急程度', t(label(urgencies, x.urgency))],
    [
      '受理渠道',
      [t(label(sources, x.source)), x.external_ref?.system, x.external_ref?.no].filter(Boolean).join(' · '),
    ],
    ['问题分类', x.class_path?.join(' / ')],
    [
      '来电人',
      [c.name, c.gender === 'female' ? t('女士') : c.gender === 'male' ? t('先生') : '', c.company]
        .filter(Boolean)
        .join(' '),
    ],
    ['联系电话', c.hidden ? t('保密') : phoneNumber(c.phone) || c.phone_masked || c.number_masked],
    ['事发地', place],
    ['被反映人', x.subject?.name],
    ['回复要求', [x.need_reply && t('需答复'), x.need_follow_up && t('需回访')].filter(Boolean).join('、')],
    ['承办单位', x.unit?.name],
    ['发生时间', x.happened_at],
    ['需补充', x.missing],
    ['旧工单', x.refers_to],
    ['办理期限', x.due_at ? fullTime(x.due_at) : ''],
    ['经办', x.owner_name || x.owner_account],
    ['查询码', x.query_code],
    ['建单时间', fullTime(x.created_at)],
    ['提交时间', fullTime(x.submitted_at)],
    ['办结时间', fullTime(x.closed_at)],
  ];
  return (
    <div className="ticket" data-ticket={x.id} data-state={x.state} data-version={x.version}>
      <div className="ticket-main">
        <section className="card pad">
          <h2>
            {x.title || t('未命名草稿')} <TicketStateTag state={x.state} text={x.state_label} />
            {x.secret && <span className="tag tag-strong">{t('保密')}</span>}
            {!!x.urges && <span className="tag">{t('催办 {{n}} 次', { n: x.urges })}</span>}
            {x.tags?.map((tag) => (
              <span key={tag} className="tag">
                {tag}
              </span>
            ))}
          </h2>
          <p className="ticket-text" data-field="content">
            {x.content || <span className="muted">{t('没有填写内容')}</span>}
          </p>
          {x.answer && (
            <>
              <h3>{t('答复内容')}</h3>
              <p className="ticket-text">{x.answer}</p>
            </>
          )}
        </section>
        <section className="card pad">
          <h3>{t('通话与录音')}</h3>
          {x.calls?.length ? (
            x.calls.map((call) => (
              <div key={call.id + call.role} className="ticket-call" data-call={call.id}>
                <div className="row">
                  <b>{t(label(callRoles, call.role))}</b>
                  <span className="muted num">
                    {shortTime(call.at)} {call.agent} {call.talk_s ? duration(call.talk_s) : ''}
                  </span>
                </div>
                {call.recordings ? (
                  call.recordings.map((r) => <Player key={r.id} recording={r} />)
                ) : (
                  <CallPlayer call={call.id} />
                )}
                {call.recordings?.length === 0 && (
                  <span className="muted small">{t('录音还没有封存，或没有录音')}</span>
                )}
              </div>
            ))
          ) : (
            <span className="muted">{t('没有关联的通话')}</span>
          )}
        </section>
        <section className="card pad">
          <h3>{t('流转明细')}</h3>
          <Timeline
            items={(x.flow ?? []).map((s) => ({
              key: s.seq,
              content: (
                <div data-flow={s.event}>
                  <b>{t(s.event_label || label(actions, s.event))}</b>{' '}
                  <span className="muted">
                    {s.actor_name || s.actor}
                    {s.unit && unitName(s.unit) ? ` · ${unitName(s.unit)}` : ''} ·{' '}
                    <span className="num">{fullTime(s.at)}</span>
                  </span>
                  {s.to && s.from !== s.to && (
                    <span>
                      {' '}
                      {s.from ? `${t(label(ticketStates, s.from))} → ` : ''}
                      {t(label(ticketStates, s.to))}
                    </span>
                  )}
                  {s.opinion && <p className="ticket-opinion">{s.opinion}</p>}
                </div>
              ),
            }))}
          />
        </section>
      </div>
      <aside className="card pad">
        <dl className="facts">
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <Fact key={name} name={t(name)} value={value} />
            ))}
        </dl>
      </aside>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </>
  );
}
