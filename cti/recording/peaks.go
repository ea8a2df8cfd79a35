package recording

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Peaks is the shape of a recording for a player: of each of n equal stretches the loudest
// sample, 0 to 1, by channel. Right is nil for a recording of one channel.
type Peaks struct {
	Left     []float32 `json:"left"`
	Right    []float32 `json:"right,omitempty"`
	Seconds  float64   `json:"seconds"`
	Channels int       `json:"channels"`
}

// maxPeaks bounds what a caller of Peaks may ask for.
const maxPeaks = 10_000

// Peaks reads a stored recording and gives its shape in n stretches (1 to 10,000).
func (s *Store) Peaks(ctx context.Context, key string, n int) (Peaks, error) {
	if n < 1 || n > maxPeaks {
		return Peaks{}, fmt.Errorf("peaks of %s: %d stretches wanted, 1 to %d are possible", key, n, maxPeaks)
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return Peaks{}, stored("opening", key, err)
	}
	defer func() { _ = r.Close() }() // only read
	f, err := readHeader(r)
	if err != nil {
		return Peaks{}, fmt.Errorf("peaks of %s: %w", key, err)
	}
	frames := (r.Size() - headerSize) / f.frame()
	p := Peaks{Left: make([]float32, n), Seconds: float64(frames) / float64(f.rate), Channels: f.channels}
	if f.channels == 2 {
		p.Right = make([]float32, n)
	}
	in := bufio.NewReaderSize(r, 1<<16)
	frame := make([]byte, f.frame())
	for i := range frames {
		if _, err := io.ReadFull(in, frame); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			return Peaks{}, stored("reading", key, err)
		}
		at := int(i * int64(n) / frames)
		p.Left[at] = max(p.Left[at], loudness(frame))
		if f.channels == 2 {
			p.Right[at] = max(p.Right[at], loudness(frame[2:]))
		}
	}
	return p, nil
}

func loudness(b []byte) float32 {
	v := float32(int16(binary.LittleEndian.Uint16(b))) / 32768
	return max(v, -v)
}
