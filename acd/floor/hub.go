package floor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti/calls"
)

// hub puts everything that happens on the floor into one order: an event gets its id from the
// journal, then the followers see it and what it changed. It also keeps the last view of
// everything, so that a snapshot fits exactly to an id.
//
// Its lock is held while the journal appends. That is a write to the page cache, and order is
// what the lock is for.
type hub struct {
	mu        sync.Mutex
	journal   Journal
	lastID    string
	seats     map[string]SeatView
	queues    map[string]QueueView
	calls     map[calls.ID]CallView
	alarms    map[string]Alarm
	followers map[int]Follower
	nextKey   int
}

func newHub(j Journal, followers []Follower) *hub {
	h := &hub{
		journal:   j,
		seats:     map[string]SeatView{},
		queues:    map[string]QueueView{},
		calls:     map[calls.ID]CallView{},
		alarms:    map[string]Alarm{},
		followers: map[int]Follower{},
	}
	for _, f := range followers {
		h.followers[h.nextKey] = f
		h.nextKey++
	}
	return h
}

// emit journals the event and tells the followers of it and of what it changed.
func (h *hub) emit(e calls.Event, changed ...Update) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	e, err := h.journal.Append(e)
	if err != nil {
		err = fmt.Errorf("append %s of call %s to the journal: %w", e.Type, e.Call, err)
	} else {
		h.lastID = e.ID
		h.set(Alarm{Code: alarmJournal}, "")
	}
	h.tell(Update{ID: e.ID, Event: &e})
	for _, u := range changed {
		u.ID = e.ID
		h.keep(u)
		h.tell(u)
	}
	return err
}

// show tells the followers of changes that are no event, such as a queue's figures.
func (h *hub) show(changed ...Update) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range changed {
		h.keep(u)
		h.tell(u)
	}
}

func (h *hub) tell(u Update) {
	for _, f := range h.followers {
		f.Follow(u)
	}
}

func (h *hub) keep(u Update) {
	switch {
	case u.Seat != nil:
		h.seats[u.Seat.Seat] = *u.Seat
	case u.Call != nil:
		h.calls[u.Call.ID] = *u.Call
	case u.Queue != nil:
		h.queues[u.Queue.Queue] = *u.Queue
	}
}

// keepQueues drops the figures of queues that are no longer.
func (h *hub) keepQueues(list []acd.QueueConfig) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name := range h.queues {
		if !slices.ContainsFunc(list, func(q acd.QueueConfig) bool { return string(q.ID) == name }) {
			delete(h.queues, name)
		}
	}
}

// forget drops the view of a call that is over for its seat too.
func (h *hub) forget(id calls.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.calls, id)
}

// call gives the last view of a call.
func (h *hub) call(id calls.ID) (CallView, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, ok := h.calls[id]
	return v, ok
}

// raise switches an alarm about a subject, "" if there is only one; an alarm that is as asked
// already is left alone.
func (h *hub) raise(a Alarm, subject string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.set(a, subject)
}

func (h *hub) set(a Alarm, subject string) {
	key := a.Code + " " + subject
	if _, was := h.alarms[key]; was == a.On {
		return
	}
	if a.On {
		h.alarms[key] = a
	} else {
		delete(h.alarms, key)
	}
	h.tell(Update{Alarm: &a})
}

func (h *hub) snapshot() Snapshot {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.picture()
}

func (h *hub) picture() Snapshot {
	return Snapshot{
		ID:     h.lastID,
		Seats:  slices.SortedFunc(maps.Values(h.seats), func(a, b SeatView) int { return cmp.Compare(a.Seat, b.Seat) }),
		Queues: slices.SortedFunc(maps.Values(h.queues), func(a, b QueueView) int { return cmp.Compare(a.Queue, b.Queue) }),
		Calls:  slices.SortedFunc(maps.Values(h.calls), func(a, b CallView) int { return cmp.Compare(a.ID, b.ID) }),
		Alarms: slices.SortedFunc(maps.Values(h.alarms), func(a, b Alarm) int { return cmp.Compare(a.Code, b.Code) }),
	}
}

// follow adds a follower and gives the snapshot after which its updates begin.
func (h *hub) follow(f Follower) (Snapshot, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := h.nextKey
	h.nextKey++
	h.followers[key] = f
	return h.picture(), func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.followers, key)
	}
}

// event builds an event; data that can't be encoded is a fault of this program.
func event(t calls.EventType, at time.Time, id calls.ID, seat string, data any) calls.Event {
	e := calls.Event{Type: t, At: at, Call: id, Seat: seat}
	if data == nil {
		return e
	}
	raw, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("encode %s: %v", t, err))
	}
	e.Data = raw
	return e
}
