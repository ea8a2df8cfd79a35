package switchtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/open12345/hotline/cti"
)

// Switch is the fake switch. Make it with New, Start it, Stop it at the end of the test.
type Switch struct {
	mu         sync.Mutex
	node       string
	seq        int
	connected  bool
	replaced   bool
	legs       map[cti.LegID]*leg
	bridges    map[cti.BridgeID]*bridge
	playbacks  map[cti.PlaybackID]*playback
	recordings map[string]*recording
	files      map[string]File
	phones     map[string]*phone
	globals    map[string]string
	refused    map[string]bool
	missing    map[string]bool
	endless    map[string]bool
	reactions  map[string]Reaction
	guard      time.Duration

	faults    map[string][]fault
	hooks     []func(Op)
	ops       []Op
	soundTime time.Duration
	holdPlay  bool
	silent    bool // originated legs don't ring by themselves
	duplicate bool
	hold      bool
	held      []cti.Event
	missed    []cti.Event

	queue  []cti.Event
	wake   chan struct{}
	out    chan cti.Event
	cancel context.CancelFunc
	done   chan struct{}
}

type leg struct {
	cti.Leg
	bridge     cti.BridgeID
	snoopOf    cti.LegID
	number     string // outside number of an outbound leg
	args       []string
	timer      *time.Timer // answer time-out
	started    bool        // LegStarted was sent
	ended      bool        // LegEnded was sent
	claimed    bool
	answeredAt time.Time
	source     string // recording that grows while the leg is up
	sent       string // keys sent to the far end
	play       cti.PlaybackID
	rec        string
	headers    map[string]string
}

type bridge struct {
	kind    cti.BridgeKind
	members []cti.LegID
}

type phone struct {
	cti.Phone
	registered bool
}

// New makes a fake node called "sw1", connected as soon as it is started.
func New() *Switch {
	return &Switch{
		node:       "sw1",
		connected:  true,
		legs:       map[cti.LegID]*leg{},
		bridges:    map[cti.BridgeID]*bridge{},
		playbacks:  map[cti.PlaybackID]*playback{},
		recordings: map[string]*recording{},
		files:      map[string]File{},
		phones:     map[string]*phone{},
		globals:    map[string]string{},
		refused:    map[string]bool{},
		missing:    map[string]bool{},
		endless:    map[string]bool{},
		reactions:  map[string]Reaction{},
		faults:     map[string][]fault{},
		wake:       make(chan struct{}, 1),
		out:        make(chan cti.Event),
	}
}

// Start begins the delivery of events; the first one is Connected.
func (s *Switch) Start(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.cancel, s.done = cancel, make(chan struct{})
	s.emit(cti.Connected{At: time.Now()})
	s.mu.Unlock()
	go s.deliver(ctx)
	return nil
}

// Stop ends the delivery and closes the channel of Events.
func (s *Switch) Stop() {
	s.mu.Lock()
	cancel, done := s.cancel, s.done
	for _, l := range s.legs {
		l.stopTimer()
	}
	for _, p := range s.playbacks {
		p.stopTimer()
	}
	for _, r := range s.recordings {
		r.stopTimer()
	}
	s.mu.Unlock()
	if cancel == nil {
		return
	}
	cancel()
	<-done
}

// Events is where everything arrives that the switch says.
func (s *Switch) Events() <-chan cti.Event { return s.out }

// Node is the name of the fake node.
func (s *Switch) Node() string { return s.node }

func (s *Switch) deliver(ctx context.Context) {
	defer close(s.done)
	defer close(s.out)
	for {
		s.mu.Lock()
		batch := s.queue
		s.queue = nil
		s.mu.Unlock()
		for _, e := range batch {
			select {
			case s.out <- e:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return
		}
	}
}

// emit queues one event; the caller holds the lock.
func (s *Switch) emit(e cti.Event) {
	switch e.(type) {
	case cti.Connected, cti.Disconnected, cti.Replaced:
		s.push(e)
		return
	}
	if !s.connected {
		s.miss(e) // the switch never replays what was missed
		return
	}
	if s.hold {
		s.held = append(s.held, e)
		return
	}
	s.push(e)
	if _, end := e.(cti.LegEnded); s.duplicate && !end {
		s.push(e)
	}
}

// miss keeps the end of a sound or recording, which the driver finds out after it is connected
// again, if its leg is still there.
func (s *Switch) miss(e cti.Event) {
	switch e.(type) {
	case cti.PlaybackFinished, cti.RecordingFinished:
		s.missed = append(s.missed, e)
	}
}

func (s *Switch) push(e cti.Event) {
	s.queue = append(s.queue, e)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Switch) nextID() string {
	s.seq++
	return fmt.Sprintf("1700000000.%d", s.seq)
}

func (l *leg) stopTimer() {
	if l.timer != nil {
		l.timer.Stop()
	}
}

// leave takes the leg out of its bridge, if any; the caller holds the lock.
func (s *Switch) leave(l *leg) {
	b := s.bridges[l.bridge]
	if b == nil {
		return
	}
	for i, m := range b.members {
		if m == l.ID {
			b.members = append(b.members[:i], b.members[i+1:]...)
			break
		}
	}
	s.emit(cti.BridgeChanged{Bridge: l.bridge, Leg: l.ID, At: time.Now()})
	l.bridge = ""
}

// release ends our control of the leg; the caller holds the lock.
func (s *Switch) release(l *leg, cause int, text, status string) {
	s.stopMedia(l)
	s.leave(l)
	l.Ours = false
	if !l.ended {
		l.ended = true
		s.emit(cti.LegEnded{Leg: l.ID, Cause: cause, Text: text, Status: status, At: time.Now()})
	}
}

// end removes the leg, and the snoops on it; the caller holds the lock.
func (s *Switch) end(l *leg, cause int, text, status string) {
	l.stopTimer()
	s.release(l, cause, text, status)
	s.keepSource(l)
	delete(s.legs, l.ID)
	for _, o := range s.legs {
		if o.snoopOf == l.ID {
			s.end(o, cause, text, "")
		}
	}
}
