package acd

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRelaxationWidensTheChoiceStepByStep(t *testing.T) {
	steps := []RelaxStep{
		{After: 20 * time.Second, LowerBy: 3},
		{After: 40 * time.Second, Skill: "en", Drop: true},
		{After: 60 * time.Second, Skill: "water", LowerTo: 2},
	}
	for name, tc := range map[string]struct {
		req    Request
		skills map[Skill]int
		after  float64 // s: when the seat gets it; 0 at once, negative never within two minutes
	}{
		"fits at once":                    {Request{All: []Need{{"tax", 7}}}, map[Skill]int{"tax": 7}, 0},
		"a lower level at the first step": {Request{All: []Need{{"tax", 7}}}, map[Skill]int{"tax": 4}, 20},
		"far too low a level":             {Request{All: []Need{{"tax", 7}}}, map[Skill]int{"tax": 3}, -1},
		"lowered to a level":              {Request{All: []Need{{"water", 10}}}, map[Skill]int{"water": 2}, 60},
		"never below level 1":             {Request{All: []Need{{"tax", 2}}}, map[Skill]int{"wages": 9}, -1},
		"without the dropped skill":       {Request{All: []Need{{"tax", 1}, {"en", 5}}}, map[Skill]int{"tax": 1}, 40},
		"the other skill stays":           {Request{All: []Need{{"tax", 1}, {"en", 5}}}, map[Skill]int{"en": 9}, -1},
		"a dropped skill meets any-of":    {Request{Any: []Need{{"ja", 5}, {"en", 5}}}, map[Skill]int{"tax": 1}, 40},
		"any-of levels are lowered too":   {Request{Any: []Need{{"ja", 5}, {"tax", 5}}}, map[Skill]int{"ja": 2}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, QueueConfig{ID: "q", Relax: steps})
			d.free("a", tc.skills, at(0))
			req := tc.req
			req.Call, req.Queue, req.EnteredAt = "c", "q", at(0)
			got := d.Offer(req, at(0))
			if tc.after == 0 {
				require.Equal(t, SeatID("a"), assigned(got)["c"])
				return
			}
			require.Empty(t, got)
			for s := 1.0; s <= 120; s++ {
				got := d.Tick(at(s))
				if s == tc.after {
					require.Equal(t, SeatID("a"), assigned(got)["c"], "at %v s", s)
					return
				}
				require.Empty(t, got, "at %v s", s)
			}
			require.Negative(t, tc.after, "it never got the seat")
		})
	}
}

func TestNobodyWaitsLongerThanTheCeilingBecauseOfSkills(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Ceiling: 30 * time.Second, Relax: []RelaxStep{{After: time.Hour, Drop: true}}})
	d.free("a", map[Skill]int{"wages": 1}, at(0))
	require.Empty(t, d.call("c", "q", at(0), "tax", "en"))
	next, ok := d.NextTick()
	require.True(t, ok)
	require.True(t, next.Equal(at(30)), next)
	require.Empty(t, d.Tick(at(29)))
	got := d.Tick(next)
	require.Equal(t, []Decision{Assign{Call: "c", Seat: "a", Queue: "q", Waited: 30 * time.Second, Step: 1}}, got)
	_, ok = d.NextTick()
	require.False(t, ok, "nothing waits for a time any more")
}

// A late decision takes account of what became due before it.
func TestRulesAreAppliedBeforeALateDecision(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Ceiling: 30 * time.Second})
	d.free("a", map[Skill]int{"wages": 1}, at(0))
	d.call("c", "q", at(0), "tax")
	require.Equal(t, map[CallID]SeatID{"c": "a"}, assigned(d.call("d", "q", at(60), "wages")))
}

func TestOfTwoCallsRelaxedAtOnceTheHigherScoreGetsTheSeat(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Ceiling: 30 * time.Second})
	d.free("a", nil, at(0))
	d.call("early", "q", at(0), "tax")
	d.Offer(Request{Call: "urgent", Queue: "q", All: []Need{{Skill: "en"}}, Priority: 2, EnteredAt: at(1)}, at(1))
	require.Equal(t, map[CallID]SeatID{"urgent": "a"}, assigned(d.Tick(at(40))))
}

func TestScoreIsPriorityPlusWaitedByTarget(t *testing.T) {
	for name, tc := range map[string]struct {
		at    float64 // when a seat becomes free
		first CallID
	}{
		// slow waits since 0 with target 60; fast since 20 with target 10; urgent since 30 with target 60, priority 2
		"at 31 s: 0.52, 1.10, 2.02": {31, "urgent"},
		"at 80 s: 1.33, 6.00, 2.83": {80, "fast"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, QueueConfig{ID: "slow", Target: time.Minute}, QueueConfig{ID: "fast", Target: 10 * time.Second})
			d.call("slow", "slow", at(0))
			d.call("fast", "fast", at(20))
			d.Offer(Request{Call: "urgent", Queue: "slow", Priority: 2, EnteredAt: at(30)}, at(30))
			require.Equal(t, map[CallID]SeatID{tc.first: "a"}, assigned(d.free("a", nil, at(tc.at))))
		})
	}
}

func TestEqualScoresGoByWait(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Target: 10 * time.Second})
	d.Offer(Request{Call: "late", Queue: "q", Priority: 1, EnteredAt: at(10)}, at(10))
	d.Offer(Request{Call: "early", Queue: "q", EnteredAt: at(0)}, at(10))
	require.Equal(t, map[CallID]SeatID{"early": "a"}, assigned(d.free("a", nil, at(11))))
}

func TestOverflow(t *testing.T) {
	callback := Target{Kind: ToCallback}
	t.Run("after a time to another queue, with the original entry time", func(t *testing.T) {
		d := newDesk(t,
			QueueConfig{ID: "q", Overflow: []OverflowRule{{After: 30 * time.Second, To: Target{ToQueue, "r"}}}},
			QueueConfig{ID: "r", Overflow: []OverflowRule{{After: 20 * time.Second, To: callback}}})
		d.free("a", nil, at(0), "r")
		d.SeatAway("a", at(0))
		d.call("c", "q", at(0))
		require.Equal(t, []Decision{Overflow{"c", "q", Target{ToQueue, "r"}, ReasonWaited, 30 * time.Second}}, d.Tick(at(30)))
		require.Empty(t, d.call("c", "r", at(31)), "it is there already")
		require.Empty(t, d.Tick(at(49)), "the second queue's time counts from its own entry")
		require.Equal(t, []Decision{Assign{Call: "c", Seat: "a", Queue: "r", Waited: 49 * time.Second}}, d.SeatFree("a", at(49)))
		req, ok := d.Declined("c", "a", at(55))
		require.True(t, ok)
		require.Equal(t, Request{Call: "c", Queue: "r", EnteredAt: at(0), QueuedAt: at(30), AtHead: true}, req)
	})
	t.Run("to another queue whose seat is free", func(t *testing.T) {
		d := newDesk(t,
			QueueConfig{ID: "q", Overflow: []OverflowRule{{After: 30 * time.Second, To: Target{ToQueue, "r"}}}}, QueueConfig{ID: "r"})
		d.free("a", nil, at(0), "r")
		d.call("c", "q", at(0))
		got := d.Tick(at(30))
		require.Len(t, got, 2)
		require.Equal(t, SeatID("a"), assigned(got)["c"])
	})
	t.Run("at a length, but not while a seat is free", func(t *testing.T) {
		d := newDesk(t, QueueConfig{ID: "q", Overflow: []OverflowRule{{AtLength: 1, To: Target{Kind: ToVoicemail}}}})
		d.free("a", map[Skill]int{"tax": 1}, at(0))
		d.call("1", "q", at(0), "en")
		require.Equal(t, SeatID("a"), assigned(d.call("2", "q", at(0), "tax"))["2"])
		require.Equal(t, []Decision{Overflow{"3", "q", Target{Kind: ToVoicemail}, ReasonLength, 0}}, d.call("3", "q", at(0)))
	})
	t.Run("a full queue refuses, or sends on along a chain", func(t *testing.T) {
		d := newDesk(t, QueueConfig{ID: "q", MaxLength: 1, WhenFull: Target{ToQueue, "r"}}, QueueConfig{ID: "r", MaxLength: 1})
		require.Empty(t, d.call("1", "q", at(0)))
		require.Len(t, d.call("2", "q", at(0)), 1)
		require.Equal(t, []Decision{
			Overflow{"3", "q", Target{ToQueue, "r"}, ReasonFull, 0}, Refused{"3", "r", ReasonFull},
		}, d.call("3", "q", at(0)))
		require.False(t, d.Abandon("3", at(1)))
	})
	t.Run("a call returned to the head is not sent away by the length", func(t *testing.T) {
		d := newDesk(t, QueueConfig{ID: "q", MaxLength: 1})
		d.free("a", nil, at(0))
		d.call("1", "q", at(0))
		d.call("2", "q", at(1))
		req, _ := d.Declined("1", "a", at(15))
		require.Empty(t, d.Offer(req, at(15)))
	})
	t.Run("at the maximum wait", func(t *testing.T) {
		d := newDesk(t, QueueConfig{ID: "q", MaxWait: time.Minute, AtMaxWait: callback}, QueueConfig{ID: "r", MaxWait: time.Minute})
		d.call("1", "q", at(0))
		d.call("2", "r", at(0))
		require.Equal(t, []Decision{
			Overflow{"1", "q", callback, ReasonMaxWait, time.Minute}, Refused{"2", "r", ReasonMaxWait},
		}, d.Tick(at(60)))
	})
}

func TestAnUnansweredCallReturnsToTheHeadOfItsQueue(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", nil, at(0))
	d.call("first", "q", at(1))
	d.call("second", "q", at(2))
	d.Offer(Request{Call: "urgent", Queue: "q", Priority: 100, EnteredAt: at(3)}, at(3))

	req, ok := d.Declined("first", "a", at(16))
	require.True(t, ok)
	require.Equal(t, Request{Call: "first", Queue: "q", EnteredAt: at(1), AtHead: true}, req)
	require.Empty(t, d.Offer(req, at(16)), "the seat that didn't answer is not free")
	require.Equal(t, []CallID{"first", "urgent", "second"}, order(d, "q", at(17)))
	require.Equal(t, map[CallID]SeatID{"first": "b"}, assigned(d.free("b", nil, at(17))))

	_, ok = d.Declined("first", "a", at(18))
	require.False(t, ok, "it rings at b now")
	st, _ := d.Stats("q", at(18))
	require.EqualValues(t, 3, st.Offered, "a returned call is no new request")
}

// The caller may hang up between the seat's refusal and the floor's new offer, or the floor may
// never offer it again.
func TestAReturnedCallIsNotLost(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", nil, at(0))
	d.call("1", "q", at(0))
	_, ok := d.Declined("1", "a", at(10))
	require.True(t, ok)
	require.True(t, d.Abandon("1", at(11)))

	d.SeatFree("a", at(20))
	d.call("2", "q", at(20))
	d.SeatSignedOut("a", at(30))
	next, ok := d.NextTick()
	require.True(t, ok)
	require.True(t, next.Equal(at(90)))
	require.Empty(t, d.Tick(next))
	st, _ := d.Stats("q", at(90))
	require.EqualValues(t, 2, st.Abandoned)
	require.EqualValues(t, 2, st.AbandonedRinging)
	require.False(t, d.Abandon("2", at(91)))
}

// order is the queue's calls as the board lists them.
func order(d desk, queue QueueID, now time.Time) []CallID {
	var ids []CallID
	for _, w := range d.Waiting(queue, 100, now) {
		ids = append(ids, w.Call)
	}
	return ids
}

func TestSeatStates(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	require.Empty(t, d.SeatFree("ghost", at(0)), "not signed in")
	d.SeatSignedIn(Seat{ID: "a"}, at(0))
	require.Empty(t, d.call("1", "q", at(0)), "signed in is not free")
	require.Equal(t, map[CallID]SeatID{"1": "a"}, assigned(d.SeatFree("a", at(1))))
	require.Empty(t, d.call("2", "q", at(2)))
	require.True(t, d.Answered("1", "a", at(3)))
	require.False(t, d.Answered("1", "a", at(3)), "once only")
	d.SeatBusy("a", at(60)) // wrap-up
	require.Empty(t, d.Tick(at(61)))
	require.Equal(t, map[CallID]SeatID{"2": "a"}, assigned(d.SeatFree("a", at(70))))
	require.True(t, d.Abandon("2", at(71)))
	require.Empty(t, d.call("3", "q", at(72)), "its phone may still ring")
	require.Equal(t, map[CallID]SeatID{"3": "a"}, assigned(d.SeatFree("a", at(73))))
	d.Answered("3", "a", at(74))
	require.Empty(t, d.SeatFree("a", at(80)))
	require.Empty(t, d.SeatFree("a", at(81)), "free already")
	d.SeatBusy("a", at(82))
	require.Empty(t, d.call("4", "q", at(83)))
	d.SeatSignedOut("a", at(84))
	require.Empty(t, d.SeatFree("a", at(85)))
}

func TestNewSkillsCountAtOnce(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", map[Skill]int{"tax": 1}, at(0))
	d.call("1", "q", at(1), "en")
	got := d.SeatSignedIn(Seat{ID: "a", Skills: map[Skill]int{"en": 1, "tax": 0}}, at(2))
	require.Equal(t, map[CallID]SeatID{"1": "a"}, assigned(got))
}

func TestRefusals(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	require.Equal(t, []Decision{Refused{"1", "x", ReasonUnknownQueue}}, d.call("1", "x", at(0)))
	require.Equal(t, []Decision{Refused{"", "q", ReasonNoCall}}, d.call("", "q", at(0)))
	require.Empty(t, d.call("2", "q", at(0)))
	require.Empty(t, d.call("2", "q", at(0)), "offered twice, held once")
	require.Equal(t, []CallID{"2"}, order(d, "q", at(0)))
	require.False(t, d.Abandon("1", at(1)))
}

func TestTheClockNeverGoesBack(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Ceiling: 30 * time.Second})
	d.call("1", "q", at(100), "tax")
	require.Equal(t, time.Duration(0), d.Waiting("q", 1, at(50))[0].Waited)
	d.Offer(Request{Call: "2", Queue: "q"}, at(50))
	require.True(t, d.Waiting("q", 2, at(50))[1].EnteredAt.Equal(at(100)))
}

func TestUnusedShapesAreForgotten(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	for i := range 100 {
		d.Offer(Request{Call: "c", Queue: "q", All: []Need{{Skill: "tax", Min: 1 + i%10}}, Exclude: []SeatID{SeatID(rune('a' + i))}}, at(float64(i)))
		d.Abandon("c", at(float64(i)))
	}
	d.call("stays", "q", at(100), "wages")
	require.NotEmpty(t, d.shapes)
	d.Tick(at(3600))
	require.Len(t, d.shapes, 1)
	require.Len(t, d.classKeys, 1)
	d.free("a", map[Skill]int{"wages": 1}, at(3601))
	require.Empty(t, d.Waiting("q", 10, at(3602)), "the one that stayed was served")
}
