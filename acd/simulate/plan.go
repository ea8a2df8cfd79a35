package simulate

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/open12345/hotline/acd"
)

// Plan is the traffic to simulate.
type Plan struct {
	Name    string
	Seed    uint64
	Start   time.Time
	Length  time.Duration // calls come for this long; those in the centre then are played to their end
	Config  acd.Config
	Callers []Callers
	Crews   []Crew
	// Ring is how long a seat's phone rings before it is answered.
	Ring Duration
	// Unanswered is the part of rings that nobody answers; the seat is away for a minute then.
	Unanswered float64
}

// Callers is a stream of calls that want the same.
type Callers struct {
	Name     string
	Queue    acd.QueueID
	All, Any []acd.Need
	Priority int
	// Rate is how many call in a second at a time of the plan; never more than Peak.
	Rate     func(since time.Duration) float64
	Peak     float64
	Patience Duration // in the queue, until the caller hangs up
}

// Crew is a number of seats alike.
type Crew struct {
	Name   string
	Seats  int
	Skills map[acd.Skill]int
	Queues []acd.QueueID
	// From and To are the shift, since the plan's start; To may be past its end.
	From, To time.Duration
	// Rest is one break near the middle of the shift; zero is none.
	Rest   time.Duration
	Talk   Duration
	WrapUp Duration
}

// Duration is a random duration.
type Duration interface {
	draw(r *rand.Rand) time.Duration
}

// Fixed is always the same.
type Fixed time.Duration

func (d Fixed) draw(*rand.Rand) time.Duration { return time.Duration(d) }

// Exponential has the given mean and no memory.
type Exponential time.Duration

func (d Exponential) draw(r *rand.Rand) time.Duration {
	return time.Duration(r.ExpFloat64() * float64(d))
}

// Lognormal has the given mean; Spread is the standard deviation of its logarithm. Talks of call
// centres look like it, with a spread of about 0.8.
type Lognormal struct {
	Mean   time.Duration
	Spread float64
}

func (d Lognormal) draw(r *rand.Rand) time.Duration {
	return time.Duration(float64(d.Mean) * math.Exp(d.Spread*r.NormFloat64()-d.Spread*d.Spread/2))
}
