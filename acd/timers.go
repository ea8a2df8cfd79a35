package acd

import (
	"cmp"
	"slices"
	"time"
)

// timer is the next time a rule applies to a waiting call.
type timer struct {
	due  int64
	seq  uint64 // of the call: equal times go by order of offer
	call *call
}

func (t *timer) before(o *timer) bool {
	return t.due < o.due || t.due == o.due && t.seq < o.seq
}

// timers is a heap with four children a node; calls know their place in it.
type timers struct{ heap []timer }

const noTimer = -1

// set starts the call's timer; never starts none. The call must have none.
func (t *timers) set(c *call, due int64) {
	if due == never {
		return
	}
	t.heap = append(t.heap, timer{due, c.seq, c})
	t.up(len(t.heap) - 1)
}

// drop stops the call's timer, if it has one.
func (t *timers) drop(c *call) {
	at := c.timerAt
	if at == noTimer {
		return
	}
	c.timerAt = noTimer
	last := len(t.heap) - 1
	moved := t.heap[last]
	t.heap[last] = timer{}
	t.heap = t.heap[:last]
	if at == last {
		return
	}
	t.heap[at] = moved
	moved.call.timerAt = at
	t.down(at)
	t.up(moved.call.timerAt)
}

func (t *timers) up(i int) {
	moving := t.heap[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !moving.before(&t.heap[parent]) {
			break
		}
		t.heap[i] = t.heap[parent]
		t.heap[i].call.timerAt = i
		i = parent
	}
	t.heap[i] = moving
	moving.call.timerAt = i
}

func (t *timers) down(i int) {
	moving := t.heap[i]
	for {
		first := 4*i + 1
		if first >= len(t.heap) {
			break
		}
		least := first
		for child := first + 1; child < min(first+4, len(t.heap)); child++ {
			if t.heap[child].before(&t.heap[least]) {
				least = child
			}
		}
		if !t.heap[least].before(&moving) {
			break
		}
		t.heap[i] = t.heap[least]
		t.heap[i].call.timerAt = i
		i = least
	}
	t.heap[i] = moving
	moving.call.timerAt = i
}

// Tick carries out what has become due: relaxation, ceiling, overflow, maximum wait.
func (e *Engine) Tick(now time.Time) []Decision { return e.advance(now) }

// NextTick is when Tick has something to do next; false if nothing waits for a time.
func (e *Engine) NextTick() (time.Time, bool) {
	next := never
	if len(e.timers.heap) > 0 {
		next = e.timers.heap[0].due
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
	if h := e.timers.heap; len(h) > 0 && h[0].due <= e.now {
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
	for len(e.timers.heap) > 0 && e.timers.heap[0].due <= e.now {
		c := e.timers.heap[0].call
		e.timers.drop(c)
		if c.queue.relaxDue(c) > e.now {
			over = append(over, c)
			continue
		}
		if e.relaxCall(c) {
			relaxed = append(relaxed, c)
		}
		e.timers.set(c, c.queue.due(c))
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
	return e.place(c, next, out)
}
