package main

import (
	"context"
	"log/slog"
	"time"
)

// service is one child of the stack: a private server or our own.
type service interface {
	// Done is closed when what runs now has ended; nil while nothing runs.
	Done() <-chan struct{}
	// Restart starts it again in the same place.
	Restart(ctx context.Context) error
	// Stop ends it in order.
	Stop(ctx context.Context) error
}

const (
	firstPause = 500 * time.Millisecond
	longPause  = 30 * time.Second
	// steady is how long a service must have run for its pauses to start anew.
	steady = time.Minute
)

// keepRunning restarts the service whenever it ends by itself, until ctx ends.
func keepRunning(ctx context.Context, log *slog.Logger, name string, s service) {
	pause := firstPause
	started := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Done():
		}
		if ctx.Err() != nil {
			return
		}
		if time.Since(started) > steady {
			pause = firstPause
		}
		log.Error(name+" ended by itself, starting it again", "in", pause)
		if !wait(ctx, pause) {
			return
		}
		for {
			pause = min(2*pause, longPause)
			err := s.Restart(ctx)
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				return
			}
			log.Error(name+" could not be started again", "err", err, "next try in", pause)
			if !wait(ctx, pause) {
				return
			}
		}
		started = time.Now()
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
