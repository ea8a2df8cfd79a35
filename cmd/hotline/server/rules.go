package server

import "context"

// startRules moves deadlines after changes of the rules.
func (s *Server) startRules(ctx context.Context) error {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.desk.KeepRules(ctx)
	}()
	s.onStop(func(context.Context) error {
		stop()
		<-done
		return nil
	})
	return nil
}
