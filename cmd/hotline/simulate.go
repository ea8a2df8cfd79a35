package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/open12345/hotline/acd/bench"
	"github.com/open12345/hotline/acd/simulate"
	"github.com/open12345/hotline/configs/aims"
)

// SimulateCmd runs traffic through the routing engine in simulated time.
type SimulateCmd struct {
	What  string `arg:"" optional:"" enum:"day,estimate,bench" default:"day" help:"day: a day of traffic; estimate: the announced waits against Asterisk's; bench: the engine's speed, held to its aims."`
	Calls int    `default:"60000" help:"Calls of the day."`
	Seats int    `default:"600" help:"Seats of the day, in shifts."`
	Seed  uint64 `default:"1" help:"The same seed gives the same day."`
	Aims  string `default:"configs/aims.yaml" type:"path" help:"What bench is held to."`
}

// traceLength is how long the traces are on which estimates are measured.
const traceLength = 24 * time.Hour

// benchDecisions is how many decisions are measured at each size, twice.
const benchDecisions = 1_500_000

// Run runs what was asked for. An aim that bench missed is an error.
func (c *SimulateCmd) Run() error { return c.run(os.Stdout) }

func (c *SimulateCmd) run(out io.Writer) error {
	switch c.What {
	case "estimate":
		return c.estimate(out, func(string, float64) error { return nil })
	case "bench":
		return c.bench(out)
	default:
		_, err := c.day(out)
		return err
	}
}

// day simulates the day and prints its report; took is how long that took.
func (c *SimulateCmd) day(out io.Writer) (took time.Duration, err error) {
	if c.Calls < 1 || c.Seats < 20 {
		return 0, fmt.Errorf("simulate a day: wants at least 1 call and 20 seats")
	}
	start := time.Now()
	report, err := simulate.Run(simulate.Day(c.Calls, c.Seats, c.Seed))
	if err != nil {
		return 0, err
	}
	took = time.Since(start)
	if err := report.Print(out); err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "simulated in     %v\n", took.Round(time.Millisecond))
	return took, nil
}

// estimate measures the engine's estimated waits on the four traces.
func (c *SimulateCmd) estimate(out io.Writer, result func(trace string, ratio float64) error) error {
	var list []simulate.Accuracy
	for _, trace := range simulate.Traces(traceLength, c.Seed) {
		a, err := simulate.Foretell(trace, time.Hour)
		if err != nil {
			return err
		}
		list = append(list, a)
	}
	simulate.PrintAccuracy(out, list)
	for _, a := range list {
		if err := result(a.Trace, a.Ratio()); err != nil {
			return err
		}
	}
	return nil
}

// bench measures the engine and holds it to its aims.
func (c *SimulateCmd) bench(out io.Writer) error {
	sheet, err := aims.Load(c.Aims, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The routing engine with %d calls waiting, on one core of %d (%s, %s).\n", bench.Waiting, runtime.NumCPU(), runtime.GOARCH, runtime.Version())
	figures := map[int]bench.Figures{}
	for _, seats := range []int{100, 1000, 10_000} {
		f, err := bench.Measure(seats, benchDecisions, c.Seed)
		if err != nil {
			return err
		}
		figures[seats] = f
		fmt.Fprintln(out, f)
	}
	fmt.Fprintln(out)
	took, err := c.day(out)
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	ratios := map[string]float64{}
	if err := c.estimate(out, func(trace string, ratio float64) error { ratios[trace] = ratio; return nil }); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, seats := range []int{100, 1000, 10_000} {
		if err := sheet.Result(fmt.Sprintf("engine_decisions_%d_seats", seats), figures[seats].PerSecond); err != nil {
			return err
		}
		if err := sheet.Result(fmt.Sprintf("engine_p99_%d_seats", seats), float64(figures[seats].P99)/float64(time.Microsecond)); err != nil {
			return err
		}
	}
	if err := sheet.Result("engine_time_10000_to_100", float64(figures[10_000].Each)/float64(figures[100].Each)); err != nil {
		return err
	}
	for _, trace := range []string{"steady", "overloaded", "sine", "shared"} {
		if err := sheet.Result("estimate_rmse_"+trace, ratios[trace]); err != nil {
			return err
		}
	}
	if err := sheet.Result("simulated_day", took.Seconds()); err != nil {
		return err
	}
	return sheet.Err()
}
