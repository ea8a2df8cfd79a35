package testcall

import (
	"context"
	"sync"
	"time"
)

const (
	earSeconds = 1               // audio kept for tone detection
	wakeEvery  = SampleRate / 20 // waiters look again each 50 ms of audio
	staleAfter = 200 * time.Millisecond
	maxPlayout = 10 * FrameSamples // 200 ms of captured audio may queue
	maxKeys    = 4096              // keys kept of one call
)

// ear is the receiving half of a call: statistics, the last second of audio, keys.
type ear struct {
	mu     sync.Mutex
	port   uint16 // of the peer, 0 until known
	events uint8
	strays uint64
	meter  streamMeter
	reader keyReader
	keys   []byte

	ring      [earSeconds * SampleRate]int16
	total     uint64 // samples ever heard
	loud      time.Duration
	lastLoud  time.Time
	lastSound time.Time // arrival of the last audio
	changed   chan struct{}
	playout   []int16
	capturing bool
	first     chan struct{} // closed at the first audio packet
}

func newEar() *ear {
	return &ear{changed: make(chan struct{}), first: make(chan struct{}), lastLoud: time.Now()}
}

func (e *ear) expect(port uint16, events uint8) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.port, e.events = port, events
}

// hear enters decoded audio; e.mu is held.
func (e *ear) hear(pcm []int16, at time.Time) {
	if e.total == 0 {
		close(e.first)
	}
	before := e.total / wakeEvery
	for _, s := range pcm {
		e.ring[e.total%uint64(len(e.ring))] = s
		e.total++
	}
	e.lastSound = at
	if Level(pcm) > silentLevel {
		e.lastLoud = at
		e.loud += time.Duration(len(pcm)) * time.Second / SampleRate
	}
	if e.capturing {
		e.playout = append(e.playout, pcm...)
		if over := len(e.playout) - maxPlayout; over > 0 {
			e.playout = e.playout[over:]
		}
	}
	if e.total/wakeEvery != before {
		e.wake()
	}
}

// wake lets all waiters look again; e.mu is held.
func (e *ear) wake() {
	if over := len(e.keys) - maxKeys; over > 0 {
		e.keys = e.keys[over:]
	}
	close(e.changed)
	e.changed = make(chan struct{})
}

func (e *ear) keepForCapture() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.capturing = true
}

// takeForCapture moves one frame out; what has not come in time is silence.
func (e *ear) takeForCapture(frame []int16) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := copy(frame, e.playout)
	e.playout = e.playout[n:]
}

// latest copies the last n samples, or fewer if there are not so many yet; e.mu
// is held.
func (e *ear) latest(n int) []int16 {
	n = int(min(uint64(n), e.total, uint64(len(e.ring))))
	out := make([]int16, n)
	for i := range out {
		out[i] = e.ring[(e.total-uint64(n)+uint64(i))%uint64(len(e.ring))]
	}
	return out
}

// hearsTone says whether the frequency stood out in each of the last three
// windows of 100 ms. Audio that stopped coming is no longer heard.
func (e *ear) hearsTone(freq float64) bool {
	e.mu.Lock()
	samples := e.latest(3 * toneWindow)
	stale := time.Since(e.lastSound) > staleAfter
	e.mu.Unlock()
	if stale || len(samples) < 3*toneWindow {
		return false
	}
	for i := len(samples) - toneWindow; i >= 0; i -= toneWindow { // the newest says no first
		if !HasTone(samples[i:i+toneWindow], SampleRate, freq) {
			return false
		}
	}
	return true
}

// toneRecently says whether the frequency stood out in any of the last three
// windows.
func (e *ear) toneRecently(freq float64) bool {
	e.mu.Lock()
	samples := e.latest(3 * toneWindow)
	stale := time.Since(e.lastSound) > staleAfter
	e.mu.Unlock()
	for i := 0; !stale && i+toneWindow <= len(samples); i += toneWindow {
		if HasTone(samples[i:i+toneWindow], SampleRate, freq) {
			return true
		}
	}
	return false
}

func (e *ear) level() float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if time.Since(e.lastSound) > staleAfter {
		return Silence
	}
	return Level(e.latest(toneWindow))
}

// until waits for the condition; it is asked again at every change and at least
// each 50 ms, since some conditions are about time that passes without audio.
func (e *ear) until(ctx context.Context, ended <-chan struct{}, condition func() bool) error {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		e.mu.Lock()
		changed := e.changed
		e.mu.Unlock()
		if condition() {
			return nil
		}
		select {
		case <-changed:
		case <-ticker.C:
		case <-ended:
			return ErrCallEnded
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// key enters a key that came by SIP INFO.
func (e *ear) key(key byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.keys = append(e.keys, key)
	e.wake()
}
