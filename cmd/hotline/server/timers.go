package server

import "context"

// startTimers begins to do what becomes due on the desk.
func (s *Server) startTimers(ctx context.Context) error {
	if s.cfg.Demo {
		s.store.UseClock(s.clock.Now)
	}
	jobs, err := s.store.NewJobs(s.desk.RunTimer, s.desk.Rules)
	if err != nil {
		return err
	}
	if err := jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.onStop(jobs.Stop)
	return nil
}
