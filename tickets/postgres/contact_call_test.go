package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
)

// contacted plays a call of 联系群众: no seat is in it.
func contacted(t *testing.T, b *bundle, answered bool) calls.ID {
	t.Helper()
	call := callID(b, 9)
	sealed, err := b.keys.Seal("13800005678")
	require.NoError(t, err)
	at := func(s int) time.Time { return b.now.Add(time.Duration(s) * time.Second) }
	events := []calls.Event{event(t, "3-1", call, "", calls.CallStarted, at(0), calls.Started{
		Direction: calls.Outbound, CallerSealed: sealed, Called: "138****5678", Node: "sw1", Source: "2026/01/24/x.raw",
		Purpose: calls.PurposeClickToCall, Ticket: "ticket-1", Account: "pt-xxb", Unit: "xxb", Clerk: &calls.Party{Kind: "clerk", Label: "市信息办 王芳"},
	})}
	end := calls.Ended{End: calls.End{Side: calls.SideClerk, Stage: calls.StageDialling, Cause: calls.CauseBusy}, Account: "pt-xxb"}
	if answered {
		events = append(events, event(t, "3-2", call, "", calls.CallAnswered, at(20), calls.Answered{Account: "pt-xxb", RangS: 20}))
		end = calls.Ended{End: calls.End{Side: calls.SideCitizen, Stage: calls.StageTalk, Cause: calls.CauseNormal}, Account: "pt-xxb", Recorded: true, AnsweredS: 40}
	}
	events = append(events, event(t, "3-3", call, "", calls.CallEnded, at(60), end))
	require.NoError(t, b.Sink(0).Store(b.ctx, events))
	require.NoError(t, b.Sink(0).Store(b.ctx, events), "sent twice")
	return call
}

func TestAClerkWhoTalkedHasAPartInTheCallAndNeverSeesTheNumber(t *testing.T) {
	b := setup(t)
	call := contacted(t, b, true)
	record, err := b.Call(b.ctx, call)
	require.NoError(t, err)
	require.Equal(t, calls.PurposeClickToCall, record.Purpose)
	require.Len(t, record.Seats, 1)
	require.Empty(t, record.Seats[0].Seat)
	require.Equal(t, "pt-xxb", record.Seats[0].Account)
	require.InDelta(t, 40, record.Seats[0].TalkS, 0.01)
	require.False(t, record.AnsweredAt.IsZero())
	require.Len(t, record.Recordings, 1, "its sound will be sealed")
	open, err := b.OpenCalls(b.ctx, "pt-xxb")
	require.NoError(t, err)
	require.Empty(t, open, "the number is masked for him from the first moment")
}

func TestAContactThatCameToNoTalkHasNoPartOfAnybody(t *testing.T) {
	b := setup(t)
	record, err := b.Call(b.ctx, contacted(t, b, false))
	require.NoError(t, err)
	require.Empty(t, record.Seats)
	require.Empty(t, record.Recordings)
	require.Equal(t, calls.CauseBusy, record.End.Cause)
	require.Equal(t, calls.SideClerk, record.End.Side)
}
