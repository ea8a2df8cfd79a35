import { CloseOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge, Dropdown } from 'antd';
import { useEffect } from 'react';
import type { List, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { useCommands } from '@/app/keys';
import { useSession } from '@/app/session';
import { Nothing, useTitle } from '@/components/page';
import { useT } from '@/i18n';
import { useLive } from '@/live';
import './desk.css';
import { type Draft, valuesOf } from './drafts';
import { HelpPanel } from './HelpPanel';
import { drafts, setDraftAccount, useCurrentCall, useDraftState } from './model';
import { TicketForm } from './TicketForm';
import { WhoPanel } from './WhoPanel';

/** 坐席工作台: one screen for the whole call. */
export default function Desk() {
  const t = useT();
  useTitle(t('坐席工作台'));
  const { account } = useSession();
  const call = useCurrentCall();
  const state = useDraftState();
  const seatState = useLive((s) => s.seat?.state);
  useEffect(() => setDraftAccount(account), [account]);
  const open = useQuery({
    queryKey: ['/tickets/drafts'],
    queryFn: () => get<Ticket[] | List<Ticket>>('/tickets/drafts').then(itemsOf),
  });
  useEffect(() => {
    if (open.data) drafts.restore(open.data);
  }, [open.data]);

  // The pop brings the call's own tab; what was open keeps its own.
  const callKey = call && !call.end && call.direction === 'inbound' ? `call:${call.id}` : null;
  const callId = call?.id ?? null;
  useEffect(() => {
    if (callKey) drafts.open(callKey, { call: callId, source: 'phone' });
  }, [callKey, callId]);

  const tabs = Object.values(state.drafts);
  const next = () => {
    const i = tabs.findIndex((d) => d.key === state.active);
    const to = tabs[(i + 1) % tabs.length];
    if (to) drafts.activate(to.key);
  };
  useCommands({
    nextTab: next,
    newTicket: () => call && drafts.open(`again:${crypto.randomUUID()}`, { call: call.id, source: 'phone' }),
  });
  const active = state.active ? state.drafts[state.active] : undefined;
  return (
    <main className="desk">
      <WhoPanel call={call} seatState={seatState} />
      <section className="desk-ticket card" aria-label={t('工单')}>
        <TabStrip tabs={tabs} active={state.active} currentCall={call && !call.end ? call.id : null} />
        {active ? (
          <TicketForm key={active.key} id={active.key} />
        ) : (
          <div className="desk-empty">
            <Nothing
              text={
                tabs.length ? t('点上面的页签继续填写草稿') : t('来电时这里自动打开工单；没有未完成的草稿')
              }
            />
          </div>
        )}
      </section>
      <HelpPanel draft={active} call={call} />
    </main>
  );
}

function TabStrip({
  tabs,
  active,
  currentCall,
}: {
  tabs: Draft[];
  active: string | null;
  currentCall: string | null;
}) {
  const t = useT();
  const isCurrent = (d: Draft) => d.call !== null && d.call === currentCall;
  const current = tabs.filter(isCurrent);
  const others = tabs.filter((d) => !isCurrent(d));
  const unfinished = others.filter((d) => !d.done);
  const shown = others.slice(-3);
  if (active && !shown.some((d) => d.key === active)) {
    const a = others.find((d) => d.key === active);
    if (a) shown[0] = a;
  }
  const title = (d: Draft) => valuesOf(d).title || t('未命名草稿');
  return (
    <div className="desk-tabs">
      {[...current, ...shown].map((d) => (
        <div
          key={d.key}
          className={`desk-tab ${isCurrent(d) ? 'current' : ''}`}
          data-selected={d.key === active}
        >
          <button
            type="button"
            aria-current={d.key === active ? 'true' : undefined}
            className="ellipsis"
            onClick={() => drafts.activate(d.key)}
            data-tab={isCurrent(d) ? 'call' : 'draft'}
            data-key={d.key}
          >
            {isCurrent(d) ? t('本次通话') : d.done ? `${t('已提交')} ${d.done.number ?? ''}` : title(d)}
            {isCurrent(d) && d.key.startsWith('again:') && ' +'}
          </button>
          {(d.done || (!d.ticket && Object.keys(d.changes).length === 0 && !isCurrent(d))) && (
            <button type="button" aria-label={t('关闭页签')} onClick={() => drafts.close(d.key)}>
              <CloseOutlined />
            </button>
          )}
        </div>
      ))}
      <span className="grow" />
      <Dropdown
        trigger={['click']}
        disabled={unfinished.length === 0}
        menu={{
          items: unfinished.map((d) => ({
            key: d.key,
            label: title(d),
            onClick: () => drafts.activate(d.key),
          })),
        }}
      >
        <button type="button" className="desk-drafts" data-drafts={unfinished.length}>
          {t('草稿')} <Badge count={unfinished.length} showZero color="#1456d9" size="small" />
        </button>
      </Dropdown>
    </div>
  );
}
