package acd

import (
	"math"
	"time"
)

// seatState is what a seat is for the engine.
type seatState uint8

const (
	seatAway    seatState = iota // signed in, neither free nor with a call of ours
	seatIdle                     // may be given a call
	seatRinging                  // reserved for a call that rings there
	seatTalking                  // with an answered call, until it is free again: talk and wrap-up
)

type seat struct {
	id        SeatID
	data      Seat
	profile   *profile
	state     seatState
	seq       uint64 // of its sign-in
	call      *call  // that rings
	freeSince int64  // ns
	lastCall  int64  // ns: when a call was last given to it
	load      float64
	loadAt    int64
	occupied  float64 // orders idle seats by load; see occupation
	heapAt    [seatOrders]int
}

// loadMemory is the time after which being busy counts 1/e for LeastOccupied.
const loadMemory = float64(30 * time.Minute)

// settleLoad brings the seat's load (0 to 1: how much of the recent past it was with calls) up to
// now.
func (s *seat) settleLoad(now int64) {
	f := math.Exp(-float64(now-s.loadAt) / loadMemory)
	s.load *= f
	if s.state == seatRinging || s.state == seatTalking {
		s.load += 1 - f
	}
	s.loadAt = now
}

// occupation orders idle seats by load for as long as they are idle: their loads all fade at the
// same rate, so log(load) + time/memory stays what it was when they became idle.
func (s *seat) occupation() float64 { return math.Log(s.load) + float64(s.loadAt)/loadMemory }

// setSeat changes a seat's state and what is measured of it. Idle lists are the caller's.
func (e *Engine) setSeat(s *seat, to seatState) {
	if e.ordersUsed[byOccupied] {
		s.settleLoad(e.now)
	}
	p := s.profile
	busy := func(st seatState) int {
		if st == seatRinging || st == seatTalking {
			return 1
		}
		return 0
	}
	present := func(st seatState) int {
		if st == seatAway {
			return 0
		}
		return 1
	}
	if by := busy(to) - busy(s.state); by != 0 {
		p.service.change(e.now, by)
	}
	if s.state == seatTalking && to != seatTalking {
		p.service.count(e.now)
	}
	p.present += present(to) - present(s.state)
	s.state = to
}

// SeatSignedIn makes a seat known; it is not free until SeatFree. For a seat that is signed in
// already it changes skills and queues and keeps its state; if it is free it may get a call.
func (e *Engine) SeatSignedIn(data Seat, now time.Time) []Decision {
	out := e.advance(now)
	s := e.seats[data.ID]
	if s == nil {
		e.seq++
		s = &seat{id: data.ID, seq: e.seq, loadAt: e.now}
		e.seats[s.id] = s
		e.setProfile(s, data)
		return out
	}
	state := s.state
	if state == seatIdle {
		e.taken(s)
	}
	e.setSeat(s, seatAway)
	e.leaveProfile(s)
	e.setProfile(s, data)
	e.setSeat(s, state)
	if state != seatIdle {
		return out
	}
	return e.serve(s, out)
}

// setProfile gives a seat its profile.
func (e *Engine) setProfile(s *seat, data Seat) {
	s.data = data
	s.profile = e.profile(&data)
	s.profile.seats++
}

// SeatSignedOut forgets a seat. A call that was ringing there is as after Declined.
func (e *Engine) SeatSignedOut(id SeatID, now time.Time) {
	e.setNow(now)
	s := e.seats[id]
	if s == nil {
		return
	}
	e.putAway(s)
	e.leaveProfile(s)
	delete(e.seats, id)
}

// SeatFree makes a signed-in seat ready for a call: it gets one now or waits for one.
func (e *Engine) SeatFree(id SeatID, now time.Time) []Decision {
	out := e.advance(now)
	s := e.seats[id]
	if s == nil || s.state == seatIdle {
		return out
	}
	if s.call != nil {
		e.giveBack(s.call)
	}
	e.setSeat(s, seatIdle)
	s.freeSince = e.now
	return e.serve(s, out)
}

// serve gives an idle seat, which is in no idle list, a call or lets it wait for one.
func (e *Engine) serve(s *seat, out []Decision) []Decision {
	c := e.pickCall(s)
	if c == nil {
		e.freed(s)
		return out
	}
	e.unwait(c)
	return append(out, e.assign(c, s))
}

// SeatBusy makes a seat not free. A seat with an answered call counts as serving it (talk and
// wrap-up) until SeatFree or SeatAway; any other seat counts as away.
func (e *Engine) SeatBusy(id SeatID, now time.Time) {
	e.setNow(now)
	if s := e.seats[id]; s != nil && s.state == seatIdle {
		e.putAway(s)
	}
}

// SeatAway makes a seat not free and not counted among those who work: not ready, rest, faulty,
// dialling out. A call that was ringing there is as after Declined.
func (e *Engine) SeatAway(id SeatID, now time.Time) {
	e.setNow(now)
	if s := e.seats[id]; s != nil {
		e.putAway(s)
	}
}

func (e *Engine) putAway(s *seat) {
	if s.state == seatIdle {
		e.taken(s)
	}
	if s.call != nil {
		e.giveBack(s.call)
	}
	e.setSeat(s, seatAway)
}
