package traffic_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	templates "github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/asterisk"
	"github.com/open12345/hotline/cti/asterisk/node"
	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/open12345/hotline/cti/testcall/traffic"
)

const secret = "hotline-demo"

// startSwitch runs a real switch whose queue of last resort rings these seats.
func startSwitch(t *testing.T, seats ...string) *node.Node {
	t.Helper()
	n, err := node.Start(t.Context(), node.Config{Dir: t.TempDir(), SkipProof: true, Params: func(p *templates.Params) {
		p.Retries, p.LastResortSeats = 0, seats
	}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Stop(context.Background())) })
	driver, err := asterisk.New(asterisk.Config{
		Node: n.Name(), URL: "http://" + n.HTTPAddr(), AdminUser: n.ARIUser(), AdminPassword: n.ARIPassword(), Epoch: 1,
		AMI: n.AMIAddr(), AMIUser: n.AMIUser(), AMIPassword: n.AMIPassword(), MediaAddress: "127.0.0.1",
		Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	require.NoError(t, driver.Start(t.Context()))
	defer driver.Stop() // no floor: the dialplan serves by itself
	for _, seat := range seats {
		ha1 := md5.Sum([]byte(seat + ":asterisk:" + secret))
		require.Eventually(t, func() bool {
			return driver.PutPhone(t.Context(), cti.Phone{ID: seat, HA1: hex.EncodeToString(ha1[:])}) == nil
		}, 10*time.Second, 50*time.Millisecond)
	}
	return n
}

func TestDemoTrafficIsServedChangedAndTurnedOff(t *testing.T) {
	seats := []string{"8001", "8002", "8003"}
	n := startSwitch(t, seats...)
	s, err := script.Parse("talk", "", []byte(`
steps:
  - wait_answer: 10s
  - wait_tone: {tone: seat, within: 30s}
  - tone: citizen
  - wait: 4s
  - hangup:
`))
	require.NoError(t, err)
	pool, err := traffic.ParsePool("13800138000-13800138009")
	require.NoError(t, err)
	ended := make(chan script.Outcome, 100)
	var signed []string
	demo := traffic.NewDemo(traffic.DemoConfig{
		Citizens: traffic.CitizensConfig{
			Target: "sip:12345@" + n.SIPAddr(), Scripts: []script.Script{s}, Pool: pool, Even: true,
			OnOutcome: func(o script.Outcome) { ended <- o }, Log: slog.New(slog.DiscardHandler),
		},
		Seats:  traffic.SeatsConfig{Numbers: seats, Registrar: n.SIPAddr(), Password: secret, AnswerAfter: 100 * time.Millisecond, Log: slog.New(slog.DiscardHandler)},
		SignIn: func(_ context.Context, numbers []string) error { signed = append(signed, numbers...); return nil },
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, demo.Stop(ctx))
	require.Zero(t, demo.Rate())

	require.NoError(t, demo.SetRate(ctx, 30))
	require.Equal(t, seats, signed)
	require.InDelta(t, 30, demo.Rate(), 0)
	for range 2 {
		select {
		case o := <-ended:
			require.Empty(t, o.Failure, o.Detail)
			require.False(t, o.OneWay)
		case <-ctx.Done():
			t.Fatal("no call was served")
		}
	}
	calls, served := demo.Report()
	require.GreaterOrEqual(t, calls.Answered, 2)
	require.Equal(t, 3, served.Registered)
	require.GreaterOrEqual(t, served.Answered, 2)
	require.Zero(t, served.OneWay)

	require.NoError(t, demo.SetRate(ctx, 0))
	require.Zero(t, demo.Rate())
	calls, served = demo.Report()
	require.Zero(t, calls.Calls)
	require.Zero(t, served.Registered)
	require.NoError(t, demo.Stop(ctx))
}
