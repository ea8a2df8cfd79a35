package floor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	templates "github.com/open12345/hotline/asterisk"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/asterisk"
	"github.com/open12345/hotline/cti/asterisk/node"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/switchtest"
	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/ivr"
)

// realPatience bounds each wait on the real switch.
const realPatience = 15 * time.Second

// real is a floor on a real switch with real phones around it: two seats and a carrier that
// answers outside numbers.
type real struct {
	t       *testing.T
	node    *node.Node
	driver  *asterisk.Driver
	floor   *floor.Floor
	journal *memJournal
	live    *memLive
	updates *recorder
	cfg     floor.Config
	epoch   uint64
	citizen *testcall.Phone
	seats   map[string]*testcall.Phone
	carrier *testcall.Phone
	sound   string
}

func startReal(t *testing.T) *real {
	t.Helper()
	r := &real{t: t, journal: &memJournal{}, live: newMemLive(), updates: &recorder{}, seats: map[string]*testcall.Phone{}}
	r.citizen = r.phone(testcall.Config{})
	r.carrier = r.phone(testcall.Config{})
	var err error
	r.node, err = node.Start(t.Context(), node.Config{Dir: t.TempDir(), SkipProof: true, Params: func(p *templates.Params) {
		p.Carrier = r.carrier.Addr().String()
	}})
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := r.node.Stop(context.Background()); err != nil {
			t.Log(err)
		}
	})
	r.sound = filepath.Join(r.node.Dir(), "short")
	require.NoError(t, os.WriteFile(r.sound+".sln", make([]byte, 1600), 0o644))
	desk := &memDesk{lines: map[string]floor.Line{"12345": {Called: "12345", Label: "12345", Menu: "12345", Queue: "general"}}}
	for _, seat := range []string{"8001", "8002"} {
		desk.seats = append(desk.seats, floor.SeatProfile{Seat: seat, Account: seat, PhoneHA1: switchtest.HA1(seat, switchtest.SeatSecret)})
		r.seats[seat] = r.phone(testcall.Config{Number: seat, Password: switchtest.SeatSecret, Registrar: r.node.SIPAddr()})
	}
	r.cfg = floor.Config{
		Engine: acd.Config{Queues: []acd.QueueConfig{{ID: "general"}}}, Queues: []floor.Queue{{ID: "general", Name: "综合"}},
		Menus: menus{"12345": parse(t, mainMenu), "rating": parse(t, ratingMenu)}, RatingMenu: "rating",
		Sounds: oneSound{r.sound}, Seats: desk, Lines: desk, Sealer: sealer{}, Journal: r.journal, Live: r.live,
		Followers: []floor.Follower{r.updates}, RingTimeout: 5 * time.Second, SweepEvery: time.Second,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	r.boot()
	t.Cleanup(r.halt)
	r.eventually("the switch is ours", func() bool { return r.driver != nil && r.connected() })
	for seat, p := range r.seats {
		ctx, cancel := context.WithTimeout(context.Background(), realPatience)
		require.NoError(t, p.Register(ctx), seat)
		cancel()
	}
	return r
}

func (r *real) phone(cfg testcall.Config) *testcall.Phone {
	cfg.Log = slog.New(slog.DiscardHandler)
	p, err := testcall.StartPhone(context.Background(), cfg)
	require.NoError(r.t, err)
	r.t.Cleanup(p.Stop)
	return p
}

// boot starts a driver and a floor, of the next epoch.
func (r *real) boot() {
	r.epoch++
	var err error
	r.driver, err = asterisk.New(asterisk.Config{
		Node: r.node.Name(), URL: "http://" + r.node.HTTPAddr(), AdminUser: r.node.ARIUser(), AdminPassword: r.node.ARIPassword(),
		Epoch: r.epoch, AMI: r.node.AMIAddr(), AMIUser: r.node.AMIUser(), AMIPassword: r.node.AMIPassword(),
		MediaAddress: "127.0.0.1", Allow: []string{`1[3-9]\d{9}`, `110|119|12315`}, Logger: r.cfg.Log,
	})
	require.NoError(r.t, err)
	require.NoError(r.t, r.driver.Start(context.Background()))
	cfg := r.cfg
	cfg.Nodes = []floor.Node{{Switch: r.driver, Events: r.driver.Events()}}
	r.floor, err = floor.New(cfg)
	require.NoError(r.t, err)
	require.NoError(r.t, r.floor.Start(context.Background()))
}

func (r *real) halt() {
	r.floor.Stop()
	r.driver.Stop()
}

func (r *real) connected() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	phones, err := r.driver.Phones(ctx)
	return err == nil && len(phones) >= 2
}

func (r *real) eventually(what string, is func() bool) {
	r.t.Helper()
	require.Eventually(r.t, is, realPatience, 5*time.Millisecond, what)
}

func (r *real) seat(name string) floor.SeatView {
	for _, s := range r.floor.Snapshot().Seats {
		if s.Seat == name {
			return s
		}
	}
	return floor.SeatView{}
}

func (r *real) seatIs(name string, s floor.SeatState) {
	r.t.Helper()
	r.eventually(fmt.Sprintf("seat %s is %s", name, s), func() bool { return r.seat(name).State == s })
}

// call is the view of the one call that has not ended.
func (r *real) call() floor.CallView {
	for _, c := range r.floor.Snapshot().Calls {
		if c.End == nil {
			return c
		}
	}
	return floor.CallView{}
}

func (r *real) stageIs(s calls.Stage) floor.CallView {
	r.t.Helper()
	r.eventually("the call is in "+string(s), func() bool { return r.call().Stage == s })
	return r.call()
}

// going counts the calls that have not ended.
func (r *real) going() (n int) {
	for _, c := range r.floor.Snapshot().Calls {
		if c.End == nil {
			n++
		}
	}
	return n
}

func (r *real) must(seat string, name floor.CommandName, args any) {
	r.t.Helper()
	w := &world{t: r.t, floor: r.floor}
	raw := w.encode(args)
	_, err := r.floor.Do(context.Background(), floor.Command{Name: name, Account: seat, Seat: seat, Args: raw})
	require.NoError(r.t, err, name)
}

func (r *real) ready(seat string) {
	r.t.Helper()
	r.must(seat, floor.CmdSignIn, floor.SignInArgs{Device: "phone"})
	r.must(seat, floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	r.seatIs(seat, floor.SeatIdle)
}

func (r *real) dial() *testcall.Call {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	r.t.Cleanup(cancel)
	c, err := r.citizen.Dial(ctx, "sip:12345@"+r.node.SIPAddr(), testcall.From("13800005678"), testcall.Sends(testcall.Tone(testcall.ToneOf(testcall.LegCitizen))))
	require.NoError(r.t, err)
	return c
}

func (r *real) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), realPatience)
	r.t.Cleanup(cancel)
	return ctx
}

// accept waits for a call to a phone and answers it with a tone of its own.
func (r *real) accept(p *testcall.Phone, tone float64) *testcall.Call {
	r.t.Helper()
	c, err := p.Accept(r.ctx())
	require.NoError(r.t, err)
	require.NoError(r.t, c.Ring())
	require.NoError(r.t, c.Answer(r.ctx()))
	c.Send(testcall.Tone(tone))
	return c
}

// nothingLeft requires that the switch holds no leg and no bridge.
func (r *real) nothingLeft() {
	r.t.Helper()
	r.eventually("no channel and no bridge is left", func() bool {
		pic, err := r.driver.List(r.ctx())
		return err == nil && len(pic.Legs) == 0 && len(pic.Bridges) == 0
	})
}

var (
	toneCitizen = testcall.ToneOf(testcall.LegCitizen)
	toneSeat    = testcall.SeatTone(0)
	toneSecond  = testcall.SeatTone(1)
	toneOutside = testcall.SeatTone(2)
)

// talk brings a citizen to seat 8001.
func (r *real) talk() (citizen, seat *testcall.Call) {
	r.t.Helper()
	r.ready("8001")
	citizen = r.dial()
	require.NoError(r.t, citizen.WaitAnswered(r.ctx()))
	r.stageIs(calls.StageMenu)
	require.NoError(r.t, citizen.Press(r.ctx(), "0"))
	seat = r.accept(r.seats["8001"], toneSeat)
	r.stageIs(calls.StageTalk)
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneSeat))
	require.NoError(r.t, seat.WaitTone(r.ctx(), toneCitizen))
	return citizen, seat
}

// recordingsMatch requires that the switch keeps the recording of each answered call where its
// record says, each message, and no third party's.
func (r *real) recordingsMatch() {
	r.t.Helper()
	want := map[string]bool{}
	for _, e := range r.journal.all() {
		switch e.Type {
		case calls.CallStarted:
			var s calls.Started
			require.NoError(r.t, json.Unmarshal(e.Data, &s))
			want[s.Source] = true
		case calls.CallVoicemail:
			var v calls.Voicemail
			require.NoError(r.t, json.Unmarshal(e.Data, &v))
			want[v.Source] = true
		}
	}
	kept, err := r.driver.Recordings(r.ctx())
	require.NoError(r.t, err)
	var unknown []string
	for _, name := range kept {
		if !want[name] && !want[name+".raw"] && !want[name+".wav"] {
			unknown = append(unknown, name)
		}
	}
	// Who hangs up before the answer may be gone before the dialplan hands the call over: the floor
	// never heard of it, and the switch has its empty recording.
	require.LessOrEqual(r.t, len(unknown), 1, "%v are nobody's; records say %v", unknown, want)
	require.GreaterOrEqual(r.t, len(kept), 10)
}

// freeSeats writes what notes are missing and signs the seats out.
func (r *real) freeSeats() {
	r.t.Helper()
	for name := range r.seats {
		s := r.seat(name)
		if s.State == floor.SeatWrapUp {
			w := &world{t: r.t, floor: r.floor}
			_, _ = r.floor.Do(r.ctx(), floor.Command{Name: floor.CmdNote, Account: name, Seat: name, Args: w.encode(floor.NoteArgs{Call: string(s.Call), Note: "answered"})})
			_, _ = r.floor.Do(r.ctx(), floor.Command{Name: floor.CmdWrapUpDone, Account: name, Seat: name})
		}
		if s.State != "" && s.State != floor.SeatSignedOut {
			r.must(name, floor.CmdSignOut, nil)
			r.seatIs(name, floor.SeatSignedOut)
		}
	}
}

type oneSound struct{ path string }

func (s oneSound) Sounds(ivr.Prompt) ([]string, error) { return []string{s.path}, nil }
