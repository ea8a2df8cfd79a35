package service_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

func TestTheRecordOfACall(t *testing.T) {
	b := setup(t)
	call := b.incoming("13800005678", "8001")
	b.clock = b.clock.Add(time.Minute)
	b.floor(b.event(call, "", calls.CallRated, calls.Rated{Score: 2, Account: "8001"}),
		b.event(call, "8001", calls.CallNoted, calls.Noted{Account: "8001", Note: calls.NoteAnswered, Text: "咨询"}))
	b.hangUp(call, "8001")

	record, err := b.Call(b.ctx, b.as("8001"), call)
	require.NoError(t, err)
	require.Equal(t, "13800005678", record.Caller, "own call, in wrap-up")
	require.Equal(t, []service.PathStep{{Node: "main", Label: "市民", Input: "1"}}, record.Path)
	require.Equal(t, "综合", record.QueueName)
	require.Len(t, record.Waits, 1)
	require.Equal(t, "answered", record.Waits[0].Why)
	require.Len(t, record.Seats, 1)
	require.Equal(t, 60.0, record.Seats[0].TalkS)
	require.Equal(t, "人8001", record.Seats[0].Name)
	require.Equal(t, calls.CauseNormal, record.End.Cause)
	require.Equal(t, 2, record.Rating)
	require.Equal(t, calls.NoteAnswered, record.Note.Note)
	require.False(t, record.Lost)
	require.Equal(t, "pending", record.Recordings[0].Status)
	require.Empty(t, record.Recordings[0].AudioURL, "nothing to play yet")
	require.Equal(t, calls.CallStarted, record.Timeline[0].Type)
	require.Len(t, record.Timeline, 9)

	page, err := b.Calls(b.ctx, b.as("banzhang"), service.CallFilter{Noted: ptr(true), Lost: ptr(false), Queue: "general", Query: "咨询"})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
}

func TestTheScreenPopKnowsTheCaller(t *testing.T) {
	b := setup(t)
	for range 3 {
		b.submitted("8001", "13800005678")
		b.clock = b.clock.Add(time.Hour)
	}
	call := b.incoming("13800005678", "8002")
	history, err := b.HistoryOfCall(b.ctx, b.as("8002"), call)
	require.NoError(t, err)
	require.Equal(t, "王秀兰", history.Name)
	require.Equal(t, "female", history.Gender)
	require.True(t, history.Regular, "three tickets make an old acquaintance")
	require.Equal(t, 3, history.OpenTickets)
	require.Equal(t, "中国移动", history.Carrier)
	require.Equal(t, 4, history.Repeats)
	require.Len(t, history.Tickets, 3)
	require.True(t, history.Tickets[0].Open)
	require.Len(t, history.Calls, 3, "the running call is none of its own past")
	require.Equal(t, "人8001", history.Calls[0].Agent)
	require.Equal(t, 60.0, history.Calls[0].TalkS)

	nobody, err := b.CallerHistory(b.ctx, "anonymous")
	require.NoError(t, err)
	require.Empty(t, nobody.Tickets)
	stranger, err := b.CallerHistory(b.ctx, "13911112222")
	require.NoError(t, err)
	require.Zero(t, stranger.Repeats)
	require.False(t, stranger.Regular)
}

func TestProgressByPhone(t *testing.T) {
	b := setup(t)
	ticket := b.submitted("8001", "13800005678")
	list, err := b.ProgressByCaller(b.ctx, "13800005678")
	require.NoError(t, err)
	require.Equal(t, []service.Progress{{Number: ticket.Number, State: tickets.PublicAccepted}}, list)
	none, err := b.ProgressByCaller(b.ctx, "")
	require.NoError(t, err)
	require.Empty(t, none)

	p, err := b.ProgressByNumber(b.ctx, "13911112222", ticket.Number, ticket.QueryCode)
	require.NoError(t, err)
	require.Equal(t, ticket.Number, p.Number)
	wrong := fmt.Sprintf("%06d", (atoi(ticket.QueryCode)+1)%1_000_000)
	_, err = b.ProgressByNumber(b.ctx, "13911112222", ticket.Number, wrong)
	require.ErrorIs(t, err, service.ErrNoProgress)
	_, err = b.ProgressByNumber(b.ctx, "13911112222", "123456789012", ticket.QueryCode)
	require.ErrorIs(t, err, service.ErrNoProgress)
	for range service.ProgressTries - 3 {
		_, err = b.ProgressByNumber(b.ctx, "13911112222", ticket.Number, wrong)
		require.ErrorIs(t, err, service.ErrNoProgress)
	}
	_, err = b.ProgressByNumber(b.ctx, "13911112222", ticket.Number, ticket.QueryCode)
	require.ErrorIs(t, err, service.ErrProgressLimited)
	_, err = b.ProgressByNumber(b.ctx, "13933334444", ticket.Number, ticket.QueryCode)
	require.NoError(t, err, "another number has its own tries")
	b.clock = b.clock.Add(24 * time.Hour)
	_, err = b.ProgressByNumber(b.ctx, "13911112222", ticket.Number, ticket.QueryCode)
	require.NoError(t, err, "the next day")
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// lost makes a call that is abandoned in the queue.
func (b *bundle) lost(number string) calls.ID {
	b.t.Helper()
	b.seq++
	call := calls.NewID(b.clock, "sw1", fmt.Sprintf("lost.%d", b.seq))
	b.floor(
		b.event(call, "", calls.CallStarted, calls.Started{Direction: calls.Inbound, CallerSealed: b.seal(number), Called: "12345", Node: "sw1"}),
		b.event(call, "", calls.CallQueued, calls.Queued{Queue: "general", EnteredAt: b.clock}),
		b.event(call, "", calls.CallEnded, calls.Ended{End: calls.End{Side: calls.SideCitizen, Stage: calls.StageQueue, Cause: calls.CauseQueueAbandoned}}),
	)
	return call
}

func TestMissedCallsAreCalledBack(t *testing.T) {
	b := setup(t)
	call := b.lost("13800005678")
	b.lost("13800005678")
	b.lost("")
	page, err := b.Callbacks(b.ctx, b.as("8001"), service.CallbackFilter{Kind: service.KindMissed})
	require.NoError(t, err)
	require.Len(t, page.Items, 1, "one row a caller, none without a number")
	row := page.Items[0]
	require.Equal(t, call, row.Call)
	require.Equal(t, "138****5678", row.CallerMasked)
	require.False(t, row.DialableByYou)

	_, err = b.NumberOfCallback(b.ctx, row.ID, "8001")
	require.ErrorIs(t, err, service.ErrNotYours, "take it first")
	row, err = b.TakeCallback(b.ctx, b.as("8001"), row.ID)
	require.NoError(t, err)
	require.True(t, row.DialableByYou)
	_, err = b.TakeCallback(b.ctx, b.as("8002"), row.ID)
	require.ErrorIs(t, err, service.ErrNotYours)
	number, err := b.NumberOfCallback(b.ctx, row.ID, "8001")
	require.NoError(t, err)
	require.Equal(t, "13800005678", number.Clear())

	out := calls.NewID(b.clock, "sw1", "out.1")
	b.floor(
		b.event(out, "", calls.CallStarted, calls.Started{Direction: calls.Outbound, CallerSealed: b.seal("13800005678"), Purpose: "callback", CallbackOf: row.ID}),
		b.event(out, "8001", calls.CallOffered, calls.Offered{Account: "8001"}),
		b.event(out, "8001", calls.CallAnswered, calls.Answered{Account: "8001"}),
		b.event(out, "8001", calls.CallSeatLeft, calls.SeatLeft{Account: "8001", TalkS: 20, Why: "hung_up"}),
		b.event(out, "", calls.CallEnded, calls.Ended{End: calls.End{Cause: calls.CauseNormal}, Account: "8001"}),
	)
	ticket, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Callback: row.ID, Call: out})
	require.NoError(t, err)
	_, err = b.FinishCallback(b.ctx, b.as("8001"), row.ID, service.FinishCallback{Result: "whatever"})
	require.Error(t, err)
	row, err = b.FinishCallback(b.ctx, b.as("8001"), row.ID, service.FinishCallback{Result: "contacted", Text: "已解答", Ticket: ticket.ID})
	require.NoError(t, err)
	require.Equal(t, service.CallbackDone, row.State)
	require.Equal(t, ticket.ID, row.Ticket)
	require.Len(t, row.Attempts, 1)
	require.Equal(t, "normal", row.Attempts[0].Outcome)
	require.Equal(t, 20.0, row.Attempts[0].TalkS)

	_, err = b.Callbacks(b.ctx, b.as("zhijian"), service.CallbackFilter{})
	require.ErrorIs(t, err, service.ErrForbidden)
}

func TestAMissedCallerWhoGetsThroughLaterNeedsNoCallBack(t *testing.T) {
	b := setup(t)
	b.lost("13800005678")
	b.clock = b.clock.Add(5 * time.Minute)
	call := b.incoming("13800005678", "8001")
	b.hangUp(call, "8001")
	page, err := b.Callbacks(b.ctx, b.as("8001"), service.CallbackFilter{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	done, err := b.Callbacks(b.ctx, b.as("8001"), service.CallbackFilter{State: service.CallbackDone})
	require.NoError(t, err)
	require.Equal(t, "called_again", done.Items[0].Result)
}

func TestVoicemailIsHeardByWhoWorksTheList(t *testing.T) {
	b := setup(t)
	call := calls.NewID(b.clock, "sw1", "vm.1")
	b.floor(
		b.event(call, "", calls.CallStarted, calls.Started{Direction: calls.Inbound, CallerSealed: b.seal("13800005678"), Called: "12345", Node: "sw1"}),
		b.event(call, "", calls.CallQueued, calls.Queued{Queue: "general", EnteredAt: b.clock}),
		b.event(call, "", calls.CallVoicemail, calls.Voicemail{Queue: "general", EnteredAt: b.clock, Source: "vm/1", DurationS: 12}),
		b.event(call, "", calls.CallEnded, calls.Ended{End: calls.End{Cause: calls.CauseVoicemailLeft}}),
	)
	require.NoError(t, b.store.LinkRecording(b.ctx, calls.Recording{Call: call, Kind: calls.RecordingVoicemail, Key: "vm", SHA256: "bb", Size: 5,
		Channels: 1, Rate: 8000, Duration: 12 * time.Second, SealedAt: b.clock}))
	page, err := b.Callbacks(b.ctx, b.as("8002"), service.CallbackFilter{Kind: service.KindVoicemail})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.NotEmpty(t, page.Items[0].Recording.AudioURL)
	_, err = b.Recording(b.ctx, b.as("8002"), page.Items[0].Recording.ID, "play")
	require.NoError(t, err)
	_, err = b.Recording(b.ctx, b.as("admin"), page.Items[0].Recording.ID, "play")
	require.ErrorIs(t, err, service.ErrNotFound)

	row, err := b.TakeCallback(b.ctx, b.as("8002"), page.Items[0].ID)
	require.NoError(t, err)
	ticket, err := b.CreateTicket(b.ctx, b.as("8002"), service.NewTicket{Callback: row.ID})
	require.NoError(t, err)
	require.Equal(t, call, ticket.Calls[0].ID, "the ticket hangs on the voicemail's call")
	_, err = b.CreateTicket(b.ctx, b.as("8002"), service.NewTicket{Callback: row.ID, Call: b.incoming("13911112222", "8001")})
	require.Equal(t, tickets.RefusedCall, refusal(t, err), "a row is no way to another seat's call")
	row, err = b.ReleaseCallback(b.ctx, b.as("banzhang"), row.ID)
	require.NoError(t, err)
	require.Equal(t, service.CallbackWaiting, row.State)
}

func TestDialFromATicket(t *testing.T) {
	b := setup(t)
	ticket := b.submitted("8001", "13800005678")
	number, err := b.NumberOfTicket(b.ctx, ticket.ID, "8002")
	require.NoError(t, err)
	require.Equal(t, "13800005678", number.Clear())
	_, err = b.NumberOfTicket(b.ctx, ticket.ID, "paidan")
	require.ErrorIs(t, err, service.ErrForbidden, "a dispatcher has no seat")
	log, err := b.AuditLog(b.ctx, b.as("admin"), service.AuditFilter{Act: "ticket.dial"})
	require.NoError(t, err)
	require.Len(t, log.Items, 1)
}
