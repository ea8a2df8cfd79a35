import type { Ticket } from '@/api/contract';
import { duration, shortTime } from '@/components/format';
import { CallPlayer } from '@/features/calls/CallPlayer';
import Player from '@/features/calls/Player';
import { useT } from '@/i18n';
import { callRoles, label } from '@/labels';
import { Outcome } from './Outcome';

/** Every call of the ticket with its player: the complaint, urges, contacts, follow-ups. */
export function Calls({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const calls = ticket.calls ?? [];
  if (calls.length === 0 && ticket.source !== 'phone') return null;
  return (
    <section className="card pad">
      <h3>{t('通话与录音')}</h3>
      {calls.length === 0 && <span className="muted">{t('没有关联的通话')}</span>}
      {calls.map((call) => (
        <div key={call.id + call.role} className="ticket-call" data-call={call.id}>
          <div className="row">
            <b>{t(label(callRoles, call.role))}</b>
            <span className="muted num">
              {shortTime(call.at)} {call.agent} {call.talk_s ? duration(call.talk_s) : ''}
            </span>
            {call.end && !call.talk_s && <Outcome end={call.end} />}
          </div>
          {call.recordings ? (
            call.recordings.map((r) => <Player key={r.id} recording={r} />)
          ) : (
            <CallPlayer call={call.id} />
          )}
          {call.recordings?.length === 0 && (
            <span className="muted small">{t('录音还没有封存，或没有录音')}</span>
          )}
        </div>
      ))}
    </section>
  );
}
