package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// place puts a ticket into the database as it is.
func (b *bundle) place(title string, t tickets.Ticket) tickets.Ticket {
	b.t.Helper()
	t.ID, t.Title, t.Source, t.Urgency, t.CreatedAt, t.UpdatedAt = uuid.NewString(), title, tickets.SourcePhone, tickets.Normal, b.now, b.now
	for i := range t.Legs {
		t.Legs[i].N = i + 1
	}
	b.create(t, tickets.FlowStep{At: b.now, Event: tickets.Register})
	return t
}

// queue lists the titles in a queue with the number of the part that lies there.
func (b *bundle) queue(q service.QueueQuery) []string {
	b.t.Helper()
	q.Now = b.now
	rows, _, total, more, err := b.Queue(b.ctx, q)
	require.NoError(b.t, err)
	require.False(b.t, more)
	titles := []string{}
	for _, r := range rows {
		title := r.Title
		for part, n := range map[string]int{"leg": r.Leg, "request": r.Request, "supervision": r.Supervision, "card": r.Card} {
			if n != 0 {
				title += fmt.Sprint(": ", part, " ", n)
			}
		}
		titles = append(titles, title)
	}
	require.Len(b.t, titles, total)
	counts, err := b.QueueCounts(b.ctx, []service.QueueQuery{q})
	require.NoError(b.t, err)
	require.Equal(b.t, total, counts[0].Count)
	return titles
}

func TestEachQueueHoldsWhatItsStatesSay(t *testing.T) {
	b := setup(t)
	in := func(hours int) time.Time { return b.now.Add(time.Duration(hours) * time.Hour) }
	b.place("pool late", tickets.Ticket{State: tickets.ToDispatch, StageDueAt: in(-1)})
	b.place("pool soon", tickets.Ticket{State: tickets.ToDispatch, StageDueAt: in(2)})
	b.place("pool first", tickets.Ticket{State: tickets.ToDispatch, StageDueAt: in(2), Routing: tickets.Routing{Place: 9}})
	b.place("pool no limit", tickets.Ticket{State: tickets.ToDispatch})
	b.place("taken by another", tickets.Ticket{State: tickets.ToDispatch, Owner: "paidan2", StageDueAt: in(1)})
	b.place("returned", tickets.Ticket{State: tickets.ToDispatch, Owner: "paidan", StageDueAt: in(9), Legs: []tickets.Leg{{Unit: "pt-jw", State: tickets.Left}}})
	b.place("review", tickets.Ticket{State: tickets.UnderReview, StageDueAt: in(3), Legs: []tickets.Leg{{Unit: "pt-xxb", State: tickets.Replied, RepliedAt: in(-2)}}})
	b.place("visit", tickets.Ticket{State: tickets.ToFollowUp})
	b.place("online", tickets.Ticket{State: tickets.Received, DueAt: in(1)})
	b.place("incomplete", tickets.Ticket{State: tickets.ToSupplement, Owner: "paidan"})
	b.place("suspended", tickets.Ticket{State: tickets.Suspended, DueAt: in(99)})
	b.place("hard", tickets.Ticket{State: tickets.Deliberation})
	b.place("sign", tickets.Ticket{State: tickets.Dispatched, Legs: []tickets.Leg{{Unit: "pt-xxb", State: tickets.ToSign, DueAt: in(20), BeganAt: in(-1), SentAt: in(-1)}}})
	b.place("late", tickets.Ticket{
		State: tickets.Dispatched,
		Legs: []tickets.Leg{
			{Unit: "pt-xxb", State: tickets.Delegated, DueAt: in(-1), BeganAt: in(-40), Clerk: "pt-xxb-jb"},
			{Unit: "pt-xxk", Parent: 1, State: tickets.Handling, DueAt: in(-3), BeganAt: in(-30), FirstViewedAt: in(-20)},
		},
		Requests: []tickets.Request{{N: 1, Kind: tickets.RequestExtension, State: tickets.RequestOpen, Leg: 2, AskedUnit: "pt-xxk", AskedAt: in(-1)}},
		Cards:    []tickets.Card{{N: 1, Kind: tickets.YellowCard, Leg: 1, Unit: "pt-xxb", IssuedAt: in(-1)}},
	})
	b.place("compile", tickets.Ticket{
		State: tickets.Dispatched,
		Legs:  []tickets.Leg{{Unit: "pt-xxb", State: tickets.ToCompile, DueAt: in(1), BeganAt: in(-40)}},
		Requests: []tickets.Request{
			{N: 1, Kind: tickets.RequestReturn, State: tickets.RequestDenied, Leg: 1},
			{N: 2, Kind: tickets.RequestSuspension, State: tickets.RequestOpen, Leg: 1, AskedUnit: "pt-xxb", DecideDueAt: in(4), AskedAt: in(-1)},
		},
		Supervisions: []tickets.Supervision{{N: 1, Kind: tickets.SuperviseWritten, State: tickets.SupervisionIssued, Unit: "pt-xxb", DueAt: in(8)}},
	})
	b.place("approve", tickets.Ticket{State: tickets.Dispatched, Legs: []tickets.Leg{{Unit: "pt-xxb", State: tickets.ToLeaderState, DueAt: in(30), BeganAt: in(-1)}}})
	b.place("asleep", tickets.Ticket{State: tickets.Dispatched, Legs: []tickets.Leg{{Unit: "pt-jw", State: tickets.Handling, DueAt: in(-5), SuspendedAt: in(-9)}}})
	b.place("done", tickets.Ticket{State: tickets.Closed, Legs: []tickets.Leg{{Unit: "pt-xxb", State: tickets.Replied, RepliedAt: in(-50)}}})

	own := []string{"pt-xxb"}
	yellow := service.QueueQuery{YellowBefore: in(8), YellowShare: 0.25}
	for name, tc := range map[string]struct {
		query service.QueueQuery
		want  []string
	}{
		"pool and own, by limit, then place": {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch}}, []string{"pool late", "pool first", "pool soon", "returned", "pool no limit"}},
		"own":                                {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch, Mine: true}}, []string{"returned"}},
		"red":                                {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch, Light: tickets.Red}}, []string{"pool late"}},
		"words":                              {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch, Query: "limit"}}, []string{"pool no limit"}},
		"returned":                           {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueReturned}}, []string{"returned"}},
		"review":                             {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueReview}}, []string{"review"}},
		"visit":                              {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueFollowUp}}, []string{"visit"}},
		"received":                           {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueReceived}}, []string{"online"}},
		"supplement":                         {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueSupplement}}, []string{"incomplete"}},
		"suspended":                          {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueSuspended}}, []string{"suspended"}},
		"deliberation":                       {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueDeliberation}}, []string{"hard"}},
		"decisions of the hotline":           {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueDecisions}, Kinds: []tickets.RequestKind{tickets.RequestSuspension, tickets.RequestExtension}}, []string{"compile: request 2"}},
		"decisions of another role":          {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueDecisions}, Kinds: []tickets.RequestKind{tickets.RequestReopening}}, []string{}},
		"supervisions":                       {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueSupervisions}}, []string{"compile: supervision 1"}},
		"overdue":                            {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueOverdue}}, []string{"late: leg 1"}},
		"overdue of a unit below":            {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueOverdue}, Units: []string{"pt-xxk"}}, []string{"late: leg 2"}},
		"due soon":                           {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueDueSoon}, YellowBefore: yellow.YellowBefore, YellowShare: yellow.YellowShare}, []string{"compile: leg 1"}},
		"inbox":                              {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitInbox}, Units: own}, []string{"sign: leg 1", "approve: leg 1"}},
		"unsigned":                           {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitInbox, Unsigned: true}, Units: own}, []string{"sign: leg 1"}},
		"inbox below":                        {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitInbox}, Units: []string{"pt-xxk"}}, []string{"late: leg 2"}},
		"below":                              {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitBelow}, Units: own}, []string{"late: leg 1"}},
		"below, my own":                      {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitBelow, Mine: true}, Units: own}, []string{}},
		"compile":                            {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitCompile}, Units: own}, []string{"compile: leg 1"}},
		"approve":                            {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitApprove}, Units: own}, []string{"approve: leg 1"}},
		"decide":                             {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitDecide}, Units: own}, []string{"late: request 1"}},
		"supervised":                         {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitSupervise}, Units: own}, []string{"compile: supervision 1"}},
		"sent":                               {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitSent}, Units: own}, []string{"review: leg 1"}},
		"done":                               {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitDone}, Units: own}, []string{"done: leg 1"}},
		"cards":                              {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitCards}, Units: own}, []string{"late: card 1"}},
		"of a unit that has none":            {service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueUnitInbox}, Units: []string{}}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.query.Account = "paidan"
			require.Equal(t, tc.want, b.queue(tc.query))
		})
	}
	t.Run("numbers of a queue", func(t *testing.T) {
		counts, err := b.QueueCounts(b.ctx, []service.QueueQuery{
			{QueueFilter: service.QueueFilter{Queue: service.QueueUnitInbox}, Units: own, Account: "paidan", Now: b.now},
			{QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch}, Account: "paidan", Now: b.now},
		})
		require.NoError(t, err)
		require.Equal(t, []service.QueueCount{
			{Queue: service.QueueUnitInbox, Count: 2, Unread: 1}, {Queue: service.QueueToDispatch, Count: 5, Mine: 1, Red: 1},
		}, counts)
	})
}

func TestAQueueIsReadPageByPage(t *testing.T) {
	b := setup(t)
	want := []string{}
	for i := range 12 {
		limit := b.now.Add(time.Duration(i/3) * time.Hour)
		if i >= 9 {
			limit = time.Time{} // without a limit, last
		}
		b.place(fmt.Sprint(i), tickets.Ticket{State: tickets.ToDispatch, StageDueAt: limit})
	}
	for _, sort := range []string{"due", "newest", "sent"} {
		want = want[:0]
		seen := map[string]bool{}
		cursor := ""
		for {
			rows, next, total, _, err := b.Queue(b.ctx, service.QueueQuery{
				QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch, Sort: sort, Paging: service.Paging{Limit: 5, Cursor: cursor}}, Now: b.now,
			})
			require.NoError(t, err)
			require.Equal(t, 12, total)
			for _, r := range rows {
				seen[r.Title] = true
				want = append(want, r.Title)
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		require.Len(t, want, 12, sort)
		require.Len(t, seen, 12, "each once, by %s", sort)
	}
	_, _, _, _, err := b.Queue(b.ctx, service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch, Paging: service.Paging{Cursor: "x"}}})
	require.ErrorIs(t, err, service.ErrNotFound)
}

func TestTwoDispatchersNeverGetTheSameTicket(t *testing.T) {
	b := setup(t)
	const count = 20
	for i := range count {
		b.place(fmt.Sprint(i), tickets.Ticket{State: tickets.ToDispatch, StageDueAt: b.now.Add(time.Duration(i) * time.Minute)})
	}
	q := service.QueueQuery{QueueFilter: service.QueueFilter{Queue: service.QueueToDispatch}, Now: b.now}
	var mu sync.Mutex
	taken := map[string]int{}
	var wg sync.WaitGroup
	for who := range 4 {
		wg.Go(func() {
			for {
				id, err := b.TakeNext(b.ctx, q, func(_ context.Context, _ service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
					t.Owner = fmt.Sprint("paidan", who)
					return tickets.Outcome{Ticket: t, Steps: []tickets.FlowStep{{At: b.now, Event: tickets.Take}}}, nil
				})
				if err != nil {
					require.ErrorIs(t, err, service.ErrNotFound)
					return
				}
				mu.Lock()
				taken[id]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, taken, count)
	for id, n := range taken {
		require.Equal(t, 1, n, id)
	}
	held := 0
	for who := range 4 {
		ids, err := b.HeldBy(b.ctx, fmt.Sprint("paidan", who), []tickets.State{tickets.ToDispatch})
		require.NoError(t, err)
		held += len(ids)
	}
	require.Equal(t, count, held)
}
