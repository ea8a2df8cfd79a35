package main

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/open12345/hotline/cmd/hotline/server"
	"github.com/open12345/hotline/web/ui"
)

// ServeCmd serves calls and pages against parts that run elsewhere; `hotline run` starts it with
// everything it needs.
type ServeCmd struct{}

const servePatience = 18 * time.Second

// Run serves until interrupted, or until another server takes over.
func (ServeCmd) Run(a *app) error {
	pages, err := fs.Sub(ui.Dist, "dist")
	if err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	s := server.New(a.cfg, pages, version, a.log)
	if err := s.Start(a.ctx); err != nil {
		return err
	}
	select {
	case <-a.ctx.Done():
	case <-s.Lost():
		a.log.Error("another server leads; this one ends")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), servePatience)
	defer cancel()
	return s.Stop(ctx)
}
