import { useQuery } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { Link } from 'react-router';
import type { CallView, List, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { dayOf, ticketNumber } from '@/components/format';
import { TicketStateTag } from '@/components/StatusTag';
import { CallPlayer } from '@/features/calls/CallPlayer';
import { KnowledgeHelp } from '@/features/knowledge/KnowledgeHelp';
import { useT } from '@/i18n';
import { type Draft, valuesOf } from './drafts';
import { act, did, drafts } from './model';
import { useRun } from './useRun';

const open = new Set(['received', 'to_dispatch', 'dispatched', 'under_review']);

/** Help beside the form: tickets like this one, and this call's recording once it is sealed. */
export function HelpPanel({ draft, call }: { draft: Draft | undefined; call: CallView | undefined }) {
  const t = useT();
  const { message } = App.useApp();
  const [run, busy] = useRun();
  const id = draft?.ticket?.id;
  const similar = useQuery({
    queryKey: ['/tickets/similar', id, draft?.ticket?.version],
    queryFn: () => get<List<Ticket>>('/tickets/similar', { ticket: id as string }).then(itemsOf),
    enabled: !!id,
    placeholderData: (old) => old,
  });
  const v = draft && valuesOf(draft);
  const insert = (text: string) => {
    if (!draft || !v) return;
    drafts.edit(draft.key, { answer: v.answer.trim() ? `${v.answer.trimEnd()}\n${text}` : text });
    void message.success(t('已插入答复，请核对后再用'));
  };
  const merge = async (d: Draft, master: Ticket) => {
    if (await run(master.id, () => act(d.key, 'merge', { master: master.id }))) {
      did(d.call, 'ticket');
      drafts.forget(d.key);
      void message.success(t('已并入 {{number}}', { number: ticketNumber(master.number) }));
    }
  };
  return (
    <aside className="help card" data-panel="help">
      <KnowledgeHelp
        text={v ? `${v.title} ${v.content}` : ''}
        ticketClass={v?.class_id ?? ''}
        onInsert={draft && !draft.done ? insert : undefined}
      />
      <h3>
        {t('相似工单')} {similar.data?.length ? `(${similar.data.length})` : ''}
      </h3>
      {!id && <p className="muted">{t('开始填写后，这里列出相似的在办工单，避免重复建单。')}</p>}
      {id && similar.data?.length === 0 && <p className="muted">{t('没有相似的工单')}</p>}
      {id &&
        similar.data?.map((s) => (
          <div key={s.id} className="hist">
            <Link to={`/tickets/${s.id}`} target="_blank" className="hist-title ellipsis" title={s.title}>
              {s.title}
            </Link>
            <div className="row small wrap">
              <TicketStateTag state={s.state} />
              <span className="muted num">{ticketNumber(s.number)}</span>
              <span className="muted num">{dayOf(s.created_at)}</span>
            </div>
            {s.unit && <div className="small muted">{s.unit.name}</div>}
            {draft && !draft.done && draft.ticket?.state === 'draft' && open.has(s.state) && (
              <Popconfirm
                title={t('把本次诉求并入这件工单？')}
                description={t('来电人仍作为诉求人保留，单独回访。')}
                okText={t('并单')}
                cancelText={t('取消')}
                onConfirm={() => merge(draft, s)}
              >
                <Button size="small" loading={busy === s.id} data-act="merge">
                  {t('并入此单')}
                </Button>
              </Popconfirm>
            )}
          </div>
        ))}
      {call?.end && call.answered_at && (
        <>
          <h3>{t('本次通话录音')}</h3>
          <CallPlayer call={call.id} compact auto />
        </>
      )}
    </aside>
  );
}
