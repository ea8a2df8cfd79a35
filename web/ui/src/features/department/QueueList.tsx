import { Checkbox } from 'antd';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { AllowedAction, QueueItem, Ticket } from '@/api/contract';
import { dueText, shortTime, ticketNumber } from '@/components/format';
import { ActionButtons, Deadline } from '@/features/tickets/actions';
import { keyOf } from '@/features/workbench/selection';
import { useT } from '@/i18n';
import { label, ticketTypes, urgencies } from '@/labels';
import { unsigned, unviewed } from './queues';

/** Acts that a row offers by itself; the others are on the ticket's page. */
const atOnce = new Set(['sign', 'leader_approve', 'leader_return', 'grant', 'deny', 'reply_supervise']);

interface Props {
  rows: QueueItem[];
  /** The unit has units below: two deadlines side by side. */
  two: boolean;
  at?: string;
  chosen: Set<string>;
  choose: (key: string, on: boolean) => void;
  chooseAll: (on: boolean) => void;
  open: (x: QueueItem) => void;
  done: (x: Ticket, a: AllowedAction) => void;
}

/** The rows of a queue: a table on a desk, cards on a phone. */
export function QueueList(p: Props) {
  const t = useT();
  const body = useRef<HTMLUListElement>(null);
  const { at } = p;
  useEffect(() => {
    const row = at ? body.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(at)}"] a`) : null;
    row?.focus();
  }, [at]);
  const all = p.rows.length > 0 && p.rows.every((x) => p.chosen.has(keyOf(x)));
  return (
    <div className={`qlist ${p.two ? 'qlist-two' : ''}`}>
      <div className="qlist-head small muted">
        <span>
          <Checkbox
            checked={all}
            indeterminate={!all && p.chosen.size > 0}
            onChange={(e) => p.chooseAll(e.target.checked)}
            aria-label={t('全选')}
          />
        </span>
        <span>{t('标题')}</span>
        <span>{t('发来')}</span>
        <span>{t(p.two ? '本单位时限' : '时限')}</span>
        {p.two && <span>{t('下级时限')}</span>}
        <span>{t('状态')}</span>
      </div>
      <ul ref={body} aria-label={t('工单列表')}>
        {p.rows.map((x) => (
          <Row key={keyOf(x)} x={x} p={p} />
        ))}
      </ul>
    </div>
  );
}

function Row({ x, p }: { x: QueueItem; p: Props }) {
  const t = useT();
  const key = keyOf(x);
  const fresh = unviewed(x);
  const due = x.due_at ?? x.leg?.due_at;
  const acts = (x.allowed_actions ?? []).filter((a) => atOnce.has(a.name));
  return (
    // The title is the link; a click anywhere in the row follows it for the hand's sake.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link takes the keys
    <li
      className={`qrow ${key === p.at ? 'qrow-at' : ''}`}
      data-key={key}
      data-row={x.id}
      data-unviewed={fresh}
      data-unsigned={unsigned(x)}
      onClick={() => p.open(x)}
    >
      <span className="qrow-check">
        <Checkbox
          checked={p.chosen.has(key)}
          aria-label={`${t('选择')} ${x.number}`}
          onClick={(e) => e.stopPropagation()}
          onChange={(e) => p.choose(key, e.target.checked)}
        />
      </span>
      <span className="qrow-what">
        <span className="qrow-title">
          {x.urgency !== 'normal' && (
            <span className={`tag urgency-${x.urgency}`}>{t(label(urgencies, x.urgency))}</span>
          )}
          <Link
            to={`/tickets/${x.id}`}
            className={fresh ? 'qrow-new' : ''}
            title={x.title}
            onClick={(e) => {
              if (e.ctrlKey || e.metaKey || e.shiftKey) return e.stopPropagation();
              e.preventDefault();
            }}
          >
            {x.title}
          </Link>
          {unsigned(x) && <span className="tag qrow-unsigned">{t('未签收')}</span>}
          {x.supervised && <span className="tag">{t('督办')}</span>}
          {!!x.urges && <span className="tag">{t('催办 {{n}} 次', { n: x.urges })}</span>}
          {x.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: x.round })}</span>}
          {x.secret && <span className="tag">{t('保密')}</span>}
        </span>
        <span className="small muted qrow-sub">
          <span className="num">{ticketNumber(x.number)}</span>
          <span>{t(label(ticketTypes, x.type))}</span>
          <span>{x.class_path?.at(-1)}</span>
          {x.place && <span className="ellipsis">{x.place}</span>}
        </span>
        <Part x={x} />
      </span>
      <span className="small qrow-from">
        <span className="ellipsis">{x.from || x.leg?.sent_by}</span>
        <span className="num muted">{shortTime(x.at)}</span>
      </span>
      <span className="qrow-due" data-label={t(p.two ? '本单位' : '时限')}>
        {due ? (
          <Deadline short at={due} remains={x.remains || x.leg?.remains} light={x.light || x.leg?.light} />
        ) : (
          <span className="muted">—</span>
        )}
      </span>
      {p.two && (
        <span className="qrow-due qrow-below" data-label={t('下级')}>
          {x.below?.due_at ? (
            <>
              <Deadline short at={x.below.due_at} remains={x.below.remains} light={x.below.light} />
              <span className="small muted ellipsis">
                {x.below.unit.name} · {t(x.below.state_label)}
              </span>
            </>
          ) : (
            <span className="muted">—</span>
          )}
        </span>
      )}
      <span className="qrow-state">
        <span className="tag">{t(x.leg?.state_label || x.state_label)}</span>
        {acts.length > 0 && (
          // The row opens the ticket; its buttons do not.
          // biome-ignore lint/a11y/noStaticElementInteractions: it only stops the click
          <span
            className="qrow-acts"
            onClick={(e) => e.stopPropagation()}
            onKeyDown={(e) => e.stopPropagation()}
          >
            <ActionButtons
              small
              ticket={{ ...x, allowed_actions: acts } as unknown as Ticket}
              done={p.done}
            />
          </span>
        )}
      </span>
    </li>
  );
}

/** What of the ticket lies in the queue, when it is not the unit's part itself. */
function Part({ x }: { x: QueueItem }) {
  const t = useT();
  if (x.request) {
    return (
      <span className="small qrow-part">
        <b>{t(x.request.kind_label)}</b> {x.request.asked_unit?.name}：{x.request.reason}
      </span>
    );
  }
  if (x.supervision) {
    return (
      <span className="small qrow-part">
        <b>{t(x.supervision.kind_label)}</b> {x.supervision.demand}
        {x.supervision.due_at && (
          <span className="num muted"> {t('{{date}} 前', { date: dueText(x.supervision.due_at) })}</span>
        )}
      </span>
    );
  }
  if (x.card) {
    return (
      <span className="small qrow-part">
        <span className={`the-card the-card-${x.card.kind}`} /> <b>{t(x.card.kind_label)}</b> {x.card.reason}
      </span>
    );
  }
  const words = x.leg?.state === 'with_leader' ? x.leg.draft?.answer : undefined;
  return words ? <span className="small qrow-part">{words}</span> : null;
}
