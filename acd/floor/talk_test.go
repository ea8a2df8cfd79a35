package floor_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

func TestHoldPutsTheCitizenOnMusicAndResumeBringsHimBack(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, seat, id := w.talking()
		args := floor.CallArgs{Call: string(id)}
		w.must("8001", floor.CmdHold, args)
		w.stage(calls.StageHold)
		w.sees("8001", floor.SeatHolding)
		require.True(t, w.onMusic(citizen))
		require.Equal(t, cti.BridgeID(id+".talk"), w.sw.BridgeOf(seat))
		require.ErrorContains(t, w.do("8001", floor.CmdHold, args), floor.RefusedWrongStage)
		w.pass(10 * time.Second)
		w.must("8001", floor.CmdResume, args)
		w.sees("8001", floor.SeatTalking)
		require.Equal(t, w.sw.BridgeOf(seat), w.sw.BridgeOf(citizen))
		w.sw.FarEndHangsUp(citizen)
		w.wait()
		var left calls.SeatLeft
		require.NoError(t, json.Unmarshal(w.journal.last(calls.CallSeatLeft).Data, &left))
		require.InDelta(t, 10, left.HoldS, 0.01)
		require.InDelta(t, 15, left.TalkS, 0.01)
		w.nothingLeft()
	})
}

func TestAConsultedSeatTakesTheCallOver(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, first, id := w.talking()
		args := floor.CallArgs{Call: string(id)}
		require.ErrorContains(t, w.do("8001", floor.CmdConsult, floor.PartyArgs{Call: string(id), Seat: "8002"}), floor.RefusedTargetNotReady)
		w.ready("8002")
		w.must("8001", floor.CmdConsult, floor.PartyArgs{Call: string(id), Seat: "8002"})
		w.sees("8002", floor.SeatRinging)
		w.sees("8001", floor.SeatConsult)
		second := w.sw.LegOfPhone("w8002")
		pops := w.updates.pops()
		require.Equal(t, "8002", pops[len(pops)-1].Call.Seat, "the asked seat sees the call too")
		require.ErrorContains(t, w.do("8001", floor.CmdTransfer, args), floor.RefusedWrongStage, "nobody is there yet")
		w.sw.PhoneAnswers(second)
		w.wait()
		require.Equal(t, w.sw.BridgeOf(first), w.sw.BridgeOf(second))
		require.True(t, w.onMusic(citizen))

		w.must("8001", floor.CmdTransfer, args)
		require.Equal(t, w.sw.BridgeOf(second), w.sw.BridgeOf(citizen))
		w.sees("8001", floor.SeatWrapUp)
		w.sees("8002", floor.SeatTalking)
		require.Equal(t, "8002", w.stage(calls.StageTalk).Seat)
		require.ErrorContains(t, w.do("8001", floor.CmdHangup, floor.HangupArgs{Call: string(id), Rating: true}), floor.RefusedNoSuchCall)

		w.must("8002", floor.CmdHangup, floor.HangupArgs{Call: string(id), Rating: true})
		w.stage(calls.StageRating)
		w.sw.Press(citizen, "2")
		w.nothingLeft()
		require.Equal(t, "8002", w.end().Seat)
		require.ErrorContains(t, w.do("8002", floor.CmdWrapUpDone, nil), floor.RefusedNoteMissing)
	})
}

func TestAConsultationEndsInEveryWay(t *testing.T) {
	cases := []struct {
		how    string
		end    func(w *world, id string, party cti.LegID)
		stage  calls.Stage
		joined bool // citizen and seat hear each other
	}{
		{"the seat cancels", func(w *world, id string, _ cti.LegID) {
			w.must("8001", floor.CmdConsultCancel, floor.CallArgs{Call: id})
		}, calls.StageTalk, true},
		{"the party hangs up", func(w *world, _ string, party cti.LegID) { w.sw.FarEndHangsUp(party) }, calls.StageHold, false},
		{"the seat joins all three", func(w *world, id string, party cti.LegID) {
			w.must("8001", floor.CmdThreeWay, floor.CallArgs{Call: id})
			require.Equal(w.t, w.sw.BridgeOf(party), w.sw.BridgeOf(w.sw.LegOfPhone("w8001")))
		}, calls.StageThreeWay, true},
		{"joined, and the party is dropped", func(w *world, id string, _ cti.LegID) {
			w.must("8001", floor.CmdThreeWay, floor.CallArgs{Call: id})
			w.must("8001", floor.CmdPartyDrop, floor.PartyDropArgs{Call: id, Party: w.call().Parties[0].ID})
		}, calls.StageTalk, true},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			inWorld(t, func(w *world) {
				citizen, seat, id := w.talking()
				w.must("8001", floor.CmdConsult, floor.PartyArgs{Call: string(id), Number: "059412345678", Label: "市水务集团"})
				party := w.sw.LegOfNumber("059412345678")
				w.sw.PhoneAnswers(party)
				w.wait()
				c.end(w, string(id), party)
				w.wait()
				w.stage(c.stage)
				require.Equal(t, c.joined, w.sw.BridgeOf(seat) == w.sw.BridgeOf(citizen))
				w.sw.FarEndHangsUp(citizen)
				w.nothingLeft()
			})
		})
	}
}

func TestAPartyThatDoesNotAnswerLeavesTheCitizenOnHoldForTheSeatToTakeBack(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, seat, id := w.talking()
		w.must("8001", floor.CmdConsult, floor.PartyArgs{Call: string(id), Number: "12315"})
		w.pass(61 * time.Second)
		v := w.stage(calls.StageHold)
		require.Equal(t, "failed", v.Parties[0].State)
		require.Equal(t, "no_answer", v.Parties[0].Cause)
		w.must("8001", floor.CmdResume, floor.CallArgs{Call: string(id)})
		require.Equal(t, w.sw.BridgeOf(seat), w.sw.BridgeOf(citizen))
		w.sw.Refuse("13911112222")
		require.ErrorContains(t, w.do("8001", floor.CmdConsult, floor.PartyArgs{Call: string(id), Number: "13911112222"}), floor.RefusedNumber)
		w.sw.FarEndHangsUp(citizen)
		w.nothingLeft()
	})
}

func TestTheRedKeyJoinsAnEmergencyLineAtOnceAndTheCallGoesOnWithoutTheSeat(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, seat, id := w.talking()
		require.ErrorContains(t, w.do("8001", floor.CmdEmergency, floor.PartyArgs{Call: string(id), Number: "12315"}), floor.RefusedNumber)
		w.must("8001", floor.CmdEmergency, floor.PartyArgs{Call: string(id), Number: "119"})
		require.Equal(t, w.sw.BridgeOf(seat), w.sw.BridgeOf(citizen), "the citizen is not put on music")
		fire := w.sw.LegOfNumber("119")
		w.sw.PhoneAnswers(fire)
		w.wait()
		require.Equal(t, w.sw.BridgeOf(citizen), w.sw.BridgeOf(fire))
		require.Equal(t, "emergency", w.stage(calls.StageThreeWay).Parties[0].Kind)
		w.must("8001", floor.CmdHangup, floor.HangupArgs{Call: string(id), Reason: "119 took over"})
		w.sees("8001", floor.SeatWrapUp)
		w.stage(calls.StageTransfer)
		require.Equal(t, w.sw.BridgeOf(citizen), w.sw.BridgeOf(fire))
		w.sw.FarEndHangsUp(fire)
		w.nothingLeft()
		require.Equal(t, calls.CauseTransferred, w.end().Cause)
	})
}

func TestTransferToANumberLetsTheSeatGo(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, _, id := w.talking()
		w.must("8001", floor.CmdConsult, floor.PartyArgs{Call: string(id), Number: "12315"})
		party := w.sw.LegOfNumber("12315")
		w.sw.PhoneAnswers(party)
		w.wait()
		w.must("8001", floor.CmdTransfer, floor.CallArgs{Call: string(id)})
		w.sees("8001", floor.SeatWrapUp)
		require.Equal(t, w.sw.BridgeOf(party), w.sw.BridgeOf(citizen))
		w.sw.FarEndHangsUp(party)
		w.nothingLeft()
		require.Equal(t, calls.CauseTransferred, w.end().Cause)
	})
}

func TestASeatWhosePhoneIsLostLeavesTheCitizenAtTheHeadOfTheQueue(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, seat, _ := w.talking()
		entered := w.call().EnteredAt
		w.sw.Unregister("w8001")
		w.wait()
		w.stage(calls.StageTalk)
		w.losesPhone(seat)
		v := w.stage(calls.StageQueue)
		require.Equal(t, entered, v.EnteredAt)
		require.True(t, w.onMusic(citizen), "he hears music")
		w.sees("8001", floor.SeatWrapUp)
		w.must("8002", floor.CmdSignIn, floor.SignInArgs{Device: "browser"})
		w.must("8002", floor.CmdWish, floor.Wish{State: floor.SeatIdle})
		w.sw.PhoneAnswers(w.sw.LegOfPhone("w8002"))
		w.wait()
		require.Equal(t, "8002", w.stage(calls.StageTalk).Seat)
		w.sw.FarEndHangsUp(citizen)
		w.nothingLeft()
	})
}

// losesPhone ends a leg as the switch does when its media stops: cause 44.
func (w *world) losesPhone(leg cti.LegID) {
	w.sw.Inject(cti.LegEnded{Leg: leg, Cause: 44, Text: "rtp timeout", At: time.Now()})
	w.wait()
	w.sw.FarEndHangsUp(leg)
	w.wait()
}

func TestASeatThatPutsItsPhoneDownLetsTheCitizenRate(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, seat, _ := w.talking()
		w.sw.FarEndHangsUp(seat)
		w.wait()
		w.stage(calls.StageRating)
		w.sw.Press(citizen, "5")
		w.nothingLeft()
		var rated calls.Rated
		require.NoError(t, json.Unmarshal(w.journal.last(calls.CallRated).Data, &rated))
		require.Equal(t, calls.Rated{Score: 5, Account: "8001"}, rated)
	})
}

func TestAPlainHangUpNeedsAReason(t *testing.T) {
	inWorld(t, func(w *world) {
		_, _, id := w.talking()
		require.ErrorContains(t, w.do("8001", floor.CmdHangup, floor.HangupArgs{Call: string(id)}), floor.RefusedReasonMissing)
		w.must("8001", floor.CmdHangup, floor.HangupArgs{Call: string(id), Reason: "abuse"})
		w.nothingLeft()
		require.Equal(t, calls.SideSeat, w.end().Side)
		require.Equal(t, "abuse", w.end().Detail)
	})
}

func TestClickToCallRingsTheSeatFirstAndEndsTyped(t *testing.T) {
	cases := []struct {
		how   string
		call  func(w *world, seat cti.LegID)
		cause calls.Cause
		side  calls.Side
		after floor.SeatState
	}{
		{"citizen busy", func(w *world, seat cti.LegID) {
			w.sw.PhoneAnswers(seat)
			w.wait()
			w.sw.PhoneRejects(w.sw.LegOfNumber("13911112222"))
		}, calls.CauseBusy, calls.SideCitizen, floor.SeatIdle},
		{"citizen does not answer", func(w *world, seat cti.LegID) {
			w.sw.PhoneAnswers(seat)
			w.pass(61 * time.Second)
		}, calls.CauseNoAnswer, calls.SideCitizen, floor.SeatIdle},
		{"number unreachable", func(w *world, seat cti.LegID) {
			w.sw.PhoneAnswers(seat)
			w.wait()
			w.sw.Unreachable(w.sw.LegOfNumber("13911112222"))
		}, calls.CauseUnreachable, calls.SideSwitch, floor.SeatIdle},
		{"number not allowed", func(w *world, seat cti.LegID) {
			w.sw.Refuse("13911112222")
			w.sw.PhoneAnswers(seat)
		}, calls.CauseNumberNotAllowed, calls.SideSystem, floor.SeatIdle},
		{"seat gives up", func(w *world, seat cti.LegID) {
			w.sw.PhoneAnswers(seat)
			w.wait()
			w.must("8001", floor.CmdHangup, floor.HangupArgs{Call: string(w.call().ID)})
		}, calls.CauseCancelled, calls.SideSeat, floor.SeatIdle},
		{"seat does not pick up", func(w *world, _ cti.LegID) { w.pass(16 * time.Second) }, calls.CauseCancelled, calls.SideSeat, floor.SeatIdle},
		{"both talk", func(w *world, seat cti.LegID) {
			w.sw.PhoneAnswers(seat)
			w.wait()
			citizen := w.sw.LegOfNumber("13911112222")
			w.sw.PhoneAnswers(citizen)
			w.pass(3 * time.Second)
			w.sees("8001", floor.SeatTalking)
			require.Equal(w.t, w.sw.BridgeOf(seat), w.sw.BridgeOf(citizen))
			w.sw.FarEndHangsUp(citizen)
		}, calls.CauseNormal, calls.SideCitizen, floor.SeatWrapUp},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ready("8001")
				w.must("8001", floor.CmdDial, floor.DialArgs{Number: "139-1111-2222"})
				w.sees("8001", floor.SeatDialling)
				require.Empty(t, w.sw.LegOfNumber("13911112222"))
				c.call(w, w.sw.LegOfPhone("w8001"))
				w.nothingLeft()
				require.Equal(t, c.cause, w.end().Cause)
				require.Equal(t, c.side, w.end().Side)
				w.sees("8001", c.after)
				require.Equal(t, 1, w.journal.count(calls.CallStarted))
				w.takesNext("8001")
			})
		})
	}
}
