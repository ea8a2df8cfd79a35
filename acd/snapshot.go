package acd

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Snapshot is everything an engine knows besides its configuration, as plain data: a successor
// that restores it decides as the engine would have.
type Snapshot struct {
	Now   time.Time    `json:"now"`
	Fired time.Time    `json:"fired"` // rules up to then have been applied
	Seq   uint64       `json:"seq"`
	Calls []CallState  `json:"calls,omitempty"`
	Seats []SeatStatus `json:"seats,omitempty"`
	// Services are the measured service rates of seats alike, Queues what queues have counted.
	Services []ServiceState `json:"services,omitempty"`
	Queues   []QueueState   `json:"queues,omitempty"`
}

// CallState is a call in a Snapshot.
type CallState struct {
	Request Request   `json:"request"`
	Seq     uint64    `json:"seq"`
	State   string    `json:"state"` // waiting, ringing, returned
	Seat    SeatID    `json:"seat,omitempty"`
	Since   time.Time `json:"since"` // in this state
	// Place and Band (number of bounds below it) were last announced; Place 0 is never.
	Place int `json:"place,omitempty"`
	Band  int `json:"band"`
}

// SeatStatus is a seat in a Snapshot.
type SeatStatus struct {
	Seat      Seat      `json:"seat"`
	Seq       uint64    `json:"seq"`
	State     string    `json:"state"` // away, idle, ringing, talking
	FreeSince time.Time `json:"free_since,omitzero"`
	LastCall  time.Time `json:"last_call,omitzero"`
	Load      float64   `json:"load,omitempty"`
	LoadAt    time.Time `json:"load_at,omitzero"`
}

// ServiceState is the measured service rate of seats with the skills and queues of Like.
type ServiceState struct {
	Like Seat      `json:"like"`
	Rate RateState `json:"rate"`
}

// QueueState is what a queue has counted and measured.
type QueueState struct {
	Queue    QueueID       `json:"queue"`
	Counters Counters      `json:"counters"`
	Abandons RateState     `json:"abandons"`
	LastWait time.Duration `json:"last_wait"`
}

// RateState is a measured rate: decayed events per decayed exposure.
type RateState struct {
	Events   float64   `json:"events"`
	Exposure float64   `json:"exposure"` // ns
	At       time.Time `json:"at"`
}

var (
	callStates = [...]string{callWaiting: "waiting", callRinging: "ringing", callReturned: "returned"}
	seatStates = [...]string{seatAway: "away", seatIdle: "idle", seatRinging: "ringing", seatTalking: "talking"}
)

func (m *rateMeter) state(now int64) RateState {
	m.advance(now)
	return RateState{m.events, m.exposure, time.Unix(0, now)}
}

func (m *rateMeter) restore(s RateState) {
	m.events, m.exposure = s.Events, s.Exposure
	m.at = s.At.UnixNano()
}

// Snapshot gives everything the engine knows.
func (e *Engine) Snapshot() Snapshot {
	snap := Snapshot{Now: time.Unix(0, e.now), Fired: time.Unix(0, e.firedAt), Seq: e.seq}
	for _, c := range e.calls {
		state := CallState{
			Request: c.request(), Seq: c.seq, State: callStates[c.state], Since: time.Unix(0, c.since),
			Place: int(c.place), Band: int(c.band),
		}
		if c.seat != nil {
			state.Seat = c.seat.id
		}
		snap.Calls = append(snap.Calls, state)
	}
	slices.SortFunc(snap.Calls, func(a, b CallState) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, s := range e.seats {
		snap.Seats = append(snap.Seats, SeatStatus{
			Seat: s.data, Seq: s.seq, State: seatStates[s.state],
			FreeSince: instant(s.freeSince), LastCall: instant(s.lastCall), Load: s.load, LoadAt: instant(s.loadAt),
		})
	}
	slices.SortFunc(snap.Seats, func(a, b SeatStatus) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, p := range e.profiles {
		if p != nil {
			snap.Services = append(snap.Services, ServiceState{p.like, p.service.state(e.now)})
		}
	}
	for _, q := range e.inOrder {
		snap.Queues = append(snap.Queues, QueueState{q.cfg.ID, q.count, q.abandons.state(e.now), time.Duration(q.lastWait)})
	}
	return snap
}

// instant is the time of ns since 1970; 0 is the zero time.
func instant(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// Restore fills a new engine from a snapshot and carries out what became due since. Calls of
// queues that are not configured any more are refused. The engine must be as New made it.
func (e *Engine) Restore(snap Snapshot, now time.Time) ([]Decision, error) {
	if len(e.calls) > 0 || len(e.seats) > 0 {
		return nil, fmt.Errorf("restore the engine: it is in use")
	}
	e.now, e.firedAt, e.sweptAt = snap.Now.UnixNano(), snap.Fired.UnixNano(), snap.Now.UnixNano()
	for _, st := range snap.Queues {
		if q := e.queues[st.Queue]; q != nil {
			q.count, q.lastWait = st.Counters, int64(st.LastWait)
			q.abandons.restore(st.Abandons)
		}
	}
	if err := e.restoreSeats(snap); err != nil {
		return nil, err
	}
	out, err := e.restoreCalls(snap)
	if err != nil {
		return nil, err
	}
	out = append(out, e.matchAll()...)
	return append(out, e.advance(now)...), nil
}

func (e *Engine) restoreSeats(snap Snapshot) error {
	for _, st := range snap.Seats {
		state := slices.Index(seatStates[:], st.State)
		if state < 0 || e.seats[st.Seat.ID] != nil {
			return fmt.Errorf("restore seat %s: state %q, or listed twice", st.Seat.ID, st.State)
		}
		s := &seat{
			id: st.Seat.ID, seq: st.Seq, freeSince: nanos(st.FreeSince), lastCall: nanos(st.LastCall),
			load: st.Load, loadAt: nanos(st.LoadAt),
		}
		e.seats[s.id] = s
		e.setProfile(s, st.Seat)
		s.state = seatState(state)
		switch s.state {
		case seatIdle:
			s.profile.present++
			e.freed(s)
		case seatRinging, seatTalking:
			s.profile.present++
			s.profile.service.active++
		}
	}
	for _, st := range snap.Services {
		e.profile(&st.Like).service.restore(st.Rate)
	}
	return nil
}

func (e *Engine) restoreCalls(snap Snapshot) (out []Decision, err error) {
	for _, st := range snap.Calls {
		state := slices.Index(callStates[:], st.State)
		if state <= 0 || e.calls[st.Request.Call] != nil {
			return nil, fmt.Errorf("restore call %s: state %q, or listed twice", st.Request.Call, st.State)
		}
		q := e.queues[st.Request.Queue]
		if q == nil {
			out = append(out, Refused{st.Request.Call, st.Request.Queue, ReasonUnknownQueue})
			continue
		}
		c := e.newCall()
		e.fill(c, &st.Request)
		c.seq, c.place, c.band = st.Seq, int32(st.Place), int16(min(st.Band, len(e.bands)+1))
		e.calls[c.id] = c
		e.join(c, q, &st.Request)
		switch callState(state) {
		case callWaiting:
			e.wait(c)
		case callRinging:
			c.seat = e.seats[st.Seat]
			if c.seat == nil || c.seat.state != seatRinging || c.seat.call != nil {
				return nil, fmt.Errorf("restore call %s: seat %q doesn't ring for it", st.Request.Call, st.Seat)
			}
			c.seat.call = c
			q.ringing++
		case callReturned:
			e.returned = append(e.returned, c)
		}
		c.state, c.since = callState(state), st.Since.UnixNano()
	}
	e.seq = snap.Seq
	slices.SortStableFunc(e.returned, func(a, b *call) int { return cmp.Compare(a.since, b.since) })
	return out, nil
}

// matchAll joins waiting calls and idle seats that fit each other since the rules have changed,
// in the order of the calls' scores.
func (e *Engine) matchAll() (out []Decision) {
	for {
		var best *class
		e.waiting.each(func(i int) {
			c := e.classes[i]
			if e.pickSeat(c) != nil && (best == nil || e.firstOf(c, best)) {
				best = c
			}
		})
		if best == nil {
			return out
		}
		c, s := best.line.head().call, e.pickSeat(best)
		e.unwait(c)
		e.taken(s)
		out = append(out, e.assign(c, s))
	}
}

// firstOf tells whether the head of class a is served before that of b by a seat that fits both.
func (e *Engine) firstOf(a, b *class) bool {
	x, y := e.heads[a.index].score(e.now), e.heads[b.index].score(e.now)
	if x != y {
		return x > y
	}
	return a.sooner(b)
}

// Configure replaces the configuration while calls wait. What no longer fits is decided anew:
// calls of removed queues are refused, calls that now fit a free seat are assigned. A faulty
// configuration changes nothing.
func (e *Engine) Configure(cfg Config, now time.Time) ([]Decision, error) {
	fresh, err := New(cfg)
	if err != nil {
		return nil, err
	}
	out := e.advance(now)
	more, err := fresh.Restore(e.Snapshot(), now)
	if err != nil {
		return nil, fmt.Errorf("carry the calls over to the new configuration: %w", err)
	}
	*e = *fresh
	return append(out, more...), nil
}
