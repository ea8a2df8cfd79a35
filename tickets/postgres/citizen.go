package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/service"
)

// SaveCitizen notes a citizen with tags and standing, which no ticket tells.
func (s *Store) SaveCitizen(ctx context.Context, c service.CitizenRecord) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if err := (writer{store: s, tx: tx}).Meet(ctx, c.Number, c.Caller, c.At); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE citizen SET tags = $2, regular = $3 WHERE idx = $1`, s.keys.Index(c.Number), c.Tags, c.Regular)
		return err
	})
}

// Marked tells whether the marker was set.
func (s *Store) Marked(ctx context.Context, name string) (bool, error) {
	var set bool
	if err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM marker WHERE name = $1)`, name).Scan(&set); err != nil {
		return false, fmt.Errorf("read marker: %w", err)
	}
	return set, nil
}

// Mark sets a marker.
func (s *Store) Mark(ctx context.Context, name string, at time.Time) error {
	if _, err := s.pool.Exec(ctx, `INSERT INTO marker (name, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, name, at); err != nil {
		return fmt.Errorf("set marker: %w", err)
	}
	return nil
}

// Wipe removes every row of the desk but the floor's epoch, which only grows.
func (s *Store) Wipe(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `
		TRUNCATE river_job, message, staff_notice, message_template, announcement, knowledge_report, knowledge_version, knowledge_article, knowledge_category, ticket_search, saved_filter, export,
			recompute_run, triage_rule, catalogue_entry, catalogue_version, calendar_year, policy, marker, progress_try, desk_event, audit, callback, recording, seat_event, call_seat, call, call_event, idempotency,
			ticket_flow, ticket_call, ticket, ticket_day, blacklist, citizen, contact, area, class, line, queue, seat_skill, seat, skill,
			api_token, role_grant, account, unit RESTART IDENTITY CASCADE;
		UPDATE rules_version SET version = version + 1;
		UPDATE chain_head SET count = 0, head = ''`)
	if err != nil {
		return fmt.Errorf("wipe: %w", err)
	}
	return nil
}
