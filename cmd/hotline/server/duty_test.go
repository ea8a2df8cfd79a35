package server

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/service"
)

// dutyDouble is desk and floor of a dutyRinger.
type dutyDouble struct {
	plan     service.DutyRing
	planErr  error
	ringErr  error
	requests []floor.RingRequest
}

func (d *dutyDouble) PlanDutyRing(context.Context, string, string) (service.DutyRing, error) {
	return d.plan, d.planErr
}

func (d *dutyDouble) Ring(_ context.Context, r floor.RingRequest) (calls.ID, error) {
	d.requests = append(d.requests, r)
	return "call-1", d.ringErr
}

func TestTheDutyPhoneIsRungOnlyWhileTheUnitHasNotSigned(t *testing.T) {
	down := &floor.Refusal{Code: floor.RefusedSwitchDown}
	for name, c := range map[string]struct {
		double dutyDouble
		rings  int
		err    error
	}{
		"not signed":           {dutyDouble{plan: service.DutyRing{Ticket: "t", Number: "260124000173", Unit: "xxb", Label: "市信息办值班电话", Phone: "05998810100"}}, 1, nil},
		"signed meanwhile":     {dutyDouble{planErr: service.ErrNotFound}, 0, nil},
		"no duty phone":        {dutyDouble{planErr: service.ErrNoNumber}, 0, service.ErrNoNumber},
		"it is being rung":     {dutyDouble{ringErr: &floor.Refusal{Code: floor.RefusedCalling}}, 1, nil},
		"no switch to ring it": {dutyDouble{ringErr: down}, 1, down},
	} {
		t.Run(name, func(t *testing.T) {
			err := dutyRinger{&c.double, &c.double, slog.New(slog.DiscardHandler)}.ring(t.Context(), "xxb", "t")
			require.True(t, errors.Is(err, c.err), "%v", err)
			require.Len(t, c.double.requests, c.rings)
			if name == "not signed" {
				require.Equal(t, floor.RingRequest{Number: "05998810100", Label: "市信息办值班电话", Ticket: "t", TicketNumber: "260124000173", Unit: "xxb"}, c.double.requests[0])
			}
		})
	}
}
