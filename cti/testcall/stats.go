package testcall

import (
	"time"
)

// RTPStats is what a stream looked like to its receiver.
type RTPStats struct {
	Packets    uint64 // received in time or late, without duplicates
	Bytes      uint64 // payload
	Lost       uint64 // missing numbers between the first and the highest one
	Duplicates uint64
	Reordered  uint64 // arrived after a higher number
	// Jitter is the interarrival jitter of RFC 3550 §6.4.1.
	Jitter time.Duration
	// MaxGap is the longest time between two arrivals since the last
	// [Call.MarkGap], or since the first packet. A stream that has stopped counts
	// up to the moment of asking.
	MaxGap time.Duration
	// SSRCChanges counts how often another sender took over the stream.
	SSRCChanges int
	First       time.Time // arrival of the first packet
	Last        time.Time // arrival of the last packet
}

// LossRatio is the share of packets that were lost, 0…1.
func (s RTPStats) LossRatio() float64 {
	if s.Packets+s.Lost == 0 {
		return 0
	}
	return float64(s.Lost) / float64(s.Packets+s.Lost)
}

// streamMeter keeps the statistics of one incoming stream.
type streamMeter struct {
	stats    RTPStats
	ssrc     uint32
	highest  uint64 // extended sequence number
	first    uint64
	seen     uint64 // packets of this SSRC without duplicates
	window   uint64 // bit i: highest-i was received
	lost     uint64 // of earlier SSRCs
	jitter   float64
	transit  float64
	lastMark time.Time
}

// packet enters one packet that arrived at this time; it says whether the packet
// is new (not a duplicate).
func (m *streamMeter) packet(ssrc uint32, seq uint16, timestamp uint32, size int, at time.Time) bool {
	s := &m.stats
	if s.First.IsZero() {
		s.First, m.lastMark = at, at
	} else {
		s.MaxGap = max(s.MaxGap, at.Sub(m.lastMark))
		m.lastMark = at
	}
	s.Last = at
	if m.seen == 0 || ssrc != m.ssrc {
		if m.seen != 0 {
			s.SSRCChanges++
			m.lost = s.Lost
		}
		m.ssrc, m.seen, m.window = ssrc, 0, 0
		m.first = uint64(seq) + 1<<16 // room below for packets that come late
		m.highest = m.first
		m.transit = 0
	}
	extended := m.highest + uint64(int64(int16(seq-uint16(m.highest))))
	if !m.enter(extended) {
		s.Duplicates++
		return false
	}
	m.seen++
	s.Packets++
	s.Bytes += uint64(size)
	if expected := m.highest - m.first + 1; expected > m.seen {
		s.Lost = m.lost + expected - m.seen
	} else {
		s.Lost = m.lost
	}
	m.interarrival(timestamp, at)
	return true
}

// enter notes the number in the window of the last 64; false: it was there already.
func (m *streamMeter) enter(extended uint64) bool {
	switch {
	case m.seen == 0:
		m.window = 1
	case extended > m.highest:
		if shift := extended - m.highest; shift < 64 {
			m.window = m.window<<shift | 1
		} else {
			m.window = 1
		}
		m.highest = extended
	default:
		back := m.highest - extended
		if back >= 64 || m.window&(1<<back) != 0 {
			return false
		}
		m.window |= 1 << back
		m.first = min(m.first, extended)
		m.stats.Reordered++
	}
	return true
}

func (m *streamMeter) interarrival(timestamp uint32, at time.Time) {
	arrival := at.Sub(m.stats.First).Seconds() * SampleRate
	transit := arrival - float64(timestamp)
	if m.seen > 1 {
		d := transit - m.transit
		if d < 0 {
			d = -d
		}
		// A timestamp that jumps (another source behind the same sender, or a
		// wrap) says nothing about the network.
		if d < SampleRate {
			m.jitter += (d - m.jitter) / 16
			m.stats.Jitter = time.Duration(m.jitter / SampleRate * float64(time.Second))
		}
	}
	m.transit = transit
}

// snapshot gives the figures as of now.
func (m *streamMeter) snapshot(now time.Time) RTPStats {
	s := m.stats
	if !s.First.IsZero() {
		s.MaxGap = max(s.MaxGap, now.Sub(m.lastMark))
	}
	return s
}

// mark begins a new measurement of the longest gap.
func (m *streamMeter) mark(now time.Time) {
	m.stats.MaxGap = 0
	if !m.stats.First.IsZero() {
		m.lastMark = now
	}
}
