package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/open12345/hotline/asterisk/child"
)

// DemoResetCmd forgets the demo's data, so that the next start loads the demo
// city anew, dated relative to that day.
type DemoResetCmd struct{}

// kept survives a reset: it took time to make and holds nothing of the demo.
var kept = []string{"bin", "configs", "prompts", "recorded-prompts", "secrets", "stamps", "tls", "run.lock"}

// Run is called by kong.
func (DemoResetCmd) Run(a *app) error {
	if !a.cfg.Demo {
		return errors.New("this installation is no demo (setting demo): its data is not touched")
	}
	user, err := child.ServiceUser()
	if err != nil {
		return err
	}
	h, err := openHome(a.cfg.Path(), user)
	if err != nil {
		return err
	}
	defer h.close()
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	for _, e := range entries {
		if slices.Contains(kept, e.Name()) {
			continue
		}
		if err := os.RemoveAll(h.path(e.Name())); err != nil {
			return fmt.Errorf("forgetting the demo: %w", err)
		}
	}
	fmt.Printf("the demo's data in %s is forgotten; the next start loads it anew\n", h.dir)
	return nil
}
