package acd

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// serve gives the seat a call that it talks about for a while, and frees it again.
func (d desk) serve(seat SeatID, call CallID, now time.Time, talk time.Duration) {
	d.t.Helper()
	require.Equal(d.t, map[CallID]SeatID{call: seat}, assigned(d.Offer(Request{Call: call, Queue: "q", All: []Need{{Skill: Skill("only " + seat)}}, EnteredAt: now}, now)))
	require.True(d.t, d.Answered(call, seat, now))
	d.SeatFree(seat, now.Add(talk))
}

func TestSpecialistsComeBeforeGeneralistsThenLevelThenIdleTime(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("generalist", map[Skill]int{"tax": 10, "wages": 10, "en": 10}, at(0))
	d.free("weak", map[Skill]int{"tax": 4}, at(1))
	d.free("strong", map[Skill]int{"tax": 8}, at(2))
	d.free("strong too", map[Skill]int{"tax": 8}, at(3))

	var order []SeatID
	for _, call := range []CallID{"1", "2", "3", "4"} {
		order = append(order, assigned(d.call(call, "q", at(10), "tax"))[call])
	}
	require.Equal(t, []SeatID{"strong", "strong too", "weak", "generalist"}, order)
}

func TestBestLevelCountsAllOfAndTheBestOfAnyOf(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", map[Skill]int{"tax": 5, "en": 5, "ja": 4}, at(0))
	d.free("b", map[Skill]int{"tax": 5, "en": 2, "ja": 9}, at(1))
	got := d.Offer(Request{Call: "c", Queue: "q", All: []Need{{Skill: "tax"}}, Any: []Need{{Skill: "en"}, {Skill: "ja"}}}, at(2))
	require.Equal(t, SeatID("b"), assigned(got)["c"])
}

func TestLongestIdleGoesAcrossProfiles(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Choice: LongestIdle})
	d.free("generalist", map[Skill]int{"tax": 1, "wages": 1}, at(0))
	d.free("specialist", map[Skill]int{"tax": 9}, at(1))
	require.Equal(t, SeatID("generalist"), assigned(d.call("c", "q", at(2), "tax"))["c"])
}

func TestRoundRobinTakesTheSeatWhoseLastCallWasLongestAgo(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Choice: RoundRobin})
	for _, seat := range []SeatID{"a", "b", "c"} {
		d.free(seat, map[Skill]int{"tax": 1, Skill("only " + seat): 1}, at(0))
	}
	d.serve("c", "1", at(1), time.Second)
	d.serve("a", "2", at(2), time.Hour) // free the last, but its turn comes before c's
	d.serve("b", "3", at(3), time.Second)
	require.Equal(t, SeatID("c"), assigned(d.call("4", "q", at(4000), "tax"))["4"])
	require.Equal(t, SeatID("a"), assigned(d.call("5", "q", at(4000), "tax"))["5"])
}

func TestLeastOccupiedTakesTheSeatThatTalkedLeast(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Choice: LeastOccupied})
	for _, seat := range []SeatID{"a", "b", "c"} {
		d.free(seat, map[Skill]int{"tax": 1, Skill("only " + seat): 1}, at(0))
	}
	d.serve("a", "1", at(0), 10*time.Minute)
	d.serve("b", "2", at(0), 2*time.Minute)
	d.serve("c", "3", at(0), 5*time.Minute)
	var order []SeatID
	for _, call := range []CallID{"4", "5", "6"} {
		order = append(order, assigned(d.call(call, "q", at(1200), "tax"))[call])
	}
	require.Equal(t, []SeatID{"b", "c", "a"}, order)
}

// What was long ago counts less: an hour of talk this morning weighs less than ten minutes now.
func TestOccupationFades(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Choice: LeastOccupied})
	d.free("a", map[Skill]int{"tax": 1, "only a": 1}, at(0))
	d.free("b", map[Skill]int{"tax": 1, "only b": 1}, at(0))
	d.serve("a", "1", at(0), time.Hour)
	d.serve("b", "2", at(4*3600), 10*time.Minute)
	require.Equal(t, SeatID("a"), assigned(d.call("3", "q", at(4*3600+700), "tax"))["3"])
}

func TestAnExcludedSeatIsPassedOver(t *testing.T) {
	for _, choice := range []SeatChoice{SpecialistsFirst, LongestIdle, LeastOccupied, RoundRobin} {
		t.Run(string(choice), func(t *testing.T) {
			d := newDesk(t, QueueConfig{ID: "q", Choice: choice})
			d.free("a", nil, at(0))
			d.free("b", nil, at(1))
			got := d.Offer(Request{Call: "1", Queue: "q", Exclude: []SeatID{"a"}}, at(2))
			require.Equal(t, SeatID("b"), assigned(got)["1"])
			require.Empty(t, assigned(d.Offer(Request{Call: "2", Queue: "q", Exclude: []SeatID{"a"}}, at(3))))
			require.Equal(t, SeatID("a"), assigned(d.call("3", "q", at(4)))["3"], "others still get it")
		})
	}
}

func TestASeatBoundToQueuesServesOnlyThem(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"}, QueueConfig{ID: "r"})
	d.free("a", nil, at(0), "r")
	require.Empty(t, d.call("1", "q", at(1)))
	require.Equal(t, SeatID("a"), assigned(d.call("2", "r", at(1)))["2"])
}
