package floor

import (
	"fmt"
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// dispatcher is the one goroutine that owns the engine and the seats. Calls ask it by message
// and hear by message; nobody waits for it and it waits for nobody.
type dispatcher struct {
	f       *Floor
	box     *mailbox
	engine  *acd.Engine
	seats   map[string]*seat
	byPhone map[string]*seat
	waiting map[calls.ID]offerMsg  // calls that the engine holds
	again   map[calls.ID]time.Time // offer again then
	phones  map[string]map[string]bool
	queues  []acd.QueueConfig
	day     string
	dirty   bool
	shownAt time.Time
	keptAt  time.Time
	timer   *time.Timer
}

// Messages of the dispatcher besides *order.
type (
	// offerMsg is a call that wants a seat.
	offerMsg struct {
		call     *call
		req      acd.Request
		masked   string
		language string
	}
	abandonMsg  struct{ call *call }
	declinedMsg struct {
		offer        offerMsg
		seat, reason string
	}
	answeredMsg struct {
		call *call
		seat string
	}
	// releaseMsg gives a seat back that was reserved and is not needed.
	releaseMsg struct {
		call *call
		seat string
	}
	stageMsg struct {
		call  *call
		seat  string
		stage calls.Stage
	}
	leftMsg struct {
		call      *call
		seat, why string
	}
	partyDoneMsg struct {
		call   *call
		seat   string
		talked bool
	}
	tookOverMsg struct {
		call  *call
		seat  string
		stage calls.Stage
	}
	goneMsg    struct{ call *call }
	reserveMsg struct {
		call        *call
		party, seat string
		as          seatEvent
	}
	askPlace struct {
		call *call
		seq  int
	}
	phoneMsg struct {
		node, phone string
		registered  bool
	}
)

const seatConsulted = evConsulted

func newDispatcher(f *Floor) (*dispatcher, error) {
	e, err := acd.New(f.cfg.Engine)
	if err != nil {
		return nil, fmt.Errorf("make the engine: %w", err)
	}
	d := &dispatcher{
		f: f, box: newMailbox(), engine: e, seats: map[string]*seat{}, byPhone: map[string]*seat{},
		waiting: map[calls.ID]offerMsg{}, again: map[calls.ID]time.Time{}, phones: map[string]map[string]bool{},
		queues: f.cfg.Engine.Queues, timer: stoppedTimer(),
	}
	return d, nil
}

func (d *dispatcher) run() {
	d.dirty = true
	for {
		d.arm()
		select {
		case <-d.f.ctx.Done():
			d.keep()
			for _, msg := range d.box.close() {
				if o, ok := msg.(*order); ok {
					o.refuse(RefusedNoLeader, "the floor stops")
				}
			}
			return
		case <-d.timer.C:
		case <-d.box.ready:
			if msg, ok := d.box.take(); ok {
				d.handle(msg)
			}
		}
		d.due()
	}
}

// arm sets the timer to what comes next.
func (d *dispatcher) arm() {
	now := d.f.now()
	next := now.Add(time.Second) // waits grow: figures are shown each second
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	if t, ok := d.engine.NextTick(); ok {
		sooner(t)
	}
	for _, s := range d.seats {
		if s.state == SeatWrapUp && s.Reason != reasonNoteMissing {
			sooner(s.WrapEnds)
		}
	}
	for _, t := range d.again {
		sooner(t)
	}
	if d.dirty {
		sooner(d.shownAt.Add(showEvery))
	}
	d.timer.Stop()
	d.timer.Reset(max(next.Sub(now), time.Millisecond))
}

// due carries out what its time has come for.
func (d *dispatcher) due() {
	now := d.f.now()
	d.decide(d.engine.Tick(now))
	for _, s := range d.seats {
		if s.state == SeatWrapUp && !s.WrapEnds.After(now) {
			d.wrapUpDue(s)
		}
	}
	for id, at := range d.again {
		if !at.After(now) {
			delete(d.again, id)
			if w, ok := d.waiting[id]; ok {
				d.decide(d.engine.Offer(w.req, now))
			}
		}
	}
	if day := now.Format(time.DateOnly); day != d.day {
		if d.day != "" {
			d.engine.ResetCounters()
		}
		d.day = day
	}
	d.showQueues(now)
	if now.Sub(d.keptAt) >= keepEvery {
		d.keep()
	}
}

func (d *dispatcher) handle(msg any) {
	switch m := msg.(type) {
	case offerMsg:
		d.offer(m)
	case abandonMsg:
		d.abandon(m.call)
		// A seat may have been found in the moment in which the caller chose something else.
		for name := range d.seats {
			d.released(m.call.id, name)
		}
	case declinedMsg:
		d.declined(m)
	case answeredMsg:
		d.answered(m)
	case releaseMsg:
		d.released(m.call.id, m.seat)
	case stageMsg:
		d.staged(m.call.id, m.seat, m.stage)
	case leftMsg:
		d.left(m)
	case partyDoneMsg:
		d.partyDone(m)
	case tookOverMsg:
		d.tookOver(m)
	case goneMsg:
		d.gone(m.call)
	case reserveMsg:
		d.reserve(m)
	case askPlace:
		d.place(m)
	case phoneMsg:
		d.phone(m)
	case configureMsg:
		d.configure(m)
	case profilesMsg:
		d.refresh(m)
	case reconciled:
		d.orphaned()
	case saveMsg:
		for _, s := range d.seats {
			d.f.saver.saveSeat(s)
		}
	case *order:
		d.obey(m)
	}
	d.dirty = true
}

// offer asks the engine for a seat.
func (d *dispatcher) offer(m offerMsg) {
	id := m.call.id
	d.waiting[id] = m
	d.decide(d.engine.Offer(m.req, d.f.now()))
}

func (d *dispatcher) abandon(c *call) {
	delete(d.waiting, c.id)
	delete(d.again, c.id)
	d.engine.Abandon(c.id, d.f.now())
}

// decide carries out the engine's decisions.
func (d *dispatcher) decide(list []acd.Decision) {
	for _, decision := range list {
		switch m := decision.(type) {
		case acd.Assign:
			d.assign(m)
		case acd.Overflow:
			d.overflow(m)
		case acd.Refused:
			if w, ok := d.waiting[m.Call]; ok {
				delete(d.waiting, m.Call)
				w.call.box.put(queueOver{outcome: outcomeOf(m.Reason), detail: string(m.Reason)})
			}
		}
	}
}

func outcomeOf(r acd.Reason) string {
	if r == acd.ReasonFull {
		return ivr.OutcomeFull
	}
	return ivr.OutcomeOverflow
}

func (d *dispatcher) assign(m acd.Assign) {
	s, w := d.seats[string(m.Seat)], d.waiting[m.Call]
	if s == nil || w.call == nil || !d.move(s, evOffered, "", func() {
		s.Call, s.Queue, s.Masked = m.Call, string(m.Queue), w.masked
	}) {
		d.f.log.Error("the engine chose what is not there", "call", m.Call, "seat", m.Seat)
		d.returnCall(m.Call, string(m.Seat), 0)
		return
	}
	w.call.box.put(assigned{seat: s.part(), queue: string(m.Queue)})
}

func (d *dispatcher) overflow(m acd.Overflow) {
	w, ok := d.waiting[m.Call]
	if !ok {
		return
	}
	if m.To.Kind == acd.ToQueue {
		w.req.Queue = m.To.Queue
		d.waiting[m.Call] = w
		w.call.box.put(queueMoved{string(m.To.Queue)})
		return
	}
	delete(d.waiting, m.Call)
	w.call.box.put(queueOver{outcome: outcomeOf(m.Reason), detail: string(m.Reason)})
}

// afterFailure is how long a call waits that could not reach a seat through a fault of the
// switch, so that the two don't go round each other.
const afterFailure = time.Second

// maxFailures in a row make a seat faulty.
const maxFailures = 2

// declined takes a call back that its seat did not take, and settles the seat.
func (d *dispatcher) declined(m declinedMsg) {
	id := m.offer.call.id
	var wait time.Duration
	s := d.seats[m.seat]
	mine := s != nil && s.Call == id && s.state == SeatRinging
	on := evNoAnswer
	switch m.reason {
	case declinedRejected:
		on = evRejected
	case declinedUnregistered:
		on = evPhoneFailed
	case declinedFailed:
		on, wait = evCallerGone, afterFailure
		if s != nil {
			if s.failures++; s.failures >= maxFailures {
				on = evPhoneFailed
			}
		}
	}
	req, held := d.engine.Declined(id, acd.SeatID(m.seat), d.f.now())
	if mine {
		d.move(s, on, "", s.forgetCall)
	}
	if !held { // a predecessor's engine had it
		req = m.offer.req
		req.AtHead = true
		d.waiting[id] = m.offer
	}
	d.offerAgain(id, req, wait)
}

// returnCall takes a call back that was assigned to a seat which is not there.
func (d *dispatcher) returnCall(id calls.ID, seat string, wait time.Duration) {
	if req, held := d.engine.Declined(id, acd.SeatID(seat), d.f.now()); held {
		d.offerAgain(id, req, wait)
	}
}

func (d *dispatcher) offerAgain(id calls.ID, req acd.Request, wait time.Duration) {
	w, ok := d.waiting[id]
	if !ok {
		d.engine.Abandon(id, d.f.now())
		return
	}
	w.req = req
	d.waiting[id] = w
	if wait > 0 {
		d.again[id] = d.f.now().Add(wait)
		return
	}
	d.decide(d.engine.Offer(req, d.f.now()))
}

func (d *dispatcher) answered(m answeredMsg) {
	id := m.call.id
	delete(d.waiting, id)
	d.engine.Answered(id, acd.SeatID(m.seat), d.f.now())
	if s := d.seats[m.seat]; s != nil && s.Call == id {
		s.failures = 0
		d.move(s, evAnswered, "", func() { s.CallSince, s.NeedNote = d.f.now(), true })
	}
}

// released gives a seat back that rang or was reserved in vain.
func (d *dispatcher) released(id calls.ID, name string) {
	if s := d.seats[name]; s != nil && s.Call == id && (s.state == SeatRinging || s.state == SeatDialling) {
		d.move(s, evCallerGone, "", s.forgetCall)
	}
}

var stageEvents = map[calls.Stage]seatEvent{
	calls.StageTalk: evBack, calls.StageHold: evHold, calls.StageConsult: evConsult, calls.StageThreeWay: evThreeWay,
}

func (d *dispatcher) staged(id calls.ID, name string, stage calls.Stage) {
	s := d.seats[name]
	if s == nil || s.Call != id {
		return
	}
	if s.state == SeatRinging {
		d.move(s, evJoined, "", func() { s.CallSince = d.f.now() })
		return
	}
	d.move(s, stageEvents[stage], "", nil)
}

// left begins the seat's wrap-up.
func (d *dispatcher) left(m leftMsg) {
	if s := d.seats[m.seat]; s != nil && s.Call == m.call.id {
		d.wrapUp(s)
	}
}

// partyDone ends the part of a seat that was asked by another.
func (d *dispatcher) partyDone(m partyDoneMsg) {
	s := d.seats[m.seat]
	if s == nil || s.Call != m.call.id {
		return
	}
	if !m.talked {
		d.released(s.Call, m.seat)
		return
	}
	s.NeedNote = false
	d.wrapUp(s)
}

// tookOver makes a seat that was asked the seat of the call.
func (d *dispatcher) tookOver(m tookOverMsg) {
	if s := d.seats[m.seat]; s != nil && s.Call == m.call.id {
		s.NeedNote = true
		d.move(s, stageEvents[m.stage], "", nil)
	}
}

// gone forgets a call that is over, whatever was going on with it.
func (d *dispatcher) gone(c *call) {
	id := c.id
	d.abandon(c)
	kept := false
	for _, s := range d.seats {
		if s.Call != id {
			continue
		}
		switch s.state {
		case SeatRinging, SeatDialling:
			d.move(s, evCallerGone, "", s.forgetCall)
		case SeatWrapUp:
			kept = true
		default:
			d.wrapUp(s)
			kept = kept || s.state == SeatWrapUp
		}
	}
	if !kept {
		d.f.hub.forget(id)
	}
}

// reserve keeps a seat for a consultation.
func (d *dispatcher) reserve(m reserveMsg) {
	s := d.seats[m.seat]
	id := m.call.id
	if s == nil || s.state == SeatSignedOut {
		m.call.box.put(denied{m.party, RefusedTargetNotReady})
		return
	}
	if !d.move(s, m.as, "", func() { s.Call = id }) {
		m.call.box.put(denied{m.party, RefusedTargetNotReady})
		return
	}
	if !m.call.box.put(granted{m.party, s.part()}) {
		d.released(id, m.seat)
	}
}

// place tells a waiting call what it may announce.
func (d *dispatcher) place(m askPlace) {
	p := placeMsg{seq: m.seq}
	if place, band, ok := d.engine.Position(m.call.id, d.f.now()); ok {
		p.position = place
		if band.Known {
			p.estimate = band.High
			if p.estimate == 0 {
				p.estimate = band.Low + 1
			}
		}
	}
	m.call.box.put(p)
}
