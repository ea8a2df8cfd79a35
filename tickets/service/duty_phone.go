package service

import (
	"context"
	"fmt"
	"slices"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// DutyRing is what the floor tells a unit's duty phone: the number is in clear, for the floor alone.
type DutyRing struct {
	Ticket string // id
	Number string // of the ticket, read out
	Unit   string
	Label  string // who is rung
	Phone  privacy.Phone
}

// PlanDutyRing looks up whom to ring for a ticket that waits for the unit's signature. ErrNotFound
// when it waits no longer, ErrNoNumber for a unit without a duty phone.
func (s *Service) PlanDutyRing(ctx context.Context, unit, ticket string) (DutyRing, error) {
	record, err := s.store.Ticket(ctx, ticket)
	if err != nil {
		return DutyRing{}, fmt.Errorf("plan a ring: %w", err)
	}
	if leg, ok := record.LegOf(unit); !ok || leg.State != tickets.ToSign {
		return DutyRing{}, fmt.Errorf("plan a ring: the unit has signed: %w", ErrNotFound)
	}
	units, err := s.house.all(ctx)
	if err != nil {
		return DutyRing{}, err
	}
	i := slices.IndexFunc(units, func(u directory.Unit) bool { return u.ID == unit })
	if i < 0 {
		return DutyRing{}, fmt.Errorf("plan a ring: unit %s: %w", unit, ErrNotFound)
	}
	ring := DutyRing{Ticket: ticket, Number: record.Number, Unit: unit, Label: units[i].Name + "值班电话"}
	if ring.Phone, err = s.DutyPhone(ctx, unit); err != nil {
		return ring, fmt.Errorf("plan a ring: %w", err)
	}
	return ring, nil
}
