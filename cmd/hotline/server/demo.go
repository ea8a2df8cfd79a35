package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/open12345/hotline/cti/testcall/traffic"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

// demoConfig is what the demo needs of the installation.
type demoConfig struct {
	SIP        string // the switch, host:port
	Scripts    string // folder of the citizens' scripts
	Speech     script.Speech
	Citizens   []web.DemoCitizen
	Seats      []string // simulated seats
	Password   string   // of their SIP phones
	AddWorking func(from time.Time, days int) time.Time
	Log        *slog.Logger
	Reclock    func(context.Context) error // brings the timers to the clock after it was moved

	Synthesiser script.Synthesiser // of the sentences
}

// demo runs what makes the demo city live. It is made only where demo is true.
type demo struct {
	cfg    demoConfig
	phones phones
	agents *demoAgents
	clock  *demoClock

	mu       sync.Mutex
	citizens *traffic.Citizens
	seats    *traffic.Seats

	// Read by the agents while mu is held to end them.
	wanted  atomic.Int64 // calls a minute
	calling atomic.Pointer[traffic.Citizens]
}

var _ web.DemoControl = (*demo)(nil)

func newDemo(cfg demoConfig, clock *demoClock, keeper phoneKeeper, f floor.Commander) *demo {
	d := &demo{cfg: cfg, phones: phones{keeper}, clock: clock}
	d.agents = newDemoAgents(f, cfg.Seats, d.quiet, cfg.Log)
	return d
}

// State implements web.DemoControl.
func (d *demo) State(context.Context) (web.DemoState, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return web.DemoState{
		TrafficPerMinute: int(d.wanted.Load()), ClockOffsetDays: int(d.clock.ahead() / (24 * time.Hour)), Now: d.clock.Now().UTC(), Citizens: d.cfg.Citizens,
	}, nil
}

// quiet tells whether the traffic is off and its last call is over.
func (d *demo) quiet() bool {
	calling := d.calling.Load()
	return d.wanted.Load() == 0 && (calling == nil || calling.Active() == 0)
}

// Caps of the demo's traffic.
const (
	demoConcurrent = 30
	demoCallLimit  = 4 * time.Minute
	demoTalk       = 25 * time.Second
	demoPool       = "13905110000-13905119999,051263300000-051263309999,anonymous"
)

// SetTraffic implements web.DemoControl.
func (d *demo) SetTraffic(_ context.Context, perMinute int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if perMinute > 0 && d.citizens == nil {
		if err := d.begin(); err != nil {
			d.end()
			return err
		}
	}
	d.wanted.Store(int64(perMinute))
	if d.citizens != nil {
		d.citizens.SetRate(float64(perMinute))
	}
	return nil
}

// begin brings seats and citizens to their phones. mu is held.
func (d *demo) begin() error {
	scripts, err := script.Load(d.cfg.Scripts)
	if err != nil {
		return fmt.Errorf("read the citizens' scripts: %w", err)
	}
	pool, err := traffic.ParsePool(demoPool)
	if err != nil {
		return fmt.Errorf("read the citizens' numbers: %w", err)
	}
	// The traffic outlives the request that switched it on; stop ends it.
	ctx := context.Background()
	if err := d.speak(ctx, scripts); err != nil {
		d.cfg.Log.Warn("the citizens murmur instead of speaking", "err", err)
	}
	d.seats, err = traffic.StartSeats(ctx, traffic.SeatsConfig{
		Numbers: d.cfg.Seats, Registrar: d.cfg.SIP, Password: d.cfg.Password, AnswerAfter: 2 * time.Second, Talk: demoTalk,
		Greeting: traffic.DefaultGreeting, Speech: d.cfg.Speech, Log: d.cfg.Log,
	})
	if err != nil {
		return fmt.Errorf("start the simulated seats: %w", err)
	}
	d.citizens, err = traffic.StartCitizens(ctx, traffic.CitizensConfig{
		Target: "sip:12345@" + d.cfg.SIP, Scripts: scripts, Pool: pool, Speech: d.cfg.Speech,
		Concurrent: demoConcurrent, CallLimit: demoCallLimit, Log: d.cfg.Log,
	})
	if err != nil {
		return fmt.Errorf("start the simulated citizens: %w", err)
	}
	d.calling.Store(d.citizens)
	d.agents.start()
	return nil
}

const demoSpeechPatience = 30 * time.Second

// speak makes the sentences that nobody has spoken yet; what is missing is murmured.
func (d *demo) speak(ctx context.Context, scripts []script.Script) error {
	ctx, cancel := context.WithTimeout(ctx, demoSpeechPatience)
	defer cancel()
	sentences := append(script.Sentences(scripts), script.Sentence{Text: traffic.DefaultGreeting})
	_, err := d.cfg.Speech.Synthesise(ctx, d.cfg.Synthesiser, sentences)
	return err
}

// end sends everybody home. mu is held.
func (d *demo) end() {
	d.agents.stop()
	if d.citizens != nil {
		d.citizens.Stop()
		d.citizens = nil
	}
	if d.seats != nil {
		d.seats.Stop()
		d.seats = nil
	}
}

func (d *demo) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.end()
}

// AdvanceClock implements web.DemoControl.
func (d *demo) AdvanceClock(ctx context.Context, workingDays int) error {
	now := d.clock.Now()
	if err := d.clock.forward(d.cfg.AddWorking(now, workingDays).Sub(now)); err != nil {
		return err
	}
	return d.cfg.Reclock(ctx)
}

// CitizenPhone implements web.DemoControl.
func (d *demo) CitizenPhone(ctx context.Context, citizen string) (web.PhoneSecret, error) {
	for _, c := range d.cfg.Citizens {
		if c.ID != citizen {
			continue
		}
		number := c.Number
		if number == "" {
			number = "anonymous"
		}
		secret, err := d.phones.make(ctx, cti.Phone{ID: "citizen-" + c.ID, Browser: true, CallerID: number, Citizen: true})
		secret.WSPath, secret.Number = "/sip?citizen", c.Number
		return secret, err
	}
	return web.PhoneSecret{}, fmt.Errorf("citizen %q: %w", citizen, service.ErrNotFound)
}

// demoClock is the desk's clock in the demo: it can be moved forward.
type demoClock struct {
	file string
	mu   sync.Mutex
	by   time.Duration
}

// openDemoClock reads how far the clock was moved before.
func openDemoClock(file string) (*demoClock, error) {
	c := &demoClock{file: file}
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the demo clock: %w", err)
	}
	if err := json.Unmarshal(raw, &c.by); err != nil {
		return nil, fmt.Errorf("read the demo clock %s: %w", filepath.Base(file), err)
	}
	return c, nil
}

// Now is the demo's time.
func (c *demoClock) Now() time.Time {
	return time.Now().Add(c.ahead())
}

func (c *demoClock) ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.by
}

func (c *demoClock) forward(by time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	raw, err := json.Marshal(c.by + by)
	if err != nil {
		return fmt.Errorf("keep the demo clock: %w", err)
	}
	if err := os.WriteFile(c.file, raw, 0o600); err != nil {
		return fmt.Errorf("keep the demo clock: %w", err)
	}
	c.by += by
	return nil
}
