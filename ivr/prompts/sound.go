package prompts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/zaf/g711"
)

// Rate is the sampling rate of all files made here, in hertz.
const Rate = 8000

// Sound is mono audio.
type Sound struct {
	Rate    int // samples a second
	Samples []int16
}

// Length is how long the sound lasts.
func (s Sound) Length() time.Duration {
	if s.Rate == 0 {
		return 0
	}
	return time.Duration(len(s.Samples)) * time.Second / time.Duration(s.Rate)
}

// Raw is the sound as a .sln file's content.
func (s Sound) Raw() []byte {
	out := make([]byte, 2*len(s.Samples))
	for i, v := range s.Samples {
		binary.LittleEndian.PutUint16(out[2*i:], uint16(v))
	}
	return out
}

func fromRaw(raw []byte) []int16 {
	out := make([]int16, len(raw)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return out
}

// ErrFormat means that a sound file is not one we can read.
var ErrFormat = errors.New("not a WAV file of PCM or G.711")

// Formats of a WAV file's fmt chunk.
const (
	wavPCM        = 1
	wavALaw       = 6
	wavULaw       = 7
	wavExtensible = 0xFFFE
)

// DecodeWAV reads a WAV file: 8 or 16-bit PCM, A-law or µ-law, any rate, any number of
// channels mixed to one. A file written to a pipe, with no length in its header, is
// read to its end.
func DecodeWAV(b []byte) (Sound, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return Sound{}, ErrFormat
	}
	var format []byte
	for at := 12; at+8 <= len(b); {
		name, size := string(b[at:at+4]), int(binary.LittleEndian.Uint32(b[at+4:]))
		at += 8
		body := b[at:min(len(b), at+max(size, 0))]
		switch name {
		case "fmt ":
			format = body
		case "data":
			if size == 0 {
				body = b[at:]
			}
			return decodeData(format, body)
		}
		at += len(body) + len(body)%2
	}
	return Sound{}, fmt.Errorf("%w: it has no data", ErrFormat)
}

func decodeData(format, data []byte) (Sound, error) {
	if len(format) < 16 {
		return Sound{}, fmt.Errorf("%w: it has no format", ErrFormat)
	}
	kind := int(binary.LittleEndian.Uint16(format))
	channels := int(binary.LittleEndian.Uint16(format[2:]))
	rate := int(binary.LittleEndian.Uint32(format[4:]))
	bits := int(binary.LittleEndian.Uint16(format[14:]))
	if kind == wavExtensible && len(format) >= 26 {
		kind = int(binary.LittleEndian.Uint16(format[24:]))
	}
	if channels < 1 || channels > 8 || rate < 4000 || rate > 192000 {
		return Sound{}, fmt.Errorf("%w: %d channels at %d Hz", ErrFormat, channels, rate)
	}
	var all []int16
	switch {
	case kind == wavPCM && bits == 16:
		all = fromRaw(data)
	case kind == wavPCM && bits == 8:
		all = make([]int16, len(data))
		for i, v := range data {
			all[i] = (int16(v) - 128) << 8
		}
	case kind == wavALaw && bits == 8:
		all = fromRaw(g711.DecodeAlaw(data))
	case kind == wavULaw && bits == 8:
		all = fromRaw(g711.DecodeUlaw(data))
	default:
		return Sound{}, fmt.Errorf("%w: format %d with %d bits", ErrFormat, kind, bits)
	}
	return Sound{Rate: rate, Samples: mix(all, channels)}, nil
}

func mix(all []int16, channels int) []int16 {
	if channels == 1 {
		return all
	}
	out := make([]int16, len(all)/channels)
	for i := range out {
		sum := 0
		for c := range channels {
			sum += int(all[i*channels+c])
		}
		out[i] = int16(sum / channels)
	}
	return out
}

// Resampled is the sound at another rate, through a windowed-sinc low pass below half
// of the lower rate, so that nothing folds back into the telephone band.
func (s Sound) Resampled(rate int) Sound {
	if s.Rate == rate || len(s.Samples) == 0 {
		return Sound{Rate: rate, Samples: s.Samples}
	}
	// Output i lies at input i·down/up: between inputs it falls on one of up places,
	// each with weights of its own.
	divisor := gcd(s.Rate, rate)
	up, down := rate/divisor, s.Rate/divisor
	phases := resamplingWeights(up, down)
	reach := len(phases[0]) / 2
	out := make([]int16, len(s.Samples)*up/down)
	for i := range out {
		at := i * down
		first := at/up - reach + 1
		sum := 0.0
		for k, w := range phases[at%up] {
			if j := first + k; j >= 0 && j < len(s.Samples) {
				sum += w * float64(s.Samples[j])
			}
		}
		out[i] = clip(sum)
	}
	return Sound{Rate: rate, Samples: out}
}

// resamplingWeights are the weights of the inputs around each of the places, which sum
// up to 1.
func resamplingWeights(up, down int) [][]float64 {
	const zeroCrossings = 24
	cutoff := 0.94 * min(1, float64(up)/float64(down)) // of half the source's rate
	reach := int(math.Ceil(zeroCrossings / cutoff))
	phases := make([][]float64, up)
	for p := range phases {
		weights := make([]float64, 2*reach)
		sum := 0.0
		for k := range weights {
			x := float64(p)/float64(up) - float64(k-reach+1)
			weights[k] = kernel(x*cutoff, x/float64(reach))
			sum += weights[k]
		}
		for k := range weights {
			weights[k] /= sum
		}
		phases[p] = weights
	}
	return phases
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// kernel is a sinc under a Hann window; at is in zero crossings, edge from -1 to 1.
func kernel(at, edge float64) float64 {
	if edge <= -1 || edge >= 1 {
		return 0
	}
	window := 0.5 + 0.5*math.Cos(math.Pi*edge)
	if at == 0 {
		return window
	}
	return window * math.Sin(math.Pi*at) / (math.Pi * at)
}

func clip(v float64) int16 {
	return int16(math.Round(max(-32768, min(32767, v))))
}

// Trimmed cuts the silence off both ends, leaving lead before and tail after.
func (s Sound) Trimmed(lead, tail time.Duration) Sound {
	const quiet = 180 // about −45 dB of full scale
	first, last := -1, -1
	for i, v := range s.Samples {
		if v > quiet || v < -quiet {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return s
	}
	samples := func(d time.Duration) int { return int(d * time.Duration(s.Rate) / time.Second) }
	out := make([]int16, 0, len(s.Samples))
	out = append(out, s.Samples[max(0, first-samples(lead)):min(len(s.Samples), last+1+samples(tail))]...)
	for missing := last + 1 + samples(tail) - len(s.Samples); missing > 0; missing-- {
		out = append(out, 0)
	}
	return Sound{Rate: s.Rate, Samples: out}
}

// Levelled brings speech to one loudness: −19 dB of full scale while it speaks, no peak
// above −1.5 dB.
func (s Sound) Levelled() Sound {
	const target, ceiling = 0.112 * 32768, 0.84 * 32768
	loud := s.activeLevel()
	if loud == 0 {
		return s
	}
	gain := min(target/loud, 8)
	out := make([]int16, len(s.Samples))
	for i, v := range s.Samples {
		out[i] = clip(soften(float64(v)*gain, ceiling))
	}
	return Sound{Rate: s.Rate, Samples: out}
}

// soften bends peaks so that they stay below the ceiling, and leaves all below 70 % of
// it alone.
func soften(v, ceiling float64) float64 {
	knee := 0.7 * ceiling
	size := math.Abs(v)
	if size <= knee {
		return v
	}
	return math.Copysign(knee+(ceiling-knee)*math.Tanh((size-knee)/(ceiling-knee)), v)
}

// activeLevel is the root mean square of the 20 ms frames within 25 dB of the loudest.
func (s Sound) activeLevel() float64 {
	frame := max(s.Rate/50, 1)
	var energies []float64
	loudest := 0.0
	for at := 0; at+frame <= len(s.Samples); at += frame {
		e := 0.0
		for _, v := range s.Samples[at : at+frame] {
			e += float64(v) * float64(v)
		}
		e /= float64(frame)
		energies = append(energies, e)
		loudest = max(loudest, e)
	}
	sum, n := 0.0, 0
	for _, e := range energies {
		if e > loudest/316 {
			sum += e
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return math.Sqrt(sum / float64(n))
}
