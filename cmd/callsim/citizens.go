package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/open12345/hotline/cti/testcall/traffic"
)

type citizens struct {
	voice
	Rate        float64       `help:"Calls a second." default:"1"`
	Count       int           `help:"Calls in all; 0 goes on until interrupted." default:"1"`
	For         time.Duration `help:"Stop calling after this time; calls that are up go on to their end."`
	Script      []string      `help:"Script, or folder of scripts; several are mixed by weight." required:"" type:"existingpath" sep:"none"`
	To          string        `help:"Whom to call." default:"sip:12345@127.0.0.1:5060"`
	FromPool    string        `help:"Callers of scripts that name none: numbers, ranges, anonymous." default:"13800138000-13800138099"`
	Concurrent  int           `help:"Calls that may be up at once." default:"200"`
	CallLimit   time.Duration `help:"Longest time for a call." default:"5m"`
	Poisson     bool          `help:"Let calls come by chance at this rate, not evenly."`
	LocalIP     string        `help:"Address to call from." default:"127.0.0.1"`
	MaxFailures int           `help:"Exit with 1 if more calls than this fail." default:"0"`
	JSON        bool          `help:"Report as JSON."`
}

var errFailures = errors.New("too many calls failed")

// Run calls until count or interrupt and reports.
func (c *citizens) Run(ctx context.Context) error {
	if c.Rate <= 0 {
		return fmt.Errorf("a rate of %v calls a second calls nobody", c.Rate)
	}
	var scripts []script.Script
	for _, path := range c.Script {
		loaded, err := script.Load(path)
		if err != nil {
			return err
		}
		scripts = append(scripts, loaded...)
	}
	pool, err := traffic.ParsePool(c.FromPool)
	if err != nil {
		return err
	}
	calls, err := traffic.StartCitizens(ctx, traffic.CitizensConfig{
		Target: c.To, Scripts: scripts, Pool: pool, Speech: c.speech(), LocalIP: c.LocalIP,
		Count: c.Count, Concurrent: c.Concurrent, CallLimit: c.CallLimit, Even: !c.Poisson,
		OnOutcome: logOutcome,
	})
	if err != nil {
		return err
	}
	defer calls.Stop()
	calls.SetRate(c.Rate * 60)
	c.wait(ctx, calls)
	report := calls.Report()
	if c.JSON {
		if err := writeJSON(report); err != nil {
			return err
		}
	} else {
		report.WriteText(os.Stdout)
	}
	if report.Failed > c.MaxFailures {
		return fmt.Errorf("%w: %d of %d", errFailures, report.Failed, report.Calls)
	}
	return nil
}

// wait returns when all calls have ended, or at an interrupt.
func (c *citizens) wait(ctx context.Context, calls *traffic.Citizens) {
	var over <-chan time.Time
	if c.For > 0 {
		over = time.After(c.For)
	}
	drained := time.NewTicker(100 * time.Millisecond)
	defer drained.Stop()
	for {
		select {
		case <-calls.Done():
			return
		case <-ctx.Done():
			<-calls.Done()
			return
		case <-over:
			calls.SetRate(0)
		case <-drained.C:
			if calls.Rate() == 0 && calls.Active() == 0 {
				return
			}
		}
	}
}

func logOutcome(o script.Outcome) {
	if o.Failure != "" {
		slog.Info("call failed", "script", o.Script, "from", o.From, "call", o.CallID, "cause", o.Failure, "detail", o.Detail, "end", o.End)
		return
	}
	slog.Info("call", "script", o.Script, "from", o.From, "call", o.CallID, "to_answer", o.ToAnswer, "person", o.WaitForPerson, "length", o.Length, "end", o.End)
}
