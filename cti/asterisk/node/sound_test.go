package node

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestResamplingKeepsATone(t *testing.T) {
	in := make([]int16, 22050)
	for i := range in {
		in[i] = int16(10000 * math.Sin(2*math.Pi*440*float64(i)/22050))
	}
	out := resample(in, 22050, 8000)
	require.Len(t, out, 8000)
	var worst float64
	for i := 100; i < len(out)-100; i++ {
		want := 10000 * math.Sin(2*math.Pi*440*float64(i)/8000)
		worst = max(worst, math.Abs(want-float64(out[i])))
	}
	require.Less(t, worst, 100.0)
}

func TestResamplingRemovesWhatTheLowerRateCannotHold(t *testing.T) {
	in := make([]int16, 22050)
	for i := range in {
		in[i] = int16(10000 * math.Sin(2*math.Pi*6000*float64(i)/22050))
	}
	for _, v := range resample(in, 22050, 8000)[100:7900] {
		require.Less(t, math.Abs(float64(v)), 200.0)
	}
}

func TestWAVIsReadAsWritten(t *testing.T) {
	samples := tone(1000, 50*time.Millisecond)
	got, rate, err := readWAV(writeWAV(samples))
	require.NoError(t, err)
	require.Equal(t, sampleRate, rate)
	require.Equal(t, samples, got)
	_, _, err = readWAV([]byte("not a sound"))
	require.Error(t, err)
}

func TestWaitingMusicIsSoftAndNeverSilent(t *testing.T) {
	samples, _, err := readWAV(waitingMusic())
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(samples), 30*sampleRate)
	for second := range len(samples) / sampleRate {
		var sum float64
		for _, v := range samples[second*sampleRate : (second+1)*sampleRate] {
			sum += float64(v) * float64(v)
		}
		level := math.Sqrt(sum/sampleRate) / math.MaxInt16
		require.Greater(t, level, 0.01, "second %d", second)
		require.Less(t, level, 0.3, "second %d", second)
	}
}
