package floor_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

type menus map[string]*ivr.Menu

func (m menus) Menu(name string) (floor.Walker, error) {
	if menu := m[name]; menu != nil {
		return menu, nil
	}
	return nil, fmt.Errorf("no menu %q", name)
}

func (m menus) MenuVersion(name, _ string) (floor.Walker, error) { return m.Menu(name) }

func parse(t *testing.T, src string) *ivr.Menu {
	m, faults := ivr.Parse("test.yaml", []byte(src), ivr.Environment{})
	require.Empty(t, faults)
	return m
}

type sounds struct{}

func (sounds) Sounds(p ivr.Prompt) ([]string, error) {
	if p.ID == "" {
		return []string{string(p.Value.Kind)}, nil
	}
	return []string{p.ID}, nil
}

// sealer seals by a prefix, so that a test sees what was sealed.
type sealer struct{}

func (sealer) Seal(clear string) (string, error) { return "sealed:" + clear, nil }
func (sealer) Open(s string) (string, error)     { return strings.TrimPrefix(s, "sealed:"), nil }

type memJournal struct {
	mu     sync.Mutex
	events []calls.Event
}

func (j *memJournal) Append(e calls.Event) (calls.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.ID = fmt.Sprintf("1-%d", len(j.events)+1)
	j.events = append(j.events, e)
	return e, nil
}

func (j *memJournal) all() []calls.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.events)
}

func (j *memJournal) types(id calls.ID) []calls.EventType {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []calls.EventType
	for _, e := range j.events {
		if e.Call == id && e.Type != calls.SeatChanged {
			out = append(out, e.Type)
		}
	}
	return out
}

func (j *memJournal) count(t calls.EventType) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := 0
	for _, e := range j.events {
		if e.Type == t {
			n++
		}
	}
	return n
}

func (j *memJournal) countOf(t calls.EventType, id calls.ID) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := 0
	for _, e := range j.events {
		if e.Type == t && e.Call == id {
			n++
		}
	}
	return n
}

func (j *memJournal) last(t calls.EventType) calls.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := len(j.events) - 1; i >= 0; i-- {
		if j.events[i].Type == t {
			return j.events[i]
		}
	}
	return calls.Event{}
}

var errStore = errors.New("the store is down")

type memLive struct {
	mu    sync.Mutex
	calls map[calls.ID][]byte
	seats map[string][]byte
	down  bool

	beforeSave func()
}

func newMemLive() *memLive {
	return &memLive{calls: map[calls.ID][]byte{}, seats: map[string][]byte{}}
}

func (l *memLive) set(fn func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return errStore
	}
	fn()
	return nil
}

func (l *memLive) setDown(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
}

func (l *memLive) SaveCall(_ context.Context, id calls.ID, state []byte) error {
	if l.beforeSave != nil {
		l.beforeSave()
	}
	return l.set(func() { l.calls[id] = state })
}

func (l *memLive) DropCall(_ context.Context, id calls.ID) error {
	return l.set(func() { delete(l.calls, id) })
}

func (l *memLive) SaveSeat(_ context.Context, seat string, state []byte) error {
	return l.set(func() { l.seats[seat] = state })
}

func (l *memLive) DropSeat(_ context.Context, seat string) error {
	return l.set(func() { delete(l.seats, seat) })
}

func (l *memLive) Load(context.Context) (byID map[calls.ID][]byte, seats map[string][]byte, err error) {
	byID, seats = map[calls.ID][]byte{}, map[string][]byte{}
	err = l.set(func() {
		for k, v := range l.calls {
			byID[k] = v
		}
		for k, v := range l.seats {
			seats[k] = v
		}
	})
	return byID, seats, err
}

// recorder keeps every update.
type recorder struct {
	mu   sync.Mutex
	list []floor.Update
	hook func(floor.Update)
}

func (r *recorder) Follow(u floor.Update) {
	r.mu.Lock()
	r.list = append(r.list, u)
	hook := r.hook
	r.mu.Unlock()
	if hook != nil {
		hook(u)
	}
}

func (r *recorder) pops() []floor.Pop {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []floor.Pop
	for _, u := range r.list {
		if u.Pop != nil {
			out = append(out, *u.Pop)
		}
	}
	return out
}

// memDesk is the desk's side of the ports.
type memDesk struct {
	lines     map[string]floor.Line
	seats     []floor.SeatProfile
	histories map[string]floor.History
	slow      time.Duration
	listed    map[string]bool
	numbers   map[string]string // of tickets

	outboundOnly string // account without skills and queues
}

func (d *memDesk) SeatProfile(_ context.Context, account string) (floor.SeatProfile, error) {
	if !strings.HasPrefix(account, "80") {
		return floor.SeatProfile{}, floor.ErrNoSeat
	}
	if account == d.outboundOnly {
		return floor.SeatProfile{Seat: account, Account: account, Name: "回访" + account}, nil
	}
	return floor.SeatProfile{Seat: account, Account: account, Name: "坐席" + account, Queues: []string{"general"}}, nil
}

func (d *memDesk) NumberOfTicket(_ context.Context, ticket, _ string) (string, error) {
	if n := d.numbers[ticket]; n != "" {
		return n, nil
	}
	return "", floor.ErrNotDialable
}

func (d *memDesk) NumberOfCallback(context.Context, string, string) (string, error) {
	return "", floor.ErrNotDialable
}

func (d *memDesk) Seats(context.Context) ([]floor.SeatProfile, error) { return d.seats, nil }

func (d *memDesk) Line(_ context.Context, called string) (floor.Line, error) {
	if l, ok := d.lines[called]; ok {
		return l, nil
	}
	return floor.Line{}, floor.ErrNoLine
}

func (d *memDesk) CallerHistory(ctx context.Context, number string) (floor.History, error) {
	select {
	case <-time.After(d.slow):
	case <-ctx.Done():
		return floor.History{}, ctx.Err()
	}
	return d.histories[number], nil
}

func (d *memDesk) Blacklisted(_ context.Context, number string) (bool, error) {
	return d.listed[number], nil
}

// views are all views of calls that were shown.
func (r *recorder) views() []floor.CallView {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []floor.CallView
	for _, u := range r.list {
		if u.Call != nil {
			out = append(out, *u.Call)
		}
	}
	return out
}
