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
	place, err := s.setting(ctx, who)
	if err != nil {
		return TicketView{}, err
	}
	id, err := s.store.CreateTicket(ctx, func(ctx context.Context, tx Tx) (tickets.Outcome, error) {
		return s.begin(ctx, tx, who, place, in, ofCallback)
	})
	if err != nil {
		return TicketView{}, fmt.Errorf("create ticket: %w", err)
	}
	return s.Ticket(ctx, who, id)
}

func (s *Service) begin(ctx context.Context, tx Tx, who Identity, place setting, in NewTicket, ofCallback bool) (tickets.Outcome, error) {
	args := tickets.Args{ID: uuid.Must(uuid.NewV7()).String(), Call: in.Call, Source: in.Source, External: in.External}
	facts := place.facts()
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
	out, err := s.apply(ctx, tx, place, tickets.Ticket{}, event, who.Actor(), args, facts)
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
	path, err := s.classPath(ctx, in.ClassID)
	if err != nil {
		return TicketView{}, err
	}
	args := tickets.Args{Fields: in.Fields, ClassPath: path}
	err = s.update(ctx, who, id, in.Version, func(ctx context.Context, tx Tx, place setting, t tickets.Ticket) (tickets.Outcome, error) {
		return s.apply(ctx, tx, place, t, tickets.Save, who.Actor(), args, place.facts())
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
