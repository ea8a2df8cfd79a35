package acd

import "time"

// Engine decides who gets which call. Make it with New; not safe for concurrent use.
//
// Every method that takes `now` moves the engine's clock there. Time never goes back: an earlier
// `now` counts as the last one. Methods that return decisions first carry out what has become due.
type Engine struct {
	cfg     Config
	bands   []int64
	now     int64 // ns since 1970
	firedAt int64 // up to when timers have been carried out
	sweptAt int64
	seq     uint64

	queues   map[QueueID]*queue
	inOrder  []*queue // as configured
	calls    map[CallID]*call
	returned []*call // declined, not offered again yet; oldest first
	seats    map[SeatID]*seat
	timers   timers
	spare    []*call
	relaxed  []*call // scratch of fire
	over     []*call // scratch of fire

	skills      map[Skill]int
	shapes      map[string]*shape
	shapeList   []*shape
	classes     []*class // by number; nil is unused
	classKeys   map[string]*class
	heads       []classHead // by class number
	waiting     bitset      // classes with a waiting call
	profiles    []*profile  // by number; nil is unused
	profileKeys map[string]*profile
	idle        bitset   // profiles with an idle seat
	idleBySize  []bitset // the same, by how many skills the profile has
	ordersUsed  [seatOrders]bool
	layout      uint64 // changes when a class comes or goes
	key         []byte // scratch of shape
	fit         bitset // scratch of estimate
}

// callState is where a call is for the engine.
type callState uint8

const (
	callWaiting  callState = iota + 1
	callRinging            // given to a seat that hasn't answered
	callReturned           // the seat didn't answer; the floor is about to offer it again
)

type call struct {
	rank
	id       CallID
	due      int64 // ns: of its timer
	queue    *queue
	class    *class // shape.steps[step]
	shape    *shape
	seat     *seat
	queued   int64 // ns: into this queue
	since    int64 // ns: in this state
	state    callState
	atHead   bool
	priority int16
	step     int16 // relaxation steps taken
	band     int16 // last announced; len(bands)+1 is none yet
	place    int32 // last announced; 0 is none yet
}

// request is what was asked for, as it stands: an overflow changes queue and QueuedAt, an
// unanswered ring AtHead.
func (c *call) request() Request {
	req := Request{
		Call: c.id, Queue: c.queue.cfg.ID, All: c.shape.req.All, Any: c.shape.req.Any, Exclude: c.shape.req.Exclude,
		Priority: int(c.priority), EnteredAt: instant(c.entered), AtHead: c.atHead,
	}
	if c.queued != c.entered {
		req.QueuedAt = instant(c.queued)
	}
	return req
}

// aheadOfAll is subtracted from the virtual start of a call that returns to the head of its
// queue: 36 years, more than any priority is worth.
const aheadOfAll = int64(1) << 60

// maxPriority bounds priorities so that virtual starts stay in range.
const maxPriority = 100

// returnWithin is how long the floor has to offer a declined call again; then it counts as
// abandoned.
const returnWithin = int64(time.Minute)

// New makes an engine without seats and calls. A fault in the configuration is a *ConfigError.
func New(cfg Config) (*Engine, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	e := &Engine{
		cfg:         cfg,
		queues:      make(map[QueueID]*queue, len(cfg.Queues)),
		calls:       make(map[CallID]*call),
		seats:       make(map[SeatID]*seat),
		skills:      make(map[Skill]int),
		shapes:      make(map[string]*shape),
		classKeys:   make(map[string]*class),
		profileKeys: make(map[string]*profile),
	}
	bounds := cfg.Bands
	if len(bounds) == 0 {
		bounds = DefaultBands
	}
	for _, b := range bounds {
		e.bands = append(e.bands, int64(b))
	}
	for i := range cfg.Queues {
		q := newQueue(cfg.Queues[i], i)
		e.queues[q.cfg.ID] = q
		e.inOrder = append(e.inOrder, q)
		e.ordersUsed[q.cfg.Choice.order()] = true
	}
	return e, nil
}

// Queue gives a queue's configuration.
func (e *Engine) Queue(id QueueID) (QueueConfig, bool) {
	if q, ok := e.queues[id]; ok {
		return q.cfg, true
	}
	return QueueConfig{}, false
}

// Offer puts a call into its queue: it is assigned, overflows, is refused, or waits (no decision).
// Offering a call that already waits or rings does nothing.
func (e *Engine) Offer(req Request, now time.Time) []Decision {
	out := e.advance(now)
	q, ok := e.queues[req.Queue]
	switch {
	case req.Call == "":
		return append(out, Refused{req.Call, req.Queue, ReasonNoCall})
	case !ok:
		e.Abandon(req.Call, now)
		return append(out, Refused{req.Call, req.Queue, ReasonUnknownQueue})
	}
	c := e.calls[req.Call]
	if c != nil && c.state != callReturned {
		return out
	}
	if c == nil {
		c = e.newCall()
	} else {
		e.dropReturned(c)
	}
	e.fill(c, &req)
	e.calls[c.id] = c
	if !req.AtHead {
		q.count.Offered++
	}
	return e.place(c, q, &req, out)
}

// fill makes c the call of a request that is offered now.
func (e *Engine) fill(c *call, req *Request) {
	e.seq++
	band, place := int16(len(e.bands)+1), int32(0)
	if c.id == req.Call { // a returning call was told its place before
		band, place = c.band, c.place
	}
	*c = call{id: req.Call, band: band, place: place, atHead: req.AtHead}
	c.priority = int16(min(max(req.Priority, -maxPriority), maxPriority))
	c.seq = e.seq
	c.entered = e.now
	if !req.EnteredAt.IsZero() {
		c.entered = req.EnteredAt.UnixNano()
	}
	c.queued = c.entered
	if !req.QueuedAt.IsZero() {
		c.queued = req.QueuedAt.UnixNano()
	}
}

// place gives the call a seat of queue q, or lets it wait there, or moves it on.
func (e *Engine) place(c *call, q *queue, req *Request, out []Decision) []Decision {
	for {
		e.join(c, q, req)
		if s := e.pickSeat(c.class); s != nil {
			e.taken(s)
			return append(out, e.assign(c, s))
		}
		to, reason, on := q.tooLong()
		if !on || c.atHead {
			e.wait(c)
			return out
		}
		next, decision := e.moveOn(c, to, reason)
		out = append(out, decision)
		if next == nil {
			return out
		}
		q, req = next, nil
	}
}

// join works out the call's class and rank in queue q. A nil request is the call's own, which
// comes from another queue.
func (e *Engine) join(c *call, q *queue, req *Request) {
	if req == nil {
		own := c.request()
		own.Queue = q.cfg.ID
		req = &own
		c.shape.calls--
	}
	c.queue = q
	c.shape = e.shape(q, req)
	c.shape.calls++
	c.start = c.entered - int64(c.priority)*q.target
	if c.atHead {
		c.start -= aheadOfAll
	}
	c.step = 0
	for int(c.step) < len(q.steps) && c.entered+int64(q.steps[c.step].After) <= e.firedAt {
		c.step++
	}
	c.class = c.shape.steps[c.step]
}

// wait puts a joined call into the line of its class and starts its timer.
func (e *Engine) wait(c *call) {
	c.state, c.since = callWaiting, e.now
	c.class.enter(e, c)
	q := c.queue
	q.entries.push(c)
	q.waiting++
	q.tidy()
	q.abandons.change(e.now, +1)
	e.setTimer(c)
}

// unwait takes a waiting call out of line and timers.
func (e *Engine) unwait(c *call) {
	c.class.leave(e, c)
	c.state = 0
	c.due = noTimer
	c.queue.waiting--
	c.queue.abandons.change(e.now, -1)
}

// moveOn takes a call that doesn't wait any more to its overflow target; next is the queue it
// has to be placed in.
func (e *Engine) moveOn(c *call, to Target, reason Reason) (next *queue, d Decision) {
	from := c.queue
	over := Overflow{c.id, from.cfg.ID, to, reason, time.Duration(e.now - c.entered)}
	from.countOverflow(to)
	switch to.Kind {
	case ToQueue:
		c.atHead = false
		c.queued = e.now
		next = e.queues[to.Queue]
		next.count.OverflowedIn++
		return next, over
	case ToNobody:
		e.forget(c)
		return nil, Refused{over.Call, over.From, reason}
	default:
		e.forget(c)
		return nil, over
	}
}

// assign reserves the seat for a call that is in no line. The seat is in no idle list.
func (e *Engine) assign(c *call, s *seat) Decision {
	e.setSeat(s, seatRinging)
	s.call, c.seat = c, s
	s.lastCall = e.now
	c.state, c.since = callRinging, e.now
	waited := e.now - c.entered
	c.queue.lastWait = waited
	c.queue.ringing++
	return Assign{c.id, s.id, c.queue.cfg.ID, time.Duration(waited), int(c.step)}
}

// Abandon takes a call out because its caller hung up or left the queue for another service. It
// tells whether the engine held the call. A seat that rings for it stays reserved.
func (e *Engine) Abandon(id CallID, now time.Time) bool {
	e.setNow(now)
	c := e.calls[id]
	if c == nil {
		return false
	}
	e.abandon(c)
	return true
}

func (e *Engine) abandon(c *call) {
	q := c.queue
	switch c.state {
	case callWaiting:
		e.unwait(c)
	case callRinging:
		q.ringing--
		q.count.AbandonedRinging++
	case callReturned:
		e.dropReturned(c)
		q.count.AbandonedRinging++
	}
	q.abandons.count(e.now)
	q.countAbandoned(e.now - c.entered)
	e.forget(c)
}

// ringing gives the call if it rings at the seat, or nil.
func (e *Engine) ringing(id CallID, seat SeatID) *call {
	s := e.seats[seat]
	if s == nil || s.call == nil || s.call.id != id {
		return nil
	}
	return s.call
}

// Answered reports that the seat answered the call: the engine is done with it. The seat stays
// reserved until it is free. It tells whether the engine had given this call to this seat.
func (e *Engine) Answered(id CallID, seat SeatID, now time.Time) bool {
	e.setNow(now)
	c := e.ringing(id, seat)
	if c == nil {
		return false
	}
	q := c.queue
	q.ringing--
	q.countAnswered(e.now - c.entered)
	e.setSeat(c.seat, seatTalking)
	e.forget(c)
	return true
}

// Declined reports that the seat didn't take the call (no answer, rejected, its phone gone). The
// seat is not free until SeatFree. The floor offers the returned request again, which is the
// call's own with AtHead set; it has a minute to do so. False: the engine had not given this
// call to this seat.
func (e *Engine) Declined(id CallID, seat SeatID, now time.Time) (Request, bool) {
	e.setNow(now)
	c := e.ringing(id, seat)
	if c == nil {
		return Request{}, false
	}
	e.setSeat(c.seat, seatAway)
	e.giveBack(c)
	return c.request(), true
}

// giveBack notes that a ringing call came back from its seat.
func (e *Engine) giveBack(c *call) {
	c.queue.ringing--
	c.seat.call = nil
	c.seat = nil
	c.atHead = true
	c.state, c.since = callReturned, e.now
	e.returned = append(e.returned, c)
}

// dropReturned takes a call off the list of those to be offered again.
func (e *Engine) dropReturned(c *call) {
	for i, r := range e.returned {
		if r == c {
			e.returned = append(e.returned[:i], e.returned[i+1:]...)
			break
		}
	}
	c.shape.calls--
	c.shape = nil
}

func (e *Engine) newCall() *call {
	if n := len(e.spare); n > 0 {
		c := e.spare[n-1]
		e.spare = e.spare[:n-1]
		return c
	}
	return new(call)
}

// forget ends what the engine knows of a call that is in no line.
func (e *Engine) forget(c *call) {
	delete(e.calls, c.id)
	if c.shape != nil {
		c.shape.calls--
	}
	if c.seat != nil {
		c.seat.call = nil
	}
	*c = call{}
	if len(e.spare) < maxSpare {
		e.spare = append(e.spare, c)
	}
}

// maxSpare bounds the calls kept for reuse.
const maxSpare = 4096

// setNow moves the clock, never back.
func (e *Engine) setNow(now time.Time) { e.now = max(e.now, now.UnixNano()) }
