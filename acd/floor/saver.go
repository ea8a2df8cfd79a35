package floor

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// Codes of the floor's own alarms.
const (
	alarmStore   = "state_store_down"
	alarmJournal = "journal_failed"
	alarmSwitch  = "switch_down"
)

const (
	// storePatience is how long a call waits for the live state to take its record.
	storePatience = 100 * time.Millisecond
	// storeRetry is how often a store that is down is tried again.
	storeRetry = 500 * time.Millisecond
)

// saver keeps the live state up to date. A call waits a moment for its own record to be taken;
// when the store is silent the floor goes on from memory, and the saver writes everything that
// is current once the store is back.
type saver struct {
	f    *Floor
	down atomic.Bool

	mu    sync.Mutex
	calls map[calls.ID][]byte // nil: drop it
	seats map[string][]byte
	wake  chan struct{}
}

func newSaver(f *Floor) *saver {
	return &saver{f: f, calls: map[calls.ID][]byte{}, seats: map[string][]byte{}, wake: make(chan struct{}, 1)}
}

// saveCall writes a call's record now, or later if the store is silent.
func (s *saver) saveCall(ctx context.Context, r *record) {
	if s.f.cfg.Live == nil {
		return
	}
	value, err := sealRecord(s.f.cfg.Sealer, r)
	if err != nil {
		s.f.log.Error("keep the call's record", "call", r.ID, "err", err)
		return
	}
	if !s.down.Load() && !s.queued(r.ID) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
		defer cancel()
		if err = s.f.cfg.Live.SaveCall(ctx, r.ID, value); err == nil {
			return
		}
		s.failed(err)
	}
	s.later(func() { s.calls[r.ID] = value })
}

// dropCall forgets the record of a call that is over.
func (s *saver) dropCall(id calls.ID) {
	if s.f.cfg.Live == nil {
		return
	}
	if !s.down.Load() && !s.queued(id) {
		ctx, cancel := context.WithTimeout(context.Background(), storePatience)
		defer cancel()
		err := s.f.cfg.Live.DropCall(ctx, id)
		if err == nil {
			return
		}
		s.failed(err)
	}
	s.later(func() { s.calls[id] = nil })
}

// saveSeat writes a seat soon; only the newest state counts.
func (s *saver) saveSeat(st *seat) {
	if s.f.cfg.Live == nil {
		return
	}
	value, err := sealRecord(s.f.cfg.Sealer, st)
	if err != nil {
		s.f.log.Error("keep the seat's state", "seat", st.Profile.Seat, "err", err)
		return
	}
	s.later(func() { s.seats[st.Profile.Seat] = value })
}

func (s *saver) saveCounters(c counters) {
	if s.f.cfg.Live == nil {
		return
	}
	value, err := json.Marshal(c)
	if err != nil {
		s.f.log.Error("keep the counters", "err", err)
		return
	}
	s.later(func() { s.seats[countersKey] = value })
}

func (s *saver) later(put func()) {
	s.mu.Lock()
	put()
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *saver) queued(id calls.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.calls[id]
	return ok
}

func (s *saver) failed(err error) {
	if errors.Is(err, ErrStale) {
		s.f.log.Error("the live state belongs to a later leader", "err", err)
		s.f.replaced()
		return
	}
	if !s.down.Swap(true) {
		s.f.log.Error("the live state can't be written: going on from memory", "err", err)
		s.f.hub.raise(Alarm{alarmStore, err.Error(), true}, "")
	}
}

func (s *saver) run() {
	for {
		select {
		case <-s.f.ctx.Done():
			return
		case <-s.wake:
		}
		for !s.write(s.f.ctx) {
			select {
			case <-s.f.ctx.Done():
				return
			case <-time.After(storeRetry):
			}
		}
	}
}

// flush writes what is left at the end of the floor.
func (s *saver) flush() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	s.write(ctx)
}

// write writes everything that waits; false when the store failed and some of it is left.
func (s *saver) write(ctx context.Context) bool {
	live := s.f.cfg.Live
	if live == nil {
		return true
	}
	s.mu.Lock()
	callValues, seatValues := maps.Clone(s.calls), maps.Clone(s.seats)
	s.mu.Unlock()
	for id, value := range callValues {
		err := s.attempt(ctx, func(ctx context.Context) error {
			if value == nil {
				return live.DropCall(ctx, id)
			}
			return live.SaveCall(ctx, id, value)
		})
		if err != nil {
			s.failed(err)
			return false
		}
		s.written(func() {
			if now, ok := s.calls[id]; ok && same(now, value) {
				delete(s.calls, id)
			}
		})
	}
	for name, value := range seatValues {
		if err := s.attempt(ctx, func(ctx context.Context) error { return live.SaveSeat(ctx, name, value) }); err != nil {
			s.failed(err)
			return false
		}
		s.written(func() {
			if now, ok := s.seats[name]; ok && same(now, value) {
				delete(s.seats, name)
			}
		})
	}
	if s.down.Swap(false) {
		s.f.log.Info("the live state is written again")
		s.f.hub.raise(Alarm{Code: alarmStore}, "")
		s.f.rewrite()
	}
	return true
}

func (s *saver) attempt(ctx context.Context, op func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return op(ctx)
}

func (s *saver) written(forget func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	forget()
}

// same tells whether both are the same value, not only equal.
func same(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	return len(a) == 0 && (a == nil) == (b == nil) || len(a) > 0 && &a[0] == &b[0]
}

// rewrite asks every call and seat to be saved again: the store may have come back empty.
func (f *Floor) rewrite() {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, c := range f.byID {
		c.box.put(saveMsg{})
	}
	f.disp.box.put(saveMsg{})
}

// saveMsg asks to save what there is.
type saveMsg struct{}
