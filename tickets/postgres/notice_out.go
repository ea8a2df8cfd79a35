package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

// ExpandNotices takes due notices; see service.NoticeStore. A notice whose expansion fails is
// tried again later and does not hold up the others.
func (s *Store) ExpandNotices(ctx context.Context, now time.Time, limit int, fn func(context.Context, service.DueNotice) (service.Expansion, error)) (int, error) {
	taken := 0
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		taken = 0
		due, err := dueNotices(ctx, tx, now, limit)
		if err != nil {
			return err
		}
		for _, n := range due {
			taken++
			if err := s.expandNotice(ctx, tx, n, now, fn); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("expand notices: %w", err)
	}
	return taken, nil
}

func dueNotices(ctx context.Context, tx pgx.Tx, now time.Time, limit int) ([]service.DueNotice, error) {
	rows, err := tx.Query(ctx, `SELECT id, key, coalesce(ticket::text, ''), kind, citizen, account, role, unit, leaders, duty, vars, at
		FROM notice WHERE state IN ('waiting', 'failed') AND not_before <= $1 ORDER BY not_before LIMIT $2 FOR UPDATE SKIP LOCKED`, now, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.DueNotice, error) {
		var n service.DueNotice
		to := &n.To
		err := row.Scan(&n.ID, &n.Key, &n.Ticket, &n.Kind, &to.Citizen, &to.Account, &to.Role, &to.Unit, &to.Leaders, &to.Duty, &n.Vars, &n.At)
		return n, err
	})
}

// noticeRetry is how long a notice rests whose expansion failed.
const noticeRetry = time.Minute

func (s *Store) expandNotice(ctx context.Context, tx pgx.Tx, n service.DueNotice, now time.Time, fn func(context.Context, service.DueNotice) (service.Expansion, error)) error {
	out, err := fn(ctx, n)
	if err != nil {
		s.log.Warn("a notice could not be told; it is tried again", "notice", n.ID, "kind", n.Kind, "ticket", n.Ticket, "err", err)
		_, err = tx.Exec(ctx, `UPDATE notice SET state = 'failed', tries = tries + 1, last_error = $2, not_before = $3 WHERE id = $1`,
			n.ID, err.Error(), now.Add(noticeRetry))
		return err
	}
	for _, m := range out.Messages {
		if err := s.addMessage(ctx, tx, n, m, now); err != nil {
			return err
		}
	}
	for _, p := range out.Staff {
		_, err := tx.Exec(ctx, `INSERT INTO staff_notice (id, notice, account, kind, ticket, title, text, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
			ON CONFLICT DO NOTHING`, uuid.Must(uuid.NewV7()), n.ID, p.Account, n.Kind, nullText(n.Ticket), p.Title, p.Text, n.At)
		if err != nil {
			return err
		}
		if err := tellDesk(ctx, tx, service.Change{Kind: "notice", Ticket: n.Ticket, Account: p.Account}); err != nil {
			return err
		}
	}
	state := "sent"
	if out.Dropped != "" {
		state = "dropped"
	}
	_, err = tx.Exec(ctx, `UPDATE notice SET state = $2, last_error = $3, sent_at = $4 WHERE id = $1`, n.ID, state, out.Dropped, now)
	return err
}

func (s *Store) addMessage(ctx context.Context, tx pgx.Tx, n service.DueNotice, m service.NewMessage, now time.Time) error {
	to, err := s.keys.Seal(m.To)
	if err != nil {
		return err
	}
	text, err := s.keys.Seal(m.Text) // it may name the citizen's matter and holds links that open it
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO message (id, key, notice, ticket, account, channel, to_sealed, title, text, state, next_try, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$11) ON CONFLICT (key) DO NOTHING`,
		uuid.Must(uuid.NewV7()), m.Key, n.ID, nullText(n.Ticket), m.Account, m.Channel, to, m.Title, text, m.State, now)
	return err
}

func nullText(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Recipients lists who is meant; see service.NoticeStore.
func (s *Store) Recipients(ctx context.Context, to tickets.Recipient) ([]service.Person, error) {
	who, args := "a.name = $1", []any{to.Account}
	switch {
	case to.Role != "":
		who, args = "EXISTS (SELECT 1 FROM role_grant g WHERE g.account = a.name AND g.role = $1)", []any{to.Role}
	case to.Unit != "":
		who, args = "a.unit = $1 AND EXISTS (SELECT 1 FROM role_grant g WHERE g.account = a.name AND g.role = ANY($2))",
			[]any{to.Unit, []tickets.Role{tickets.UnitClerk, tickets.UnitLeader}}
	case to.Leaders != "":
		who, args = "a.unit = $1 AND EXISTS (SELECT 1 FROM role_grant g WHERE g.account = a.name AND g.role = $2)",
			[]any{to.Leaders, tickets.UnitLeader}
	}
	rows, err := s.pool.Query(ctx, `SELECT a.name, a.person_name, a.mobile_sealed, a.email, a.sms_quota FROM account a
		WHERE NOT a.disabled AND `+who+` ORDER BY a.name`, args...)
	if err != nil {
		return nil, fmt.Errorf("find recipients: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.Person, error) {
		var p service.Person
		var mobile string
		if err := row.Scan(&p.Account, &p.Name, &mobile, &p.Email, &p.Quota); err != nil {
			return p, err
		}
		clear, err := s.keys.Open(mobile)
		p.Mobile = privacy.Phone(clear)
		return p, err
	})
}

// ClaimMessages takes messages to be sent; see service.NoticeStore.
func (s *Store) ClaimMessages(ctx context.Context, now, lease time.Time, limit int) ([]service.OutMessage, error) {
	rows, err := s.pool.Query(ctx, `UPDATE message SET state = 'sending', tries = tries + 1, next_try = $2
		WHERE id IN (SELECT id FROM message WHERE state IN ('waiting', 'sending') AND next_try <= $1
			ORDER BY next_try LIMIT $3 FOR UPDATE SKIP LOCKED)
		RETURNING id, key, channel, to_sealed, title, text, tries`, now, lease, limit)
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.OutMessage, error) {
		var m service.OutMessage
		if err := row.Scan(&m.ID, &m.Key, &m.Channel, &m.To, &m.Title, &m.Text, &m.Tries); err != nil {
			return m, err
		}
		for _, field := range []*string{&m.To, &m.Text} {
			clear, err := s.keys.Open(*field)
			if err != nil {
				return m, err
			}
			*field = clear
		}
		return m, nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	slices.SortFunc(list, func(a, b service.OutMessage) int { return compareText(a.ID, b.ID) })
	return list, nil
}

// SettleMessage notes what became of a try.
func (s *Store) SettleMessage(ctx context.Context, id string, end service.MessageEnd) error {
	_, err := s.pool.Exec(ctx, `UPDATE message SET state = $2, gateway_id = CASE WHEN $3 = '' THEN gateway_id ELSE $3 END, error = $4,
		sent_at = CASE WHEN $2 = 'sent' THEN $5 ELSE sent_at END, next_try = coalesce($6, next_try)
		WHERE id = $1 AND state = 'sending'`, id, end.State, end.GatewayID, end.Error, end.At, nullTime(end.NextTry))
	if err != nil {
		return fmt.Errorf("settle message: %w", err)
	}
	return nil
}

// Receipt notes what the gateway says of a message.
func (s *Store) Receipt(ctx context.Context, gatewayID, key string, delivered bool, detail string, now time.Time) error {
	state := "failed"
	if delivered {
		state = "delivered"
	}
	tag, err := s.pool.Exec(ctx, `UPDATE message SET state = $3, error = $4, delivered_at = CASE WHEN $3 = 'delivered' THEN $5 ELSE delivered_at END
		WHERE ($1 <> '' AND gateway_id = $1 OR $2 <> '' AND key = $2) AND state IN ('sending', 'sent', 'delivered')`,
		gatewayID, key, state, detail, now)
	if err != nil {
		return fmt.Errorf("note a receipt: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("receipt of %s: %w", gatewayID+key, service.ErrNotFound)
	}
	return nil
}

// SentThisMonth counts the short messages to the account since.
func (s *Store) SentThisMonth(ctx context.Context, account string, since time.Time) (int, error) {
	var n int
	err := s.pool.QueryRow(ctx, `SELECT count(*) FROM message WHERE account = $1 AND channel = 'sms' AND at >= $2 AND state <> 'over_quota'`,
		account, since).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count messages: %w", err)
	}
	return n, nil
}
