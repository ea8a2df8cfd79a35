package postgres

import (
	"context"
	"errors"
	"fmt"
)

// ErrOldEpoch is a write of a leader that has been replaced.
var ErrOldEpoch = errors.New("a newer leader has written already")

// Epoch is the highest epoch of a floor's leader that this database has seen.
func (s *Store) Epoch(ctx context.Context) (int64, error) {
	var epoch int64
	if err := s.pool.QueryRow(ctx, `SELECT epoch FROM floor_epoch`).Scan(&epoch); err != nil {
		return 0, fmt.Errorf("read epoch: %w", err)
	}
	return epoch, nil
}

// RaiseEpoch notes a new leader's epoch. ErrOldEpoch if the database has seen this one or a
// higher one.
func (s *Store) RaiseEpoch(ctx context.Context, epoch int64) error {
	tag, err := s.pool.Exec(ctx, `UPDATE floor_epoch SET epoch = $1 WHERE epoch < $1`, epoch)
	if err != nil {
		return fmt.Errorf("raise epoch: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("raise epoch to %d: %w", epoch, ErrOldEpoch)
	}
	return nil
}
