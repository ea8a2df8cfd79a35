package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/cti/testcall/traffic"
)

type carrier struct {
	voice
	Listen string `help:"SIP address of the trunk's far end." default:"127.0.0.1:5080"`
	Rules  string `help:"YAML file: what each number does; without it the demo's numbers." type:"existingfile"`
}

// Run answers until interrupted.
func (c *carrier) Run(ctx context.Context) error {
	rules, err := c.rules()
	if err != nil {
		return err
	}
	far, err := traffic.StartCarrier(ctx, traffic.CarrierConfig{
		Listen: c.Listen, Rules: rules, Speech: c.speech(),
		OnCall: func(number string, end testcall.End, heard time.Duration) {
			slog.Info("call", "number", number, "end", end.String(), "heard", heard)
		},
	})
	if err != nil {
		return err
	}
	defer far.Stop()
	fmt.Fprintf(os.Stderr, "carrier at %s\n", far.Addr())
	<-ctx.Done()
	fmt.Printf("calls %d\n", far.Calls())
	return nil
}

func (c *carrier) rules() ([]traffic.Rule, error) {
	if c.Rules == "" {
		return traffic.DefaultRules(), nil
	}
	source, err := os.ReadFile(c.Rules)
	if err != nil {
		return nil, fmt.Errorf("reading the carrier's rules: %w", err)
	}
	return traffic.ParseRules(source)
}
