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

func TestOnTheRealSwitch(t *testing.T) {
	r := startReal(t)
	// One switch serves all: each part leaves it empty for the next.
	for _, part := range []struct {
		name string
		run  func(r *real)
	}{
		{"hold, consult, three-way, transfer, by tones", realControl},
		{"emergency goes on without the seat", realEmergency},
		{"no answer, next seat, rating", realNoAnswer},
		{"message", realMessage},
		{"click-to-call", realDial},
		{"hang-up at each instant", realHangups},
		{"a successor takes over four calls", realTakeover},
	} {
		r.t = t
		t.Run(part.name, func(t *testing.T) {
			r.t = t
			part.run(r)
			r.nothingLeft()
			r.freeSeats()
		})
	}
	r.t = t
	r.recordingsMatch()
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
	for _, name := range kept {
		require.True(r.t, want[name] || want[name+".raw"] || want[name+".wav"], "%s is nobody's; records say %v", name, want)
	}
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

func realControl(r *real) {
	citizen, seat := r.talk()
	id := floor.CallArgs{Call: string(r.call().ID)}
	r.must("8001", floor.CmdHold, id)
	require.NoError(r.t, citizen.WaitNoTone(r.ctx(), toneSeat))
	require.NoError(r.t, citizen.WaitSound(r.ctx()), "music")
	r.must("8001", floor.CmdResume, id)
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneSeat))

	r.must("8001", floor.CmdConsult, floor.PartyArgs{Call: id.Call, Number: "12315"})
	outside := r.accept(r.carrier, toneOutside)
	require.NoError(r.t, seat.WaitTone(r.ctx(), toneOutside))
	require.NoError(r.t, citizen.WaitNoTone(r.ctx(), toneSeat, toneOutside))
	r.must("8001", floor.CmdThreeWay, id)
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneSeat, toneOutside))
	require.NoError(r.t, outside.WaitTone(r.ctx(), toneSeat, toneCitizen))
	r.must("8001", floor.CmdPartyDrop, floor.PartyDropArgs{Call: id.Call, Party: r.call().Parties[0].ID})
	_, err := outside.WaitEnded(r.ctx())
	require.NoError(r.t, err)

	r.ready("8002")
	r.must("8001", floor.CmdConsult, floor.PartyArgs{Call: id.Call, Seat: "8002"})
	second := r.accept(r.seats["8002"], toneSecond)
	require.NoError(r.t, seat.WaitTone(r.ctx(), toneSecond))
	r.eventually("the second seat is there", func() bool { p := r.call().Parties; return p[len(p)-1].State == "consulting" })
	r.must("8001", floor.CmdTransfer, id)
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneSecond))
	require.NoError(r.t, second.WaitTone(r.ctx(), toneCitizen))
	r.seatIs("8001", floor.SeatWrapUp)
	r.seatIs("8002", floor.SeatTalking)
	require.NoError(r.t, citizen.Hangup(r.ctx()))
}

func realEmergency(r *real) {
	citizen, _ := r.talk()
	id := string(r.call().ID)
	r.must("8001", floor.CmdEmergency, floor.PartyArgs{Call: id, Number: "110"})
	police := r.accept(r.carrier, toneOutside)
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneSeat, toneOutside))
	r.stageIs(calls.StageThreeWay)
	r.must("8001", floor.CmdHangup, floor.HangupArgs{Call: id, Reason: "110"})
	r.stageIs(calls.StageTransfer)
	require.NoError(r.t, citizen.WaitNoTone(r.ctx(), toneSeat))
	require.NoError(r.t, police.WaitTone(r.ctx(), toneCitizen))
	require.NoError(r.t, police.Hangup(r.ctx()))
	_, err := citizen.WaitEnded(r.ctx())
	require.NoError(r.t, err)
}

func realNoAnswer(r *real) {
	r.ready("8001")
	citizen := r.dial()
	require.NoError(r.t, citizen.WaitAnswered(r.ctx()))
	r.stageIs(calls.StageMenu)
	require.NoError(r.t, citizen.PressByInfo(r.ctx(), "0"))
	silent, err := r.seats["8001"].Accept(r.ctx())
	require.NoError(r.t, err)
	require.NoError(r.t, silent.Ring())
	r.must("8002", floor.CmdSignIn, floor.SignInArgs{Device: "phone"})
	r.must("8002", floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	second := r.accept(r.seats["8002"], toneSecond)
	require.Equal(r.t, floor.ReasonNoAnswer, r.seat("8001").Reason)
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneSecond))
	require.NoError(r.t, second.Hangup(r.ctx()))
	r.stageIs(calls.StageRating)
	require.NoError(r.t, citizen.Press(r.ctx(), "1"))
	_, err = citizen.WaitEnded(r.ctx())
	require.NoError(r.t, err)
	r.eventually("rated", func() bool { return r.journal.count(calls.CallRated) > 0 })
}

func realMessage(r *real) {
	citizen := r.dial()
	require.NoError(r.t, citizen.WaitAnswered(r.ctx()))
	r.stageIs(calls.StageMenu)
	require.NoError(r.t, citizen.Press(r.ctx(), "3"))
	r.stageIs(calls.StageVoicemail)
	ctx, cancel := context.WithTimeout(r.ctx(), 3*time.Second)
	defer cancel()
	_ = citizen.Play(ctx, testcall.Tone(toneCitizen)) // three seconds of message
	before := r.journal.count(calls.CallVoicemail)
	require.NoError(r.t, citizen.Hangup(r.ctx()))
	r.eventually("the message is listed", func() bool { return r.journal.count(calls.CallVoicemail) == before+1 })
}

func realDial(r *real) {
	r.ready("8001")
	r.must("8001", floor.CmdDial, floor.DialArgs{Number: "13911112222"})
	seat := r.accept(r.seats["8001"], toneSeat)
	citizen := r.accept(r.carrier, toneCitizen)
	require.NoError(r.t, seat.WaitTone(r.ctx(), toneCitizen))
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneSeat))
	r.stageIs(calls.StageTalk)
	require.NoError(r.t, citizen.Hangup(r.ctx()))
	_, err := seat.WaitEnded(r.ctx())
	require.NoError(r.t, err)
	r.seatIs("8001", floor.SeatWrapUp)
}

// realHangups lets the citizen hang up at instants taken from what the phones and the floor say.
func realHangups(r *real) {
	for _, instant := range []struct {
		name string
		wait func(citizen *testcall.Call)
	}{
		{"before the answer", func(*testcall.Call) {}},
		{"answered", func(c *testcall.Call) { require.NoError(r.t, c.WaitAnswered(r.ctx())) }},
		{"in the menu", func(*testcall.Call) { r.stageIs(calls.StageMenu) }},
		{"while the seat rings", func(c *testcall.Call) { r.rings(c) }},
		{"in the moment of the seat's answer", func(c *testcall.Call) {
			seat := r.rings(c)
			go func() { _ = seat.Answer(context.Background()) }()
		}},
		{"right after the seat's answer", func(c *testcall.Call) {
			require.NoError(r.t, r.rings(c).Answer(r.ctx()))
		}},
		{"in the conversation", func(c *testcall.Call) {
			require.NoError(r.t, r.rings(c).Answer(r.ctx()))
			r.stageIs(calls.StageTalk)
		}},
	} {
		r.ready("8001")
		citizen := r.dial()
		before := r.journal.count(calls.CallStarted)
		instant.wait(citizen)
		require.NoError(r.t, citizen.Hangup(r.ctx()), instant.name)
		r.nothingLeft()
		r.eventually(instant.name+": every call has ended", func() bool {
			return r.journal.count(calls.CallStarted) == r.journal.count(calls.CallEnded)
		})
		r.t.Log(instant.name, before, r.journal.last(calls.CallEnded).Call)
		r.freeSeats()
	}
}

func (r *real) rings(c *testcall.Call) *testcall.Call {
	require.NoError(r.t, c.WaitAnswered(r.ctx()))
	r.stageIs(calls.StageMenu)
	require.NoError(r.t, c.Press(r.ctx(), "0"))
	seat, err := r.seats["8001"].Accept(r.ctx())
	require.NoError(r.t, err)
	require.NoError(r.t, seat.Ring())
	return seat
}

// realTakeover lets another floor of a higher epoch take over while one citizen talks, one is
// rung for, one waits and one is in the menu.
func realTakeover(r *real) {
	talking, seat := r.talk()
	r.ready("8002")
	ringing := r.dial()
	require.NoError(r.t, ringing.WaitAnswered(r.ctx()))
	r.eventually("two calls", func() bool { return r.going() == 2 })
	require.NoError(r.t, ringing.Press(r.ctx(), "0"))
	rung, err := r.seats["8002"].Accept(r.ctx())
	require.NoError(r.t, err)
	require.NoError(r.t, rung.Ring())
	waiting := r.dial()
	require.NoError(r.t, waiting.WaitAnswered(r.ctx()))
	r.eventually("three calls", func() bool { return r.going() == 3 })
	require.NoError(r.t, waiting.Press(r.ctx(), "0"))
	r.eventually("one waits", func() bool { q := r.floor.Snapshot().Queues; return len(q) == 1 && q[0].Waiting == 1 })
	inMenu := r.dial()
	require.NoError(r.t, inMenu.WaitAnswered(r.ctx()))
	r.eventually("four calls", func() bool { return r.going() == 4 })
	before := r.floor.Snapshot().Calls
	talking.MarkGap()
	seat.MarkGap()

	old := *r
	r.live.setDown(true) // what a killed process would have written at its end is not written
	old.halt()
	r.live.setDown(false)
	r.boot()
	r.eventually("four calls go on", func() bool { return r.going() == 4 })
	r.eventually("each where it was", func() bool {
		for i, c := range r.floor.Snapshot().Calls {
			// The menu's patience may have ended meanwhile.
			if c.ID != before[i].ID || c.Stage != before[i].Stage && before[i].Stage != calls.StageMenu {
				return false
			}
		}
		return true
	})
	require.NoError(r.t, rung.Answer(r.ctx()))
	rung.Send(testcall.Tone(toneSecond))
	require.NoError(r.t, ringing.WaitTone(r.ctx(), toneSecond))
	require.NoError(r.t, talking.WaitTone(r.ctx(), toneSeat))
	require.Less(r.t, talking.Stats().MaxGap, 100*time.Millisecond, "the conversation was not touched")
	for _, c := range []*testcall.Call{talking, ringing, waiting, inMenu} {
		require.Equal(r.t, testcall.End{}, c.End(), "no BYE from our side")
		require.NoError(r.t, c.Hangup(r.ctx()))
	}
}

type oneSound struct{ path string }

func (s oneSound) Sounds(ivr.Prompt) ([]string, error) { return []string{s.path}, nil }
