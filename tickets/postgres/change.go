package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// keepChanges is how long the outbox is kept for sockets that come back.
const keepChanges = 24 * time.Hour

const channel = "desk"

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

const insertChange = `WITH told AS (SELECT pg_notify('` + channel + `', ''))
	INSERT INTO desk_event (kind, ticket, call, callback, version, account, units) SELECT $1,$2,$3,$4,$5,$6,$7::text[] FROM told`

// queueChange is tellDesk in a batch.
func queueChange(batch *pgx.Batch, c service.Change) {
	batch.Queue(insertChange, c.Kind, c.Ticket, c.Call, c.Callback, c.Version, c.Account, unitsOrNone(c.Units))
}

func unitsOrNone(units []string) []string {
	if units == nil {
		return []string{}
	}
	return units
}

// unitsOf lists the units that have or had a part in the ticket.
func unitsOf(t tickets.Ticket) []string {
	units := []string{}
	for _, l := range t.Legs {
		if !slices.Contains(units, l.Unit) {
			units = append(units, l.Unit)
		}
	}
	return units
}

// tellDesk puts a change into the outbox; listeners hear of it after the commit.
func tellDesk(ctx context.Context, tx execer, c service.Change) error {
	_, err := tx.Exec(ctx, insertChange, c.Kind, c.Ticket, c.Call, c.Callback, c.Version, c.Account, unitsOrNone(c.Units))
	if err != nil {
		return fmt.Errorf("tell the desk: %w", err)
	}
	return nil
}

// Changes reads the outbox in the order of transactions and only below the oldest one that is
// still open: a row can't appear later behind a cursor already given out, which a plain
// sequence would let happen. A write transaction left open in any database of the server holds
// the outbox back, so the server should be the hotline's own.
func (s *Store) Changes(ctx context.Context, after service.Cursor, limit int) ([]service.Change, service.Cursor, error) {
	if after == "" {
		var xid uint64
		err := s.pool.QueryRow(ctx, `SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint - 1`).Scan(&xid)
		return nil, cursorOf(xid, maxID), err
	}
	xid, id, err := parseCursor(after)
	if err != nil {
		return nil, after, err
	}
	if err := s.stillKept(ctx, xid); err != nil {
		return nil, after, err
	}
	rows, err := s.pool.Query(ctx, `SELECT xid::text::bigint, id, at, kind, ticket, call, callback, version, account, units FROM desk_event
		WHERE (xid, id) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
		ORDER BY xid, id LIMIT $3`, strconv.FormatUint(xid, 10), id, limit)
	if err != nil {
		return nil, after, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.Change, error) {
		var c service.Change
		var xid uint64
		var id int64
		err := row.Scan(&xid, &id, &c.At, &c.Kind, &c.Ticket, &c.Call, &c.Callback, &c.Version, &c.Account, &c.Units)
		c.ID = cursorOf(xid, id)
		return c, err
	})
	if err != nil {
		return nil, after, err
	}
	if len(list) > 0 {
		after = list[len(list)-1].ID
	}
	return list, after, nil
}

// stillKept refuses a cursor from before the oldest row kept, unless nothing was swept yet.
func (s *Store) stillKept(ctx context.Context, xid uint64) error {
	var swept bool
	err := s.pool.QueryRow(ctx, `SELECT coalesce(min(at) < now() - $2::interval + interval '1 hour' AND $1::text::xid8 < min(xid), false)
		FROM desk_event`, strconv.FormatUint(xid, 10), keepChanges).Scan(&swept)
	if err != nil {
		return err
	}
	if swept {
		return service.ErrCursorTooOld
	}
	return nil
}

const maxID = int64(^uint64(0) >> 1)

func cursorOf(xid uint64, id int64) service.Cursor {
	return service.Cursor(strconv.FormatUint(xid, 10) + "-" + strconv.FormatInt(id, 10))
}

func parseCursor(c service.Cursor) (uint64, int64, error) {
	x, i, ok := strings.Cut(string(c), "-")
	xid, err1 := strconv.ParseUint(x, 10, 63)
	id, err2 := strconv.ParseInt(i, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		return 0, 0, fmt.Errorf("cursor %q: %w", c, service.ErrCursorTooOld)
	}
	return xid, id, nil
}

// longestWait is when WaitChange returns without a change: the listener may be reconnecting.
const longestWait = time.Second

// WaitChange returns at the next change, after a second, or when ctx ends.
func (s *Store) WaitChange(ctx context.Context) error {
	s.mu.Lock()
	changed := s.changed
	s.mu.Unlock()
	timer := time.NewTimer(longestWait)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// Start listens for changes until Stop or the end of ctx. It never blocks.
func (s *Store) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		return errors.New("already started")
	}
	ctx, s.stop = context.WithCancel(ctx)
	s.stopped = make(chan struct{})
	go s.listen(ctx, s.stopped)
	return nil
}

// Stop ends listening. It may be called more than once.
func (s *Store) Stop() {
	s.mu.Lock()
	stop, stopped := s.stop, s.stopped
	s.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	<-stopped
}

const listenAgain = time.Second

func (s *Store) listen(ctx context.Context, stopped chan struct{}) {
	defer close(stopped)
	for ctx.Err() == nil {
		err := s.listenOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		s.log.Warn("listening for the desk's changes ended; trying again", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

func (s *Store) listenOnce(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	// A connection that listened must not go back to the pool.
	raw := conn.Hijack()
	defer raw.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it ends either way
	if _, err := raw.Exec(ctx, `LISTEN `+channel); err != nil {
		return err
	}
	for {
		if _, err := raw.WaitForNotification(ctx); err != nil {
			return err
		}
		s.mu.Lock()
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
	}
}
