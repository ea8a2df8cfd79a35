package acd

import (
	"math"
	"time"
)

// relaxation is a relaxation step as the engine uses it: the ceiling is the last one.
type relaxation struct {
	RelaxStep
	ceiling bool
}

type queue struct {
	cfg      QueueConfig
	index    int
	target   int64   // ns
	perNano  float64 // 1/target
	steps    []relaxation
	overflow OverflowRule // the one with After, if any
	classes  []*class
	lists    []markList // timers by rule
	entries  entries
	waiting  int
	ringing  int
	lastWait int64     // ns: of the call last given to a seat
	abandons rateMeter // of waiting calls
	count    Counters
}

func newQueue(cfg QueueConfig, index int) *queue {
	if cfg.Target == 0 {
		cfg.Target = DefaultTarget
	}
	if cfg.Choice == "" {
		cfg.Choice = SpecialistsFirst
	}
	q := &queue{cfg: cfg, index: index, target: int64(cfg.Target), perNano: 1 / float64(cfg.Target)}
	for _, step := range cfg.Relax {
		if cfg.Ceiling == 0 || step.After < cfg.Ceiling {
			q.steps = append(q.steps, relaxation{RelaxStep: step})
		}
	}
	if cfg.Ceiling > 0 {
		q.steps = append(q.steps, relaxation{RelaxStep: RelaxStep{After: cfg.Ceiling}, ceiling: true})
	}
	for _, rule := range cfg.Overflow {
		if rule.After > 0 {
			q.overflow = rule
		}
	}
	q.lists = make([]markList, timedRules+len(q.steps))
	return q
}

// tooLong tells where a call goes that would have to wait now, because too many wait already.
func (q *queue) tooLong() (to Target, reason Reason, on bool) {
	for _, rule := range q.cfg.Overflow {
		if rule.AtLength > 0 && q.waiting >= rule.AtLength {
			return rule.To, ReasonLength, true
		}
	}
	if q.cfg.MaxLength > 0 && q.waiting >= q.cfg.MaxLength {
		return q.cfg.WhenFull, ReasonFull, true
	}
	return Target{}, "", false
}

const never = int64(math.MaxInt64)

// setTimer starts a waiting call's timer for the rule that applies to it next.
func (e *Engine) setTimer(c *call) {
	q := c.queue
	relax, over, maxWait := q.relaxDue(c), q.overDue(c), q.maxWaitDue(c)
	c.due = noTimer
	switch first := min(relax, over, maxWait); {
	case first == never:
	case relax == first:
		e.timers.set(c, &q.lists[timedRules+int(c.step)], relax)
	case over <= maxWait:
		e.timers.set(c, &q.lists[overRule], over)
	default:
		e.timers.set(c, &q.lists[maxWaitRule], maxWait)
	}
}

// Rules of a queue that have a list of timers; relaxation steps follow.
const (
	overRule = iota
	maxWaitRule
	timedRules
)

func (q *queue) relaxDue(c *call) int64 {
	if int(c.step) == len(q.steps) {
		return never
	}
	return c.entered + int64(q.steps[c.step].After)
}

func (q *queue) overDue(c *call) int64 {
	if q.overflow.After == 0 {
		return never
	}
	return c.queued + int64(q.overflow.After)
}

func (q *queue) maxWaitDue(c *call) int64 {
	if q.cfg.MaxWait == 0 {
		return never
	}
	return c.entered + int64(q.cfg.MaxWait)
}

// rateMeter measures how often an event happens per active thing and time, the recent past
// counting more: events ÷ exposure is the rate.
type rateMeter struct {
	active   int     // things exposed now: waiting calls, busy seats
	events   float64 // decayed count
	exposure float64 // decayed thing-nanoseconds
	at       int64   // ns: both are complete up to here
}

// rateMemory is the time after which an observation counts 1/e. Talk times hardly change within
// hours, so a long memory costs little and steadies the estimate.
const rateMemory = float64(40 * time.Minute)

func (m *rateMeter) advance(now int64) {
	x := float64(now-m.at) / rateMemory
	fade := x - x*x/2 // 1 − e^−x, which is costly, for the usual few seconds
	if x > 0.01 {
		fade = -math.Expm1(-x)
	}
	m.events -= m.events * fade
	m.exposure += (float64(m.active)*rateMemory - m.exposure) * fade
	m.at = now
}

func (m *rateMeter) change(now int64, by int) {
	m.advance(now)
	m.active += by
}

func (m *rateMeter) count(now int64) {
	m.advance(now)
	m.events++
}
