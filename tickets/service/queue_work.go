package service

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// itemTarget shows the leg, request, supervision or card that lies in the queue.
func (s *Service) itemTarget(place setting, see sight, r QueueRow, item *QueueItem) {
	t := r.Ticket
	if leg, ok := t.Leg(r.Leg); ok && r.Leg != 0 {
		view := place.legView(see, leg)
		item.Leg, item.Light, item.From = &view, view.Light, place.name(leg.SentBy)
		item.Unit = &view.Unit
		if below, ok := place.nearestBelow(t, leg); ok {
			view := place.legView(see, below)
			item.Below = &view
		}
	}
	if q, ok := t.Request(r.Request); ok && r.Request != 0 {
		view := place.requestView(q)
		item.Request, item.From = &view, q.AskedName
		item.Light = place.stageLight(q.AskedAt, q.DecideDueAt)
	}
	for _, v := range t.Supervisions {
		if v.N == r.Supervision {
			view := place.supervisionView(v)
			item.Supervision, item.From, item.Unit = &view, v.FiledName, &view.Unit
			item.Light = place.stageLight(firstTime(v.IssuedAt, v.FiledAt), v.DueAt)
		}
	}
	for _, c := range t.Cards {
		if c.N == r.Card {
			view := place.cardView(c)
			item.Card, item.Unit, item.Light = &view, &view.Unit, tickets.NoLight
		}
	}
}

// nearestBelow is the open leg below with the nearest deadline: the second of the two dates.
func (p setting) nearestBelow(t tickets.Ticket, leg tickets.Leg) (tickets.Leg, bool) {
	var found tickets.Leg
	for _, l := range t.Below(leg.N) {
		if l.State.Open() && (found.N == 0 || l.DueAt.Before(found.DueAt)) {
			found = l
		}
	}
	return found, found.N != 0
}

// concernsRow tells whether the action is one of what lies in the queue.
func concernsRow(a tickets.Action, r QueueRow) bool {
	switch {
	case a.Request != 0:
		return a.Request == r.Request
	case a.Supervision != 0:
		return a.Supervision == r.Supervision
	case a.Card != 0:
		return a.Card == r.Card
	}
	below, ok := r.Ticket.Leg(a.Leg) // 退回下级 and 撤回交办 name the part below
	return a.Leg == 0 || a.Leg == r.Leg || ok && r.Leg != 0 && below.Parent == r.Leg
}

// placeText is the place in words: areas from the city down and the address.
func placeText(p tickets.Place, areas map[string]string) string {
	var parts []string
	for _, code := range p.Area {
		parts = append(parts, areas[code])
	}
	return strings.TrimSpace(strings.Join(append(parts, p.Address), " "))
}

// ErrQueueEmpty is a queue in which nobody waits to be taken.
var ErrQueueEmpty = errors.New("the queue is empty")

// Next takes the most urgent ticket of the queue into the asker's hands; two people never get the
// same. Of a queue that is no pool it is the page of what is most urgent. ErrQueueEmpty.
func (s *Service) Next(ctx context.Context, who Identity, f QueueFilter) (TicketView, error) {
	if err := who.need(directory.TicketAct); err != nil {
		return TicketView{}, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return TicketView{}, err
	}
	if err := ownQueue(who, place, f.Queue); err != nil {
		return TicketView{}, err
	}
	q, err := s.queueQuery(ctx, who, place, f)
	if err != nil {
		return TicketView{}, err
	}
	if !f.Queue.pool() {
		q.Limit = 1
		rows, _, _, _, err := s.store.Queue(ctx, q)
		if err != nil {
			return TicketView{}, fmt.Errorf("next of %s: %w", f.Queue, err)
		}
		if len(rows) == 0 {
			return TicketView{}, ErrQueueEmpty
		}
		return s.Ticket(ctx, who, rows[0].ID)
	}
	id, err := s.store.TakeNext(ctx, q, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
		return s.apply(ctx, tx, place, t, tickets.Take, who.Actor(), tickets.Args{}, place.facts())
	})
	if errors.Is(err, ErrNotFound) {
		return TicketView{}, ErrQueueEmpty
	}
	if err != nil {
		return TicketView{}, fmt.Errorf("next of %s: %w", f.Queue, err)
	}
	return s.Ticket(ctx, who, id)
}

// poolStates are those of tickets that lie in pools.
var poolStates = []tickets.State{tickets.Received, tickets.ToDispatch, tickets.UnderReview, tickets.ToFollowUp}

// SignedOut gives back what the account took out of the pools: nothing may wait for somebody who
// went home.
func (s *Service) SignedOut(ctx context.Context, who Identity) error {
	held, err := s.store.HeldBy(ctx, who.Account, poolStates)
	if err != nil {
		return fmt.Errorf("give back tickets: %w", err)
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return err
	}
	for _, id := range held {
		err := s.store.UpdateTicket(ctx, id, AnyVersion, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
			return s.apply(ctx, tx, place, t, tickets.Release, who.Actor(), tickets.Args{}, place.facts())
		})
		var refusal *tickets.Refusal
		if err != nil && !errors.As(err, &refusal) { // refused: somebody moved it meanwhile
			return fmt.Errorf("give back ticket %s: %w", id, err)
		}
	}
	return nil
}

// Batch does one event to many tickets, each by itself.
func (s *Service) Batch(ctx context.Context, who Identity, event tickets.Event, in BatchRequest) ([]BatchResult, error) {
	if err := who.need(directory.TicketAct); err != nil {
		return nil, err
	}
	results := make([]BatchResult, 0, len(in.Items))
	for i, item := range in.Items {
		one := in.ActRequest
		one.Version, one.Leg = item.Version, item.Leg
		if in.Key != "" {
			one.Key = fmt.Sprintf("%s:%d", in.Key, i)
		}
		view, err := s.Act(ctx, who, item.ID, event, one)
		result, err := batchResult(item.ID, view, err)
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
	return results, nil
}

// batchResult tells what became of one ticket; an error that is no answer to this one ends the
// batch.
func batchResult(id string, view TicketView, err error) (BatchResult, error) {
	var refusal *tickets.Refusal
	var conflict *Conflict
	switch {
	case err == nil:
		return BatchResult{ID: id, Number: view.Number, Done: true}, nil
	case errors.As(err, &refusal):
		return BatchResult{ID: id, Code: refusal.Code, Detail: refusal.Text()}, nil
	case errors.As(err, &conflict):
		return BatchResult{ID: id, Number: conflict.Current.Number, Code: "version", Detail: "工单已被他人处理：" + conflict.words()}, nil
	case errors.Is(err, ErrNotFound):
		return BatchResult{ID: id, Code: "not_found", Detail: "没有这件工单"}, nil
	}
	return BatchResult{}, err
}

// words tells in a line who did what meanwhile.
func (c *Conflict) words() string {
	if len(c.Since) == 0 {
		return c.Current.StateLabel
	}
	last := c.Since[len(c.Since)-1]
	return last.ActorName + " " + last.EventLabel
}
