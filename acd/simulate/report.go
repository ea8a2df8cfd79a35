package simulate

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/open12345/hotline/acd"
)

// Report is what a run came to.
type Report struct {
	Plan       string
	Seed       uint64
	Streams    []*StreamFigures // as the plan's callers
	Seats      []*SeatFigures
	Unanswered int // rings that nobody answered
	// Inversions are calls given to a seat before an earlier caller of the same queue, for
	// priority or skills; Overtakes those before one who wanted the same with the same priority,
	// which the engine must never do.
	Inversions, Overtakes int
	Ended                 time.Time
}

// StreamFigures are the figures of one stream of callers.
type StreamFigures struct {
	Name              string
	Offered           int
	Answered          int
	AnsweredInTarget  int
	Abandoned         int
	AbandonedInTarget int
	Overflowed        int // to call-back or voicemail
	Refused           int
	Moved             int             // to another queue
	Relaxed           int             // given to a seat after relaxation
	Waits             []time.Duration // of answered calls; sorted when the run is over
}

func (f *StreamFigures) answered(wait, target time.Duration) {
	f.Answered++
	f.Waits = append(f.Waits, wait)
	if wait <= target {
		f.AnsweredInTarget++
	}
}

func (f *StreamFigures) abandoned(wait, target time.Duration) {
	f.Abandoned++
	if wait <= target {
		f.AbandonedInTarget++
	}
}

// ServiceLevel is the part of all requests that was answered within the target.
func (f *StreamFigures) ServiceLevel() float64 { return part(f.AnsweredInTarget, f.Offered) }

// Percentile is the wait that p (0 to 1) of the answered calls didn't exceed.
func (f *StreamFigures) Percentile(p float64) time.Duration {
	if len(f.Waits) == 0 {
		return 0
	}
	return f.Waits[max(int(math.Ceil(p*float64(len(f.Waits))))-1, 0)]
}

// SeatFigures are the figures of one seat.
type SeatFigures struct {
	Seat                      acd.SeatID
	Crew                      string
	Calls                     int
	Idle, Ringing, Busy, Away time.Duration
}

func (f *SeatFigures) book(state agentState, d time.Duration) {
	switch state {
	case idle:
		f.Idle += d
	case ringing:
		f.Ringing += d
	case busy:
		f.Busy += d
	case away:
		f.Away += d
	case signedOut:
	}
}

// Occupancy is the part of the working time (rests aside) the seat was with calls.
func (f *SeatFigures) Occupancy() float64 {
	with := f.Ringing + f.Busy
	return part(with, with+f.Idle)
}

func newReport(plan *Plan) *Report {
	r := &Report{Plan: plan.Name, Seed: plan.Seed}
	for i := range plan.Callers {
		r.Streams = append(r.Streams, &StreamFigures{Name: plan.Callers[i].Name})
	}
	return r
}

func (r *Report) seat(id acd.SeatID, crew string) *SeatFigures {
	f := &SeatFigures{Seat: id, Crew: crew}
	r.Seats = append(r.Seats, f)
	return f
}

func (r *Report) inversions(sameWish, sameQueue bool) {
	if sameWish {
		r.Overtakes++
	}
	if sameQueue {
		r.Inversions++
	}
}

func (r *Report) finish(now time.Time) {
	r.Ended = now
	for _, f := range r.Streams {
		slices.Sort(f.Waits)
	}
}

// Total adds up all streams.
func (r *Report) Total() *StreamFigures {
	t := &StreamFigures{Name: "all"}
	for _, f := range r.Streams {
		t.Offered += f.Offered
		t.Answered += f.Answered
		t.AnsweredInTarget += f.AnsweredInTarget
		t.Abandoned += f.Abandoned
		t.AbandonedInTarget += f.AbandonedInTarget
		t.Overflowed += f.Overflowed
		t.Refused += f.Refused
		t.Moved += f.Moved
		t.Relaxed += f.Relaxed
		t.Waits = append(t.Waits, f.Waits...)
	}
	slices.Sort(t.Waits)
	return t
}

// Occupancy is the part of all seats' working time spent with calls.
func (r *Report) Occupancy() float64 {
	var with, working time.Duration
	for _, f := range r.Seats {
		with += f.Ringing + f.Busy
		working += f.Ringing + f.Busy + f.Idle
	}
	return part(with, working)
}

// IdleFairness is Jain's index of the idle part of the working time, seat by seat, within each
// crew (seats alike), averaged over seats: 1 is all the same, 1/n is all idleness in one of n.
func (r *Report) IdleFairness() float64 {
	crews := map[string][]float64{}
	var names []string
	for _, f := range r.Seats {
		if crews[f.Crew] == nil {
			names = append(names, f.Crew)
		}
		crews[f.Crew] = append(crews[f.Crew], 1-f.Occupancy())
	}
	sum, seats := 0.0, 0
	for _, name := range names {
		sum += jain(crews[name]) * float64(len(crews[name]))
		seats += len(crews[name])
	}
	return sum / float64(max(seats, 1))
}

func jain(xs []float64) float64 {
	var sum, squares float64
	for _, x := range xs {
		sum += x
		squares += x * x
	}
	if squares == 0 {
		return 1
	}
	return sum * sum / (float64(len(xs)) * squares)
}

func part[T int | time.Duration](n, of T) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// Print writes the report as tables.
func (r *Report) Print(w io.Writer) error {
	total := r.Total()
	fmt.Fprintf(w, "%s: %d calls, %d seats, seed %d\n\n", r.Plan, total.Offered, len(r.Seats), r.Seed)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "class\tcalls\tanswered\tin target\tlost\toverflow\trelaxed\tmean\tp50\tp80\tp95\tp99\tmax\t")
	rows := slices.Clone(r.Streams)
	slices.SortStableFunc(rows, func(a, b *StreamFigures) int { return cmp.Compare(b.Offered, a.Offered) })
	for _, f := range append(rows, total) {
		fmt.Fprintf(t, "%s\t%d\t%.1f%%\t%.1f%%\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t\n", f.Name, f.Offered,
			100*part(f.Answered, f.Offered), 100*f.ServiceLevel(), f.Abandoned+f.Refused, f.Overflowed, f.Relaxed,
			seconds(mean(f.Waits)), seconds(f.Percentile(0.5)), seconds(f.Percentile(0.8)), seconds(f.Percentile(0.95)),
			seconds(f.Percentile(0.99)), seconds(f.Percentile(1)))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	withoutEarly := part(total.AnsweredInTarget, total.Offered-total.AbandonedInTarget)
	fmt.Fprintf(w, "\nservice level    %.1f%% of requests, %.1f%% of answered, %.1f%% of requests less early abandons\n",
		100*total.ServiceLevel(), 100*part(total.AnsweredInTarget, total.Answered), 100*withoutEarly)
	fmt.Fprintf(w, "occupancy        %.1f%%\n", 100*r.Occupancy())
	fmt.Fprintf(w, "order inversions %d of %d given before an earlier caller of the queue (priority, skills); %d before an equal one\n",
		r.Inversions, total.Answered+r.Unanswered, r.Overtakes)
	fmt.Fprintf(w, "idle fairness    %.3f (Jain's index within crews; 1 is equal)\n", r.IdleFairness())
	fmt.Fprintf(w, "unanswered rings %d, each back at the head of its queue\n", r.Unanswered)
	return nil
}

func mean(ds []time.Duration) time.Duration {
	if len(ds) == 0 {
		return 0
	}
	var sum time.Duration
	for _, d := range ds {
		sum += d
	}
	return sum / time.Duration(len(ds))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.0fs", d.Seconds()) }
