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
	byEntry  line // waiting calls by entry alone
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
	return q
}

// tooLong tells where a call goes that would have to wait now, because too many wait already.
func (q *queue) tooLong() (to Target, reason Reason, on bool) {
	for _, rule := range q.cfg.Overflow {
		if rule.AtLength > 0 && q.byEntry.count >= rule.AtLength {
			return rule.To, ReasonLength, true
		}
	}
	if q.cfg.MaxLength > 0 && q.byEntry.count >= q.cfg.MaxLength {
		return q.cfg.WhenFull, ReasonFull, true
	}
	return Target{}, "", false
}

const never = int64(math.MaxInt64)

// due is when the next rule applies to a waiting call, or never.
func (q *queue) due(c *call) int64 {
	return min(q.relaxDue(c), q.overDue(c), q.maxWaitDue(c))
}

func (q *queue) relaxDue(c *call) int64 {
	if c.step == len(q.steps) {
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
	at       int64   // ns: exposure is complete up to here
	decayed  int64   // ns: decay is complete up to here
}

const (
	// rateMemory is the time after which an observation counts 1/e.
	rateMemory = float64(40 * time.Minute)
	// decayEvery bounds how often the exponential is computed.
	decayEvery = int64(time.Second)
)

func (m *rateMeter) advance(now int64) {
	m.exposure += float64(m.active) * float64(now-m.at)
	m.at = now
	if past := now - m.decayed; past >= decayEvery {
		f := math.Exp(-float64(past) / rateMemory)
		m.events *= f
		m.exposure *= f
		m.decayed = now
	}
}

func (m *rateMeter) change(now int64, by int) {
	m.advance(now)
	m.active += by
}

func (m *rateMeter) count(now int64) {
	m.advance(now)
	m.events++
}
