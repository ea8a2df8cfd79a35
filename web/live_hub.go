package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/acd/floor"
)

const (
	replayDepth   = 4096                   // floor updates kept for sockets that come back
	queueInterval = 250 * time.Millisecond // a seat's counters at most 4 a second
)

// DeskChange tells that something of the desk changed; pages fetch it again.
type DeskChange struct {
	ID       string `json:"-"` // desk cursor
	Kind     string `json:"kind"`
	Ticket   string `json:"ticket,omitempty"`
	Call     string `json:"call,omitempty"`
	Callback string `json:"callback,omitempty"`
	Version  int    `json:"version,omitempty"`

	Account string   `json:"-"` // whom it concerns; empty: everybody who may see it
	Units   []string `json:"-"` // that have or had a part in the ticket
}

// seatFrame is a frame kept for replay.
type seatFrame struct {
	seat string
	id   string
	body []byte
}

// hub fans the floor's and the desk's changes out to the sockets. It is the floor's Follower:
// it never blocks the floor.
type hub struct {
	mu     sync.Mutex
	queue  []floor.Update
	wake   chan struct{}
	closed bool

	sockMu  sync.Mutex
	sockets map[*socket]struct{}

	// Owned by run, read under stateMu by sockets that arrive.
	stateMu sync.Mutex
	seats   map[string]floor.SeatView
	queues  map[string]floor.QueueView
	calls   map[string]floor.CallView // by call id
	pops    map[string]floor.Pop      // by seat
	alarms  map[string]floor.Alarm
	lastID  string
	replay  []seatFrame
	deskID  string
	desk    []DeskChange

	unsent [boardGroups]boardDebt // by group of boards
	turn   int                    // of the groups
	boards int                    // that came, to spread them
}

func newHub() *hub {
	h := &hub{
		wake: make(chan struct{}, 1), sockets: map[*socket]struct{}{},
		seats: map[string]floor.SeatView{}, queues: map[string]floor.QueueView{}, calls: map[string]floor.CallView{},
		pops: map[string]floor.Pop{}, alarms: map[string]floor.Alarm{},
	}
	for i := range h.unsent {
		h.unsent[i] = boardDebt{seats: map[string]bool{}, queues: map[string]bool{}}
	}
	return h
}

// Follow implements floor.Follower.
func (h *hub) Follow(u floor.Update) {
	h.mu.Lock()
	if !h.closed {
		h.queue = append(h.queue, u)
	}
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// run applies updates until ctx ends.
func (h *hub) run(ctx context.Context) {
	board := time.NewTicker(boardInterval / boardGroups)
	defer board.Stop()
	counters := time.NewTicker(queueInterval)
	defer counters.Stop()
	changedQueues := map[string]bool{}
	for {
		select {
		case <-ctx.Done():
			h.mu.Lock()
			h.closed, h.queue = true, nil
			h.mu.Unlock()
			return
		case <-h.wake:
			h.mu.Lock()
			batch := h.queue
			h.queue = nil
			h.mu.Unlock()
			for _, u := range batch {
				h.apply(u, changedQueues)
			}
		case <-board.C:
			h.flushBoards()
		case <-counters.C:
			if len(changedQueues) > 0 {
				h.flushCounters()
				clear(changedQueues)
			}
		}
	}
}

func (h *hub) apply(u floor.Update, changedQueues map[string]bool) {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	if u.ID != "" {
		h.lastID = u.ID
	}
	switch {
	case u.Seat != nil:
		h.seats[u.Seat.Seat] = *u.Seat
		h.oweSeat(u.Seat.Seat)
		if u.Seat.Call == "" {
			delete(h.pops, u.Seat.Seat)
		}
		h.toSeat(u.Seat.Seat, u.ID, "seat", u.Seat)
	case u.Call != nil:
		if u.Call.End != nil {
			delete(h.calls, string(u.Call.ID))
		} else {
			h.calls[string(u.Call.ID)] = *u.Call
		}
		if u.Call.Seat != "" {
			h.toSeat(u.Call.Seat, u.ID, "call", u.Call)
		}
	case u.Pop != nil:
		if u.Pop.Call.Seat != "" {
			h.pops[u.Pop.Call.Seat] = *u.Pop
			h.toSeat(u.Pop.Call.Seat, u.ID, "pop", u.Pop)
		}
	case u.Queue != nil:
		h.queues[u.Queue.Queue] = *u.Queue
		for i := range h.unsent {
			h.unsent[i].queues[u.Queue.Queue] = true
		}
		changedQueues[u.Queue.Queue] = true
	case u.Alarm != nil:
		if u.Alarm.On {
			h.alarms[u.Alarm.Code] = *u.Alarm
		} else {
			delete(h.alarms, u.Alarm.Code)
		}
		for i := range h.unsent {
			h.unsent[i].alarms = true
		}
	}
}

// toSeat queues a frame for the sockets of a seat and keeps it for replay. stateMu is held.
func (h *hub) toSeat(seat, id, kind string, data any) {
	body, err := frame(id, kind, data)
	if err != nil {
		slog.Error("frame not encoded", "type", kind, "seat", seat, "error", err)
		return
	}
	h.replay = append(h.replay, seatFrame{seat: seat, id: id, body: body})
	if len(h.replay) > 2*replayDepth {
		h.replay = append([]seatFrame(nil), h.replay[len(h.replay)-replayDepth:]...)
	}
	h.sockMu.Lock()
	defer h.sockMu.Unlock()
	for s := range h.sockets {
		if s.seat() == seat {
			s.send(body)
		}
	}
}

// flushCounters sends the queues' figures, without their callers, to the seats.
func (h *hub) flushCounters() {
	h.stateMu.Lock()
	list := make([]floor.QueueView, 0, len(h.queues))
	for _, q := range h.queues {
		q.Waiters = nil
		list = append(list, q)
	}
	h.stateMu.Unlock()
	body, err := frame("", "queues", list)
	if err != nil {
		slog.Error("queue figures not encoded", "error", err)
		return
	}
	h.each(func(s *socket) bool { return s.seat() != "" }, body)
}

func (h *hub) each(who func(*socket) bool, body []byte) {
	h.sockMu.Lock()
	defer h.sockMu.Unlock()
	for s := range h.sockets {
		if who(s) {
			s.send(body)
		}
	}
}

// changed tells the sockets of a desk change.
func (h *hub) changed(c DeskChange) {
	body, err := frame(c.ID, "desk", c)
	if err != nil {
		slog.Error("desk change not encoded", "error", err)
		return
	}
	h.stateMu.Lock()
	h.deskID = c.ID
	h.desk = append(h.desk, c)
	if len(h.desk) > 2*replayDepth {
		h.desk = append([]DeskChange(nil), h.desk[len(h.desk)-replayDepth:]...)
	}
	h.stateMu.Unlock()
	h.each(func(s *socket) bool { return s.sees(c) }, body)
}

// helloData greets a page.
type helloData struct {
	Account    string    `json:"account"`
	Seat       string    `json:"seat"`
	Floor      string    `json:"floor" doc:"Cursor of the floor"`
	Desk       string    `json:"desk" doc:"Cursor of the desk"`
	ServerTime time.Time `json:"server_time"`
}

// join adds a socket: it greets it, gives it what it missed since the cursors, or the state of
// its seat when they are too old, and from then on every change.
func (h *hub) join(s *socket, floorCursor, deskCursor string) error {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	seat := s.seat()
	hello, err := frame(h.lastID, "hello", helloData{
		Account: s.identity.Account, Seat: seat, Floor: h.lastID, Desk: h.deskID, ServerTime: time.Now().UTC(),
	})
	if err != nil {
		return err
	}
	s.send(hello)
	if seat != "" {
		if missed, ok := h.missed(seat, floorCursor); ok {
			for _, body := range missed {
				s.send(body)
			}
		} else if err := h.sendSeatState(s, seat); err != nil {
			return err
		}
	}
	if missed, ok := h.missedDesk(deskCursor); ok {
		for _, c := range missed {
			if s.sees(c) {
				if body, err := frame(c.ID, "desk", c); err == nil {
					s.send(body)
				}
			}
		}
	} else if body, err := frame(h.deskID, "desk", DeskChange{Kind: "all"}); err == nil {
		s.send(body)
	}
	h.sockMu.Lock()
	h.sockets[s] = struct{}{}
	h.sockMu.Unlock()
	return nil
}

// missed returns the seat's frames from the cursor's event on; false when that is not held. The
// frames of the event itself come again: a page may have got only the first of them, and they
// are states, so that a repeat does no harm.
func (h *hub) missed(seat, cursor string) ([][]byte, bool) {
	if cursor == "" {
		return nil, false
	}
	from := slices.IndexFunc(h.replay, func(f seatFrame) bool { return f.id == cursor })
	if from < 0 {
		return nil, false
	}
	var out [][]byte
	for _, f := range h.replay[from:] {
		if f.seat == seat {
			out = append(out, f.body)
		}
	}
	return out, true
}

func (h *hub) missedDesk(cursor string) ([]DeskChange, bool) {
	if cursor == "" || cursor == h.deskID {
		return nil, cursor != "" || h.deskID == ""
	}
	for i := len(h.desk) - 1; i >= 0; i-- {
		if h.desk[i].ID == cursor {
			return h.desk[i+1:], true
		}
	}
	return nil, false
}

func (h *hub) sendSeatState(s *socket, seat string) error {
	view, ok := h.seats[seat]
	if !ok {
		view = floor.SeatView{Seat: seat, State: floor.SeatSignedOut, Since: time.Now().UTC()}
	}
	frames := []struct {
		kind string
		data any
	}{{"seat", view}}
	if call, ok := h.calls[string(view.Call)]; ok && view.Call != "" {
		if pop, ok := h.pops[seat]; ok && pop.Call.ID == call.ID {
			frames = append(frames, struct {
				kind string
				data any
			}{"pop", pop})
		}
		frames = append(frames, struct {
			kind string
			data any
		}{"call", call})
	}
	for _, f := range frames {
		body, err := frame(h.lastID, f.kind, f.data)
		if err != nil {
			return err
		}
		s.send(body)
	}
	return nil
}

func (h *hub) leave(s *socket) {
	h.sockMu.Lock()
	delete(h.sockets, s)
	h.sockMu.Unlock()
}

// dismiss says bye to the sockets for which `who` holds.
func (h *hub) dismiss(who func(*socket) bool, reason string) {
	h.sockMu.Lock()
	defer h.sockMu.Unlock()
	for s := range h.sockets {
		if who(s) {
			s.bye(reason)
		}
	}
}

// seatOpenElsewhere tells whether another session has a page of the seat open.
func (h *hub) seatOpenElsewhere(seat, session string) bool {
	h.sockMu.Lock()
	defer h.sockMu.Unlock()
	for s := range h.sockets {
		if s.seat() == seat && s.session != session {
			return true
		}
	}
	return false
}

// frame encodes one frame of the live socket.
func frame(id, kind string, data any) ([]byte, error) {
	return json.Marshal(struct {
		ID   string `json:"id"`
		Type string `json:"type"`
		Data any    `json:"data"`
	}{id, kind, data})
}

// seatChoices lists the seats somebody is signed in at.
func (h *hub) seatChoices() []SeatChoice {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	choices := []SeatChoice{}
	for _, v := range h.seats {
		if v.State != floor.SeatSignedOut && v.Account != "" {
			choices = append(choices, SeatChoice{Seat: v.Seat, Name: v.Name, Group: v.Group, State: v.State, Since: v.Since})
		}
	}
	slices.SortFunc(choices, func(a, b SeatChoice) int { return strings.Compare(a.Seat, b.Seat) })
	return choices
}
