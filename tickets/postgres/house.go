package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

// collect reads a list with one scan function.
func collect[T any](ctx context.Context, s *Store, scan func(pgx.CollectableRow, *T) error, sql string, args ...any) ([]T, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (T, error) {
		var v T
		err := scan(row, &v)
		return v, err
	})
	if list == nil {
		list = []T{}
	}
	return list, err
}

func (s *Store) exec(ctx context.Context, sql string, args ...any) error {
	_, err := s.pool.Exec(ctx, sql, args...)
	return mapError(err)
}

// Units of both levels, parents first.
func (s *Store) Units(ctx context.Context) ([]directory.Unit, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, u *directory.Unit) error {
		return row.Scan(&u.ID, &u.Parent, &u.Name, &u.Kind, &u.Phone, &u.Duties, &u.Initials, &u.Disabled, &u.Approval, &u.SignReturn)
	}, `SELECT id, coalesce(parent, ''), name, kind, phone, duties, initials, disabled, approval, sign_return FROM unit ORDER BY parent NULLS FIRST, id`)
}

// SaveUnit creates or replaces a unit.
func (s *Store) SaveUnit(ctx context.Context, u directory.Unit) error {
	return s.exec(ctx, `INSERT INTO unit (id, parent, name, kind, phone, duties, initials, disabled, approval, sign_return)
		VALUES ($1,nullif($2, ''),$3,$4,$5,$6,$7,$8,$9,$10)
		ON CONFLICT (id) DO UPDATE SET parent=excluded.parent, name=excluded.name, kind=excluded.kind, phone=excluded.phone,
			duties=excluded.duties, initials=excluded.initials, disabled=excluded.disabled, approval=excluded.approval,
			sign_return=excluded.sign_return`,
		u.ID, u.Parent, u.Name, u.Kind, u.Phone, u.Duties, u.Initials, u.Disabled, u.Approval, u.SignReturn)
}

const seatColumns = `s.id, coalesce(s.account, ''), s.grp, s.queues, s.auto_answer, s.wrap_up_s, s.disabled,
	coalesce((SELECT jsonb_object_agg(skill, level) FROM seat_skill k WHERE k.seat = s.id), '{}')`

func scanSeat(row pgx.CollectableRow, s *directory.Seat) error {
	return row.Scan(&s.ID, &s.Account, &s.Group, &s.Queues, &s.AutoAnswer, &s.WrapUpS, &s.Disabled, &s.Skills)
}

// Seats by number.
func (s *Store) Seats(ctx context.Context) ([]directory.Seat, error) {
	return collect(ctx, s, scanSeat, `SELECT `+seatColumns+` FROM seat s ORDER BY s.id`)
}

// SeatOf is the seat an account owns.
func (s *Store) SeatOf(ctx context.Context, account string) (directory.Seat, error) {
	list, err := collect(ctx, s, scanSeat, `SELECT `+seatColumns+` FROM seat s WHERE s.account = $1`, account)
	if err == nil && len(list) == 0 {
		return directory.Seat{}, service.ErrNotFound
	}
	if err != nil {
		return directory.Seat{}, err
	}
	return list[0], nil
}

// SaveSeat creates the seat or replaces all but its phone's password.
func (s *Store) SaveSeat(ctx context.Context, seat directory.Seat, create bool) error {
	queues := seat.Queues
	if queues == nil {
		queues = []string{}
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		sql := `UPDATE seat SET account=nullif($2, ''), grp=$3, queues=$4, auto_answer=$5, wrap_up_s=$6, disabled=$7 WHERE id=$1`
		if create {
			sql = `INSERT INTO seat (id, account, grp, queues, auto_answer, wrap_up_s, disabled) VALUES ($1,nullif($2, ''),$3,$4,$5,$6,$7)`
		}
		tag, err := tx.Exec(ctx, sql, seat.ID, seat.Account, seat.Group, queues, seat.AutoAnswer, seat.WrapUpS, seat.Disabled)
		if err != nil {
			return mapError(err)
		}
		if tag.RowsAffected() == 0 {
			return service.ErrNotFound
		}
		if _, err := tx.Exec(ctx, `DELETE FROM seat_skill WHERE seat = $1`, seat.ID); err != nil {
			return err
		}
		for skill, level := range seat.Skills {
			if _, err := tx.Exec(ctx, `INSERT INTO seat_skill (seat, skill, level) VALUES ($1,$2,$3)`, seat.ID, skill, level); err != nil {
				return mapError(err)
			}
		}
		return tellDesk(ctx, tx, service.Change{Kind: "directory"})
	})
}

// SeatPassword is the password of the seat's SIP phone; empty: it has none.
func (s *Store) SeatPassword(ctx context.Context, seat string) (string, error) {
	var sealed string
	if err := s.pool.QueryRow(ctx, `SELECT phone_sealed FROM seat WHERE id = $1`, seat).Scan(&sealed); err != nil {
		return "", mapError(err)
	}
	return s.keys.Open(sealed)
}

// SetSeatPassword sets the password of the seat's SIP phone.
func (s *Store) SetSeatPassword(ctx context.Context, seat, password string) error {
	sealed, err := s.keys.Seal(password)
	if err != nil {
		return err
	}
	return s.exec(ctx, `UPDATE seat SET phone_sealed = $2 WHERE id = $1`, seat, sealed)
}

// Skills by id.
func (s *Store) Skills(ctx context.Context) ([]directory.Skill, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, k *directory.Skill) error { return row.Scan(&k.ID, &k.Name, &k.Kind) },
		`SELECT id, name, kind FROM skill ORDER BY kind, id`)
}

// SaveSkill creates or replaces a skill.
func (s *Store) SaveSkill(ctx context.Context, k directory.Skill) error {
	return s.exec(ctx, `INSERT INTO skill (id, name, kind) VALUES ($1,$2,$3)
		ON CONFLICT (id) DO UPDATE SET name=excluded.name, kind=excluded.kind`, k.ID, k.Name, k.Kind)
}

// Queues by id.
func (s *Store) Queues(ctx context.Context) ([]directory.Queue, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, q *directory.Queue) error {
		var id, name string
		var disabled bool
		err := row.Scan(&id, &name, &disabled, q)
		q.ID, q.Name, q.Disabled = id, name, disabled
		return err
	}, `SELECT id, name, disabled, settings FROM queue ORDER BY id`)
}

// SaveQueue creates or replaces a queue.
func (s *Store) SaveQueue(ctx context.Context, q directory.Queue) error {
	return s.exec(ctx, `INSERT INTO queue (id, name, disabled, settings) VALUES ($1,$2,$3,$4)
		ON CONFLICT (id) DO UPDATE SET name=excluded.name, disabled=excluded.disabled, settings=excluded.settings`, q.ID, q.Name, q.Disabled, q)
}

// Lines by called number.
func (s *Store) Lines(ctx context.Context) ([]directory.Line, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, l *directory.Line) error {
		return row.Scan(&l.Called, &l.Label, &l.Menu, &l.Queue, &l.Disabled)
	}, `SELECT called, label, menu, queue, disabled FROM line ORDER BY called`)
}

// SaveLine creates or replaces a line.
func (s *Store) SaveLine(ctx context.Context, l directory.Line) error {
	return s.exec(ctx, `INSERT INTO line (called, label, menu, queue, disabled) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (called) DO UPDATE SET label=excluded.label, menu=excluded.menu, queue=excluded.queue, disabled=excluded.disabled`,
		l.Called, l.Label, l.Menu, l.Queue, l.Disabled)
}

// Classes in the order of the tree's levels.
func (s *Store) Classes(ctx context.Context) ([]directory.Class, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, c *directory.Class) error {
		return row.Scan(&c.ID, &c.Parent, &c.Name, &c.Initials, &c.Words, &c.Order, &c.Disabled)
	}, `SELECT id, coalesce(parent, ''), name, initials, words, ord, disabled FROM class ORDER BY ord, id`)
}

// SaveClass creates or replaces a class.
func (s *Store) SaveClass(ctx context.Context, c directory.Class) error {
	return s.exec(ctx, `INSERT INTO class (id, parent, name, initials, words, ord, disabled) VALUES ($1,nullif($2, ''),$3,$4,$5,$6,$7)
		ON CONFLICT (id) DO UPDATE SET parent=excluded.parent, name=excluded.name, initials=excluded.initials, words=excluded.words,
			ord=excluded.ord, disabled=excluded.disabled`, c.ID, c.Parent, c.Name, c.Initials, c.Words, c.Order, c.Disabled)
}

// Areas lists the areas, parents first.
func (s *Store) Areas(ctx context.Context) ([]directory.Area, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, a *directory.Area) error { return row.Scan(&a.Code, &a.Parent, &a.Name) },
		`SELECT code, coalesce(parent, ''), name FROM area ORDER BY ord, code`)
}

// SaveArea creates or replaces an area.
func (s *Store) SaveArea(ctx context.Context, a directory.Area, order int) error {
	return s.exec(ctx, `INSERT INTO area (code, parent, name, ord) VALUES ($1,nullif($2, ''),$3,$4)
		ON CONFLICT (code) DO UPDATE SET parent=excluded.parent, name=excluded.name, ord=excluded.ord`, a.Code, a.Parent, a.Name, order)
}

// Contacts in their order.
func (s *Store) Contacts(ctx context.Context) ([]directory.Contact, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, c *directory.Contact) error {
		return row.Scan(&c.ID, &c.Label, &c.Kind, &c.Number)
	}, `SELECT id, label, kind, number FROM contact ORDER BY ord, id`)
}

// SaveContact creates or replaces a contact.
func (s *Store) SaveContact(ctx context.Context, c directory.Contact, order int) error {
	return s.exec(ctx, `INSERT INTO contact (id, label, kind, number, ord) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (id) DO UPDATE SET label=excluded.label, kind=excluded.kind, number=excluded.number, ord=excluded.ord`,
		c.ID, c.Label, c.Kind, c.Number, order)
}

// Blacklist lists the numbers refused now.
func (s *Store) Blacklist(ctx context.Context, now time.Time) ([]directory.BlackEntry, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, e *directory.BlackEntry) error {
		var sealed string
		if err := row.Scan(&sealed, &e.Reason, &e.Approver, &e.At, &e.Until); err != nil {
			return err
		}
		var err error
		e.Number, err = s.keys.Open(sealed)
		return err
	}, `SELECT number_sealed, reason, approver, at, until FROM blacklist WHERE until > $1 ORDER BY at DESC`, now)
}

// SaveBlackEntry refuses a number, or changes why and until when.
func (s *Store) SaveBlackEntry(ctx context.Context, e directory.BlackEntry) error {
	phone := privacy.Normalize(e.Number)
	sealed, err := s.keys.Seal(phone.Clear())
	if err != nil {
		return err
	}
	return s.exec(ctx, `INSERT INTO blacklist (idx, number_sealed, reason, approver, at, until) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (idx) DO UPDATE SET reason=excluded.reason, approver=excluded.approver, at=excluded.at, until=excluded.until`,
		s.keys.Index(phone), sealed, e.Reason, e.Approver, e.At, e.Until)
}

// Unblacklist lets a number call again.
func (s *Store) Unblacklist(ctx context.Context, number privacy.Phone) error {
	tag, err := s.pool.Exec(ctx, `DELETE FROM blacklist WHERE idx = $1`, s.keys.Index(number))
	if err == nil && tag.RowsAffected() == 0 {
		return service.ErrNotFound
	}
	return err
}
