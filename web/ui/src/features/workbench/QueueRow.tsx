import type { QueueItem } from '@/api/contract';
import { dueText, remainsText } from '@/components/format';
import { Light } from '@/features/tickets/actions/Light';
import { useT } from '@/i18n';
import { label, ticketTypes, urgencies } from '@/labels';

/** One row of a workbench's list: what it is, how urgent, whose. */
export function QueueRow({ x, what }: { x: QueueItem; what?: string }) {
  const t = useT();
  // The city itself says nothing: every place is in it.
  const place = [x.class_path?.at(-1), x.place.replace(/^\S+ (?=\S)/, '')].filter(Boolean).join(' · ');
  return (
    <>
      <span className="bench-row-line">
        <Light light={x.light} />
        <span className="ellipsis grow bench-row-title" title={x.title}>
          {x.urgency !== 'normal' && <b className="bench-urgent">[{t(label(urgencies, x.urgency))}] </b>}
          {x.title || t('未命名草稿')}
        </span>
        {x.secret && <span className="tag">{t('保密')}</span>}
        {x.round > 1 && <span className="tag">{t('重办 {{n}}', { n: x.round })}</span>}
      </span>
      <span className="bench-row-line small muted">
        <span className="ellipsis grow">
          {[what, t(label(ticketTypes, x.type)), place].filter(Boolean).join(' · ')}
        </span>
        {x.owner_name && <span className="bench-owner">{x.owner_name}</span>}
      </span>
      <span className="bench-row-line small">
        <span className="num ellipsis grow muted">{x.due_at ? dueText(x.due_at) : ''}</span>
        {!!x.returns && <span className="tag">{t('退单 {{n}} 次', { n: x.returns })}</span>}
        {!!x.urges && <span className="tag">{t('催办 {{n}} 次', { n: x.urges })}</span>}
        {x.supervised && <span className="tag">{t('督办')}</span>}
        <span className={`num ${x.light ? `light-text-${x.light}` : ''}`}>{remainsText(x.remains)}</span>
      </span>
    </>
  );
}
