package postgres

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/service"
)

// auditForm is the canonical form of an audit entry.
type auditForm struct {
	ID     int64  `json:"id"`
	At     string `json:"at"`
	Actor  string `json:"actor"`
	Act    string `json:"act"`
	Object string `json:"object"`
	Detail string `json:"detail"`
	Remote string `json:"remote"`
}

func (s *Store) auditLink(previous []byte, e service.AuditEntry) ([]byte, error) {
	form, err := json.Marshal(auditForm{e.ID, stamp(e.At), e.Actor, e.Act, e.Object, e.Detail, e.Remote})
	if err != nil {
		return nil, err
	}
	return s.keys.Link(previous, form), nil
}

// Audit appends an entry. Entries are written one after the other: the head is locked.
func (s *Store) Audit(ctx context.Context, e service.AuditEntry) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var head []byte
		err := tx.QueryRow(ctx, `SELECT count, head FROM chain_head WHERE name = 'audit' FOR UPDATE`).Scan(&e.ID, &head)
		if err != nil {
			return err
		}
		if e.ID == 0 {
			head = nil
		} else if head, err = lastAudit(ctx, tx); err != nil {
			return err
		}
		e.ID++
		e.At = e.At.UTC().Truncate(time.Microsecond)
		link, err := s.auditLink(head, e)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO audit (id, at, actor, act, object, detail, remote, link) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
			e.ID, e.At, e.Actor, e.Act, e.Object, e.Detail, e.Remote, link)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE chain_head SET count = $1, head = $2 WHERE name = 'audit'`, e.ID, s.auditHead(e.ID, link))
		return err
	})
}

func lastAudit(ctx context.Context, tx pgx.Tx) ([]byte, error) {
	var link []byte
	err := tx.QueryRow(ctx, `SELECT link FROM audit ORDER BY id DESC LIMIT 1`).Scan(&link)
	return link, mapError(err)
}

// auditHead seals length and last link, so that neither can be set back by hand.
func (s *Store) auditHead(count int64, link []byte) []byte {
	return s.keys.Link(link, []byte("audit head "+strconv.FormatInt(count, 10)))
}

// AuditLog lists entries, newest first.
func (s *Store) AuditLog(ctx context.Context, f service.AuditFilter) ([]service.AuditEntry, string, error) {
	var w where
	for column, value := range map[string]string{"actor": f.Actor, "act": f.Act, "object": f.Object} {
		if value != "" {
			w.add(column+" = ?", value)
		}
	}
	if !f.From.IsZero() {
		w.add("at >= ?", f.From)
	}
	if !f.To.IsZero() {
		w.add("at < ?", f.To)
	}
	if f.Cursor != "" {
		before, err := strconv.ParseInt(f.Cursor, 10, 64)
		if err != nil {
			return nil, "", service.ErrNotFound
		}
		w.add("id < ?", before)
	}
	size := f.Size()
	list, err := collect(ctx, s, func(row pgx.CollectableRow, e *service.AuditEntry) error {
		err := row.Scan(&e.ID, &e.At, &e.Actor, &e.Act, &e.Object, &e.Detail, &e.Remote)
		e.At = e.At.UTC()
		return err
	}, `SELECT id, at, actor, act, object, detail, remote FROM audit WHERE `+w.String()+` ORDER BY id DESC LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = strconv.FormatInt(list[size-1].ID, 10)
	}
	return list, next, nil
}
