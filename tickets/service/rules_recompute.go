package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// recomputeBatch is how many tickets are done between two notes of how far a run is.
const recomputeBatch = 50

// RecomputeRuns lists the latest moves of deadlines, newest first.
func (s *Service) RecomputeRuns(ctx context.Context, who Identity) ([]RecomputeRun, error) {
	if err := who.need(directory.RulesRead); err != nil {
		return nil, err
	}
	list, err := s.store.Runs(ctx, 20)
	if err != nil {
		return nil, fmt.Errorf("list moves of deadlines: %w", err)
	}
	return list, nil
}

const (
	// Rest between two looks for a run to do, and after one that failed.
	rulesRest = 2 * time.Second
	// How often deadlines of years without an official notice raise the alarm.
	alarmEvery = 6 * time.Hour
)

// KeepRules moves deadlines after changes of the rules until ctx ends, and raises the alarm about
// years whose notice is missing. Any number of servers may do it at once: one works at a run,
// and another goes on where it stopped.
func (s *Service) KeepRules(ctx context.Context) {
	server := uuid.NewString()
	var alarmed time.Time
	for ctx.Err() == nil {
		if time.Since(alarmed) >= alarmEvery {
			alarmed = time.Now()
			s.alarmYears(ctx)
		}
		more, err := s.MoveDeadlines(ctx, server)
		if err != nil && ctx.Err() == nil {
			s.log.Error("deadlines could not be moved", "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(rulesRest):
		}
	}
}

// alarmYears warns of open deadlines that are 暂定; the page of the calendar shows them too.
func (s *Service) alarmYears(ctx context.Context) {
	years, err := s.YearsNeeded(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		s.log.Error("years without notice could not be looked for", "error", err)
	case len(years) > 0:
		s.log.Warn("open deadlines fall in years without an official notice: enter it in the calendar", "years", years)
	}
}

// MoveDeadlines does one batch of the oldest run that is not finished, and tells whether there
// may be more to do. server names who does it.
func (s *Service) MoveDeadlines(ctx context.Context, server string) (bool, error) {
	run, err := s.store.NextRun(ctx)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for deadlines to move: %w", err)
	}
	if mine, err := s.store.ClaimRun(ctx, run.ID, server, time.Now()); err != nil || !mine {
		return false, err
	}
	old, err := s.rulesOf(run.Old)
	if err != nil {
		return false, err
	}
	next, err := s.rulesOf(run.New)
	if err != nil {
		return false, err
	}
	list, err := s.store.OpenLegs(ctx, run.After, recomputeBatch)
	if err != nil {
		return false, fmt.Errorf("read open deadlines: %w", err)
	}
	for _, t := range list {
		moved, err := s.moveTicket(ctx, run, t, old, next)
		switch {
		case ctx.Err() != nil:
			return false, ctx.Err()
		case err != nil:
			run.Failed++
			s.log.Error("deadlines of a ticket could not be moved", "ticket", t.ID, "run", run.ID, "error", err)
		case moved:
			run.Moved++
		}
		run.Done++
		run.After = t.ID
	}
	if len(list) < recomputeBatch {
		run.Finished = s.clock()
	}
	if err := s.store.SaveRun(ctx, run); err != nil {
		return false, fmt.Errorf("note how far the deadlines are moved: %w", err)
	}
	return true, nil
}

// rulesOf makes rules of what a run keeps.
func (s *Service) rulesOf(own OwnRules) (tickets.Rules, error) {
	shipped, err := s.rules.base()
	if err != nil {
		return tickets.Rules{}, err
	}
	if own.Policy != "" {
		if shipped.Policy, err = tickets.ParsePolicy([]byte(own.Policy)); err != nil {
			return tickets.Rules{}, fmt.Errorf("policy of a run: %w", err)
		}
	}
	if shipped.Calendar, err = shipped.Calendar.With(own.Years...); err != nil {
		return tickets.Rules{}, fmt.Errorf("calendar of a run: %w", err)
	}
	return shipped, nil
}

// moveTicket moves the deadlines of one ticket, once: what a server did before it died is known
// by its key.
func (s *Service) moveTicket(ctx context.Context, run RecomputeRun, t tickets.Ticket, old, next tickets.Rules) (bool, error) {
	if len(s.moves(run, t, old, next)) == 0 {
		return false, nil
	}
	key := fmt.Sprintf("recompute-%d-%s", run.ID, t.ID)
	if _, err := s.store.RecallAct(ctx, run.By, key); err == nil {
		return true, nil
	} else if !errors.Is(err, ErrNotFound) {
		return false, err
	}
	place, err := s.setting(ctx, Identity{})
	if err != nil {
		return false, err
	}
	moved := false
	err = s.store.UpdateTicket(ctx, t.ID, AnyVersion, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
		moves := s.moves(run, t, old, next)
		if len(moves) == 0 {
			return tickets.Outcome{}, errNothingToDo
		}
		if err := tx.Remember(ctx, run.By, key, t.ID, s.clock()); err != nil {
			return tickets.Outcome{}, err
		}
		moved = true
		return s.applyMoves(ctx, tx, place, run, t, moves)
	})
	if errors.Is(err, errNothingToDo) {
		return false, nil
	}
	return moved && err == nil, err
}

// moves are those of the legs that were sent under the old rules.
func (s *Service) moves(run RecomputeRun, t tickets.Ticket, old, next tickets.Rules) []tickets.Moved {
	return slices.DeleteFunc(next.Recompute(t, old, run.At), func(m tickets.Moved) bool { return !m.Was.Began.Before(run.At) })
}

func (s *Service) applyMoves(ctx context.Context, tx Tx, place setting, run RecomputeRun, t tickets.Ticket, moves []tickets.Moved) (tickets.Outcome, error) {
	whole := tickets.Outcome{Ticket: t}
	for _, m := range moves {
		facts, err := s.systemFacts(ctx, tx, place, whole.Ticket, tickets.Recompute)
		if err != nil {
			return tickets.Outcome{}, err
		}
		args := tickets.Args{Leg: m.Leg, Dates: m.Now, Reason: run.Cause}
		out, err := s.apply(ctx, tx, place, whole.Ticket, tickets.Recompute, tickets.ByRule, args, facts)
		if err != nil {
			return tickets.Outcome{}, err
		}
		whole.Ticket = out.Ticket
		whole.Steps = append(whole.Steps, out.Steps...)
		whole.Effects = append(whole.Effects, out.Effects...)
		whole.Notices = append(whole.Notices, out.Notices...)
	}
	return whole, nil
}
