package acd

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// t0 is when tests begin.
var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// at is t0 plus a number of seconds.
func at(seconds float64) time.Time { return t0.Add(time.Duration(seconds * float64(time.Second))) }

// desk is an engine under test with shorthands.
type desk struct {
	*Engine
	t *testing.T
}

func newDesk(t *testing.T, queues ...QueueConfig) desk {
	t.Helper()
	e, err := New(Config{Queues: queues})
	require.NoError(t, err)
	return desk{e, t}
}

// free signs a seat in and frees it. Skills are "name=level" pairs of a map.
func (d desk) free(id SeatID, skills map[Skill]int, now time.Time, queues ...QueueID) []Decision {
	d.t.Helper()
	d.SeatSignedIn(Seat{ID: id, Skills: skills, Queues: queues}, now)
	return d.SeatFree(id, now)
}

// call offers a call that wants the given skills at level 1 or more.
func (d desk) call(id CallID, queue QueueID, now time.Time, skills ...Skill) []Decision {
	d.t.Helper()
	req := Request{Call: id, Queue: queue, EnteredAt: now}
	for _, s := range skills {
		req.All = append(req.All, Need{Skill: s})
	}
	return d.Offer(req, now)
}

// assigned gives the (call, seat) pairs of decisions.
func assigned(list []Decision) map[CallID]SeatID {
	out := map[CallID]SeatID{}
	for _, d := range list {
		if a, ok := d.(Assign); ok {
			out[a.Call] = a.Seat
		}
	}
	return out
}

func TestCallGoesToTheFreeSeatThatFits(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "general"})
	d.free("1", map[Skill]int{"tax": 3}, t0)
	d.free("2", map[Skill]int{"wages": 5}, t0)

	require.Empty(t, d.Offer(Request{Call: "c0", Queue: "general", All: []Need{{"tax", 4}}}, t0), "level too low")
	require.Equal(t, map[CallID]SeatID{"c1": "2"}, assigned(d.call("c1", "general", t0, "wages")))
	require.Equal(t, map[CallID]SeatID{"c2": "1"}, assigned(d.call("c2", "general", t0, "tax")))
	require.Empty(t, d.call("c3", "general", t0, "wages"), "the seat is reserved")

	require.True(t, d.Answered("c1", "2", at(3)))
	require.Equal(t, map[CallID]SeatID{"c3": "2"}, assigned(d.SeatFree("2", at(60))))
}
