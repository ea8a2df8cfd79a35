package traffic

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/open12345/hotline/cti/testcall/script"
)

// Spread is the distribution of one figure over the last calls, in milliseconds.
type Spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// Report sums up traffic.
type Report struct {
	Calls    int `json:"calls"`    // that have ended
	Answered int `json:"answered"` // of them
	Failed   int `json:"failed"`
	LeftOut  int `json:"left_out"` // due, but too many were up
	OneWay   int `json:"one_way"`  // answered and silent

	// Failures counts failed calls by cause; Examples has one of each.
	Failures map[string]int    `json:"failures,omitempty"`
	Examples map[string]string `json:"examples,omitempty"`
	Scripts  map[string]int    `json:"scripts"`

	ToTrying      Spread `json:"to_trying"`
	ToRinging     Spread `json:"to_ringing"`
	ToAnswer      Spread `json:"to_answer"`
	ToFirstRTP    Spread `json:"to_first_rtp"`
	WaitForPerson Spread `json:"wait_for_person"`
	Length        Spread `json:"length"`
	Jitter        Spread `json:"jitter"`
	MaxGap        Spread `json:"max_gap"`

	Packets uint64  `json:"packets"`
	Lost    uint64  `json:"lost"`
	Loss    float64 `json:"loss"` // share, 0…1
}

// kept is how many of the last calls the spreads cover: a demo may run for weeks.
const kept = 10_000

// sample keeps the last values of one figure.
type sample struct {
	values []time.Duration
	next   int
}

func (s *sample) add(d time.Duration) {
	if d <= 0 {
		return
	}
	if len(s.values) < kept {
		s.values = append(s.values, d)
		return
	}
	s.values[s.next%kept] = d
	s.next++
}

func (s *sample) spread() Spread {
	if len(s.values) == 0 {
		return Spread{}
	}
	sorted := slices.Clone(s.values)
	slices.Sort(sorted)
	at := func(q float64) float64 {
		i := min(int(q*float64(len(sorted))), len(sorted)-1)
		return float64(sorted[i]) / float64(time.Millisecond)
	}
	return Spread{Count: len(sorted), P50: at(0.5), P95: at(0.95), P99: at(0.99), Max: at(1)}
}

// tally gathers outcomes.
type tally struct {
	total   Report
	leftOut int

	trying, ringing, answer, rtp, person, length, jitter, gap sample
}

func newTally() tally {
	return tally{total: Report{Failures: map[string]int{}, Examples: map[string]string{}, Scripts: map[string]int{}}}
}

func (t *tally) add(o script.Outcome) {
	r := &t.total
	r.Calls++
	r.Scripts[o.Script]++
	if o.ToAnswer > 0 {
		r.Answered++
	}
	if o.OneWay {
		r.OneWay++
	}
	if o.Failure != "" {
		r.Failed++
		r.Failures[string(o.Failure)]++
		if r.Examples[string(o.Failure)] == "" {
			r.Examples[string(o.Failure)] = fmt.Sprintf("%s (%s, Call-ID %s): %s; ended: %s", o.Script, o.From, o.CallID, o.Detail, o.End)
		}
	}
	r.Packets += o.Packets
	r.Lost += o.Lost
	t.trying.add(o.ToTrying)
	t.ringing.add(o.ToRinging)
	t.answer.add(o.ToAnswer)
	t.rtp.add(o.ToFirstRTP)
	t.person.add(o.WaitForPerson)
	t.length.add(o.Length)
	t.jitter.add(o.Jitter)
	t.gap.add(o.MaxGap)
}

func (t *tally) report() Report {
	r := t.total
	r.LeftOut = t.leftOut
	r.Failures, r.Examples, r.Scripts = maps.Clone(r.Failures), maps.Clone(r.Examples), maps.Clone(r.Scripts)
	r.ToTrying, r.ToRinging, r.ToAnswer, r.ToFirstRTP = t.trying.spread(), t.ringing.spread(), t.answer.spread(), t.rtp.spread()
	r.WaitForPerson, r.Length, r.Jitter, r.MaxGap = t.person.spread(), t.length.spread(), t.jitter.spread(), t.gap.spread()
	if all := r.Packets + r.Lost; all > 0 {
		r.Loss = float64(r.Lost) / float64(all)
	}
	return r
}

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer) {
	fmt.Fprintf(w, "calls %d, answered %d, failed %d, left out %d, one-way audio %d\n", r.Calls, r.Answered, r.Failed, r.LeftOut, r.OneWay)
	fmt.Fprintf(w, "%-18s %6s %10s %10s %10s %10s\n", "ms", "n", "p50", "p95", "p99", "max")
	for _, row := range []struct {
		name string
		s    Spread
	}{
		{"INVITE → 100", r.ToTrying}, {"INVITE → 180", r.ToRinging}, {"INVITE → 200", r.ToAnswer},
		{"INVITE → RTP", r.ToFirstRTP}, {"answer → person", r.WaitForPerson}, {"length", r.Length},
		{"jitter", r.Jitter}, {"longest gap", r.MaxGap},
	} {
		if row.s.Count > 0 {
			fmt.Fprintf(w, "%-18s %6d %10.1f %10.1f %10.1f %10.1f\n", row.name, row.s.Count, row.s.P50, row.s.P95, row.s.P99, row.s.Max)
		}
	}
	fmt.Fprintf(w, "RTP packets %d, lost %d (%.3f %%)\n", r.Packets, r.Lost, 100*r.Loss)
	for _, cause := range slices.Sorted(maps.Keys(r.Failures)) {
		fmt.Fprintf(w, "failed %s: %d, such as %s\n", cause, r.Failures[cause], r.Examples[cause])
	}
}
