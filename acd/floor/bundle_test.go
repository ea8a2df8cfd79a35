package floor_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/switchtest"
	"github.com/open12345/hotline/ivr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mainMenu has one of everything the floor does for a caller.
const mainMenu = `
menu: "12345"
title: 主菜单
start: welcome
fallback: person
nodes:
  welcome:
    type: menu
    say: welcome
    options:
      - {key: "0", say: menu_0, next: person}
      - {key: "3", say: menu_3, next: message}
      - {key: "4", say: menu_4, next: wish}
      - {key: "5", say: menu_5, next: police}
    no_input: {next: person}
    invalid: {next: person}
  person:
    type: queue
    queue: general
    say: queue_enter
    announce: {every: 30s, say: queue_wait}
    options:
      - {key: "1", say: offer_callback, next: wish}
      - {key: "2", say: offer_voicemail, next: message}
    otherwise: message
  message:
    type: voicemail
    say: voicemail_say
    queue: general
    next: bye
    failed: person
  wish:
    type: callback
    queue: general
    offer: callback_offer
    enter: callback_enter
    confirm: callback_confirm
    next: bye
    failed: person
  police:
    type: transfer
    number: "110"
    label: "110"
    failed: person
  bye:
    type: hangup
    say: bye
    cause: served
`

const ratingMenu = `
menu: rating
kind: rating
start: ask
fallback: ask
nodes:
  ask:
    type: rate
    say: rate_ask
    next: bye
  bye:
    type: hangup
    say: rate_bye
    cause: rated
`

// world is a floor on the fake switch with everything around it in memory.
type world struct {
	t       *testing.T
	sw      *switchtest.Switch
	floor   *floor.Floor
	journal *memJournal
	live    *memLive
	updates *recorder
	desk    *memDesk
	menus   menus
	cfg     floor.Config

	requests int // how many the switch had received at some moment
}

// inWorld runs a test in a bubble of fake time with two seats, 8001 and 8002, whose phones are
// registered.
func inWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		defer w.stop()
		test(w)
	})
}

func newWorld(t *testing.T) *world {
	w := &world{
		t: t, sw: switchtest.New(), journal: &memJournal{}, live: newMemLive(), updates: &recorder{},
		desk: &memDesk{lines: map[string]floor.Line{"12345": {Called: "12345", Label: "12345", Menu: "12345", Queue: "general"}}},
	}
	w.menus = menus{"12345": parse(t, mainMenu), "rating": parse(t, ratingMenu)}
	w.cfg = floor.Config{
		Engine:     acd.Config{Queues: []acd.QueueConfig{{ID: "general", Target: 15 * time.Second}, {ID: "english"}}},
		Queues:     []floor.Queue{{ID: "general", Name: "综合"}},
		Menus:      w.menus,
		Sounds:     sounds{},
		Seats:      w.desk,
		Lines:      w.desk,
		Line:       floor.Line{Menu: "12345", Queue: "general"},
		Sealer:     sealer{},
		Journal:    w.journal,
		Live:       w.live,
		Followers:  []floor.Follower{w.updates},
		RatingMenu: "rating",
		WrapUp:     20 * time.Second,
	}
	if os.Getenv("FLOOR_LOG") != "" {
		w.cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return w
}

func (w *world) start() {
	for _, seat := range []string{"8001", "8002"} {
		w.sw.Register("w" + seat)
	}
	require.NoError(w.t, w.sw.Start(w.t.Context()))
	w.boot()
}

// boot starts a floor on the switch as it is.
func (w *world) boot() {
	cfg := w.cfg
	cfg.Nodes = []floor.Node{{Switch: w.sw, Events: w.sw.Events()}}
	f, err := floor.New(cfg)
	require.NoError(w.t, err)
	w.floor = f
	require.NoError(w.t, f.Start(w.t.Context()))
	synctest.Wait()
}

func (w *world) stop() {
	w.floor.Stop()
	w.sw.Stop()
	synctest.Wait()
}

func (w *world) wait() { synctest.Wait() }

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (w *world) do(seat string, name floor.CommandName, args any) error {
	_, err := w.ask(seat, name, args)
	return err
}

func (w *world) ask(seat string, name floor.CommandName, args any) (json.RawMessage, error) {
	raw, err := json.Marshal(args)
	require.NoError(w.t, err)
	data, err := w.floor.Do(context.Background(), floor.Command{Name: name, Account: seat, Seat: seat, Role: "agent", Args: raw})
	synctest.Wait()
	return data, err
}

func (w *world) must(seat string, name floor.CommandName, args any) {
	w.t.Helper()
	require.NoError(w.t, w.do(seat, name, args), name)
}

// ready signs the seat in and makes it idle.
func (w *world) ready(seat string) {
	w.t.Helper()
	w.must(seat, floor.CmdSignIn, floor.SignInArgs{Seat: seat, Device: "browser"})
	w.must(seat, floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	w.sees(seat, floor.SeatIdle)
}

func (w *world) seat(name string) floor.SeatView {
	for _, s := range w.floor.Snapshot().Seats {
		if s.Seat == name {
			return s
		}
	}
	return floor.SeatView{}
}

func (w *world) queue(name string) floor.QueueView {
	for _, q := range w.floor.Snapshot().Queues {
		if q.Queue == name {
			return q
		}
	}
	return floor.QueueView{}
}

// sees requires the seat to be in the state.
func (w *world) sees(name string, state floor.SeatState) floor.SeatView {
	w.t.Helper()
	v := w.seat(name)
	require.Equal(w.t, state, v.State, "seat %s: %+v", name, v)
	return v
}

// call gives the floor's view of the one live call.
func (w *world) call() floor.CallView {
	w.t.Helper()
	live := w.floor.Snapshot().Calls
	require.Len(w.t, live, 1)
	return live[0]
}

// stage requires the one live call to be in the stage.
func (w *world) stage(s calls.Stage) floor.CallView {
	w.t.Helper()
	v := w.call()
	require.Equal(w.t, s, v.Stage, "%+v", v)
	return v
}

// queued brings a citizen into the queue.
func (w *world) queued(number string) cti.LegID {
	leg := w.sw.Incoming(number, "12345")
	synctest.Wait()
	w.sw.Press(leg, "0")
	synctest.Wait()
	return leg
}

// talking brings a citizen to seat 8001.
func (w *world) talking() (citizen, seat cti.LegID, call calls.ID) {
	w.t.Helper()
	w.ready("8001")
	citizen = w.queued("13800005678")
	seat = w.sw.LegOfPhone("w8001")
	require.NotEmpty(w.t, seat, "the seat's phone rings")
	w.sw.PhoneAnswers(seat)
	w.pass(5 * time.Second)
	return citizen, seat, w.stage(calls.StageTalk).ID
}

// end is the last typed end.
func (w *world) end() calls.Ended {
	w.t.Helper()
	e := w.journal.last(calls.CallEnded)
	var end calls.Ended
	require.NoError(w.t, json.Unmarshal(e.Data, &end))
	return end
}

// nothingLeft requires that no channel, bridge or seat is left of any call.
func (w *world) nothingLeft() {
	w.t.Helper()
	synctest.Wait()
	require.Empty(w.t, w.sw.Legs(), "legs")
	require.Empty(w.t, w.sw.Bridges(), "bridges")
	for _, s := range w.floor.Snapshot().Seats {
		require.Contains(w.t, []floor.SeatState{floor.SeatIdle, floor.SeatNotReady, floor.SeatRest, floor.SeatWrapUp, floor.SeatFaulty, floor.SeatSignedOut}, s.State)
	}
}

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
	mu        sync.Mutex
	lines     map[string]floor.Line
	histories map[string]floor.History
	slow      time.Duration
	listed    map[string]bool
}

func (d *memDesk) SeatProfile(_ context.Context, account string) (floor.SeatProfile, error) {
	if !strings.HasPrefix(account, "80") {
		return floor.SeatProfile{}, floor.ErrNoSeat
	}
	return floor.SeatProfile{Seat: account, Account: account, Name: "坐席" + account, Queues: []string{"general"}}, nil
}

func (d *memDesk) Seats(context.Context) ([]floor.SeatProfile, error) { return nil, nil }

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
