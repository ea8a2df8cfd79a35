package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

const callbackColumns = `b.id, b.kind, b.number_sealed, b.queue, coalesce((SELECT name FROM queue WHERE id = b.queue), ''), b.entered_at,
	b.state, b.taken_by, coalesce((SELECT person_name FROM account WHERE name = b.taken_by), ''), b.taken_at, b.call, b.ticket,
	coalesce((SELECT number FROM ticket WHERE id::text = b.ticket), ''), b.done_at, b.done_by, b.result, b.text,
	(SELECT coalesce(json_agg(json_build_object('at', c.started_at, 'call', c.id, 'outcome', c.end_cause,
			'account', coalesce((SELECT p.account FROM call_seat p WHERE p.call = c.id ORDER BY p.n LIMIT 1), ''),
			'talk_s', coalesce((SELECT sum(p.talk_s) FROM call_seat p WHERE p.call = c.id), 0)) ORDER BY c.started_at), '[]')
		FROM call c WHERE c.callback_of = b.id::text),
	(SELECT json_build_object('id', r.id, 'call', r.call, 'kind', r.kind, 'status', r.status, 'duration_s', r.duration_s,
			'channels', r.channels, 'flaws', r.flaws)
		FROM recording r WHERE r.call = b.call AND r.kind = 'voicemail' AND b.kind = 'voicemail')`

func (s *Store) scanCallback(row pgx.Row) (service.CallbackView, error) {
	var v service.CallbackView
	var sealed string
	var taken, done *time.Time
	err := row.Scan(&v.ID, &v.Kind, &sealed, &v.Queue, &v.QueueName, &v.EnteredAt, &v.State, &v.TakenBy, &v.TakenByName, &taken,
		&v.Call, &v.Ticket, &v.TicketNumber, &done, &v.DoneBy, &v.Result, &v.Text, &v.Attempts, &v.Recording)
	if err != nil {
		return v, mapError(err)
	}
	clear, err := s.keys.Open(sealed)
	v.EnteredAt, v.TakenAt, v.DoneAt = v.EnteredAt.UTC(), goTime(taken), goTime(done)
	v.CallerMasked = privacy.Phone(clear).Masked()
	return v, err
}

// Callbacks lists 留言与回拨, those waiting longest first; of the done ones the latest first.
func (s *Store) Callbacks(ctx context.Context, f service.CallbackFilter) ([]service.CallbackView, string, int, error) {
	var w where
	if f.Kind != "" {
		w.add("b.kind = ?", f.Kind)
	}
	order, beyond := "ASC", ">"
	switch f.State {
	case service.CallbackDone:
		order, beyond = "DESC", "<"
		w.add("b.state = ?", f.State)
	case "":
		w.add("b.state <> 'done'")
	default:
		w.add("b.state = ?", f.State)
	}
	total, _, err := s.count(ctx, "callback b", w)
	if err != nil {
		return nil, "", 0, err
	}
	if f.Cursor != "" {
		c, err := parsePageCursor(f.Cursor)
		if err != nil {
			return nil, "", 0, err
		}
		w.add("(b.entered_at, b.id) "+beyond+" (?, ?::uuid)", c.at, c.id)
	}
	size := f.Size()
	rows, err := s.pool.Query(ctx, `SELECT `+callbackColumns+` FROM callback b WHERE `+w.String()+
		` ORDER BY b.entered_at `+order+`, b.id `+order+` LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", 0, mapError(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.CallbackView, error) { return s.scanCallback(row) })
	if err != nil {
		return nil, "", 0, mapError(err)
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = pageCursor{at: list[size-1].EnteredAt, id: list[size-1].ID}.String()
	}
	return list, next, total, nil
}

// Callback is one row.
func (s *Store) Callback(ctx context.Context, id string) (service.CallbackView, error) {
	return s.scanCallback(s.pool.QueryRow(ctx, `SELECT `+callbackColumns+` FROM callback b WHERE b.id = $1`, id))
}

// UpdateCallback locks the row and saves what fn makes of its state, hands and result.
func (s *Store) UpdateCallback(ctx context.Context, id string, fn func(service.CallbackView) (service.CallbackView, error)) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		v, err := s.scanCallback(tx.QueryRow(ctx, `SELECT `+callbackColumns+` FROM callback b WHERE b.id = $1 FOR UPDATE OF b`, id))
		if err != nil {
			return err
		}
		if v, err = fn(v); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE callback SET state=$2, taken_by=$3, taken_at=$4, done_at=$5, done_by=$6, result=$7, text=$8, ticket=$9
			WHERE id = $1`, id, v.State, v.TakenBy, nullTime(v.TakenAt), nullTime(v.DoneAt), v.DoneBy, v.Result, v.Text, v.Ticket)
		if err != nil {
			return err
		}
		return tellDesk(ctx, tx, service.Change{Kind: "callback", Callback: id})
	})
}

// CallbackNumber is the number to call back.
func (s *Store) CallbackNumber(ctx context.Context, id string) (privacy.Phone, error) {
	var sealed string
	if err := s.pool.QueryRow(ctx, `SELECT number_sealed FROM callback WHERE id = $1`, id).Scan(&sealed); err != nil {
		return "", mapError(err)
	}
	clear, err := s.keys.Open(sealed)
	return privacy.Phone(clear), err
}
