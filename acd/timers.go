package acd

import (
	"cmp"
	"slices"
	"time"
)

// Tick carries out what has become due: relaxation, ceiling, overflow, maximum wait.
func (e *Engine) Tick(now time.Time) []Decision { return e.advance(now) }

// NextTick is when Tick has something to do next; false if nothing waits for a time.
func (e *Engine) NextTick() (time.Time, bool) {
	next := never
	if m := e.timers.next(); m != nil {
		next = m.at
	}
	if len(e.returned) > 0 {
		next = min(next, e.returned[0].since+returnWithin)
	}
	return time.Unix(0, next), next != never
}

// advance moves the clock and carries out what has become due: first every call's wish is relaxed
// as far as it is due, then relaxed calls get free seats in the order of their scores, then the
// calls still waiting whose time in the queue is over move on.
func (e *Engine) advance(now time.Time) (out []Decision) {
	e.setNow(now)
	e.firedAt = e.now
	if m, _ := e.timers.peek(); m != nil && m.at <= e.now {
		out = e.fire()
	}
	for len(e.returned) > 0 && e.returned[0].since+returnWithin <= e.now {
		e.abandon(e.returned[0])
	}
	if e.now-e.sweptAt >= excludeIdle {
		e.sweptAt = e.now
		e.sweep()
	}
	return out
}

// fire applies every rule that is due.
func (e *Engine) fire() (out []Decision) {
	relaxed, over := e.relaxed[:0], e.over[:0]
	for {
		m, late := e.timers.peek()
		if m == nil || m.at > e.now {
			break
		}
		c, holds := m.call, m.isTimer()
		e.timers.drop(late)
		if !holds {
			continue
		}
		c.due = noTimer
		if c.queue.relaxDue(c) > e.now {
			over = append(over, c)
			continue
		}
		if e.relaxCall(c) {
			relaxed = append(relaxed, c)
		}
		e.setTimer(c)
	}
	slices.SortFunc(relaxed, func(a, b *call) int {
		score := func(c *call) float64 { return float64(e.now-c.start) * c.queue.perNano }
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(a.entered, b.entered), cmp.Compare(a.seq, b.seq))
	})
	for _, c := range relaxed {
		if c.state != callWaiting { // listed twice, and assigned the first time
			continue
		}
		if s := e.pickSeat(c.class); s != nil {
			e.unwait(c)
			e.taken(s)
			out = append(out, e.assign(c, s))
		}
	}
	for _, c := range over {
		if c.state == callWaiting {
			out = e.timeOver(c, out)
		}
	}
	clear(relaxed)
	clear(over)
	e.relaxed, e.over = relaxed, over
	return out
}

// relaxCall takes a waiting call one relaxation step further; false: that changed nothing.
func (e *Engine) relaxCall(c *call) bool {
	from, to := c.class, c.shape.steps[c.step+1]
	if from != to {
		from.leave(e, c)
		to.enter(e, c)
	}
	c.step++
	c.class = to
	return from != to
}

// timeOver moves on a call whose time in the queue, or in all, is over.
func (e *Engine) timeOver(c *call, out []Decision) []Decision {
	q := c.queue
	to, reason := q.overflow.To, ReasonWaited
	if q.maxWaitDue(c) <= q.overDue(c) {
		to, reason = q.cfg.AtMaxWait, ReasonMaxWait
	}
	e.unwait(c)
	next, d := e.moveOn(c, to, reason)
	out = append(out, d)
	if next == nil {
		return out
	}
	return e.place(c, next, nil, out)
}
