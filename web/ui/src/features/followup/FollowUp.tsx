import { App } from 'antd';
import { TakeNext } from '@/features/dispatch/Dispatch';
import { Replies } from '@/features/review/Replies';
import '@/features/review/review.css';
import { TicketBrief, TicketRecord } from '@/features/workbench/TicketBrief';
import { type BenchTab, Columns, Workbench } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';
import './followup.css';
import { PastVisits } from './PastVisits';
import { VisitForm } from './VisitForm';

const tabs: BenchTab[] = [
  { queue: 'follow_up', text: '待回访', empty: '没有待回访的工单' },
  {
    id: 'mine',
    queue: 'follow_up',
    text: '我领取的',
    only: { mine: 'true' },
    figure: 'mine',
    empty: '您手中没有待回访的工单，按 G 领取最急的一件',
  },
];

/** 回访工作台. */
export default function FollowUp() {
  const t = useT();
  const { message } = App.useApp();
  return (
    <Workbench title={t('回访')} tabs={tabs} extra={(go) => <TakeNext queue="follow_up" go={go} />}>
      {({ ticket, moveOn }) => (
        <Columns
          main={
            <>
              <section className="card pad read-out" data-panel="read-out">
                <h3>{t('念给市民的答复')}</h3>
                <p className="ticket-text">{ticket.public_reply || t('没有公开答复')}</p>
              </section>
              <TicketBrief ticket={ticket} />
              <PastVisits ticket={ticket} />
              <Replies ticket={ticket} />
              <TicketRecord ticket={ticket} />
            </>
          }
          side={
            <VisitForm
              ticket={ticket}
              done={(x, a) => {
                void message.success(
                  t('已完成：{{action}}', { action: t(a.label || label(actions, a.name)) }),
                );
                if (x.state !== 'to_follow_up' || a.name === 'visit_missed') moveOn();
              }}
            />
          }
        />
      )}
    </Workbench>
  );
}
