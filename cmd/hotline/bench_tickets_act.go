package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open12345/hotline/configs/aims"
	"github.com/open12345/hotline/tickets"
)

// actWorkers are the people who act at once; each takes a ticket from the pool to its follow-up.
const actWorkers = 16

// seenTicket is what a person has on the screen.
type seenTicket struct {
	ID      string        `json:"id"`
	Number  string        `json:"number"`
	Version int           `json:"version"`
	State   tickets.State `json:"state"`
}

// actor carries tickets through their life by the API.
type actor struct {
	w       *ticketWorld
	crowd   benchCrowd
	mu      sync.Mutex
	took    []time.Duration
	wins    map[string]int // transitions that succeeded, by ticket
	done    atomic.Int64
	stale   atomic.Int64 // conflicts after which the ticket was looked at again
	losers  atomic.Int64 // who acted at the same time and were told what had changed
	both    atomic.Int64 // twice the same version was accepted: a lost update
	refused error
}

// measureTransitions takes tickets of the pool through their life, 16 people at once, and then
// counts in the tickets' histories whether each transition is there.
func (c *BenchTicketsCmd) measureTransitions(ctx context.Context, w *ticketWorld, crowd benchCrowd, sheet *aims.Sheet) error {
	pool, err := w.pool(ctx, crowd["b-paidan-1"])
	if err != nil {
		return err
	}
	a := &actor{w: w, crowd: crowd, wins: map[string]int{}}
	until := time.Now().Add(c.For)
	var next atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for n := range actWorkers {
		workers.Go(func() {
			for time.Now().Before(until) && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(pool) {
					return
				}
				if err := a.life(ctx, pool[i], n, i); err != nil {
					a.mu.Lock()
					a.refused = errors.Join(a.refused, err)
					a.mu.Unlock()
					return
				}
			}
		})
	}
	workers.Wait()
	spent := time.Since(began)
	if a.refused != nil {
		return a.refused
	}
	lost, err := a.missing(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%d transitions of %d tickets in %v by %d people, p95 %.1f ms; %d met a change of the system and looked again; %d of two at once were told what had changed\n",
		a.done.Load(), len(a.wins), spent.Round(time.Millisecond), actWorkers, millis(p95(a.took)), a.stale.Load(), a.losers.Load())
	if err := sheet.Result("tickets_transitions", float64(a.done.Load())/spent.Seconds()); err != nil {
		return err
	}
	return sheet.Result("tickets_lost_updates", float64(lost+int(a.both.Load())))
}

// pool reads the tickets that wait to be dispatched.
func (w *ticketWorld) pool(ctx context.Context, token string) ([]seenTicket, error) {
	var all []seenTicket
	cursor := ""
	for {
		a, err := get(ctx, w.server.url+"/api/v1/desk/queues/to_dispatch?limit=200&cursor="+cursor, token)
		if err != nil {
			return nil, err
		}
		var page struct {
			Items []seenTicket `json:"items"`
			Next  string       `json:"next_cursor"`
		}
		if err := json.Unmarshal(a.body, &page); err != nil || a.status != http.StatusOK {
			return nil, fmt.Errorf("read the pool: %d %s", a.status, a.body)
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" || len(all) > 20_000 {
			return all, nil
		}
	}
}

// life is a ticket's way from the pool to the follow-up, each act by the person it belongs to.
func (a *actor) life(ctx context.Context, t seenTicket, worker, i int) error {
	n := strconv.Itoa(worker%8 + 1)
	unit := benchUnit(i % benchBusy * firstLevel)
	dispatcher, clerk, reviewer := "b-paidan-"+n, "b-jb-"+unit, "b-shenhe-"+n
	reply := map[string]any{
		"answer": "您好，您反映的问题已现场核实，已责成相关责任人整改，感谢您的监督。", "handling": "已整改。", "person": "张工", "phone": "05136660001",
		"solved": "1", "no_contact": "市民已当面告知",
	}
	for _, act := range []struct {
		who   string
		event tickets.Event
		body  map[string]any
	}{
		{dispatcher, tickets.Take, map[string]any{}},
		{dispatcher, tickets.Dispatch, map[string]any{"unit": unit, "opinion": "请依法核实处理。", "reason": "属地管理"}},
		{clerk, tickets.Sign, map[string]any{}},
		{clerk, tickets.InterimReply, map[string]any{"text": "已安排人员到现场核实。"}},
		{clerk, tickets.SaveReply, map[string]any{"reply": reply}},
		{clerk, tickets.ReportReply, map[string]any{"reply": reply}},
		{reviewer, tickets.Take, map[string]any{}},
		{reviewer, tickets.Pass, map[string]any{"opinion": "同意"}},
	} {
		var err error
		if act.event == tickets.InterimReply && i%10 == 0 {
			t, err = a.twice(ctx, t, act.who, act.event, act.body)
		} else {
			t, err = a.act(ctx, t, act.who, act.event, act.body)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *actor) send(ctx context.Context, t seenTicket, who string, event tickets.Event, body map[string]any) (answer, error) {
	sent := map[string]any{"version": t.Version}
	for k, v := range body {
		sent[k] = v
	}
	r, err := ask(ctx, http.MethodPost, a.w.server.url+"/api/v1/tickets/"+t.ID+"/actions/"+string(event), a.crowd[who], sent)
	if err == nil && r.status == http.StatusOK {
		a.done.Add(1)
		a.mu.Lock()
		a.took = append(a.took, r.took)
		a.wins[t.ID]++
		a.mu.Unlock()
	}
	return r, err
}

// actTries is how often somebody looks again after a conflict.
const actTries = 5

// act does one transition; after a conflict it looks at what changed and does it to that.
func (a *actor) act(ctx context.Context, t seenTicket, who string, event tickets.Event, body map[string]any) (seenTicket, error) {
	for range actTries {
		r, err := a.send(ctx, t, who, event, body)
		if err != nil {
			return t, err
		}
		switch r.status {
		case http.StatusOK:
			return t, json.Unmarshal(r.body, &t)
		case http.StatusConflict:
			a.stale.Add(1)
			var conflict struct {
				Current seenTicket `json:"current"`
			}
			if err := json.Unmarshal(r.body, &conflict); err != nil || conflict.Current.Version == 0 {
				return t, fmt.Errorf("%s of ticket %s: a conflict that does not show what changed: %s", event, t.Number, r.body)
			}
			t.Version = conflict.Current.Version
		default:
			return t, fmt.Errorf("%s of ticket %s by %s: %d %s", event, t.Number, who, r.status, r.body)
		}
	}
	return t, fmt.Errorf("%s of ticket %s: %d conflicts in a row", event, t.Number, actTries)
}

// twice lets two people of a unit act on the same version at once: one wins, the other is told
// what changed.
func (a *actor) twice(ctx context.Context, t seenTicket, who string, event tickets.Event, body map[string]any) (seenTicket, error) {
	var answers [2]answer
	var errs [2]error
	var both sync.WaitGroup
	for i := range 2 {
		both.Go(func() { answers[i], errs[i] = a.send(ctx, t, who, event, body) })
	}
	both.Wait()
	if err := errors.Join(errs[0], errs[1]); err != nil {
		return t, err
	}
	won, lost := answers[0], answers[1]
	if won.status != http.StatusOK {
		won, lost = lost, won
	}
	switch {
	case won.status == http.StatusOK && lost.status == http.StatusOK:
		a.both.Add(1)
	case won.status == http.StatusOK && lost.status == http.StatusConflict:
		a.losers.Add(1)
	case won.status == http.StatusConflict: // a timer was first
		return a.act(ctx, t, who, event, body)
	default:
		return t, fmt.Errorf("two at once on ticket %s: %d %s and %d %s", t.Number, won.status, won.body, lost.status, lost.body)
	}
	return t, json.Unmarshal(won.body, &t)
}

// missing counts transitions that were answered with success and are not in the history.
func (a *actor) missing(ctx context.Context) (int, error) {
	people := map[string]bool{}
	for who := range a.crowd {
		people[who] = true
	}
	missing := 0
	for id, wins := range a.wins {
		flow, err := a.w.store.Flow(ctx, id)
		if err != nil {
			return 0, err
		}
		found := 0
		for _, step := range flow {
			if people[step.Actor] && step.At.After(a.w.city.end) {
				found++
			}
		}
		missing += max(0, wins-found)
	}
	return missing, nil
}
