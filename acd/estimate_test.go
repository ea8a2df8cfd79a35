package acd

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPredictIsTheSum(t *testing.T) {
	sum := func(ahead int, supply, theta float64) float64 {
		total := 0.0
		for i := 0; i <= ahead; i++ {
			total += 1 / (supply + float64(i)*theta)
		}
		return total
	}
	for _, tc := range []struct {
		ahead         int
		supply, theta float64
	}{{0, 0.1, 0.01}, {5, 0.1, 0}, {32, 0.2, 0.003}, {33, 0.2, 0.003}, {500, 0.3, 0.004}, {50_000, 2, 0.003}, {2000, 0.5, 0}} {
		want := sum(tc.ahead, tc.supply, tc.theta)
		require.InEpsilon(t, want, predict(tc.ahead, tc.supply, tc.theta), 1e-3, "%+v", tc)
	}
}

// talked has seats end calls of `talk` seconds one after the other, so that rates are known. It
// gives the time.
func talked(d desk, talk float64, calls int, seats ...SeatID) float64 {
	now := 0.0
	for n := range calls {
		for i, seat := range seats {
			id := CallID(fmt.Sprintf("%s-%d-%d", seat, n, i))
			d.call(id, "q", at(now))
			d.Answered(id, seat, at(now))
		}
		now += talk
		for _, seat := range seats {
			d.SeatFree(seat, at(now))
		}
	}
	return now
}

func TestEstimateFollowsQueueLengthSeatsAndTalkTime(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", nil, at(0))
	d.free("b", nil, at(0))
	now := talked(d, 100, 20, "a", "b")
	for i := range 6 {
		d.call(CallID(fmt.Sprint(i)), "q", at(now))
	}
	// Two seats end a call each every 100 s: one in 50 s. 0 and 1 were given to the seats.
	est := func(id CallID) float64 {
		e, ok := d.Estimate(id, at(now))
		require.True(t, ok)
		return e.Seconds()
	}
	require.InDelta(t, 50, est("2"), 2)
	require.InDelta(t, 100, est("3"), 4)
	require.InDelta(t, 200, est("5"), 8)

	place, band, ok := d.Position("5", at(now))
	require.True(t, ok)
	require.Equal(t, 4, place)
	require.Equal(t, Band{Low: 3 * time.Minute, High: 5 * time.Minute, Known: true}, band)

	d.SeatAway("b", at(now)) // its call is as if declined; one seat is left
	require.InDelta(t, 400, est("5"), 16)
	_, band, _ = d.Position("5", at(now))
	require.Equal(t, 3*time.Minute, band.Low, "what was announced never rises")

	d.Abandon("3", at(now))
	d.Abandon("4", at(now))
	place, band, _ = d.Position("5", at(now))
	require.Equal(t, 2, place)
	require.Equal(t, 3*time.Minute, band.Low)
	require.InDelta(t, 200, est("5"), 8)
}

func TestEstimateCountsThoseWhoGiveUp(t *testing.T) {
	patient, hasty := newDesk(t, QueueConfig{ID: "q"}), newDesk(t, QueueConfig{ID: "q"})
	for _, d := range []desk{patient, hasty} {
		d.free("a", nil, at(0))
		now := talked(d, 100, 20, "a")
		d.call("talks", "q", at(now))
		for i := range 20 {
			d.call(CallID(fmt.Sprint(i)), "q", at(now))
		}
		if d == hasty {
			for i := range 10 {
				d.Abandon(CallID(fmt.Sprint(i)), at(now+60))
			}
			for i := range 10 {
				d.call(CallID(fmt.Sprint("again", i)), "q", at(now+60))
			}
		}
	}
	long, _ := patient.Estimate("19", at(2060))
	short, _ := hasty.Estimate("again9", at(2060))
	require.Less(t, short, long/2)
}

func TestEstimateWithoutFreshFiguresIsTheDelayOfTheHeadOfTheLine(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", nil, at(0))
	d.call("talks", "q", at(0))
	d.call("1", "q", at(10))
	_, ok := d.Estimate("1", at(20))
	require.False(t, ok, "nothing has been observed at all")
	_, band, ok := d.Position("1", at(20))
	require.True(t, ok)
	require.False(t, band.Known)

	d.call("2", "q", at(30))
	est, ok := d.Estimate("2", at(70))
	require.True(t, ok)
	require.Equal(t, time.Minute, est)

	d.Answered("talks", "a", at(71))
	d.SeatFree("a", at(80))
	est, ok = d.Estimate("2", at(90))
	require.True(t, ok)
	require.Equal(t, 70*time.Second, est, "the wait of the call last given to a seat")
}

func TestNothingIsEstimatedWhileNoSeatFits(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", map[Skill]int{"tax": 1}, at(0))
	d.call("1", "q", at(0), "en")
	_, ok := d.Estimate("1", at(60))
	require.False(t, ok)
	_, ok = d.Estimate("unknown", at(60))
	require.False(t, ok)
	_, _, ok = d.Position("unknown", at(60))
	require.False(t, ok)
}

// Calls that want other seats don't count; calls that share seats do, in this queue and others.
func TestEstimateCountsRivalsForTheSameSeats(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"}, QueueConfig{ID: "other"})
	d.free("a", map[Skill]int{"tax": 1}, at(0))
	d.free("b", map[Skill]int{"en": 1}, at(0))
	now := talked(d, 100, 20, "a", "b")
	d.call("ta", "q", at(now), "tax")
	d.call("tb", "q", at(now), "en")
	for i := range 5 {
		d.call(CallID(fmt.Sprint("en", i)), "q", at(now), "en")
	}
	d.call("tax", "q", at(now), "tax")
	est, _ := d.Estimate("tax", at(now))
	require.InDelta(t, 100, est.Seconds(), 4, "five wait for English, none for tax")

	d.call("x", "other", at(now), "tax")
	d.call("y", "q", at(now), "tax")
	est, _ = d.Estimate("y", at(now+10))
	require.InDelta(t, 300, est.Seconds(), 12, "one before it in its queue, one in the other")
}

// The last agent of her kind signs out and in again: what is known of her talk times is not lost,
// but it doesn't stay for ever either.
func TestWhatWasMeasuredOutlastsASignOut(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q"})
	d.free("a", map[Skill]int{"tax": 1}, at(0))
	now := talked(d, 100, 20, "a")
	d.SeatSignedOut("a", at(now))
	d.Tick(at(now + 600))
	d.free("a", map[Skill]int{"tax": 1}, at(now+600))
	d.call("talks", "q", at(now+600))
	d.call("1", "q", at(now+600))
	est, ok := d.Estimate("1", at(now+600))
	require.True(t, ok)
	require.InDelta(t, 100, est.Seconds(), 4)

	d.SeatSignedOut("a", at(now+700))
	require.NotEmpty(t, d.profileKeys)
	d.Tick(at(now + 24*3600))
	require.Empty(t, d.profileKeys)
}
