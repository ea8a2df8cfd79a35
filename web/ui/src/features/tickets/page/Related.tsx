import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { List, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { daysAgo, ticketNumber } from '@/components/format';
import { TicketStateTag } from '@/components/StatusTag';
import { useT } from '@/i18n';

/** Tickets that belong to this one, and those like it: same phone, place, class, words. */
export function Related({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const q = useQuery({
    queryKey: ['/tickets/similar', ticket.id],
    queryFn: () => get<List<Ticket>>('/tickets/similar', { ticket: ticket.id }).then(itemsOf),
    staleTime: 60_000,
    retry: false,
  });
  const similar = (q.data ?? []).filter((x) => x.id !== ticket.id).slice(0, 6);
  if (!ticket.master && !ticket.refers_to && similar.length === 0) return null;
  return (
    <section className="card pad" data-related={similar.length}>
      <h3>{t('相关工单')}</h3>
      <ul className="related">
        {ticket.master && (
          <li>
            <span className="tag tag-strong">{t('主单')}</span>
            <Link to={`/tickets/${ticket.master}`}>{t('打开主单')}</Link>
          </li>
        )}
        {ticket.refers_to && (
          <li>
            <span className="tag">{t('旧工单')}</span>
            <Link to={`/tickets/${ticket.refers_to}`} className="num">
              {ticketNumber(ticket.refers_to)}
            </Link>
          </li>
        )}
        {similar.map((x) => (
          <li key={x.id}>
            <TicketStateTag state={x.state} text={x.state_label} />
            <Link to={`/tickets/${x.id}`} className="ellipsis grow" title={x.title}>
              {x.title}
            </Link>
            <span className="muted small num">{daysAgo(x.created_at)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
