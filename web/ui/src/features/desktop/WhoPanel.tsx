import { Button, Input, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallView, History, HistoryTicket, SeatState, Ticket } from '@/api/contract';
import { post } from '@/api/http';
import { dayOf, daysAgo, duration, shortTime } from '@/components/format';
import { TicketStateTag } from '@/components/StatusTag';
import { CallPlayer } from '@/features/calls/CallPlayer';
import { useT } from '@/i18n';
import { label, languages, notes, ticketTypes } from '@/labels';
import { useLive } from '@/live';
import { did } from './model';
import { Readiness } from './Readiness';
import { ended, Reopen } from './Reopen';
import { useRun } from './useRun';

/** Who is calling: name, what is open, how they came here, earlier tickets and calls. */
export function WhoPanel({
  call,
  seatState,
}: {
  call: CallView | undefined;
  seatState: SeatState | undefined;
}) {
  const pop = useLive((s) => (call ? s.pops[call.id] : undefined));
  const over = !call || (call.end && seatState !== 'wrap_up');
  if (over || !call) return <Readiness />;
  return (
    <aside
      className="who card who-pop"
      key={call.id}
      data-panel="pop"
      data-call={call.id}
      data-complete={pop?.complete ?? false}
    >
      {pop ? <Known call={call} h={pop.history} complete={pop.complete} /> : <Skeleton active />}
    </aside>
  );
}

function Known({ call, h, complete }: { call: CallView; h: History; complete: boolean }) {
  const t = useT();
  // Keys pressed and where they led; the silent steps between say nothing to the agent.
  const steps = (call.path ?? []).filter((s, i, all) => s.input || i === all.length - 1);
  const title = h.gender === 'female' ? '女士' : h.gender === 'male' ? '先生' : '';
  return (
    <>
      <h2 data-field="who">
        {h.name
          ? `${h.name}${title && !h.name.endsWith(title) ? ` ${t(title)}` : ''}`
          : call.caller
            ? t('新来电人')
            : t('匿名来电')}
        {h.regular && <span className="tag tag-strong">{t('老户')}</span>}
        {h.open_tickets > 0 && <span className="tag">{t('{{n}} 件在办', { n: h.open_tickets })}</span>}
      </h2>
      <div className="row wrap">
        {h.kind === 'enterprise' && <span className="tag">{t('企业')}</span>}
        {call.language && call.language !== 'zh' && (
          <span className="tag">{t(label(languages, call.language))}</span>
        )}
        {h.repeats > 1 && <span className="tag">{t('7 天内第 {{n}} 次来电', { n: h.repeats })}</span>}
        {h.tags
          ?.filter((x) => !h.regular || x !== '老户')
          .map((x) => (
            <span key={x} className="tag">
              {x}
            </span>
          ))}
      </div>
      {h.blacklisted && <div className="warn-line">{t('黑名单号码：请按规定劝导')}</div>}
      <h3>{t('来电轨迹')}</h3>
      <div className="trail" data-field="path">
        {steps.map((s, i) => (
          <span key={`${s.node}-${i}`}>
            {s.input ? <kbd>{s.input}</kbd> : null} {s.label || s.node} ›
          </span>
        ))}
        <span>
          {t('排队')} <b className="num">{duration(call.waited_s)}</b>
        </span>
      </div>
      <h3>{t('最近工单')}</h3>
      {h.tickets?.length ? (
        h.tickets.map((x) => <OldTicket key={x.id} x={x} call={call} />)
      ) : (
        <span className="muted">{complete ? t('没有历史工单') : t('正在查询…')}</span>
      )}
      <h3>{t('历史通话')}</h3>
      {h.calls?.length ? (
        h.calls.map((c) => (
          <div key={c.id} className="hist small">
            <span className="num">{shortTime(c.at)}</span> {c.agent} · {duration(c.talk_s)}
            {c.note && ` · ${t(label(notes, c.note))}`}
            {c.recorded && <CallPlayer call={c.id} compact />}
          </div>
        ))
      ) : (
        <span className="muted">{complete ? t('没有历史通话') : t('正在查询…')}</span>
      )}
    </>
  );
}

type Kind = 'urge' | 'supplement';

function OldTicket({ x, call }: { x: HistoryTicket; call: CallView }) {
  const t = useT();
  const [asking, setAsking] = useState<Kind | null>(null);
  const [text, setText] = useState('');
  const [doneWith, setDoneWith] = useState('');
  const [run, busy] = useRun();
  const send = async (kind: Kind | 'progress') => {
    const ok = await run(kind, () =>
      post<Ticket>(
        `/tickets/${x.id}/${kind}`,
        { call: call.id, ...(kind === 'progress' ? {} : { text: text.trim() }) },
        { headers: { 'Idempotency-Key': `${x.id}-${call.id}-${kind}-${text.length}` } },
      ),
    );
    if (!ok) return;
    did(call.id, kind === 'progress' ? 'progress' : kind === 'urge' ? 'urge' : 'answered');
    setDoneWith(kind === 'urge' ? '已催办' : kind === 'supplement' ? '已补充' : '已记查询');
    setAsking(null);
    setText('');
  };
  return (
    <div className="hist" data-old-ticket={x.id}>
      <span className="hist-title ellipsis" title={x.title}>
        {x.title}
      </span>
      <div className="row small wrap">
        <TicketStateTag state={x.state} />
        <span>{t(label(ticketTypes, x.type))}</span>
        <span className="muted num">{dayOf(x.created_at)}</span>
        {x.open && <span className="muted">{daysAgo(x.created_at)}</span>}
        {x.unit && <span className="muted">{x.unit}</span>}
        {doneWith && <b>{t(doneWith)}</b>}
      </div>
      <div className="hist-acts">
        {ended.has(x.state) && !doneWith && (
          <Reopen
            ticket={x.id}
            done={() => {
              did(call.id, 'ticket');
              setDoneWith('已申请重开');
            }}
          />
        )}
        {x.open && (
          <>
            <Button size="small" onClick={() => setAsking('urge')} data-act="urge">
              {t('追加催办')}
            </Button>
            <Button size="small" onClick={() => setAsking('supplement')} data-act="supplement">
              {t('补充')}
            </Button>
            <Button
              size="small"
              loading={busy === 'progress'}
              onClick={() => send('progress')}
              data-act="progress"
            >
              {t('查询进度')}
            </Button>
          </>
        )}
        <Link to={`/tickets/${x.id}`} target="_blank">
          <Button size="small" type="link">
            {t('查看')}
          </Button>
        </Link>
      </div>
      <Modal
        open={asking !== null}
        title={`${asking === 'urge' ? t('追加催办') : t('补充')} · ${x.title}`}
        okText={t('确定')}
        cancelText={t('取消')}
        confirmLoading={busy === asking}
        okButtonProps={{ disabled: !text.trim() }}
        onOk={() => asking && send(asking)}
        onCancel={() => setAsking(null)}
      >
        <Input.TextArea
          autoFocus
          value={text}
          autoSize={{ minRows: 3 }}
          maxLength={1000}
          onChange={(e) => setText(e.target.value)}
          placeholder={t(asking === 'urge' ? '市民催办的原话和诉求' : '市民补充的内容')}
          data-field="urge-text"
        />
      </Modal>
    </div>
  );
}
