package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// UnitDetails reads 部门信息.
func (s *Store) UnitDetails(ctx context.Context, unit string) (service.UnitDetails, error) {
	var d service.UnitDetails
	err := s.pool.QueryRow(ctx, `SELECT id, coalesce(parent, ''), name, kind, phone, duties, initials, disabled, approval, sign_return, district, info, rota
		FROM unit WHERE id = $1`, unit).Scan(&d.ID, &d.Parent, &d.Name, &d.Kind, &d.Phone, &d.Duties, &d.Initials, &d.Disabled, &d.Approval,
		&d.SignReturn, &d.District, &d.Info, &d.Rota)
	if err != nil {
		return d, fmt.Errorf("read unit %s: %w", unit, mapError(err))
	}
	return d, nil
}

// SaveUnitDetails saves 部门信息; the tree stays as it is.
func (s *Store) SaveUnitDetails(ctx context.Context, d service.UnitDetails) error {
	_, err := s.pool.Exec(ctx, `UPDATE unit SET duties = $2, phone = $3, approval = $4, sign_return = $5, district = $6, info = $7, rota = $8 WHERE id = $1`,
		d.ID, d.Duties, d.Phone, d.Approval, d.SignReturn, d.District, d.Info, d.Rota)
	if err != nil {
		return fmt.Errorf("save unit %s: %w", d.ID, mapError(err))
	}
	return nil
}

// PeopleOf lists the accounts of the units.
func (s *Store) PeopleOf(ctx context.Context, units []string) ([]service.PersonRecord, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.unit = ANY($1) AND a.deleted_at IS NULL ORDER BY a.unit, a.name`, units)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	var list []service.PersonRecord
	defer rows.Close()
	for rows.Next() {
		a, err := s.scanAccount(rows)
		if err != nil {
			return nil, fmt.Errorf("list people: %w", err)
		}
		list = append(list, service.PersonRecord{Account: a})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	rows.Close()
	for i := range list {
		if list[i].PersonExtras, err = s.PersonExtras(ctx, list[i].Name); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// PersonExtras reads what an account has beside directory.Account.
func (s *Store) PersonExtras(ctx context.Context, account string) (service.PersonExtras, error) {
	var x service.PersonExtras
	err := s.pool.QueryRow(ctx, `SELECT sms_quota, email, question, answer_hash <> '' FROM account WHERE name = $1`, account).
		Scan(&x.Quota, &x.Email, &x.Question, &x.Answered)
	if err != nil {
		return x, fmt.Errorf("read account %s: %w", account, mapError(err))
	}
	return x, nil
}

// SavePersonExtras saves it; the question is saved by TryAnswer.
func (s *Store) SavePersonExtras(ctx context.Context, account string, x service.PersonExtras) error {
	if _, err := s.pool.Exec(ctx, `UPDATE account SET sms_quota = $2, email = $3 WHERE name = $1`, account, x.Quota, x.Email); err != nil {
		return fmt.Errorf("save account %s: %w", account, mapError(err))
	}
	return nil
}

// DeletePerson disables the account for good; what it did keeps its name.
func (s *Store) DeletePerson(ctx context.Context, account string, at time.Time) error {
	_, err := s.pool.Exec(ctx, `UPDATE account SET deleted_at = $2, disabled = true, password_at = $2 WHERE name = $1`, account, at)
	if err != nil {
		return fmt.Errorf("delete account %s: %w", account, mapError(err))
	}
	return nil
}

// OpenWorkOf counts what the account has in hand.
func (s *Store) OpenWorkOf(ctx context.Context, account string) (int, error) {
	var n int
	err := s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM ticket WHERE owner = $1 AND state = ANY($2))
		+ (SELECT count(*) FROM ticket_leg l WHERE l.clerk = $1 AND l.unit = (SELECT unit FROM account WHERE name = $1)
			AND l.state IN ('handling', 'delegated', 'to_compile', 'return_asked', 'with_leader'))`,
		account, append(tickets.OpenStates(), tickets.Draft)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the work of %s: %w", account, err)
	}
	return n, nil
}

// TryAnswer locks the question, lets fn judge and saves what it makes of it, also when it fails.
func (s *Store) TryAnswer(ctx context.Context, account string, fn func(service.SecurityQuestion) (service.SecurityQuestion, error)) error {
	var judged error
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		var q service.SecurityQuestion
		var locked *time.Time
		err := tx.QueryRow(ctx, `SELECT question, answer_hash, answer_failures, answer_locked, coalesce(unit, ''), disabled FROM account WHERE name = $1 FOR UPDATE`, account).
			Scan(&q.Text, &q.AnswerHash, &q.Failures, &locked, &q.Unit, &q.Disabled)
		if err != nil {
			return mapError(err)
		}
		q.LockedUntil = goTime(locked)
		q, judged = fn(q)
		_, err = tx.Exec(ctx, `UPDATE account SET question = $2, answer_hash = $3, answer_failures = $4, answer_locked = $5 WHERE name = $1`,
			account, q.Text, q.AnswerHash, q.Failures, nullTime(q.LockedUntil))
		return err
	})
	if err != nil {
		return fmt.Errorf("security question of %s: %w", account, err)
	}
	return judged
}
