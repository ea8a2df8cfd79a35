package acd

import "time"

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

// advance moves the clock and carries out what has become due, in the order it became due.
func (e *Engine) advance(now time.Time) (out []Decision) {
	e.setNow(now)
	e.firedAt = e.now
	for len(e.timers.heap) > 0 && e.timers.heap[0].due <= e.now {
		out = e.fire(e.timers.heap[0].call, out)
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

// fire applies the rule that is due to a waiting call.
func (e *Engine) fire(c *call, out []Decision) []Decision {
	q := c.queue
	relax, over, maxWait := q.relaxDue(c), q.overDue(c), q.maxWaitDue(c)
	switch {
	case relax <= over && relax <= maxWait:
		return e.relaxCall(c, out)
	case maxWait <= over:
		e.unwait(c)
		return e.onward(c, q.cfg.AtMaxWait, ReasonMaxWait, out)
	default:
		e.unwait(c)
		return e.onward(c, q.overflow.To, ReasonWaited, out)
	}
}

// onward moves a call that has left its line to its target.
func (e *Engine) onward(c *call, to Target, reason Reason, out []Decision) []Decision {
	next, d := e.moveOn(c, to, reason)
	out = append(out, d)
	if next == nil {
		return out
	}
	return e.place(c, next, out)
}

// relaxCall takes a waiting call one relaxation step further.
func (e *Engine) relaxCall(c *call, out []Decision) []Decision {
	from, to := c.class(), c.shape.steps[c.step+1]
	if from != to {
		if s := e.pickSeat(to); s != nil {
			e.unwait(c)
			c.step++
			e.taken(s)
			return append(out, e.assign(c, s))
		}
		from.leave(e, c)
		to.enter(e, c)
	}
	c.step++
	e.timers.drop(c)
	e.timers.set(c, c.queue.due(c))
	return out
}
