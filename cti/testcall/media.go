package testcall

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Impairment spoils what a leg sends, to prove that measurements notice it. Both
// functions get the number of the packet, counted from 0.
type Impairment struct {
	Drop      func(packet uint64) bool // not sent, as if lost on the way
	Duplicate func(packet uint64) bool // sent twice
}

// media is the RTP side of one call: two sockets, a sender paced by the monotonic
// clock, a receiver that measures. It lives from newMedia to stop.
type media struct {
	log  *slog.Logger
	conn *net.UDPConn
	rtcp *net.UDPConn // bound so that the peer's reports reach nobody else; never read
	ear  *ear
	wg   sync.WaitGroup
	quit chan struct{}

	mu      sync.Mutex
	stopped bool
	running bool
	remote  netip.AddrPort
	codec   Codec
	events  uint8
	sense   direction
	muted   bool // send nothing at all
	base    Source
	overlay Source
	played  chan struct{} // closed when overlay has ended
	keys    *keyPress
	impair  Impairment
	capture *captureFile

	ssrc      uint32
	sequence  uint16
	timestamp uint32
	sent      uint64
	fresh     bool // the next packet begins a talk spurt
}

func newMedia(ip string, log *slog.Logger) (*media, error) {
	conn, rtcp, err := bindPair(net.ParseIP(ip))
	if err != nil {
		return nil, fmt.Errorf("opening media ports: %w", err)
	}
	m := &media{
		log: log, conn: conn, rtcp: rtcp, quit: make(chan struct{}),
		base: Quiet(), sense: sendRecv, ear: newEar(),
		ssrc: rand.Uint32(), sequence: uint16(rand.Uint32()), timestamp: rand.Uint32(), fresh: true,
	}
	askReceiveTimes(conn)
	m.wg.Go(m.receive)
	return m, nil
}

// bindPair takes an even port and the odd one above it (RFC 3550 §11).
func bindPair(ip net.IP) (rtp, rtcp *net.UDPConn, err error) {
	for range 100 {
		rtp, err = net.ListenUDP("udp", &net.UDPAddr{IP: ip})
		if err != nil {
			return nil, nil, err
		}
		port := rtp.LocalAddr().(*net.UDPAddr).Port
		if port%2 == 0 {
			rtcp, err = net.ListenUDP("udp", &net.UDPAddr{IP: ip, Port: port + 1})
			if err == nil {
				return rtp, rtcp, nil
			}
		}
		_ = rtp.Close()
	}
	return nil, nil, errors.New("no free pair of ports")
}

func (m *media) localAddr() netip.AddrPort {
	return m.conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// connect tells where and how to send; the first call starts the sender, later
// ones (re-INVITE) change it.
func (m *media) connect(remote netip.AddrPort, codec Codec, events uint8, sense direction) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped {
		return
	}
	m.remote, m.codec, m.events, m.sense = remote, codec, events, sense
	m.ear.expect(remote.Port(), events)
	if !m.running {
		m.running = true
		m.wg.Go(m.send)
	}
}

// stop ends both goroutines and closes the sockets; waiters of plays and keys are
// let go.
func (m *media) stop() {
	m.mu.Lock()
	if m.stopped {
		m.mu.Unlock()
		return
	}
	m.stopped = true
	m.mu.Unlock()
	close(m.quit)
	// Closing lets the receiver go; a socket has nothing left to report.
	_ = m.conn.Close()
	_ = m.rtcp.Close()
	m.wg.Wait()
	m.mu.Lock()
	capture := m.capture
	m.capture = nil
	m.mu.Unlock()
	if capture != nil {
		if err := capture.close(); err != nil {
			m.log.Error("capture is incomplete", "error", err)
		}
	}
}

func (m *media) setBase(source Source) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.base = source
}

func (m *media) setMuted(muted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.muted, m.fresh = muted, true
}

func (m *media) setImpairment(i Impairment) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.impair = i
}

func (m *media) startCapture(path string) error {
	file, err := newCaptureFile(path)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped || m.capture != nil {
		file.file.Close()
		return errors.New("capture: the call has ended or is being captured already")
	}
	m.capture = file
	m.ear.keepForCapture()
	return nil
}

// play sends the source over the base source and returns at its end.
func (m *media) play(ctx context.Context, source Source) error {
	done := make(chan struct{})
	m.mu.Lock()
	if m.played != nil {
		close(m.played)
	}
	m.overlay, m.played = source, done
	m.mu.Unlock()
	return m.await(ctx, done)
}

// press sends the keys and returns when the last one is out.
func (m *media) press(ctx context.Context, events []byte) error {
	if len(events) == 0 {
		return nil
	}
	done := make(chan struct{})
	for {
		m.mu.Lock()
		if m.events == 0 {
			m.mu.Unlock()
			return ErrNoKeyEvents
		}
		busy := m.keys
		if busy == nil {
			m.keys = &keyPress{events: events, done: done}
			m.mu.Unlock()
			return m.await(ctx, done)
		}
		m.mu.Unlock()
		if err := m.await(ctx, busy.done); err != nil {
			return err
		}
	}
}

func (m *media) await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-m.quit:
		return ErrCallEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

// maxLag is how late the sender may be before it gives up catching up and lets
// the timestamp jump, as a phone does whose processor was busy.
const maxLag = 500 * time.Millisecond

const frameTime = 20 * time.Millisecond

// send paces frames by absolute deadlines of the monotonic clock: lateness of one
// frame never adds to the next.
func (m *media) send() {
	next := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-m.quit:
			return
		case <-timer.C:
		}
		if lag := time.Since(next); lag > maxLag {
			skipped := int(lag / frameTime)
			next = next.Add(time.Duration(skipped) * frameTime)
			m.mu.Lock()
			m.timestamp += uint32(skipped * FrameSamples)
			m.mu.Unlock()
		}
		m.frame()
		next = next.Add(frameTime)
		timer.Reset(time.Until(next))
	}
}

// frame sends what 20 ms of this leg are: an event, audio, or nothing.
func (m *media) frame() {
	var pcm [FrameSamples]int16
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.keys != nil && m.keyFrame():
	case m.sense.sends() && !m.muted:
		m.nextAudio(pcm[:])
		m.write(uint8(m.codec), m.timestamp, m.fresh, encode(m.codec, pcm[:]))
		m.fresh = false
	}
	m.timestamp += FrameSamples
	if m.capture != nil {
		var heard [FrameSamples]int16
		m.ear.takeForCapture(heard[:])
		if err := m.capture.write(pcm[:], heard[:]); err != nil {
			m.log.Error("capture ends early", "error", err)
			m.capture.file.Close()
			m.capture = nil
		}
	}
}

func (m *media) nextAudio(pcm []int16) {
	if m.overlay != nil {
		if m.overlay.Next(pcm) {
			return
		}
		close(m.played)
		m.overlay, m.played = nil, nil
	}
	m.base.Next(pcm)
}

// keyFrame sends one packet of the key being pressed, and says whether this frame
// belongs to the key (its gap is filled with audio).
func (m *media) keyFrame() bool {
	k := m.keys
	k.frame++
	if k.frame > keyFrames {
		if k.frame == keyFrames+keyGapFrames {
			k.events, k.frame = k.events[1:], 0
			if len(k.events) == 0 {
				close(k.done)
				m.keys = nil
			}
		}
		return false
	}
	if k.frame == 1 {
		k.start = m.timestamp
	}
	end := k.frame == keyFrames
	payload := eventPayload(k.events[0], end, uint16(k.frame*FrameSamples))
	copies := 1
	if end {
		copies = keyEndCopies
	}
	for range copies {
		m.write(m.events, k.start, k.frame == 1, payload)
	}
	return true
}
