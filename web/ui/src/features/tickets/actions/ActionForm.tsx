import { Button, Modal } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import type { AllowedAction, Ticket } from '@/api/contract';
import { useSession } from '@/app/session';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';
import { Field } from './Field';
import {
  type ActValues,
  actionKey,
  askedOf,
  isDanger,
  isOptional,
  missingOf,
  needText,
  targetOf,
  visitProblem,
  warningOf,
} from './needs';
import { Problem } from './Problem';
import { stepsSince, useAct } from './useAct';

interface FormProps {
  action: AllowedAction;
  ticket: Ticket;
  onDone: (x: Ticket, a: AllowedAction) => void;
  onCancel?: () => void;
  /** Filled in beforehand. */
  initial?: ActValues;
  /** Saves what is typed elsewhere first and gives the ticket as it then stands. */
  before?: () => Promise<Ticket>;
  /** Shown above the buttons: what the choice would lead to. */
  extra?: (values: ActValues, set: (change: Partial<ActValues>) => void) => ReactNode;
  /** Texts of the fields that need no asking: sent as they stand in `initial`. */
  hide?: string[];
}

/** The word on the button of an action, in the person's language. */
export function useActionWord() {
  const t = useT();
  return (a: AllowedAction, ticket?: Ticket) => {
    const target = ticket ? targetOf(ticket, a) : '';
    return `${t(a.label || label(actions, a.name))}${target ? ` · ${t(target)}` : ''}`;
  };
}

/** The form of one action: a field for each of its needs, the warning, the button. */
export function ActionForm({
  action,
  ticket,
  onDone,
  onCancel,
  initial,
  before,
  extra,
  hide = [],
}: FormProps) {
  const t = useT();
  const word = useActionWord();
  const id = useId();
  const [values, setValues] = useState<ActValues>(() => ({ ...defaultsOf(action, ticket), ...initial }));
  const [tried, setTried] = useState(false);
  const { act, busy, problem, clear } = useAct(ticket, { done: onDone, before });
  const set = (change: Partial<ActValues>) => setValues((v) => ({ ...v, ...change }));
  const needs = askedOf(action, values).filter((n) => !hide.includes(n));
  const missing = missingOf(action, values);
  const warning = warningOf(action);
  // The page follows what others do: the form says what changed under it since it was opened.
  const { account } = useSession();
  const [opened] = useState(ticket);
  const since = stepsSince(opened, ticket).filter((s) => s.actor !== account && s.event !== 'view');
  const still = (ticket.allowed_actions ?? []).some((a) => actionKey(a) === actionKey(action));
  const shown = problem ?? (since.length > 0 ? { text: '', since, still } : null);
  const gone = !!shown?.since && !shown.still;
  const send = () => {
    setTried(true);
    if (missing.length === 0) void act(action, values);
  };
  return (
    <form
      className="act-form"
      data-act-form={action.name}
      onSubmit={(e) => {
        e.preventDefault();
        send();
      }}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
          e.preventDefault();
          e.stopPropagation();
          send();
        }
      }}
    >
      {warning && (
        <p className="act-warning" data-warning>
          {t(warning)}
        </p>
      )}
      {needs.map((need, i) => {
        const bad = tried && missing.includes(need);
        return (
          <div key={need} className="act-field" data-need={need} data-bad={bad}>
            <span className={`act-label ${isOptional(action, need) ? '' : 'must'}`} id={`${id}${need}`}>
              {t(needText(action.name, need))}
              {isOptional(action, need) && <span className="muted small"> {t('可不填')}</span>}
            </span>
            <Field
              ticket={ticket}
              action={action}
              need={need}
              values={values}
              set={set}
              autoFocus={i === 0}
            />
            {bad && (
              <span className="act-bad small" role="alert">
                {need === 'visit' ? t(visitProblem(action.name, values.visit ?? {}) ?? '') : t('必填')}
              </span>
            )}
          </div>
        );
      })}
      {extra?.(values, set)}
      <Problem problem={shown} close={problem ? clear : undefined} />
      <div className="act-foot">
        {onCancel && <Button onClick={onCancel}>{t('取消')}</Button>}
        <Button
          type="primary"
          danger={isDanger(action)}
          htmlType="submit"
          disabled={gone}
          loading={busy === actionKey(action)}
          data-act="confirm"
        >
          {word(action)}
        </Button>
      </div>
    </form>
  );
}

/** What a field begins with. */
function defaultsOf(a: AllowedAction, ticket: Ticket): ActValues {
  const v: ActValues = {};
  const lead = ticket.legs?.findLast((l) => l.role === 'lead' && !l.parent);
  if (a.needs?.includes('public')) v.public = ticket.public_reply || lead?.reply?.answer || '';
  if (a.needs?.includes('keep')) v.keep = true;
  if (a.needs?.includes('urgency')) v.urgency = ticket.urgency;
  if (a.needs?.includes('visit')) v.visit = { channel: 'phone' };
  if (a.name === 'supervise') v.unit = lead?.unit.id;
  if (a.needs?.includes('kind') && a.name === 'instruct') v.kind = 'instruction';
  return v;
}

/** The form in a dialog of its own. */
export function ActionDialog(p: FormProps & { onCancel: () => void }) {
  const word = useActionWord();
  return (
    <Modal
      open
      title={word(p.action, p.ticket)}
      footer={null}
      onCancel={p.onCancel}
      destroyOnHidden
      mask={{ closable: false }}
      width={560}
    >
      <ActionForm {...p} />
    </Modal>
  );
}
