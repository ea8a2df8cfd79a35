package bench

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd"
)

// The benchmark measures what it says it does.
func TestTheLoadIsAsDescribed(t *testing.T) {
	w, err := newWorkload(1000, 1)
	require.NoError(t, err)
	w.run(2*Waiting, w.decide)

	var st acd.QueueStats
	for i := range queues {
		q, ok := w.e.Stats(queueID(i), w.now)
		require.True(t, ok)
		st.Waiting += q.Waiting
		st.Offered += q.Offered
		st.Answered += q.Answered
		st.Abandoned += q.Abandoned
		st.LongestWait = max(st.LongestWait, q.LongestWait)
	}
	require.Equal(t, Waiting, st.Waiting)
	require.InDelta(t, abandonPart, float64(st.Abandoned)/float64(st.Answered+st.Abandoned), 0.02)
	require.Greater(t, st.LongestWait, config().Queues[0].Relax[1].After, "calls get as far as the relaxation")
	require.Greater(t, len(w.talking), 900, "the centre is busy")
	require.Len(t, w.classes, classes)
}

func TestMeasure(t *testing.T) {
	f, err := Measure(100, 20_000, 1)
	require.NoError(t, err)
	require.GreaterOrEqual(t, f.Decisions, 20_000)
	require.Positive(t, f.PerSecond)
	require.LessOrEqual(t, f.P50, f.P99)
	require.LessOrEqual(t, f.P99, f.P999)
	require.Contains(t, f.String(), "100 seats")
}
