package floor

import (
	"context"
	"fmt"

	"github.com/open12345/hotline/acd"
)

// configureMsg replaces the queues while calls wait.
type configureMsg struct {
	engine acd.Config
	queues []Queue
	done   chan error
}

// profilesMsg brings the signed-in seats up to date with the desk.
type profilesMsg struct{ profiles map[string]SeatProfile }

// Configure replaces the queues' rules, names and hours while calls wait; running calls keep
// their places. A faulty configuration changes nothing.
func (f *Floor) Configure(ctx context.Context, engine acd.Config, queues []Queue) error {
	m := configureMsg{engine, queues, make(chan error, 1)}
	if !f.disp.box.put(m) {
		return &Refusal{Code: RefusedNoLeader, Detail: "the floor stops"}
	}
	select {
	case err := <-m.done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("configure the queues: %w", ctx.Err())
	case <-f.ctx.Done():
		return &Refusal{Code: RefusedNoLeader, Detail: "the floor stops"}
	}
}

// Refresh asks the desk for its seats again, after somebody changed them: phones are put on every
// switch, and signed-in seats get their new skills, queues and names at once.
func (f *Floor) Refresh(ctx context.Context) error {
	list, err := f.cfg.Seats.Seats(ctx)
	if err != nil {
		return fmt.Errorf("ask the desk for the seats: %w", err)
	}
	m := profilesMsg{map[string]SeatProfile{}}
	for _, p := range list {
		m.profiles[p.Seat] = p
	}
	f.disp.box.put(m)
	for _, n := range f.nodes {
		n.putPhones()
	}
	return nil
}

func (d *dispatcher) configure(m configureMsg) {
	decisions, err := d.engine.Configure(m.engine, d.f.now())
	if err == nil {
		d.queues = m.engine.Queues
		d.f.queues.Store(&m.queues)
		d.f.hub.keepQueues(m.engine.Queues)
	}
	m.done <- err
	d.decide(decisions)
}

func (d *dispatcher) refresh(m profilesMsg) {
	for name, s := range d.seats {
		p, ok := m.profiles[name]
		if !ok || s.state == SeatSignedOut || p.Account != s.Profile.Account {
			continue
		}
		s.Profile = p
		d.decide(d.engine.SeatSignedIn(s.engineSeat(), d.f.now()))
		d.show(s)
	}
}
