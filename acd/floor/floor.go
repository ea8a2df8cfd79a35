package floor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// Node is one switch and where everything arrives that it says.
type Node struct {
	Switch cti.Switch
	Events <-chan cti.Event // closed when the switch's driver stops
}

// Queue is what the floor adds to the engine's queue of the same id.
type Queue struct {
	ID       acd.QueueID
	Name     string // shown to people
	Schedule string // opening hours by name; "" is always open
}

// What a second sign-in at a seat does.
const (
	SecondSignInTakeOver = "take_over"
	SecondSignInRefuse   = "refuse"
)

// Config is what a floor is made of. Nodes, Menus, Sounds, Seats, Lines, Sealer and Journal are
// required; a port left nil is a feature the floor does without.
type Config struct {
	Nodes     []Node
	Engine    acd.Config
	Queues    []Queue
	Menus     Menus
	Sounds    Sounds
	Open      func(schedule string, at time.Time) bool // nil: always open
	Seats     SeatProfiles
	Lines     LineBook
	Line      Line // of a called number that the line book does not know or answer in time
	History   CallerHistory
	Progress  TicketProgress
	Guides    Guides
	Dialable  Dialable
	Blacklist Blacklist
	Sealer    Sealer
	Journal   Journal
	Live      LiveState
	Followers []Follower

	RatingMenu   string        // menu that asks for a rating after the talk; "rating". One that is missing asks nothing
	RingTimeout  time.Duration // a seat's phone rings; 15 s
	DialTimeout  time.Duration // an outside number rings; 60 s
	DutyMenu     string        // kind notice: what a unit's duty phone hears; "duty"
	WrapUp       time.Duration // of a seat whose profile names none; 30 s
	SecondSignIn string        // take_over or refuse
	CallerID     string        // number shown to whom we call
	SpoofedSeat  func(number string) bool
	LastResort   Extension // where a call goes that the floor can't serve
	SweepEvery   time.Duration
	Now          func() time.Time
	Log          *slog.Logger
}

// Extension is a place in the switch's own dialplan.
type Extension struct{ Context, Extension string }

func (c *Config) check() error {
	var missing []error
	need := func(ok bool, what string) {
		if !ok {
			missing = append(missing, errors.New("floor: "+what+" is missing"))
		}
	}
	need(len(c.Nodes) > 0, "a switch")
	need(c.Menus != nil, "Menus")
	need(c.Sounds != nil, "Sounds")
	need(c.Seats != nil, "Seats")
	need(c.Lines != nil, "Lines")
	need(c.Sealer != nil, "Sealer")
	need(c.Journal != nil, "Journal")
	set := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	set(&c.RingTimeout, 15*time.Second)
	set(&c.DialTimeout, 60*time.Second)
	set(&c.WrapUp, 30*time.Second)
	set(&c.SweepEvery, 10*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Open == nil {
		c.Open = func(string, time.Time) bool { return true }
	}
	if c.RatingMenu == "" {
		c.RatingMenu = "rating"
	}
	if c.DutyMenu == "" {
		c.DutyMenu = "duty"
	}
	if c.CallerID == "" {
		c.CallerID = "12345"
	}
	if c.LastResort == (Extension{}) {
		c.LastResort = Extension{Context: "last-resort", Extension: "s"}
	}
	return errors.Join(missing...)
}

// Floor is the running floor. Make it with New, run it with Start, end it with Stop.
type Floor struct {
	cfg   Config
	log   *slog.Logger
	hub   *hub
	disp  *dispatcher
	nodes []*node
	saver *saver
	cmds  *commandLog

	queues atomic.Pointer[[]Queue]

	mu       sync.RWMutex
	byID     map[calls.ID]*call
	byLeg    map[cti.LegID]*call
	only     map[string]calls.ID    // live calls of which there may be one of a kind
	left     map[calls.ID]record    // of a predecessor, not yet found on a switch
	ended    map[calls.ID]time.Time // a leg of theirs that is still there is to be hung up
	phones   map[string]cti.Phone
	stopping bool
	lost     chan struct{}
	lostOnce sync.Once

	ctx     context.Context // the lifetime of every goroutine of the floor
	cancel  context.CancelFunc
	calls   sync.WaitGroup // call actors
	workers sync.WaitGroup // everything else
}

var _ Commander = (*Floor)(nil)

// New makes a floor; a faulty configuration is an error.
func New(cfg Config) (*Floor, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	f := &Floor{
		cfg:   cfg,
		log:   cfg.Log,
		hub:   newHub(cfg.Journal, cfg.Followers),
		cmds:  newCommandLog(),
		byID:  map[calls.ID]*call{},
		byLeg: map[cti.LegID]*call{},
		only:  map[string]calls.ID{},
		left:  map[calls.ID]record{}, ended: map[calls.ID]time.Time{},
		phones: map[string]cti.Phone{},
		lost:   make(chan struct{}),
	}
	f.queues.Store(&cfg.Queues)
	f.saver = newSaver(f)
	d, err := newDispatcher(f)
	if err != nil {
		return nil, err
	}
	f.disp = d
	for _, n := range cfg.Nodes {
		f.nodes = append(f.nodes, newNode(f, n))
	}
	return f, nil
}

// Start loads what a predecessor left and begins to serve. It does not wait for the switch.
func (f *Floor) Start(ctx context.Context) error {
	f.ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	seats, err := f.load(ctx)
	if err != nil {
		// Calls can be rebuilt from the switch and the journal; serving goes first.
		f.log.Error("load the live state", "err", err)
		f.hub.raise(Alarm{alarmStore, err.Error(), true}, "")
	}
	f.disp.restore(seats)
	f.workers.Go(f.disp.run)
	f.workers.Go(f.saver.run)
	for _, n := range f.nodes {
		f.workers.Go(n.listen)
		f.workers.Go(n.keep)
	}
	return nil
}

// Stop ends the floor and leaves every call as it is, for a successor: media, recordings and
// music go on in the switch. It returns when all goroutines have ended; a second Stop does
// nothing.
func (f *Floor) Stop() {
	f.mu.Lock()
	was := f.stopping
	f.stopping = true
	f.mu.Unlock()
	if was || f.cancel == nil {
		return
	}
	f.cancel()
	f.calls.Wait()
	f.workers.Wait()
	f.saver.flush()
}

// Lost is closed when another floor took a switch over: this one has to be stopped.
func (f *Floor) Lost() <-chan struct{} { return f.lost }

func (f *Floor) replaced() { f.lostOnce.Do(func() { close(f.lost) }) }

// Snapshot is the whole floor at one instant.
func (f *Floor) Snapshot() Snapshot { return f.hub.snapshot() }

// Watch adds a follower; its updates begin right after the snapshot returned. The function
// returned ends it.
func (f *Floor) Watch(fw Follower) (Snapshot, func()) { return f.hub.follow(fw) }

// PutPhone makes or changes a seat's phone on every node and again after each reconnect.
func (f *Floor) PutPhone(ctx context.Context, p cti.Phone) error {
	f.mu.Lock()
	f.phones[p.ID] = p
	f.mu.Unlock()
	var errs []error
	for _, n := range f.nodes {
		if err := n.sw.PutPhone(ctx, p); err != nil {
			errs = append(errs, fmt.Errorf("put phone %s on node %s: %w", p.ID, n.sw.Node(), err))
		}
	}
	return errors.Join(errs...)
}

// RemovePhone removes a seat's phone from every node.
func (f *Floor) RemovePhone(ctx context.Context, id string) error {
	f.mu.Lock()
	delete(f.phones, id)
	f.mu.Unlock()
	var errs []error
	for _, n := range f.nodes {
		if err := n.sw.RemovePhone(ctx, id); err != nil {
			errs = append(errs, fmt.Errorf("remove phone %s from node %s: %w", id, n.sw.Node(), err))
		}
	}
	return errors.Join(errs...)
}

// Raise switches an alarm that somebody else found, such as a recording's flaw.
func (f *Floor) Raise(a Alarm) { f.hub.raise(a, "") }

func (f *Floor) now() time.Time { return f.cfg.Now() }

// outbound makes the call of a seat that dials out, on a connected switch; nil if there is none.
func (f *Floor) outbound(plan *dialPlan, part seatPart) *call {
	c := f.dialOut(record{
		Caller: plan.number, Ticket: plan.ticket, Callback: plan.callback, Purpose: plan.purpose, Seat: &part,
	})
	if c != nil {
		part.Leg, part.OfferedAt = c.r.newLeg("seat"), c.r.StartedAt
	}
	return c
}

// dialOut makes an outbound call to r.Caller on a connected switch; nil if there is none.
func (f *Floor) dialOut(r record) *call {
	for _, n := range f.nodes {
		if !n.connected.Load() {
			continue
		}
		now := f.now()
		r.ID = calls.NewID(now, n.sw.Node(), "outbound "+uuid.NewString())
		r.Node, r.Direction, r.Stage, r.StartedAt = n.sw.Node(), calls.Outbound, calls.StageDialling, now
		r.Called = MaskNumber(r.Caller) // whole it is only sealed
		r.DialLeg = r.newLeg("citizen")
		r.UniqueID = string(r.DialLeg)
		r.Source = sourceOf(r.DialLeg, now)
		return newCall(f, n, r)
	}
	return nil
}

// seal encrypts for journal and live state; what can't be encrypted is left out, never kept clear.
func (f *Floor) seal(clear string) string {
	if clear == "" {
		return ""
	}
	s, err := f.cfg.Sealer.Seal(clear)
	if err != nil {
		f.log.Error("seal a number", "err", err)
		return ""
	}
	return s
}

// callOf finds the live call by id.
func (f *Floor) callOf(id calls.ID) *call {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.byID[id]
}

// ownerOf finds the live call of a leg.
func (f *Floor) ownerOf(leg cti.LegID) *call {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.byLeg[leg]
}

// own routes the events of a leg to the call from now on; to be called before the request that
// makes the leg, since its events may overtake the answer.
func (f *Floor) own(leg cti.LegID, c *call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.route(leg, c)
}

// route notes the owner of a leg; mu is held.
func (f *Floor) route(leg cti.LegID, c *call) {
	f.byLeg[leg] = c
	c.owned[leg] = time.Now()
}

func (f *Floor) disown(leg cti.LegID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.byLeg[leg]; c != nil {
		delete(c.owned, leg)
	}
	delete(f.byLeg, leg)
}

// ownedSince tells since when a leg has belonged to the call.
func (f *Floor) ownedSince(c *call, leg cti.LegID) time.Time {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return c.owned[leg]
}

// begin makes the call live and runs its script; false if one of this id is live already or the
// floor is stopping.
func (f *Floor) begin(c *call, first stage) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopping || f.byID[c.r.ID] != nil || f.only[c.r.Only] != "" {
		return false
	}
	f.byID[c.r.ID] = c
	if c.r.Only != "" {
		f.only[c.r.Only] = c.r.ID
	}
	for _, leg := range c.r.legs() {
		f.route(leg, c)
	}
	f.calls.Go(func() { c.run(first) })
	return true
}

// end makes the call unknown.
func (f *Floor) end(c *call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.byID, c.r.ID)
	delete(f.only, c.r.Only)
	f.ended[c.r.ID] = time.Now()
	for leg := range c.owned {
		delete(f.byLeg, leg)
	}
}
