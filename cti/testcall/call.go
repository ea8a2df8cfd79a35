package testcall

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// State is where a call stands, as this phone sees it.
type State string

// The states of a call, in the order in which they are passed; every state but
// the first may be left out, Ended never.
const (
	StateCalling  State = "calling" // INVITE sent or received
	StateRinging  State = "ringing" // 180 or 183 sent or received
	StateAnswered State = "answered"
	StateEnded    State = "ended"
)

// Timings are the instants of a call; zero for what has not happened.
type Timings struct {
	Invite   time.Time // INVITE sent or received
	Trying   time.Time // first response of any kind
	Ringing  time.Time // first 180 or 183
	Answered time.Time // 200 sent or received
	FirstRTP time.Time // first packet that arrived
	Ended    time.Time
}

// Since gives the time from INVITE to one of the instants, or 0 if it has not come.
func (t Timings) Since(instant time.Time) time.Duration {
	if instant.IsZero() {
		return 0
	}
	return instant.Sub(t.Invite)
}

// Call is one call of a phone, outgoing or incoming. All methods may be called
// from any goroutine.
type Call struct {
	phone    *Phone
	media    *media
	outgoing bool
	invite   *sip.Request // as sent or received; read only
	codecs   []Codec      // we speak in this call
	offer    uint64       // id of our session description

	ringing  chan struct{}
	answered chan struct{}
	ended    chan struct{}
	released chan struct{} // the last message has been exchanged

	releasing sync.Once

	mu      sync.Mutex
	dialog  dialog
	state   State
	timings Timings
	end     End
	version uint64 // of our session description
	held    bool   // by us
	answer  answering
	renewal renewal
	cancel  chan struct{} // closed to give up an outgoing call
	giveUp  End           // how an outgoing call ends that is given up
}

func (p *Phone) newCall(outgoing bool) (*Call, error) {
	m, err := newMedia(p.config.LocalIP, p.log)
	if err != nil {
		return nil, err
	}
	return &Call{
		phone: p, media: m, outgoing: outgoing, offer: uint64(rand.Uint32()), version: 1,
		ringing: make(chan struct{}), answered: make(chan struct{}),
		ended: make(chan struct{}), released: make(chan struct{}),
		state: StateCalling, timings: Timings{Invite: time.Now()}, cancel: make(chan struct{}),
		answer: answering{final: make(chan struct{}), acked: make(chan struct{})},
	}, nil
}

func (c *Call) key() dialogKey { return c.dialog.key() }

// ID is the SIP Call-ID, with which the call is found in the switch's logs.
func (c *Call) ID() string { return c.dialog.callID }

// Outgoing says whether this phone dialled.
func (c *Call) Outgoing() bool { return c.outgoing }

// Peer is the number at the other side: the caller's of an incoming call, the
// dialled one of an outgoing call; empty if none was sent.
func (c *Call) Peer() string {
	if c.outgoing {
		return c.invite.Recipient.User
	}
	return c.invite.From().Address.User
}

// Dialled is the number in the INVITE's request line.
func (c *Call) Dialled() string { return c.invite.Recipient.User }

// Header gives a header of the INVITE, or "" if it has none.
func (c *Call) Header(name string) string {
	if h := c.invite.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}

// State is where the call stands.
func (c *Call) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Timings gives the instants so far.
func (c *Call) Timings() Timings {
	c.mu.Lock()
	t := c.timings
	c.mu.Unlock()
	t.FirstRTP = c.Stats().First
	return t
}

// Ended is closed when the call is over.
func (c *Call) Ended() <-chan struct{} { return c.ended }

// End tells how the call ended; the zero End while it is up.
func (c *Call) End() End {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end
}

// WaitRinging waits until the far phone rings, or has been answered without
// ringing. A call that ends instead gives a [*CallError].
func (c *Call) WaitRinging(ctx context.Context) error { return c.wait(ctx, c.ringing, "ringing") }

// WaitAnswered waits for the answer. A call that ends instead gives a [*CallError].
func (c *Call) WaitAnswered(ctx context.Context) error { return c.wait(ctx, c.answered, "answer") }

func (c *Call) wait(ctx context.Context, reached <-chan struct{}, what string) error {
	select {
	case <-reached:
		return nil
	default:
	}
	select {
	case <-reached:
		return nil
	case <-c.ended:
		return &CallError{c.End()}
	case <-ctx.Done():
		return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
	}
}

// WaitEnded waits for the end of the call and tells how it came.
func (c *Call) WaitEnded(ctx context.Context) (End, error) {
	select {
	case <-c.ended:
		return c.End(), nil
	case <-ctx.Done():
		return End{}, fmt.Errorf("waiting for the end: %w", ctx.Err())
	}
}

// Hangup ends the call from our side, whatever it is doing: CANCEL while we dial
// (held back until the first provisional response, as RFC 3261 §9.1 wants), 486
// to a call we have not answered, else BYE. It returns when the peer has
// confirmed, and nil for a call that is over.
func (c *Call) Hangup(ctx context.Context) error {
	c.mu.Lock()
	state := c.state
	c.mu.Unlock()
	switch {
	case state == StateEnded:
	case state == StateAnswered:
		return c.bye(ctx)
	case c.outgoing:
		c.abandon(End{Side: SideLocal, Cause: CauseCancel})
	default:
		if err := c.Reject(sip.StatusBusyHere, "Busy Here"); err != nil {
			return err
		}
	}
	select {
	case <-c.released:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("hanging up: %w", ctx.Err())
	}
}

func (c *Call) bye(ctx context.Context) error {
	if !c.outgoing {
		// RFC 3261 §15: no BYE before the ACK of our answer has come.
		select {
		case <-c.answer.acked:
		case <-c.ended:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("hanging up before the ACK: %w", ctx.Err())
		}
	}
	if !c.finish(End{Side: SideLocal, Cause: CauseBye}) {
		return nil
	}
	defer c.release()
	res, err := c.inDialog(ctx, sip.BYE, nil, "")
	if err != nil {
		return fmt.Errorf("hanging up: %w", err)
	}
	if !res.IsSuccess() && res.StatusCode != sip.StatusCallTransactionDoesNotExists {
		return fmt.Errorf("hanging up: %d %s", res.StatusCode, res.Reason)
	}
	return nil
}

// progress notes a state that comes before the end; it says whether the call has
// gone forward.
func (c *Call) progress(state State) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	switch {
	case c.state == StateEnded || c.state == StateAnswered:
		return false
	case state == StateRinging && c.state == StateCalling:
		c.timings.Ringing = now
		close(c.ringing)
	case state == StateAnswered:
		c.timings.Answered = now
		if c.state == StateCalling {
			close(c.ringing)
		}
		close(c.answered)
	default:
		return false
	}
	c.state = state
	return true
}

// finish notes the end, stops the media and says whether this was the first end.
func (c *Call) finish(end End) bool {
	c.mu.Lock()
	if c.state == StateEnded {
		c.mu.Unlock()
		return false
	}
	end.At = time.Now()
	c.state, c.end, c.timings.Ended = StateEnded, end, end.At
	c.mu.Unlock()
	c.media.stop()
	close(c.ended)
	return true
}

// release forgets the call: nothing of its dialog is awaited any more. A BYE that
// comes in the moment of our answer meets the INVITE's own end here.
func (c *Call) release() {
	c.phone.remove(c)
	c.releasing.Do(func() { close(c.released) })
}
