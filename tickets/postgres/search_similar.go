package postgres

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/tickets/words"
)

// How far back similar tickets are looked for, how many of the title's rarest pairs find them,
// and how many of each kind are compared.
const (
	similarDays  = 90
	similarPairs = 4
	similarMost  = "200"
)

// SimilarTickets ranks by shared phone, place, class and title.
func (s *Store) SimilarTickets(ctx context.Context, t tickets.Ticket, limit int) ([]service.TicketRecord, error) {
	phones := []string{}
	for _, p := range []privacy.Phone{t.Caller.Number, t.Caller.Contact} {
		if idx := s.keys.Index(p); idx != "" {
			phones = append(phones, idx)
		}
	}
	share, _, _, err := s.wordShares(ctx)
	if err != nil {
		return nil, err
	}
	since := t.CreatedAt.AddDate(0, 0, -similarDays)
	const recent = ` AND created_at > $2 ORDER BY created_at DESC LIMIT ` + similarMost
	return s.tickets(ctx, `WITH near AS MATERIALIZED (
			(SELECT id FROM ticket WHERE caller_idx = ANY($3) AND caller_idx <> ''`+recent+`)
			UNION (SELECT id FROM ticket WHERE contact_idx = ANY($3) AND contact_idx <> ''`+recent+`)
			UNION (SELECT id FROM ticket WHERE $4 <> '' AND class = $4`+recent+`)
			UNION (SELECT ticket FROM ticket_search WHERE codes && $8::int[] AND codes && $9::int[] LIMIT `+similarMost+`)
		) SELECT `+ticketColumns+` FROM near JOIN ticket t ON t.id = near.id
		WHERE t.id <> $1 AND t.state NOT IN ('draft', 'discarded') AND t.created_at > $2
		ORDER BY (CASE WHEN t.caller_idx = ANY($3) OR t.contact_idx = ANY($3) THEN 3 ELSE 0 END
			+ CASE WHEN $6 <> '' AND t.body->'place'->>'address' = $6 THEN 2 ELSE 0 END
			+ CASE WHEN $4 <> '' AND t.class = $4 THEN 1 ELSE 0 END
			+ 2 * similarity(t.title, $5)) DESC, t.created_at DESC LIMIT $7`,
		t.ID, since, phones, t.ClassID, t.Title, t.Place.Address, limit, rarest(t.Title, similarPairs, share), monthsSince(since, t.CreatedAt))
}

// monthsSince are the codes of the months from one time to another, and of the one after: what
// came later is similar as well.
func monthsSince(from, to time.Time) []int32 {
	var months []int32
	for m := words.Month(from.UTC()); m <= words.Month(to.UTC())+1; m++ {
		months = append(months, m)
	}
	return months
}
