package switchtest

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/open12345/hotline/cti"
)

// Legs lists the legs that exist, in the dialplan or under our control.
func (s *Switch) Legs() []cti.LegID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.legs))
}

// Bridges lists the bridges that exist.
func (s *Switch) Bridges() []cti.BridgeID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.bridges))
}

// Leg tells the state of one leg.
func (s *Switch) Leg(id cti.LegID) (cti.Leg, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.legs[id]
	if l == nil {
		return cti.Leg{}, false
	}
	return l.copy(), true
}

// BridgeOf names the bridge the leg is in, "" for none.
func (s *Switch) BridgeOf(id cti.LegID) cti.BridgeID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil {
		return l.bridge
	}
	return ""
}

// LegOfPhone names the newest leg that was originated to the phone, "" for none.
func (s *Switch) LegOfPhone(phone string) cti.LegID {
	return s.newest(func(l *leg) bool { return l.Phone == phone })
}

// LegOfNumber names the newest leg that was originated to the outside number, "" for none.
func (s *Switch) LegOfNumber(number string) cti.LegID {
	return s.newest(func(l *leg) bool { return l.number == number })
}

func (s *Switch) newest(want func(*leg) bool) cti.LegID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var best *leg
	for _, l := range s.legs {
		if want(l) && (best == nil || l.Created.After(best.Created)) {
			best = l
		}
	}
	if best == nil {
		return ""
	}
	return best.ID
}

// Claimed tells whether the dialplan's guard timer of the leg was cleared.
func (s *Switch) Claimed(id cti.LegID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.legs[id]
	return l != nil && l.claimed
}

// SentDTMF tells the keys that were sent to the leg's far end.
func (s *Switch) SentDTMF(id cti.LegID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil {
		return l.sent
	}
	return ""
}

// Headers tells the SIP headers of an originated leg.
func (s *Switch) Headers(id cti.LegID) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil {
		return maps.Clone(l.headers)
	}
	return nil
}

// Global tells a global variable of the dialplan.
func (s *Switch) Global(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.globals[name]
}

// Source names the recording of a leg below spool/recording, "" if it makes none.
func (s *Switch) Source(id cti.LegID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil {
		return l.source
	}
	return ""
}

// File is a stored recording: 16-bit samples at 8 kHz, one sine wave a channel (0 Hz is
// silence), or the bytes of Data.
type File struct {
	Data   []byte
	Tone   []float64 // Hz per channel
	Length time.Duration
	WAV    bool // with a header
}

// PutRecording stores a finished recording; the name has its extension.
func (s *Switch) PutRecording(name string, f File) { s.set(func() { s.files[name] = f }) }

func (f File) bytes() []byte {
	if f.Data != nil {
		return f.Data
	}
	const rate = 8000
	frames := int(f.Length.Seconds() * rate)
	var b bytes.Buffer
	if f.WAV {
		b.Write(wavHeader(len(f.Tone), frames*len(f.Tone)*2))
	}
	pcm := make([]byte, 0, frames*len(f.Tone)*2)
	for i := range frames {
		for _, hz := range f.Tone {
			v := int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/rate))
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(v))
		}
	}
	b.Write(pcm)
	return b.Bytes()
}

func wavHeader(channels, size int) []byte {
	le := binary.LittleEndian
	h := append([]byte("RIFF"), le.AppendUint32(nil, uint32(36+size))...)
	h = append(h, "WAVEfmt "...)
	h = le.AppendUint32(h, 16)
	h = le.AppendUint16(h, 1)
	h = le.AppendUint16(h, uint16(channels))
	h = le.AppendUint32(h, 8000)
	h = le.AppendUint32(h, uint32(16000*channels))
	h = le.AppendUint16(h, uint16(2*channels))
	h = le.AppendUint16(h, 16)
	h = append(h, "data"...)
	return le.AppendUint32(h, uint32(size))
}
