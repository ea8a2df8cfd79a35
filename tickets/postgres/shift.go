package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// AtSeat tells whether the account is signed in at its seat, or owns none: what the seat did last
// says so.
func (s *Store) AtSeat(ctx context.Context, account string) (bool, error) {
	var state string
	err := s.pool.QueryRow(ctx, `SELECT e.to_state FROM seat s JOIN seat_event e ON e.seat = s.id
		WHERE s.account = $1 ORDER BY e.at DESC, e.epoch DESC, e.seq DESC LIMIT 1`, account).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look whether %s is at the seat: %w", account, err)
	}
	return state != "signed_out", nil
}
