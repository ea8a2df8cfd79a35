package floor_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
)

func TestSigningIn(t *testing.T) {
	t.Run("begins not ready", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.must("8001", floor.CmdSignIn, floor.SignInArgs{Seat: "8001", Device: "browser"})
			v := w.sees("8001", floor.SeatNotReady)
			require.Equal(t, floor.ReasonSignedIn, v.Reason)
			require.True(t, v.Registered)
		})
	})
	t.Run("only at the account's own seat", func(t *testing.T) {
		inWorld(t, func(w *world) {
			require.ErrorContains(t, w.do("8001", floor.CmdSignIn, floor.SignInArgs{Seat: "8002", Device: "browser"}), floor.RefusedNotYourSeat)
			require.ErrorContains(t, w.do("paidan", floor.CmdSignIn, floor.SignInArgs{Device: "browser"}), floor.RefusedNotYourSeat)
		})
	})
	t.Run("without a registered phone can't be ready until it registers", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.must("8001", floor.CmdSignIn, floor.SignInArgs{Device: "phone"})
			w.must("8001", floor.CmdWish, floor.Wish{State: floor.SeatIdle})
			require.Equal(t, floor.ReasonUnregistered, w.sees("8001", floor.SeatFaulty).Reason)
			require.ErrorContains(t, w.do("8001", floor.CmdDial, floor.DialArgs{Number: "13911112222"}), floor.RefusedNotRegistered)
			w.sw.Register("8001")
			w.wait()
			w.sees("8001", floor.SeatIdle)
		})
	})
	t.Run("from a second place takes over and may change the device", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.ready("8001")
			w.sw.Register("8001")
			w.must("8001", floor.CmdSignIn, floor.SignInArgs{Device: "phone"})
			require.Equal(t, "phone", w.sees("8001", floor.SeatIdle).Device)
			w.queued("13800005678")
			require.NotEmpty(t, w.sw.LegOfPhone("8001"), "only the chosen phone rings")
			require.Empty(t, w.sw.LegOfPhone("w8001"))
			require.ErrorContains(t, w.do("8001", floor.CmdSignIn, floor.SignInArgs{Device: "browser"}), floor.RefusedSeatBusy)
		})
	})
	t.Run("from a second place is refused by configuration", func(t *testing.T) {
		inWorldWith(t, func(w *world) { w.cfg.SecondSignIn = floor.SecondSignInRefuse }, func(w *world) {
			w.ready("8001")
			require.ErrorContains(t, w.do("8001", floor.CmdSignIn, floor.SignInArgs{Device: "browser"}), floor.RefusedSeatTaken)
			w.must("8001", floor.CmdSignOut, nil)
			w.must("8001", floor.CmdSignIn, floor.SignInArgs{Device: "browser"})
		})
	})
}

func TestTheLastWishCountsWhenTheSeatIsFreeToChange(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, _, id := w.talking()
		w.must("8001", floor.CmdWish, floor.Wish{State: floor.SeatRest, Reason: floor.ReasonMeal})
		w.must("8001", floor.CmdWish, floor.Wish{State: floor.SeatRest, Reason: floor.ReasonMeeting})
		require.Equal(t, floor.ReasonMeeting, w.sees("8001", floor.SeatTalking).Wish.Reason)
		w.sw.FarEndHangsUp(citizen)
		w.wait()
		w.sees("8001", floor.SeatWrapUp)
		w.must("8001", floor.CmdNote, floor.NoteArgs{Call: string(id), Note: "answered"})
		w.pass(21 * time.Second)
		v := w.sees("8001", floor.SeatRest)
		require.Equal(t, floor.ReasonMeeting, v.Reason)
		require.Nil(t, v.Wish)
	})
}

func TestWrapUpEndsWithTheNoteOnly(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, _, id := w.talking()
		w.sw.FarEndHangsUp(citizen)
		w.wait()
		v := w.sees("8001", floor.SeatWrapUp)
		require.Equal(t, id, v.Call)
		require.Equal(t, "13800005678", w.call().Caller, "the number is shown until wrap-up ends")
		w.must("8001", floor.CmdWrapUpExtend, floor.SecondsArgs{Seconds: 30})
		require.Equal(t, v.WrapUpEnds.Add(30*time.Second), w.seat("8001").WrapUpEnds)
		w.pass(51 * time.Second)
		require.Equal(t, "note_missing", w.sees("8001", floor.SeatWrapUp).Reason)
		second := w.queued("13900001111")
		w.stage2(second, calls.StageQueue)
		require.ErrorContains(t, w.do("8001", floor.CmdWrapUpDone, nil), floor.RefusedNoteMissing)
		require.ErrorContains(t, w.do("8001", floor.CmdNote, floor.NoteArgs{Call: string(id), Note: "nonsense"}), floor.RefusedBadArgs)
		w.must("8001", floor.CmdNote, floor.NoteArgs{Call: string(id), Note: "silent"})
		w.sees("8001", floor.SeatRinging)
		require.Len(t, w.floor.Snapshot().Calls, 1, "the ended call is shown no more")
		require.ErrorContains(t, w.do("8001", floor.CmdNote, floor.NoteArgs{Call: string(id), Note: "silent"}), floor.RefusedNoSuchCall)
	})
}

// stage2 requires the call of a leg to be in a stage when there are several.
func (w *world) stage2(leg any, s calls.Stage) {
	w.t.Helper()
	for _, v := range w.floor.Snapshot().Calls {
		if v.End == nil {
			require.Equal(w.t, s, v.Stage, "leg %v", leg)
		}
	}
}

func TestASupervisorForcesASeat(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		w.must("banzhang", floor.CmdForce, floor.ForceArgs{Seat: "8001", State: floor.SeatNotReady})
		require.Equal(t, floor.ReasonForced, w.sees("8001", floor.SeatNotReady).Reason)
		var change calls.SeatChange
		require.NoError(t, json.Unmarshal(w.journal.last(calls.SeatChanged).Data, &change))
		require.Equal(t, "banzhang", change.By)
		w.must("banzhang", floor.CmdForce, floor.ForceArgs{Seat: "8001", State: floor.SeatIdle})
		w.queued("13800005678")
		w.must("banzhang", floor.CmdForce, floor.ForceArgs{Seat: "8001", State: floor.SeatSignedOut})
		w.sees("8001", floor.SeatRinging)
		w.pass(16 * time.Second)
		require.ErrorContains(t, w.do("banzhang", floor.CmdForce, floor.ForceArgs{Seat: "8009", State: floor.SeatIdle}), floor.RefusedNotSignedIn)
		require.ErrorContains(t, w.do("banzhang", floor.CmdForce, floor.ForceArgs{Seat: "8001", State: floor.SeatTalking}), floor.RefusedBadArgs)
	})
}

func TestACommandIsDoneOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		cmd := floor.Command{ID: "c1", Name: floor.CmdDial, Account: "8001", Seat: "8001", Args: json.RawMessage(`{"number":"13911112222"}`)}
		first, err := w.floor.Do(context.Background(), cmd)
		require.NoError(t, err)
		second, err := w.floor.Do(context.Background(), cmd)
		require.NoError(t, err)
		require.JSONEq(t, string(first), string(second))
		w.wait()
		require.Equal(t, 1, w.journal.count(calls.CallStarted))
	})
}

func TestCommandsThatMakeNoSenseAreRefusedByCode(t *testing.T) {
	cases := []struct {
		name floor.CommandName
		args string
		code string
	}{
		{"seat.fly", `{}`, floor.RefusedUnknownCommand},
		{floor.CmdWish, `{"state":"talking"}`, floor.RefusedBadArgs},
		{floor.CmdWish, `{"state":7}`, floor.RefusedBadArgs},
		{floor.CmdWish, `{"state":"idle","when":"now"}`, floor.RefusedBadArgs},
		{floor.CmdWish, ``, floor.RefusedBadArgs},
		{floor.CmdHold, `{"call":"00000000-0000-7000-8000-000000000000"}`, floor.RefusedNoSuchCall},
		{floor.CmdHold, `{"call":"' OR 1=1"}`, floor.RefusedNoSuchCall},
		{floor.CmdResume, `{"call":"CALL"}`, floor.RefusedWrongStage},
		{floor.CmdThreeWay, `{"call":"CALL"}`, floor.RefusedWrongStage},
		{floor.CmdTransfer, `{"call":"CALL"}`, floor.RefusedWrongStage},
		{floor.CmdConsultCancel, `{"call":"CALL"}`, floor.RefusedWrongStage},
		{floor.CmdConsult, `{"call":"CALL"}`, floor.RefusedBadArgs},
		{floor.CmdConsult, `{"call":"CALL","number":"abc"}`, floor.RefusedNumber},
		{floor.CmdConsult, `{"call":"CALL","seat":"8001"}`, floor.RefusedBadArgs},
		{floor.CmdConsult, `{"call":"CALL","seat":"8099"}`, floor.RefusedTargetNotReady},
		{floor.CmdPartyDrop, `{"call":"CALL","party":"x"}`, floor.RefusedBadArgs},
		{floor.CmdDTMF, `{"call":"CALL","digits":"12A"}`, floor.RefusedBadArgs},
		{floor.CmdDial, `{"number":"1391111","ticket":"x"}`, floor.RefusedBadArgs},
		{floor.CmdDial, `{"ticket":"x"}`, floor.RefusedNotFound},
		{floor.CmdDial, `{"number":"12"}`, floor.RefusedNumber},
		{floor.CmdDial, `{"number":"13911112222"}`, floor.RefusedSeatBusy},
		{floor.CmdWrapUpDone, ``, floor.RefusedWrongStage},
		{floor.CmdWrapUpExtend, `{"seconds":-5}`, floor.RefusedBadArgs},
		{floor.CmdNote, `{"call":"other","note":"answered"}`, floor.RefusedNoSuchCall},
	}
	for _, c := range cases {
		t.Run(string(c.name)+" "+c.args, func(t *testing.T) {
			inWorld(t, func(w *world) {
				_, _, id := w.talking()
				args := json.RawMessage(strings.ReplaceAll(c.args, "CALL", string(id)))
				_, err := w.floor.Do(context.Background(), floor.Command{Name: c.name, Account: "8001", Seat: "8001", Args: args})
				var refusal *floor.Refusal
				require.ErrorAs(t, err, &refusal)
				require.Equal(t, c.code, refusal.Code, refusal.Detail)
				w.stage(calls.StageTalk)
			})
		})
	}
}

func TestAnotherSeatsCallIsNoCall(t *testing.T) {
	inWorld(t, func(w *world) {
		_, _, id := w.talking()
		w.ready("8002")
		for name, args := range map[floor.CommandName]any{
			floor.CmdHold: floor.CallArgs{Call: string(id)}, floor.CmdHangup: floor.HangupArgs{Call: string(id), Rating: true},
			floor.CmdNote: floor.NoteArgs{Call: string(id), Note: "answered"}, floor.CmdDTMF: floor.DTMFArgs{Call: string(id), Digits: "1"},
		} {
			require.ErrorContains(t, w.do("8002", name, args), floor.RefusedNoSuchCall, name)
		}
		w.stage(calls.StageTalk)
	})
}

func TestTheSeatDiagramHasEveryState(t *testing.T) {
	d := floor.SeatDiagram()
	for _, s := range []floor.SeatState{
		floor.SeatSignedOut, floor.SeatIdle, floor.SeatRinging, floor.SeatTalking, floor.SeatHolding, floor.SeatConsult,
		floor.SeatThreeWay, floor.SeatWrapUp, floor.SeatNotReady, floor.SeatRest, floor.SeatDialling, floor.SeatFaulty,
	} {
		require.Contains(t, d, string(s))
	}
}

func TestASeatWithoutSkillsAndQueuesDialsAFollowUpAndGetsNoCalls(t *testing.T) {
	inWorldWith(t, func(w *world) {
		w.desk.outboundOnly = "8001"
		w.desk.numbers = map[string]string{"ticket-1": "13911112222"}
		w.cfg.Dialable = w.desk
	}, func(w *world) {
		w.ready("8001")
		citizen := w.queued("13800005678")
		w.stage(calls.StageQueue)
		w.pass(time.Minute)
		w.sees("8001", floor.SeatIdle)
		w.sw.FarEndHangsUp(citizen)
		w.nothingLeft()

		require.ErrorContains(t, w.do("8001", floor.CmdDial, floor.DialArgs{Number: "13911112222", Purpose: calls.PurposeFollowUp}), floor.RefusedBadArgs)
		require.ErrorContains(t, w.do("8001", floor.CmdDial, floor.DialArgs{Ticket: "ticket-2", Purpose: calls.PurposeFollowUp}), floor.RefusedNotFound)
		w.must("8001", floor.CmdDial, floor.DialArgs{Ticket: "ticket-1", Purpose: calls.PurposeFollowUp})
		w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
		w.wait()
		w.sw.PhoneAnswers(w.sw.LegOfNumber("13911112222"))
		w.pass(2 * time.Second)
		w.stage(calls.StageTalk)
		s := w.started()
		require.Equal(t, calls.PurposeFollowUp, s.Purpose)
		require.Equal(t, "ticket-1", s.Ticket)
		require.Equal(t, "139****2222", s.Called, "the journal holds no number in clear")
		w.sw.FarEndHangsUp(w.sw.LegOfNumber("13911112222"))
		w.nothingLeft()
	})
}
