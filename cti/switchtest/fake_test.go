package switchtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/switchtest"
)

var _ cti.Switch = (*switchtest.Switch)(nil)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) *switchtest.Switch {
	t.Helper()
	s := switchtest.New()
	require.NoError(t, s.Start(context.Background()))
	t.Cleanup(s.Stop)
	require.IsType(t, cti.Connected{}, next(t, s))
	return s
}

func next(t *testing.T, s *switchtest.Switch) cti.Event {
	t.Helper()
	select {
	case e := <-s.Events():
		return e
	case <-time.After(2 * time.Second):
		require.FailNow(t, "no event")
		return nil
	}
}

func TestACallFromRingToHangUpTellsEachStepInOrder(t *testing.T) {
	s, ctx := start(t), context.Background()
	s.Register("w8001")
	require.Equal(t, "w8001", next(t, s).(cti.PhoneChanged).Phone)
	citizen := s.Incoming("13800000000", "12345")
	started := next(t, s).(cti.LegStarted)
	require.Equal(t, []string{"inbound", "12345"}, started.Args)
	require.Equal(t, "13800000000", started.Leg.Caller)

	require.NoError(t, s.Answer(ctx, citizen))
	require.Equal(t, citizen, next(t, s).(cti.LegAnswered).Leg)
	require.NoError(t, s.Originate(ctx, cti.Originate{Leg: "c.seat.1", Phone: "w8001", Args: []string{"seat-leg", "c"}}))
	require.IsType(t, cti.LegRinging{}, next(t, s))
	s.PhoneAnswers("c.seat.1")
	require.IsType(t, cti.LegAnswered{}, next(t, s))
	require.Equal(t, []string{"seat-leg", "c"}, next(t, s).(cti.LegStarted).Args)

	require.NoError(t, s.CreateBridge(ctx, "c", cti.Mixing))
	require.NoError(t, s.Join(ctx, "c", citizen))
	require.True(t, next(t, s).(cti.BridgeChanged).Entered)
	s.FarEndHangsUp(citizen)
	require.IsType(t, cti.LegHangup{}, next(t, s))
	require.False(t, next(t, s).(cti.BridgeChanged).Entered)
	require.Equal(t, 16, next(t, s).(cti.LegEnded).Cause)
	require.ErrorIs(t, s.Join(ctx, "c", citizen), cti.ErrGone)
	require.NoError(t, s.Hangup(ctx, citizen, cti.HangupNormal))
}

func TestInjectedFaultsHitOnlyTheNamedMethodAndOnlyOnce(t *testing.T) {
	s, ctx := start(t), context.Background()
	leg := s.Incoming("", "12345")
	s.Fail("Answer", cti.ErrUnavailable, 1)
	require.NoError(t, s.Ring(ctx, leg))
	require.ErrorIs(t, s.Answer(ctx, leg), cti.ErrUnavailable)
	require.NoError(t, s.Answer(ctx, leg))
	s.LoseReply("CreateBridge", 1)
	require.ErrorIs(t, s.CreateBridge(ctx, "b", cti.Holding), cti.ErrUnavailable)
	require.Equal(t, []cti.BridgeID{"b"}, s.Bridges())
}

func TestHeldAndDuplicateEventsArriveLateAndTwiceButAnEndOnlyOnce(t *testing.T) {
	s := start(t)
	s.DuplicateEvents(true)
	s.HoldEvents()
	leg := s.Incoming("", "12345")
	s.FarEndHangsUp(leg)
	s.Inject(cti.Digit{Leg: leg, Digit: '1'})
	s.ReleaseEvents()
	for _, want := range []cti.Event{cti.LegStarted{}, cti.LegStarted{}, cti.LegHangup{}, cti.LegHangup{}, cti.LegEnded{}, cti.Digit{}, cti.Digit{}} {
		require.IsType(t, want, next(t, s))
	}
}

func TestWhileDisconnectedCallsGoOnAndEventsAreLost(t *testing.T) {
	s, ctx := start(t), context.Background()
	leg := s.Incoming("", "12345")
	require.IsType(t, cti.LegStarted{}, next(t, s))
	s.Disconnect()
	require.IsType(t, cti.Disconnected{}, next(t, s))
	require.ErrorIs(t, s.Answer(ctx, leg), cti.ErrUnavailable)
	s.FarEndHangsUp(leg)
	late := s.Incoming("", "12345")
	s.Connect()
	require.IsType(t, cti.Connected{}, next(t, s))
	pic, err := s.List(ctx)
	require.NoError(t, err)
	require.Len(t, pic.Legs, 1)
	require.Equal(t, late, pic.Legs[0].ID)
	require.False(t, pic.Legs[0].Ours)
}
