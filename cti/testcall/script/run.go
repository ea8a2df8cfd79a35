package script

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/open12345/hotline/cti/testcall"
)

// Outcome is what became of one scripted call.
type Outcome struct {
	Script string        `json:"script"`
	From   string        `json:"from"`
	CallID string        `json:"call_id,omitempty"`
	Begun  time.Time     `json:"begun"`
	Length time.Duration `json:"length_ns"` // INVITE to end

	// Times from the INVITE; 0 if it never came to it.
	ToTrying   time.Duration `json:"to_trying_ns"`
	ToRinging  time.Duration `json:"to_ringing_ns"`
	ToAnswer   time.Duration `json:"to_answer_ns"`
	ToFirstRTP time.Duration `json:"to_first_rtp_ns"`
	// WaitForPerson is from the answer until a person was there; 0 if none came.
	WaitForPerson time.Duration `json:"wait_for_person_ns"`

	Keys  string `json:"keys,omitempty"` // pressed
	Steps int    `json:"steps"`          // done
	// Failure is the cause of a call that did not go as written, "" if it did:
	// a word for counting and what is known besides.
	Failure Failure `json:"failure,omitempty"`
	Detail  string  `json:"detail,omitempty"`
	End     string  `json:"end"`

	Packets uint64        `json:"packets"`
	Lost    uint64        `json:"lost"`
	Jitter  time.Duration `json:"jitter_ns"`
	MaxGap  time.Duration `json:"max_gap_ns"`
	Heard   time.Duration `json:"heard_ns"`
	// OneWay says that an answered call of more than 3 s brought no sound.
	OneWay bool `json:"one_way"`
}

// Failure is the kind of a failed call.
type Failure string

// The failures of scripted calls.
const (
	FailedDial      Failure = "dial"        // the INVITE could not be sent
	FailedRejected  Failure = "rejected"    // refused with a SIP status
	FailedNoAnswer  Failure = "no_answer"   // not answered in time
	FailedTransport Failure = "transport"   // nobody replied
	FailedEndedSoon Failure = "ended_early" // the far side hung up before the script's end
	FailedStep      Failure = "step"        // what a step waits for did not come
	FailedOneWay    Failure = "one_way"     // nothing was heard
	FailedStopped   Failure = "stopped"     // we were told to stop
)

// Runner runs scripts on one phone.
type Runner struct {
	Phone  *testcall.Phone
	Target string // such as sip:12345@127.0.0.1:5060
	Speech Speech
}

// run is one call under way.
type run struct {
	script  Script
	speech  Speech
	call    *testcall.Call
	outcome *Outcome
	over    bool // the call's end is as written
}

// oneWayAfter is how long an answered call may be silent.
const oneWayAfter = 3 * time.Second

// hangupTime bounds the goodbye.
const hangupTime = 3 * time.Second

// Run does the script from the INVITE to the end. ctx bounds the whole call; when
// it is done the call is hung up.
func (r Runner) Run(ctx context.Context, s Script, caller Caller) Outcome {
	outcome := Outcome{Script: s.Name, From: caller.Number, Begun: time.Now()}
	options := []testcall.DialOption{testcall.From(caller.Number), testcall.DisplayName(caller.Name)}
	if caller.Anonymous {
		outcome.From = "anonymous"
		options = []testcall.DialOption{testcall.Anonymous()}
	}
	call, err := r.Phone.Dial(ctx, r.Target, options...)
	if err != nil {
		outcome.Failure, outcome.Detail = FailedDial, err.Error()
		return outcome
	}
	this := &run{script: s, speech: r.Speech, call: call, outcome: &outcome}
	this.steps(ctx)
	goodbye, cancel := context.WithTimeout(context.WithoutCancel(ctx), hangupTime)
	defer cancel()
	if err := call.Hangup(goodbye); err != nil && outcome.Failure == "" {
		outcome.Failure, outcome.Detail = FailedTransport, err.Error()
	}
	this.measure()
	return outcome
}

func (r *run) steps(ctx context.Context) {
	for _, step := range r.script.Steps {
		if err := step.act.do(ctx, r); err != nil {
			r.outcome.Failure = r.failure(ctx, err)
			r.outcome.Detail = fmt.Sprintf("line %d %s: %v", step.Line, step.Name, err)
			return
		}
		r.outcome.Steps++
		if r.over {
			return
		}
	}
}

// failure finds the kind of a step's error.
func (r *run) failure(ctx context.Context, err error) Failure {
	var ended *testcall.CallError
	switch {
	case errors.As(err, &ended) && ended.End.Side == testcall.SideLocal && ctx.Err() == nil:
		return FailedStep
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.Canceled):
		return FailedStopped
	case errors.As(err, &ended):
		switch ended.End.Cause {
		case testcall.CauseRejected:
			return FailedRejected
		case testcall.CauseTimeout:
			return FailedNoAnswer
		case testcall.CauseTransport, testcall.CauseProtocol:
			return FailedTransport
		}
		return FailedEndedSoon
	case r.call.Timings().Answered.IsZero():
		return FailedNoAnswer
	}
	return FailedStep
}

func (r *run) measure() {
	o, timings, stats := r.outcome, r.call.Timings(), r.call.Stats()
	o.CallID, o.End = r.call.ID(), r.call.End().String()
	o.Length = timings.Since(timings.Ended)
	o.ToTrying, o.ToRinging = timings.Since(timings.Trying), timings.Since(timings.Ringing)
	o.ToAnswer, o.ToFirstRTP = timings.Since(timings.Answered), timings.Since(timings.FirstRTP)
	o.Packets, o.Lost, o.Jitter, o.MaxGap = stats.Packets, stats.Lost, stats.Jitter, stats.MaxGap
	o.Heard = r.call.Heard()
	if !timings.Answered.IsZero() && timings.Ended.Sub(timings.Answered) > oneWayAfter && o.Heard == 0 {
		o.OneWay = true
		if o.Failure == "" {
			o.Failure = FailedOneWay
		}
	}
}
