import type { Ticket } from '@/api/contract';
import { shortTime } from '@/components/format';
import { useT } from '@/i18n';
import { label, legRoles } from '@/labels';
import { Deadline, Light } from '../actions';
import { type LegNode, treeOf } from './now';

/** Who has a part in the ticket: units with their role, state and deadlines, those below indented. */
export function Legs({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const tree = treeOf(ticket.legs ?? []);
  if (tree.length === 0) return null;
  return (
    <section className="card pad" data-legs={ticket.legs?.length}>
      <h3>{t('承办情况')}</h3>
      <ul className="legs">
        {tree.map((n) => (
          <Node key={n.leg.n} node={n} />
        ))}
      </ul>
    </section>
  );
}

const ended = new Set(['replied', 'left', 'terminated', 'archived']);

function Node({ node: { leg, below } }: { node: LegNode }) {
  const t = useT();
  const over = ended.has(leg.state);
  return (
    <li data-leg={leg.n} data-leg-state={leg.state}>
      <div className={`leg ${over ? 'leg-over' : ''} ${leg.mine ? 'leg-mine' : ''}`}>
        <div className="leg-head">
          <Light light={leg.light} />
          <b>{leg.unit.name}</b>
          <span className="muted small">{t(label(legRoles, leg.role))}</span>
          {leg.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: leg.round })}</span>}
          <span className="grow" />
          <span className={`tag ${over ? '' : 'tag-strong'}`}>{t(leg.state_label)}</span>
        </div>
        {!over && (
          <div className="leg-dues small">
            {leg.state === 'to_sign' && leg.sign_due_at && (
              <span>
                <span className="muted">{t('签收')} </span>
                <Deadline at={leg.sign_due_at} />
              </span>
            )}
            {leg.suspended ? (
              <span className="tag">{t('已挂起，时限停计')}</span>
            ) : (
              leg.due_at && (
                <span>
                  <span className="muted">{t('答复')} </span>
                  <Deadline at={leg.due_at} remains={leg.remains} light={leg.light} />
                </span>
              )
            )}
          </div>
        )}
        <div className="muted small leg-facts">
          {leg.sent_at && (
            <span className="num">
              {t('{{who}} {{when}} 送达', { who: leg.sent_by ?? '', when: shortTime(leg.sent_at) })}
            </span>
          )}
          {leg.signed_at ? (
            <span className="num">
              {t('{{when}} 签收', { when: shortTime(leg.signed_at) })} {leg.clerk_name}
            </span>
          ) : (
            leg.first_viewed_at && (
              <span className="num">{t('{{when}} 已查看', { when: shortTime(leg.first_viewed_at) })}</span>
            )
          )}
          {leg.replied_at && (
            <span className="num">
              {t('{{when}} 反馈', { when: shortTime(leg.replied_at) })}
              {leg.late && <b className="light-text-red"> {t('超期')}</b>}
            </span>
          )}
          {leg.no_return && <span>{t('已定责，不能退单')}</span>}
        </div>
        {leg.opinion && <p className="leg-opinion small">{leg.opinion}</p>}
        {leg.interim?.map((i) => (
          <p key={i.at} className="leg-opinion small">
            <span className="muted num">
              {t('阶段性答复')} {shortTime(i.at)}：
            </span>
            {i.text}
          </p>
        ))}
      </div>
      {below.length > 0 && (
        <ul className="legs">
          {below.map((n) => (
            <Node key={n.leg.n} node={n} />
          ))}
        </ul>
      )}
    </li>
  );
}
