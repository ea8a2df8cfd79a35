package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// setting is what guards and views need to know of the city and of who asks. It is read once
// for a request; its maps are shared and only read.
type setting struct {
	now    time.Time
	local  *time.Location
	rules  tickets.Rules
	units  map[string]tickets.Unit
	deputy bool // the asker stands in for the unit's leader now
	direct bool // the asker has the right of 直派
	name   func(account string) string
}

func (s *Service) setting(ctx context.Context, who Identity) (setting, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return setting{}, fmt.Errorf("read the rules: %w", err)
	}
	place := setting{
		now: s.clock(), local: s.zone, rules: rules, direct: who.Can(directory.TicketDispatchDirectly),
		name: func(account string) string { return s.house.names.name(ctx, s.store, account) },
	}
	if place.units, err = s.house.units(ctx); err != nil {
		return setting{}, err
	}
	place.deputy, err = s.standsIn(ctx, who, place.now)
	return place, err
}

// facts are those that are the same for every ticket.
func (p setting) facts() tickets.Facts {
	return tickets.Facts{Rules: p.rules, Units: p.units, Deputy: p.deputy, DispatchDirectly: p.direct}
}

func (p setting) unitName(id string) string {
	if u, ok := p.units[id]; ok {
		return u.Name
	}
	return id
}

func (p setting) unitRef(id string) UnitRef { return UnitRef{ID: id, Name: p.unitName(id)} }

// above tells whether the unit a is an ancestor of the unit b, or b itself.
func (p setting) above(a, b string) bool {
	for depth := 0; b != "" && depth <= deepest; depth++ {
		if a == b {
			return true
		}
		b = p.units[b].Parent
	}
	return false
}

// standsIn tells whether the account is a deputy of its unit's leader now.
func (s *Service) standsIn(ctx context.Context, who Identity, now time.Time) (bool, error) {
	if who.Unit == nil || !who.Actor().Has(tickets.UnitClerk) {
		return false, nil
	}
	list, err := s.store.Deputies(ctx, who.Unit.ID)
	if err != nil {
		return false, fmt.Errorf("read deputies: %w", err)
	}
	return slices.ContainsFunc(list, func(d Deputy) bool {
		return d.Account == who.Account && !now.Before(d.From) && now.Before(d.To)
	}), nil
}

// facts looks up what the guards need beyond the ticket.
func (s *Service) facts(ctx context.Context, tx Tx, who Identity, place setting, t tickets.Ticket, event tickets.Event, in ActRequest) (tickets.Facts, error) {
	facts := place.facts()
	call := in.Call
	if in.Visit != nil {
		call = first(call, in.Visit.Call)
	}
	if call != "" {
		part, err := tx.CallOf(ctx, call, who.Account)
		switch {
		case errors.Is(err, ErrNotFound) && in.Visit != nil:
			return facts, &tickets.Refusal{Code: tickets.RefusedCall} // the proof of a follow-up is a call that was
		case err != nil && !errors.Is(err, ErrNotFound):
			return facts, err
		}
		facts.CallOfSeat = part.Took
	}
	if in.Account != "" {
		for _, c := range t.Calls {
			part, err := tx.CallOf(ctx, c.ID, in.Account)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return facts, err
			}
			facts.HandedOver = facts.HandedOver || part.Took
		}
	}
	if other := first(in.Master, in.Old); other != "" {
		o, err := tx.Other(ctx, other)
		switch {
		case err == nil:
			facts.Other = &tickets.Other{ID: o.ID, Number: o.Number, State: o.State, Title: o.Title}
		case !errors.Is(err, ErrNotFound):
			return facts, err
		}
	}
	if err := s.moreFacts(ctx, tx, place, t, event, &facts); err != nil {
		return facts, err
	}
	return facts, s.catalogueFacts(ctx, t, &facts)
}

// catalogueFacts are what the dispatch catalogue proposes.
func (s *Service) catalogueFacts(ctx context.Context, t tickets.Ticket, facts *tickets.Facts) error {
	proposed, err := s.proposed(ctx, t)
	if err == nil && len(proposed) > 0 {
		facts.Proposed, facts.CatalogueUnits = proposed, proposed[:1]
	}
	return err
}

// moreFacts are those that a person's and a timer's event need alike.
func (s *Service) moreFacts(ctx context.Context, tx Tx, place setting, t tickets.Ticket, event tickets.Event, facts *tickets.Facts) error {
	if t.State == tickets.ToFollowUp || event == tickets.CitizenWithdraw {
		merged, err := tx.MergedInto(ctx, t.ID)
		if err != nil {
			return err
		}
		facts.Merged, facts.FollowUps = len(merged), len(place.toFollowUp(t, merged))
	}
	if event == tickets.ReturnToWriter {
		away, err := s.away(ctx, t.Writer)
		if err != nil {
			return err
		}
		facts.WriterAway = away
	}
	if t.State == tickets.Merged && t.Master != "" && facts.Other == nil {
		master, err := tx.Other(ctx, t.Master)
		if err != nil {
			return err
		}
		facts.MasterGone = master.State == tickets.Withdrawn || master.State == tickets.Voided
		facts.Other = &tickets.Other{ID: master.ID, Number: master.Number, State: master.State, Title: master.Title}
	}
	if event == tickets.Urge {
		urges, err := tx.UrgesSince(ctx, t.Caller.Reach(), s.startOfDay(s.now()))
		if err != nil {
			return err
		}
		facts.Urges = urges
	}
	return nil
}

// systemFacts are what the guards need of an event that time brings about.
func (s *Service) systemFacts(ctx context.Context, tx Tx, place setting, t tickets.Ticket, event tickets.Event) (tickets.Facts, error) {
	facts := place.facts()
	return facts, s.moreFacts(ctx, tx, place, t, event, &facts)
}

// away tells whether the account is off shift: signed out of its seat, or without one and barred.
func (s *Service) away(ctx context.Context, account string) (bool, error) {
	if account == "" {
		return true, nil
	}
	a, err := s.store.Account(ctx, account)
	if errors.Is(err, ErrNotFound) || err == nil && a.Disabled {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	in, err := s.store.AtSeat(ctx, account)
	return !in, err
}

// toFollowUp are those of the merged tickets whose citizens still have to be followed up in the
// ticket's round: each wants to be, can be reached, was not reached yet and not tried in vain on
// as many half-days as the policy wants.
func (p setting) toFollowUp(master tickets.Ticket, merged []tickets.Ticket) []tickets.Ticket {
	var list []tickets.Ticket
	for _, m := range merged {
		wanted := m.NeedFollowUp && m.Notice != tickets.NoticeNone && m.Caller.Reach() != ""
		if wanted && !followed(master, m.ID) && len(p.triedHalves(master, m.ID)) < p.rules.Policy.FollowUp.Tries {
			list = append(list, m)
		}
	}
	return list
}

// followed tells whether the citizen of the merged ticket, empty: of the master itself, was reached
// in the master's round.
func followed(master tickets.Ticket, merged string) bool {
	return slices.ContainsFunc(master.Visits, func(v tickets.Visit) bool {
		return v.Round == master.Round && v.For == merged && v.Reached
	})
}

// triedHalves are the half-days on which the citizen was called in vain in allowed hours.
func (p setting) triedHalves(master tickets.Ticket, merged string) []string {
	var halves []string
	for _, v := range master.Visits {
		if v.Round != master.Round || v.For != merged || v.Reached || v.Channel != tickets.VisitByPhone {
			continue
		}
		half := halfDay(v.At.In(p.local))
		if p.rules.Calendar.Open(p.rules.Policy.FollowUp.Hours, v.At) && !slices.Contains(halves, half) {
			halves = append(halves, half)
		}
	}
	return halves
}

// startOfDay is when the business day of t began.
func (s *Service) startOfDay(t time.Time) time.Time {
	y, m, d := t.In(s.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, s.zone)
}

// houseCache keeps the units for a moment: every request needs them, and they seldom change.
type houseCache struct {
	store Store
	mu    sync.Mutex
	at    time.Time
	list  []directory.Unit
	byID  map[string]tickets.Unit
	names nameCache
}

const houseAge = time.Second

func (c *houseCache) units(ctx context.Context) (map[string]tickets.Unit, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	return c.byID, nil
}

func (c *houseCache) all(ctx context.Context) ([]directory.Unit, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	return c.list, nil
}

// refresh reads the units again when they are old. mu is held.
func (c *houseCache) refresh(ctx context.Context) error {
	if c.byID != nil && time.Since(c.at) < houseAge {
		return nil
	}
	list, err := c.store.Units(ctx)
	if err != nil {
		return fmt.Errorf("read units: %w", err)
	}
	parents, above := map[string]string{}, map[string]bool{}
	for _, u := range list {
		parents[u.ID] = u.Parent
		above[u.Parent] = above[u.Parent] || !u.Disabled
	}
	byID := make(map[string]tickets.Unit, len(list))
	for _, u := range list {
		level := 1
		for up := u.Parent; up != "" && level <= deepest; up = parents[up] {
			level++
		}
		byID[u.ID] = tickets.Unit{
			ID: u.ID, Name: u.Name, Parent: u.Parent, Level: level, Disabled: u.Disabled, Approval: u.Approval, SignReturn: u.SignReturn,
			Leaf: !above[u.ID],
		}
	}
	c.list, c.byID, c.at = list, byID, time.Now()
	return nil
}

// forget makes the next request read the units again.
func (c *houseCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byID = nil
}
