package server

import (
	"context"
	"fmt"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/acd/livestate"
	"github.com/open12345/hotline/web"
)

// house tells the running parts what the administrator changed.
type house struct{ s *Server }

var _ web.Reconfigure = house{}

// Reconfigure implements web.Reconfigure.
func (h house) Reconfigure(ctx context.Context) error {
	queues, err := h.s.desk.Queues(ctx)
	if err != nil {
		return fmt.Errorf("read queues: %w", err)
	}
	engine, named, err := engineConfig(queues)
	if err != nil {
		return err
	}
	if err := h.s.floor.Configure(ctx, engine, named); err != nil {
		return fmt.Errorf("change the floor's queues: %w", err)
	}
	if err := h.s.floor.Refresh(ctx); err != nil {
		return fmt.Errorf("change the floor's seats: %w", err)
	}
	lines, err := h.s.store.Lines(ctx)
	if err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	h.s.menus.setLines(lines)
	seats, err := (deskPorts{h.s.desk}).Seats(ctx)
	if err != nil {
		return fmt.Errorf("read seats: %w", err)
	}
	views := make([]floor.SeatView, len(seats))
	for i, p := range seats {
		views[i] = floor.SeatView{Seat: p.Seat, Name: p.Name, Group: p.Group, State: floor.SeatSignedOut}
	}
	h.s.web.SetSeats(views)
	return nil
}

// livestateOf is the floor's state in Redis, under this leader's epoch.
func livestateOf(s *Server) floor.LiveState { return livestate.NewState(s.redis, s.lease.Epoch()) }
