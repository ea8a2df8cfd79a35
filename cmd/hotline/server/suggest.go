package server

import (
	"context"
	"time"
)

// learnEvery is how often suggestions take in what was dispatched and returned.
const learnEvery = 20 * time.Second

// startLearning keeps the suggestion of units and classes up to date.
func (s *Server) startLearning(ctx context.Context) error {
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.workers.Go(func() {
		for run.Err() == nil {
			if n, err := s.desk.LearnSuggestions(run); err != nil && run.Err() == nil {
				s.log.Warn("suggestions were not brought up to date", "err", err)
			} else if n > 0 {
				s.log.Debug("suggestions learned", "lessons", n)
			}
			sleep(run, learnEvery)
		}
	})
	s.onStop(func(context.Context) error { cancel(); return nil })
	return nil
}
