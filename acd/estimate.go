package acd

import (
	"math"
	"time"
)

// Band is a wait as it is announced: between Low and High.
type Band struct {
	Low  time.Duration `json:"low"`
	High time.Duration `json:"high"` // zero: open, "more than Low"
	// Known is false while nothing can be said, for example because no seat that fits is working.
	Known bool `json:"known"`
}

// rivals are the classes a class competes with for seats, grown from those that need its seats
// most to those that need them least. A call waits at least as long as each group of rivals,
// served in the order of their scores, keeps all the seats that fit any of them busy.
type rivals struct {
	groups [len(rivalShares)][]int // class numbers that join, group by group
	layout uint64                  // of the classes this was worked out for
	at     int64                   // ns; 0: never
}

// rivalShares are the parts of a class's seats that fit the class in question from which on it
// counts as its rival, group by group.
var rivalShares = [...]float64{1, 0.5, 0}

const (
	// rivalsFor is how long rivals are used although seats come and go.
	rivalsFor = int64(5 * time.Second)
	// freshServices is how many (decayed) ended calls a service rate needs to be believed.
	freshServices = 3
	// exactTerms is up to how many terms the predictor's sum is added up one by one.
	exactTerms = 32
)

// Position is what a waiting caller may be told: the place in its queue (1 is next) and the
// estimated wait as a band. Neither ever gets worse from one answer to the next, as callers
// would not understand it; Waiting has the plain order. False: the call doesn't wait.
func (e *Engine) Position(id CallID, now time.Time) (place int, wait Band, ok bool) {
	e.setNow(now)
	c := e.calls[id]
	if c == nil || c.state != callWaiting {
		return 0, Band{}, false
	}
	place = 1
	for _, other := range c.queue.classes {
		place += other.line.before(c.rank)
	}
	if c.place == 0 || place < int(c.place) {
		c.place = int32(place)
	}
	if est, known := e.estimate(c); known {
		band := 0
		for band < len(e.bands) && est > float64(e.bands[band]) {
			band++
		}
		c.band = min(c.band, int16(band))
	}
	return int(c.place), e.bandAt(int(c.band)), true
}

func (e *Engine) bandAt(n int) Band {
	if n > len(e.bands) {
		return Band{}
	}
	b := Band{Known: true}
	if n > 0 {
		b.Low = time.Duration(e.bands[n-1])
	}
	if n < len(e.bands) {
		b.High = time.Duration(e.bands[n])
	}
	return b
}

// Estimate is how much longer a waiting call is expected to wait until a seat gets it. False: the
// call doesn't wait, or nothing can be said.
func (e *Engine) Estimate(id CallID, now time.Time) (time.Duration, bool) {
	e.setNow(now)
	c := e.calls[id]
	if c == nil || c.state != callWaiting {
		return 0, false
	}
	est, known := e.estimate(c)
	return time.Duration(min(est, float64(math.MaxInt64/2))), known
}

// estimate is the abandonment-aware queue-length predictor: a caller with Q calls ahead waits
// Σ 1/(s·μ + i·θ) for i = 0..Q, where s·μ is the rate at which the seats that fit end calls and θ
// the rate at which one waiting caller gives up. Calls ahead count by how much of their supply
// of seats this call competes for. Without fresh figures it is the delay of the head of the line.
func (e *Engine) estimate(c *call) (ns float64, known bool) {
	class := c.class
	seats, rate := e.supply(class.profiles)
	if seats == 0 {
		return 0, false
	}
	if rate == 0 {
		return e.headDelay(c)
	}
	q := c.queue
	q.abandons.advance(e.now)
	theta := 0.0
	if q.abandons.exposure > 0 {
		theta = q.abandons.events / q.abandons.exposure
	}
	ns = predict(0, float64(seats)*rate, theta)
	ahead := 0
	e.fit = append(e.fit[:0], class.profiles...)
	for _, group := range e.rivalsOf(class) {
		before := 0
		for _, i := range group {
			if n := e.before(c, e.classes[i]); n > 0 {
				before += n
				e.fit.add(e.classes[i].profiles)
			}
		}
		if before == 0 {
			continue
		}
		ahead += before
		if seats, rate := e.supply(e.fit); rate > 0 {
			ns = max(ns, predict(ahead, float64(seats)*rate, theta))
		}
	}
	return ns, true
}

// supply is how many seats of the profiles are working, and the rate (per ns) at which one of
// them ends calls; rate 0 means that too few have ended lately to tell.
func (e *Engine) supply(profiles bitset) (seats int, rate float64) {
	var ended, busy float64
	profiles.each(func(i int) {
		p := e.profiles[i]
		p.service.advance(e.now)
		seats += p.present
		ended += p.service.events
		busy += p.service.exposure
	})
	if ended < freshServices || busy <= 0 {
		return seats, 0
	}
	return seats, ended / busy
}

// predict sums 1/(supply + i·theta) for i = 0..ahead.
func predict(ahead int, supply, theta float64) float64 {
	sum := 0.0
	exact := min(ahead, exactTerms)
	for i := 0; i <= exact; i++ {
		sum += 1 / (supply + float64(i)*theta)
	}
	switch {
	case ahead == exact:
		return sum
	case theta <= 0:
		return sum + float64(ahead-exact)/supply
	}
	// The remaining terms by the midpoint rule: ∫ dx/(supply + x·theta).
	from, to := float64(exact)+0.5, float64(ahead)+0.5
	return sum + math.Log((supply+to*theta)/(supply+from*theta))/theta
}

// before is how many calls of a class will be served before c by a seat that fits both.
func (e *Engine) before(c *call, other *class) int {
	if other.line.count == 0 {
		return 0
	}
	r := c.rank
	if other.queue != c.queue {
		// The virtual start that has the same score in the other queue now.
		score := float64(e.now-c.start) * c.queue.perNano
		start := float64(e.now) - score/other.queue.perNano
		r.start = int64(max(start, math.MinInt64/2))
	}
	return other.line.before(r)
}

// rivalsOf brings the class's rivals up to date.
func (e *Engine) rivalsOf(c *class) [len(rivalShares)][]int {
	r := &c.rivals
	if r.at > 0 && r.layout == e.layout && e.now-r.at < rivalsFor {
		return r.groups
	}
	*r = rivals{layout: e.layout, at: e.now}
	for i, other := range e.classes {
		if other == nil {
			continue
		}
		shared, all := 0, 0
		other.profiles.each(func(p int) { all += e.profiles[p].present })
		both(c.profiles, other.profiles, func(p int) { shared += e.profiles[p].present })
		if shared == 0 && other != c {
			continue
		}
		g := 0
		for other != c && float64(shared) < rivalShares[g]*float64(all) {
			g++
		}
		r.groups[g] = append(r.groups[g], i)
	}
	return r.groups
}

// headDelay is how long the call at the head of c's line has waited, or, if that is c itself, how
// long the call last given to a seat had.
func (e *Engine) headDelay(c *call) (ns float64, known bool) {
	if head := c.queue.longest(); head != c {
		return float64(e.now - head.entered), true
	}
	return float64(c.queue.lastWait), c.queue.lastWait > 0
}
