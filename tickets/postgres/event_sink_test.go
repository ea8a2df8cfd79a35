package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/service"
)

// life is a call that a first seat does not answer and a second one takes.
func life(t *testing.T, b *bundle) (calls.ID, []calls.Event) {
	t.Helper()
	call := callID(b, 7)
	sealed, err := b.keys.Seal("13800005678")
	require.NoError(t, err)
	at := func(s int) time.Time { return b.now.Add(time.Duration(s) * time.Second) }
	return call, []calls.Event{
		event(t, "3-1", call, "", calls.CallStarted, at(0), calls.Started{Direction: calls.Inbound, CallerSealed: sealed, Called: "12345", Line: "12345热线", Node: "sw1"}),
		event(t, "3-2", call, "", calls.CallMenuVisited, at(2), calls.MenuVisit{Node: "main", Input: "1"}),
		event(t, "3-3", call, "", calls.CallQueued, at(3), calls.Queued{Queue: "general", EnteredAt: at(3), Language: "zh"}),
		event(t, "3-4", call, "8001", calls.CallOffered, at(4), calls.Offered{Queue: "general", Account: "8001"}),
		event(t, "3-5", call, "8001", calls.CallNotAnswered, at(19), calls.NotAnswered{Account: "8001", Reason: "no_answer"}),
		event(t, "3-6", call, "", calls.CallQueued, at(19), calls.Queued{Queue: "general", EnteredAt: at(3), Again: true}),
		event(t, "3-7", call, "8002", calls.CallOffered, at(20), calls.Offered{Queue: "general", Account: "8002"}),
		event(t, "3-8", call, "8002", calls.CallAnswered, at(22), calls.Answered{Queue: "general", Account: "8002", WaitedS: 19, RangS: 2}),
		event(t, "3-9", call, "8002", calls.CallTransferred, at(60), calls.Transferred{From: "8002", To: calls.Party{Kind: "seat", Seat: "8003"}, Account: "8003"}),
		event(t, "3-10", call, "8002", calls.CallSeatLeft, at(60), calls.SeatLeft{Account: "8002", TalkS: 38, Why: "transferred"}),
		event(t, "3-11", call, "8003", calls.CallSeatLeft, at(90), calls.SeatLeft{Account: "8003", TalkS: 30, Why: "citizen_left"}),
		event(t, "3-12", call, "", calls.CallEnded, at(90), calls.Ended{End: calls.End{Side: calls.SideCitizen, Stage: calls.StageTalk, Cause: calls.CauseNormal}}),
		event(t, "3-13", "", "8003", calls.SeatChanged, at(120), calls.SeatChange{Account: "8003", From: "wrap_up", To: "idle"}),
	}
}

func TestEventsBuildOneRecordHoweverOftenTheyAreSent(t *testing.T) {
	b := setup(t)
	call, events := life(t, b)
	sink := b.Sink(0)
	last, err := sink.Last(b.ctx)
	require.NoError(t, err)
	require.Empty(t, last)

	require.NoError(t, sink.Store(b.ctx, events[:6]))
	require.NoError(t, sink.Store(b.ctx, events[3:]), "an overlap")
	require.NoError(t, sink.Store(b.ctx, events), "everything again")
	last, err = sink.Last(b.ctx)
	require.NoError(t, err)
	require.Equal(t, "3-13", last)

	record, err := b.Call(b.ctx, call)
	require.NoError(t, err)
	require.Len(t, record.Path, 1)
	require.Len(t, record.Waits, 2)
	require.Equal(t, []string{"not_answered", "answered"}, []string{record.Waits[0].Why, record.Waits[1].Why})
	require.Equal(t, record.Waits[0].EnteredAt, record.Waits[1].EnteredAt, "the original entry stays")
	require.Equal(t, 19.0, record.WaitedS)
	require.Len(t, record.Seats, 3)
	require.Equal(t, "no_answer", record.Seats[0].Why)
	require.True(t, record.Seats[0].AnsweredAt.IsZero())
	require.Equal(t, "transferred", record.Seats[1].Why)
	require.Equal(t, "8003", record.Seats[2].Account)
	require.Equal(t, 30.0, record.Seats[2].TalkS)
	require.False(t, record.Seats[2].ClosedAt.IsZero(), "wrap-up is over")
	require.True(t, record.Seats[1].ClosedAt.IsZero(), "8002 is still in wrap-up")
	open, err := b.OpenCalls(b.ctx, "8002")
	require.NoError(t, err)
	require.Equal(t, []calls.ID{call}, open)
	open, err = b.OpenCalls(b.ctx, "8003")
	require.NoError(t, err)
	require.Empty(t, open)
}

func TestNoEventStopsThoseBehindIt(t *testing.T) {
	b := setup(t)
	good := callID(b, 1)
	require.NoError(t, b.Sink(0).Store(b.ctx, []calls.Event{
		{ID: "1-1", Type: calls.CallStarted, At: b.now, Call: "not-a-call", Data: json.RawMessage(`{}`)},
		{ID: "1-2", Type: calls.CallStarted, At: b.now, Call: good, Data: json.RawMessage(`{"direction": 5}`)},
		{ID: "1-3", Type: "call.unheard_of", At: b.now, Call: good, Data: json.RawMessage(`{"a":1}`)},
		{ID: "1-4", Type: calls.CallNoted, At: b.now, Call: good, Data: json.RawMessage("{\"note\":\"answered\",\"text\":\"\\u0000好\"}")},
		{ID: "1-5", Type: calls.CallRated, At: b.now, Call: good, Data: json.RawMessage("{broken")},
		{ID: "1-6", Type: calls.CallSeatLeft, At: b.now, Call: good, Seat: "8001", Data: json.RawMessage(`{"why":"x"}`)},
		event(t, "1-7", good, "", calls.CallRated, b.now, calls.Rated{Score: 1}),
	}))
	record, err := b.Call(b.ctx, good)
	require.NoError(t, err)
	require.Equal(t, 1, record.Rating)
	require.Equal(t, "好", record.Note.Text)
	require.Error(t, b.Sink(0).Store(b.ctx, []calls.Event{{ID: "nonsense"}}))
}

func TestAnOldLeaderCannotWrite(t *testing.T) {
	b := setup(t)
	require.NoError(t, b.RaiseEpoch(b.ctx, 4))
	require.ErrorIs(t, b.RaiseEpoch(b.ctx, 4), postgres.ErrOldEpoch)
	call, events := life(t, b)
	require.ErrorIs(t, b.Sink(3).Store(b.ctx, events), postgres.ErrOldEpoch)
	_, err := b.Call(b.ctx, call)
	require.ErrorIs(t, err, service.ErrNotFound)
	require.NoError(t, b.Sink(4).Store(b.ctx, events), "the new leader replays the old one's journal")
	epoch, err := b.Epoch(b.ctx)
	require.NoError(t, err)
	require.EqualValues(t, 4, epoch)
}

func TestChangesAreSeenInOrderAndNoneIsSkipped(t *testing.T) {
	b := setup(t)
	_, cursor, err := b.Changes(b.ctx, "", 100)
	require.NoError(t, err)
	first := b.ticket("第一件")
	list, cursor := b.changes(cursor, 3) // create, save, submit
	require.Equal(t, first.ID, list[0].Ticket)
	require.Equal(t, "shouli", list[0].Account, "a draft concerns its writer")
	require.Empty(t, list[2].Account)

	// A slow transaction takes its row's place first and commits last.
	slow, finish := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- b.UpdateTicket(b.ctx, first.ID, service.AnyVersion, func(ctx context.Context, tx service.Tx, k tickets.Ticket) (tickets.Outcome, error) {
			if _, err := tx.NextNumber(ctx, b.now.AddDate(0, 0, 1)); err != nil {
				return tickets.Outcome{}, err
			}
			close(slow)
			<-finish
			return tickets.Outcome{Ticket: k}, nil
		})
	}()
	<-slow
	second := b.ticket("第二件")
	early, held, err := b.Changes(b.ctx, cursor, 100)
	require.NoError(t, err)
	require.Empty(t, early, "nothing is given out behind an open transaction")
	require.Equal(t, cursor, held)
	close(finish)
	require.NoError(t, <-done)
	list, _ = b.changes(cursor, 4)
	require.Equal(t, first.ID, list[0].Ticket)
	require.Equal(t, second.ID, list[1].Ticket)

	_, _, err = b.Changes(b.ctx, "nonsense", 100)
	require.ErrorIs(t, err, service.ErrCursorTooOld)
}

func TestWaitersWakeAtAChange(t *testing.T) {
	b := setup(t)
	require.NoError(t, b.Start(b.ctx))
	t.Cleanup(b.Stop)
	_, cursor, err := b.Changes(b.ctx, "", 100)
	require.NoError(t, err)
	b.ticket("一件")
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	for {
		list, _, err := b.Changes(ctx, cursor, 100)
		require.NoError(t, err)
		if len(list) > 0 {
			break
		}
		require.NoError(t, b.WaitChange(ctx))
	}
	cancel()
	require.Error(t, b.WaitChange(ctx))
	require.Error(t, b.Start(b.ctx), "it is started once")
}

func TestTwoTicketsMergedIntoEachOtherDoNotHang(t *testing.T) {
	b := setup(t)
	one, two := b.ticket("一"), b.ticket("二")
	swap := func(a, c tickets.Ticket) error {
		return b.UpdateTicket(b.ctx, a.ID, service.AnyVersion, func(ctx context.Context, tx service.Tx, k tickets.Ticket) (tickets.Outcome, error) {
			_, err := tx.Other(ctx, c.ID)
			return tickets.Outcome{Ticket: k}, err
		})
	}
	errs := make(chan error, 20)
	for i := range cap(errs) {
		if i%2 == 0 {
			go func() { errs <- swap(one, two) }()
		} else {
			go func() { errs <- swap(two, one) }()
		}
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
}

func TestPersonalFieldsAreUnreadableInTheDatabase(t *testing.T) {
	b := setup(t)
	k := b.ticket("夜间施工噪音")
	_, events := life(t, b)
	require.NoError(t, b.Sink(0).Store(b.ctx, events))

	for _, table := range []string{"ticket", "ticket_flow", "call", "call_event", "citizen", "callback", "desk_event"} {
		rows := b.dump(table)
		require.NotContains(t, rows, "13800005678", table)
		require.NotContains(t, rows, "王秀兰", table)
		require.NotContains(t, rows, `"123456"`, table)
	}
	found, err := b.TicketByCode(b.ctx, k.Number, "123456")
	require.NoError(t, err)
	require.Equal(t, k.ID, found.ID)
}

func TestSweepKeepsWhatIsFresh(t *testing.T) {
	b := setup(t)
	b.ticket("一件")
	require.NoError(t, b.Sweep(b.ctx, time.Now()))
	require.NotEqual(t, "", b.dump("desk_event"))
	require.NoError(t, b.Sweep(b.ctx, time.Now().AddDate(0, 0, 3)))
	require.Equal(t, "", b.dump("desk_event"))
}

func TestErrorsAreTold(t *testing.T) {
	b := setup(t)
	_, err := b.Ticket(b.ctx, "not-an-id")
	require.ErrorIs(t, err, service.ErrNotFound)
	_, err = b.Ticket(b.ctx, "261124000014")
	require.ErrorIs(t, err, service.ErrNotFound)
	untouched := func(context.Context, service.Tx, tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Outcome{}, nil
	}
	require.ErrorIs(t, b.UpdateTicket(b.ctx, "not-an-id", 1, untouched), service.ErrNotFound)
	require.ErrorIs(t, b.UpdateTicket(b.ctx, "00000000-0000-7000-8000-000000000000", 1, untouched), service.ErrNotFound)
	boom := errors.New("boom")
	err = b.UpdateTicket(b.ctx, b.ticket("一").ID, service.AnyVersion, func(context.Context, service.Tx, tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Outcome{}, fmt.Errorf("inside: %w", boom)
	})
	require.ErrorIs(t, err, boom)
}

func TestAColleagueTakenIntoTheTalkHasAPartInTheCall(t *testing.T) {
	b := setup(t)
	call, events := life(t, b)
	require.NoError(t, b.SaveSeat(b.ctx, directory.Seat{ID: "8003", Skills: map[string]int{}}, true))
	at := b.now.Add(time.Minute)
	require.NoError(t, b.Sink(0).Store(b.ctx, append(events[:8:8],
		event(t, "3-20", call, "8002", calls.CallThreeWay, at, calls.Party{Kind: "seat", Seat: "8003"}),
		event(t, "3-21", call, "8002", calls.CallThreeWay, at, calls.Party{Kind: "number", Label: "市水务集团"}),
		event(t, "3-22", call, "8002", calls.CallPartyLeft, at.Add(30*time.Second), calls.Party{Kind: "seat", Seat: "8003"}),
	)))
	record, err := b.Call(b.ctx, call)
	require.NoError(t, err)
	require.Len(t, record.Seats, 3)
	require.Equal(t, "8003", record.Seats[2].Seat)
	require.Equal(t, 30.0, record.Seats[2].TalkS)
	require.Equal(t, "party_left", record.Seats[2].Why)
}

func TestACallWhoseEndWasNeverToldIsOverWhenItsSeatRingsAgain(t *testing.T) {
	b := setup(t)
	_, events := life(t, b)
	require.NoError(t, b.Sink(0).Store(b.ctx, events[:8]))
	next := callID(b, 8)
	require.NoError(t, b.Sink(0).Store(b.ctx, []calls.Event{
		event(t, "3-30", next, "8002", calls.CallOffered, b.now.Add(time.Hour), calls.Offered{Account: "8002"}),
	}))
	open, err := b.OpenCalls(b.ctx, "8002")
	require.NoError(t, err)
	require.Equal(t, []calls.ID{next}, open)

}
