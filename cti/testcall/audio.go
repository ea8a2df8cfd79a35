package testcall

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Send changes what this leg sends, from the next packet on, until the call ends.
func (c *Call) Send(source Source) { c.media.setBase(source) }

// Play sends the source once, over what Send set, and returns at its end.
func (c *Call) Play(ctx context.Context, source Source) error {
	if err := c.media.play(ctx, source); err != nil {
		return fmt.Errorf("playing: %w", err)
	}
	return nil
}

// StopSending makes the leg send no packets at all, as a phone that fell off the
// network; StopSending(false) mends it.
func (c *Call) StopSending(stop bool) { c.media.setMuted(stop) }

// Impair spoils what is sent from now on; the zero Impairment mends it.
func (c *Call) Impair(i Impairment) { c.media.setImpairment(i) }

// Press sends keys by RFC 4733, 100 ms each and 100 ms apart, and returns when the
// last one is out.
func (c *Call) Press(ctx context.Context, keys string) error {
	events, err := parseKeys(keys)
	if err != nil {
		return err
	}
	if err := c.media.press(ctx, events); err != nil {
		return fmt.Errorf("pressing %q: %w", keys, err)
	}
	return nil
}

// Keys gives the keys received so far.
func (c *Call) Keys() string {
	c.media.ear.mu.Lock()
	defer c.media.ear.mu.Unlock()
	return string(c.media.ear.keys)
}

// WaitKeys waits until at least n keys have come and gives all of them.
func (c *Call) WaitKeys(ctx context.Context, n int) (string, error) {
	err := c.until(ctx, "keys", func() bool { return len(c.Keys()) >= n })
	return c.Keys(), err
}

// Capture writes what is sent (left) and heard (right) from now on into a stereo
// WAV file, which is complete when the call has ended.
func (c *Call) Capture(path string) error { return c.media.startCapture(path) }

// Stats gives the figures of what was received, those of a call that has ended too.
func (c *Call) Stats() RTPStats {
	c.media.ear.mu.Lock()
	defer c.media.ear.mu.Unlock()
	now := time.Now()
	if end := c.endedAt(); !end.IsZero() {
		now = end
	}
	return c.media.ear.meter.snapshot(now)
}

func (c *Call) endedAt() time.Time {
	select {
	case <-c.ended:
		return c.End().At
	default:
		return time.Time{}
	}
}

// MarkGap begins a new measurement of the longest gap in what is received.
func (c *Call) MarkGap() {
	c.media.ear.mu.Lock()
	defer c.media.ear.mu.Unlock()
	c.media.ear.meter.mark(time.Now())
}

// Level is the level of what is heard now, in dBFS; [Silence] if nothing comes.
func (c *Call) Level() float64 { return c.media.ear.level() }

// Heard is how much audible sound has come in all: 0 at the end of a call with
// two sides that speak is one-way audio.
func (c *Call) Heard() time.Duration {
	c.media.ear.mu.Lock()
	defer c.media.ear.mu.Unlock()
	return c.media.ear.loud
}

// HearsTone says whether this frequency has stood out for the last 300 ms.
func (c *Call) HearsTone(freq float64) bool { return c.media.ear.hearsTone(freq) }

// HearsLeg says whether the tone of this leg is heard now.
func (c *Call) HearsLeg(leg Leg) bool { return c.HearsTone(ToneOf(leg)) }

// WaitTone waits until all of the frequencies are heard at once.
func (c *Call) WaitTone(ctx context.Context, freqs ...float64) error {
	return c.until(ctx, fmt.Sprintf("tones %v", freqs), func() bool {
		return !slices.ContainsFunc(freqs, func(f float64) bool { return !c.HearsTone(f) })
	})
}

// WaitAnyTone waits until one of the frequencies is heard and gives it.
func (c *Call) WaitAnyTone(ctx context.Context, freqs ...float64) (float64, error) {
	heard := 0.0
	err := c.until(ctx, fmt.Sprintf("any of %d tones", len(freqs)), func() bool {
		i := slices.IndexFunc(freqs, c.HearsTone)
		if i < 0 {
			return false
		}
		heard = freqs[i]
		return true
	})
	return heard, err
}

// WaitNoTone waits until none of the frequencies has been heard for 300 ms.
func (c *Call) WaitNoTone(ctx context.Context, freqs ...float64) error {
	return c.until(ctx, fmt.Sprintf("the end of tones %v", freqs), func() bool {
		return !slices.ContainsFunc(freqs, c.media.ear.toneRecently)
	})
}

// WaitSound waits until something audible comes.
func (c *Call) WaitSound(ctx context.Context) error {
	return c.until(ctx, "sound", func() bool { return c.Level() > silentLevel })
}

// WaitSilence waits until nothing audible has come for this long: the end of a
// prompt.
func (c *Call) WaitSilence(ctx context.Context, quiet time.Duration) error {
	ear := c.media.ear
	begun := time.Now()
	return c.until(ctx, "silence", func() bool {
		ear.mu.Lock()
		defer ear.mu.Unlock()
		return time.Since(begun) >= quiet && time.Since(ear.lastLoud) >= quiet
	})
}

// WaitMedia waits for the first packet of audio.
func (c *Call) WaitMedia(ctx context.Context) error {
	select {
	case <-c.media.ear.first:
		return nil
	case <-c.ended:
		return &CallError{c.End()}
	case <-ctx.Done():
		return fmt.Errorf("waiting for the first audio: %w", ctx.Err())
	}
}

func (c *Call) until(ctx context.Context, what string, condition func() bool) error {
	err := c.media.ear.until(ctx, c.ended, condition)
	if errors.Is(err, ErrCallEnded) {
		err = &CallError{c.End()}
	}
	if err != nil {
		return fmt.Errorf("waiting for %s: %w", what, err)
	}
	return nil
}
