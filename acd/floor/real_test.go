package floor_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
)

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
	r.eventually("the fourth is in the menu", func() bool {
		return slices.ContainsFunc(r.floor.Snapshot().Calls, func(c floor.CallView) bool { return c.Stage == calls.StageMenu })
	})
	before := map[calls.ID]calls.Stage{} // without a call that has just ended and is still shown
	for _, c := range r.floor.Snapshot().Calls {
		if c.End == nil && c.Stage != calls.StageEnded {
			before[c.ID] = c.Stage
		}
	}
	require.Len(r.t, before, 4)
	talking.MarkGap()
	seat.MarkGap()

	old := *r
	r.live.setDown(true) // what a killed process would have written at its end is not written
	old.halt()
	r.live.setDown(false)
	r.boot()
	r.eventually("four calls go on", func() bool { return r.going() == 4 })
	r.eventually("each where it was", func() bool {
		for _, c := range r.floor.Snapshot().Calls {
			// The menu's patience may have ended meanwhile.
			if c.Stage != before[c.ID] && before[c.ID] != calls.StageMenu {
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
