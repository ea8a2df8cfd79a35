package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// CreateTicket makes a draft: bound to the asker's call, to the call behind a callback, or
// registered with its source. *tickets.Refusal.
func (s *Service) CreateTicket(ctx context.Context, who Identity, in NewTicket) (TicketView, error) {
	if err := who.need(directory.TicketCreate); err != nil {
		return TicketView{}, err
	}
	ofCallback := false
	if in.Key != "" {
		if made, err := s.store.RecallAct(ctx, who.Account, in.Key); err == nil {
			return s.Ticket(ctx, who, made)
		} else if !errors.Is(err, ErrNotFound) {
			return TicketView{}, fmt.Errorf("create ticket: %w", err)
		}
	}
	if in.Callback != "" {
		cb, err := s.store.Callback(ctx, in.Callback)
		if err != nil {
			return TicketView{}, fmt.Errorf("create ticket: %w", err)
		}
		if in.Call == "" {
			in.Call = cb.Call
		}
		ofCallback = cb.Call == in.Call || slices.ContainsFunc(cb.Attempts, func(a Attempt) bool { return a.Call == in.Call })
	}
	if in.Call != "" && !ofCallback {
		if err := s.awaitCall(ctx, in.Call, who.Account); err != nil {
			return TicketView{}, err
		}
	}
	id, err := s.store.CreateTicket(ctx, func(ctx context.Context, tx Tx) (tickets.Outcome, error) {
		return s.begin(ctx, tx, who, in, ofCallback)
	})
	if err != nil {
		return TicketView{}, fmt.Errorf("create ticket: %w", err)
	}
	return s.Ticket(ctx, who, id)
}

func (s *Service) begin(ctx context.Context, tx Tx, who Identity, in NewTicket, ofCallback bool) (tickets.Outcome, error) {
	args := tickets.Args{ID: uuid.Must(uuid.NewV7()).String(), Call: in.Call, Source: in.Source, External: in.External}
	facts := tickets.Facts{}
	event := tickets.Register
	if in.Call != "" {
		event = tickets.CreateByCall
		part, err := tx.CallOf(ctx, in.Call, who.Account)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return tickets.Outcome{}, err
		}
		facts.CallOfSeat = part.Took || ofCallback && err == nil
		args.Caller = tickets.Caller{Number: part.Caller, ContactSame: part.Caller != ""}
	}
	out, err := tickets.Apply(tickets.Ticket{}, event, who.Actor(), args, facts, s.clock())
	if err != nil || in.Key == "" {
		return out, err
	}
	return out, tx.Remember(ctx, who.Account, in.Key, args.ID, s.clock())
}

// Events of a call reach the database a moment after the agent's screen; a click can be faster.
const (
	callPatience = 1500 * time.Millisecond
	callRetry    = 50 * time.Millisecond
)

// awaitCall gives a call just begun a moment to arrive.
func (s *Service) awaitCall(ctx context.Context, call calls.ID, account string) error {
	if _, err := calls.ParseID(string(call)); err != nil {
		return fmt.Errorf("call %q: %w", call, ErrNotFound)
	}
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	for {
		part, err := s.store.CallPart(ctx, call, account)
		if err == nil && part.Took {
			return nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) && ctx.Err() == nil {
			return fmt.Errorf("look up call: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil // the state table says what is wrong with it
		case <-time.After(callRetry):
		}
	}
}

// SaveTicket changes fields of a ticket in the asker's hands. *Conflict when it was changed
// since in.Version, *tickets.Refusal when it is not the asker's or a value is impossible.
func (s *Service) SaveTicket(ctx context.Context, who Identity, id string, in SaveTicketRequest) (TicketView, error) {
	if err := who.need(directory.TicketAct); err != nil {
		return TicketView{}, err
	}
	if _, err := s.visibleTicket(ctx, who, id); err != nil {
		return TicketView{}, err
	}
	path, err := s.classPath(ctx, in.ClassID)
	if err != nil {
		return TicketView{}, err
	}
	args := tickets.Args{Fields: in.Fields, ClassPath: path}
	err = s.store.UpdateTicket(ctx, id, in.Version, func(_ context.Context, _ Tx, t tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Apply(t, tickets.Save, who.Actor(), args, tickets.Facts{}, s.clock())
	})
	return s.after(ctx, who, id, in.Version, "save ticket", err)
}

// classPath gives the names from the root down to the class; only leaves can be chosen.
func (s *Service) classPath(ctx context.Context, class *string) ([]string, error) {
	if class == nil || *class == "" {
		return nil, nil
	}
	list, err := s.store.Classes(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up class: %w", err)
	}
	tree := newClassTree(list)
	if !tree.leaf(*class) {
		return nil, &tickets.Refusal{Code: tickets.RefusedValue, Detail: "问题分类"}
	}
	return tree.path(*class), nil
}

// Act does an event of the state table to the ticket. A repeat with the same key changes
// nothing. *Conflict, *tickets.Refusal.
func (s *Service) Act(ctx context.Context, who Identity, id string, event tickets.Event, in ActRequest) (TicketView, error) {
	if err := who.need(directory.TicketAct); err != nil {
		return TicketView{}, err
	}
	if event == tickets.Save {
		return TicketView{}, fmt.Errorf("act %s: %w", event, ErrNotFound)
	}
	if in.Key != "" {
		if done, err := s.store.RecallAct(ctx, who.Account, in.Key); err == nil {
			return s.after(ctx, who, done, in.Version, "act "+string(event), nil)
		} else if !errors.Is(err, ErrNotFound) {
			return TicketView{}, fmt.Errorf("act %s: %w", event, err)
		}
	}
	if _, err := s.visibleTicket(ctx, who, id); err != nil {
		return TicketView{}, err
	}
	target, err := s.reassignTarget(ctx, event, in.Account)
	if err != nil {
		return TicketView{}, err
	}
	err = s.store.UpdateTicket(ctx, id, in.Version, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
		return s.act(ctx, tx, who, t, event, in, target)
	})
	return s.after(ctx, who, id, in.Version, "act "+string(event), err)
}

// reassignTarget checks that a draft is given to somebody who can work on it.
func (s *Service) reassignTarget(ctx context.Context, event tickets.Event, account string) (string, error) {
	if event != tickets.Reassign || account == "" {
		return account, nil
	}
	target, err := s.store.Account(ctx, account)
	if errors.Is(err, ErrNotFound) || err == nil && (target.Disabled || directory.ScopeOf(target.Roles, directory.TicketCreate) == directory.ScopeNone) {
		return "", &tickets.Refusal{Code: tickets.RefusedTarget}
	}
	if err != nil {
		return "", fmt.Errorf("reassign: %w", err)
	}
	return account, nil
}

func (s *Service) act(ctx context.Context, tx Tx, who Identity, t tickets.Ticket, event tickets.Event, in ActRequest, target string) (tickets.Outcome, error) {
	if err := s.mayAct(who, t); err != nil {
		return tickets.Outcome{}, err
	}
	args := tickets.Args{
		Call: in.Call, Text: first(in.Text, in.Opinion), Reason: in.Reason, LawfulWay: in.LawfulWay, Missing: in.Missing,
		Account: target, Emergency: in.Emergency,
	}
	facts, err := s.facts(ctx, tx, who, t, in)
	if err != nil {
		return tickets.Outcome{}, err
	}
	out, err := tickets.Apply(t, event, who.Actor(), args, facts, s.clock())
	if err != nil {
		return tickets.Outcome{}, err
	}
	if err := s.carryOut(ctx, tx, who, &out, event, args, facts); err != nil {
		return tickets.Outcome{}, err
	}
	if in.Key != "" {
		if err := tx.Remember(ctx, who.Account, in.Key, t.ID, s.clock()); err != nil {
			return tickets.Outcome{}, err
		}
	}
	return out, nil
}

// facts looks up what the guards need beyond the ticket.
func (s *Service) facts(ctx context.Context, tx Tx, who Identity, t tickets.Ticket, in ActRequest) (tickets.Facts, error) {
	facts := tickets.Facts{}
	if in.Call != "" {
		part, err := tx.CallOf(ctx, in.Call, who.Account)
		if err != nil && !errors.Is(err, ErrNotFound) {
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
	return facts, nil
}

// carryOut does what an event wants done in the same transaction.
func (s *Service) carryOut(ctx context.Context, tx Tx, who Identity, out *tickets.Outcome, event tickets.Event, args tickets.Args, facts tickets.Facts) error {
	for _, effect := range out.Effects {
		var err error
		switch effect {
		case tickets.AssignNumber:
			err = s.assignNumber(ctx, tx, out)
		case tickets.AppendToOther:
			err = s.appendToOld(ctx, tx, who, out.Ticket, event, args, facts)
		case tickets.TellMaster:
			err = s.tellMaster(ctx, tx, who, out.Ticket, facts)
		}
		if err != nil {
			return err
		}
	}
	if reach := out.Ticket.Caller.Reach(); reach != "" && !out.Ticket.SubmittedAt.IsZero() {
		return tx.Meet(ctx, reach, out.Ticket.Caller, out.Ticket.UpdatedAt)
	}
	return nil
}

func (s *Service) assignNumber(ctx context.Context, tx Tx, out *tickets.Outcome) error {
	number, err := tx.NextNumber(ctx, s.today())
	if err != nil {
		return err
	}
	r, err := random()
	if err != nil {
		return err
	}
	out.Ticket.Number, out.Ticket.QueryCode = number, tickets.QueryCode(r)
	return nil
}

// appendToOld does to the old ticket what the draft was for; the draft's call was the one.
func (s *Service) appendToOld(ctx context.Context, tx Tx, who Identity, draft tickets.Ticket, event tickets.Event, args tickets.Args, facts tickets.Facts) error {
	if len(draft.Calls) > 0 {
		args.Call = draft.Calls[0].ID
	}
	return tx.UpdateOther(ctx, facts.Other.ID, func(old tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Apply(old, event, who.Actor(), args, tickets.Facts{CallOfSeat: true}, s.clock())
	})
}

func (s *Service) tellMaster(ctx context.Context, tx Tx, who Identity, merged tickets.Ticket, facts tickets.Facts) error {
	return tx.UpdateOther(ctx, facts.Other.ID, func(master tickets.Ticket) (tickets.Outcome, error) {
		now := s.clock()
		actor := who.Actor()
		master.UpdatedAt = now
		return tickets.Outcome{Ticket: master, Steps: []tickets.FlowStep{{
			At: now, Actor: actor.Account, ActorName: actor.Name, Unit: actor.Unit, Event: tickets.Merge,
			From: master.State, To: master.State, Opinion: merged.Title, Data: tickets.StepData{Ticket: merged.Number},
		}}}, nil
	})
}

// AddToTicket urges, supplements or asks the progress of an old ticket from the asker's call,
// without a draft. event is tickets.Urge, tickets.Supplement or tickets.Progress.
func (s *Service) AddToTicket(ctx context.Context, who Identity, id string, event tickets.Event, in AddRequest) (TicketView, error) {
	switch event {
	case tickets.Urge, tickets.Supplement, tickets.Progress:
	default:
		return TicketView{}, fmt.Errorf("add %s: %w", event, ErrNotFound)
	}
	if err := who.need(directory.TicketCreate); err != nil {
		return TicketView{}, err
	}
	if in.Call != "" {
		if err := s.awaitCall(ctx, in.Call, who.Account); err != nil {
			return TicketView{}, err
		}
	}
	return s.Act(ctx, who, id, event, ActRequest{Version: AnyVersion, Call: in.Call, Text: in.Text})
}

// after turns the end of an update into what the asker gets.
func (s *Service) after(ctx context.Context, who Identity, id string, version int, doing string, err error) (TicketView, error) {
	if errors.Is(err, ErrStale) {
		current, viewErr := s.Ticket(ctx, who, id)
		if viewErr != nil {
			return TicketView{}, fmt.Errorf("%s: %w", doing, viewErr)
		}
		return TicketView{}, &Conflict{Wanted: version, Current: current}
	}
	if err != nil {
		return TicketView{}, fmt.Errorf("%s: %w", doing, err)
	}
	view, err := s.Ticket(ctx, who, id)
	if errors.Is(err, ErrNotFound) {
		return s.givenAway(ctx, id)
	}
	return view, err
}

// givenAway tells who gave a draft to somebody else no more than whose it is now.
func (s *Service) givenAway(ctx context.Context, id string) (TicketView, error) {
	r, err := s.store.Ticket(ctx, id)
	if err != nil {
		return TicketView{}, fmt.Errorf("read ticket: %w", err)
	}
	return TicketView{
		ID: r.ID, State: r.State, StateLabel: r.State.Label(), Version: r.Version, OwnerAccount: r.Owner, OwnerName: r.OwnerName,
		ClassPath: []string{}, Tags: []string{}, Calls: []TicketCall{}, Actions: []tickets.Action{},
	}, nil
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
