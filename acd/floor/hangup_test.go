package floor_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/switchtest"
)

// before hangs a leg up in the moment in which the switch is asked for the nth request of a
// method: the hang-up that no waiting stage can see coming.
func (w *world) before(method string, nth int, hangUp func()) {
	n := 0
	w.sw.Before(func(op switchtest.Op) {
		if op.Method != method {
			return
		}
		if n++; n == nth {
			hangUp()
		}
	})
}

func TestACitizenWhoHangsUpAtAnyInstantLeavesNothingBehind(t *testing.T) {
	cases := []struct {
		instant string
		call    func(w *world) // goes to the instant and hangs up there
		stage   calls.Stage
		cause   calls.Cause
		seat    floor.SeatState // of 8001 afterwards
	}{
		{"while the call is claimed", func(w *world) {
			w.before("Claim", 1, w.citizenHangsUp)
			w.sw.Incoming("13800005678", "12345")
		}, calls.StageIncoming, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"in the moment of our answer", func(w *world) {
			w.before("Answer", 1, w.citizenHangsUp)
			w.sw.Incoming("13800005678", "12345")
		}, calls.StageIncoming, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"while joining the music", func(w *world) {
			w.before("Join", 1, w.citizenHangsUp)
			w.sw.Incoming("13800005678", "12345")
		}, calls.StageIncoming, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"in a prompt", func(w *world) {
			w.sw.HoldPlaybacks(true)
			w.sw.FarEndHangsUp(w.arrives())
		}, calls.StageMenu, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"while the prompt is asked for", func(w *world) {
			w.before("Play", 1, w.citizenHangsUp)
			w.arrives()
		}, calls.StageMenu, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"between digits", func(w *world) {
			leg := w.arrives()
			w.sw.Press(leg, "4")
			w.wait()
			w.sw.FarEndHangsUp(leg)
		}, calls.StageMenu, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"in the queue", func(w *world) {
			w.must("8001", floor.CmdWish, floor.Wish{State: floor.SeatNotReady})
			leg := w.queued("13800005678")
			w.stage(calls.StageQueue)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageQueue, calls.CauseQueueAbandoned, floor.SeatNotReady},
		{"while the seat's phone is asked to ring", func(w *world) {
			w.before("Originate", 1, w.citizenHangsUp)
			w.queued("13800005678")
		}, calls.StageRinging, calls.CauseRingAbandoned, floor.SeatIdle},
		{"while the seat rings", func(w *world) {
			leg := w.queued("13800005678")
			w.stage(calls.StageRinging)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageRinging, calls.CauseRingAbandoned, floor.SeatIdle},
		{"in the very moment of the seat's answer", func(w *world) {
			leg := w.queued("13800005678")
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
			w.sw.FarEndHangsUp(leg)
		}, calls.StageRinging, calls.CauseRingAbandoned, floor.SeatIdle},
		{"while the seat is joined", func(w *world) {
			w.queued("13800005678")
			w.before("Join", 1, w.citizenHangsUp)
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
		}, calls.StageRinging, calls.CauseRingAbandoned, floor.SeatIdle},
		{"while he himself is joined", func(w *world) {
			w.queued("13800005678")
			w.before("Join", 2, w.citizenHangsUp)
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
		}, calls.StageRinging, calls.CauseRingAbandoned, floor.SeatIdle},
		{"right after the answer", func(w *world) {
			leg := w.queued("13800005678")
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
			w.wait()
			w.sw.FarEndHangsUp(leg)
		}, calls.StageTalk, calls.CauseNoConversation, floor.SeatWrapUp},
		{"in the conversation", func(w *world) {
			leg := w.talks()
			w.sw.FarEndHangsUp(leg)
		}, calls.StageTalk, calls.CauseNormal, floor.SeatWrapUp},
		{"on hold", func(w *world) {
			leg := w.talks()
			w.must("8001", floor.CmdHold, floor.CallArgs{Call: string(w.call().ID)})
			w.stage(calls.StageHold)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageHold, calls.CauseNormal, floor.SeatWrapUp},
		{"while he is taken off hold", func(w *world) {
			w.talks()
			id := string(w.call().ID)
			w.must("8001", floor.CmdHold, floor.CallArgs{Call: id})
			w.before("Join", 1, w.citizenHangsUp)
			require.Error(w.t, w.do("8001", floor.CmdResume, floor.CallArgs{Call: id}))
		}, calls.StageHold, calls.CauseNormal, floor.SeatWrapUp},
		{"in a consultation that rings", func(w *world) {
			leg := w.talks()
			w.must("8001", floor.CmdConsult, floor.PartyArgs{Call: string(w.call().ID), Number: "12315"})
			w.stage(calls.StageConsult)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageConsult, calls.CauseNormal, floor.SeatWrapUp},
		{"in a consultation with a seat", func(w *world) {
			leg := w.talks()
			w.ready("8002")
			w.must("8001", floor.CmdConsult, floor.PartyArgs{Call: string(w.call().ID), Seat: "8002"})
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8002"))
			w.wait()
			w.sw.FarEndHangsUp(leg)
		}, calls.StageConsult, calls.CauseNormal, floor.SeatWrapUp},
		{"in a call of three", func(w *world) {
			leg := w.talks()
			w.must("8001", floor.CmdEmergency, floor.PartyArgs{Call: string(w.call().ID), Number: "110"})
			w.sw.PhoneAnswers(w.sw.LegOfNumber("110"))
			w.wait()
			w.stage(calls.StageThreeWay)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageThreeWay, calls.CauseNormal, floor.SeatWrapUp},
		{"in the rating", func(w *world) {
			leg := w.talks()
			w.must("8001", floor.CmdHangup, floor.HangupArgs{Call: string(w.call().ID), Rating: true})
			w.stage(calls.StageRating)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageRating, calls.CauseNormal, floor.SeatWrapUp},
		{"at the beep", func(w *world) {
			leg := w.arrives()
			w.sw.Press(leg, "3")
			w.wait()
			w.stage(calls.StageVoicemail)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageVoicemail, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"after a message", func(w *world) {
			leg := w.arrives()
			w.sw.Press(leg, "3")
			w.pass(20 * time.Second)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageVoicemail, calls.CauseVoicemailLeft, floor.SeatIdle},
		{"in the moment of the message's end", func(w *world) {
			leg := w.arrives()
			w.sw.Press(leg, "3")
			w.pass(20 * time.Second)
			w.before("Join", 1, w.citizenHangsUp)
			w.sw.Press(leg, "#")
			w.wait()
			require.Equal(w.t, 1, w.journal.count(calls.CallVoicemail))
		}, calls.StageVoicemail, calls.CauseVoicemailLeft, floor.SeatIdle},
		{"while 110 rings", func(w *world) {
			leg := w.arrives()
			w.sw.Press(leg, "5")
			w.wait()
			w.stage(calls.StageTransfer)
			w.sw.FarEndHangsUp(leg)
		}, calls.StageTransfer, calls.CauseMenuAbandoned, floor.SeatIdle},
		{"after 110 took over", func(w *world) {
			leg := w.arrives()
			w.sw.Press(leg, "5")
			w.wait()
			w.sw.PhoneAnswers(w.sw.LegOfNumber("110"))
			w.wait()
			w.sw.FarEndHangsUp(leg)
		}, calls.StageTransfer, calls.CauseTransferred, floor.SeatIdle},
	}
	for _, c := range cases {
		t.Run(c.instant, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ready("8001")
				c.call(w)
				w.pass(time.Second)
				require.Equal(t, c.stage, w.end().Stage)
				require.Equal(t, c.cause, w.end().Cause)
				side := calls.SideCitizen
				if c.stage == calls.StageRating {
					side = calls.SideSeat // who hung up first
				}
				require.Equal(t, side, w.end().Side)
				w.sees("8001", c.seat)
				w.nothingLeft()
				require.Equal(t, 1, w.journal.count(calls.CallEnded))
				require.Empty(t, w.live.calls, "no record is left")
				w.takesNext("8001")
			})
		})
	}
}

// citizenHangsUp ends the leg of whoever called.
func (w *world) citizenHangsUp() {
	for _, id := range w.sw.Legs() {
		if l, ok := w.sw.Leg(id); ok && l.Phone == "" && l.Dialled == "12345" {
			w.sw.FarEndHangsUp(id)
		}
	}
}

// arrives brings a citizen into the menu.
func (w *world) arrives() cti.LegID {
	leg := w.sw.Incoming("13800005678", "12345")
	w.wait()
	return leg
}

// talks brings a citizen to the ready seat 8001.
func (w *world) talks() cti.LegID {
	w.t.Helper()
	leg := w.queued("13800005678")
	w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
	w.pass(5 * time.Second)
	w.stage(calls.StageTalk)
	return leg
}

// takesNext requires that the seat takes a next call whole.
func (w *world) takesNext(seat string) {
	w.t.Helper()
	w.sw.HoldPlaybacks(false)
	for _, s := range []string{"8001", "8002"} {
		if v := w.seat(s); v.State == floor.SeatWrapUp {
			// A seat that was only asked owes no note.
			_ = w.do(s, floor.CmdNote, floor.NoteArgs{Call: string(v.Call), Note: "dropped"})
			_ = w.do(s, floor.CmdWrapUpDone, nil)
		}
		if s != seat && w.seat(s).State != "" {
			w.must(s, floor.CmdWish, floor.Wish{State: floor.SeatNotReady})
		}
	}
	w.must(seat, floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	w.sees(seat, floor.SeatIdle)
	leg := w.queued("13900001111")
	w.sw.PhoneAnswers(w.sw.LegOfPhone("w" + seat))
	w.pass(2 * time.Second)
	w.sees(seat, floor.SeatTalking)
	w.sw.FarEndHangsUp(leg)
	w.wait()
	w.sees(seat, floor.SeatWrapUp)
	w.nothingLeft()
}

func TestASeatThatDoesNotTakeTheCallGivesItToTheNextWithItsPlace(t *testing.T) {
	cases := []struct {
		how    string
		refuse func(w *world, leg cti.LegID)
		state  floor.SeatState
		reason string
	}{
		{"no answer in time", func(w *world, _ cti.LegID) { w.pass(15 * time.Second) }, floor.SeatNotReady, floor.ReasonNoAnswer},
		{"rejected on the phone", func(w *world, leg cti.LegID) { w.sw.PhoneRejects(leg) }, floor.SeatNotReady, floor.ReasonRejected},
		{"rejected on the page", func(w *world, _ cti.LegID) {
			w.must("8001", floor.CmdHangup, floor.HangupArgs{Call: string(w.call().ID)})
		}, floor.SeatNotReady, floor.ReasonRejected},
		{"its phone unregisters while it rings", func(w *world, _ cti.LegID) { w.sw.Unregister("w8001") }, floor.SeatFaulty, floor.ReasonUnregistered},
		{"its phone can't be reached", func(w *world, leg cti.LegID) { w.sw.Unreachable(leg) }, floor.SeatFaulty, floor.ReasonUnregistered},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ready("8001")
				citizen := w.queued("13800005678")
				entered := w.stage(calls.StageRinging).EnteredAt
				w.ready("8002")
				w.pass(time.Millisecond)
				c.refuse(w, w.sw.LegOfPhone("w8001"))
				w.wait()
				require.Equal(t, c.reason, w.sees("8001", c.state).Reason)
				w.sees("8002", floor.SeatRinging)
				require.Equal(t, entered, w.stage(calls.StageRinging).EnteredAt)
				require.Empty(t, w.sw.LegOfPhone("w8001"))
				w.sw.PhoneAnswers(w.sw.LegOfPhone("w8002"))
				w.pass(2 * time.Second)
				w.stage(calls.StageTalk)
				require.Equal(t, "8002", w.call().Seat)
				w.sw.FarEndHangsUp(citizen)
				w.nothingLeft()
				require.Equal(t, 1, w.journal.count(calls.CallNotAnswered))
			})
		})
	}
}

func TestASeatWhosePhoneIsNotRegisteredIsNeverOffered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		w.sw.Unregister("w8001")
		w.wait()
		require.Equal(t, floor.ReasonUnregistered, w.sees("8001", floor.SeatFaulty).Reason)
		w.queued("13800005678")
		w.stage(calls.StageQueue)
		require.Zero(t, w.sw.Count("Originate"))
		w.sw.Register("w8001")
		w.wait()
		w.sees("8001", floor.SeatRinging)
	})
}
