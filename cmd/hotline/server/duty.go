package server

import (
	"context"
	"errors"
	"log/slog"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/service"
)

// dutyRinger lets the floor ring a unit's duty phone for the desk.
type dutyRinger struct {
	desk interface {
		PlanDutyRing(ctx context.Context, unit, ticket string) (service.DutyRing, error)
	}
	floor interface {
		Ring(ctx context.Context, req floor.RingRequest) (calls.ID, error)
	}
	log *slog.Logger
}

// ring is the notifier's Ring: one call. The desk's timer asks again until the unit has signed; a
// unit that has signed meanwhile, or whose phone is being rung, is left in peace.
func (d dutyRinger) ring(ctx context.Context, unit, ticket string) error {
	plan, err := d.desk.PlanDutyRing(ctx, unit, ticket)
	if errors.Is(err, service.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	call, err := d.floor.Ring(ctx, floor.RingRequest{
		Number: string(plan.Phone), Label: plan.Label, Ticket: plan.Ticket, TicketNumber: plan.Number, Unit: plan.Unit,
	})
	var refused *floor.Refusal
	if errors.As(err, &refused) && refused.Code == floor.RefusedCalling {
		return nil
	}
	if err != nil {
		return err
	}
	d.log.Info("the duty phone rings", "unit", unit, "ticket", ticket, "call", call)
	return nil
}
