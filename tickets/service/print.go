package service

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
)

// Printout is a ticket with everything a paper of it shows, as one person may see it.
type Printout struct {
	Ticket TicketView
	Place  string            // area names and address
	Units  map[string]string // id → name
	Legs   []LegView         // that are printed: all for the hotline, a unit's own for a unit
	By     string            // who prints
	At     time.Time
}

// MaxPrint is how many tickets may be printed at once.
const MaxPrint = 200

// Printouts reads the tickets for printing a form of each, and notes it in the audit log. One
// out of the asker's scope is ErrNotFound for all.
func (s *Service) Printouts(ctx context.Context, who Identity, form string, ids []string) ([]Printout, error) {
	if len(ids) == 0 || len(ids) > MaxPrint {
		return nil, fmt.Errorf("print: %w", &tickets.Refusal{Code: tickets.RefusedValue, Detail: fmt.Sprintf("一次打印 1 到 %d 件", MaxPrint)})
	}
	units, err := s.store.Units(ctx)
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	areas, err := s.store.Areas(ctx)
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	names := map[string]string{"": ""}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	areaNames := map[string]string{}
	for _, a := range areas {
		areaNames[a.Code] = a.Name
	}
	outs := make([]Printout, len(ids))
	for i, id := range ids {
		view, err := s.Ticket(ctx, who, id)
		if err != nil {
			return nil, err
		}
		var place []string
		for _, code := range view.Place.Area {
			place = append(place, areaNames[code])
		}
		outs[i] = Printout{
			Ticket: view, Place: strings.Join(append(place, view.Place.Address), " "), Units: names, Legs: printedLegs(view.Legs),
			By: who.Name, At: s.clock(),
		}
	}
	return outs, s.Audit(ctx, who, "ticket.print", strings.Join(ids, ","), form)
}

// printedLegs are the asker's unit's own, where it has any; those still standing for the others.
func printedLegs(legs []LegView) []LegView {
	var own, standing []LegView
	for _, l := range legs {
		if l.Mine {
			own = append(own, l)
		}
		if l.Level == 1 && l.State != tickets.Left && l.State != tickets.Terminated {
			standing = append(standing, l)
		}
	}
	if len(own) > 0 {
		return own
	}
	return standing
}
