package bench

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/open12345/hotline/acd"
)

// Figures are what one size came to.
type Figures struct {
	Seats     int
	Decisions int           // offers and releases counted
	PerSecond float64       // decisions per second of one core, garbage collection included
	Each      time.Duration // of one core's time
	Wall      float64       // decisions per second by the clock
	P50       time.Duration // one decision by the clock
	P99       time.Duration
	P999      time.Duration
}

// String is one line for people.
func (f Figures) String() string {
	return fmt.Sprintf("%6d seats: %9.0f decisions/s of one core (%v each; %.0f/s by the clock), p50 %v, p99 %v, p99.9 %v",
		f.Seats, f.PerSecond, f.Each, f.Wall, f.P50, f.P99, f.P999)
}

// Measure runs the load at one size: first to the steady state, then `decisions` without a watch
// on each for the throughput, then as many with one for the percentiles. The process is held to
// one core. Throughput counts the time that the whole process had on it, so that what else runs
// on the machine doesn't change it.
func Measure(seats, decisions int, seed uint64) (Figures, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	w, err := newWorkload(seats, seed)
	if err != nil {
		return Figures{}, err
	}
	w.run(2*Waiting, w.decide) // every call of the fill has left, once over
	runtime.GC()

	f := Figures{Seats: seats}
	cpu, wall := cpuTime(), time.Now()
	f.Decisions = w.run(decisions, w.decide)
	spent := cpuTime() - cpu
	f.Wall = float64(f.Decisions) / time.Since(wall).Seconds()
	f.PerSecond = float64(f.Decisions) / spent.Seconds()
	f.Each = spent / time.Duration(f.Decisions)

	times := make([]time.Duration, 0, decisions+2)
	w.run(decisions, func(decide func() []acd.Decision) {
		start := time.Now()
		d := decide()
		times = append(times, time.Since(start))
		w.carryOut(d)
	})
	slices.Sort(times)
	at := func(p float64) time.Duration { return times[int(p*float64(len(times)))] }
	f.P50, f.P99, f.P999 = at(0.5), at(0.99), at(0.999)
	return f, nil
}

func (w *workload) decide(decide func() []acd.Decision) { w.carryOut(decide()) }

// run makes the load do a number of decisions, each through `each`: a seat is released (or a caller hangs
// up), then offers fill the queue up again. It gives how many decisions it made.
func (w *workload) run(decisions int, each func(func() []acd.Decision)) int {
	done := 0
	for done < decisions {
		w.now = w.now.Add(w.step)
		if w.rand.Float64() < abandonPart {
			w.abandon()
		} else {
			each(w.release)
			done++
		}
		for len(w.waiting) < Waiting {
			each(w.offer)
			done++
		}
	}
	return done
}

// cpuTime is the time this process has had on processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
