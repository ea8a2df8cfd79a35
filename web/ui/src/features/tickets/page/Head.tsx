import { PhoneOutlined, PrinterOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useNavigate } from 'react-router';
import type { AllowedAction, Ticket } from '@/api/contract';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { ticketNumber } from '@/components/format';
import { TicketStateTag } from '@/components/StatusTag';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';
import { label, ticketTypes, urgencies } from '@/labels';
import { floor, useLive } from '@/live';
import { ActionButtons, Deadline, Light } from '../actions';
import { type Must, mustsOf, worstLight } from './now';

/** Papers of a ticket, as the server names them. */
export const papers: Record<string, string> = {
  intake: '受理单',
  dispatch: '派单',
  supervision: '督办单',
  flow: '流转明细',
};

/** Title, number, and what kind of ticket it is. */
export function Head({ ticket: x }: { ticket: Ticket }) {
  const t = useT();
  return (
    <header className="ticket-head">
      <h1 data-field="title">{x.title || t('未命名草稿')}</h1>
      <div className="row wrap ticket-tags">
        {x.number && (
          <span className="num ticket-number" data-field="number">
            {ticketNumber(x.number)}
          </span>
        )}
        <TicketStateTag state={x.state} text={x.state_label} />
        {x.type && <span className="tag">{t(label(ticketTypes, x.type))}</span>}
        {x.urgency !== 'normal' && (
          <span className={`tag urgency-${x.urgency}`}>{t(label(urgencies, x.urgency))}</span>
        )}
        {x.secret && <span className="tag tag-strong">{t('保密')}</span>}
        {!!x.round && x.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: x.round })}</span>}
        {x.hard && <span className="tag">{t('疑难')}</span>}
        {x.unreasonable && <span className="tag">{t('不合理诉求')}</span>}
        {!!x.urges && <span className="tag">{t('催办 {{n}} 次', { n: x.urges })}</span>}
        {(x.supervisions ?? []).some((s) => !s.closed_at) && <span className="tag">{t('督办')}</span>}
        {x.tags?.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        {x.result && <span className="tag">{t(label(results, x.result))}</span>}
      </div>
    </header>
  );
}

const results: Record<string, string> = {
  direct: '直办',
  satisfied: '满意',
  dissatisfied: '不满意',
  no_position: '未表态',
  unreachable: '未联系',
  no_visit: '无需回访',
};

/** 现在: where the ticket is, who must act by when, and what the person here may do. */
export function NowStrip({
  ticket: x,
  done,
  without,
  form,
}: {
  ticket: Ticket;
  done: (x: Ticket, a: AllowedAction) => void;
  without: string[];
  /** The page has the reply form: the usual way on leads there. */
  form?: boolean;
}) {
  const t = useT();
  const musts = mustsOf(x);
  const first = (x.allowed_actions ?? []).some((a) => a.name === 'sign');
  return (
    <section className={`now now-${worstLight(musts) || 'none'}`} data-now={x.state}>
      <div className="now-where">
        <span className="now-word">{t('现在')}</span>
        <b data-field="now">{x.now || t(x.state_label ?? '')}</b>
      </div>
      <ul className="now-musts">
        {musts.map((m, i) => (
          <MustLine key={i} m={m} />
        ))}
        {musts.length === 0 && (
          <li className="muted">
            <span>{t('没有人需要再处理')}</span>
          </li>
        )}
      </ul>
      <div className="now-acts">
        <Tools ticket={x} />
        {form && (
          <Button type={first ? 'default' : 'primary'} onClick={toForm} data-act="to-reply">
            {t('填写答复')}
          </Button>
        )}
        <ActionButtons ticket={form ? formFirst(x) : x} done={done} without={without} />
      </div>
    </section>
  );
}

/** Where the form is the usual way on, nothing but signing stands before it. */
const formFirst = (x: Ticket): Ticket => ({
  ...x,
  allowed_actions: x.allowed_actions?.map((a) => ({ ...a, primary: a.primary && a.name === 'sign' })),
});

function toForm() {
  const form = document.getElementById('reply');
  form?.scrollIntoView({ behavior: 'smooth', block: 'start' });
  form?.querySelector<HTMLElement>('textarea')?.focus({ preventScroll: true });
}

function MustLine({ m }: { m: Must }) {
  const t = useT();
  const what = `${t(m.what)}${m.of ? ` ${t(m.of)}` : ''}`;
  return (
    <li className={m.level > 1 ? 'now-below' : ''} data-must={m.who}>
      <span className="now-light">
        <Light light={m.light} />
      </span>
      <span>
        <span className="now-who">{m.level > 0 ? m.who : t(m.who)}</span>{' '}
        {m.at ? what : t('待{{what}}', { what })}
        {m.mine && <span className="now-you">{t('本单位')}</span>}
      </span>
      {m.at && <Deadline at={m.at} remains={m.remains} light={m.light} />}
    </li>
  );
}

/** What is no event of the ticket: calling from the own seat, editing, printing. */
function Tools({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const go = useNavigate();
  const session = useSession();
  const [run, busy] = useRun();
  const { message } = App.useApp();
  const seatState = useLive((s) => s.seat?.state);
  const ready = seatState === 'idle' || seatState === 'not_ready' || seatState === 'rest';
  const forms = Object.entries(papers).filter(
    ([form]) =>
      (form !== 'dispatch' || ticket.legs?.length) && (form !== 'supervision' || ticket.supervisions?.length),
  );
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
      {ticket.number && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: forms.map(([form, text]) => ({
              key: form,
              label: <span data-print={form}>{t(text)}</span>,
              onClick: () => {
                const w = open(`/api/v1/tickets/${ticket.id}/print/${form}.pdf`, '_blank', 'noopener');
                if (w === null) void message.info(t('正在打开打印页'));
              },
            })),
          }}
        >
          <Button icon={<PrinterOutlined />} data-act="print">
            {t('打印')}
          </Button>
        </Dropdown>
      )}
    </>
  );
}
