package acceptance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
)

func TestASeatThatRejectsIsNotReadyAndTheNextOneRings(t *testing.T) {
	first, rejecting := agentAt(t, shared, "8002")
	caller := dial(t, shared, citizen(t, "13812340071"), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "1"))
	entered := first.waitPop().Call.EnteredAt
	second, phone := agentAt(t, shared, "8003")
	ring, err := rejecting.Accept(within(t))
	require.NoError(t, err)
	require.NoError(t, ring.Reject(486, "Busy Here"))
	require.Equal(t, floor.ReasonRejected, first.waitSeat(floor.SeatNotReady).Reason)

	pop := second.waitPop()
	require.True(t, entered.Equal(pop.Call.EnteredAt), "the original entry")
	seat := answerNext(t, phone)
	requireTalk(t, caller, seat)
	require.NoError(t, caller.Hangup(within(t)))
	second.finishCall(pop.Call.ID, calls.NoteDropped)
	requireQuietSwitch(t, shared)
}

func TestASeatWhosePhoneUnregistersIsFaultyAndNeverOffered(t *testing.T) {
	agent, phone := agentAt(t, shared, "8002")
	require.NoError(t, phone.Unregister(within(t)))
	require.Equal(t, floor.ReasonUnregistered, agent.waitSeat(floor.SeatFaulty).Reason)
	ok, code, _ := agent.command(floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	if ok {
		require.Equal(t, floor.SeatFaulty, agent.seatNow().State, "a wish does not make a dead phone ready")
	} else {
		require.Equal(t, floor.RefusedNotRegistered, code)
	}
	boss := supervise(t, shared)
	const number = "13812340072"
	caller := dial(t, shared, citizen(t, number), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "1"))
	boss.callFrom(number, "waits", waiting)
	require.Empty(t, agent.seatNow().Call, "nothing was offered")

	require.NoError(t, phone.Register(within(t)))
	agent.do(floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	id := agent.waitPop().Call.ID
	ring, err := phone.Accept(within(t))
	require.NoError(t, err, "registered again, the seat gets the waiting caller")
	ring.Send(testcall.Tone(seatTone))
	require.NoError(t, ring.Answer(within(t)))
	requireTalk(t, caller, ring)
	require.NoError(t, caller.Hangup(within(t)))
	agent.finishCall(id, calls.NoteDropped)
	requireQuietSwitch(t, shared)
}
