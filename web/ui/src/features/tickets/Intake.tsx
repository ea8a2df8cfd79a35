import { PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Segmented } from 'antd';
import { useEffect } from 'react';
import type { List, Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { useSession } from '@/app/session';
import { shortTime } from '@/components/format';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { TicketStateTag } from '@/components/StatusTag';
import { useUrlFilters } from '@/components/useUrlFilters';
import { drafts, setDraftAccount, useDraftState } from '@/features/desktop/model';
import { TicketForm } from '@/features/desktop/TicketForm';
import { useT } from '@/i18n';
import { label, sources } from '@/labels';
import { ActionButtons } from './actions';
import './tickets.css';

const lists = { received: '待受理', supplement: '待补充', draft: '我的草稿' } as const;

/** 登记: what came by letter, mailbox, web; a list with take on the left, the ticket form on the right. */
export default function Intake() {
  const t = useT();
  const { account } = useSession();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [f, set] = useUrlFilters();
  const which = (f.list as keyof typeof lists) ?? 'received';
  const drafted = useDraftState();
  useEffect(() => setDraftAccount(account), [account]);
  const q = useQuery({
    queryKey: ['/tickets', 'intake', which],
    queryFn: () =>
      which === 'draft'
        ? get<Ticket[] | List<Ticket>>('/tickets/drafts').then(itemsOf)
        : get<List<Ticket>>('/tickets', { state: which, limit: 100 }).then(itemsOf),
    refetchInterval: 30_000,
  });
  const one = useQuery({
    queryKey: ['/tickets', f.ticket ?? ''],
    queryFn: () => get<Ticket>(`/tickets/${f.ticket}`),
    enabled: !!f.ticket,
  });
  const key = f.ticket ? (drafts.keyOfTicket(f.ticket) ?? `ticket:${f.ticket}`) : (f.new ?? null);
  useEffect(() => {
    if (!one.data || !key) return;
    drafts.open(key, { ticket: one.data, source: one.data.source });
    drafts.refresh(key, one.data);
  }, [one.data, key]);
  useEffect(() => {
    if (f.new) drafts.open(f.new, { call: null, source: 'letter' });
  }, [f.new]);
  const shown = key ? drafted.drafts[key] : undefined;
  const inHand = shown?.ticket
    ? ['draft', 'supplement'].includes(shown.ticket.state) || shown.ticket.owner_account === account
    : true;
  return (
    <PageShell
      title={t('登记')}
      extra={
        <Button
          type="primary"
          icon={<PlusOutlined />}
          onClick={() => set({ new: `letter:${crypto.randomUUID()}`, ticket: undefined })}
          data-act="new-letter"
        >
          {t('登记来信、信箱或转办件')}
        </Button>
      }
    >
      <div className="intake">
        <section className="card intake-list">
          <Segmented
            block
            value={which}
            options={Object.entries(lists).map(([value, l]) => ({ value, label: t(l) }))}
            onChange={(list) => set({ list })}
            style={{ margin: 8 }}
          />
          <Loaded query={q}>
            {(items) =>
              items.length ? (
                <div>
                  {items.map((x) => (
                    <button
                      type="button"
                      key={x.id}
                      className="intake-item"
                      data-selected={x.id === f.ticket}
                      data-item={x.id}
                      onClick={() => set({ ticket: x.id, new: undefined })}
                    >
                      <div className="ellipsis">{x.title || t('未命名草稿')}</div>
                      <div className="row small">
                        <TicketStateTag state={x.state} />
                        <span>{t(label(sources, x.source))}</span>
                        <span className="muted num">{shortTime(x.created_at)}</span>
                        <span className="muted">{x.owner_name ?? ''}</span>
                      </div>
                    </button>
                  ))}
                </div>
              ) : (
                <Nothing text={which === 'draft' ? t('没有未完成的草稿') : t('没有待办的来件')} />
              )
            }
          </Loaded>
        </section>
        <section className="card" style={{ display: 'flex', flexDirection: 'column' }}>
          {shown?.ticket && !shown.done && shown.ticket.state !== 'draft' && (
            <div className="row" style={{ padding: '8px 14px', borderBottom: '1px solid var(--line)' }}>
              <TicketStateTag state={shown.ticket.state} />
              <span className="muted">
                {shown.ticket.owner_name ? `${t('在办')}：${shown.ticket.owner_name}` : t('尚未领取')}
              </span>
              <span className="grow" />
              <ActionButtons
                ticket={{
                  ...shown.ticket,
                  allowed_actions: shown.ticket.allowed_actions?.filter((a) =>
                    ['take', 'release'].includes(a.name),
                  ),
                }}
                done={(x) => {
                  drafts.refresh(shown.key, x);
                  void client.invalidateQueries({ queryKey: ['/tickets'] });
                }}
              />
            </div>
          )}
          {shown && (inHand || shown.done) ? (
            <div style={{ flex: 1, minHeight: 0 }}>
              <TicketForm key={shown.key} id={shown.key} />
            </div>
          ) : shown ? (
            <div className="pad">
              <h3>{shown.ticket?.title}</h3>
              <p className="ticket-text">{shown.ticket?.content}</p>
              <p className="muted">{t('先“领取”，再编辑。')}</p>
            </div>
          ) : one.error ? (
            <Nothing text={t(errorText(one.error))}>
              <Button
                onClick={() => {
                  set({ ticket: undefined });
                  void message.destroy();
                }}
              >
                {t('返回列表')}
              </Button>
            </Nothing>
          ) : (
            <div className="desk-empty">
              <Nothing text={t('从左边选一件，或登记新的来件')} />
            </div>
          )}
        </section>
      </div>
    </PageShell>
  );
}
