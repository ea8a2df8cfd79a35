package server

import (
	"context"
	"sync"

	"github.com/open12345/hotline/web"
)

// health asks each part how it is.
type health struct{ s *Server }

var _ web.HealthCheck = health{}

// Parts implements web.HealthCheck.
func (h health) Parts(ctx context.Context) (map[string]web.PartHealth, bool) {
	checks := map[string]func(context.Context) error{
		"database":   h.s.desk.Ping,
		"live_store": func(ctx context.Context) error { return h.s.redis.Ping(ctx).Err() },
		"switch": func(ctx context.Context) error {
			_, err := h.s.driver.Phones(ctx)
			return err
		},
	}
	var (
		mu    sync.Mutex
		all   sync.WaitGroup
		parts = map[string]web.PartHealth{}
	)
	for name, check := range checks {
		all.Go(func() {
			part := web.PartHealth{OK: true}
			if err := check(ctx); err != nil {
				part = web.PartHealth{Detail: err.Error()}
			}
			mu.Lock()
			defer mu.Unlock()
			parts[name] = part
		})
	}
	all.Wait()
	for _, a := range h.s.floor.Snapshot().Alarms {
		parts["alarm:"+a.Code] = web.PartHealth{Detail: a.Detail}
	}
	// Without the database calls are still routed, without the switch pages are still served.
	return parts, parts["switch"].OK || parts["database"].OK
}
