package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

const accountColumns = `a.name, a.person_name, coalesce(a.unit, ''), a.password_hash, a.failures, a.locked_until, a.disabled,
	a.mobile_sealed, a.created_at, a.last_sign_in,
	coalesce((SELECT array_agg(role ORDER BY granted_at, role) FROM role_grant g WHERE g.account = a.name), '{}'), a.rights, a.password_at`

func (s *Store) scanAccount(row pgx.Row) (directory.Account, error) {
	var a directory.Account
	var locked, last, passwordAt *time.Time
	var sealed string
	var roles, rights []string
	err := row.Scan(&a.Name, &a.PersonName, &a.UnitID, &a.PasswordHash, &a.Failures, &locked, &a.Disabled, &sealed, &a.CreatedAt, &last, &roles, &rights, &passwordAt)
	if err != nil {
		return a, mapError(err)
	}
	a.Roles = make([]tickets.Role, len(roles))
	for i, r := range roles {
		a.Roles[i] = tickets.Role(r)
	}
	for _, right := range rights {
		a.Rights = append(a.Rights, directory.Permission(right))
	}
	a.LockedUntil, a.LastSignIn, a.PasswordAt, a.CreatedAt = goTime(locked), goTime(last), goTime(passwordAt), a.CreatedAt.UTC()
	a.Mobile, err = s.keys.Open(sealed)
	return a, err
}

// Account by its sign-in name.
func (s *Store) Account(ctx context.Context, name string) (directory.Account, error) {
	return s.scanAccount(s.pool.QueryRow(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.name = $1`, name))
}

// Accounts whose name or person's name contains the query.
func (s *Store) Accounts(ctx context.Context, query string) ([]directory.Account, error) {
	pattern := "%" + likeEscape(query) + "%"
	rows, err := s.pool.Query(ctx, `SELECT `+accountColumns+` FROM account a
		WHERE a.name ILIKE $1 OR a.person_name ILIKE $1 ORDER BY a.name`, pattern)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (directory.Account, error) { return s.scanAccount(row) })
}

func (s *Store) writeAccount(ctx context.Context, tx pgx.Tx, a directory.Account, create bool) error {
	sealed, err := s.keys.Seal(a.Mobile)
	if err != nil {
		return err
	}
	rights := make([]string, len(a.Rights))
	for i, right := range a.Rights {
		rights[i] = string(right)
	}
	sql := `UPDATE account SET person_name=$2, unit=nullif($3, ''), password_hash=$4, failures=$5, locked_until=$6, disabled=$7,
		mobile_sealed=$8, created_at=$9, last_sign_in=$10, rights=$11, password_at=$12 WHERE name=$1`
	if create {
		sql = `INSERT INTO account (name, person_name, unit, password_hash, failures, locked_until, disabled, mobile_sealed, created_at,
			last_sign_in, rights, password_at) VALUES ($1,$2,nullif($3, ''),$4,$5,$6,$7,$8,$9,$10,$11,$12)`
	}
	_, err = tx.Exec(ctx, sql, a.Name, a.PersonName, a.UnitID, a.PasswordHash, a.Failures, nullTime(a.LockedUntil), a.Disabled, sealed,
		a.CreatedAt, nullTime(a.LastSignIn), rights, nullTime(a.PasswordAt))
	return mapError(err)
}

// SaveAccount creates or replaces the account and its roles.
func (s *Store) SaveAccount(ctx context.Context, a directory.Account, create bool, by string) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if err := s.writeAccount(ctx, tx, a, create); err != nil {
			return err
		}
		roles := make([]string, len(a.Roles))
		for i, r := range a.Roles {
			roles[i] = string(r)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM role_grant WHERE account = $1 AND role <> ALL($2)`, a.Name, roles); err != nil {
			return err
		}
		for _, role := range roles {
			_, err := tx.Exec(ctx, `INSERT INTO role_grant (account, role, granted_by, granted_at) VALUES ($1,$2,$3,clock_timestamp())
				ON CONFLICT DO NOTHING`, a.Name, role, by)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// UpdateAccount locks the account and saves what fn makes of it; roles stay as they are.
func (s *Store) UpdateAccount(ctx context.Context, name string, fn func(directory.Account) (directory.Account, error)) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		a, err := s.scanAccount(tx.QueryRow(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.name = $1 FOR UPDATE OF a`, name))
		if err != nil {
			return err
		}
		if a, err = fn(a); err != nil {
			return err
		}
		return s.writeAccount(ctx, tx, a, false)
	})
}

// SaveToken keeps a token by the digest of its secret.
func (s *Store) SaveToken(ctx context.Context, t service.Token, digest []byte) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO api_token (id, account, label, digest, created_at, expires_at) VALUES ($1,$2,$3,$4,$5,$6)`,
		t.ID, t.Account, t.Label, digest, t.CreatedAt, nullTime(t.ExpiresAt))
	return mapError(err)
}

// TokenAccount finds whose valid token it is and notes its use.
func (s *Store) TokenAccount(ctx context.Context, digest []byte, now time.Time) (string, error) {
	var account string
	err := s.pool.QueryRow(ctx, `UPDATE api_token SET used_at = $2
		WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) RETURNING account`, digest, now).Scan(&account)
	return account, mapError(err)
}

// Tokens of an account; of all for the empty account.
func (s *Store) Tokens(ctx context.Context, account string) ([]service.Token, error) {
	rows, err := s.pool.Query(ctx, `SELECT id, account, label, created_at, expires_at, revoked_at, used_at FROM api_token
		WHERE $1 = '' OR account = $1 ORDER BY created_at DESC`, account)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.Token, error) {
		var t service.Token
		var expires, revoked, used *time.Time
		err := row.Scan(&t.ID, &t.Account, &t.Label, &t.CreatedAt, &expires, &revoked, &used)
		t.CreatedAt, t.ExpiresAt, t.RevokedAt, t.UsedAt = t.CreatedAt.UTC(), goTime(expires), goTime(revoked), goTime(used)
		return t, err
	})
}

// RevokeToken ends a token.
func (s *Store) RevokeToken(ctx context.Context, id string, now time.Time) error {
	tag, err := s.pool.Exec(ctx, `UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL`, id, now)
	if err != nil {
		return mapError(err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("token %s: %w", id, service.ErrNotFound)
	}
	return nil
}
