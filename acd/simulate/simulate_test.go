package simulate

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd"
)

func TestADayIsTheSameWithTheSameSeed(t *testing.T) {
	day := func(seed uint64) string {
		r, err := Run(Day(6000, 60, seed))
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, r.Print(&out))
		return out.String()
	}
	first := day(1)
	require.Equal(t, first, day(1))
	require.NotEqual(t, first, day(2))
}

func TestADayKeepsTheEnginesRules(t *testing.T) {
	r, err := Run(Day(20000, 200, 3))
	require.NoError(t, err)

	total := r.Total()
	require.InDelta(t, 20000, total.Offered, 500)
	require.Equal(t, total.Offered, total.Answered+total.Abandoned+total.Overflowed+total.Refused, "every call ends once")
	require.Zero(t, r.Overtakes, "nobody is overtaken by an equal caller")
	require.Greater(t, total.ServiceLevel(), 0.6)
	require.Greater(t, r.Occupancy(), 0.5)
	require.Less(t, r.Occupancy(), 0.95)
	require.Greater(t, r.IdleFairness(), 0.95, "seats alike are idle alike")
	require.Positive(t, r.Unanswered)
	require.Greater(t, stream(r, "urgent").ServiceLevel(), stream(r, "utilities").ServiceLevel(), "priority helps")
}

func stream(r *Report, name string) *StreamFigures {
	for _, f := range r.Streams {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// The engine's estimate is measured against what Asterisk's Queue() announces on the same traces.
// The whole length is run by `hotline simulate estimate`; this is a third of it.
func TestTheEstimateBeatsTheSmoothedAverage(t *testing.T) {
	for _, trace := range Traces(8*time.Hour, 1) {
		t.Run(trace.Name, func(t *testing.T) {
			a, err := Foretell(trace, time.Hour)
			require.NoError(t, err)
			require.Greater(t, a.Calls, 1000)
			require.LessOrEqual(t, a.Ratio(), 0.7, "engine %v, smoothed %v", a.Engine, a.Smoothed)
		})
	}
}

func TestSmoothedAverageIsAsterisks(t *testing.T) {
	var h smoothed
	for _, step := range []struct {
		wait time.Duration
		want smoothed
	}{{40 * time.Second, 10}, {40900 * time.Millisecond, 17}, {0, 12}, {0, 9}} {
		h.observe(step.wait)
		require.Equal(t, step.want, h)
	}
}

func TestAPlanWithAFaultyConfigurationIsRefused(t *testing.T) {
	_, err := Run(Plan{Name: "x", Config: acd.Config{Queues: []acd.QueueConfig{{}}}})
	require.ErrorIs(t, err, acd.ErrConfig)
}

func TestPercentiles(t *testing.T) {
	f := StreamFigures{}
	require.Zero(t, f.Percentile(0.5))
	for i := 1; i <= 10; i++ {
		f.Waits = append(f.Waits, time.Duration(i))
	}
	require.EqualValues(t, 5, f.Percentile(0.5))
	require.EqualValues(t, 10, f.Percentile(0.99))
	require.EqualValues(t, 1, f.Percentile(0))
}
