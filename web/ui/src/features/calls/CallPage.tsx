import { useQuery } from '@tanstack/react-query';
import { Timeline } from 'antd';
import { Link, useParams } from 'react-router';
import type { CallRecord, TimelineEntry } from '@/api/contract';
import { get } from '@/api/http';
import { clockTime, duration, fullTime, phoneNumber, ticketNumber } from '@/components/format';
import { Loaded, PageShell } from '@/components/page';
import { TicketStateTag } from '@/components/StatusTag';
import '@/features/tickets/tickets.css';
import { useT } from '@/i18n';
import { callStages, endCauses, endSides, label, notes, ratings } from '@/labels';
import { useLive } from '@/live';
import { CallPlayer } from './CallPlayer';

/** What of a call is told to people; changes of its seat's state are the board's matter. */
const events: Record<string, string> = {
  'call.started': '呼入',
  'call.menu': '语音菜单',
  'call.queued': '进入队列',
  'call.offered': '派给坐席',
  'call.not_answered': '坐席未接',
  'call.answered': '坐席接听',
  'call.held': '保持',
  'call.resumed': '取回',
  'call.consulting': '咨询',
  'call.three_way': '三方通话',
  'call.party_left': '第三方退出',
  'call.transferred': '转接',
  'call.seat_left': '坐席退出',
  'call.rated': '市民评价',
  'call.voicemail': '留言',
  'call.callback_wanted': '登记回拨',
  'call.noted': '来电小结',
  'call.ended': '结束',
};

const whys: Record<string, string> = {
  no_answer: '久不应答',
  rejected: '拒接',
  unregistered: '分机未注册',
  failed: '呼叫失败',
  hung_up: '坐席挂断',
  hung_up_rating: '坐席挂断并邀评',
  citizen_left: '市民挂断',
  transferred: '已转接',
  phone_lost: '话机断开',
};

export default function CallPage() {
  const t = useT();
  const { id = '' } = useParams();
  const q = useQuery({ queryKey: ['/calls', id], queryFn: () => get<CallRecord>(`/calls/${id}`) });
  return (
    <PageShell title={t('通话')}>
      <Loaded query={q} rows={12}>
        {(c) => (
          <div className="ticket" data-call={c.id}>
            <div className="ticket-main">
              <section className="card pad">
                <h3>{t('录音')}</h3>
                <CallPlayer call={c.id} />
              </section>
              <section className="card pad">
                <h3>{t('通话经过')}</h3>
                <Timeline
                  items={(c.timeline ?? [])
                    .filter((e) => e.type in events)
                    .map((e, i) => ({ key: i, content: <Event e={e} c={c} /> }))}
                />
              </section>
            </div>
            <aside className="card pad">
              <Facts c={c} />
            </aside>
          </div>
        )}
      </Loaded>
    </PageShell>
  );
}

function Event({ e, c }: { e: TimelineEntry; c: CallRecord }) {
  const t = useT();
  const board = useLive((s) => s.board.queues);
  const queueName = (id: string) => (id === c.queue && c.queue_name) || board[id]?.name || id;
  const why = e.why ? (endCauses[e.why] ?? whys[e.why] ?? notes[e.why] ?? e.why) : '';
  const parts = [
    e.input ? `[${e.input}]` : '',
    e.label,
    e.queue ? queueName(e.queue) : '',
    e.seat ? `${t('席位')} ${e.seat}` : '',
    why ? t(why) : '',
    e.score ? t(ratings[e.score] ?? '') : '',
  ].filter(Boolean);
  return (
    <span data-event={e.type}>
      <span className="num muted">{clockTime(e.at)}</span> <b>{t(events[e.type] ?? '')}</b>{' '}
      {parts.join(' · ')}
    </span>
  );
}

function Facts({ c }: { c: CallRecord }) {
  const t = useT();
  const rows: [string, React.ReactNode][] = [
    ['来电号码', c.caller ? phoneNumber(c.caller) : c.caller_masked || t('匿名')],
    ['被叫', [c.called, c.line].filter(Boolean).join(' · ')],
    ['开始', fullTime(c.started_at)],
    [
      '菜单',
      (c.path ?? [])
        .map((p) => (p.input ? `[${p.input}] ${p.label || p.node}` : p.label || p.node))
        .join(' › '),
    ],
    ['队列', c.queue_name || c.queue],
    ['等待', c.waited_s ? duration(c.waited_s) : ''],
    [
      '坐席',
      (c.seats ?? []).map((s) => (
        <div key={`${s.seat}${s.offered_at}`}>
          {s.name ?? s.account} {s.seat} · {s.answered_at ? `${t('通话')} ${duration(s.talk_s)}` : t('未接')}
          {s.hold_s ? ` · ${t('保持')} ${duration(s.hold_s)}` : ''}
        </div>
      )),
    ],
    ['接听', fullTime(c.answered_at)],
    ['结束', fullTime(c.ended_at)],
    [
      '结束原因',
      c.end
        ? `${t(label(endSides, c.end.side))} · ${t(label(callStages, c.end.stage))} · ${t(label(endCauses, c.end.cause))}`
        : '',
    ],
    ['评价', c.rating ? t(ratings[c.rating] ?? '') : ''],
    ['来电小结', [t(label(notes, c.note?.note)), c.note?.text].filter(Boolean).join('：')],
    [
      '工单',
      (c.tickets ?? []).map((x) => (
        <div key={x.id}>
          <Link to={`/tickets/${x.id}`}>{x.number ? ticketNumber(x.number) : t('草稿')}</Link>{' '}
          <TicketStateTag state={x.state} />
          <div className="small muted">{x.title}</div>
        </div>
      )),
    ],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, v]) => (Array.isArray(v) ? v.length : v))
        .map(([name, v]) => (
          <Row key={name} name={t(name)} value={v} />
        ))}
    </dl>
  );
}

function Row({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </>
  );
}
