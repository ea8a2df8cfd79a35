package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

var _ service.LifeStore = (*Store)(nil)

// FlowSince lists the steps that came after the version, oldest first.
func (s *Store) FlowSince(ctx context.Context, id string, version int) ([]tickets.FlowStep, error) {
	return s.flow(ctx, `ticket = $1 AND version > $2`, id, version)
}

const mergedSQL = ` FROM ticket t WHERE t.master = $1 ORDER BY t.created_at, t.id`

// MergedInto lists the tickets merged into the master, oldest first, without their parts.
func (s *Store) MergedInto(ctx context.Context, master string) ([]service.TicketRecord, error) {
	return s.tickets(ctx, `SELECT `+ticketColumns+mergedSQL, master)
}

// MergedInto lists the tickets merged into the master, without their parts.
func (w writer) MergedInto(ctx context.Context, master string) ([]tickets.Ticket, error) {
	rows, err := w.tx.Query(ctx, `SELECT `+ticketColumns+mergedSQL, master)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (tickets.Ticket, error) {
		r, err := w.store.readTicket(row)
		return r.ticket, err
	})
}

// UrgesSince counts the urges that came from the number since.
func (w writer) UrgesSince(ctx context.Context, number privacy.Phone, since time.Time) (int, error) {
	var n int
	err := w.tx.QueryRow(ctx, `SELECT count(*) FROM call c JOIN ticket_call tc ON tc.call = c.id
		WHERE c.caller_idx = $1 AND c.caller_idx <> '' AND tc.role = $2 AND tc.at >= $3`,
		w.store.keys.Index(number), tickets.CallUrge, since).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count urges: %w", err)
	}
	return n, nil
}

// ReturnsOfClass counts the granted returns of tickets of the classes since, by unit.
func (s *Store) ReturnsOfClass(ctx context.Context, classes []string, since time.Time) (map[string]int, error) {
	rows, err := s.pool.Query(ctx, `SELECT l.unit, count(*) FROM ticket_request r
		JOIN ticket t ON t.id = r.ticket
		JOIN ticket_leg l ON l.ticket = r.ticket AND l.n = r.leg
		WHERE r.kind = $1 AND r.state = 'granted' AND r.decided_at >= $2 AND t.class = ANY($3) GROUP BY l.unit`,
		tickets.RequestReturn, since, classes)
	if err != nil {
		return nil, fmt.Errorf("count returns: %w", err)
	}
	counts := map[string]int{}
	var unit string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&unit, &n}, func() error {
		counts[unit] = n
		return nil
	})
	return counts, err
}

// How many of the latest closed tickets of a class are compared.
const repliesCompared = 500

// RepliesLike lists closed tickets of the ticket's class with a public reply, those whose words
// are the most alike first; units: only those in which one of them had a part, nil: all.
func (s *Store) RepliesLike(ctx context.Context, t tickets.Ticket, units []string, limit int) ([]service.TicketRecord, error) {
	return s.tickets(ctx, `WITH latest AS MATERIALIZED (
			SELECT id, title, content FROM ticket
			WHERE class = $1 AND state IN ('closed', 'archived') AND id <> $2 AND body->>'public_reply' <> '' AND NOT secret
				AND ($5::text[] IS NULL OR EXISTS (SELECT 1 FROM ticket_leg l WHERE l.ticket = ticket.id AND l.unit = ANY($5)))
			ORDER BY closed_at DESC LIMIT $6),
		alike AS (SELECT id, similarity(title || ' ' || content, $3) AS share FROM latest ORDER BY share DESC LIMIT $4)
		SELECT `+ticketColumns+` FROM alike JOIN ticket t ON t.id = alike.id ORDER BY alike.share DESC, t.closed_at DESC`,
		t.ClassID, t.ID, t.Title+" "+t.Content, limit, units, repliesCompared)
}

// How long after a ticket reached a unit its citizen may still be followed up.
const followedWithin = 180 * 24 * time.Hour

// RatesOf counts what the units did in the span, for the formulas of assessment. Legs that are
// excluded (不合理诉求, 考核申诉) are in none of the counts.
func (s *Store) RatesOf(ctx context.Context, units []string, from, to time.Time) (service.RateCounts, error) {
	var c service.RateCounts
	batch := &pgx.Batch{}
	ask := func(sql string, into ...any) {
		batch.Queue(sql, units, from, to).QueryRow(func(row pgx.Row) error { return row.Scan(into...) })
	}
	ask(`SELECT count(*), count(*) FILTER (WHERE signed_at <= sign_due_at) FROM ticket_leg
		WHERE unit = ANY($1) AND sign_due_at >= $2 AND sign_due_at < $3 AND NOT excluded`, &c.ToSign, &c.SignedInTime)
	ask(`SELECT count(*), count(*) FILTER (WHERE replied_at IS NOT NULL AND NOT replied_late) FROM ticket_leg
		WHERE unit = ANY($1) AND due_at >= $2 AND due_at < $3 AND NOT excluded AND state NOT IN ('left', 'terminated')`, &c.Due, &c.InTime)
	ask(`SELECT count(*) FROM ticket_leg WHERE unit = ANY($1) AND replied_at >= $2 AND replied_at < $3 AND NOT excluded`, &c.Replied)
	ask(`SELECT count(*), count(*) FILTER (WHERE round > 1) FROM ticket_leg
		WHERE unit = ANY($1) AND sent_at >= $2 AND sent_at < $3 AND NOT excluded`, &c.Received, &c.Reworks)
	ask(`SELECT count(*) FILTER (WHERE kind = 'return'), count(*) FILTER (WHERE kind = 'extension' AND state = 'granted')
		FROM ticket_request WHERE asked_unit = ANY($1) AND kind IN ('return', 'extension') AND asked_at >= $2 AND asked_at < $3`,
		&c.Returns, &c.Extensions)
	batch.Queue(`SELECT count(*) FILTER (WHERE result > 0), count(*) FILTER (WHERE result BETWEEN 1 AND 3),
			count(*) FILTER (WHERE solved IN ('0', '1')), count(*) FILTER (WHERE solved = '1'),
			count(*), count(*) FILTER (WHERE contacted)
		FROM (SELECT DISTINCT v.ticket, v.n, v.result, v.solved, v.contacted FROM ticket_leg l
			JOIN ticket_visit v ON v.ticket = l.ticket
			WHERE l.unit = ANY($1) AND l.role = 'lead' AND NOT l.excluded AND l.state NOT IN ('left', 'terminated')
				AND l.sent_at >= $4 AND l.sent_at < $3 AND v.reached AND v.at >= $2 AND v.at < $3) AS visited`,
		units, from, to, from.Add(-followedWithin)).QueryRow(func(row pgx.Row) error {
		return row.Scan(&c.Visits, &c.Satisfied, &c.Judged, &c.Solved, &c.Asked, &c.Contacted)
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return c, fmt.Errorf("count rates: %w", err)
	}
	return c, nil
}

// Deputies lists who stands in for the unit's leader, latest first.
func (s *Store) Deputies(ctx context.Context, unit string) ([]service.Deputy, error) {
	rows, err := s.pool.Query(ctx, `SELECT d.id::text, d.unit, d.account, a.person_name, d.from_at, d.to_at, d.by, d.at
		FROM deputy d JOIN account a ON a.name = d.account WHERE d.unit = $1 ORDER BY d.to_at DESC, d.id LIMIT 200`, unit)
	if err != nil {
		return nil, mapError(err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.Deputy, error) {
		var d service.Deputy
		err := row.Scan(&d.ID, &d.Unit, &d.Account, &d.Name, &d.From, &d.To, &d.By, &d.At)
		d.From, d.To, d.At = d.From.UTC(), d.To.UTC(), d.At.UTC()
		return d, err
	})
}

// SaveDeputy notes who stands in for a unit's leader, or changes for how long.
func (s *Store) SaveDeputy(ctx context.Context, d service.Deputy) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO deputy (id, unit, account, from_at, to_at, by, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (id) DO UPDATE SET account = excluded.account, from_at = excluded.from_at, to_at = excluded.to_at,
			by = excluded.by, at = excluded.at WHERE deputy.unit = excluded.unit`,
		d.ID, d.Unit, d.Account, d.From, d.To, d.By, d.At)
	return mapError(err)
}

// DeleteDeputy ends a deputy's term before its time. service.ErrNotFound.
func (s *Store) DeleteDeputy(ctx context.Context, unit, id string) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM deputy WHERE unit = $1 AND id = $2`, unit, id)
	if err == nil && tag.RowsAffected() == 0 {
		return service.ErrNotFound
	}
	return mapError(err)
}
