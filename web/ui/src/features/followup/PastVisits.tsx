import type { Ticket, VisitView } from '@/api/contract';
import { shortTime } from '@/components/format';
import { CallPlayer } from '@/features/calls/CallPlayer';
import { useT } from '@/i18n';
import { label, ratings, solvedTexts, visitChannels } from '@/labels';

/** What earlier follow-ups of the ticket brought, newest first. */
export function PastVisits({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const visits = (ticket.visits ?? []).toReversed();
  if (visits.length === 0) return null;
  const level = (n: number | undefined) => (n ? t(ratings[n] ?? '') : t('拒评'));
  const nameOf = (v: VisitView) =>
    v.for ? ticket.requesters?.find((r) => r.id === v.for)?.caller.name : ticket.caller.name;
  return (
    <section className="card pad" data-panel="visits">
      <h3>{t('回访记录')}</h3>
      {visits.map((v) => (
        <div key={v.n} className="visit-past" data-visit={v.n}>
          <div className="row wrap small">
            <b>{v.reached ? t('已回访') : t('未联系上')}</b>
            <span className="muted num">{shortTime(v.at)}</span>
            <span>{[t(label(visitChannels, v.channel)), v.by_name].filter(Boolean).join(' · ')}</span>
            {nameOf(v) && <span className="muted">{nameOf(v)}</span>}
            {v.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: v.round })}</span>}
            {!v.reached && <span>{v.failure && t(v.failure)}</span>}
            {v.call && <CallPlayer call={v.call} compact />}
          </div>
          {v.reached && (
            <div className="small">
              {[
                v.contacted ? t('联系过') : t('没有联系'),
                v.solved && t(label(solvedTexts, v.solved)),
                `${t('结果')} ${level(v.result)}`,
                `${t('承办单位')} ${level(v.unit)}`,
                `${t('话务员')} ${level(v.agent)}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </div>
          )}
          {v.text && <p className="visit-text">{v.text}</p>}
        </div>
      ))}
    </section>
  );
}
