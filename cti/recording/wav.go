package recording

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// format is how samples lie in a stream: 16-bit little-endian, interleaved.
type format struct {
	channels int
	rate     int // samples a second
}

func (f format) frame() int64 { return int64(2 * f.channels) }

// stereo is what the switch records of a call: left from the citizen, right to the citizen.
var stereo = format{channels: 2, rate: 8000}

const headerSize = 44

// wavHeader is the header of a WAV file with that many bytes of samples.
func wavHeader(f format, size int64) []byte {
	le := binary.LittleEndian
	h := make([]byte, 0, headerSize)
	h = append(h, "RIFF"...)
	h = le.AppendUint32(h, uint32(size+headerSize-8))
	h = append(h, "WAVEfmt "...)
	h = le.AppendUint32(h, 16)
	h = le.AppendUint16(h, 1) // PCM
	h = le.AppendUint16(h, uint16(f.channels))
	h = le.AppendUint32(h, uint32(f.rate))
	h = le.AppendUint32(h, uint32(int64(f.rate)*f.frame()))
	h = le.AppendUint16(h, uint16(f.frame()))
	h = le.AppendUint16(h, 16)
	h = append(h, "data"...)
	return le.AppendUint32(h, uint32(size))
}

var errNotWAV = errors.New("not a 16-bit PCM WAV file")

// readHeader reads the header that the switch and this package write: 44 bytes. Its sizes are
// not believed: a switch that was killed leaves them zero.
func readHeader(r io.Reader) (format, error) {
	h := make([]byte, headerSize)
	if _, err := io.ReadFull(r, h); err != nil {
		return format{}, fmt.Errorf("%w: %w", errNotWAV, err)
	}
	le := binary.LittleEndian
	f := format{channels: int(le.Uint16(h[22:])), rate: int(le.Uint32(h[24:]))}
	ok := string(h[:4]) == "RIFF" && string(h[8:16]) == "WAVEfmt " && le.Uint16(h[20:]) == 1 && le.Uint16(h[34:]) == 16 && string(h[36:40]) == "data"
	if !ok || f.channels < 1 || f.channels > 2 || f.rate < 8000 || f.rate > 48000 {
		return format{}, errNotWAV
	}
	return f, nil
}

// samples finds the samples in a file of the switch: raw is a call's stereo, wav has its header.
// size is that of the whole file.
func samples(name string, body io.Reader, size int64) (f format, data int64, err error) {
	f, data = stereo, size
	if strings.HasSuffix(name, ".wav") {
		if size == 0 {
			return format{channels: 1, rate: 8000}, 0, nil
		}
		if f, err = readHeader(body); err != nil {
			return f, 0, err
		}
		data -= headerSize
	}
	return f, data - data%f.frame(), nil // a killed switch may leave half a sample
}
