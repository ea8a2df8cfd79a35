package switchtest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/open12345/hotline/cti"
)

// Op is one request the fake received.
type Op struct {
	Method string // name of the cti.Switch method
	Leg    cti.LegID
	Bridge cti.BridgeID
	Detail string // sounds, digits, variables …, for messages
}

type fault struct {
	kind  error
	after bool // the request is carried out, its answer is lost
	slow  time.Duration
}

// Fail makes the next n requests of the method fail with the kind (one of the sentinels of
// package cti), without any effect.
func (s *Switch) Fail(method string, kind error, n int) {
	s.addFault(method, fault{kind: kind}, n)
}

// LoseReply makes the next n requests of the method take effect but answer ErrUnavailable.
func (s *Switch) LoseReply(method string, n int) {
	s.addFault(method, fault{kind: cti.ErrUnavailable, after: true}, n)
}

// Slow makes the next n requests of the method take d before they have an effect; a context
// that ends first answers ErrUnavailable, and the request has no effect.
func (s *Switch) Slow(method string, d time.Duration, n int) {
	s.addFault(method, fault{slow: d}, n)
}

func (s *Switch) addFault(method string, f fault, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.faults[method] = append(s.faults[method], f)
	}
}

// Before registers a function called, without any lock, before each request takes effect:
// the place to hang up in the very moment of an answer.
func (s *Switch) Before(fn func(Op)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, fn)
}

// Ops lists the requests received so far, in order.
func (s *Switch) Ops() []Op {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Op(nil), s.ops...)
}

// Count tells how many requests of the method were received.
func (s *Switch) Count(method string) int {
	n := 0
	for _, o := range s.Ops() {
		if o.Method == method {
			n++
		}
	}
	return n
}

// do runs one request under the lock, with hooks, faults and the state of the connection.
func (s *Switch) do(ctx context.Context, op Op, effect func() error) error {
	s.mu.Lock()
	s.ops = append(s.ops, op)
	hooks := s.hooks
	var f fault
	if q := s.faults[op.Method]; len(q) > 0 {
		f, s.faults[op.Method] = q[0], q[1:]
	}
	s.mu.Unlock()
	for _, h := range hooks {
		h(op)
	}
	if f.slow > 0 {
		t := time.NewTimer(f.slow)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return op.fail(cti.ErrUnavailable, 0, ctx.Err().Error())
		}
	}
	if f.kind != nil && !f.after {
		return op.fail(f.kind, status(f.kind), "injected")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return op.fail(cti.ErrUnavailable, 0, err.Error())
	}
	if s.replaced {
		return op.fail(cti.ErrRejected, 401, "Authentication required")
	}
	if !s.connected {
		return op.fail(cti.ErrUnavailable, 0, "connection refused")
	}
	err := effect()
	if f.after {
		return op.fail(cti.ErrUnavailable, 0, "reply lost")
	}
	var e *cti.Error
	if err != nil && !errors.As(err, &e) {
		return op.fail(err, status(err), "")
	}
	return err
}

func (o Op) fail(kind error, status int, body string) error {
	what := o.Method
	if o.Leg != "" {
		what += fmt.Sprintf(" leg %s", o.Leg)
	}
	if o.Bridge != "" {
		what += fmt.Sprintf(" bridge %s", o.Bridge)
	}
	return &cti.Error{Op: what, Status: status, Body: body, Kind: kind}
}

func status(kind error) int {
	switch {
	case errors.Is(kind, cti.ErrGone):
		return 404
	case errors.Is(kind, cti.ErrNoPhone), errors.Is(kind, cti.ErrRejected):
		return 500
	}
	return 0
}
