package simulate

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/open12345/hotline/acd"
)

// guess is what was foretold to a caller when it began to wait.
type guess struct {
	made     bool
	engine   time.Duration
	smoothed time.Duration
}

// Accuracy compares two ways of foretelling waits on one trace: root mean square errors over all
// calls that had to wait and were given to a seat.
type Accuracy struct {
	Trace    string
	Calls    int
	Engine   time.Duration // of the engine's estimate
	Smoothed time.Duration // of the smoothed average that Asterisk's Queue() announces
	Mean     time.Duration // wait
}

// Ratio of the errors; less than 1 means the engine is better.
func (a Accuracy) Ratio() float64 { return float64(a.Engine) / float64(a.Smoothed) }

// smoothed is the hold time of Asterisk's app_queue: whole seconds, hold = (3·hold + new)/4 at
// every call a seat gets.
type smoothed int64

func (h *smoothed) observe(wait time.Duration) {
	*h = (*h<<2 - *h + smoothed(wait/time.Second)) >> 2
}

// Foretell runs a trace and compares what callers were foretold with what they waited. Calls of
// the first warmUp are played but not counted.
func Foretell(plan Plan, warmUp time.Duration) (Accuracy, error) {
	s, err := prepare(&plan)
	if err != nil {
		return Accuracy{}, err
	}
	out := Accuracy{Trace: plan.Name}
	hold := make([]smoothed, len(plan.Callers))
	var engine, average, waits float64
	s.queued = func(c *caller) {
		est, ok := s.e.Estimate(c.id, s.now)
		c.guess = guess{ok, est, time.Duration(hold[c.stream]) * time.Second}
	}
	s.given = func(c *caller) {
		wait := s.now.Sub(c.entered)
		hold[c.stream].observe(wait)
		if !c.guess.made || c.entered.Before(plan.Start.Add(warmUp)) {
			return
		}
		out.Calls++
		waits += float64(wait)
		engine += math.Pow(float64(c.guess.engine-wait), 2)
		average += math.Pow(float64(c.guess.smoothed-wait), 2)
	}
	s.run()
	n := float64(max(out.Calls, 1))
	out.Engine = time.Duration(math.Sqrt(engine / n))
	out.Smoothed = time.Duration(math.Sqrt(average / n))
	out.Mean = time.Duration(waits / n)
	return out, nil
}

// Traces are the four on which the estimate is measured, each of the given length: steady load,
// overload, arrivals that swing like a sine, and two skills that share a third of the seats.
func Traces(length time.Duration, seed uint64) []Plan {
	const service = 180 * time.Second
	trace := func(name string, callers []Callers, crews ...Crew) Plan {
		plan := Plan{
			Name: name, Seed: seed, Start: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), Length: length,
			Callers: callers, Crews: crews, Ring: Fixed(0),
		}
		for i := range plan.Callers {
			c := &plan.Callers[i]
			c.Patience = Exponential(5 * time.Minute)
			plan.Config.Queues = append(plan.Config.Queues, acd.QueueConfig{ID: c.Queue})
		}
		for i := range plan.Crews {
			c := &plan.Crews[i]
			c.To = length
			c.Talk, c.WrapUp = Lognormal{service - 30*time.Second, 0.8}, Lognormal{30 * time.Second, 0.5}
		}
		return plan
	}
	// flow is a stream that keeps `load` seats busy, swinging by `swing` of it within an hour.
	flow := func(queue acd.QueueID, load, swing float64, all ...acd.Need) Callers {
		mean := load / service.Seconds()
		return Callers{
			Name: string(queue), Queue: queue, All: all, Peak: mean * (1 + swing),
			Rate: func(since time.Duration) float64 {
				return mean * (1 + swing*math.Sin(2*math.Pi*since.Hours()))
			},
		}
	}
	crew := func(name string, seats int, skills ...acd.Skill) Crew {
		c := Crew{Name: name, Seats: seats, Skills: map[acd.Skill]int{}}
		for _, s := range skills {
			c.Skills[s] = 5
		}
		return c
	}
	return []Plan{
		trace("steady", []Callers{flow("all", 40, 0)}, crew("all", 40)),
		trace("overloaded", []Callers{flow("all", 56, 0)}, crew("all", 40)),
		trace("sine", []Callers{flow("all", 40, 0.4)}, crew("all", 40)),
		trace("shared", []Callers{flow("a", 26, 0.2, acd.Need{Skill: "a"}), flow("b", 16, 0.2, acd.Need{Skill: "b"})},
			crew("a", 17, "a"), crew("b", 9, "b"), crew("both", 14, "a", "b")),
	}
}

// PrintAccuracy writes a table of accuracies.
func PrintAccuracy(w io.Writer, list []Accuracy) {
	fmt.Fprintf(w, "%-12s %8s %10s %14s %16s %7s\n", "trace", "calls", "mean wait", "estimate RMSE", "hold=(3h+n)/4", "ratio")
	for _, a := range list {
		fmt.Fprintf(w, "%-12s %8d %9.1fs %13.1fs %15.1fs %7.3f\n",
			a.Trace, a.Calls, a.Mean.Seconds(), a.Engine.Seconds(), a.Smoothed.Seconds(), a.Ratio())
	}
}
