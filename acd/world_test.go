package acd

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// world drives an engine through a random history and keeps its own plain account of it, which
// scans everything and knows nothing of classes, profiles and lines. Rules are checked in it.
type world struct {
	t      *rapid.T
	e      *Engine
	twin   *Engine // does the same but is never replaced; nil is none
	cfg    Config
	now    time.Time
	calls  map[CallID]*worldCall
	seats  map[SeatID]*worldSeat
	nextID int

	// What each property looks at; nil is not looked at.
	onAssign func(c *worldCall, s *worldSeat)
	ended    map[CallID][]string // how calls ended
}

type worldCall struct {
	Request
	waiting bool
	seat    SeatID // that rings, "" is none
}

type worldSeat struct {
	Seat
	free      bool
	call      CallID // given to it and not over
	talking   bool
	freeSince time.Time
}

var worldSkills = []Skill{"tax", "wages", "water", "en"}

// worldConfigs are the rules histories run under.
var worldConfigs = []Config{
	{Queues: []QueueConfig{{ID: "a"}, {ID: "b", Target: time.Minute, Choice: LongestIdle}}},
	{Queues: []QueueConfig{
		{ID: "a", Relax: []RelaxStep{{After: 20 * time.Second, LowerBy: 3}, {After: 40 * time.Second, Skill: "en", Drop: true}}, Ceiling: time.Minute},
		{ID: "b", Choice: LeastOccupied, Overflow: []OverflowRule{{After: 50 * time.Second, To: Target{ToQueue, "c"}}}, MaxLength: 5, WhenFull: Target{Kind: ToCallback}},
		{ID: "c", Choice: RoundRobin, Target: 40 * time.Second, MaxWait: 100 * time.Second, AtMaxWait: Target{Kind: ToVoicemail},
			Overflow: []OverflowRule{{AtLength: 4, To: Target{Kind: ToCallback}}}},
	}},
}

func newWorld(t *rapid.T) *world {
	w := &world{
		t: t, now: t0, calls: map[CallID]*worldCall{}, seats: map[SeatID]*worldSeat{}, ended: map[CallID][]string{},
		cfg: rapid.SampledFrom(worldConfigs).Draw(t, "config"),
	}
	e, err := New(w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.e = e
	return w
}

// run does a number of random steps, calling check after each.
func (w *world) run(check func()) {
	for range rapid.IntRange(20, 300).Draw(w.t, "steps") {
		w.pass(time.Duration(rapid.SampledFrom([]int{0, 1, 3, 10, 25}).Draw(w.t, "dt")) * time.Second)
		w.step(rapid.SampledFrom(worldSteps).Draw(w.t, "op"))
		check()
	}
}

// pass lets time pass, ticking when the engine asks for it.
func (w *world) pass(d time.Duration) {
	until := w.now.Add(d)
	for {
		next, ok := w.e.NextTick()
		if !ok || next.After(until) {
			break
		}
		w.now = next
		w.do(func(e *Engine) []Decision { return e.Tick(w.now) })
	}
	w.now = until
}

// do gives the engine, and its twin, something to decide and carries the decisions out.
func (w *world) do(decide func(e *Engine) []Decision) {
	decisions := decide(w.e)
	if w.twin != nil {
		if twins := decide(w.twin); !slices.Equal(decisions, twins) {
			w.t.Fatalf("decided %+v, the twin %+v", decisions, twins)
		}
	}
	w.apply(decisions)
}

// tell gives the engine, and its twin, news that wants no decision.
func (w *world) tell(news func(e *Engine)) {
	w.do(func(e *Engine) []Decision { news(e); return nil })
}

// worldSteps names the steps, the frequent ones more than once.
var worldSteps = []string{
	"offer", "offer", "offer", "offer", "free", "free", "free", "free", "answer", "answer", "sign in", "sign out",
	"abandon", "decline", "away", "busy", "reskill", "restart", "configure", "tick",
}

func (w *world) step(op string) {
	switch op {
	case "offer":
		w.offer(w.request())
	case "free":
		if s := w.anySeat("free", func(s *worldSeat) bool { return !s.free && (s.call == "" || s.talking) }); s != nil {
			s.free, s.call, s.talking, s.freeSince = true, "", false, w.now
			w.do(func(e *Engine) []Decision { return e.SeatFree(s.ID, w.now) })
		}
	case "answer":
		if s := w.anySeat("answer", func(s *worldSeat) bool { return s.call != "" && !s.talking }); s != nil {
			s.talking = true
			var ok bool
			w.tell(func(e *Engine) { ok = e.Answered(s.call, s.ID, w.now) })
			w.end(s.call, fmt.Sprintf("assigned %v", ok))
		}
	case "decline":
		if s := w.anySeat("decline", func(s *worldSeat) bool { return s.call != "" && !s.talking }); s != nil {
			w.decline(s)
		}
	case "sign in":
		id := SeatID(rapid.SampledFrom([]string{"1", "2", "3", "4", "5"}).Draw(w.t, "seat"))
		if w.seats[id] == nil {
			w.seats[id] = &worldSeat{Seat: w.profile(id)}
			w.do(func(e *Engine) []Decision { return e.SeatSignedIn(w.seats[id].Seat, w.now) })
		}
	case "reskill":
		if s := w.anySeat("reskill", func(*worldSeat) bool { return true }); s != nil {
			s.Seat = w.profile(s.ID)
			w.do(func(e *Engine) []Decision { return e.SeatSignedIn(s.Seat, w.now) })
		}
	case "sign out":
		if s := w.anySeat("sign out", func(s *worldSeat) bool { return s.call == "" || s.talking }); s != nil {
			delete(w.seats, s.ID)
			w.tell(func(e *Engine) { e.SeatSignedOut(s.ID, w.now) })
		}
	case "abandon":
		if c := w.anyCall(); c != nil {
			w.abandon(c)
		}
	case "away", "busy":
		if s := w.anySeat(op, func(s *worldSeat) bool { return s.call == "" }); s != nil {
			s.free = false
			if op == "away" {
				w.tell(func(e *Engine) { e.SeatAway(s.ID, w.now) })
			} else {
				w.tell(func(e *Engine) { e.SeatBusy(s.ID, w.now) })
			}
		}
	case "restart":
		w.restart()
	case "configure":
		decisions, err := w.e.Configure(w.cfg, w.now)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(decisions) > 0 {
			w.t.Fatalf("the same configuration again decided %+v", decisions)
		}
	}
}

func (w *world) request() Request {
	w.nextID++
	req := Request{
		Call:      CallID(fmt.Sprintf("c%d", w.nextID)),
		Queue:     rapid.SampledFrom(w.cfg.Queues).Draw(w.t, "queue").ID,
		Priority:  rapid.SampledFrom([]int{0, 0, 0, 1, 3}).Draw(w.t, "priority"),
		EnteredAt: w.now,
	}
	need := func(label string) Need {
		return Need{rapid.SampledFrom(worldSkills).Draw(w.t, label), rapid.SampledFrom([]int{1, 4, 7}).Draw(w.t, label+" min")}
	}
	for range rapid.IntRange(0, 2).Draw(w.t, "all") {
		req.All = append(req.All, need("all"))
	}
	if rapid.IntRange(0, 3).Draw(w.t, "any") == 0 {
		req.Any = []Need{need("any 1"), need("any 2")}
	}
	if rapid.IntRange(0, 9).Draw(w.t, "exclude") == 0 {
		req.Exclude = []SeatID{"1"}
	}
	return req
}

func (w *world) profile(id SeatID) Seat {
	s := Seat{ID: id, Skills: map[Skill]int{}}
	for _, skill := range worldSkills {
		if level := rapid.SampledFrom([]int{0, 0, 2, 5, 9}).Draw(w.t, string(skill)); level > 0 {
			s.Skills[skill] = level
		}
	}
	if rapid.IntRange(0, 3).Draw(w.t, "bound") == 0 {
		s.Queues = []QueueID{"a", "b"}
	}
	return s
}

func (w *world) offer(req Request) {
	c := w.calls[req.Call]
	if c == nil {
		c = &worldCall{}
		w.calls[req.Call] = c
	}
	c.Request, c.waiting = req, true
	w.do(func(e *Engine) []Decision { return e.Offer(req, w.now) })
}

func (w *world) decline(s *worldSeat) {
	var req Request
	var ok bool
	w.tell(func(e *Engine) { req, ok = e.Declined(s.call, s.ID, w.now) })
	if !ok {
		w.t.Fatalf("%s was ringing at %s", s.call, s.ID)
	}
	w.calls[s.call].seat = ""
	s.call = ""
	w.offer(req)
}

func (w *world) abandon(c *worldCall) {
	var ok bool
	w.tell(func(e *Engine) { ok = e.Abandon(c.Call, w.now) })
	w.end(c.Call, fmt.Sprintf("abandoned %v", ok))
	if s := w.seats[c.seat]; s != nil {
		s.call, s.talking = "", false // its phone stops; the seat is still not free
	}
}

// restart puts a new engine in the place of this one, from its snapshot as JSON.
func (w *world) restart() {
	text, err := json.Marshal(w.e.Snapshot())
	if err != nil {
		w.t.Fatal(err)
	}
	var snap Snapshot
	if err := json.Unmarshal(text, &snap); err != nil {
		w.t.Fatal(err)
	}
	fresh, err := New(w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	decisions, err := fresh.Restore(snap, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.e = fresh
	if len(decisions) > 0 {
		w.t.Fatalf("nothing was due, but the restored engine decided %+v", decisions)
	}
}

// apply carries decisions out as the floor would.
func (w *world) apply(decisions []Decision) {
	for _, d := range decisions {
		switch d := d.(type) {
		case Assign:
			c, s := w.calls[d.Call], w.seats[d.Seat]
			if c == nil || s == nil || !c.waiting {
				w.t.Fatalf("%+v: no such seat, or the call doesn't wait", d)
			}
			if w.onAssign != nil {
				w.onAssign(c, s)
			}
			c.waiting, c.seat = false, s.ID
			s.free, s.call, s.talking = false, c.Call, false
		case Overflow:
			c := w.calls[d.Call]
			if d.To.Kind == ToQueue {
				c.Queue, c.AtHead = d.To.Queue, false
				continue
			}
			w.end(d.Call, string(d.To.Kind))
		case Refused:
			w.end(d.Call, "refused")
		}
	}
}

func (w *world) end(id CallID, how string) {
	w.ended[id] = append(w.ended[id], how)
	delete(w.calls, id)
}

// anySeat draws one of the seats that suit.
func (w *world) anySeat(label string, suits func(*worldSeat) bool) *worldSeat {
	var ids []SeatID
	for id, s := range w.seats {
		if suits(s) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return w.seats[rapid.SampledFrom(ids).Draw(w.t, label)]
}

// anyCall draws one of the calls that wait or ring.
func (w *world) anyCall() *worldCall {
	ids := w.callIDs(func(*worldCall) bool { return true })
	if len(ids) == 0 {
		return nil
	}
	return w.calls[rapid.SampledFrom(ids).Draw(w.t, "call")]
}

func (w *world) callIDs(suits func(*worldCall) bool) []CallID {
	var ids []CallID
	for id, c := range w.calls {
		if suits(c) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (w *world) queue(id QueueID) QueueConfig {
	n := slices.IndexFunc(w.cfg.Queues, func(q QueueConfig) bool { return q.ID == id })
	return w.cfg.Queues[n]
}

// fits tells, from the rules as written, whether the seat may get the call now.
func (w *world) fits(s *worldSeat, c *worldCall) bool {
	if len(s.Queues) > 0 && !slices.Contains(s.Queues, c.Queue) || slices.Contains(c.Exclude, s.ID) {
		return false
	}
	q := w.queue(c.Queue)
	waited := w.now.Sub(c.EnteredAt)
	if q.Ceiling > 0 && waited >= q.Ceiling {
		return true
	}
	// minimum gives what is still wanted of a need; 0 is nothing.
	minimum := func(n Need) int {
		m := n.Min
		for _, step := range q.Relax {
			switch {
			case waited < step.After || step.Skill != "" && step.Skill != n.Skill:
			case step.Drop:
				return 0
			default:
				m = max(m-step.LowerBy, 1)
			}
		}
		return m
	}
	for _, n := range c.All {
		if s.Skills[n.Skill] < minimum(n) {
			return false
		}
	}
	return len(c.Any) == 0 || slices.ContainsFunc(c.Any, func(n Need) bool { return s.Skills[n.Skill] >= minimum(n) })
}

// score is the call's score now, from the rules as written.
func (w *world) score(c *worldCall) float64 {
	target := w.queue(c.Queue).Target
	if target == 0 {
		target = DefaultTarget
	}
	return float64(c.Priority) + float64(w.now.Sub(c.EnteredAt))/float64(target)
}

func sameWish(a, b *worldCall) bool {
	return a.Queue == b.Queue && slices.Equal(a.All, b.All) && slices.Equal(a.Any, b.Any) && slices.Equal(a.Exclude, b.Exclude)
}

// checkWorld runs one property over random histories.
func checkWorld(t *testing.T, prepare func(w *world) (check func())) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		w.run(prepare(w))
	})
}
