import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Modal, type RefSelectProps } from 'antd';
import { useRef, useState } from 'react';
import type { CardView, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { fullTime, ticketNumber } from '@/components/format';
import { Loaded } from '@/components/page';
import { Legs } from '@/features/office/Legs';
import { Replies } from '@/features/review/Replies';
import '@/features/review/review.css';
import '@/features/office/office.css';
import { ActionButtons } from '@/features/tickets/actions/ActionButtons';
import { ActionForm } from '@/features/tickets/actions/ActionForm';
import { partOf } from '@/features/workbench/selection';
import { TicketBrief, TicketRecord } from '@/features/workbench/TicketBrief';
import { type BenchTab, Columns, type Looked, Workbench } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { FindTicket } from './FindTicket';
import { SupervisionPanel } from './SupervisionPanel';

const tabs: BenchTab[] = [
  {
    queue: 'supervisions',
    text: '督办',
    empty: '没有进行中的督办，可以新建',
    what: (x) => [x.supervision?.state_label, x.supervision?.unit.name].filter(Boolean).join(' · '),
  },
  {
    queue: 'unit_cards',
    text: '黄红牌',
    empty: '没有发出的黄牌和红牌',
    what: (x) => [x.card?.kind_label, x.card?.unit.name].filter(Boolean).join(' · '),
  },
  {
    queue: 'overdue',
    text: '可催办',
    empty: '没有超期的工单',
    what: (x) => x.unit?.name ?? x.leg?.unit.name,
  },
];

/** 督办, 催办 and 黄红牌. */
export default function Supervision() {
  const t = useT();
  const { message } = App.useApp();
  const [filing, setFiling] = useState(false);
  return (
    <Workbench
      title={t('督办')}
      tabs={tabs}
      extra={(go) => (
        <>
          <Button
            type="primary"
            icon={<PlusOutlined />}
            onClick={() => setFiling(true)}
            data-act="new-supervision"
          >
            {t('新建督办')}
          </Button>
          <NewSupervision
            open={filing}
            close={() => setFiling(false)}
            done={(x) => {
              setFiling(false);
              const n = Math.max(0, ...(x.supervisions ?? []).map((s) => s.n));
              void message.success(t('已提交督办 {{number}}', { number: ticketNumber(x.number) }));
              go(`${x.id}~s${n}`);
            }}
          />
        </>
      )}
    >
      {(looked) => {
        const main = (
          <>
            <TicketBrief ticket={looked.ticket} />
            <Legs ticket={looked.ticket} />
            <Replies ticket={looked.ticket} quiet />
            <TicketRecord ticket={looked.ticket} />
          </>
        );
        if (looked.queue === 'unit_cards')
          return <Columns main={main} side={<CardPanel looked={looked} />} />;
        if (looked.queue === 'overdue') return <Columns main={main} side={<RemindPanel looked={looked} />} />;
        return <Columns main={main} side={<SupervisionPanel looked={looked} />} />;
      }}
    </Workbench>
  );
}

/** 新建督办: which ticket, then kind, unit, demand and date. */
function NewSupervision({
  open,
  close,
  done,
}: {
  open: boolean;
  close: () => void;
  done: (x: Ticket) => void;
}) {
  const t = useT();
  const [id, setId] = useState<string>();
  const picker = useRef<RefSelectProps>(null);
  const q = useQuery({
    queryKey: ['/tickets', id ?? ''],
    queryFn: () => get<Ticket>(`/tickets/${id}`),
    enabled: !!id,
  });
  const action = q.data?.allowed_actions?.find((a) => a.name === 'supervise');
  return (
    <Modal
      open={open}
      destroyOnHidden
      title={t('新建督办')}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      width={560}
      afterOpenChange={(opened) => (opened ? picker.current?.focus() : setId(undefined))}
    >
      <div className="bench-field" style={{ marginBottom: 12 }}>
        <span className="act-label must">{t('工单')}</span>
        <FindTicket value={id} onChange={setId} picker={picker} />
      </div>
      {id && (
        <Loaded query={q}>
          {(ticket) =>
            action ? (
              <ActionForm key={ticket.id} action={action} ticket={ticket} onDone={done} onCancel={close} />
            ) : (
              <p className="muted">{t('这件工单现在不能督办（已办结，或您没有权限）')}</p>
            )
          }
        </Loaded>
      )}
    </Modal>
  );
}

/** A card against a unit, with its revocation. */
function CardPanel({ looked }: { looked: Looked }) {
  const t = useT();
  const { message } = App.useApp();
  const { ticket, moveOn } = looked;
  const n = partOf(looked.key).card;
  const card = ticket.cards?.find((c) => c.n === n) ?? looked.item?.card;
  const revoke = ticket.allowed_actions?.find((a) => a.name === 'revoke_card' && a.card === n);
  return (
    <>
      <div className="bench-side-body" data-panel="card">
        {card && <CardFacts card={card} />}
        {(ticket.cards ?? []).length > 1 && (
          <div>
            <h3>{t('此单其他牌')}</h3>
            {ticket.cards
              ?.filter((c) => c.n !== n)
              .map((c) => (
                <CardFacts key={c.n} card={c} />
              ))}
          </div>
        )}
        {revoke && (
          <ActionForm
            key={looked.key}
            action={revoke}
            ticket={ticket}
            onDone={() => {
              void message.success(t('已撤牌'));
              moveOn();
            }}
          />
        )}
      </div>
      <footer className="bench-side-foot">
        <ActionButtons ticket={ticket} up beside={0} without={['revoke_card']} done={() => {}} />
      </footer>
    </>
  );
}

function CardFacts({ card }: { card: CardView }) {
  const t = useT();
  return (
    <dl className="facts card-facts" data-card={card.n}>
      <dt>
        <span className={`card-mark card-${card.kind}`} aria-hidden /> {t(card.kind_label)}
      </dt>
      <dd>{card.unit.name}</dd>
      <dt>{t('原因')}</dt>
      <dd>{card.reason}</dd>
      <dt>{t('发牌')}</dt>
      <dd className="num">{fullTime(card.issued_at)}</dd>
      {card.revoked_at && (
        <>
          <dt>{t('撤牌')}</dt>
          <dd>
            <span className="num">{fullTime(card.revoked_at)}</span> {card.revoked}
          </dd>
        </>
      )}
    </dl>
  );
}

/** 催办: a text to the unit whose part is late. */
function RemindPanel({ looked }: { looked: Looked }) {
  const t = useT();
  const { message } = App.useApp();
  const { ticket } = looked;
  const list = (ticket.allowed_actions ?? []).filter((a) => a.name === 'remind' && !a.supervision);
  return (
    <>
      <div className="bench-side-body" data-panel="remind">
        {list.map((a) => (
          <div key={`${a.leg}`}>
            <h3>
              {t('催办')} {ticket.legs?.find((l) => l.n === a.leg)?.unit.name}
            </h3>
            <ActionForm
              key={`${looked.key}-${a.leg}-${ticket.version}`}
              action={a}
              ticket={ticket}
              onDone={() => void message.success(t('已催办'))}
            />
          </div>
        ))}
        {list.length === 0 && <p className="muted">{t('这一件现在没有可以催办的单位')}</p>}
      </div>
      <footer className="bench-side-foot">
        <ActionButtons ticket={ticket} up beside={1} without={['remind']} done={() => {}} />
      </footer>
    </>
  );
}
