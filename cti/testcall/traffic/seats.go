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

// SeatsConfig describes simulated seats. Numbers and Registrar are required.
type SeatsConfig struct {
	Numbers   []string
	Registrar string // host:port of the switch
	Password  string // of each seat's phone

	LocalIP string // 127.0.0.1 if empty
	// AnswerAfter is how long the phone rings; it is picked up at once if 0.
	AnswerAfter time.Duration
	// NeverAnswer lets it ring until the switch gives up.
	NeverAnswer bool
	// Talk is how long a seat talks before it hangs up, give or take a third; 0
	// leaves the end to the other side.
	Talk time.Duration
	// Greeting is said first, if Speech has its sound.
	Greeting string
	Speech   script.Speech
	Log      *slog.Logger
}

// DefaultGreeting is what the demo's seats say first.
const DefaultGreeting = "您好，这里是12345政务服务便民热线，请问有什么可以帮您？"

// SeatsReport is what the seats saw.
type SeatsReport struct {
	Registered int `json:"registered"` // seats now
	Rung       int `json:"rung"`       // calls
	Answered   int `json:"answered"`
	OneWay     int `json:"one_way"` // answered for 3 s and heard nothing
}

// Seats are phones that register, answer and send a tone each.
type Seats struct {
	config SeatsConfig
	phones []*testcall.Phone
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	ready  chan struct{} // closed when all have registered once

	mu     sync.Mutex
	report SeatsReport
}

// registerRetry is how soon a seat that was refused tries again: the switch may
// not be up yet.
const registerRetry = 2 * time.Second

// StartSeats opens a phone for each seat and registers them in the background.
func StartSeats(ctx context.Context, config SeatsConfig) (*Seats, error) {
	if len(config.Numbers) == 0 || config.Registrar == "" {
		return nil, errors.New("seats need numbers and a registrar")
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	s := &Seats{config: config, ready: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(ctx)
	for _, number := range config.Numbers {
		phone, err := testcall.StartPhone(context.Background(), testcall.Config{
			LocalIP: config.LocalIP, Number: number, Registrar: config.Registrar,
			Password: config.Password, Log: config.Log,
		})
		if err != nil {
			s.Stop()
			return nil, fmt.Errorf("starting seat %s: %w", number, err)
		}
		s.phones = append(s.phones, phone)
	}
	var registered sync.WaitGroup
	for i, phone := range s.phones {
		phone.OnInvite(func(c *testcall.Call) { s.take(c, i) })
		registered.Add(1)
		s.wg.Go(func() {
			s.register(phone)
			registered.Done()
		})
	}
	s.wg.Go(func() {
		registered.Wait()
		if s.ctx.Err() == nil {
			close(s.ready)
		}
	})
	return s, nil
}

// WaitRegistered waits until every seat has registered.
func (s *Seats) WaitRegistered(ctx context.Context) error {
	select {
	case <-s.ready:
		return nil
	case <-s.ctx.Done():
		return testcall.ErrStopped
	case <-ctx.Done():
		return fmt.Errorf("waiting for the seats: %d of %d are registered: %w", s.Report().Registered, len(s.phones), ctx.Err())
	}
}

// Report tells what the seats saw so far.
func (s *Seats) Report() SeatsReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.report
	for _, phone := range s.phones {
		if phone.Registered() {
			r.Registered++
		}
	}
	return r
}

// Stop hangs up, unregisters and closes all phones. It is safe to call again.
func (s *Seats) Stop() {
	s.cancel()
	var stopped sync.WaitGroup
	for _, phone := range s.phones {
		stopped.Go(phone.Stop)
	}
	stopped.Wait()
	s.wg.Wait()
}

// register tries until it has worked once; from then on the phone refreshes.
func (s *Seats) register(phone *testcall.Phone) {
	for {
		ctx, cancel := context.WithTimeout(s.ctx, 5*time.Second)
		err := phone.Register(ctx)
		cancel()
		if err == nil || s.ctx.Err() != nil {
			return
		}
		s.config.Log.Warn("seat is not registered yet", "seat", phone.Number(), "error", err)
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(registerRetry):
		}
	}
}

// take is one call of the i-th seat, from the first ring to the end.
func (s *Seats) take(c *testcall.Call, i int) {
	s.count(func(r *SeatsReport) { r.Rung++ })
	if err := c.Ring(); err != nil {
		return
	}
	if s.config.NeverAnswer {
		s.rest(c, 0)
		return
	}
	if s.config.AnswerAfter > 0 && !s.rest(c, s.config.AnswerAfter) {
		return
	}
	if err := c.Answer(s.ctx); err != nil {
		s.config.Log.Debug("seat's answer", "call", c.ID(), "error", err)
		return
	}
	s.count(func(r *SeatsReport) { r.Answered++ })
	answered := time.Now()
	s.speak(c, i)
	s.rest(c, s.talkTime())
	if time.Since(answered) > 3*time.Second && c.Heard() == 0 {
		s.count(func(r *SeatsReport) { r.OneWay++ })
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := c.Hangup(ctx); err != nil {
		s.config.Log.Debug("seat's goodbye", "call", c.ID(), "error", err)
	}
}

func (s *Seats) speak(c *testcall.Call, i int) {
	if s.config.Greeting != "" && s.config.Speech.Has(s.config.Greeting) {
		if err := c.Play(s.ctx, s.config.Speech.Say(s.config.Greeting)); err != nil {
			return
		}
	}
	c.Send(testcall.Tone(testcall.SeatTone(i)))
}

// talkTime is Talk, give or take a third; 0 stays 0.
func (s *Seats) talkTime() time.Duration {
	if s.config.Talk == 0 {
		return 0
	}
	return time.Duration(float64(s.config.Talk) * (2 + 2*rand.Float64()) / 3)
}

// rest waits for the time to pass (0: without end) and says whether the call is
// still up then.
func (s *Seats) rest(c *testcall.Call, d time.Duration) bool {
	var passed <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		passed = timer.C
	}
	select {
	case <-passed:
		return true
	case <-c.Ended():
	case <-s.ctx.Done():
	}
	return false
}

func (s *Seats) count(change func(*SeatsReport)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.report)
}
