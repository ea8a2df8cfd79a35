package testcall

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Audio is linear 16-bit audio held in memory, one slice per channel.
type Audio struct {
	Rate     int // samples a second
	Channels [][]int16
}

// ErrNotAudio is returned for files that are no 16-bit PCM WAV.
var ErrNotAudio = errors.New("not a 16-bit PCM WAV file")

// Samples is the length of the audio in samples of one channel.
func (a Audio) Samples() int {
	if len(a.Channels) == 0 {
		return 0
	}
	return len(a.Channels[0])
}

// Left is the first channel: the citizen in our recordings.
func (a Audio) Left() []int16 { return a.Channels[0] }

// Right is the last channel: the seat in our recordings.
func (a Audio) Right() []int16 { return a.Channels[len(a.Channels)-1] }

// ReadStereoRaw reads the switch's recordings: interleaved signed 16-bit
// little-endian samples at 8 kHz without a header, left then right.
func ReadStereoRaw(path string) (Audio, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Audio{}, fmt.Errorf("reading raw audio: %w", err)
	}
	return Audio{Rate: SampleRate, Channels: deinterleave(data, 2)}, nil
}

// ReadWAV reads a 16-bit PCM WAV file of any rate and number of channels. A data
// chunk whose length was never written (its writer was killed) is read to the end
// of the file.
func ReadWAV(path string) (Audio, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Audio{}, fmt.Errorf("reading audio: %w", err)
	}
	audio, err := ParseWAV(data)
	if err != nil {
		return Audio{}, fmt.Errorf("reading audio %s: %w", path, err)
	}
	return audio, nil
}

// ParseWAV is [ReadWAV] on bytes, for audio that came over HTTP.
func ParseWAV(data []byte) (Audio, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return Audio{}, ErrNotAudio
	}
	var rate, channels int
	for rest := data[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:8]))
		body := rest[8:]
		if id == "data" && (size == 0 || size > len(body)) {
			size = len(body)
		}
		if size > len(body) {
			return Audio{}, fmt.Errorf("%w: chunk %q is cut", ErrNotAudio, id)
		}
		switch id {
		case "fmt ":
			if size < 16 {
				return Audio{}, fmt.Errorf("%w: short format chunk", ErrNotAudio)
			}
			format, bits := binary.LittleEndian.Uint16(body), binary.LittleEndian.Uint16(body[14:])
			channels, rate = int(binary.LittleEndian.Uint16(body[2:])), int(binary.LittleEndian.Uint32(body[4:]))
			if (format != 1 && format != 0xfffe) || bits != 16 || channels < 1 || rate < 1 {
				return Audio{}, fmt.Errorf("%w: format %d, %d bits, %d channels", ErrNotAudio, format, bits, channels)
			}
		case "data":
			if rate == 0 {
				return Audio{}, fmt.Errorf("%w: data before format", ErrNotAudio)
			}
			return Audio{Rate: rate, Channels: deinterleave(body[:size], channels)}, nil
		}
		rest = body[min(len(body), size+size%2):]
	}
	return Audio{}, fmt.Errorf("%w: no data", ErrNotAudio)
}

// WriteWAV writes the audio as a 16-bit PCM WAV file.
func WriteWAV(path string, audio Audio) error {
	data := append(wavHeader(audio.Rate, len(audio.Channels), audio.Samples()), interleave(audio.Channels)...)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("writing audio: %w", err)
	}
	return nil
}

// Resample converts one channel to 8 kHz by linear interpolation after averaging:
// good enough for speech down a telephone line.
func Resample(samples []int16, from int) []int16 {
	if from == SampleRate || from <= 0 {
		return samples
	}
	step := float64(from) / SampleRate
	out := make([]int16, int(float64(len(samples))/step))
	for i := range out {
		start, end := int(float64(i)*step), int(float64(i+1)*step)
		end = min(max(end, start+1), len(samples))
		sum := 0
		for _, s := range samples[start:end] {
			sum += int(s)
		}
		out[i] = int16(sum / (end - start))
	}
	return out
}

func deinterleave(data []byte, channels int) [][]int16 {
	out := make([][]int16, channels)
	frames := len(data) / (2 * channels)
	for c := range out {
		out[c] = make([]int16, frames)
		for i := range out[c] {
			out[c][i] = int16(binary.LittleEndian.Uint16(data[2*(i*channels+c):]))
		}
	}
	return out
}

func interleave(channels [][]int16) []byte {
	if len(channels) == 0 {
		return nil
	}
	out := make([]byte, 0, 2*len(channels)*len(channels[0]))
	for i := range channels[0] {
		for _, c := range channels {
			out = binary.LittleEndian.AppendUint16(out, uint16(c[i]))
		}
	}
	return out
}

func wavHeader(rate, channels, samples int) []byte {
	size := uint32(2 * channels * samples)
	h := make([]byte, 0, 44)
	h = append(h, "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, 36+size)
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)
	h = binary.LittleEndian.AppendUint16(h, 1)
	h = binary.LittleEndian.AppendUint16(h, uint16(channels))
	h = binary.LittleEndian.AppendUint32(h, uint32(rate))
	h = binary.LittleEndian.AppendUint32(h, uint32(2*channels*rate))
	h = binary.LittleEndian.AppendUint16(h, uint16(2*channels))
	h = binary.LittleEndian.AppendUint16(h, 16)
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, size)
}

// captureFile is a stereo WAV that grows while a call runs: left what we sent,
// right what we heard. Its header is put right at the end.
type captureFile struct {
	file   *os.File
	frames int
}

func newCaptureFile(path string) (*captureFile, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("creating capture: %w", err)
	}
	if _, err := file.Write(wavHeader(SampleRate, 2, 0)); err != nil {
		file.Close()
		return nil, fmt.Errorf("writing capture header: %w", err)
	}
	return &captureFile{file: file}, nil
}

func (c *captureFile) write(sent, heard []int16) error {
	if _, err := c.file.Write(interleave([][]int16{sent, heard})); err != nil {
		return fmt.Errorf("writing capture: %w", err)
	}
	c.frames += len(sent)
	return nil
}

func (c *captureFile) close() error {
	defer c.file.Close()
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewinding capture: %w", err)
	}
	if _, err := c.file.Write(wavHeader(SampleRate, 2, c.frames)); err != nil {
		return fmt.Errorf("writing capture header: %w", err)
	}
	return nil
}
