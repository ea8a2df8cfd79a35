package testcall

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/google/uuid"
)

// registration is a seat's binding at the switch (RFC 3261 §10).
type registration struct {
	mu       sync.Mutex
	callID   string
	sequence uint32
	active   bool
	stop     context.CancelFunc // of the goroutine that refreshes
	done     chan struct{}
}

// RegisterError is a refusal by the registrar.
type RegisterError struct {
	Status int
	Reason string
}

// Error implements error.
func (e *RegisterError) Error() string {
	return fmt.Sprintf("registrar refused: %d %s", e.Status, e.Reason)
}

// Register binds the number to this phone and keeps the binding fresh until
// Unregister or Stop. A refusal is a [*RegisterError].
func (p *Phone) Register(ctx context.Context) error {
	expiry, err := p.register(ctx, p.config.Expiry)
	if err != nil {
		return err
	}
	r := &p.registration
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil {
		return nil
	}
	refresh, stop := context.WithCancel(p.ctx)
	done := make(chan struct{})
	r.stop, r.done = stop, done
	p.wg.Go(func() {
		defer close(done)
		p.refresh(refresh, expiry)
	})
	return nil
}

// Registered says whether the last REGISTER was accepted.
func (p *Phone) Registered() bool {
	p.registration.mu.Lock()
	defer p.registration.mu.Unlock()
	return p.registration.active
}

// Unregister takes the binding back.
func (p *Phone) Unregister(ctx context.Context) error {
	r := &p.registration
	r.mu.Lock()
	stop, done := r.stop, r.done
	r.stop = nil
	r.mu.Unlock()
	if stop == nil {
		return nil
	}
	stop()
	<-done
	_, err := p.register(ctx, 0)
	return err
}

func (p *Phone) endRegistration(ctx context.Context) {
	if err := p.Unregister(ctx); err != nil {
		p.log.Debug("taking the registration back", "error", err)
	}
}

// retryAfter is how soon a failed refresh is tried again: a switch that was
// restarted has its seats back quickly.
const retryAfter = 2 * time.Second

// refresh renews the binding at two thirds of its life.
func (p *Phone) refresh(ctx context.Context, expiry time.Duration) {
	wait := expiry * 2 / 3
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		granted, err := p.register(attempt, p.config.Expiry)
		cancel()
		if err != nil {
			if ctx.Err() == nil {
				p.log.Warn("refreshing the registration", "error", err)
			}
			wait = retryAfter
			continue
		}
		wait = granted * 2 / 3
	}
}

// register sends one REGISTER and gives the life that was granted.
func (p *Phone) register(ctx context.Context, expiry time.Duration) (time.Duration, error) {
	r := &p.registration
	var registrar sip.Uri
	if err := sip.ParseUri("sip:"+p.config.Registrar, &registrar); err != nil {
		return 0, fmt.Errorf("registrar %q: %w", p.config.Registrar, err)
	}
	req := p.registerRequest(registrar, expiry)
	res, err := p.do(ctx, req)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sequence = max(r.sequence, req.CSeq().SeqNo)
	r.active = err == nil && res.IsSuccess() && expiry > 0
	if err != nil {
		return 0, fmt.Errorf("registering: %w", err)
	}
	if !res.IsSuccess() {
		return 0, fmt.Errorf("registering: %w", &RegisterError{res.StatusCode, res.Reason})
	}
	return grantedExpiry(res, expiry), nil
}

func (p *Phone) registerRequest(registrar sip.Uri, expiry time.Duration) *sip.Request {
	r := &p.registration
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.callID == "" {
		r.callID = uuid.NewString()
	}
	r.sequence++
	record := sip.Uri{Scheme: "sip", User: p.config.Number, Host: registrar.Host, Port: registrar.Port}
	from := &sip.FromHeader{DisplayName: p.config.DisplayName, Address: record}
	from.Params.Add("tag", sip.GenerateTagN(16))
	callID, maxForwards := sip.CallIDHeader(r.callID), sip.MaxForwardsHeader(70)
	expires := sip.ExpiresHeader(expiry / time.Second)
	req := sip.NewRequest(sip.REGISTER, registrar)
	req.AppendHeader(&maxForwards)
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: record})
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: r.sequence, MethodName: sip.REGISTER})
	req.AppendHeader(p.contact())
	req.AppendHeader(&expires)
	return req
}

// grantedExpiry reads the life from the Contact or Expires of the 200.
func grantedExpiry(res *sip.Response, asked time.Duration) time.Duration {
	text := ""
	if contact := res.Contact(); contact != nil {
		text, _ = contact.Params.Get("expires")
	}
	if h := res.GetHeader("Expires"); text == "" && h != nil {
		text = h.Value()
	}
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return asked
}
