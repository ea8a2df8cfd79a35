package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// SavedFilters lists the account's own and those shared with the roles.
func (s *Store) SavedFilters(ctx context.Context, account string, roles []tickets.Role) ([]service.SavedFilter, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, f *service.SavedFilter) error {
		err := row.Scan(&f.ID, &f.Account, &f.Owner, &f.Name, &f.Filter, &f.Shared, &f.CreatedAt)
		f.CreatedAt, f.Mine = f.CreatedAt.UTC(), f.Account == account
		return err
	}, `SELECT f.id, f.account, a.person_name, f.name, f.filter, f.shared, f.created_at FROM saved_filter f JOIN account a ON a.name = f.account
		WHERE f.account = $1 OR f.shared <> '' AND f.shared = ANY($2) ORDER BY f.account <> $1, f.name LIMIT 200`, account, roles)
}

// SaveFilter keeps a filter; one of the same name of the account is replaced.
func (s *Store) SaveFilter(ctx context.Context, f service.SavedFilter) error {
	return s.exec(ctx, `INSERT INTO saved_filter (id, account, name, filter, shared, created_at) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (account, name) DO UPDATE SET filter = excluded.filter, shared = excluded.shared`,
		f.ID, f.Account, f.Name, f.Filter, f.Shared, f.CreatedAt)
}

// DeleteFilter removes one of the account's own.
func (s *Store) DeleteFilter(ctx context.Context, account, id string) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM saved_filter WHERE account = $1 AND id = $2`, account, id)
	if err == nil && tag.RowsAffected() == 0 {
		return fmt.Errorf("saved filter: %w", service.ErrNotFound)
	}
	return mapError(err)
}
