package acd

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStatsCountWhatBecameOfCalls(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", MaxLength: 2, WhenFull: Target{Kind: ToCallback}})
	d.free("a", nil, at(0))
	d.free("b", nil, at(0), "q")
	d.free("c", nil, at(0), "elsewhere")
	d.SeatAway("b", at(0))

	d.call("quick", "q", at(0))
	d.Answered("quick", "a", at(4))
	d.call("slow", "q", at(5))
	d.call("gone", "q", at(5))
	d.call("full", "q", at(6))
	d.Abandon("gone", at(17))
	d.SeatFree("a", at(30))

	st, ok := d.Stats("q", at(32))
	require.True(t, ok)
	require.Equal(t, 1, st.Ringing)
	require.Equal(t, [3]int{0, 1, 2}, [3]int{st.SeatsReady, st.SeatsWorking, st.SeatsSignedIn})
	d.Answered("slow", "a", at(33))
	d.call("waits", "q", at(40))
	d.call("waits too", "q", at(45))

	st, _ = d.Stats("q", at(50))
	require.Equal(t, 2, st.Waiting)
	require.Equal(t, 10*time.Second, st.LongestWait)
	want := Counters{
		Offered: 6, Answered: 2, AnsweredInTarget: 1, AnsweredWait: 32 * time.Second,
		Abandoned: 1, AbandonedInTarget: 1, ToCallback: 1,
	}
	want.AnsweredBy[1] = 1  // up to 5 s
	want.AnsweredBy[6] = 1  // up to 30 s
	want.AbandonedBy[3] = 1 // up to 15 s
	require.Equal(t, want, st.Counters)

	d.ResetCounters()
	st, _ = d.Stats("q", at(51))
	require.Equal(t, Counters{}, st.Counters)
	_, ok = d.Stats("nowhere", at(51))
	require.False(t, ok)
}

func TestLongestWaitIsByEntryNotByScore(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.call("first", "q", at(10))
	d.Offer(Request{Call: "urgent", Queue: "q", Priority: 5, EnteredAt: at(12)}, at(12))
	d.Offer(Request{Call: "old", Queue: "q", EnteredAt: at(0)}, at(14)) // from before a restart
	st, _ := d.Stats("q", at(20))
	require.Equal(t, 20*time.Second, st.LongestWait)
	d.Abandon("old", at(20))
	st, _ = d.Stats("q", at(20))
	require.Equal(t, 10*time.Second, st.LongestWait)
}

// One caller who waits for ever must not keep the marks of all who came after.
func TestMarksOfCallsThatLeftAreDropped(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", MaxWait: 2 * time.Hour})
	d.call("stays", "q", at(0), "rare")
	for i := range 5000 {
		d.call("c", "q", at(float64(i)))
		d.Abandon("c", at(float64(i)))
	}
	q := d.queues["q"]
	require.Less(t, len(q.entries.inOrder.items)+len(q.entries.late), 1000)
	st, _ := d.Stats("q", at(5000))
	require.Equal(t, 5000*time.Second, st.LongestWait)
	require.Len(t, d.Tick(at(7200)), 1)
	next, ok := d.NextTick()
	require.False(t, ok, next)
}

func TestTheBoardSaysWhyACallStandsWhereItStands(t *testing.T) {
	d := newDesk(t, QueueConfig{
		ID: "q", Target: 10 * time.Second, Ceiling: time.Minute, Relax: []RelaxStep{{After: 30 * time.Second, LowerBy: 1}},
	})
	d.free("a", map[Skill]int{"tax": 1}, at(0))
	d.call("returned", "q", at(0), "tax")
	d.call("long", "q", at(0), "en")
	d.call("usual", "q", at(2), "tax")
	d.Offer(Request{Call: "urgent", Queue: "q", Priority: 2, EnteredAt: at(3), All: []Need{{Skill: "tax"}}}, at(3))
	req, _ := d.Declined("returned", "a", at(15))
	d.Offer(req, at(15))
	d.SeatFree("a", at(15)) // gets it again
	req, _ = d.Declined("returned", "a", at(20))
	d.Offer(req, at(20))

	list := d.Waiting("q", 10, at(20))
	require.Equal(t, []CallID{"returned", "urgent", "long", "usual"}, order(d, "q", at(20)))
	require.Equal(t, []Reason{ReasonReturned, ReasonNoSeat}, list[0].Reasons, "its only seat is away")
	require.Equal(t, []Reason{ReasonPriority, ReasonNoSeat}, list[1].Reasons)
	require.Equal(t, []Reason{ReasonLongest, ReasonNoSeat}, list[2].Reasons)
	require.Equal(t, []Reason{ReasonOrder, ReasonNoSeat}, list[3].Reasons)
	require.InDelta(t, 3.7, list[1].Score, 1e-9)
	require.Equal(t, 2, list[1].Place)
	require.True(t, list[1].Due.Equal(at(33)), list[1].Due)

	d.SeatFree("a", at(20))
	d.Tick(at(31))
	list = d.Waiting("q", 2, at(31))
	require.Len(t, list, 2)
	require.Equal(t, []Reason{ReasonPriority, ReasonBusy}, list[0].Reasons)
	require.Equal(t, []Reason{ReasonLongest, ReasonRelaxed, ReasonNoSeat}, list[1].Reasons)
	d.Tick(at(60))
	list = d.Waiting("q", 2, at(60))
	require.Equal(t, []Reason{ReasonLongest, ReasonCeiling, ReasonBusy}, list[1].Reasons)
	require.Empty(t, d.Waiting("nowhere", 2, at(60)))
	require.Empty(t, d.Waiting("q", 0, at(60)))
}
