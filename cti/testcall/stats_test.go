package testcall

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// arrival is a packet as the meter sees it, 20 ms after the one before.
type arrival struct {
	ssrc uint32
	seq  uint16
}

func metered(arrivals ...arrival) RTPStats {
	var m streamMeter
	at := time.Unix(1000, 0)
	for i, a := range arrivals {
		m.packet(a.ssrc, a.seq, uint32(i*FrameSamples), FrameSamples, at)
		at = at.Add(frameTime)
	}
	return m.snapshot(at.Add(-frameTime))
}

func TestStreamFigures(t *testing.T) {
	for name, test := range map[string]struct {
		arrivals                            []arrival
		packets, lost, duplicate, reordered uint64
		changes                             int
	}{
		"in order":             {[]arrival{{1, 5}, {1, 6}, {1, 7}}, 3, 0, 0, 0, 0},
		"one lost":             {[]arrival{{1, 5}, {1, 7}}, 2, 1, 0, 0, 0},
		"one late":             {[]arrival{{1, 5}, {1, 7}, {1, 6}}, 3, 0, 0, 1, 0},
		"first one late":       {[]arrival{{1, 6}, {1, 5}, {1, 7}}, 3, 0, 0, 1, 0},
		"one twice":            {[]arrival{{1, 5}, {1, 5}, {1, 6}}, 2, 0, 1, 0, 0},
		"late one twice":       {[]arrival{{1, 5}, {1, 7}, {1, 6}, {1, 6}}, 3, 0, 1, 1, 0},
		"numbers wrap":         {[]arrival{{1, 65534}, {1, 65535}, {1, 0}, {1, 2}}, 4, 1, 0, 0, 0},
		"another sender":       {[]arrival{{1, 5}, {1, 7}, {2, 900}, {2, 902}}, 4, 2, 0, 0, 1},
		"a burst is lost":      {[]arrival{{1, 5}, {1, 205}}, 2, 199, 0, 0, 0},
		"very late is no news": {[]arrival{{1, 5}, {1, 205}, {1, 6}}, 2, 199, 1, 0, 0},
	} {
		got := metered(test.arrivals...)
		require.Equal(t, test.packets, got.Packets, name)
		require.Equal(t, test.lost, got.Lost, name)
		require.Equal(t, test.duplicate, got.Duplicates, name)
		require.Equal(t, test.reordered, got.Reordered, name)
		require.Equal(t, test.changes, got.SSRCChanges, name)
		require.Equal(t, frameTime, got.MaxGap, name)
	}
}

func TestJitterFollowsRFC3550(t *testing.T) {
	var m streamMeter
	at := time.Unix(1000, 0)
	for i := range 200 { // packets are 10 ms early and late by turns
		shift := time.Duration(i%2) * 10 * time.Millisecond
		m.packet(1, uint16(i), uint32(i*FrameSamples), FrameSamples, at.Add(time.Duration(i)*frameTime+shift))
	}
	require.InDelta(t, 10, float64(m.stats.Jitter)/float64(time.Millisecond), 0.5)
	require.Zero(t, metered(arrival{1, 1}, arrival{1, 2}, arrival{1, 3}).Jitter)
}

func TestLossRatioOfNothingIsZero(t *testing.T) {
	require.Zero(t, RTPStats{}.LossRatio())
	require.InDelta(t, 0.25, RTPStats{Packets: 3, Lost: 1}.LossRatio(), 1e-9)
}
