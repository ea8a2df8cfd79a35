import type { Ticket } from '@/api/contract';
import { dayOf, dueText, shortTime } from '@/components/format';
import { useT } from '@/i18n';
import { label, ratings, solvedTexts, visitChannels } from '@/labels';
import { Deadline } from '../actions';

/** Requests, supervision, cards and follow-ups of the ticket, the newest first. */
export function Overlays({ ticket }: { ticket: Ticket }) {
  return (
    <>
      <Requests ticket={ticket} />
      <Supervisions ticket={ticket} />
      <Cards ticket={ticket} />
      <Visits ticket={ticket} />
    </>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  const t = useT();
  return (
    <section className="card pad">
      <h3>{t(title)}</h3>
      <div className="overlays">{children}</div>
    </section>
  );
}

function Line({ name, text }: { name: string; text?: React.ReactNode }) {
  const t = useT();
  if (!text) return null;
  return (
    <p className="overlay-line small">
      <span className="muted">{t(name)}：</span>
      {text}
    </p>
  );
}

function Requests({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const list = (ticket.requests ?? []).toReversed();
  if (list.length === 0) return null;
  return (
    <Section title="申请与决定">
      {list.map((r) => (
        <div key={r.n} className="overlay" data-request={r.n} data-request-state={r.state}>
          <div className="row wrap">
            <b>{t(r.kind_label)}</b>
            <span className={`tag ${r.state === 'open' ? 'tag-strong' : ''}`}>{t(r.state_label)}</span>
            {r.in_time && r.leg ? <span className="tag">{t('按期提出')}</span> : null}
            <span className="grow" />
            <span className="muted small num">{shortTime(r.asked_at)}</span>
          </div>
          <div className="muted small">
            {r.asked_by}
            {r.asked_unit && ` · ${r.asked_unit.name}`}
          </div>
          <Line name="理由" text={r.reason} />
          <Line name="依据" text={r.basis} />
          <Line name="建议承办单位" text={r.unit?.name} />
          <Line name="延期" text={r.days ? t('{{n}} 个工作日', { n: r.days }) : ''} />
          <Line name="挂起至" text={r.until ? dayOf(r.until) : ''} />
          <Line name="工作计划" text={r.plan} />
          {r.state === 'open' && r.decide_due_at && (
            <Line name="决定时限" text={<Deadline at={r.decide_due_at} />} />
          )}
          {r.decided_by && (
            <Line
              name="决定"
              text={`${r.decided_by} ${shortTime(r.decided_at)}${r.opinion ? `：${r.opinion}` : ''}`}
            />
          )}
        </div>
      ))}
    </Section>
  );
}

function Supervisions({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const list = (ticket.supervisions ?? []).toReversed();
  if (list.length === 0) return null;
  return (
    <Section title="督办">
      {list.map((s) => (
        <div key={s.n} className="overlay" data-supervision={s.n} data-supervision-state={s.state}>
          <div className="row wrap">
            <b>{t(s.kind_label)}</b>
            <span className="tag tag-strong">{t(s.state_label)}</span>
            <span>{s.unit.name}</span>
            <span className="grow" />
            <span className="muted small num">{shortTime(s.filed_at)}</span>
          </div>
          <Line name="原因" text={s.reason} />
          <Line name={s.kind === 'instruction' ? '批示' : '要求'} text={`${s.demand}（${s.filed_by}）`} />
          {s.due_at && !s.closed_at && <Line name="时限" text={<Deadline at={s.due_at} />} />}
          <Line name="单位反馈" text={s.reply && `${s.reply}（${shortTime(s.reply_at)}）`} />
          <Line name="审核意见" text={s.opinion} />
          <Line name="办结" text={s.closed_at && dueText(s.closed_at)} />
        </div>
      ))}
    </Section>
  );
}

function Cards({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const list = (ticket.cards ?? []).toReversed();
  if (list.length === 0) return null;
  return (
    <Section title="黄红牌">
      {list.map((c) => (
        <div key={c.n} className="overlay" data-card={c.n}>
          <div className="row wrap">
            <span className={`the-card the-card-${c.kind}`} />
            <b className={c.revoked_at ? 'struck' : ''}>{t(c.kind_label)}</b>
            <span>{c.unit.name}</span>
            {c.revoked_at && <span className="tag">{t('已撤销')}</span>}
            <span className="grow" />
            <span className="muted small num">{shortTime(c.issued_at)}</span>
          </div>
          <Line name="原因" text={c.reason} />
          <Line name="撤销原因" text={c.revoked} />
        </div>
      ))}
    </Section>
  );
}

function Visits({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const list = (ticket.visits ?? []).toReversed();
  if (list.length === 0) return null;
  const level = (n: number | undefined) =>
    n ? t(label(ratings as Record<string, string>, String(n))) : t('拒评');
  return (
    <Section title="回访">
      {list.map((v) => (
        <div key={v.n} className="overlay" data-visit={v.n}>
          <div className="row wrap">
            <b>{t(label(visitChannels, v.channel))}</b>
            <span className={`tag ${v.reached ? 'tag-strong' : ''}`}>
              {t(v.reached ? '已联系上' : '未联系上')}
            </span>
            {v.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: v.round })}</span>}
            <span className="grow" />
            <span className="muted small num">
              {v.by_name} {shortTime(v.at)}
            </span>
          </div>
          {v.reached ? (
            <>
              <Line
                name="结果"
                text={[
                  t(label(solvedTexts, v.solved)),
                  t('结果 {{level}}', { level: level(v.result) }),
                  t('单位 {{level}}', { level: level(v.unit) }),
                  t('热线 {{level}}', { level: level(v.agent) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              />
              <Line name="单位联系过" text={v.contacted ? t('是') : t('否')} />
              <Line name="市民的意见" text={v.text} />
            </>
          ) : (
            <Line name="原因" text={v.failure && t(v.failure)} />
          )}
        </div>
      ))}
    </Section>
  );
}
