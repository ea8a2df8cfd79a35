package testcall

import (
	"fmt"
	"math"
)

// Source is what a leg sends. Next fills one frame of 20 ms at 8 kHz and says
// whether there was anything left; a source that has ended is followed by silence.
// Next is called by one goroutine only.
type Source interface {
	Next(frame []int16) bool
}

type silence struct{}

// Quiet sends digital silence, as a microphone that is muted.
func Quiet() Source { return silence{} }

func (silence) Next(frame []int16) bool {
	clear(frame)
	return true
}

// toneAmplitude is −14 dBFS: loud enough for every detector, far from clipping
// when four legs are mixed.
const toneAmplitude = 0.2

type tone struct {
	phase, step float64
}

// Tone sends an endless sine of this frequency in hertz at −14 dBFS.
func Tone(freq float64) Source {
	return &tone{step: 2 * math.Pi * freq / SampleRate}
}

func (t *tone) Next(frame []int16) bool {
	for i := range frame {
		frame[i] = int16(math.Round(toneAmplitude * 32767 * math.Sin(t.phase)))
		t.phase += t.step
	}
	t.phase = math.Mod(t.phase, 2*math.Pi)
	return true
}

type clip struct {
	samples []int16
	at      int
	loop    bool
}

// Clip sends the samples (8 kHz) once.
func Clip(samples []int16) Source { return &clip{samples: samples} }

// Loop sends the samples (8 kHz) again and again.
func Loop(samples []int16) Source { return &clip{samples: samples, loop: true} }

func (c *clip) Next(frame []int16) bool {
	if len(c.samples) == 0 {
		clear(frame)
		return false
	}
	for i := range frame {
		if c.at == len(c.samples) {
			if !c.loop {
				clear(frame[i:])
				return i > 0
			}
			c.at = 0
		}
		frame[i] = c.samples[c.at]
		c.at++
	}
	return true
}

// WAVClip reads a WAV file, takes its first channel at 8 kHz and sends it once.
func WAVClip(path string) (Source, error) {
	audio, err := ReadWAV(path)
	if err != nil {
		return nil, fmt.Errorf("opening clip: %w", err)
	}
	return Clip(Resample(audio.Left(), audio.Rate)), nil
}

type sequence struct {
	sources []Source
}

// Sequence sends one source after the other, each to its end.
func Sequence(sources ...Source) Source { return &sequence{sources: sources} }

func (s *sequence) Next(frame []int16) bool {
	for len(s.sources) > 0 {
		if s.sources[0].Next(frame) {
			return true
		}
		s.sources = s.sources[1:]
	}
	clear(frame)
	return false
}
