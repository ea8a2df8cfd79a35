package simulate

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/open12345/hotline/acd"
)

// simulation is one run of a plan.
type simulation struct {
	plan   *Plan
	e      *acd.Engine
	now    time.Time
	events events
	seq    uint64
	rand   *rand.Rand
	calls  map[acd.CallID]*caller
	seats  map[acd.SeatID]*agent
	nextID int
	report *Report
	order  orderWatch
	// queued is called when a call has to wait, given when a seat gets a call. Nil is not called.
	queued func(c *caller)
	given  func(c *caller)
}

// caller is one call.
type caller struct {
	id      acd.CallID
	stream  int
	entered time.Time
	queue   acd.QueueID
	seat    *agent // that rings or talks
	waiting bool
	over    bool // answered, given up or moved out: nothing ends it any more
	guess   guess
}

// agent is one seat.
type agent struct {
	id      acd.SeatID
	crew    *Crew
	figures *SeatFigures
	state   agentState
	since   time.Time
	leaving bool // the shift is over, or the rest due, once the call is done
	resting bool
}

type agentState int

const (
	signedOut agentState = iota
	idle
	ringing
	busy
	away
)

type event struct {
	at  time.Time
	seq uint64
	do  func()
}

type events []event

func (h events) Len() int { return len(h) }
func (h events) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].seq < h[j].seq
}
func (h events) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is for container/heap.
func (h *events) Push(x any) { *h = append(*h, x.(event)) }

// Pop is for container/heap.
func (h *events) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = event{}
	*h = old[:len(old)-1]
	return last
}

// Run simulates the plan to the end of its last call.
func Run(plan Plan) (*Report, error) {
	s, err := prepare(&plan)
	if err != nil {
		return nil, err
	}
	s.run()
	return s.report, nil
}

func prepare(plan *Plan) (*simulation, error) {
	e, err := acd.New(plan.Config)
	if err != nil {
		return nil, fmt.Errorf("simulate %s: %w", plan.Name, err)
	}
	s := &simulation{
		plan: plan, e: e, now: plan.Start, rand: rand.New(rand.NewPCG(plan.Seed, 12345)),
		calls: make(map[acd.CallID]*caller), seats: make(map[acd.SeatID]*agent), report: newReport(plan),
	}
	s.order = newOrderWatch()
	for i := range plan.Crews {
		s.hire(&plan.Crews[i])
	}
	for i := range plan.Callers {
		s.nextCall(i)
	}
	return s, nil
}

func (s *simulation) run() {
	for len(s.events) > 0 {
		next := s.events[0].at
		if tick, ok := s.e.NextTick(); ok && tick.Before(next) {
			if tick.After(s.now) {
				s.now = tick
			}
			s.carryOut(s.e.Tick(s.now))
			continue
		}
		ev := heap.Pop(&s.events).(event)
		s.now = ev.at
		ev.do()
	}
	s.report.finish(s.now)
}

func (s *simulation) after(d time.Duration, do func()) {
	s.seq++
	heap.Push(&s.events, event{s.now.Add(max(d, 0)), s.seq, do})
}

// hire plans the shifts of a crew's seats.
func (s *simulation) hire(crew *Crew) {
	for n := range crew.Seats {
		a := &agent{id: acd.SeatID(crew.Name + "-" + strconv.Itoa(n)), crew: crew, since: s.now}
		a.figures = s.report.seat(a.id, crew.Name)
		s.seats[a.id] = a
		s.after(crew.From, func() {
			s.set(a, away)
			s.carryOut(s.e.SeatSignedIn(acd.Seat{ID: a.id, Skills: crew.Skills, Queues: crew.Queues}, s.now))
			s.ready(a)
		})
		s.after(crew.To, func() { s.wants(a, false) })
		if crew.Rest > 0 {
			middle := crew.From + (crew.To-crew.From)*2/5
			s.after(middle+time.Duration(s.rand.Int64N(int64(crew.To-crew.From)/5)), func() { s.wants(a, true) })
		}
	}
}

// wants has the agent leave for a rest, or home, as soon as there is no call.
func (s *simulation) wants(a *agent, rest bool) {
	a.leaving = true
	a.resting = rest
	if a.state == idle {
		s.ready(a)
	}
}

// ready is where an agent is when nothing is left to do: at a rest, home, or free.
func (s *simulation) ready(a *agent) {
	switch {
	case a.leaving && a.resting:
		a.leaving = false
		s.set(a, away)
		s.e.SeatAway(a.id, s.now)
		s.after(a.crew.Rest, func() {
			if a.state == away {
				s.ready(a)
			}
		})
	case a.leaving:
		s.set(a, signedOut)
		s.e.SeatSignedOut(a.id, s.now)
	default:
		s.set(a, idle)
		s.carryOut(s.e.SeatFree(a.id, s.now))
	}
}

// set changes an agent's state and books the time in the last one.
func (s *simulation) set(a *agent, to agentState) {
	a.figures.book(a.state, s.now.Sub(a.since))
	a.state, a.since = to, s.now
}

// nextCall plans the next call of a stream, by thinning a Poisson process of its peak rate.
func (s *simulation) nextCall(stream int) {
	c := &s.plan.Callers[stream]
	at := s.now
	for {
		at = at.Add(time.Duration(s.rand.ExpFloat64() / c.Peak * float64(time.Second)))
		since := at.Sub(s.plan.Start)
		if since >= s.plan.Length {
			return
		}
		if s.rand.Float64()*c.Peak < c.Rate(since) {
			break
		}
	}
	s.after(at.Sub(s.now), func() {
		s.arrive(stream)
		s.nextCall(stream)
	})
}

func (s *simulation) arrive(stream int) {
	from := &s.plan.Callers[stream]
	s.nextID++
	c := &caller{id: acd.CallID(strconv.Itoa(s.nextID)), stream: stream, entered: s.now}
	s.calls[c.id] = c
	s.report.Streams[stream].Offered++
	s.after(from.Patience.draw(s.rand), func() { s.giveUp(c) })
	s.offer(c, acd.Request{
		Call: c.id, Queue: from.Queue, All: from.All, Any: from.Any, Priority: from.Priority, EnteredAt: s.now,
	})
	if c.waiting && s.queued != nil {
		s.queued(c)
	}
}

func (s *simulation) offer(c *caller, req acd.Request) {
	c.waiting, c.queue = true, req.Queue
	s.order.enter(c)
	s.carryOut(s.e.Offer(req, s.now))
}

func (s *simulation) giveUp(c *caller) {
	if c.over {
		return
	}
	s.e.Abandon(c.id, s.now)
	s.report.Streams[c.stream].abandoned(s.now.Sub(c.entered), s.target(c))
	s.over(c)
	if a := c.seat; a != nil { // its phone stops ringing
		c.seat = nil
		s.ready(a)
	}
}

func (s *simulation) over(c *caller) {
	c.over, c.waiting = true, false
	delete(s.calls, c.id)
}

func (s *simulation) target(c *caller) time.Duration {
	q, _ := s.e.Queue(s.plan.Callers[c.stream].Queue)
	return q.Target
}

// carryOut does what the floor does with decisions.
func (s *simulation) carryOut(decisions []acd.Decision) {
	for _, d := range decisions {
		switch d := d.(type) {
		case acd.Assign:
			s.ring(s.calls[d.Call], s.seats[d.Seat], d.Step)
		case acd.Overflow:
			c := s.calls[d.Call]
			if d.To.Kind == acd.ToQueue {
				s.report.Streams[c.stream].Moved++
				c.queue = d.To.Queue
				s.order.enter(c)
				continue
			}
			s.report.Streams[c.stream].Overflowed++
			s.over(c)
		case acd.Refused:
			c := s.calls[d.Call]
			s.report.Streams[c.stream].Refused++
			s.over(c)
		}
	}
}

func (s *simulation) ring(c *caller, a *agent, step int) {
	c.waiting, c.seat = false, a
	s.report.inversions(s.order.leave(c))
	if step > 0 {
		s.report.Streams[c.stream].Relaxed++
	}
	if s.given != nil {
		s.given(c)
	}
	s.set(a, ringing)
	if s.rand.Float64() < s.plan.Unanswered {
		s.after(15*time.Second, func() { s.noAnswer(c, a) })
		return
	}
	s.after(s.plan.Ring.draw(s.rand), func() { s.answer(c, a) })
}

func (s *simulation) noAnswer(c *caller, a *agent) {
	if c.over || c.seat != a {
		return
	}
	c.seat = nil
	s.set(a, away)
	req, _ := s.e.Declined(c.id, a.id, s.now)
	s.report.Unanswered++
	s.after(time.Minute, func() {
		if a.state == away {
			s.ready(a)
		}
	})
	s.offer(c, req)
}

func (s *simulation) answer(c *caller, a *agent) {
	if c.over || c.seat != a {
		return
	}
	s.e.Answered(c.id, a.id, s.now)
	s.report.Streams[c.stream].answered(s.now.Sub(c.entered), s.target(c))
	s.over(c)
	s.set(a, busy)
	a.figures.Calls++
	s.after(a.crew.Talk.draw(s.rand)+a.crew.WrapUp.draw(s.rand), func() { s.ready(a) })
}
