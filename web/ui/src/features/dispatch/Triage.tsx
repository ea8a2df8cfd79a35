import { App, Button } from 'antd';
import { useState } from 'react';
import type { Ticket } from '@/api/contract';
import { ActionDialog } from '@/features/tickets/actions/ActionForm';
import { useT } from '@/i18n';
import { label, urgencies } from '@/labels';

/** What the triage rules said, each with its reason; a person can overrule them. */
export function Triage({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const { message } = App.useApp();
  const [asked, setAsked] = useState(false);
  const rules = ticket.routing?.rules ?? [];
  const overrule = ticket.allowed_actions?.find((a) => a.name === 'overrule');
  if (rules.length === 0 && !overrule) return null;
  return (
    <div className="triage" data-panel="triage">
      <div className="row">
        <h3 className="grow">
          {t('分级')}：{t(label(urgencies, ticket.urgency))}
          {ticket.routing?.duty && ` · ${t('通知值班电话')}`}
          {ticket.routing?.overruled && ` · ${t('已人工更正')}`}
        </h3>
        {overrule && (
          <Button size="small" onClick={() => setAsked(true)} data-action="overrule">
            {t('更正')}
          </Button>
        )}
      </div>
      {rules.map((r) => (
        <p key={r.rule} className="small" data-triage={r.rule}>
          <b>{r.name}</b> <span className="muted">{r.why}</span>
        </p>
      ))}
      {rules.length === 0 && <p className="small muted">{t('没有命中分级规则')}</p>}
      {asked && overrule && (
        <ActionDialog
          action={overrule}
          ticket={ticket}
          onCancel={() => setAsked(false)}
          onDone={() => {
            setAsked(false);
            void message.success(t('已更正分级'));
          }}
        />
      )}
    </div>
  );
}
