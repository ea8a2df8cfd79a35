import type { LegView, Ticket } from '@/api/contract';
import { dueText, fullTime, shortTime } from '@/components/format';
import { useT } from '@/i18n';
import { label, legRoles, solvedTexts } from '@/labels';

/** What the units that the hotline dispatched to answered in the last round, the lead first. */
export function repliesOf(ticket: Ticket): LegView[] {
  const top = (ticket.legs ?? []).filter((l) => !l.parent && l.reply);
  const round = Math.max(0, ...top.map((l) => l.round));
  const rank = (l: LegView) => (l.role === 'lead' ? 0 : 1);
  return top
    .filter((l) => l.role !== 'lead' || l.round === round)
    .sort((a, b) => rank(a) - rank(b) || a.n - b.n);
}

/** The replies as the units reported them, with how the citizen was contacted; quiet: nothing where there is none. */
export function Replies({ ticket, quiet }: { ticket: Ticket; quiet?: boolean }) {
  const t = useT();
  const legs = repliesOf(ticket);
  if (legs.length === 0) {
    if (quiet) return null;
    return (
      <section className="card pad muted" data-panel="replies">
        {t('还没有单位上报答复')}
      </section>
    );
  }
  return (
    <>
      {legs.map((l) => (
        <ReplyCard key={l.n} l={l} ticket={ticket} />
      ))}
    </>
  );
}

function ReplyCard({ l, ticket }: { l: LegView; ticket: Ticket }) {
  const t = useT();
  const r = l.reply;
  if (!r) return null;
  const contact = l.contacts?.at(-1);
  const rows: [string, React.ReactNode][] = [
    ['办理情况', r.handling],
    ['政策依据', r.basis],
    ['是否解决', r.solved ? [t(label(solvedTexts, r.solved)), r.unsolved].filter(Boolean).join('：') : ''],
    [
      '联系群众',
      contact
        ? [shortTime(contact.at), contact.call ? t('热线转接，有录音') : '', contact.text]
            .filter(Boolean)
            .join(' · ')
        : r.no_contact
          ? `${t('未联系')}：${r.no_contact}`
          : t('没有联系记录'),
    ],
    ['承办人', [r.person, r.phone].filter(Boolean).join(' ')],
    [
      '附件',
      ticket.files
        ?.filter((f) => r.files?.includes(f.id))
        .map((f) => (
          <a
            key={f.id}
            href={`/api/v1/files/${f.id}`}
            target="_blank"
            rel="noreferrer"
            className="reply-file"
          >
            {f.name}
          </a>
        )),
    ],
  ];
  return (
    <section className="card pad reply-card" data-panel="replies" data-reply={l.n}>
      <div className="row wrap">
        <span className={`tag ${l.role === 'lead' ? 'tag-strong' : ''}`}>{t(label(legRoles, l.role))}</span>
        <b>{l.unit.name}</b>
        {l.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: l.round })}</span>}
        <span className="grow" />
        <span className="muted small num">
          {t('{{at}} 上报', { at: fullTime(l.replied_at) })}
          {l.due_at && ` · ${t('时限 {{now}}', { now: dueText(l.due_at) })}`}
        </span>
        {l.late && <span className="tag reply-late">{t('超期上报')}</span>}
      </div>
      <p className="ticket-text reply-answer">{r.answer}</p>
      <dl className="facts small">
        {rows
          .filter(([, v]) => (Array.isArray(v) ? v.length : v))
          .map(([name, v]) => [<dt key={name}>{t(name)}</dt>, <dd key={`${name}v`}>{v}</dd>])}
      </dl>
    </section>
  );
}
