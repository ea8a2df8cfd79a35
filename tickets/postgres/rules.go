package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/service"
)

// RulesVersion is raised by each change of the rules.
func (s *Store) RulesVersion(ctx context.Context) (int64, error) {
	var version int64
	err := s.pool.QueryRow(ctx, `SELECT version FROM rules_version`).Scan(&version)
	return version, mapError(err)
}

// RulesRows reads all rules. A change between its queries raises the version, so that they are
// read once more.
func (s *Store) RulesRows(ctx context.Context) (service.RulesRows, error) {
	var rows service.RulesRows
	policies, err := collect(ctx, s, scanPolicy, `SELECT `+policyColumns+` FROM policy ORDER BY n DESC LIMIT 1`)
	if err != nil {
		return rows, err
	}
	if len(policies) > 0 {
		rows.Policy = policies[0]
	}
	years, err := s.Years(ctx)
	if err != nil {
		return rows, err
	}
	for _, y := range years {
		rows.Years = append(rows.Years, y.Year)
	}
	if rows.Catalogue, err = s.Catalogue(ctx, 0); err != nil {
		return rows, err
	}
	rows.Triage, err = collect(ctx, s, func(row pgx.CollectableRow, r *tickets.TriageRule) error { return row.Scan(r) },
		`SELECT body FROM triage_rule ORDER BY rank, id`)
	if err != nil {
		return rows, err
	}
	if rows.Classes, err = s.Classes(ctx); err != nil {
		return rows, err
	}
	rows.Areas, err = s.Areas(ctx)
	return rows, err
}

const policyColumns = `n, name, content, note, by, by_name, at`

func scanPolicy(row pgx.CollectableRow, p *service.PolicyRow) error {
	err := row.Scan(&p.N, &p.Name, &p.Content, &p.Note, &p.By, &p.ByName, &p.At)
	p.At = p.At.UTC()
	return err
}

// Policies lists the versions that were applied, newest first.
func (s *Store) Policies(ctx context.Context) ([]service.PolicyRow, error) {
	return collect(ctx, s, scanPolicy, `SELECT n, name, '', note, by, by_name, at FROM policy ORDER BY n DESC LIMIT 200`)
}

// Policy is one version with its file.
func (s *Store) Policy(ctx context.Context, n int) (service.PolicyRow, error) {
	list, err := collect(ctx, s, scanPolicy, `SELECT `+policyColumns+` FROM policy WHERE n = $1`, n)
	if err == nil && len(list) == 0 {
		return service.PolicyRow{}, service.ErrNotFound
	}
	if err != nil {
		return service.PolicyRow{}, err
	}
	return list[0], nil
}

// lockRules lets one change of the rules after the other pass.
func lockRules(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT 1 FROM rules_version FOR UPDATE`)
	return err
}

// ApplyPolicy makes the row the newest policy.
func (s *Store) ApplyPolicy(ctx context.Context, base int, p service.PolicyRow, run service.RecomputeRun) (int, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockRules(ctx, tx); err != nil {
			return err
		}
		var newest int
		if err := tx.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM policy`).Scan(&newest); err != nil {
			return err
		}
		if newest != base {
			return service.ErrStale
		}
		p.N = newest + 1
		_, err := tx.Exec(ctx, `INSERT INTO policy (n, name, content, note, by, by_name, at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
			p.N, p.Name, p.Content, p.Note, p.By, p.ByName, p.At)
		if err != nil {
			return err
		}
		return beginRun(ctx, tx, run)
	})
	return p.N, err
}

// Years lists the notices that were entered.
func (s *Store) Years(ctx context.Context) ([]service.YearRow, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, y *service.YearRow) error {
		err := row.Scan(&y.Year.Year, &y.Notice, &y.Holidays, &y.Workdays, &y.By, &y.ByName, &y.At)
		y.At = y.At.UTC()
		return err
	}, `SELECT year, notice, holidays, workdays, by, by_name, at FROM calendar_year ORDER BY year`)
}

// ApplyYear enters a year's notice.
func (s *Store) ApplyYear(ctx context.Context, y service.YearRow, run service.RecomputeRun) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockRules(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO calendar_year (year, notice, holidays, workdays, by, by_name, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
			ON CONFLICT (year) DO UPDATE SET notice=excluded.notice, holidays=excluded.holidays, workdays=excluded.workdays,
				by=excluded.by, by_name=excluded.by_name, at=excluded.at`,
			y.Year.Year, y.Notice, groups(y.Holidays), groups(y.Workdays), y.By, y.ByName, y.At)
		if err != nil {
			return err
		}
		return beginRun(ctx, tx, run)
	})
}

func groups(days map[string][]string) map[string][]string {
	if days == nil {
		return map[string][]string{}
	}
	return days
}

func beginRun(ctx context.Context, tx pgx.Tx, r service.RecomputeRun) error {
	_, err := tx.Exec(ctx, `INSERT INTO recompute_run (cause, by, by_name, at, old_rules, new_rules, total)
		SELECT $1,$2,$3,$4,$5,$6, count(DISTINCT ticket) FROM ticket_leg WHERE state = ANY($7)`,
		r.Cause, r.By, r.ByName, r.At, own(r.Old), own(r.New), openLegStates())
	if err != nil {
		return fmt.Errorf("begin to move deadlines: %w", err)
	}
	return nil
}

func own(r service.OwnRules) service.OwnRules {
	if r.Years == nil {
		r.Years = []calendar.Year{}
	}
	return r
}

// openLegStates are those in which a unit still has to act.
func openLegStates() []string {
	var list []string
	for _, term := range tickets.LegStates {
		if tickets.LegState(term.Code).Open() {
			list = append(list, term.Code)
		}
	}
	return list
}

const runColumns = `id, cause, by, by_name, at, old_rules, new_rules, after_ticket, total, done, moved, failed, finished_at`

func scanRun(row pgx.CollectableRow, r *service.RecomputeRun) error {
	var finished *time.Time
	err := row.Scan(&r.ID, &r.Cause, &r.By, &r.ByName, &r.At, &r.Old, &r.New, &r.After, &r.Total, &r.Done, &r.Moved, &r.Failed, &finished)
	r.At, r.Finished = r.At.UTC(), goTime(finished)
	return err
}

// Runs lists the latest runs, newest first.
func (s *Store) Runs(ctx context.Context, limit int) ([]service.RecomputeRun, error) {
	return collect(ctx, s, scanRun, `SELECT `+runColumns+` FROM recompute_run ORDER BY id DESC LIMIT $1`, limit)
}

// NextRun is the oldest that is not finished.
func (s *Store) NextRun(ctx context.Context) (service.RecomputeRun, error) {
	list, err := collect(ctx, s, scanRun, `SELECT `+runColumns+` FROM recompute_run WHERE finished_at IS NULL ORDER BY id LIMIT 1`)
	if err == nil && len(list) == 0 {
		return service.RecomputeRun{}, service.ErrNotFound
	}
	if err != nil {
		return service.RecomputeRun{}, err
	}
	return list[0], nil
}

// runPatience is how long a server that works at a run may be silent; by the machine's clock.
const runPatience = 30 * time.Second

// ClaimRun tells whether the server may go on with the run.
func (s *Store) ClaimRun(ctx context.Context, id int64, server string, now time.Time) (bool, error) {
	tag, err := s.pool.Exec(ctx, `UPDATE recompute_run SET server = $2, beat_at = $3
		WHERE id = $1 AND finished_at IS NULL AND (server = $2 OR server = '' OR beat_at < $4)`, id, server, now, now.Add(-runPatience))
	return err == nil && tag.RowsAffected() > 0, err
}

// SaveRun keeps how far the run is.
func (s *Store) SaveRun(ctx context.Context, r service.RecomputeRun) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE recompute_run SET after_ticket=$2, done=$3, moved=$4, failed=$5, finished_at=$6 WHERE id = $1`,
			r.ID, r.After, r.Done, r.Moved, r.Failed, nullTime(r.Finished))
		if err != nil {
			return err
		}
		return tellDesk(ctx, tx, service.Change{Kind: "rules"})
	})
}

// OpenLegs reads tickets with open legs after the id.
func (s *Store) OpenLegs(ctx context.Context, after string, limit int) ([]tickets.Ticket, error) {
	if after == "" {
		after = "00000000-0000-0000-0000-000000000000"
	}
	return s.bareTickets(ctx, `WHERE t.id > $1 AND EXISTS (SELECT FROM ticket_leg l WHERE l.ticket = t.id AND l.state = ANY($2))
		ORDER BY t.id LIMIT $3`, after, openLegStates(), limit)
}

// OpenDeadlines are the latest deadline of an open leg in each year (UTC) that has one, and the
// first: years of the city's zone differ by hours only at their ends.
func (s *Store) OpenDeadlines(ctx context.Context) ([]time.Time, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, t *time.Time) error { return row.Scan(t) },
		`SELECT unnest(ARRAY[min(due_at), max(due_at)]) FROM ticket_leg WHERE state = ANY($1) AND due_at IS NOT NULL
			GROUP BY extract(year FROM due_at)`, openLegStates())
}

// InPool reads the tickets that wait for dispatch, oldest first.
func (s *Store) InPool(ctx context.Context, limit int) ([]tickets.Ticket, error) {
	return s.bareTickets(ctx, `WHERE t.state = $1 ORDER BY t.stage_due_at, t.id LIMIT $2`, string(tickets.ToDispatch), limit)
}

// bareTickets reads tickets with their legs and without personal fields.
func (s *Store) bareTickets(ctx context.Context, where string, args ...any) ([]tickets.Ticket, error) {
	legs := partTables[0]
	return collect(ctx, s, func(row pgx.CollectableRow, t *tickets.Ticket) error {
		var parts []rawPart
		r, err := scanTicket(row, &parts)
		if err != nil {
			return err
		}
		*t = r.ticket
		return legs.decode(t, parts)
	}, `SELECT `+ticketColumns+`, `+legs.sql()+` FROM ticket t `+where, args...)
}
