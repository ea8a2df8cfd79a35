package script

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/open12345/hotline/cti/testcall"
)

type waitAnswer time.Duration

func (w waitAnswer) do(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(w))
	defer cancel()
	return r.call.WaitAnswered(ctx)
}

type waitRinging time.Duration

func (w waitRinging) do(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(w))
	defer cancel()
	return r.call.WaitRinging(ctx)
}

type wait time.Duration

func (w wait) do(ctx context.Context, r *run) error {
	timer := time.NewTimer(time.Duration(w))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-r.call.Ended():
		return &testcall.CallError{End: r.call.End()}
	case <-ctx.Done():
		return ctx.Err()
	}
}

type waitSound time.Duration

func (w waitSound) do(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(w))
	defer cancel()
	return r.call.WaitSound(ctx)
}

type waitTone struct {
	freqs  []float64
	within time.Duration
}

func (w waitTone) do(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, w.within)
	defer cancel()
	_, err := r.call.WaitAnyTone(ctx, w.freqs...)
	return err
}

type waitSilence struct {
	quiet, within time.Duration
}

func (w waitSilence) do(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, w.within)
	defer cancel()
	return r.call.WaitSilence(ctx, w.quiet)
}

type waitPerson time.Duration

// personQuiet is how long the line must be quiet for a person to be there: longer
// than a pause between two prompts or two rounds of the music.
const personQuiet = 2500 * time.Millisecond

// do waits for a simulated seat's tone. A person with a microphone has none, but
// the music stops when he answers.
func (w waitPerson) do(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(w))
	defer cancel()
	found := make(chan error, 1)
	var listening sync.WaitGroup
	listen := func(wait func() error) {
		listening.Go(func() {
			select {
			case found <- wait():
			default: // the other has found it first
			}
		})
	}
	listen(func() error {
		_, err := r.call.WaitAnyTone(ctx, testcall.SeatTones()...)
		return err
	})
	listen(func() error { return r.call.WaitSilence(ctx, personQuiet) })
	err := <-found
	cancel()
	listening.Wait()
	if err == nil {
		r.outcome.WaitForPerson = time.Since(r.call.Timings().Answered)
	}
	return err
}

type waitEnd time.Duration

func (w waitEnd) do(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(w))
	defer cancel()
	_, err := r.call.WaitEnded(ctx)
	r.over = err == nil
	return err
}

type hold time.Duration

func (h hold) do(ctx context.Context, r *run) error {
	if err := r.call.Hold(ctx); err != nil {
		return err
	}
	if err := wait(h).do(ctx, r); err != nil {
		return err
	}
	return r.call.Resume(ctx)
}

type press struct {
	keys string
	info bool
}

func (p press) do(ctx context.Context, r *run) error {
	r.outcome.Keys += p.keys
	if p.info {
		return r.call.PressByInfo(ctx, p.keys)
	}
	return r.call.Press(ctx, p.keys)
}

type say string

func (s say) do(ctx context.Context, r *run) error {
	return r.call.Play(ctx, r.speech.In(r.script.Voice).Say(string(s)))
}

type play string

func (p play) do(ctx context.Context, r *run) error {
	clip, err := testcall.WAVClip(filepath.Join(r.script.dir, string(p)))
	if err != nil {
		return err
	}
	return r.call.Play(ctx, clip)
}

type sendTone float64

func (s sendTone) do(_ context.Context, r *run) error {
	if s == 0 {
		r.call.Send(testcall.Quiet())
	} else {
		r.call.Send(testcall.Tone(float64(s)))
	}
	return nil
}

type rate string

const (
	talkTime   = 3 * time.Minute        // a seat may go on for this long
	askedQuiet = 700 * time.Millisecond // the question is over
	askedTime  = 20 * time.Second
	thanksTime = 20 * time.Second
)

// do waits until the seat has gone, listens to the question, presses the key and
// waits for the goodbye.
func (k rate) do(ctx context.Context, r *run) error {
	talk, cancel := context.WithTimeout(ctx, talkTime)
	defer cancel()
	if err := r.call.WaitNoTone(talk, testcall.SeatTones()...); err != nil {
		return fmt.Errorf("the seat's end: %w", err)
	}
	asked, cancel := context.WithTimeout(ctx, askedTime)
	defer cancel()
	if err := r.call.WaitSound(asked); err != nil {
		return fmt.Errorf("the question: %w", err)
	}
	if err := r.call.WaitSilence(asked, askedQuiet); err != nil {
		return fmt.Errorf("the end of the question: %w", err)
	}
	// The far side may take the key's first packet and hang up before its last.
	if err := (press{keys: string(k)}).do(ctx, r); err != nil && !errors.Is(err, testcall.ErrCallEnded) {
		return err
	}
	return waitEnd(thanksTime).do(ctx, r)
}

type hangup struct{}

func (hangup) do(ctx context.Context, r *run) error {
	r.over = true
	err := r.call.Hangup(ctx)
	if errors.Is(err, testcall.ErrCallEnded) {
		return nil
	}
	return err
}
