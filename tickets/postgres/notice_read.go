package postgres

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/message"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

// link finds addresses in a text: whoever has one can answer in the citizen's place.
var link = regexp.MustCompile(`https?://\S+`)

// Messages lists what left or waits, newest first.
func (s *Store) Messages(ctx context.Context, f service.MessageFilter) ([]service.MessageRecord, string, error) {
	var w where
	if f.Ticket != "" {
		w.add("m.ticket = ?::uuid", f.Ticket)
	}
	if f.State != "" {
		w.add("m.state = ?", f.State)
	}
	if !f.From.IsZero() {
		w.add("m.at >= ?", f.From)
	}
	if !f.To.IsZero() {
		w.add("m.at < ?", f.To)
	}
	if f.Cursor != "" {
		c, err := parsePageCursor(f.Cursor)
		if err != nil {
			return nil, "", err
		}
		w.add("(m.at, m.id) < (?, ?::uuid)", c.at, c.id)
	}
	size := f.Size()
	rows, err := s.pool.Query(ctx, `SELECT m.id, coalesce(m.ticket::text, ''), coalesce(t.number, ''), m.account, m.channel, m.to_sealed, m.text,
		m.state, m.tries, m.error, m.at, m.sent_at, m.delivered_at FROM message m LEFT JOIN ticket t ON t.id = m.ticket
		WHERE `+w.String()+` ORDER BY m.at DESC, m.id DESC LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", fmt.Errorf("list messages: %w", mapError(err))
	}
	list, err := pgx.CollectRows(rows, s.scanMessage)
	if err != nil {
		return nil, "", fmt.Errorf("list messages: %w", mapError(err))
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = pageCursor{at: list[size-1].At, id: list[size-1].ID}.String()
	}
	return list, next, nil
}

func (s *Store) scanMessage(row pgx.CollectableRow) (service.MessageRecord, error) {
	var m service.MessageRecord
	var to string
	var sent, delivered *time.Time
	err := row.Scan(&m.ID, &m.Ticket, &m.Number, &m.Account, &m.Channel, &to, &m.Text, &m.State, &m.Tries, &m.Error, &m.At, &sent, &delivered)
	if err != nil {
		return m, err
	}
	m.SentAt, m.DeliveredAt, m.At = goTime(sent), goTime(delivered), m.At.UTC()
	clear, err := s.keys.Open(to)
	if err != nil {
		return m, err
	}
	m.ToMasked = privacy.Phone(clear).Masked()
	if _, host, mail := strings.Cut(clear, "@"); mail {
		m.ToMasked = "***@" + host
	}
	if m.Text, err = s.keys.Open(m.Text); err != nil {
		return m, err
	}
	m.Text = link.ReplaceAllString(m.Text, "[链接]")
	return m, nil
}

// StaffNotices lists an account's notices, newest first; count is how many are unread.
func (s *Store) StaffNotices(ctx context.Context, account string, unread bool, p service.Paging) ([]service.StaffNotice, string, int, error) {
	var count int
	err := s.pool.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM staff_notice WHERE account = $1 AND read_at IS NULL LIMIT 1000) n`, account).Scan(&count)
	if err != nil {
		return nil, "", 0, fmt.Errorf("count notices: %w", err)
	}
	var w where
	w.add("account = ?", account)
	if unread {
		w.add("read_at IS NULL")
	}
	if p.Cursor != "" {
		c, err := parsePageCursor(p.Cursor)
		if err != nil {
			return nil, "", 0, err
		}
		w.add("(at, id) < (?, ?::uuid)", c.at, c.id)
	}
	size := p.Size()
	rows, err := s.pool.Query(ctx, `SELECT id, account, kind, coalesce(ticket::text, ''), title, text, at, read_at FROM staff_notice
		WHERE `+w.String()+` ORDER BY at DESC, id DESC LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", 0, fmt.Errorf("list notices: %w", mapError(err))
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.StaffNotice, error) {
		var n service.StaffNotice
		var read *time.Time
		err := row.Scan(&n.ID, &n.Account, &n.Kind, &n.Ticket, &n.Title, &n.Text, &n.At, &read)
		n.At, n.ReadAt = n.At.UTC(), goTime(read)
		return n, err
	})
	if err != nil {
		return nil, "", 0, fmt.Errorf("list notices: %w", mapError(err))
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = pageCursor{at: list[size-1].At, id: list[size-1].ID}.String()
	}
	return list, next, count, nil
}

// ReadNotices marks notices as read.
func (s *Store) ReadNotices(ctx context.Context, account string, ids []string, now time.Time) error {
	sql, args := `UPDATE staff_notice SET read_at = $2 WHERE account = $1 AND read_at IS NULL`, []any{account, now}
	if len(ids) > 0 {
		sql, args = sql+` AND id = ANY($3::uuid[])`, append(args, ids)
	}
	if _, err := s.pool.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("mark notices: %w", mapError(err))
	}
	return nil
}

// MessageTemplates lists the templates put in place of the file's.
func (s *Store) MessageTemplates(ctx context.Context) ([]service.StoredTemplate, error) {
	rows, err := s.pool.Query(ctx, `SELECT audience, kind, title, text, sms, by_name, at FROM message_template ORDER BY audience, kind`)
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.StoredTemplate, error) {
		var t service.StoredTemplate
		err := row.Scan(&t.Audience, &t.Kind, &t.Title, &t.Text, &t.SMS, &t.By, &t.At)
		return t, err
	})
}

// SaveMessageTemplate puts a template in place of the file's.
func (s *Store) SaveMessageTemplate(ctx context.Context, t service.StoredTemplate) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO message_template (audience, kind, title, text, sms, by_name, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (audience, kind) DO UPDATE SET title = $3, text = $4, sms = $5, by_name = $6, at = $7`,
		t.Audience, t.Kind, t.Title, t.Text, t.SMS, t.By, t.At)
	if err != nil {
		return fmt.Errorf("save template: %w", badText(err))
	}
	return nil
}

// DeleteMessageTemplate goes back to the file's.
func (s *Store) DeleteMessageTemplate(ctx context.Context, a message.Audience, kind tickets.NoticeKind) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM message_template WHERE audience = $1 AND kind = $2`, a, kind); err != nil {
		return fmt.Errorf("delete template: %w", err)
	}
	return nil
}
