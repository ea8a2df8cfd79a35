import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import type { AllowedAction, Ticket } from '@/api/contract';
import { get, post } from '@/api/http';
import { ticketNumber } from '@/components/format';
import { Loaded, useTitle } from '@/components/page';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';
import { FlowTimeline } from './actions';
import { Calls } from './page/Calls';
import { FileList } from './page/Files';
import { Head, NowStrip } from './page/Head';
import { Legs } from './page/Legs';
import { Overlays } from './page/Overlays';
import { Related } from './page/Related';
import { ReplyForm } from './page/ReplyForm';
import { legToAnswer, submitsOf } from './page/reply';
import { Dates, Long, Said } from './page/Said';
import './tickets.css';
import './page/page.css';

/** The one page of a ticket: what, who, where it is now and who must act by when, and how it came there. */
export default function TicketPage() {
  const t = useT();
  const { id = '' } = useParams();
  const q = useQuery({
    queryKey: ['/tickets', id],
    queryFn: () => get<Ticket>(`/tickets/${id}`),
    // Remainders are counted by the server. A recording is sealed within seconds of hang-up.
    refetchInterval: (x) => (waitsForRecording(x.state.data) ? 3_000 : 60_000),
  });
  const x = q.data;
  useTitle(x?.number ? `${t('工单')} ${ticketNumber(x.number)}` : t('工单'));
  return (
    <main className="page ticket-page" tabIndex={-1} data-fits>
      <Loaded query={q} rows={12}>
        {(ticket) => <Body x={ticket} />}
      </Loaded>
    </main>
  );
}

const waitsForRecording = (x: Ticket | undefined) =>
  x?.calls?.some(
    (c) => Date.now() - Date.parse(c.at) < 3_600_000 && !c.recordings?.some((r) => r.status === 'sealed'),
  );

/** Notes that somebody of the unit has looked at it: its title is no longer red. */
function useViewed(x: Ticket, take: (x: Ticket) => void) {
  const sent = useRef('');
  const leg = x.legs?.find((l) => l.mine && l.state === 'to_sign' && !l.first_viewed_at);
  const key = leg ? `${x.id}-${leg.n}-${leg.round}` : '';
  useEffect(() => {
    if (!key || sent.current === key) return;
    sent.current = key;
    post<Ticket>(`/tickets/${x.id}/actions/view`, { version: x.version, leg: leg?.n })
      .then(take)
      .catch(() => {
        sent.current = '';
      });
  }, [key, x.id, x.version, leg?.n, take]);
}

function Body({ x }: { x: Ticket }) {
  const t = useT();
  const client = useQueryClient();
  const { message } = App.useApp();
  const take = useRef((y: Ticket) => {
    for (const id of [y.id, y.number]) if (id) client.setQueryData(['/tickets', id], y);
  }).current;
  useViewed(x, take);
  const done = (y: Ticket, a: AllowedAction) => {
    take(y);
    void message.success(t('已完成：{{action}}', { action: t(a.label || label(actions, a.name)) }));
  };
  const leg = legToAnswer(x);
  const inForm = leg ? ['save_reply', 'interim_reply', ...submitsOf(x).map((a) => a.name)] : [];
  const loose = (x.files ?? []).filter((f) => !leg || f.leg !== leg.n);
  // The public reply is a unit's answer as it was passed: shown by itself where it is not the same.
  const reply = replied(x).some((l) => l.reply?.answer === x.public_reply) ? '' : x.public_reply;
  return (
    <div className="ticket" data-ticket={x.id} data-state={x.state} data-version={x.version}>
      <div className="ticket-top">
        <Back />
        <Head ticket={x} />
      </div>
      <NowStrip ticket={x} done={done} without={inForm} form={!!leg} />
      <div className="ticket-columns">
        <div className="ticket-main">
          <Said ticket={x} />
          {leg && <ReplyForm key={`${leg.n}-${leg.round}`} ticket={x} leg={leg} done={done} take={take} />}
          {reply && (
            <section className="card pad">
              <h3>{t('公开答复')}</h3>
              <Long text={reply} field="public_reply" />
            </section>
          )}
          <UnitReplies ticket={x} />
          <Calls ticket={x} />
          {loose.length > 0 && (
            <section className="card pad">
              <h3>{t('附件')}</h3>
              <FileList files={loose} />
            </section>
          )}
        </div>
        <aside className="ticket-side">
          <Legs ticket={x} />
          <Overlays ticket={x} />
          {!!x.flow?.length && (
            <section className="card pad">
              <FlowTimeline ticket={x} />
            </section>
          )}
          <Related ticket={x} />
          <Dates ticket={x} />
        </aside>
      </div>
    </div>
  );
}

const replied = (x: Ticket) => (x.legs ?? []).filter((l) => l.reply?.answer && l.state === 'replied');

/** What the units reported, for who may read it; the one that is being edited stands in its form. */
function UnitReplies({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const list = replied(ticket);
  if (list.length === 0) return null;
  return (
    <section className="card pad" data-unit-replies={list.length}>
      <h3>{t('单位答复')}</h3>
      {list.map((l) => (
        <div key={l.n} className="unit-reply">
          <div className="row wrap small">
            <b>{l.unit.name}</b>
            {l.reply?.answer === ticket.public_reply && (
              <span className="tag tag-strong">{t('公开答复')}</span>
            )}
            <span className="muted">{[l.reply?.person, l.reply?.phone].filter(Boolean).join(' ')}</span>
          </div>
          <Long text={l.reply?.answer} />
          {l.reply?.handling && (
            <p className="small muted">
              {t('办理情况')}：{l.reply.handling}
            </p>
          )}
        </div>
      ))}
    </section>
  );
}

/** Back to the list one came from, with its filters. */
function Back() {
  const t = useT();
  const go = useNavigate();
  const { key, state } = useLocation();
  const from = (state as { from?: string } | null)?.from;
  return (
    <Button
      type="text"
      icon={<ArrowLeftOutlined />}
      onClick={() => (key === 'default' ? go('/') : go(-1))}
      data-act="back"
    >
      {from ? t(from) : t('返回')}
    </Button>
  );
}
