package recording

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// Flaws of a recording, as in calls.Recording.Flaws.
const (
	FlawLengthOff   = "length_off"   // more than 0.5 s longer or shorter than the clock says
	FlawLengthAlarm = "length_alarm" // more than 2 s, or more than 0.5 s and 1 %
	FlawEmpty       = "empty"        // no sound at all, or no file
	FlawSilentLeft  = "silent_left"  // nothing was heard from the citizen
	FlawSilentRight = "silent_right" // nothing was sent to the citizen
)

const (
	lengthMark  = 500 * time.Millisecond
	lengthAlarm = 2 * time.Second
	// audible is the sample value that counts as sound: 40 dB below full scale is speech in the
	// distance, this is 56 dB below; a line's idle noise after G.711 stays under it.
	audible = 50
	// soundShare is the part of a second that must be audible for a channel to have sound.
	soundShare = 8000 / 50
)

// meter counts what goes through it.
type meter struct {
	f      format
	bytes  int64
	loud   [2]int // audible samples by channel
	peak   [2]int
	odd    []byte
	nextCh int
}

// Write implements io.Writer; it never fails.
func (m *meter) Write(p []byte) (int, error) {
	m.bytes += int64(len(p))
	b := p
	if len(m.odd) > 0 && len(b) > 0 {
		m.sample(int(int16(uint16(m.odd[0]) | uint16(b[0])<<8)))
		b, m.odd = b[1:], m.odd[:0]
	}
	for ; len(b) >= 2; b = b[2:] {
		m.sample(int(int16(binary.LittleEndian.Uint16(b))))
	}
	m.odd = append(m.odd, b...)
	return len(p), nil
}

func (m *meter) sample(v int) {
	if v < 0 {
		v = -v
	}
	if v > audible {
		m.loud[m.nextCh]++
	}
	m.peak[m.nextCh] = max(m.peak[m.nextCh], v)
	m.nextCh = (m.nextCh + 1) % m.f.channels
}

func (m *meter) duration() time.Duration {
	frames := m.bytes / m.f.frame()
	return time.Duration(frames) * time.Second / time.Duration(m.f.rate)
}

// flaws judges what went through against the length by the clock.
func (m *meter) flaws(expected time.Duration) []string {
	if m.bytes == 0 {
		return []string{FlawEmpty}
	}
	var flaws []string
	if expected > 0 {
		off := (m.duration() - expected).Abs()
		if off > lengthMark {
			flaws = append(flaws, FlawLengthOff)
		}
		if off > lengthAlarm || off > lengthMark && off > expected/100 {
			flaws = append(flaws, FlawLengthAlarm)
		}
	}
	need := min(soundShare, int(m.bytes/m.f.frame())) // very short files need less
	if m.loud[0] < need {
		flaws = append(flaws, FlawSilentLeft)
	}
	if m.f.channels == 2 && m.loud[1] < need {
		flaws = append(flaws, FlawSilentRight)
	}
	return flaws
}

// alarming tells whether people must see the flaws.
func alarming(flaws []string) bool {
	return slices.ContainsFunc(flaws, func(f string) bool { return f != FlawLengthOff })
}

func (m *meter) describe(r *calls.Recording) {
	r.Channels, r.Rate, r.Duration = m.f.channels, m.f.rate, m.duration()
	r.Flaws = m.flaws(r.Expected)
}
