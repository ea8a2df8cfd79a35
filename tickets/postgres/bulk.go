package postgres

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
)

// Past is a ticket with the steps that made it what it is, oldest first.
type Past struct {
	Ticket tickets.Ticket
	Steps  []tickets.FlowStep
}

// CopyPast writes tickets that were made elsewhere, chained and sealed like those of the desk, in
// one transaction that also sets the marker, so that a long load can be resumed. It tells the
// desk nothing and schedules nothing: Jobs.Repair gives the open ones their timers.
func (s *Store) CopyPast(ctx context.Context, list []Past, marker string) error {
	copies := newCopies()
	for _, p := range list {
		if err := s.addPast(copies, p); err != nil {
			return fmt.Errorf("copy ticket %s: %w", p.Ticket.ID, err)
		}
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		for _, c := range copies {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{c.table}, c.columns, pgx.CopyFromRows(c.rows)); err != nil {
				return fmt.Errorf("copy into %s: %w", c.table, err)
			}
		}
		return markCopied(ctx, tx, list, marker)
	})
	if err != nil {
		return fmt.Errorf("copy tickets: %w", mapError(err))
	}
	return nil
}

// markCopied sets the marker and brings the days' numbers up to those of the tickets.
func markCopied(ctx context.Context, tx pgx.Tx, list []Past, marker string) error {
	last := map[string]int{}
	for _, p := range list {
		if n := p.Ticket.Number; n != "" {
			count, err := strconv.Atoi(n[6:11])
			if err != nil {
				return fmt.Errorf("number %s: %w", n, err)
			}
			last[n[:6]] = max(last[n[:6]], count)
		}
	}
	batch := &pgx.Batch{}
	for _, day := range slices.Sorted(maps.Keys(last)) { // in order: two loads must not wait for each other
		batch.Queue(`INSERT INTO ticket_day (day, last) VALUES (to_date($1, 'YYMMDD'), $2)
			ON CONFLICT (day) DO UPDATE SET last = greatest(ticket_day.last, excluded.last)`, day, last[day])
	}
	batch.Queue(`INSERT INTO marker (name, at) VALUES ($1, now())`, marker)
	return tx.SendBatch(ctx, batch).Close()
}

// tableCopy is what is copied into one table.
type tableCopy struct {
	table   string
	columns []string
	rows    [][]any
}

// newCopies lists the tables in the order in which they refer to each other.
func newCopies() []*tableCopy {
	copies := []*tableCopy{
		{table: "ticket", columns: rowColumns},
		{table: "ticket_flow", columns: flowColumns},
		{table: "ticket_call", columns: []string{"ticket", "call", "role", "at"}},
	}
	for _, pt := range partTables {
		copies = append(copies, &tableCopy{table: pt.table, columns: append([]string{"ticket", "body"}, pt.columns...)})
	}
	return append(copies, &tableCopy{table: "ticket_search", columns: []string{"ticket", "at", "codes", "text"}})
}

func (s *Store) addPast(copies []*tableCopy, p Past) error {
	t := p.Ticket
	t.Version = max(1, len(p.Steps))
	t.Calls = slices.Clone(t.Calls)
	wholeMicros(reflect.ValueOf(&t))
	sortCalls(t.Calls)
	sealed, err := s.reseal(t, tickets.Ticket{}, sealedFields{})
	if err != nil {
		return err
	}
	parts, err := partsOf(&t, nil)
	if err != nil {
		return err
	}
	form, err := canonicalOf(t, sealed, parts.digests)
	if err != nil {
		return err
	}
	row := ticketRow{ticket: t, sealed: sealed, digests: parts.digests}
	for i, step := range p.Steps {
		row.ticket.Version = i + 1
		chained, err := s.chain(&row, []tickets.FlowStep{step}, form)
		if err != nil {
			return err
		}
		copies[1].rows = append(copies[1].rows, chained[0].values())
	}
	row.ticket = t
	row.seal = s.rowSeal(row, form)
	copies[0].rows = append(copies[0].rows, s.rowValues(row))
	for _, ref := range t.Calls {
		copies[2].rows = append(copies[2].rows, []any{t.ID, string(ref.ID), ref.Role, ref.At})
	}
	for i, pt := range partTables {
		for _, p := range parts.rows[pt.table] {
			copies[3+i].rows = append(copies[3+i].rows, append([]any{t.ID, p.body}, p.columns...))
		}
	}
	if found, ok := SearchRow(t); ok {
		last := copies[len(copies)-1]
		last.rows = append(last.rows, found)
	}
	return nil
}

// searchIndexes are those that slow a load by more than the time to make them afterwards.
var searchIndexes = map[string]string{
	"ticket_search_codes": `CREATE INDEX ticket_search_codes ON ticket_search USING gin (codes) WITH (gin_pending_list_limit = 1024)`,
}

// WithoutSearchIndexes runs load without the indexes of the text search and makes them again.
func (s *Store) WithoutSearchIndexes(ctx context.Context, load func() error) error {
	for name := range searchIndexes {
		if _, err := s.pool.Exec(ctx, `DROP INDEX IF EXISTS `+name); err != nil {
			return fmt.Errorf("drop index %s: %w", name, err)
		}
	}
	if err := load(); err != nil {
		return err
	}
	return s.maintain(ctx, searchIndexes)
}

// maintain makes the indexes and refreshes what the planner knows.
func (s *Store) maintain(ctx context.Context, indexes map[string]string) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	defer conn.Exec(context.WithoutCancel(ctx), `RESET ALL`) //nolint:errcheck // the connection goes back as it was, or ends
	if _, err := conn.Exec(ctx, `SET statement_timeout = 0; SET maintenance_work_mem = '1GB'`); err != nil {
		return err
	}
	for name, sql := range indexes {
		began := time.Now()
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make index %s: %w", name, err)
		}
		s.log.Info("index made", "index", name, "took", time.Since(began).Round(time.Second))
	}
	if _, err := conn.Exec(ctx, `VACUUM ANALYZE`); err != nil {
		return fmt.Errorf("refresh the statistics: %w", err)
	}
	return nil
}

// Setting is the server's value of a setting.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	var value string
	if err := s.pool.QueryRow(ctx, `SELECT current_setting($1)`, name).Scan(&value); err != nil {
		return "", fmt.Errorf("read setting %s: %w", name, err)
	}
	return value, nil
}
