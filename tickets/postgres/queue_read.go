package postgres

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

var _ service.QueueStore = (*Store)(nil)

// Queue lists what lies in a queue, the most urgent first; see service.QueueStore. Each row
// carries the whole ticket: a page has few rows, and each shows legs and buttons.
func (s *Store) Queue(ctx context.Context, q service.QueueQuery) ([]service.QueueRow, string, int, bool, error) {
	l, w := s.laneFor(q)
	total, more, err := s.countLane(ctx, l, w)
	if err != nil {
		return nil, "", 0, false, fmt.Errorf("count queue %s: %w", q.Queue, err)
	}
	order, descending := l.order(q.Sort)
	if q.Cursor != "" {
		c, err := parseQueueCursor(q.Cursor)
		if err != nil {
			return nil, "", 0, false, err
		}
		c.beyond(&w, l, order, descending)
	}
	direction := ""
	if descending {
		direction = " DESC"
	}
	size := q.Size()
	rows, err := s.pool.Query(ctx, `SELECT `+wholeColumns+`, k.leg, k.request, k.supervision, k.card, k.at, k.due, k.o, k.n
		FROM (SELECT `+l.id+` AS id, `+l.numbers()+`, `+l.at+` AS at, `+l.due+` AS due, `+order+` AS o, `+l.n+` AS n
			FROM `+l.from+l.join+` WHERE `+w.String()+`
			ORDER BY o`+direction+`, n`+direction+`, id`+direction+` LIMIT `+strconv.Itoa(size+1)+`) AS k
		JOIN ticket t ON t.id = k.id ORDER BY k.o`+direction+`, k.n`+direction+`, k.id`+direction, w.args...)
	if err != nil {
		return nil, "", 0, false, mapError(err)
	}
	var last queueCursor
	var cursors []queueCursor
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.QueueRow, error) {
		var r service.QueueRow
		var at, due, o *time.Time
		whole, err := scanWhole(row, &r.Leg, &r.Request, &r.Supervision, &r.Card, &at, &due, &o, &last.n)
		if err != nil {
			return r, err
		}
		r.At, r.DueAt = goTime(at), goTime(due)
		last.at, last.id = goTime(o), whole.ticket.ID
		cursors = append(cursors, last)
		if err := s.open(&whole.ticket, whole.sealed); err != nil {
			return r, err
		}
		r.TicketRecord = record(whole)
		return r, nil
	})
	if err != nil {
		return nil, "", 0, false, mapError(err)
	}
	next := ""
	if len(list) > size {
		list, next = list[:size], cursors[size-1].String()
	}
	return list, next, total, more, nil
}

// QueueCounts counts each of the queries in one round trip; counts stop at service.MaxTotal.
func (s *Store) QueueCounts(ctx context.Context, queries []service.QueueQuery) ([]service.QueueCount, error) {
	counts := make([]service.QueueCount, len(queries))
	batch := &pgx.Batch{}
	for i, q := range queries {
		l, w := s.laneFor(q)
		red, yellow := l.light(&w, tickets.Red, q), l.light(&w, tickets.Yellow, q)
		mine := "false"
		if l.mine != "" && !l.newest { // what is over is in nobody's hands
			mine = w.bind(l.mine, q.Account)
		}
		batch.Queue(`SELECT count(*), count(*) FILTER (WHERE mine), count(*) FILTER (WHERE unread), count(*) FILTER (WHERE yellow),
				count(*) FILTER (WHERE red)
			FROM (SELECT `+mine+` AS mine, `+l.unread+` AS unread, `+yellow+` AS yellow, `+red+` AS red FROM `+l.counted(w, mine)+`
				WHERE `+w.String()+` LIMIT `+strconv.Itoa(service.MaxTotal)+`) AS counted`, w.args...).QueryRow(func(row pgx.Row) error {
			c := &counts[i]
			c.Queue = q.Queue
			return row.Scan(&c.Count, &c.Mine, &c.Unread, &c.Yellow, &c.Red)
		})
	}
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("count queues: %w", mapError(err))
	}
	return counts, nil
}

func (s *Store) countLane(ctx context.Context, l lane, w where) (int, bool, error) {
	return s.count(ctx, l.counted(w), w)
}

// TakeNext locks the most urgent ticket of q that nobody has in hand, skipping those that others
// have locked, and saves what fn makes of it. service.ErrNotFound: there is none.
func (s *Store) TakeNext(ctx context.Context, q service.QueueQuery, fn func(context.Context, service.Tx, tickets.Ticket) (tickets.Outcome, error)) (string, error) {
	l, w := s.laneFor(q)
	w.add("t.owner = ''")
	var id string
	err := s.writeTx(ctx, nil, func(wr writer) error {
		err := wr.tx.QueryRow(ctx, `SELECT t.id::text FROM `+l.from+l.join+` WHERE `+w.String()+`
			ORDER BY `+l.due+`, t.place DESC, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED`, w.args...).Scan(&id)
		if err != nil {
			return mapError(err)
		}
		row, err := wr.read(ctx, id)
		if err != nil {
			return err
		}
		out, err := fn(ctx, wr, row.ticket)
		if err != nil {
			return err
		}
		return wr.save(ctx, row, out)
	})
	if err != nil {
		return "", fmt.Errorf("take the next of %s: %w", q.Queue, err)
	}
	return id, nil
}

// HeldBy lists the open tickets of the states that the account has in hand.
func (s *Store) HeldBy(ctx context.Context, account string, states []tickets.State) ([]string, error) {
	if account == "" {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, `SELECT t.id::text FROM ticket t WHERE t.owner = $1 AND t.state = ANY($2) ORDER BY t.id`, account, states)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// queueCursor is a place in a queue: the time it is ordered by, the number of the part, the
// ticket. The zero time stands for none, which comes last.
type queueCursor struct {
	at time.Time
	n  int
	id string
}

func (c queueCursor) String() string {
	at := "-"
	if !c.at.IsZero() {
		at = strconv.FormatInt(c.at.UnixMicro(), 10)
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %s", at, c.n, c.id))
}

func parseQueueCursor(text string) (queueCursor, error) {
	wrong := fmt.Errorf("cursor: %w", service.ErrNotFound)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(raw), " ")
	if err != nil || len(parts) != 3 {
		return queueCursor{}, wrong
	}
	c := queueCursor{id: parts[2]}
	if c.n, err = strconv.Atoi(parts[1]); err != nil {
		return queueCursor{}, wrong
	}
	if parts[0] != "-" {
		micros, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil {
			return queueCursor{}, wrong
		}
		c.at = time.UnixMicro(micros).UTC()
	}
	return c, nil
}

// beyond leaves what comes after the cursor.
func (c queueCursor) beyond(w *where, l lane, order string, descending bool) {
	key := "(" + order + ", " + l.n + ", " + l.id + ")"
	switch {
	case descending:
		w.add(key+" < (?::timestamptz, ?::int, ?::uuid)", c.at, c.n, c.id)
	case c.at.IsZero():
		w.add(order+" IS NULL AND ("+l.n+", "+l.id+") > (?::int, ?::uuid)", c.n, c.id)
	default:
		w.add("("+key+" > (?::timestamptz, ?::int, ?::uuid) OR "+order+" IS NULL)", c.at, c.n, c.id)
	}
}
