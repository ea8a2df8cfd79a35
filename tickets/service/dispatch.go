package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// How far back returns of a class are counted.
const returnDays = 180

// DispatchPreview shows a dispatcher, before anything is sent, what the lead and the assists would
// get: deadlines, duties, what they gave back before, and what the catalogue proposes. Without
// units it is of those that the catalogue proposes.
func (s *Service) DispatchPreview(ctx context.Context, who Identity, id, lead string, assists []string) (DispatchPreview, error) {
	preview := DispatchPreview{Legs: []LegPreview{}, Returns: []UnitReturns{}}
	if !who.Actor().Has(tickets.Dispatcher, tickets.Office, tickets.Agent) {
		return preview, fmt.Errorf("preview of a dispatch: %w", ErrForbidden)
	}
	record, err := s.visibleTicket(ctx, who, id)
	if err != nil {
		return preview, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return preview, err
	}
	if err := s.previewProposal(ctx, place, record.Ticket, &preview); err != nil {
		return preview, err
	}
	if lead == "" && len(assists) == 0 && preview.Proposal != nil {
		lead = preview.Proposal.Lead.ID
		for _, u := range preview.Proposal.Assists {
			assists = append(assists, u.ID)
		}
	}
	returns, err := s.returnsOf(ctx, record.ClassID, place)
	if err != nil {
		return preview, err
	}
	preview.Returns = returns
	limits := place.rules.LimitsFor(record.Ticket)
	preview.MinDueAt, preview.MaxDueAt = place.rules.After(place.now, limits.Min), place.rules.After(place.now, limits.Max)
	return preview, s.previewLegs(ctx, place, record.Ticket, lead, assists, &preview)
}

func (s *Service) previewProposal(ctx context.Context, place setting, t tickets.Ticket, preview *DispatchPreview) error {
	units, err := s.proposed(ctx, t)
	if err != nil || len(units) == 0 {
		return err
	}
	areas, err := s.areaNames(ctx)
	if err != nil {
		return err
	}
	preview.Proposal = &CatalogueProposal{Lead: place.unitRef(units[0]), Assists: []UnitRef{}, Why: catalogueWords(t, areas)}
	for _, u := range units[1:] {
		preview.Proposal.Assists = append(preview.Proposal.Assists, place.unitRef(u))
	}
	return nil
}

// catalogueWords name what the row of the catalogue was found by.
func catalogueWords(t tickets.Ticket, areas map[string]string) string {
	var words []string
	if len(t.ClassPath) > 0 {
		words = append(words, t.ClassPath[len(t.ClassPath)-1])
	}
	if n := len(t.Place.Area); n > 0 && areas[t.Place.Area[n-1]] != "" {
		words = append(words, areas[t.Place.Area[n-1]])
	}
	return strings.Join(words, " × ")
}

// returnsOf counts the granted returns of the class, most first.
func (s *Service) returnsOf(ctx context.Context, class string, place setting) ([]UnitReturns, error) {
	list := []UnitReturns{}
	if class == "" {
		return list, nil
	}
	counts, err := s.store.ReturnsOfClass(ctx, []string{class}, place.now.AddDate(0, 0, -returnDays))
	if err != nil {
		return nil, fmt.Errorf("count returns: %w", err)
	}
	for unit, n := range counts {
		list = append(list, UnitReturns{Unit: place.unitRef(unit), Count: n})
	}
	slices.SortFunc(list, func(a, b UnitReturns) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Unit.ID, b.Unit.ID)
	})
	return list, nil
}

func (s *Service) previewLegs(ctx context.Context, place setting, t tickets.Ticket, lead string, assists []string, preview *DispatchPreview) error {
	all, err := s.house.all(ctx)
	if err != nil {
		return err
	}
	for i, id := range append([]string{lead}, assists...) {
		n := slices.IndexFunc(all, func(u directory.Unit) bool { return u.ID == id })
		if n < 0 {
			continue
		}
		role := tickets.Assist
		if i == 0 {
			role = tickets.Lead
		}
		dates := place.rules.ForDispatch(t, role, time.Time{}, place.now)
		leg := LegPreview{
			Unit: place.unitRef(id), Role: role, Duties: all[n].Duties, SignDueAt: dates.Sign, ReturnDueAt: dates.Return, DueAt: dates.Due,
			Remains: place.remains(dates.Due),
		}
		if k := slices.IndexFunc(preview.Returns, func(r UnitReturns) bool { return r.Unit.ID == id }); k >= 0 {
			leg.Returns = preview.Returns[k].Count
		}
		preview.Legs = append(preview.Legs, leg)
	}
	return nil
}
