import { App, Button } from 'antd';
import { useState } from 'react';
import type { AllowedAction, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { ActionDialog } from '@/features/tickets/actions';
import { useT } from '@/i18n';
import { useRun } from './useRun';

/** States after which the citizen can ask for the ticket to be opened again. */
export const ended = new Set(['closed', 'withdrawn', 'not_accepted', 'shut', 'transferred']);

/** 申请重开, for an old ticket of the caller; whether it may still be asked for says the ticket itself. */
export function Reopen({ ticket, done }: { ticket: string; done: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [run, busy] = useRun();
  const [asked, setAsked] = useState<{ ticket: Ticket; action: AllowedAction } | null>(null);
  const ask = () =>
    run('reopen', async () => {
      const x = await get<Ticket>(`/tickets/${ticket}`);
      const action = x.allowed_actions?.find((a) => a.name === 'ask_reopen');
      if (action) setAsked({ ticket: x, action });
      else void message.info(t('已过申请重开的期限，或已有人申请；请另建工单'));
    });
  return (
    <>
      <Button size="small" loading={busy === 'reopen'} onClick={ask} data-act="reopen">
        {t('申请重开')}
      </Button>
      {asked && (
        <ActionDialog
          action={asked.action}
          ticket={asked.ticket}
          onCancel={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            done();
          }}
        />
      )}
    </>
  );
}
