package service

import (
	"context"
	"errors"
	"fmt"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// ContactRequest asks the hotline to connect the clerk with the citizen of a ticket (联系群众).
type ContactRequest struct {
	Leg    int    `json:"leg,omitempty" doc:"Of which unit's part; 0: the asker's unit's own"`
	Number string `json:"number,omitempty" maxLength:"24" doc:"Telephone of the clerk; left out: the account's own, else the unit's"`
	For    string `json:"for,omitempty" maxLength:"64" doc:"Id of the merged ticket whose citizen is called"`
}

// ContactPlan is a call that the floor is to make: both numbers in clear, for the floor alone.
type ContactPlan struct {
	Ticket  string
	Leg     int // 0: a follow-up
	From    privacy.Phone
	To      privacy.Phone
	Label   string // who the clerk is
	Unit    string
	Purpose string
}

// PlanContact checks that the asker may have a call with the citizen of the ticket and looks the
// two numbers up. A clerk calls for an open part of the own unit, the hotline's people for a
// follow-up. ErrNotFound, ErrForbidden, ErrNoNumber, *tickets.Refusal.
func (s *Service) PlanContact(ctx context.Context, who Identity, id string, in ContactRequest) (ContactPlan, error) {
	if err := who.need(directory.TicketAct); err != nil {
		return ContactPlan{}, err
	}
	record, err := s.visibleTicket(ctx, who, id)
	if err != nil {
		return ContactPlan{}, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return ContactPlan{}, err
	}
	plan := ContactPlan{Ticket: record.ID, Purpose: calls.PurposeClickToCall, Label: who.Name}
	switch {
	case who.Unit != nil && who.Actor().Has(tickets.UnitClerk, tickets.UnitLeader):
		leg, ok := record.LegOf(who.Unit.ID)
		if in.Leg != 0 {
			leg, ok = record.Leg(in.Leg)
		}
		if !ok || leg.Unit != who.Unit.ID || !leg.State.Open() {
			return plan, fmt.Errorf("contact: %w", &tickets.Refusal{Code: tickets.RefusedState, Detail: record.State.Label()})
		}
		plan.Leg, plan.Unit, plan.Label = leg.N, who.Unit.ID, who.Unit.Name+" "+who.Name
	case record.State == tickets.ToFollowUp && who.Actor().Has(tickets.FollowUp):
		plan.Purpose = calls.PurposeFollowUp
		if !place.rules.Calendar.Open(place.rules.Policy.FollowUp.Hours, place.now) {
			return plan, fmt.Errorf("contact: %w", &tickets.Refusal{Code: RefusedHours})
		}
	default:
		return plan, fmt.Errorf("contact: %w", ErrForbidden)
	}
	if plan.To, err = s.citizenNumber(ctx, record, in.For); err != nil {
		return plan, err
	}
	if plan.From, err = s.clerkNumber(ctx, who, in.Number); err != nil {
		return plan, err
	}
	return plan, s.Audit(ctx, who, "ticket.dial", record.ID, record.Number)
}

// RefusedHours is a follow-up call at an hour at which citizens are not called.
const RefusedHours = "outside_hours"

// citizenNumber is the number to reach the citizen at, of the ticket or of one merged into it.
func (s *Service) citizenNumber(ctx context.Context, record TicketRecord, merged string) (privacy.Phone, error) {
	t := record.Ticket
	if merged != "" && merged != record.ID {
		other, err := s.store.Ticket(ctx, merged)
		if err != nil {
			return "", fmt.Errorf("contact: %w", err)
		}
		if other.Master != record.ID {
			return "", fmt.Errorf("contact: not merged into this ticket: %w", ErrNotFound)
		}
		t = other.Ticket
	}
	if t.Caller.Reach() == "" {
		return "", ErrNoNumber
	}
	return t.Caller.Reach(), nil
}

// clerkNumber is the telephone that is rung first.
func (s *Service) clerkNumber(ctx context.Context, who Identity, asked string) (privacy.Phone, error) {
	if number := privacy.Normalize(asked); number != "" {
		return number, nil
	}
	a, err := s.store.Account(ctx, who.Account)
	if err != nil {
		return "", fmt.Errorf("contact: %w", err)
	}
	if number := privacy.Normalize(a.Mobile); number != "" {
		return number, nil
	}
	if who.Unit != nil {
		units, err := s.house.all(ctx)
		if err != nil {
			return "", err
		}
		for _, u := range units {
			if number := privacy.Normalize(u.Phone); u.ID == who.Unit.ID && number != "" {
				return number, nil
			}
		}
	}
	return "", fmt.Errorf("the clerk: %w", ErrNoNumber)
}

// NoteContact notes the call that the floor made for the plan on the unit's part, so that it hangs
// on the ticket. A follow-up's call is noted with its answers.
func (s *Service) NoteContact(ctx context.Context, who Identity, plan ContactPlan, call calls.ID) error {
	if plan.Leg == 0 {
		return nil
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return err
	}
	args := tickets.Args{Leg: plan.Leg, Call: call, Contact: &tickets.Contact{Call: call, Way: "call"}}
	err = s.store.UpdateTicket(ctx, plan.Ticket, AnyVersion, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
		facts := place.facts()
		facts.CallOfSeat = true
		return s.apply(ctx, tx, place, t, tickets.ContactCitizen, who.Actor(), args, facts)
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("note contact: %w", err)
	}
	return err
}
