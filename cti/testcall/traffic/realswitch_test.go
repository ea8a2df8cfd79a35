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

func TestTrafficIsServedByRegisteredSeatsWithSoundBothWays(t *testing.T) {
	numbers := []string{"8001", "8002", "8003"}
	n := startSwitch(t, numbers...)
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
	log := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	seats, err := traffic.StartSeats(ctx, traffic.SeatsConfig{
		Numbers: numbers, Registrar: n.SIPAddr(), Password: secret, AnswerAfter: 100 * time.Millisecond, Log: log,
	})
	require.NoError(t, err)
	defer seats.Stop()
	require.NoError(t, seats.WaitRegistered(ctx))
	require.Equal(t, 3, seats.Report().Registered)
	citizens, err := traffic.StartCitizens(ctx, traffic.CitizensConfig{
		Target: "sip:12345@" + n.SIPAddr(), Scripts: []script.Script{s}, Pool: pool, Even: true, Count: 3, Log: log,
	})
	require.NoError(t, err)
	defer citizens.Stop()
	citizens.SetRate(60)
	select {
	case <-citizens.Done():
	case <-ctx.Done():
		t.Fatal("calls were not served")
	}
	calls, served := citizens.Report(), seats.Report()
	require.Equal(t, 3, calls.Answered)
	require.Zero(t, calls.Failed, "%v", calls.Examples)
	require.Zero(t, calls.OneWay)
	require.Zero(t, calls.Lost)
	require.Equal(t, 3, served.Answered)
	require.Zero(t, served.OneWay)
	seats.Stop()
	require.Zero(t, seats.Report().Registered)
}

func TestSeatsWaitForASwitchThatIsNotThereYet(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	seats, err := traffic.StartSeats(t.Context(), traffic.SeatsConfig{
		Numbers: []string{"8001"}, Registrar: "127.0.0.1:1", Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	defer seats.Stop()
	require.ErrorIs(t, seats.WaitRegistered(ctx), context.DeadlineExceeded)
	require.Zero(t, seats.Report().Registered)
}
