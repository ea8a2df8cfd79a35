package testcall

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func toneSamples(freq float64, n int) []int16 {
	out := make([]int16, 0, n+FrameSamples)
	source := Tone(freq)
	for len(out) < n {
		var frame [FrameSamples]int16
		source.Next(frame[:])
		out = append(out, frame[:]...)
	}
	return out[:n]
}

func mix(parts ...[]int16) []int16 {
	out := make([]int16, len(parts[0]))
	for _, p := range parts {
		for i := range out {
			out[i] += p[i]
		}
	}
	return out
}

func TestTonePlanKeepsApart(t *testing.T) {
	keys := []float64{450, 697, 770, 852, 941, 1209, 1336, 1477, 1633}
	for i, f := range tonePlan {
		require.Less(t, f, 3400.0)
		for _, k := range keys {
			require.Greater(t, math.Abs(f-k), 19.0, "%v is near the key tone %v", f, k)
		}
		for j, g := range tonePlan {
			if i == j {
				continue
			}
			require.Greater(t, math.Abs(f-g), 39.0, "%v and %v", f, g)
			require.Greater(t, math.Abs(2*f-g), 19.0, "%v is the double of %v", g, f)
			require.Greater(t, math.Abs(3*f-g), 19.0, "%v is the triple of %v", g, f)
		}
	}
	require.NotEqual(t, ToneOf(LegEmergency), SeatTone(0))
}

func TestGoertzelMeasuresTheLevelOfEachTone(t *testing.T) {
	samples := toneSamples(1010, toneWindow)
	levels := ToneLevels(samples, SampleRate, 1010, 1090, 530)
	require.InDelta(t, -14, levels[0], 0.3)
	require.Less(t, levels[1], -60.0)
	require.Less(t, levels[2], -60.0)
	require.InDelta(t, -14, Level(samples), 0.3)
	require.Equal(t, Silence, Level(make([]int16, 100)))
}

func TestEveryLegIsHeardInAMixAndNoOther(t *testing.T) {
	var parts [][]int16
	for leg := LegCitizen; leg <= LegSupervisor; leg++ {
		parts = append(parts, toneSamples(ToneOf(leg), toneWindow))
	}
	mixed := decode(PCMA, encode(PCMA, mix(parts...)))
	for i := range tonePlan {
		want := i <= int(LegSupervisor)
		require.Equal(t, want, HasTone(mixed, SampleRate, PlannedTone(i)), "tone %d, %v Hz", i, PlannedTone(i))
	}
}

func TestNoiseIsNoTone(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	heard := 0
	for range 50 {
		noise := make([]int16, SampleRate)
		for i := range noise {
			noise[i] = int16(random.NormFloat64() * 3000)
		}
		for i := range tonePlan {
			if ToneShare(noise, SampleRate, PlannedTone(i)) > 0.5 {
				heard++
			}
		}
	}
	require.Zero(t, heard)
}

func TestWAVSurvivesAndIsReadToItsEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.wav")
	left, right := toneSamples(530, 1600), toneSamples(610, 1600)
	require.NoError(t, WriteWAV(path, Audio{Rate: SampleRate, Channels: [][]int16{left, right}}))
	audio, err := ReadWAV(path)
	require.NoError(t, err)
	require.Equal(t, left, audio.Left())
	require.Equal(t, right, audio.Right())

	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := range 4 { // a writer that was killed leaves the sizes zero
		data[4+i], data[40+i] = 0, 0
	}
	audio, err = ParseWAV(data)
	require.NoError(t, err)
	require.Equal(t, 1600, audio.Samples())

	require.NoError(t, os.WriteFile(path, data[44:], 0o600))
	raw, err := ReadStereoRaw(path)
	require.NoError(t, err)
	require.Equal(t, right, raw.Right())
}

func TestWhatIsNoWAVIsRefused(t *testing.T) {
	good := append(wavHeader(SampleRate, 1, 4), 0, 0, 0, 0, 0, 0, 0, 0)
	eightBits := append([]byte{}, good...)
	eightBits[34] = 8
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("RIFFnothing of the kind"), "header cut": good[:20], "eight bits": eightBits, "no data": good[:36],
	} {
		_, err := ParseWAV(data)
		require.ErrorIs(t, err, ErrNotAudio, name)
	}
}

func TestResampleKeepsTheTone(t *testing.T) {
	const rate = 22050
	samples := make([]int16, rate)
	for i := range samples {
		samples[i] = int16(6000 * math.Sin(2*math.Pi*700*float64(i)/rate))
	}
	out := Resample(samples, rate)
	require.InDelta(t, SampleRate, len(out), 2)
	require.Greater(t, ToneShare(out, SampleRate, 700), 0.99)
}
