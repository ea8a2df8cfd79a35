import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { AllowedAction, Ticket } from '@/api/contract';
import { useT } from '@/i18n';
import { ActionDialog, useActionWord } from './ActionForm';
import { type ActValues, actionKey, isDanger, warningOf } from './needs';
import { Problem } from './Problem';
import { useAct } from './useAct';

/** Actions that belong to a form or to a call, not to the ticket's buttons. */
const elsewhere = new Set([
  'save',
  'urge',
  'supplement',
  'progress',
  'view',
  'save_reply',
  'contact_citizen',
]);

/** The actions that stand as buttons and those under 更多. */
export function buttonsOf(list: AllowedAction[], beside = 2) {
  const shown = list.filter((a) => !elsewhere.has(a.name));
  const primary = shown.find((a) => a.primary);
  const others = shown.filter((a) => a !== primary);
  const second = others.filter((a) => a.primary || usual.has(a.name)).slice(0, beside);
  return { primary, second, more: others.filter((a) => !second.includes(a)) };
}

/** Done often enough to stand beside the primary button. */
const usual = new Set([
  'delegate',
  'leader_return',
  'send_back',
  'review_rework',
  'deny',
  'interim_reply',
  'ask_return',
  'hand_back',
  'instruct',
  'supervise',
]);

/**
 * What may be done with the ticket now, from `allowed_actions` alone: one primary button, the usual
 * ones beside it, the rest under 更多. Actions with needs or a warning open their form first.
 */
export function ActionButtons({
  ticket,
  done,
  before,
  up,
  without = [],
  initial,
  small,
  beside = 2,
  onAsk,
}: {
  ticket: Ticket;
  done: (x: Ticket, a: AllowedAction) => void;
  /** Saves what is typed first and gives the ticket as it then stands. */
  before?: () => Promise<Ticket>;
  /** The menu opens upwards. */
  up?: boolean;
  /** Actions that another form of the page does. */
  without?: string[];
  initial?: ActValues;
  small?: boolean;
  /** How many stand beside the primary button. */
  beside?: number;
  /** Takes the action over: the page shows its form elsewhere. True: taken. */
  onAsk?: (a: AllowedAction) => boolean;
}) {
  const t = useT();
  const word = useActionWord();
  const [asked, setAsked] = useState<AllowedAction | null>(null);
  const { act, busy, problem, clear } = useAct(ticket, { done, before });
  const list = (ticket.allowed_actions ?? []).filter((a) => !without.includes(a.name));
  const { primary, second, more } = buttonsOf(list, beside);
  const choose = (a: AllowedAction) => {
    if (onAsk?.(a)) return;
    if (a.needs?.length || warningOf(a)) setAsked(a);
    else void act(a);
  };
  const size = small ? 'small' : undefined;
  if (!primary && second.length === 0 && more.length === 0) return null;
  return (
    <div className="act-buttons" data-actions>
      {more.length > 0 && (
        <Dropdown
          trigger={['click']}
          placement={up ? 'topRight' : 'bottomRight'}
          menu={{
            items: more.map((a) => ({
              key: actionKey(a),
              danger: isDanger(a),
              label: <span data-action={a.name}>{word(a, ticket)}</span>,
              onClick: () => choose(a),
            })),
          }}
        >
          <Button size={size} icon={<DownOutlined />} iconPlacement="end" data-act="more-actions">
            {t('更多')}
          </Button>
        </Dropdown>
      )}
      {second.map((a) => (
        <Button
          key={actionKey(a)}
          size={size}
          danger={isDanger(a)}
          loading={busy === actionKey(a)}
          onClick={() => choose(a)}
          data-action={a.name}
        >
          {word(a, ticket)}
        </Button>
      ))}
      {primary && (
        <Button
          type="primary"
          size={size}
          loading={busy === actionKey(primary)}
          onClick={() => choose(primary)}
          data-action={primary.name}
        >
          {word(primary, ticket)}
        </Button>
      )}
      {problem && !asked && (
        <div className="act-problem">
          <Problem problem={problem} close={clear} />
        </div>
      )}
      {asked && (
        <ActionDialog
          action={asked}
          ticket={ticket}
          before={before}
          initial={initial}
          onCancel={() => setAsked(null)}
          onDone={(x, a) => {
            setAsked(null);
            done(x, a);
          }}
        />
      )}
    </div>
  );
}
