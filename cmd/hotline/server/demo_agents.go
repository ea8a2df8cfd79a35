package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
)

// demoAgents are the simulated people at the demo's seats: they sign in, are ready, and note
// each call when it is over. Their phones are simulated SIP phones.
type demoAgents struct {
	floor floor.Commander
	seats []string
	idle  func() bool // no citizen calls any more: they may go home
	log   *slog.Logger

	mu     sync.Mutex
	at     map[string]floor.SeatView
	wake   chan struct{}
	cancel context.CancelFunc
	done   chan struct{}
}

const (
	demoAgentLook  = time.Second
	demoAgentWrite = 4 * time.Second // how long it "writes" after a call
	demoCommand    = 2 * time.Second
	demoDevice     = "phone" // simulated agents have simulated SIP phones
)

func newDemoAgents(f floor.Commander, seats []string, idle func() bool, log *slog.Logger) *demoAgents {
	return &demoAgents{floor: f, seats: seats, idle: idle, log: log, at: map[string]floor.SeatView{}, wake: make(chan struct{}, 1)}
}

// Follow implements floor.Follower.
func (d *demoAgents) Follow(u floor.Update) {
	if u.Seat == nil {
		return
	}
	d.mu.Lock()
	d.at[u.Seat.Seat] = *u.Seat
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// start brings the agents to their seats.
func (d *demoAgents) start() {
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel, d.done = cancel, make(chan struct{})
	go func() {
		defer close(d.done)
		d.run(ctx)
	}()
}

// stop sends them home.
func (d *demoAgents) stop() {
	if d.cancel == nil {
		return
	}
	d.cancel()
	<-d.done
	ctx, cancel := context.WithTimeout(context.Background(), demoCommand)
	defer cancel()
	for _, seat := range d.seats {
		d.mu.Lock()
		view := d.at[seat]
		d.mu.Unlock()
		if view.Device != demoDevice {
			continue // nobody, or a person in a browser
		}
		if view.State == floor.SeatWrapUp {
			d.finish(ctx, seat, view)
		}
		d.do(ctx, seat, floor.CmdSignOut, nil)
	}
}

func (d *demoAgents) run(ctx context.Context) {
	tick := time.NewTicker(demoAgentLook)
	defer tick.Stop()
	for {
		for _, seat := range d.seats {
			d.act(ctx, seat)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-d.wake:
		}
	}
}

// act does what a person at the seat would do next.
func (d *demoAgents) act(ctx context.Context, seat string) {
	d.mu.Lock()
	view, known := d.at[seat]
	d.mu.Unlock()
	out := !known || view.State == floor.SeatSignedOut || view.State == ""
	home := d.idle()
	if !out && view.Device != demoDevice {
		return // a person sits here, in a browser
	}
	switch {
	case home && (view.State == floor.SeatIdle || view.State == floor.SeatNotReady || view.State == floor.SeatFaulty):
		d.do(ctx, seat, floor.CmdSignOut, nil)
	case home && out:
	case out:
		d.do(ctx, seat, floor.CmdSignIn, floor.SignInArgs{Seat: seat, Device: demoDevice})
		d.do(ctx, seat, floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	case view.State == floor.SeatNotReady && view.Registered && view.Reason != floor.ReasonForced:
		d.do(ctx, seat, floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	case view.State == floor.SeatWrapUp && time.Since(view.Since) > demoAgentWrite:
		d.finish(ctx, seat, view)
	}
}

// finish writes the call note and ends the wrap-up.
func (d *demoAgents) finish(ctx context.Context, seat string, view floor.SeatView) {
	d.do(ctx, seat, floor.CmdNote, floor.NoteArgs{Call: string(view.Call), Note: string(calls.NoteAnswered)})
	d.do(ctx, seat, floor.CmdWrapUpDone, nil)
}

func (d *demoAgents) do(ctx context.Context, seat string, name floor.CommandName, args any) {
	ctx, cancel := context.WithTimeout(ctx, demoCommand)
	defer cancel()
	raw, err := json.Marshal(args)
	if err != nil {
		d.log.Error("demo agent's command not encoded", "seat", seat, "command", name, "err", err)
		return
	}
	_, err = d.floor.Do(ctx, floor.Command{ID: uuid.NewString(), Name: name, Account: seat, Seat: seat, Role: "agent", Args: raw})
	if err != nil {
		d.log.Debug("demo agent's command refused", "seat", seat, "command", name, "err", err)
	}
}
