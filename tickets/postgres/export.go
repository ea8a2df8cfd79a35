package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/service"
)

const exportColumns = `id, account, filter, label, state, total, written, size, failure, created_at, finished_at, swept`

func scanExport(row pgx.CollectableRow, e *service.Export) error {
	var finished *time.Time
	err := row.Scan(&e.ID, &e.Account, &e.Filter, &e.Label, &e.State, &e.Total, &e.Written, &e.Size, &e.Failure, &e.CreatedAt, &finished, &e.Swept)
	e.CreatedAt, e.FinishedAt = e.CreatedAt.UTC(), goTime(finished)
	return err
}

// CreateExport keeps a new export.
func (s *Store) CreateExport(ctx context.Context, e service.Export) error {
	return s.exec(ctx, `INSERT INTO export (id, account, filter, label, state, total, created_at, beat_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$7)`,
		e.ID, e.Account, e.Filter, e.Label, e.State, e.Total, e.CreatedAt)
}

// Exports lists the account's, newest first.
func (s *Store) Exports(ctx context.Context, account string, limit int) ([]service.Export, error) {
	return collect(ctx, s, scanExport, `SELECT `+exportColumns+` FROM export WHERE account = $1 ORDER BY created_at DESC LIMIT $2`, account, limit)
}

// Export reads one.
func (s *Store) Export(ctx context.Context, id string) (service.Export, error) {
	return s.oneExport(ctx, `SELECT `+exportColumns+` FROM export WHERE id = $1`, id)
}

func (s *Store) oneExport(ctx context.Context, sql string, args ...any) (service.Export, error) {
	list, err := collect(ctx, s, scanExport, sql, args...)
	if err != nil {
		return service.Export{}, fmt.Errorf("export: %w", mapError(err))
	}
	if len(list) == 0 {
		return service.Export{}, fmt.Errorf("export: %w", service.ErrNotFound)
	}
	return list[0], nil
}

// ClaimExport takes the oldest export that waits, or whose writer is silent since stale.
func (s *Store) ClaimExport(ctx context.Context, now, stale time.Time) (service.Export, error) {
	return s.oneExport(ctx, `UPDATE export SET state = 'running', written = 0, beat_at = $1 WHERE id = (
			SELECT id FROM export WHERE state = 'waiting' OR state = 'running' AND beat_at < $2 ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING `+exportColumns, now, stale)
}

// BeatExport notes the progress; false: it was cancelled.
func (s *Store) BeatExport(ctx context.Context, id string, total, written int, now time.Time) (bool, error) {
	tag, err := s.pool.Exec(ctx, `UPDATE export SET total = greatest($2::int, $3::int), written = $3::int, beat_at = $4 WHERE id = $1 AND state = 'running'`,
		id, total, written, now)
	return tag.RowsAffected() == 1, mapError(err)
}

// FinishExport notes how it ended, unless it was cancelled meanwhile.
func (s *Store) FinishExport(ctx context.Context, e service.Export) error {
	return s.exec(ctx, `UPDATE export SET state = $2, total = $3::int, written = $3::int, size = $4, failure = $5, finished_at = $6
		WHERE id = $1 AND state = 'running'`, e.ID, e.State, e.Written, e.Size, e.Failure, nullTime(e.FinishedAt))
}

// CancelExport ends one that waits or runs.
func (s *Store) CancelExport(ctx context.Context, account, id string, now time.Time) error {
	tag, err := s.pool.Exec(ctx, `UPDATE export SET state = 'cancelled', finished_at = $3
		WHERE id = $1 AND account = $2 AND state IN ('waiting', 'running')`, id, account, now)
	if err == nil && tag.RowsAffected() == 0 {
		return fmt.Errorf("export: %w", service.ErrNotFound)
	}
	return mapError(err)
}

// OldExports lists exports that ended before the time and whose files are still kept.
func (s *Store) OldExports(ctx context.Context, before time.Time, limit int) ([]string, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, id *string) error { return row.Scan(id) },
		`SELECT id FROM export WHERE finished_at < $1 AND NOT swept ORDER BY finished_at LIMIT $2`, before, limit)
}

// SweptExport notes that the file is gone.
func (s *Store) SweptExport(ctx context.Context, id string) error {
	return s.exec(ctx, `UPDATE export SET swept = true WHERE id = $1`, id)
}
