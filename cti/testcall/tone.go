package testcall

import "math"

// SampleRate is the sampling rate of telephone audio in hertz (G.711).
const SampleRate = 8000

// FrameSamples is the number of samples in one RTP packet (20 ms).
const FrameSamples = SampleRate / 50

// Silence is the level in dBFS that stands for "no energy at all".
const Silence = -100.0

// Leg names the part a phone plays in a call. Each has its own tone.
type Leg int

// The legs of the calls that are tested.
const (
	LegCitizen Leg = iota
	LegSeat
	LegConsulted
	LegSupervisor
	LegDepartment
	LegInterpreter
	LegOutbound
	LegEmergency
)

// ToneOf gives the frequency in hertz that this leg sends.
func ToneOf(leg Leg) float64 { return PlannedTone(int(leg)) }

// SeatTone gives the frequency in hertz of the n-th seat (n ≥ 0) of a test with
// several seats. No seat shares a tone with another leg.
func SeatTone(n int) float64 {
	first := int(LegEmergency) + 1
	return PlannedTone(first + n%(len(tonePlan)-first))
}

// SeatTones are the tones that seats send: of the leg "seat", and of each one of
// several.
func SeatTones() []float64 {
	return append([]float64{ToneOf(LegSeat)}, tonePlan[int(LegEmergency)+1:]...)
}

// PlannedTone gives the i-th frequency of the plan; it starts again after the last.
func PlannedTone(i int) float64 { return tonePlan[i%len(tonePlan)] }

// tonePlan keeps away from the call progress tone of China's network (450 Hz)
// and from the frequencies of keys (697…1633 Hz, 20 Hz either side), and no tone
// is the double or the triple of another, so that distortion of one leg is not
// taken for another.
var tonePlan = []float64{
	530, 610, 1010, 1090, 1150, 1270, 1410, 1530,
	1710, 1790, 1870, 1950, 2070, 2130, 2350, 2430, 2510, 2590, 2670, 2750, 2890, 2950, 3090, 3250,
}

// Goertzel measures the amplitude of one frequency in the samples, as a fraction
// of full scale (a full-scale sine is 1). The samples are weighted with a Hann
// window, so that neighbours 40 Hz away in 100 ms of audio don't leak in.
func Goertzel(samples []int16, rate int, freq float64) float64 {
	n := len(samples)
	if n < 2 {
		return 0
	}
	window := hann100ms
	if n != len(window) {
		window = hann(n)
	}
	coefficient := 2 * math.Cos(2*math.Pi*freq/float64(rate))
	var s1, s2 float64
	for i, x := range samples {
		s0 := window[i]*float64(x) + coefficient*s1 - s2
		s2, s1 = s1, s0
	}
	power := s1*s1 + s2*s2 - coefficient*s1*s2
	if power <= 0 {
		return 0
	}
	return 2 * math.Sqrt(power) / 32768
}

// hann100ms is the window of live detection, which asks for many tones at once.
var hann100ms = hann(toneWindow)

// hann gives a Hann window of n samples whose sum is 1.
func hann(n int) []float64 {
	window := make([]float64, n)
	for i := range window {
		window[i] = (1 - math.Cos(2*math.Pi*(float64(i)+0.5)/float64(n))) / float64(n)
	}
	return window
}

// ToneLevels measures each frequency in the samples, in dBFS of a full-scale
// sine: [Silence] when there is nothing.
func ToneLevels(samples []int16, rate int, freqs ...float64) []float64 {
	levels := make([]float64, len(freqs))
	for i, f := range freqs {
		levels[i] = decibel(Goertzel(samples, rate, f))
	}
	return levels
}

// Level measures the energy of the samples in dBFS of a full-scale sine, so that
// a pure tone has the same Level as ToneLevels gives for it.
func Level(samples []int16) float64 {
	if len(samples) == 0 {
		return Silence
	}
	var sum float64
	for _, x := range samples {
		v := float64(x) / 32768
		sum += v * v
	}
	return decibel(math.Sqrt(2 * sum / float64(len(samples))))
}

func decibel(amplitude float64) float64 {
	if amplitude <= 1e-5 {
		return Silence
	}
	return 20 * math.Log10(amplitude)
}

const (
	toneWindow  = SampleRate / 10 // 100 ms: bins of 10 Hz
	toneFloor   = -42.0           // dBFS: weaker is not heard
	toneBelow   = 16.0            // dB below the whole signal: weaker is chance, not a tone
	silentLevel = -55.0           // dBFS: comfort noise and G.711's own noise lie below
)

// HasTone says whether the frequency stands out in the samples: loud enough to be
// heard and a real part of the whole, so that speech or music don't pass for it.
func HasTone(samples []int16, rate int, freq float64) bool {
	tone := decibel(Goertzel(samples, rate, freq))
	return tone > toneFloor && tone > Level(samples)-toneBelow
}

// ToneShare gives the share (0…1) of 100 ms windows in which the frequency is
// heard: the way to say of a recording that a leg is in it from end to end.
func ToneShare(samples []int16, rate int, freq float64) float64 {
	size := rate / 10
	windows, heard := 0, 0
	for i := 0; i+size <= len(samples); i += size {
		windows++
		if HasTone(samples[i:i+size], rate, freq) {
			heard++
		}
	}
	if windows == 0 {
		return 0
	}
	return float64(heard) / float64(windows)
}
