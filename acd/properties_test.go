package acd

import (
	"testing"

	"pgregory.net/rapid"
)

func nothing() {}

func TestNoSeatHasTwoCalls(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		w.onAssign = func(c *worldCall, s *worldSeat) {
			if s.call != "" {
				w.t.Fatalf("seat %s has %s and was given %s", s.ID, s.call, c.Call)
			}
		}
		return nothing
	})
}

// A seat serves several queues here; what one queue's calls do to it must bind all the others.
func TestNoOfferInsideWrapUp(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		w.onAssign = func(c *worldCall, s *worldSeat) {
			if !s.free {
				w.t.Fatalf("seat %s is not free and was given %s of queue %s", s.ID, c.Call, c.Queue)
			}
		}
		return nothing
	})
}

func TestOnlySeatsThatFitGetACall(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		w.onAssign = func(c *worldCall, s *worldSeat) {
			if !w.fits(s, c) {
				w.t.Fatalf("seat %s doesn't fit %+v", s.ID, c.Request)
			}
		}
		return nothing
	})
}

func TestNoQualifiedPairIsLeftApart(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		return func() {
			for _, s := range w.seats {
				for _, c := range w.calls {
					if s.free && c.waiting && w.fits(s, c) {
						w.t.Fatalf("seat %s is free and fits the waiting %+v", s.ID, c.Request)
					}
				}
			}
		}
	})
}

func TestNobodyIsOvertakenByALaterEqualCall(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		w.onAssign = func(c *worldCall, s *worldSeat) {
			for _, o := range w.calls {
				if o.waiting && o != c && sameWish(o, c) && o.EnteredAt.Before(c.EnteredAt) && o.Priority >= c.Priority && !c.AtHead {
					w.t.Fatalf("%+v overtook %+v", c.Request, o.Request)
				}
			}
		}
		return nothing
	})
}

// Of all the waiting calls a seat fits, it gets the returned one, else the one with the highest
// score, on equal scores the one that entered first.
func TestASeatGetsTheCallWithTheHighestScore(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		w.onAssign = func(c *worldCall, s *worldSeat) {
			for _, o := range w.calls {
				if !o.waiting || o == c || !w.fits(s, o) || c.AtHead {
					continue
				}
				if o.AtHead {
					w.t.Fatalf("%+v went before the returned %+v", c.Request, o.Request)
				}
				mine, other := w.score(c), w.score(o)
				if other > mine+1e-9 || other > mine-1e-9 && o.EnteredAt.Before(c.EnteredAt) {
					w.t.Fatalf("%+v (score %f) went before %+v (score %f)", c.Request, mine, o.Request, other)
				}
			}
		}
		return nothing
	})
}

// Every offer ends in exactly one of assigned, abandoned, overflowed, called back, refused.
func TestEveryOfferEndsOnce(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		return func() {
			var waiting, ringing int
			var offered, left int64
			for _, q := range w.cfg.Queues {
				st, _ := w.e.Stats(q.ID, w.now)
				waiting += st.Waiting
				ringing += st.Ringing
				offered += st.Offered
				left += st.Answered + st.Abandoned + st.ToCallback + st.ToVoicemail + st.Refused
				in := st.Offered + st.OverflowedIn
				out := st.Answered + st.Abandoned + st.ToQueue + st.ToCallback + st.ToVoicemail + st.Refused
				if in != out+int64(st.Waiting+st.Ringing) {
					w.t.Fatalf("queue %s: %d came, %d left, %+v", q.ID, in, out, st)
				}
			}
			if waits := len(w.callIDs(func(c *worldCall) bool { return c.waiting })); waits != waiting {
				w.t.Fatalf("%d calls wait, the engine counts %d", waits, waiting)
			}
			if rings := len(w.callIDs(func(c *worldCall) bool { return c.seat != "" })); rings != ringing {
				w.t.Fatalf("%d calls ring, the engine counts %d", rings, ringing)
			}
			if offered != int64(w.nextID) || left != int64(len(w.ended)) || offered != left+int64(len(w.calls)) {
				w.t.Fatalf("%d offered, engine says %d; %d ended, engine says %d; %d open", w.nextID, offered, len(w.ended), left, len(w.calls))
			}
			for id, how := range w.ended {
				if len(how) != 1 || how[0] == "assigned false" || how[0] == "abandoned false" {
					w.t.Fatalf("%s ended %v", id, how)
				}
			}
		}
	})
}

// What a caller is told never gets worse.
func TestAnnouncementsNeverRise(t *testing.T) {
	type told struct {
		place int
		band  Band
	}
	checkWorld(t, func(w *world) func() {
		last := map[CallID]told{}
		queue := map[CallID]QueueID{}
		return func() {
			for _, id := range w.callIDs(func(c *worldCall) bool { return c.waiting }) {
				place, band, ok := w.e.Position(id, w.now)
				if !ok || place < 1 {
					w.t.Fatalf("%s waits, its position is %d %v", id, place, ok)
				}
				before, heard := last[id]
				if heard && queue[id] == w.calls[id].Queue && (place > before.place || before.band.Known && (!band.Known || band.Low > before.band.Low)) {
					w.t.Fatalf("%s heard %+v, then %d %+v", id, before, place, band)
				}
				last[id], queue[id] = told{place, band}, w.calls[id].Queue
			}
		}
	})
}

// Waiting lists the calls of a queue in the order of their scores.
func TestTheBoardListsCallsInTheirOrder(t *testing.T) {
	checkWorld(t, func(w *world) func() {
		return func() {
			for _, q := range w.cfg.Queues {
				list := w.e.Waiting(q.ID, 100, w.now)
				if n := len(w.callIDs(func(c *worldCall) bool { return c.waiting && c.Queue == q.ID })); n != len(list) {
					w.t.Fatalf("%d wait in %s, %d are listed", n, q.ID, len(list))
				}
				for i := 1; i < len(list); i++ {
					a, b := w.calls[list[i-1].Call], w.calls[list[i].Call]
					if b.AtHead && !a.AtHead || a.AtHead == b.AtHead && w.score(b) > w.score(a)+1e-9 {
						w.t.Fatalf("%+v is listed before %+v", a.Request, b.Request)
					}
				}
			}
		}
	})
}

// The same history gives the same decisions, and an engine that was replaced from its snapshot at
// any moment decides like one that never was.
func TestSameHistorySameDecisions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		twin, err := New(w.cfg)
		if err != nil {
			rt.Fatal(err)
		}
		w.twin = twin
		w.run(nothing)
	})
}
