package web

import (
	"log/slog"
	"time"

	"github.com/open12345/hotline/acd/floor"
)

const (
	boardInterval = 200 * time.Millisecond // a board gets at most 5 changes a second
	boardGroups   = 8                      // which take turns, so that hundreds of boards don't hold up a screen pop
)

// boardDebt is what changed since a group of boards was told.
type boardDebt struct {
	seats, queues map[string]bool
	alarms        bool
}

func (d *boardDebt) none() bool { return len(d.seats) == 0 && len(d.queues) == 0 && !d.alarms }

// oweSeat notes that every group of boards has to be told of the seat. stateMu is held.
func (h *hub) oweSeat(seat string) {
	for i := range h.unsent {
		h.unsent[i].seats[seat] = true
	}
}

// setHouse names the seats there are, so that a board shows those nobody is signed in at too.
func (h *hub) setHouse(seats []floor.SeatView) {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	there := map[string]bool{}
	for _, v := range seats {
		there[v.Seat] = true
		if now, known := h.seats[v.Seat]; !known || now.State == floor.SeatSignedOut {
			h.seats[v.Seat] = v
			h.oweSeat(v.Seat)
		}
	}
	for id, v := range h.seats {
		if !there[id] && v.State == floor.SeatSignedOut {
			delete(h.seats, id)
		}
	}
}

// boardState is what a board gets: whole as "board", changed parts as "board.change".
type boardState struct {
	Seats  []floor.SeatView  `json:"seats,omitempty"`
	Queues []floor.QueueView `json:"queues,omitempty"`
	Alarms []floor.Alarm     `json:"alarms"`
}

// flushBoards tells the group whose turn it is.
func (h *hub) flushBoards() {
	h.stateMu.Lock()
	group := h.turn
	h.turn = (h.turn + 1) % boardGroups
	debt := &h.unsent[group]
	if debt.none() {
		h.stateMu.Unlock()
		return
	}
	change := boardState{Alarms: h.alarmList()}
	for id := range debt.seats {
		change.Seats = append(change.Seats, h.seats[id])
	}
	for id := range debt.queues {
		change.Queues = append(change.Queues, h.queues[id])
	}
	id := h.lastID
	clear(debt.seats)
	clear(debt.queues)
	debt.alarms = false
	body, err := frame(id, "board.change", change)
	// Sent under stateMu, so that a board that takes its snapshot just now neither misses nor
	// re-orders this change.
	if err == nil {
		h.each(func(s *socket) bool { return s.board.Load() && s.group == group }, body)
	}
	h.stateMu.Unlock()
	if err != nil {
		slog.Error("board change not encoded", "error", err)
	}
}

func (h *hub) alarmList() []floor.Alarm {
	list := make([]floor.Alarm, 0, len(h.alarms))
	for _, a := range h.alarms {
		list = append(list, a)
	}
	return list
}

// watch makes the socket a board and sends it the whole picture.
func (h *hub) watch(s *socket) error {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	whole := boardState{Alarms: h.alarmList()}
	for _, v := range h.seats {
		whole.Seats = append(whole.Seats, v)
	}
	for _, v := range h.queues {
		whole.Queues = append(whole.Queues, v)
	}
	body, err := frame(h.lastID, "board", whole)
	if err != nil {
		return err
	}
	s.send(body)
	s.group = h.boards % boardGroups
	h.boards++
	s.board.Store(true)
	return nil
}

// picture is the whole board now.
func (h *hub) picture() boardState {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	whole := boardState{Alarms: h.alarmList()}
	for _, v := range h.seats {
		whole.Seats = append(whole.Seats, v)
	}
	for _, v := range h.queues {
		whole.Queues = append(whole.Queues, v)
	}
	return whole
}
