package acceptance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/tickets/service"
)

func TestACallNobodyAnswersRingsTheNextSeatInItsOldPlace(t *testing.T) {
	first, firstPhone := agentAt(t, shared, "8002")
	caller := dial(t, shared, citizen(t, "13812340002"), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "1"))
	pop := first.waitPop()
	unanswered, err := firstPhone.Accept(within(t))
	require.NoError(t, err)
	require.NoError(t, unanswered.Ring())

	second, secondPhone := agentAt(t, shared, "8003")
	end, err := unanswered.WaitEnded(within(t))
	require.NoError(t, err)
	require.Equal(t, testcall.SideRemote, end.Side, "the switch gives up on the phone")
	again := second.waitPop()
	require.Equal(t, pop.Call.ID, again.Call.ID)
	require.True(t, pop.Call.EnteredAt.Equal(again.Call.EnteredAt), "the caller keeps the time at which it began to wait")
	missed := first.waitSeat(floor.SeatNotReady)
	require.Equal(t, floor.ReasonNoAnswer, missed.Reason)

	seat := answerNext(t, secondPhone)
	requireTalk(t, caller, seat)
	converse(t, seat, 1500*time.Millisecond) // less is no conversation
	require.NoError(t, caller.Hangup(within(t)))
	second.finishCall(pop.Call.ID, calls.NoteAnswered)

	record := second.callFrom("13812340002", "ended", ended)
	require.Equal(t, calls.CauseNormal, record.End.Cause)
	require.Equal(t, calls.SideCitizen, record.End.Side)
	require.Len(t, record.Waits, 2)
	require.True(t, record.Waits[1].Again)
	require.True(t, record.Waits[0].EnteredAt.Equal(record.Waits[1].EnteredAt))
	require.Equal(t, []string{"8002", "8003"}, []string{record.Seats[0].Seat, record.Seats[1].Seat})
	requireQuietSwitch(t, shared)
}

func TestACallerWhoGivesUpInTheQueueIsLostAndListedToBeCalledBack(t *testing.T) {
	boss := supervise(t, shared)
	before := boss.queue("general")
	caller := dial(t, shared, citizen(t, "13812340003"), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "0"))
	boss.callFrom("13812340003", "waits", waiting)
	require.NoError(t, caller.WaitSound(within(t)), "music or an announcement while waiting")
	require.Equal(t, 1, boss.queue("general").Waiting)
	require.NoError(t, caller.Hangup(within(t)))

	record := boss.callFrom("13812340003", "ended", ended)
	require.Equal(t, calls.SideCitizen, record.End.Side)
	require.Equal(t, calls.StageQueue, record.End.Stage)
	require.Equal(t, calls.CauseQueueAbandoned, record.End.Cause)
	require.True(t, record.Lost)
	row := boss.callback(record.ID)
	require.Equal(t, service.KindMissed, row.Kind)
	require.Equal(t, service.CallbackWaiting, row.State)
	require.Equal(t, "138****0003", row.CallerMasked)
	requireQuietSwitch(t, shared)
	require.Eventually(t, func() bool {
		now := boss.queue("general")
		return now.Waiting == 0 && now.Abandoned == before.Abandoned+1
	}, patience, tick, "the queue is empty and counts the loss")
}

// queue is what a board shows of the queue now.
func (p *person) queue(id string) floor.QueueView {
	p.t.Helper()
	var board struct{ Queues []floor.QueueView }
	p.get("/api/v1/floor/snapshot", &board)
	for _, q := range board.Queues {
		if q.Queue == id {
			return q
		}
	}
	p.t.Fatalf("the board has no queue %s", id)
	return floor.QueueView{}
}

// callback waits for the row that the call left in 留言与回拨.
func (p *person) callback(call calls.ID) service.CallbackView {
	p.t.Helper()
	var found service.CallbackView
	require.Eventually(p.t, func() bool {
		var page service.Page[service.CallbackView]
		p.get("/api/v1/callbacks?state=waiting&limit=200", &page)
		for _, row := range page.Items {
			if row.Call == call {
				found = row
				return true
			}
		}
		return false
	}, patience, tick, "a row of 留言与回拨 for call %s", call)
	return found
}
