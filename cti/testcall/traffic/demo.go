package traffic

import (
	"context"
	"fmt"
	"sync"
)

// DemoConfig describes the demo's traffic: citizens and the seats that serve them.
type DemoConfig struct {
	Citizens CitizensConfig
	Seats    SeatsConfig
	// SignIn is called when all seats have registered, to make them ready on the
	// floor; SignOut before they go. Both may be nil.
	SignIn  func(ctx context.Context, numbers []string) error
	SignOut func(ctx context.Context, numbers []string) error
}

// Demo is the switch 演示话务: traffic that is turned on, changed and off while the
// hotline runs. Nothing exists while it is off.
type Demo struct {
	config DemoConfig

	mu       sync.Mutex // one change at a time
	rate     float64
	citizens *Citizens
	seats    *Seats
}

// NewDemo gives the traffic, turned off.
func NewDemo(config DemoConfig) *Demo { return &Demo{config: config} }

// SetRate sets how many citizens call in a minute. From 0 it starts seats and
// citizens and returns when the seats are signed in; to 0 it hangs up all calls and
// stops both. ctx bounds this change, not the traffic.
func (d *Demo) SetRate(ctx context.Context, perMinute float64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if perMinute <= 0 {
		return d.off(ctx)
	}
	if d.citizens == nil {
		if err := d.on(ctx); err != nil {
			return fmt.Errorf("starting the demo's traffic: %w", err)
		}
	}
	d.rate = perMinute
	d.citizens.SetRate(perMinute)
	return nil
}

// on starts both parts, or neither; d.mu is held.
func (d *Demo) on(ctx context.Context) error {
	life := context.WithoutCancel(ctx)
	seats, err := StartSeats(life, d.config.Seats)
	if err != nil {
		return err
	}
	if err := seats.WaitRegistered(ctx); err != nil {
		seats.Stop()
		return err
	}
	if d.config.SignIn != nil {
		if err := d.config.SignIn(ctx, d.config.Seats.Numbers); err != nil {
			seats.Stop()
			return fmt.Errorf("signing the seats in: %w", err)
		}
	}
	citizens, err := StartCitizens(life, d.config.Citizens)
	if err != nil {
		seats.Stop()
		return err
	}
	d.seats, d.citizens = seats, citizens
	return nil
}

// off stops both parts; d.mu is held.
func (d *Demo) off(ctx context.Context) error {
	d.rate = 0
	if d.citizens == nil {
		return nil
	}
	citizens, seats := d.citizens, d.seats
	d.citizens, d.seats = nil, nil
	citizens.Stop()
	var err error
	if d.config.SignOut != nil {
		if err = d.config.SignOut(ctx, d.config.Seats.Numbers); err != nil {
			err = fmt.Errorf("signing the seats out: %w", err)
		}
	}
	seats.Stop()
	return err
}

// Rate is how many citizens call in a minute; 0 while it is off.
func (d *Demo) Rate() float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rate
}

// Report sums up the traffic since it was turned on.
func (d *Demo) Report() (Report, SeatsReport) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.citizens == nil {
		return Report{}, SeatsReport{}
	}
	return d.citizens.Report(), d.seats.Report()
}

// Stop turns it off. It is safe to call again.
func (d *Demo) Stop(ctx context.Context) error { return d.SetRate(ctx, 0) }
