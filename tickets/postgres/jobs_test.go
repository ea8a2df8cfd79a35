package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/service"
)

// desk is a desk with timers: its own clock, and a leg that is told of when its time to sign has
// passed.
type desk struct {
	*bundle
	mu    sync.Mutex
	shift time.Duration
	ran   []string // ids of tickets, in the order of effects
	tries int
	fail  error
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Add(d.shift)
}

func (d *desk) move(by time.Duration) {
	d.mu.Lock()
	d.shift += by
	d.mu.Unlock()
	require.NoError(d.t, d.Reclock(d.ctx))
}

func (d *desk) rules(context.Context) (tickets.Rules, error) {
	return tickets.Rules{Policy: &tickets.Policy{}, Calendar: calendar.Calendar{}}, nil
}

// run marks the leg, as the service does.
func (d *desk) run(ctx context.Context, id string, m tickets.Timer) (bool, error) {
	d.mu.Lock()
	d.tries++
	fail := d.fail
	d.mu.Unlock()
	if fail != nil {
		return false, fail
	}
	rules, _ := d.rules(ctx)
	notDue := errors.New("not due")
	err := d.UpdateTicket(ctx, id, service.AnyVersion, func(_ context.Context, _ service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		if !m.Due(t, rules, d.now()) {
			return tickets.Outcome{}, notDue
		}
		t.Legs = slices.Clone(t.Legs)
		t.Legs[0].SignedLate = true
		return tickets.Outcome{Ticket: t, Steps: []tickets.FlowStep{{At: d.now(), Event: tickets.SignOverdue, Data: tickets.StepData{Leg: 1}}}}, nil
	})
	if errors.Is(err, notDue) {
		return false, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ran = append(d.ran, id)
	return err == nil, err
}

func (d *desk) effects() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.ran)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{bundle: setup(t)}
	d.UseClock(d.now)
	return d
}

// jobs starts workers like a server does; the function ends them.
func (d *desk) jobs() func() {
	d.t.Helper()
	j, err := d.NewJobs(d.run, d.rules)
	require.NoError(d.t, err)
	require.NoError(d.t, j.Start(d.ctx))
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(d.ctx), 10*time.Second)
		defer cancel()
		require.NoError(d.t, j.Stop(ctx))
	}
}

// unsigned is a ticket whose leg has to be signed in the span; its timer waits.
func (d *desk) unsigned(in time.Duration) string {
	d.t.Helper()
	k := d.place("待签收", tickets.Ticket{State: tickets.Dispatched, Legs: []tickets.Leg{{Unit: "pt-xxb", State: tickets.ToSign, SignDueAt: d.now().Add(in)}}})
	d.schedule(k.ID)
	return k.ID
}

func (d *desk) schedule(id string) {
	d.t.Helper()
	rules, _ := d.rules(d.ctx)
	err := d.UpdateTicket(d.ctx, id, service.AnyVersion, func(ctx context.Context, tx service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Outcome{Ticket: t}, tx.Schedule(ctx, t.ID, tickets.Timers(t, rules))
	})
	require.NoError(d.t, err)
}

const soon = 20 * time.Second

func TestATimerHasItsEffectOnce(t *testing.T) {
	d := newDesk(t)
	id := d.unsigned(-time.Second)
	d.schedule(id)
	require.Equal(t, []string{"1"}, d.texts(`SELECT count(*)::text FROM river_job`), "the one that waits stays")
	stop := d.jobs()
	defer stop()
	require.Eventually(t, func() bool { return len(d.effects()) == 1 }, soon, 20*time.Millisecond)
	rules, _ := d.rules(d.ctx)
	r, err := d.Ticket(d.ctx, id)
	require.NoError(t, err)
	require.Empty(t, tickets.Timers(r.Ticket, rules))
	require.Equal(t, []string{id}, d.effects())
}

func TestATimerOfAChangeThatFailedIsNotThere(t *testing.T) {
	d := newDesk(t)
	k := d.place("待签收", tickets.Ticket{State: tickets.Dispatched})
	err := d.UpdateTicket(d.ctx, k.ID, service.AnyVersion, func(ctx context.Context, tx service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		if err := tx.Schedule(ctx, t.ID, []tickets.Timer{{Kind: tickets.TimerSign, N: 1, At: d.now()}}); err != nil {
			return tickets.Outcome{}, err
		}
		return tickets.Outcome{}, service.ErrForbidden
	})
	require.ErrorIs(t, err, service.ErrForbidden)
	require.Empty(t, d.texts(`SELECT kind FROM river_job`))
}

func TestTimersFollowTheDesksClock(t *testing.T) {
	d := newDesk(t)
	stop := d.jobs()
	id := d.unsigned(24 * time.Hour)
	other := d.unsigned(72 * time.Hour)
	d.move(25 * time.Hour)
	require.Eventually(t, func() bool { return slices.Equal(d.effects(), []string{id}) }, soon, 20*time.Millisecond)
	d.move(-25 * time.Hour)
	stop()

	d.move(80 * time.Hour) // while no server runs
	defer d.jobs()()
	require.Eventually(t, func() bool { return slices.Equal(d.effects(), []string{id, other}) }, soon, 20*time.Millisecond)
}

func TestAClockSetBackLetsATimerWait(t *testing.T) {
	d := newDesk(t)
	id := d.unsigned(-time.Second)
	d.mu.Lock()
	d.shift = -time.Hour
	d.mu.Unlock()
	d.sql(`UPDATE river_job SET scheduled_at = now(), state = 'available'`)
	defer d.jobs()()
	require.Eventually(t, func() bool {
		return slices.Equal(d.texts(`SELECT state::text FROM river_job`), []string{"scheduled"})
	}, soon, 20*time.Millisecond)
	require.Empty(t, d.effects())
	d.move(2 * time.Hour)
	require.Eventually(t, func() bool { return slices.Equal(d.effects(), []string{id}) }, soon, 20*time.Millisecond)
}

func TestATimerThatFailsIsTriedAgain(t *testing.T) {
	d := newDesk(t)
	d.fail = errors.New("the database is away")
	id := d.unsigned(-time.Second)
	defer d.jobs()()
	require.Eventually(t, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.tries > 0
	}, soon, 20*time.Millisecond)
	d.mu.Lock()
	d.fail = nil
	d.mu.Unlock()
	require.Eventually(t, func() bool { return slices.Equal(d.effects(), []string{id}) }, soon, 20*time.Millisecond)
}

func TestTicketsWithoutAnyJobGetTheirsBack(t *testing.T) {
	d := newDesk(t)
	lost, kept := d.unsigned(time.Hour), d.unsigned(time.Hour)
	d.place("已归档", tickets.Ticket{State: tickets.Archived, Legs: []tickets.Leg{{Unit: "pt-xxb", State: tickets.ToSign, SignDueAt: d.now()}}})
	d.sql(`DELETE FROM river_job WHERE args->>'ticket' = $1`, lost)
	j, err := d.NewJobs(d.run, d.rules)
	require.NoError(t, err)
	n, err := j.Repair(d.ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.ElementsMatch(t, []string{lost, kept}, d.texts(`SELECT args->>'ticket' FROM river_job`))
	n, err = j.Repair(d.ctx)
	require.NoError(t, err)
	require.Zero(t, n, "nothing is missing any more")
}

func TestTwoServersDoEachTimerOnce(t *testing.T) {
	d := newDesk(t)
	const count = 60
	for range count {
		d.unsigned(-time.Second)
	}
	second, err := postgres.Open(d.ctx, d.url, d.keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer second.Close()
	second.UseClock(d.now)
	other := &desk{bundle: &bundle{Store: second, t: t, ctx: d.ctx, keys: d.keys, url: d.url}}
	defer d.jobs()()
	defer other.jobs()()
	require.Eventually(t, func() bool { return len(d.effects())+len(other.effects()) >= count }, soon, 20*time.Millisecond)
	require.Equal(t, []string{"60"}, d.texts(`SELECT count(*)::text FROM ticket_flow WHERE event = 'sign_overdue'`))
	require.Empty(t, d.verify())
}
