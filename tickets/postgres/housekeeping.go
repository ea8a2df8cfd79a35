package postgres

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Housekeeper does hourly what no request waits for: it writes the root over all flows and
// removes what is kept for a while only. Any number of them may run; one is enough.
type Housekeeper struct {
	store *Store
	file  string
	log   *slog.Logger

	mu      sync.Mutex
	stop    context.CancelFunc
	stopped chan struct{}
}

// Housekeeper makes one that appends roots to the file.
func (s *Store) Housekeeper(file string) *Housekeeper {
	return &Housekeeper{store: s, file: file, log: s.log}
}

const hourly = time.Hour

// Start works until Stop or the end of ctx: at once, then every hour. It never blocks.
func (h *Housekeeper) Start(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop != nil {
		return errors.New("already started")
	}
	ctx, h.stop = context.WithCancel(ctx)
	h.stopped = make(chan struct{})
	go h.run(ctx, h.stopped)
	return nil
}

// Stop ends the work. It may be called more than once.
func (h *Housekeeper) Stop() {
	h.mu.Lock()
	stop, stopped := h.stop, h.stopped
	h.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	<-stopped
}

func (h *Housekeeper) run(ctx context.Context, stopped chan struct{}) {
	defer close(stopped)
	ticker := time.NewTicker(hourly)
	defer ticker.Stop()
	for {
		// Both work on the database's clock: the demo's clock is not asked.
		now := time.Now()
		if err := errors.Join(h.store.Anchor(ctx, h.file, now), h.store.Sweep(ctx, now)); err != nil && ctx.Err() == nil {
			h.log.Error("hourly housekeeping failed; it is tried again in an hour", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
