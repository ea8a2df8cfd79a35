package prompts_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr/prompts"
)

func sine(rate int, hz float64, amplitude float64, length time.Duration) prompts.Sound {
	s := prompts.Sound{Rate: rate, Samples: make([]int16, int(length.Seconds()*float64(rate)))}
	for i := range s.Samples {
		s.Samples[i] = int16(amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return s
}

// rms is the level of the middle half.
func rms(s prompts.Sound) float64 {
	sum, n := 0.0, 0
	for _, v := range s.Samples[len(s.Samples)/4 : len(s.Samples)*3/4] {
		sum += float64(v) * float64(v)
		n++
	}
	return math.Sqrt(sum / float64(n))
}

func TestResamplingKeepsTheTelephoneBandAndDropsTheRest(t *testing.T) {
	for _, rate := range []int{16000, 22050, 44100, 48000} {
		for _, hz := range []float64{300, 1000, 3000, 3400} {
			got := sine(rate, hz, 10000, time.Second).Resampled(prompts.Rate)
			require.InDelta(t, 8000, len(got.Samples), 1)
			require.InDelta(t, 7071, rms(got), 250, "%v Hz at %d", hz, rate)
		}
		for _, hz := range []float64{4300, 5000, 7000} {
			got := sine(rate, hz, 10000, time.Second).Resampled(prompts.Rate)
			require.Less(t, rms(got), 100.0, "%v Hz at %d must not fold back", hz, rate)
		}
	}
}

func TestTrimmingLeavesTheWordsAndAShortBreath(t *testing.T) {
	s := prompts.Sound{Rate: 8000, Samples: make([]int16, 16000)}
	copy(s.Samples[4000:8000], sine(8000, 500, 9000, 500*time.Millisecond).Samples)
	got := s.Trimmed(10*time.Millisecond, 50*time.Millisecond)
	require.InDelta(t, 560, got.Length().Milliseconds(), 3)

	silent := prompts.Sound{Rate: 8000, Samples: make([]int16, 800)}
	require.Equal(t, silent, silent.Trimmed(0, 0))
}

func TestLevellingBringsQuietAndLoudSpeechToOneLoudness(t *testing.T) {
	for _, amplitude := range []float64{1500, 6000, 20000, 32000} {
		got := sine(8000, 700, amplitude, time.Second).Levelled()
		require.InDelta(t, 3670, rms(got), 150, "from %v", amplitude)
	}
}

func TestWhatIsNoWAVIsRefused(t *testing.T) {
	good := wav(8000)
	for length := range 60 {
		_, err := prompts.DecodeWAV(good[:length])
		if length < 44 {
			require.ErrorIs(t, err, prompts.ErrFormat, "%d bytes", length)
		}
	}
	s, err := prompts.DecodeWAV(good)
	require.NoError(t, err)
	require.Equal(t, 200*time.Millisecond, s.Length())
}

func FuzzDecodeWAV(f *testing.F) {
	f.Add(wav(8000))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := prompts.DecodeWAV(b)
		if err == nil && s.Rate <= 0 {
			t.Fatal("a sound without a rate")
		}
	})
}
