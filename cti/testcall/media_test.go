package testcall

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTonesAreHeardBothWaysInBothLaws(t *testing.T) {
	for _, codec := range []Codec{PCMA, PCMU} {
		t.Run(codec.String(), func(t *testing.T) {
			p := setup(t)
			out, in := p.talk(t, WithCodecs(codec), Sends(Tone(ToneOf(LegCitizen))))
			in.Send(Tone(ToneOf(LegSeat)))
			require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
			require.NoError(t, out.WaitTone(p.ctx, ToneOf(LegSeat)))
			require.False(t, out.HearsLeg(LegCitizen))
			require.False(t, in.HearsLeg(LegSeat))
			require.InDelta(t, -14, out.Level(), 1)
			require.Positive(t, out.Heard())
		})
	}
}

func TestKeysArriveExactlyUnderAStorm(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t, Sends(Tone(ToneOf(LegCitizen))))
	keys := strings.Repeat("1234567890*#", 2)
	// Every third packet twice: an event is one key however often it arrives.
	out.Impair(Impairment{Duplicate: func(n uint64) bool { return n%3 == 0 }})
	pressed := make(chan error, 2)
	for range 2 { // two runs at once queue, they don't mix
		go func() { pressed <- out.Press(p.ctx, keys[:6]) }()
	}
	require.NoError(t, <-pressed)
	require.NoError(t, <-pressed)
	require.NoError(t, out.Press(p.ctx, keys))
	got, err := in.WaitKeys(p.ctx, 12+len(keys))
	require.NoError(t, err)
	require.Equal(t, "123456123456"+keys, got)
}

func TestKeysSurviveLostPackets(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t)
	out.Impair(Impairment{Drop: func(n uint64) bool { return n%3 == 1 }})
	require.NoError(t, out.Press(p.ctx, "1122#"))
	got, err := in.WaitKeys(p.ctx, 5)
	require.NoError(t, err)
	require.Equal(t, "1122#", got)
}

func TestKeysBySIPInfo(t *testing.T) {
	p := setup(t)
	out, in := p.talk(t)
	require.NoError(t, out.PressByInfo(p.ctx, "90#"))
	require.Equal(t, "90#", in.Keys())
}

func TestWhatIsNoKeyIsRefused(t *testing.T) {
	p := setup(t)
	out, _ := p.talk(t)
	require.ErrorIs(t, out.Press(p.ctx, "1a2x"), ErrNotAKey)
}

func TestLossAndDuplicatesAreCountedAsMade(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t, Sends(Tone(ToneOf(LegCitizen))))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
	before := in.Stats()
	require.Zero(t, before.Lost)
	require.Zero(t, before.Duplicates)

	var dropped, doubled uint64
	counted := make(chan struct{})
	begun := uint64(0)
	out.Impair(Impairment{
		Drop: func(n uint64) bool {
			if begun == 0 {
				begun = n
			}
			if n-begun >= 100 {
				if n-begun == 100 {
					close(counted)
				}
				return false
			}
			if (n-begun)%10 == 3 {
				dropped++
				return true
			}
			return false
		},
		Duplicate: func(n uint64) bool {
			if n-begun < 100 && (n-begun)%20 == 5 {
				doubled++
				return true
			}
			return false
		},
	})
	select {
	case <-counted:
	case <-p.ctx.Done():
		t.Fatal("the sender has stopped")
	}
	require.NoError(t, in.until(p.ctx, "the last packet", func() bool { return in.Stats().Lost == 10 }))
	require.NoError(t, out.Hangup(p.ctx))
	p.requireEnd(t, in, SideRemote, CauseBye)
	after := in.Stats()
	require.EqualValues(t, 10, dropped)
	require.Equal(t, dropped, after.Lost)
	require.Equal(t, doubled, after.Duplicates)
	require.InDelta(t, 0.05, after.LossRatio(), 0.05)
	require.Zero(t, after.SSRCChanges)
}

func TestLongestGapIsMeasured(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t, Sends(Tone(ToneOf(LegCitizen))))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
	in.MarkGap()
	begun := uint64(0)
	over := make(chan struct{})
	out.Impair(Impairment{Drop: func(n uint64) bool { // 15 packets: a gap of 320 ms
		if begun == 0 {
			begun = n
		}
		if n-begun == 16 {
			close(over)
		}
		return n-begun < 15
	}})
	<-over
	require.NoError(t, in.until(p.ctx, "the stream", func() bool { return in.Stats().Lost == 15 }))
	require.Greater(t, in.Stats().MaxGap, 290*time.Millisecond)
	require.Less(t, in.Stats().MaxGap, time.Second)
	in.MarkGap()
	require.Less(t, in.Stats().MaxGap, 200*time.Millisecond)
}

func TestStreamThatStopsIsAGapThatGrows(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t, Sends(Tone(ToneOf(LegCitizen))))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
	out.StopSending(true)
	require.NoError(t, in.WaitSilence(p.ctx, 400*time.Millisecond))
	require.Greater(t, in.Stats().MaxGap, 300*time.Millisecond)
	require.False(t, in.HearsLeg(LegCitizen))
	require.Equal(t, Silence, in.Level())
	out.StopSending(false)
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
}

func TestPacingKeepsTime(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t, Sends(Tone(ToneOf(LegCitizen))))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
	require.NoError(t, in.until(p.ctx, "a second of audio", func() bool { return in.Stats().Packets >= 100 }))
	stats := in.Stats()
	perPacket := stats.Last.Sub(stats.First) / time.Duration(stats.Packets-1)
	require.InDelta(t, 20, float64(perPacket)/float64(time.Millisecond), 2)
	require.Less(t, stats.Jitter, 50*time.Millisecond)
	require.NoError(t, out.Hangup(p.ctx))
}

func TestClipIsPlayedOnceAndCaptured(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t)
	dir := t.TempDir()
	clipFile, captureFile := filepath.Join(dir, "clip.wav"), filepath.Join(dir, "call.wav")
	require.NoError(t, WriteWAV(clipFile, Audio{Rate: SampleRate, Channels: [][]int16{toneSamples(ToneOf(LegCitizen), SampleRate)}}))
	clip, err := WAVClip(clipFile)
	require.NoError(t, err)

	in.Send(Tone(ToneOf(LegSeat)))
	require.NoError(t, out.WaitTone(p.ctx, ToneOf(LegSeat)))
	require.NoError(t, out.Capture(captureFile))
	heard := make(chan error, 1)
	go func() { heard <- in.WaitTone(p.ctx, ToneOf(LegCitizen)) }()
	begun := time.Now()
	require.NoError(t, out.Play(p.ctx, clip))
	require.InDelta(t, 1, time.Since(begun).Seconds(), 0.4)
	require.NoError(t, <-heard)
	require.NoError(t, in.WaitSilence(p.ctx, 200*time.Millisecond))
	require.NoError(t, out.Hangup(p.ctx))

	audio, err := ReadWAV(captureFile)
	require.NoError(t, err)
	require.Len(t, audio.Channels, 2)
	require.Greater(t, ToneShare(audio.Right(), audio.Rate, ToneOf(LegSeat)), 0.8)
	require.Zero(t, ToneShare(audio.Right(), audio.Rate, ToneOf(LegCitizen)))
	require.InDelta(t, 1, ToneShare(audio.Left(), audio.Rate, ToneOf(LegCitizen))*float64(audio.Samples())/SampleRate, 0.3)
}

func TestWaitsEndWithTheCall(t *testing.T) {
	p := setup(t)
	out, in := p.talk(t)
	waits := make(chan error, 3)
	go func() { waits <- out.WaitTone(p.ctx, 1000) }()
	go func() { _, err := out.WaitKeys(p.ctx, 1); waits <- err }()
	go func() { waits <- out.Play(p.ctx, Tone(1000)) }()
	require.NoError(t, in.Hangup(p.ctx))
	for range 3 {
		require.ErrorIs(t, <-waits, ErrCallEnded)
	}
}
