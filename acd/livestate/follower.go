package livestate

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	followBatch    = 256
	followDeadline = 5 * time.Second
	followRetry    = 200 * time.Millisecond
	followRetryMax = 5 * time.Second
	lagAfter       = 5 * time.Second
)

// follower reads the journal in order into its sink. It alone decides how fast.
type follower struct {
	name     string
	sink     Sink
	dir      string
	log      *slog.Logger
	wake     chan struct{}
	patience time.Duration // being behind longer than this is told
	lagging  func(follower string, behind bool, detail string)

	mu sync.Mutex
	at eventID // the last event stored
}

// poke tells it that there is something to read.
func (f *follower) poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *follower) position() eventID {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

func (f *follower) passed(id eventID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = id
}

// drain waits until the follower has stored the event, or ctx ends.
func (f *follower) drain(ctx context.Context, id eventID) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for id.seq > 0 && f.position().less(id) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (f *follower) run(ctx context.Context) {
	r := &reader{dir: f.dir}
	defer r.close()
	if !f.retrying(ctx, "ask how far it is", func(ctx context.Context) error {
		last, err := f.sink.Last(ctx)
		if err != nil || last == "" {
			return err
		}
		r.after, err = parseEventID(last)
		return err
	}) {
		return
	}
	f.passed(r.after)
	for {
		events, err := r.next(followBatch)
		if err != nil {
			f.log.Error("read the journal", "err", err)
		}
		if len(events) == 0 {
			select {
			case <-ctx.Done():
				return
			case <-f.wake:
			case <-time.After(time.Second): // a file that appeared, or an error that passed
			}
			continue
		}
		if !f.retrying(ctx, "store events", func(ctx context.Context) error { return f.sink.Store(ctx, events) }) {
			return
		}
		f.passed(r.after)
	}
}

// retrying does something until it works; false when ctx ended before.
func (f *follower) retrying(ctx context.Context, what string, do func(context.Context) error) bool {
	pause, since, told := followRetry, time.Time{}, false
	for {
		try, cancel := context.WithTimeout(ctx, followDeadline)
		err := do(try)
		cancel()
		if err == nil {
			if told {
				f.tell(false, "")
			}
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if since.IsZero() {
			since = time.Now()
			f.log.Warn("follower failed and tries again", "doing", what, "err", err)
		}
		if !told && time.Since(since) > f.patience {
			told = true
			f.tell(true, err.Error())
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
		}
		pause = min(2*pause, followRetryMax)
	}
}

func (f *follower) tell(behind bool, detail string) {
	if f.lagging != nil {
		f.lagging(f.name, behind, detail)
	}
}
