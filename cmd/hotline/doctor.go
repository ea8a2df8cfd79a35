package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/open12345/hotline/cmd/hotline/config"
)

// DoctorCmd checks each part and says what to do about those that fail. It
// ends with code 1 when one fails.
type DoctorCmd struct{}

// verdict is the outcome of one check.
type verdict int

const (
	good    verdict = iota
	notUp           // not running, which is no fault before `make run`
	doubt           // works, but not as it should
	faulty          // does not work
	patient = 5 * time.Second
)

var verdictWords = map[verdict]string{good: "ok", notUp: "not running", doubt: "look", faulty: "FAILED"}

// finding is one line of the report.
type finding struct {
	part    string
	verdict verdict
	detail  string // what was found
	remedy  string // what to do, empty when good
}

// check examines one part within ctx.
type check func(ctx context.Context, cfg config.Config) finding

var checks = []check{
	checkSwitchInstalled, checkSpeech, checkARI, checkAMI,
	checkPostgresInstalled, checkPostgres, checkRedisInstalled, checkRedis,
	checkPorts, checkPrompts, checkStore, checkDisk, checkFonts, checkBrowser,
}

// Run is called by kong.
func (DoctorCmd) Run(a *app) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	failed := 0
	for _, examine := range checks {
		ctx, cancel := context.WithTimeout(a.ctx, patient)
		f := examine(ctx, a.cfg)
		cancel()
		if f.verdict == faulty {
			failed++
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", verdictWords[f.verdict], f.part, f.detail)
		if f.remedy != "" {
			fmt.Fprintf(out, "\t\t→ %s\n", f.remedy)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if failed > 0 {
		fmt.Printf("\n%d of %d parts failed\n", failed, len(checks))
		return errReported
	}
	return nil
}
