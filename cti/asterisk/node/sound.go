package node

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/open12345/hotline/asterisk"
)

// sampleRate is the switch's own: G.711, recordings, prompts.
const sampleRate = 8000

// lastResortLines are what a caller hears from the switch alone, when no server
// answers; they are made here because they must not depend on any.
var lastResortLines = map[string]string{
	"last-resort-wait": "您好，正在为您转接人工，请稍候。",
	voicemailLine:      "非常抱歉，目前无法接通人工。请在提示音后留言，说出您的电话和诉求，我们会尽快回电。",
	"last-resort-bye":  "留言已保存，感谢您的来电，再见。",
}

const voicemailLine = "last-resort-voicemail"

// speak synthesises one Mandarin line as a WAV file the switch can play, with a
// tone at its end if asked.
func speak(ctx context.Context, in asterisk.Install, text string, beep bool) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	argv, env := in.SpeechCommand("-v", "cmn", "-s", "160", "--stdout", text)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	var said, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complaint
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("espeak-ng: %w: %s", err, complaint.Bytes())
	}
	samples, rate, err := readWAV(said.Bytes())
	if err != nil {
		return nil, fmt.Errorf("espeak-ng's output: %w", err)
	}
	samples = resample(samples, rate, sampleRate)
	if beep {
		samples = append(samples, tone(1000, 400*time.Millisecond)...)
	}
	return writeWAV(samples), nil
}

// tone is the signal after which the caller speaks.
func tone(frequency float64, length time.Duration) []int16 {
	samples := make([]int16, int(length.Seconds()*sampleRate))
	for i := range samples {
		samples[i] = int16(8000 * math.Sin(2*math.Pi*frequency*float64(i)/sampleRate))
	}
	return samples
}

// waitingMusic composes half a minute of soft chords that loops without a seam.
var waitingMusic = sync.OnceValue(func() []byte {
	// I–vi–IV–V in C, each chord as overlapping soft bells in a broken pattern.
	chords := [][]float64{
		{261.63, 329.63, 392.00, 523.25}, {220.00, 261.63, 329.63, 440.00},
		{174.61, 261.63, 349.23, 440.00}, {196.00, 246.94, 293.66, 392.00},
	}
	pattern := []int{0, 2, 1, 3, 2, 1, 2, 1}
	const beat = sampleRate / 2
	total := 2 * len(chords) * len(pattern) * beat
	mix := make([]float64, total)
	for i := range total / beat {
		chord := chords[i/len(pattern)%len(chords)]
		strike(mix, i*beat, chord[pattern[i%len(pattern)]], 0.16)
		if i%len(pattern) == 0 {
			strike(mix, i*beat, chord[0]/2, 0.14)
		}
	}
	samples := make([]int16, total)
	for i, v := range mix {
		samples[i] = int16(math.Tanh(v) * 0.8 * math.MaxInt16)
	}
	return writeWAV(samples)
})

// strike adds one bell that fades over three seconds; its tail runs on into the
// beginning, so that the loop has no seam.
func strike(mix []float64, at int, frequency, volume float64) {
	const length = 3 * sampleRate
	for i := range length {
		t := float64(i) / sampleRate
		attack := math.Min(1, t/0.02)
		fade := math.Exp(-2*t) * (1 - float64(i)/length)
		tone := math.Sin(2*math.Pi*frequency*t) + 0.25*math.Sin(4*math.Pi*frequency*t)
		mix[(at+i)%len(mix)] += volume * attack * fade * tone
	}
}

// readWAV reads 16-bit mono PCM. Sizes in the header of a piped file are not
// known to its writer, so the data chunk runs to the end at most.
func readWAV(file []byte) (samples []int16, rate int, err error) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return nil, 0, errors.New("not a WAV file")
	}
	for rest := file[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:]))
		body := rest[8:]
		size = min(size, len(body))
		switch name {
		case "fmt ":
			if size < 16 || binary.LittleEndian.Uint16(body[2:]) != 1 || binary.LittleEndian.Uint16(body[14:]) != 16 {
				return nil, 0, errors.New("not 16-bit mono PCM")
			}
			rate = int(binary.LittleEndian.Uint32(body[4:]))
		case "data":
			if rate == 0 {
				return nil, 0, errors.New("sound without a format")
			}
			samples = make([]int16, size/2)
			for i := range samples {
				samples[i] = int16(binary.LittleEndian.Uint16(body[2*i:]))
			}
			return samples, rate, nil
		}
		rest = body[size:]
	}
	return nil, 0, errors.New("no sound in it")
}

func writeWAV(samples []int16) []byte {
	var out bytes.Buffer
	size := uint32(2 * len(samples))
	out.WriteString("RIFF")
	put := func(v any) { _ = binary.Write(&out, binary.LittleEndian, v) } // a Buffer cannot fail
	put(36 + size)
	out.WriteString("WAVEfmt ")
	put(struct {
		Size               uint32
		Format, Channels   uint16
		Rate, BytesPerSec  uint32
		Block, BitsPerSamp uint16
	}{16, 1, 1, sampleRate, 2 * sampleRate, 2, 16})
	out.WriteString("data")
	put(size)
	put(samples)
	return out.Bytes()
}

// resample changes the rate with a windowed sinc, cut off below the new limit.
func resample(in []int16, from, to int) []int16 {
	if from == to || len(in) == 0 {
		return in
	}
	// With the rates in lowest terms, output sample i lies at i·step/phases of the
	// input, so that only `phases` different filters occur.
	d := gcd(from, to)
	step, phases := from/d, to/d
	filters, reach := sincFilters(step, phases)
	out := make([]int16, len(in)*phases/step)
	for i := range out {
		at := i * step
		var sum float64
		for k, tap := range filters[at%phases] {
			if j := at/phases - reach + k; j >= 0 && j < len(in) {
				sum += tap * float64(in[j])
			}
		}
		out[i] = int16(max(math.MinInt16, min(math.MaxInt16, math.Round(sum))))
	}
	return out
}

func sincFilters(step, phases int) (filters [][]float64, reach int) {
	const half = 24 // taps on each side at the lower rate
	ratio := float64(step) / float64(phases)
	cutoff := 0.94 * math.Min(1, 1/ratio)
	reach = int(half * math.Max(1, ratio))
	for phase := range phases {
		taps := make([]float64, 2*reach+1)
		for k := range taps {
			x := float64(k-reach) - float64(phase)/float64(phases)
			window := 0.5 + 0.5*math.Cos(math.Pi*x/float64(reach+1))
			taps[k] = cutoff * sinc(cutoff*x) * window
		}
		filters = append(filters, taps)
	}
	return filters, reach
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
