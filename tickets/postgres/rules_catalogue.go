package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// rawPart is one part of a ticket as partTable.sql gives it.
type rawPart = map[string]json.RawMessage

// CatalogueVersions lists the changes of the catalogue, newest first.
func (s *Store) CatalogueVersions(ctx context.Context) ([]service.CatalogueVersion, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, v *service.CatalogueVersion) error {
		err := row.Scan(&v.N, &v.At, &v.By, &v.ByName, &v.Note, &v.Added, &v.Removed, &v.Entries)
		v.At = v.At.UTC()
		return err
	}, `SELECT n, at, by, by_name, note, added, removed, entries FROM catalogue_version ORDER BY n DESC LIMIT 200`)
}

// Catalogue lists the entries of a version, 0 the newest, by class and area.
func (s *Store) Catalogue(ctx context.Context, version int) ([]tickets.CatalogueEntry, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, e *tickets.CatalogueEntry) error {
		return row.Scan(&e.ID, &e.Class, &e.Area, &e.Lead, &e.Assists, &e.From, &e.To, &e.Note)
	}, `SELECT id, class, area, lead, assists, to_char(from_day, 'YYYY-MM-DD'), coalesce(to_char(to_day, 'YYYY-MM-DD'), ''), note
		FROM catalogue_entry WHERE CASE WHEN $1 = 0 THEN removed IS NULL ELSE added <= $1 AND (removed IS NULL OR removed > $1) END
		ORDER BY class, area, from_day, id`, version)
}

// ChangeCatalogue makes one new version of the catalogue.
func (s *Store) ChangeCatalogue(ctx context.Context, base int, v service.CatalogueVersion, remove []int64, add []tickets.CatalogueEntry) (int, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockRules(ctx, tx); err != nil {
			return err
		}
		var newest int
		if err := tx.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM catalogue_version`).Scan(&newest); err != nil {
			return err
		}
		if newest != base {
			return service.ErrStale
		}
		v.N = newest + 1
		_, err := tx.Exec(ctx, `INSERT INTO catalogue_version (n, at, by, by_name, note, added, removed, entries)
			VALUES ($1,$2,$3,$4,$5,$6,$7, (SELECT count(*) FROM catalogue_entry WHERE removed IS NULL) + $6::int - $7::int)`,
			v.N, v.At, v.By, v.ByName, v.Note, len(add), len(remove))
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE catalogue_entry SET removed = $1 WHERE id = ANY($2) AND removed IS NULL`, v.N, remove)
		if err != nil {
			return err
		}
		if int(tag.RowsAffected()) != len(remove) {
			return fmt.Errorf("%w: a row of the catalogue", service.ErrNotFound)
		}
		return addEntries(ctx, tx, v.N, add)
	})
	return v.N, mapError(err)
}

func addEntries(ctx context.Context, tx pgx.Tx, version int, add []tickets.CatalogueEntry) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"catalogue_entry"},
		[]string{"class", "area", "lead", "assists", "from_day", "to_day", "note", "added"},
		pgx.CopyFromSlice(len(add), func(i int) ([]any, error) {
			e := add[i]
			from, err := time.Parse(time.DateOnly, e.From)
			if err != nil {
				return nil, err
			}
			var to *time.Time
			if e.To != "" {
				day, err := time.Parse(time.DateOnly, e.To)
				if err != nil {
					return nil, err
				}
				to = &day
			}
			assists := e.Assists
			if assists == nil {
				assists = []string{}
			}
			return []any{e.Class, e.Area, e.Lead, assists, from, to, e.Note, version}, nil
		}))
	return err
}

// SaveTriageRules creates or replaces the rules, in this order.
func (s *Store) SaveTriageRules(ctx context.Context, rules []tickets.TriageRule, by string, at time.Time) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		for i, r := range rules {
			_, err := tx.Exec(ctx, `INSERT INTO triage_rule (id, rank, body, by, at) VALUES ($1,$2,$3,$4,$5)
				ON CONFLICT (id) DO UPDATE SET rank=excluded.rank, body=excluded.body, by=excluded.by, at=excluded.at
				WHERE (triage_rule.rank, triage_rule.body) IS DISTINCT FROM (excluded.rank, excluded.body)`, r.ID, i+1, r, by, at)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteTriageRule removes a rule; tickets keep what it said of them.
func (s *Store) DeleteTriageRule(ctx context.Context, id string) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM triage_rule WHERE id = $1`, id)
	if err == nil && tag.RowsAffected() == 0 {
		return service.ErrNotFound
	}
	return mapError(err)
}

// repeated counts the other tickets of the ticket's number that were submitted since $1.
const repeated = `CASE WHEN t.caller_idx = '' THEN 0 ELSE (SELECT count(*) FROM ticket o
	WHERE o.caller_idx = t.caller_idx AND o.id <> t.id AND o.submitted_at >= $1) END`

// TicketsSince reads the newest tickets submitted since.
func (s *Store) TicketsSince(ctx context.Context, since time.Time, limit int) ([]service.SubmittedTicket, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, t *service.SubmittedTicket) error {
		r, err := scanTicket(row, &t.Repeated)
		t.Ticket = r.ticket
		return err
	}, `SELECT `+ticketColumns+`, `+repeated+` FROM ticket t WHERE t.submitted_at >= $1 ORDER BY t.created_at DESC, t.id DESC LIMIT $2`, since, limit)
}

// RepeatedOf counts the other tickets of the ticket's number since.
func (w writer) RepeatedOf(ctx context.Context, ticket string, since time.Time) (int, error) {
	var n int
	err := w.tx.QueryRow(ctx, `SELECT `+repeated+` FROM ticket t WHERE t.id = $2`, since, ticket).Scan(&n)
	return n, mapError(err)
}
