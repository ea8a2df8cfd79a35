package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/postgres/cluster"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

var keyRing = sync.OnceValues(privacy.NewKeyRing)

// bundle is an empty, migrated database.
type bundle struct {
	*postgres.Store
	t    *testing.T
	ctx  context.Context
	keys *privacy.KeyRing
	url  string
	now  time.Time
}

func setup(t *testing.T) *bundle {
	t.Helper()
	t.Parallel()
	keys, err := keyRing()
	require.NoError(t, err)
	url := cluster.ForTestFrom(t, "schema", func(ctx context.Context, url string) error {
		s, err := postgres.Open(ctx, url, keys, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer s.Close()
		_, err = s.Migrate(ctx)
		return err
	})
	s, err := postgres.Open(t.Context(), url, keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return &bundle{Store: s, t: t, ctx: t.Context(), keys: keys, url: url, now: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)}
}

// sql does what somebody with the database's password can do.
func (b *bundle) sql(statement string, args ...any) {
	b.t.Helper()
	conn, err := pgx.Connect(b.ctx, b.url)
	require.NoError(b.t, err)
	defer func() { _ = conn.Close(b.ctx) }()
	_, err = conn.Exec(b.ctx, statement, args...)
	require.NoError(b.t, err)
}

var clerk = tickets.Actor{Account: "shouli", Name: "何文静", Roles: []tickets.Role{tickets.Intake, tickets.Dispatcher}}

// ticket registers and submits a letter: two steps.
func (b *bundle) ticket(title string) tickets.Ticket {
	b.t.Helper()
	id, err := b.CreateTicket(b.ctx, func(context.Context, service.Tx) (tickets.Outcome, error) {
		return tickets.Apply(tickets.Ticket{}, tickets.Register, clerk, tickets.Args{ID: uuid.NewString(), Source: tickets.SourceLetter}, tickets.Facts{}, b.now)
	})
	require.NoError(b.t, err)
	kind, class, content, name, phone := tickets.Complaint, "noise", "每天晚上十一点以后工地还在施工，噪音很大。", "王秀兰", "13800005678"
	b.update(id, tickets.Save, tickets.Args{Fields: tickets.Fields{Type: &kind, Title: &title, Content: &content, ClassID: &class,
		Caller: &tickets.CallerPatch{Name: &name, Phone: &phone}}})
	b.update(id, tickets.Submit, tickets.Args{})
	record, err := b.Ticket(b.ctx, id)
	require.NoError(b.t, err)
	return record.Ticket
}

func (b *bundle) update(id string, event tickets.Event, args tickets.Args) {
	b.t.Helper()
	err := b.UpdateTicket(b.ctx, id, service.AnyVersion, func(ctx context.Context, tx service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		out, err := tickets.Apply(t, event, clerk, args, tickets.Facts{}, b.now)
		if err == nil && len(out.Effects) > 0 {
			out.Ticket.QueryCode = "123456"
			out.Ticket.Number, err = tx.NextNumber(ctx, b.now)
		}
		return out, err
	})
	require.NoError(b.t, err)
}

func (b *bundle) verify() []service.Mismatch {
	b.t.Helper()
	var found []service.Mismatch
	_, err := b.Verify(b.ctx, func(m service.Mismatch) { found = append(found, m) })
	require.NoError(b.t, err)
	return found
}

func event(t *testing.T, id string, call calls.ID, seat string, kind calls.EventType, at time.Time, data any) calls.Event {
	t.Helper()
	raw, err := json.Marshal(data)
	require.NoError(t, err)
	return calls.Event{ID: id, Type: kind, At: at, Call: call, Seat: seat, Data: raw}
}

func callID(b *bundle, n int) calls.ID { return calls.NewID(b.now, "sw1", fmt.Sprint(n)) }

// dump is every row of a table as text.
func (b *bundle) dump(table string) string {
	b.t.Helper()
	conn, err := pgx.Connect(b.ctx, b.url)
	require.NoError(b.t, err)
	defer func() { _ = conn.Close(b.ctx) }()
	var text string
	err = conn.QueryRow(b.ctx, `SELECT coalesce(string_agg(r::text, E'\n'), '') FROM `+pgx.Identifier{table}.Sanitize()+` AS r`).Scan(&text)
	require.NoError(b.t, err)
	return text
}

// changes waits for n changes after the cursor: transactions of other databases of the server,
// which tests share, hold the outbox back too.
func (b *bundle) changes(after service.Cursor, n int) ([]service.Change, service.Cursor) {
	b.t.Helper()
	var all []service.Change
	for len(all) < n {
		list, next, err := b.Changes(b.ctx, after, 100)
		require.NoError(b.t, err)
		all, after = append(all, list...), next
		if len(list) == 0 {
			require.NoError(b.t, b.WaitChange(b.ctx))
		}
	}
	require.Len(b.t, all, n)
	return all, after
}

// texts is the one column that the query gives.
func (b *bundle) texts(sql string, args ...any) []string {
	b.t.Helper()
	conn, err := pgx.Connect(b.ctx, b.url)
	require.NoError(b.t, err)
	defer func() { _ = conn.Close(b.ctx) }()
	rows, err := conn.Query(b.ctx, sql, args...)
	require.NoError(b.t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(b.t, err)
	return list
}

func isStale(err error) bool { return errors.Is(err, service.ErrStale) }
