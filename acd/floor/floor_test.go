package floor_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

func TestACallGoesFromTheMenuThroughTheQueueToASeatAndIsRated(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		citizen := w.sw.Incoming("13800005678", "12345")
		w.wait()
		v := w.stage(calls.StageMenu)
		require.Equal(t, v.ID, calls.NewID(v.StartedAt, "sw1", string(citizen)), "anybody can derive the id")
		require.True(t, w.sw.Claimed(citizen), "the dialplan's guard is cleared")
		require.True(t, w.onMusic(citizen), "the caller is never without media")

		w.sw.Press(citizen, "0")
		w.wait()
		w.stage(calls.StageRinging)
		w.sees("8001", floor.SeatRinging)
		leg := w.sw.LegOfPhone("w8001")
		require.Equal(t, cti.LegID(v.ID+".seat.1"), leg)
		require.Equal(t, string(v.ID), w.sw.Headers(leg)["X-Call-Id"])

		w.pass(3 * time.Second)
		w.sw.PhoneAnswers(leg)
		w.wait()
		require.InDelta(t, 3, w.stage(calls.StageTalk).WaitedS, 0.01)
		require.Equal(t, w.sw.BridgeOf(citizen), w.sw.BridgeOf(leg), "both are in the call's one bridge")
		w.sees("8001", floor.SeatTalking)

		w.pass(time.Minute)
		w.must("8001", floor.CmdHangup, floor.HangupArgs{Call: string(v.ID), Rating: true})
		w.stage(calls.StageRating)
		w.sees("8001", floor.SeatWrapUp)
		w.sw.Press(citizen, "1")
		w.wait()
		w.nothingLeft()
		require.Equal(t, calls.CauseNormal, w.end().Cause)
		require.Equal(t, calls.SideSeat, w.end().Side)
		require.Equal(t, []calls.EventType{
			calls.CallStarted, calls.CallMenuVisited, calls.CallQueued, calls.CallOffered, calls.CallMenuVisited, calls.CallAnswered,
			calls.CallSeatLeft, calls.CallRated, calls.CallEnded,
		}, w.journal.types(v.ID))

		require.ErrorContains(t, w.do("8001", floor.CmdWrapUpDone, nil), floor.RefusedNoteMissing)
		w.must("8001", floor.CmdNote, floor.NoteArgs{Call: string(v.ID), Note: "answered"})
		w.must("8001", floor.CmdWrapUpDone, nil)
		w.sees("8001", floor.SeatIdle)
	})
}
