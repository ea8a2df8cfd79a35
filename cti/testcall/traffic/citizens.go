package traffic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/cti/testcall/script"
)

// CitizensConfig says who calls whom. Target, Scripts and Pool are required.
type CitizensConfig struct {
	Target  string // such as sip:12345@127.0.0.1:5060
	Scripts []script.Script
	Pool    *Pool // callers of scripts that name none
	Speech  script.Speech

	LocalIP string // 127.0.0.1 if empty
	// Count ends the traffic after so many calls; 0 goes on until Stop.
	Count int
	// Concurrent bounds the calls that are up at once; 60 if 0. A call that is due
	// beyond it is left out and counted.
	Concurrent int
	// CallLimit bounds each call; five minutes if 0.
	CallLimit time.Duration
	// Even spaces calls evenly; otherwise they come by chance (Poisson), as
	// citizens do.
	Even bool
	// OnOutcome hears of each call that has ended; may be nil. It is called from
	// several goroutines.
	OnOutcome func(script.Outcome)
	Log       *slog.Logger
}

// Citizens are callers who come at a rate.
type Citizens struct {
	config CitizensConfig
	phone  *testcall.Phone
	runner script.Runner
	ctx    context.Context
	cancel context.CancelFunc
	calls  sync.WaitGroup
	done   chan struct{} // closed when arrive and all calls have ended
	turn   chan struct{} // capacity 1: the rate has changed

	mu      sync.Mutex
	rate    float64 // calls a minute
	active  int
	dialled int
	random  *rand.Rand
	tally   tally
}

// StartCitizens opens a phone and waits for SetRate; nobody calls before.
func StartCitizens(ctx context.Context, config CitizensConfig) (*Citizens, error) {
	if config.Target == "" || len(config.Scripts) == 0 || config.Pool == nil {
		return nil, errors.New("citizens need a target, scripts and a pool of numbers")
	}
	if config.Concurrent == 0 {
		config.Concurrent = 60
	}
	if config.CallLimit == 0 {
		config.CallLimit = 5 * time.Minute
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	phone, err := testcall.StartPhone(context.Background(), testcall.Config{LocalIP: config.LocalIP, Log: config.Log})
	if err != nil {
		return nil, fmt.Errorf("starting citizens: %w", err)
	}
	c := &Citizens{
		config: config, phone: phone,
		runner: script.Runner{Phone: phone, Target: config.Target, Speech: config.Speech},
		done:   make(chan struct{}), turn: make(chan struct{}, 1),
		random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
		tally:  newTally(),
	}
	c.ctx, c.cancel = context.WithCancel(ctx)
	go c.arrive()
	return c, nil
}

// SetRate changes how many calls come in a minute, at once; 0 lets those that are
// up go on and sends no more.
func (c *Citizens) SetRate(perMinute float64) {
	c.mu.Lock()
	c.rate = max(0, perMinute)
	c.mu.Unlock()
	select {
	case c.turn <- struct{}{}:
	default:
	}
}

// Rate is how many calls come in a minute.
func (c *Citizens) Rate() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rate
}

// Active is how many calls are up.
func (c *Citizens) Active() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.active
}

// Done is closed when Count calls have ended, or after Stop.
func (c *Citizens) Done() <-chan struct{} { return c.done }

// Report sums up the calls that have ended.
func (c *Citizens) Report() Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tally.report()
}

// Stop hangs up all calls and closes the phone. It is safe to call again.
func (c *Citizens) Stop() {
	c.cancel()
	<-c.done
	c.phone.Stop()
}

// arrive sends calls until Count or the end.
func (c *Citizens) arrive() {
	defer close(c.done)
	defer c.calls.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	last := time.Time{}
	for !c.finished() {
		gap, flowing := c.gap()
		if flowing {
			timer.Reset(time.Until(last.Add(gap)))
		} else {
			timer.Stop()
		}
		select {
		case <-c.ctx.Done():
			return
		case <-c.turn:
			continue
		case <-timer.C:
		}
		last = time.Now()
		c.dial()
	}
}

func (c *Citizens) finished() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.config.Count > 0 && c.dialled >= c.config.Count
}

// gap is the time to the next call; none flow at a rate of 0.
func (c *Citizens) gap() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rate == 0 {
		return 0, false
	}
	mean := float64(time.Minute) / c.rate
	if !c.config.Even {
		mean *= c.random.ExpFloat64()
	}
	return time.Duration(mean), true
}

// dial starts one call, unless too many are up.
func (c *Citizens) dial() {
	c.mu.Lock()
	if c.active >= c.config.Concurrent {
		c.tally.leftOut++
		c.mu.Unlock()
		return
	}
	c.active++
	c.dialled++
	s := c.choose()
	caller := s.Caller
	if caller.Number == "" && !caller.Anonymous {
		taken := c.config.Pool.take()
		caller.Number, caller.Anonymous = taken.Number, taken.Anonymous
	}
	c.mu.Unlock()
	c.calls.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, c.config.CallLimit)
		defer cancel()
		outcome := c.runner.Run(ctx, s, caller)
		c.mu.Lock()
		c.active--
		c.tally.add(outcome)
		c.mu.Unlock()
		if c.config.OnOutcome != nil {
			c.config.OnOutcome(outcome)
		}
	})
}

// choose takes a script by weight; c.mu is held.
func (c *Citizens) choose() script.Script {
	total := 0
	for _, s := range c.config.Scripts {
		total += s.Weight
	}
	n := c.random.IntN(total)
	for _, s := range c.config.Scripts {
		if n -= s.Weight; n < 0 {
			return s
		}
	}
	return c.config.Scripts[0]
}
