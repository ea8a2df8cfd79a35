package recording

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/open12345/hotline/cti"
)

// Config joins the sealer with its surroundings.
type Config struct {
	Store *Store
	Desk  Desk
	// Switch finds a node by its name; false while it is not connected.
	Switch func(node string) (Switch, bool)
	// Nodes lists the nodes for the sweep.
	Nodes func() []string
	// Alarm tells people; it must not block.
	Alarm func(Alarm)

	Workers    int           // default 4
	Settle     time.Duration // after hang-up, until the switch has closed the file; default 300 ms
	Grace      time.Duration // how long a missing or short file is waited for; default 3 s
	Missing    time.Duration // after which a file that is nowhere counts as lost; default 2 min
	FirstRetry time.Duration // default 500 ms, doubled up to a minute
	SweepEvery time.Duration // default 1 min
	Attempts   int           // failed attempts before the alarm; default 5
	PerFile    time.Duration // deadline of one attempt; default 5 min
	Logger     *slog.Logger
	Now        func() time.Time // default time.Now
}

func (c *Config) fill() {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&c.Settle, 300*time.Millisecond)
	def(&c.Grace, 3*time.Second)
	def(&c.Missing, 2*time.Minute)
	def(&c.FirstRetry, 500*time.Millisecond)
	def(&c.SweepEvery, time.Minute)
	def(&c.PerFile, 5*time.Minute)
	if c.Workers == 0 {
		c.Workers = 4
	}
	if c.Attempts == 0 {
		c.Attempts = 5
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Alarm == nil {
		log := c.Logger
		c.Alarm = func(a Alarm) {
			log.Error("ALARM: recording", "call", a.Job.Call, "source", a.Job.Source, "flaws", a.Flaws, "orphan", a.Orphan, "err", a.Err)
		}
	}
}

// Sealer seals finished recordings with a few workers.
type Sealer struct {
	cfg    Config
	work   chan task
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	held    map[string]bool // jobs taken up and not done, by Job.id
	orphans map[string]int  // unknown files and in how many sweeps they were seen
}

type task struct {
	job      Job
	attempts int
}

// New makes a sealer; Start begins its work.
func New(cfg Config) *Sealer {
	cfg.fill()
	ctx, cancel := context.WithCancel(context.Background())
	return &Sealer{cfg: cfg, work: make(chan task), ctx: ctx, cancel: cancel, held: map[string]bool{}, orphans: map[string]int{}}
}

// Start takes up what an earlier process left, and then what Seal hands in and sweeps find.
func (s *Sealer) Start(ctx context.Context) error {
	for range s.cfg.Workers {
		s.wg.Go(s.worker)
	}
	s.wg.Go(func() {
		defer context.AfterFunc(ctx, s.cancel)()
		t := time.NewTicker(s.cfg.SweepEvery)
		defer t.Stop()
		for {
			s.sweep(s.ctx)
			select {
			case <-t.C:
			case <-s.ctx.Done():
				return
			}
		}
	})
	return nil
}

// Stop ends the work; what is not sealed is pending for the next start.
func (s *Sealer) Stop() {
	s.mu.Lock() // no Seal is between its look at the context and its task
	s.cancel()
	s.mu.Unlock()
	s.wg.Wait()
}

// Seal hands in a finished recording; it never blocks. One that is in hand already is ignored.
func (s *Sealer) Seal(j Job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[j.id()] || s.ctx.Err() != nil {
		return
	}
	s.held[j.id()] = true
	wait := max(0, j.Ended.Add(s.cfg.Settle).Sub(s.cfg.Now()))
	s.later(task{job: j}, wait)
}

// later hands a task to the workers after a while.
func (s *Sealer) later(t task, wait time.Duration) {
	s.wg.Go(func() {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.ctx.Done():
			return
		}
		select {
		case s.work <- t:
		case <-s.ctx.Done():
		}
	})
}

func (s *Sealer) worker() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case t := <-s.work:
			s.run(t)
		}
	}
}

// run makes one attempt and decides what follows.
func (s *Sealer) run(t task) {
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.PerFile)
	defer cancel()
	err := s.seal(ctx, t.job)
	if err == nil {
		s.mu.Lock()
		delete(s.held, t.job.id())
		s.mu.Unlock()
		return
	}
	if s.ctx.Err() != nil {
		return
	}
	t.attempts++
	wait := min(s.cfg.FirstRetry<<min(t.attempts-1, 10), time.Minute)
	if errors.Is(err, errUnfinished) {
		wait = s.cfg.Settle
	} else {
		s.cfg.Logger.Warn("recording not sealed, trying again", "call", t.job.Call, "source", t.job.Source, "attempt", t.attempts, "in", wait, "err", err)
	}
	if t.attempts == s.cfg.Attempts && !errors.Is(err, errUnfinished) {
		s.cfg.Alarm(Alarm{Job: t.job, Err: err})
	}
	s.later(t, wait)
}

// sweep takes up pending recordings, deletes linked files that are left on the switch, and
// tells of files that belong to nobody.
func (s *Sealer) sweep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	pending, err := s.cfg.Desk.Pending(ctx)
	if err != nil {
		s.cfg.Logger.Warn("asking for recordings that are not sealed", "err", err)
		return
	}
	for _, j := range pending {
		s.Seal(j)
	}
	if s.cfg.Nodes == nil {
		return
	}
	for _, node := range s.cfg.Nodes() {
		if err := s.sweepNode(ctx, node); err != nil && ctx.Err() == nil {
			s.cfg.Logger.Warn("looking through the switch's recordings", "node", node, "err", err)
		}
	}
}

func (s *Sealer) sweepNode(ctx context.Context, node string) error {
	sw, ok := s.cfg.Switch(node)
	if !ok {
		return nil
	}
	names, err := sw.Recordings(ctx)
	if err != nil {
		return err
	}
	standings, err := s.cfg.Desk.Standing(ctx, node, names)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, name := range names {
		j := Job{Node: node, Source: name}
		if s.inHand(j) {
			continue
		}
		switch standings[name] {
		case StandingLinked:
			if err := sw.DeleteRecording(ctx, name); err != nil {
				return err
			}
		case StandingUnknown:
			seen[j.id()] = true
			s.orphan(j)
		}
	}
	s.forgetOrphans(node, seen)
	return nil
}

// orphan tells of a file that no call names, once, when two sweeps in a row have found it: the
// desk may hear of a call later than we see its file.
func (s *Sealer) orphan(j Job) {
	s.mu.Lock()
	s.orphans[j.id()]++
	n := s.orphans[j.id()]
	s.mu.Unlock()
	if n == 2 {
		s.cfg.Alarm(Alarm{Job: j, Orphan: true})
	}
}

func (s *Sealer) forgetOrphans(node string, seen map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.orphans {
		if len(id) > len(node) && id[:len(node)+1] == node+"/" && !seen[id] {
			delete(s.orphans, id)
		}
	}
}

func (s *Sealer) inHand(j Job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[j.id()]
}

// errUnfinished means that the switch is probably still writing the file.
var errUnfinished = errors.New("the file is not finished")

// source finds the node that has the file.
func (s *Sealer) source(j Job) (Switch, error) {
	sw, ok := s.cfg.Switch(j.Node)
	if !ok {
		return nil, fmt.Errorf("node %s: %w", j.Node, cti.ErrUnavailable)
	}
	return sw, nil
}
