package floor

import (
	"encoding/json"
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti/calls"
)

const (
	// showEvery bounds how often the queues' figures go out: four times a second.
	showEvery = 250 * time.Millisecond
	// keepEvery is how often the counters of the day are kept for a successor.
	keepEvery = 5 * time.Second
	// maxWaiters is how many waiting callers a queue's view lists.
	maxWaiters = 50
	// countersKey is the counters' place among the seats of the live state; no seat has this name.
	countersKey = "@counters"
)

// showQueues sends the figures of all queues when they are due.
func (d *dispatcher) showQueues(now time.Time) {
	since := now.Sub(d.shownAt)
	if since < showEvery || !d.dirty && since < time.Second {
		return
	}
	if !d.dirty && len(d.waiting) == 0 {
		d.shownAt = now
		return // nothing changed, and no wait grows
	}
	d.dirty, d.shownAt = false, now
	talking := map[string]int{}
	for _, s := range d.seats {
		if !s.CallSince.IsZero() && s.state != SeatWrapUp {
			talking[s.Queue]++
		}
	}
	ups := make([]Update, 0, len(d.queues))
	for _, q := range d.queues {
		if v := d.queueView(q, now); v != nil {
			v.Talking = talking[v.Queue]
			ups = append(ups, Update{Queue: v})
		}
	}
	d.f.hub.show(ups...)
}

func (d *dispatcher) queueView(q acd.QueueConfig, now time.Time) *QueueView {
	st, ok := d.engine.Stats(q.ID, now)
	if !ok {
		return nil
	}
	target := q.Target
	if target == 0 {
		target = acd.DefaultTarget
	}
	v := &QueueView{
		Queue: string(q.ID), Name: d.f.queueOf(string(q.ID)).Name, Waiting: st.Waiting, LongestS: st.LongestWait.Seconds(),
		SeatsReady: st.SeatsReady, SeatsSigned: st.SeatsSignedIn,
		Offered: int(st.Offered), Answered: int(st.Answered), InTarget: int(st.AnsweredInTarget),
		Abandoned: int(st.Abandoned), AbandonedIn: int(st.AbandonedInTarget), TargetS: target.Seconds(),
		ServiceLevel: 1, Waiters: []WaitingView{},
	}
	if v.Name == "" {
		v.Name = v.Queue
	}
	if v.Offered > 0 {
		v.ServiceLevel = float64(v.InTarget) / float64(v.Offered)
	}
	for _, w := range d.engine.Waiting(q.ID, maxWaiters, now) {
		waiter := d.waiting[w.Call]
		wv := WaitingView{Call: w.Call, Masked: waiter.masked, EnteredAt: w.EnteredAt, Priority: w.Priority, Language: waiter.language}
		if len(w.Reasons) > 0 {
			wv.Why = string(w.Reasons[0])
		}
		v.Waiters = append(v.Waiters, wv)
	}
	return v
}

// keep saves the day's counters for a successor.
func (d *dispatcher) keep() {
	d.keptAt = d.f.now()
	snap := d.engine.Snapshot()
	snap.Calls, snap.Seats, snap.Services = nil, nil, nil
	d.f.saver.saveCounters(counters{Day: d.day, Engine: snap})
}

// counters is what a successor goes on counting from.
type counters struct {
	Day    string       `json:"day"`
	Engine acd.Snapshot `json:"engine"`
}

// queueClosed tells whether the queue's opening hours are over.
func (f *Floor) queueClosed(queue string, now time.Time) bool {
	schedule := f.queueOf(queue).Schedule
	return schedule != "" && !f.cfg.Open(schedule, now)
}

// queueOf finds what the floor knows of a queue besides the engine's rules.
func (f *Floor) queueOf(name string) Queue {
	for _, q := range *f.queues.Load() {
		if string(q.ID) == name {
			return q
		}
	}
	return Queue{}
}

// restore signs the seats of a predecessor in again. A seat in a call keeps it: the calls that
// are found on the switch go on with it, and reconcile gives back those that are not.
func (d *dispatcher) restore(values map[string][]byte) {
	now := d.f.now()
	if raw, ok := values[countersKey]; ok {
		var c counters
		if err := json.Unmarshal(raw, &c); err != nil {
			d.f.log.Error("read the counters", "err", err)
		} else if c.Day == now.Format(time.DateOnly) {
			d.day = c.Day
			if _, err := d.engine.Restore(c.Engine, now); err != nil {
				d.f.log.Error("restore the counters", "err", err)
			}
		}
	}
	for name, value := range values {
		if name == countersKey {
			continue
		}
		s := &seat{}
		if err := openRecord(d.f.cfg.Sealer, value, s); err != nil {
			d.f.log.Error("read a seat", "seat", name, "err", err)
			continue
		}
		s.state, s.needNote = s.State, s.NeedNote
		d.seats[name] = s
		if s.state == SeatSignedOut {
			continue
		}
		d.useDevice(s, s.Profile, s.Device)
		d.engine.SeatSignedIn(s.engineSeat(), now)
		d.f.hub.show(Update{Seat: s.view()})
	}
}

// orphaned settles the seats whose calls are no longer, and lets the free ones work, after a
// switch has been looked at.
func (d *dispatcher) orphaned() {
	for _, s := range d.seats {
		if s.Call != "" && d.f.callOf(s.Call) == nil && !d.f.isLeft(s.Call) {
			switch s.state {
			case SeatRinging, SeatDialling:
				d.move(s, evCallerGone, "", s.forgetCall)
			default:
				d.move(s, evLeft, "", func() { s.WrapEnds = d.f.now().Add(d.f.cfg.WrapUp) })
			}
		}
		if s.state == SeatIdle {
			if s.registered() {
				d.tellEngine(s)
			} else {
				d.move(s, evUnregistered, "", nil)
			}
		}
	}
}

// isLeft tells whether a predecessor's call was not looked for on its node yet.
func (f *Floor) isLeft(id calls.ID) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	_, ok := f.left[id]
	return ok
}
