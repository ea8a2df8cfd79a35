package floor_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
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
	inWorldWith(t, func(*world) {}, test)
}

// inWorldWith changes the world before it begins.
func inWorldWith(t *testing.T, prepare, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		prepare(w)
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
	data, err := w.floor.Do(context.Background(), floor.Command{Name: name, Account: seat, Seat: seat, Role: "agent", Args: w.encode(args)})
	synctest.Wait()
	return data, err
}

func (w *world) encode(args any) json.RawMessage {
	raw, err := json.Marshal(args)
	require.NoError(w.t, err)
	return raw
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

// onMusic tells whether the leg is in a music bridge.
func (w *world) onMusic(leg cti.LegID) bool {
	return strings.Contains(string(w.sw.BridgeOf(leg)), ".hold.")
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
