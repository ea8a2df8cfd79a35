package testcall

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair is two phones on loopback: a citizen who dials and a seat that is dialled.
type pair struct {
	ctx     context.Context
	citizen *Phone
	seat    *Phone
}

func setup(t *testing.T) *pair {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return &pair{ctx: ctx,
		citizen: startPhone(t, Config{Number: "13800138000"}),
		seat:    startPhone(t, Config{Number: "8001"}),
	}
}

func startPhone(t *testing.T, config Config) *Phone {
	t.Helper()
	config.Log = slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	phone, err := StartPhone(context.Background(), config)
	require.NoError(t, err)
	t.Cleanup(phone.Stop)
	return phone
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(string(p))
	return len(p), nil
}

// dial starts a call and gives both of its ends, unanswered.
func (p *pair) dial(t *testing.T, options ...DialOption) (out, in *Call) {
	t.Helper()
	out, err := p.citizen.Dial(p.ctx, p.seat.URI(), options...)
	require.NoError(t, err)
	in, err = p.seat.Accept(p.ctx)
	require.NoError(t, err)
	return out, in
}

// talk gives both ends of an answered call.
func (p *pair) talk(t *testing.T, options ...DialOption) (out, in *Call) {
	t.Helper()
	out, in = p.dial(t, options...)
	require.NoError(t, in.Answer(p.ctx))
	require.NoError(t, out.WaitAnswered(p.ctx))
	return out, in
}

func (p *pair) requireEnd(t *testing.T, c *Call, side Side, cause Cause) End {
	t.Helper()
	end, err := c.WaitEnded(p.ctx)
	require.NoError(t, err)
	require.Equal(t, side, end.Side, end.String())
	require.Equal(t, cause, end.Cause, end.String())
	return end
}
