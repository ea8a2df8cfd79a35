package prompts

import (
	"math"
	"time"
)

// silence is nothing for a while.
func silence(length time.Duration) Sound {
	return Sound{Rate: Rate, Samples: make([]int16, int(length.Seconds()*Rate))}
}

// tone is a sine with soft ends.
func tone(hz float64, length time.Duration) Sound {
	s := silence(length)
	n := len(s.Samples)
	for i := range s.Samples {
		edge := min(1, float64(min(i, n-i))/80) // 10 ms
		s.Samples[i] = clip(6000 * edge * math.Sin(2*math.Pi*hz*float64(i)/Rate))
	}
	return s
}

// The music on hold: a slow arpeggio over four chords of the pentatonic scale, plucked
// softly. It belongs to nobody and loops without a seam.
var (
	holdChords = [][]int{{0, 7, 12, 16, 19, 16, 12, 7}, {-3, 4, 9, 12, 16, 12, 9, 4}, {-7, 0, 5, 9, 12, 9, 5, 0}, {-5, 2, 7, 11, 14, 11, 7, 2}}
	holdMelody = []int{24, -1, 28, -1, 31, 28, 26, -1, 24, -1, 21, -1, 24, 26, 28, -1, 21, -1, 24, -1, 28, 26, 24, -1, 19, -1, 23, -1, 26, 23, 19, -1}
)

const (
	holdBase = 196.0 // G3, in hertz
	holdNote = 0.375 // seconds a note of the arpeggio
)

// music is the music on hold, cut to whole rounds of its chords within length.
func music(length time.Duration) Sound {
	round := float64(len(holdMelody)) * holdNote
	rounds := max(1, int(length.Seconds()/round))
	mixed := make([]float64, int(float64(rounds)*round*Rate))
	for i := range rounds * len(holdMelody) {
		start := int(float64(i) * holdNote * Rate)
		chord := holdChords[i/8%len(holdChords)]
		pluck(mixed, start, chord[i%8], 2200, 1.6)
		if note := holdMelody[i%len(holdMelody)]; note >= 0 && i/len(holdMelody)%2 == 1 || note >= 0 && rounds == 1 {
			pluck(mixed, start, note, 1500, 2.2)
		}
	}
	out := make([]int16, len(mixed))
	for i, v := range mixed {
		out[i] = clip(soften(v, 12000))
	}
	return Sound{Rate: Rate, Samples: out}
}

// pluck adds one decaying note; what would sound past the end sounds at the beginning.
func pluck(mixed []float64, start, semitones int, level, seconds float64) {
	hz := holdBase * math.Pow(2, float64(semitones)/12)
	for i := range int(seconds * 2 * Rate) {
		t := float64(i) / Rate
		attack := min(1, t/0.012)
		v := math.Sin(2*math.Pi*hz*t) + 0.35*math.Sin(4*math.Pi*hz*t)*math.Exp(-3*t) + 0.12*math.Sin(6*math.Pi*hz*t)*math.Exp(-5*t)
		mixed[(start+i)%len(mixed)] += level * attack * math.Exp(-2.2*t/seconds) * v
	}
}
