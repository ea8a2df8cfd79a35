import { StepForwardOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import type { Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { ApiError, post } from '@/api/http';
import { useCommands } from '@/app/keys';
import { useUrlFilters } from '@/components/useUrlFilters';
import { TicketBrief, TicketRecord } from '@/features/workbench/TicketBrief';
import { atPage, type BenchTab, Columns, Workbench } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';
import './dispatch.css';
import { DispatchForm } from './DispatchForm';
import { Similar } from './Similar';
import { UndoBar } from './UndoBar';

const tabs: BenchTab[] = [
  { queue: 'to_dispatch', text: '待派单', empty: '没有待派的工单，新提交的会自动出现在这里' },
  {
    id: 'mine',
    queue: 'to_dispatch',
    text: '我领取的',
    only: { mine: 'true' },
    figure: 'mine',
    empty: '您手中没有待派的工单，按 G 领取最急的一件',
  },
  { queue: 'returned', text: '退单重派', empty: '没有退单后待重派的工单' },
];

/** 派单工作台. */
export default function Dispatch() {
  const t = useT();
  const { message } = App.useApp();
  const [sent, setSent] = useState<Ticket | null>(null);
  const [, set] = useUrlFilters();
  const over = (undone?: Ticket) => {
    setSent(null);
    if (undone) set({ at: undone.id });
  };
  return (
    <Workbench
      title={t('派单')}
      tabs={tabs}
      extra={(go, tab) => <TakeNext queue={tab.queue} go={go} />}
      above={sent && <UndoBar key={`${sent.id}-${sent.version}`} sent={sent} over={over} />}
    >
      {({ ticket, moveOn }) => (
        <Columns
          main={
            <>
              <TicketBrief ticket={ticket} />
              <Similar ticket={ticket} merged={moveOn} />
              <TicketRecord ticket={ticket} />
            </>
          }
          side={
            <DispatchForm
              ticket={ticket}
              sent={(x) => {
                setSent(x);
                moveOn();
              }}
              left={(x, a) => {
                void message.success(
                  t('已完成：{{action}}', { action: t(a.label || label(actions, a.name)) }),
                );
                if (x.state !== 'to_dispatch') moveOn();
              }}
            />
          }
        />
      )}
    </Workbench>
  );
}

/** 下一件: the most urgent of the pool comes into the person's hands. */
export function TakeNext({ queue, go }: { queue: string; go: (key: string) => void }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const x = await post<Ticket>(`/desk/queues/${queue}/next`);
      client.setQueryData(['/tickets', x.id], x);
      void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('/desk/') });
      go(x.id);
    } catch (e) {
      const empty = e instanceof ApiError && e.code === 'queue_empty';
      if (empty) void message.info(t('公共池里没有可领取的了'));
      else void message.error(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  useCommands({ takeMostUrgent: () => atPage() && void take() });
  return (
    <Button icon={<StepForwardOutlined />} loading={busy} onClick={take} data-act="take-next">
      {t('下一件')} <kbd>G</kbd>
    </Button>
  );
}
