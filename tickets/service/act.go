package service

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// Act does an event of the state tables to the ticket. A repeat with the same key changes
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
	if event == tickets.View || event == tickets.Reassign {
		seen, err := s.visibleTicket(ctx, who, id)
		if err != nil {
			return TicketView{}, err
		}
		if event == tickets.View {
			if viewed(seen.Ticket, who, in.Leg) {
				return s.Ticket(ctx, who, seen.ID)
			}
			in.Version = AnyVersion // two people may open a ticket at once
		}
		if in.Account, err = s.reassignTarget(ctx, seen.Ticket, event, in.Account); err != nil {
			return TicketView{}, err
		}
	}
	err := s.update(ctx, who, id, in.Version, func(ctx context.Context, tx Tx, place setting, t tickets.Ticket) (tickets.Outcome, error) {
		return s.act(ctx, tx, who, place, t, event, in)
	})
	return s.after(ctx, who, id, in.Version, "act "+string(event), err)
}

// update changes a ticket that the asker may see, in one transaction.
func (s *Service) update(ctx context.Context, who Identity, id string, version int, fn func(context.Context, Tx, setting, tickets.Ticket) (tickets.Outcome, error)) error {
	if err := who.need(directory.TicketList); err != nil {
		return err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, who)
	if err != nil {
		return err
	}
	return s.store.UpdateTicket(ctx, id, version, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
		if err := s.mayAct(who, t); err != nil {
			return tickets.Outcome{}, err
		}
		if !concerns(t, units) {
			return tickets.Outcome{}, ErrNotFound
		}
		return fn(ctx, tx, place, t)
	})
}

// viewed tells whether somebody of the asker's unit opened the ticket before.
func viewed(t tickets.Ticket, who Identity, n int) bool {
	if who.Unit == nil {
		return true
	}
	leg, ok := t.LegOf(who.Unit.ID)
	if n != 0 {
		leg, ok = t.Leg(n)
	}
	return !ok || leg.Unit != who.Unit.ID || !leg.FirstViewedAt.IsZero() || !leg.State.Open()
}

// targetNeeds is what somebody has to be able to do who is given a ticket of the state.
var targetNeeds = map[tickets.State][]tickets.Role{
	tickets.Received:    {tickets.Intake, tickets.Agent},
	tickets.ToDispatch:  {tickets.Dispatcher},
	tickets.UnderReview: {tickets.Reviewer},
	tickets.ToFollowUp:  {tickets.FollowUp},
}

// reassignTarget checks that a ticket is given to somebody who can work on it.
func (s *Service) reassignTarget(ctx context.Context, t tickets.Ticket, event tickets.Event, account string) (string, error) {
	if event != tickets.Reassign || account == "" {
		return account, nil
	}
	target, err := s.store.Account(ctx, account)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", fmt.Errorf("reassign: %w", err)
	}
	able := err == nil && !target.Disabled
	if roles := targetNeeds[t.State]; roles != nil {
		able = able && tickets.Actor{Roles: target.Roles}.Has(roles...)
	} else {
		able = able && directory.ScopeOf(target.Roles, directory.TicketCreate) != directory.ScopeNone
	}
	if !able {
		return "", &tickets.Refusal{Code: tickets.RefusedTarget}
	}
	return account, nil
}

func (s *Service) act(ctx context.Context, tx Tx, who Identity, place setting, t tickets.Ticket, event tickets.Event, in ActRequest) (tickets.Outcome, error) {
	args := argsOf(in)
	facts, err := s.facts(ctx, tx, who, place, t, event, in)
	if err != nil {
		return tickets.Outcome{}, err
	}
	if args.Routing, err = s.routing(ctx, tx, t, event); err != nil {
		return tickets.Outcome{}, err
	}
	out, err := s.apply(ctx, tx, place, t, event, who.Actor(), args, facts)
	if err != nil {
		return tickets.Outcome{}, err
	}
	if len(args.Files) > 0 {
		if err := tx.LinkFiles(ctx, t.ID, args.Files, legOfStep(out)); err != nil {
			return tickets.Outcome{}, err
		}
	}
	if in.Key != "" {
		if err := tx.Remember(ctx, who.Account, in.Key, t.ID, s.clock()); err != nil {
			return tickets.Outcome{}, err
		}
	}
	return out, nil
}

// legOfStep is the leg that the first step was about; 0: the ticket.
func legOfStep(out tickets.Outcome) int {
	if len(out.Steps) == 0 {
		return 0
	}
	return out.Steps[0].Data.Leg
}

// argsOf takes an event's arguments out of what was sent.
func argsOf(in ActRequest) tickets.Args {
	args := tickets.Args{
		Call: in.Call, Text: first(in.Text, in.Opinion), Reason: in.Reason, LawfulWay: in.LawfulWay, Missing: in.Missing,
		Account: in.Account, Emergency: in.Emergency,
		Leg: in.Leg, Request: in.Request, Supervision: in.Supervision, Card: in.Card, Unit: in.Unit, Units: in.Units,
		DueAt: in.DueAt.UTC(), Days: in.Days, Until: in.Until.UTC(), Plan: in.Plan, Basis: in.Basis, Keep: in.Keep, Outcome: in.Outcome,
		Kind: in.Kind, Proof: in.Proof, Files: in.Files, Reply: in.Reply, Public: in.Public, Urgency: in.Urgency, Place: in.Place,
	}
	if in.Reply != nil && len(args.Files) == 0 {
		args.Files = in.Reply.Files
	}
	if v := in.Visit; v != nil {
		args.Visit = &tickets.Visit{
			For: v.For, Channel: v.Channel, Call: v.Call, Failure: v.Failure, Reached: v.Failure == "", Contacted: v.Contacted,
			Solved: v.Solved, Result: v.Result, Unit: v.Unit, Agent: v.Agent, Text: v.Text, Message: v.message,
		}
		args.Call = first(args.Call, v.Call)
	}
	return args
}

// apply does the event by the tables, and in the same transaction what it wants done: numbers,
// other tickets, timers.
func (s *Service) apply(ctx context.Context, tx Tx, place setting, t tickets.Ticket, event tickets.Event, actor tickets.Actor, args tickets.Args, facts tickets.Facts) (tickets.Outcome, error) {
	out, err := tickets.Apply(t, event, actor, args, facts, place.now)
	if err != nil {
		return out, err
	}
	if err := s.carryOut(ctx, tx, place, actor, &out, event, args, facts); err != nil {
		return tickets.Outcome{}, err
	}
	return out, s.schedule(ctx, tx, place, t, out.Ticket)
}

// schedule inserts jobs for the timers that the change brought.
func (s *Service) schedule(ctx context.Context, tx Tx, place setting, before, after tickets.Ticket) error {
	had := tickets.Timers(before, place.rules)
	fresh := slices.DeleteFunc(tickets.Timers(after, place.rules), func(t tickets.Timer) bool { return slices.Contains(had, t) })
	if len(fresh) == 0 {
		return nil
	}
	return tx.Schedule(ctx, after.ID, fresh)
}

// carryOut does what an event wants done in the same transaction.
func (s *Service) carryOut(ctx context.Context, tx Tx, place setting, actor tickets.Actor, out *tickets.Outcome, event tickets.Event, args tickets.Args, facts tickets.Facts) error {
	for _, effect := range out.Effects {
		var err error
		switch effect {
		case tickets.AssignNumber:
			err = s.assignNumber(ctx, tx, out)
		case tickets.AppendToOther:
			err = s.appendToOld(ctx, tx, place, actor, out.Ticket, event, args, facts)
		case tickets.TellMaster:
			err = s.tellMaster(ctx, tx, place, actor, out.Ticket, facts)
		case tickets.SplitMerged:
			err = s.eachMerged(ctx, tx, place, out.Ticket, tickets.Split, tickets.Args{Reason: "主单" + out.Ticket.State.Label()})
		case tickets.ArchiveMerged:
			err = s.eachMerged(ctx, tx, place, out.Ticket, tickets.Archive, tickets.Args{})
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
func (s *Service) appendToOld(ctx context.Context, tx Tx, place setting, actor tickets.Actor, draft tickets.Ticket, event tickets.Event, args tickets.Args, facts tickets.Facts) error {
	if len(draft.Calls) > 0 {
		args.Call = draft.Calls[0].ID
	}
	return tx.UpdateOther(ctx, facts.Other.ID, func(old tickets.Ticket) (tickets.Outcome, error) {
		facts := tickets.Facts{CallOfSeat: true, Rules: place.rules, Units: place.units, Urges: facts.Urges}
		return s.apply(ctx, tx, place, old, event, actor, args, facts)
	})
}

// tellMaster notes on the master that a ticket was merged into it.
func (s *Service) tellMaster(ctx context.Context, tx Tx, place setting, actor tickets.Actor, merged tickets.Ticket, facts tickets.Facts) error {
	return tx.UpdateOther(ctx, facts.Other.ID, func(master tickets.Ticket) (tickets.Outcome, error) {
		out := tickets.Absorb(master, merged, actor, place.facts(), place.now)
		return out, s.schedule(ctx, tx, place, master, out.Ticket)
	})
}

// eachMerged does an event, by rule, to the tickets merged into the master that ended.
func (s *Service) eachMerged(ctx context.Context, tx Tx, place setting, master tickets.Ticket, event tickets.Event, args tickets.Args) error {
	merged, err := tx.MergedInto(ctx, master.ID)
	if err != nil {
		return err
	}
	facts := place.facts()
	facts.MasterGone = event == tickets.Split
	facts.Other = &tickets.Other{ID: master.ID, Number: master.Number, State: master.State, Title: master.Title}
	for _, m := range merged {
		err := tx.UpdateOther(ctx, m.ID, func(t tickets.Ticket) (tickets.Outcome, error) {
			return s.apply(ctx, tx, place, t, event, tickets.ByRule, args, facts)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// after turns the end of an update into what the asker gets.
func (s *Service) after(ctx context.Context, who Identity, id string, version int, doing string, err error) (TicketView, error) {
	if errors.Is(err, ErrStale) {
		return TicketView{}, s.conflict(ctx, who, id, version, doing)
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

// conflict tells who came too late what the others did meanwhile.
func (s *Service) conflict(ctx context.Context, who Identity, id string, version int, doing string) error {
	current, err := s.Ticket(ctx, who, id)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	conflict := &Conflict{Wanted: version, Current: current, Since: []FlowView{}}
	steps, err := s.store.FlowSince(ctx, current.ID, version)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	for _, f := range current.Flow { // as the asker may see them
		if slices.ContainsFunc(steps, func(step tickets.FlowStep) bool { return step.Seq == f.Seq }) {
			conflict.Since = append(conflict.Since, f)
		}
	}
	return conflict
}

// givenAway tells who gave a ticket to somebody else no more than whose it is now.
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

func first[T ~string](texts ...T) T {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// RunTimer looks at the ticket again at the moment of the timer and does the event that time
// brings about, as System. A timer that the ticket has no more, or that is not due yet by the
// desk's clock, does nothing; the answer then is false.
func (s *Service) RunTimer(ctx context.Context, id string, timer tickets.Timer) (bool, error) {
	place, err := s.setting(ctx, Identity{})
	if err != nil {
		return false, err
	}
	done := false
	err = s.store.UpdateTicket(ctx, id, AnyVersion, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
		if !timer.Due(t, place.rules, place.now) {
			return tickets.Outcome{}, errNothingToDo
		}
		event, args := tickets.TimerEvent(timer)
		facts, err := s.systemFacts(ctx, tx, place, t, event)
		if err != nil {
			return tickets.Outcome{}, err
		}
		out, err := s.apply(ctx, tx, place, t, event, tickets.ByRule, args, facts)
		done = err == nil
		return out, err
	})
	var refusal *tickets.Refusal
	switch {
	case errors.Is(err, errNothingToDo):
		return false, nil
	case errors.As(err, &refusal):
		s.log.Warn("a timer was refused", "ticket", id, "timer", timer.Kind, "n", timer.N, "code", refusal.Code)
		return false, nil
	case err != nil:
		return false, fmt.Errorf("run timer %s of ticket %s: %w", timer.Kind, id, err)
	}
	return done, nil
}

// errNothingToDo ends a transaction in which it turned out that nothing is to be done any more.
var errNothingToDo = errors.New("nothing to do any more")
