package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

// Errors of loading.
var (
	// ErrNotDemo is an installation in earnest: nothing is loaded or removed.
	ErrNotDemo = errors.New("the demo city is loaded only where demo is true")
	// ErrNotEmpty is a database with people who aren't the demo's.
	ErrNotEmpty = errors.New("the database has other people's data; the demo city is not loaded")
)

// Store is what loading needs of the database.
type Store interface {
	service.Store
	LinkRecording(ctx context.Context, r calls.Recording) error
	SaveCitizen(ctx context.Context, c service.CitizenRecord) error
	// Marked tells whether the marker was set; Mark sets it.
	Marked(ctx context.Context, name string) (bool, error)
	Mark(ctx context.Context, name string, at time.Time) error
	// Wipe removes every row of the desk.
	Wipe(ctx context.Context) error
}

// Config is what loading needs.
type Config struct {
	Demo  bool // the installation's setting
	Store Store
	Keys  *privacy.KeyRing
	Files fs.FS // city.yaml, classes.yaml, cases.yaml
	Zone  *time.Location
	Now   time.Time // the day of loading
	Node  string    // switch node that the past calls are of
	// Events stores events of the floor; ids "0-<n>" are the demo's.
	Events func(ctx context.Context, events []calls.Event) error
	// Speak reads a text aloud: samples of 8,000 Hz. voice 0 is the agent's, 1 and up citizens'.
	// nil: the past calls have no recordings.
	Speak func(ctx context.Context, text string, voice int) ([]int16, error)
	// PutRecording keeps a WAV file under the key.
	PutRecording func(ctx context.Context, key string, wav []byte) error
	Log          *slog.Logger
}

// Markers of loading: one that it began, one that it is whole.
const (
	markBegun = "demo.begun"
	markWhole = "demo.whole"
)

// seed makes the same city again.
const seed = 12345

// Result is how much was loaded.
type Result struct {
	Loaded     bool // false: the city was there
	Tickets    int
	Calls      int
	Recordings int
}

// Load loads the city, once. What an interrupted load left behind is removed first.
// ErrNotDemo, ErrNotEmpty.
func Load(ctx context.Context, cfg Config) (Result, error) {
	if !cfg.Demo {
		return Result{}, ErrNotDemo
	}
	whole, err := cfg.Store.Marked(ctx, markWhole)
	if err != nil || whole {
		return Result{}, err
	}
	begun, err := cfg.Store.Marked(ctx, markBegun)
	if err != nil {
		return Result{}, err
	}
	if begun {
		if err := cfg.Store.Wipe(ctx); err != nil {
			return Result{}, fmt.Errorf("remove a half-loaded city: %w", err)
		}
	} else if people, err := cfg.Store.Accounts(ctx, ""); err != nil {
		return Result{}, err
	} else if len(people) > 0 {
		return Result{}, ErrNotEmpty
	}
	if err := cfg.Store.Mark(ctx, markBegun, cfg.Now); err != nil {
		return Result{}, err
	}
	l, err := newLoader(cfg)
	if err != nil {
		return Result{}, err
	}
	if err := l.load(ctx); err != nil {
		return l.result, fmt.Errorf("load the demo city: %w", err)
	}
	l.result.Loaded = true
	return l.result, cfg.Store.Mark(ctx, markWhole, cfg.Now)
}

// Reset removes everything and loads the city anew. ErrNotDemo.
func Reset(ctx context.Context, cfg Config) (Result, error) {
	if !cfg.Demo {
		return Result{}, ErrNotDemo
	}
	whole, err := cfg.Store.Marked(ctx, markWhole)
	if err != nil {
		return Result{}, err
	}
	if whole {
		if err := cfg.Store.Wipe(ctx); err != nil {
			return Result{}, fmt.Errorf("remove the demo city: %w", err)
		}
	}
	return Load(ctx, cfg)
}

// loader plays the city's past.
type loader struct {
	cfg     Config
	city    city
	book    casebook
	rng     *rand.Rand
	desk    *service.Service
	clock   time.Time // of the desk, set back
	today   time.Time
	seq     int64
	who     map[string]service.Identity
	sounds  map[string][]int16
	open    []past // tickets in the pool, newest last
	answers replies
	result  Result
}

// past is a ticket that later events refer to.
type past struct {
	id, number string
	matter     filled
	caller     Citizen
	at         time.Time
}

func newLoader(cfg Config) (*loader, error) {
	c, book, err := readCity(cfg.Files)
	if err != nil {
		return nil, err
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	l := &loader{
		cfg: cfg, city: c, book: book, rng: rand.New(rand.NewPCG(seed, seed)), today: cfg.Now.In(cfg.Zone),
		who: map[string]service.Identity{}, sounds: map[string][]int16{},
	}
	l.desk = service.New(service.Config{
		Store: cfg.Store, Keys: cfg.Keys, Zone: cfg.Zone, Log: cfg.Log, Lock: directory.LockPolicy{},
		Now: func() time.Time { return l.clock },
	})
	return l, nil
}

func (l *loader) load(ctx context.Context) error {
	if err := read(l.cfg.Files, "replies.yaml", &l.answers); err != nil {
		return err
	}
	if err := l.house(ctx); err != nil {
		return err
	}
	for _, a := range l.city.Accounts {
		who, err := l.desk.Identity(ctx, a.Name)
		if err != nil {
			return err
		}
		l.who[a.Name] = who
	}
	plan := l.plan()
	for i, v := range plan {
		l.clock = v.at
		if err := v.play(ctx, l, v); err != nil {
			return fmt.Errorf("visit %d (%s): %w", i, v.what, err)
		}
		if i%50 == 49 {
			l.cfg.Log.Info("loading the demo city", "done", i+1, "of", len(plan))
		}
	}
	return l.knowledge(ctx)
}

// system is the actor of timers, public the citizen at a screen.
var (
	system = tickets.Actor{Account: "system", Name: "系统", Roles: []tickets.Role{tickets.System}}
	public = tickets.Actor{Account: "", Name: "公众", Roles: []tickets.Role{tickets.Citizen}}
)
