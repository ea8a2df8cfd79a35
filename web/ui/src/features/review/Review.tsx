import { App } from 'antd';
import { TakeNext } from '@/features/dispatch/Dispatch';
import { DecisionCard, DecisionForm } from '@/features/office/Decision';
import { TicketBrief, TicketRecord } from '@/features/workbench/TicketBrief';
import { type BenchTab, Columns, type Looked, Workbench } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';
import { Replies } from './Replies';
import './review.css';
import { ReviewForm } from './ReviewForm';

const tabs: BenchTab[] = [
  { queue: 'review', text: '待审核', empty: '没有待审核的答复' },
  {
    id: 'mine',
    queue: 'review',
    text: '我领取的',
    only: { mine: 'true' },
    figure: 'mine',
    empty: '您手中没有待审核的答复，按 G 领取最急的一件',
  },
  {
    queue: 'decisions',
    text: '重开申请',
    empty: '没有待决定的重开申请',
    what: (x) => x.request?.kind_label,
  },
];

/** 审核工作台. */
export default function Review() {
  const t = useT();
  return (
    <Workbench
      title={t('审核')}
      tabs={tabs}
      extra={(go, tab) => tab.queue === 'review' && <TakeNext queue="review" go={go} />}
    >
      {(looked) =>
        looked.queue === 'decisions' ? <Reopening looked={looked} /> : <Checked looked={looked} />
      }
    </Workbench>
  );
}

function Checked({ looked: { ticket, moveOn } }: { looked: Looked }) {
  const t = useT();
  const { message } = App.useApp();
  return (
    <Columns
      main={
        <>
          <TicketBrief ticket={ticket} />
          <Replies ticket={ticket} />
          <TicketRecord ticket={ticket} />
        </>
      }
      side={
        <ReviewForm
          ticket={ticket}
          done={(x, a) => {
            void message.success(t('已完成：{{action}}', { action: t(a.label || label(actions, a.name)) }));
            if (x.state !== 'under_review') moveOn();
          }}
        />
      }
    />
  );
}

function Reopening({ looked }: { looked: Looked }) {
  return (
    <Columns
      main={
        <>
          <DecisionCard looked={looked} />
          <TicketBrief ticket={looked.ticket} />
          <Replies ticket={looked.ticket} />
          <TicketRecord ticket={looked.ticket} />
        </>
      }
      side={<DecisionForm looked={looked} />}
    />
  );
}
