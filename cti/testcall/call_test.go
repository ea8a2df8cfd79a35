package testcall

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

func TestCallPassesItsStatesAndMeasuresThem(t *testing.T) {
	p := setup(t)
	out, in := p.dial(t)
	require.NoError(t, in.Ring())
	require.NoError(t, out.WaitRinging(p.ctx))
	require.Equal(t, StateRinging, out.State())
	require.Equal(t, "13800138000", in.Peer())
	require.Equal(t, "8001", in.Dialled())
	require.Equal(t, out.ID(), in.ID())

	require.NoError(t, in.Answer(p.ctx))
	require.NoError(t, out.WaitAnswered(p.ctx))
	require.NoError(t, out.WaitMedia(p.ctx))
	require.NoError(t, out.Hangup(p.ctx))
	p.requireEnd(t, out, SideLocal, CauseBye)
	p.requireEnd(t, in, SideRemote, CauseBye)

	timings := out.Timings()
	require.False(t, timings.Ringing.Before(timings.Invite))
	require.False(t, timings.Answered.Before(timings.Ringing))
	require.Positive(t, timings.Since(timings.Answered))
	require.Positive(t, timings.Since(timings.FirstRTP))
	require.Zero(t, p.citizen.Calls())
	require.Zero(t, p.seat.Calls())
}

func TestCalledSideHangsUpFirst(t *testing.T) {
	p := setup(t)
	out, in := p.talk(t)
	require.NoError(t, in.Hangup(p.ctx))
	p.requireEnd(t, in, SideLocal, CauseBye)
	p.requireEnd(t, out, SideRemote, CauseBye)
}

func TestBothSidesHangUpAtOnce(t *testing.T) {
	p := setup(t)
	out, in := p.talk(t)
	done := make(chan error, 2)
	for _, c := range []*Call{out, in} {
		go func() { done <- c.Hangup(p.ctx) }()
	}
	require.NoError(t, <-done)
	require.NoError(t, <-done)
	require.Zero(t, p.citizen.Calls())
	require.Zero(t, p.seat.Calls())
}

func TestRefusalCarriesItsStatus(t *testing.T) {
	for _, status := range []int{404, 480, 486, 503, 603} {
		p := setup(t)
		out, in := p.dial(t)
		require.NoError(t, in.Reject(status, "No"))
		err := out.WaitAnswered(p.ctx)
		var failure *CallError
		require.ErrorAs(t, err, &failure)
		require.ErrorIs(t, err, ErrCallEnded)
		require.Equal(t, CauseRejected, failure.End.Cause)
		require.Equal(t, status, failure.End.Status)
		p.requireEnd(t, in, SideLocal, CauseRejected)
	}
}

func TestCallerGivesUpWhileItRings(t *testing.T) {
	p := setup(t)
	out, in := p.dial(t)
	require.NoError(t, in.Ring())
	require.NoError(t, out.WaitRinging(p.ctx))
	require.NoError(t, out.Hangup(p.ctx))
	p.requireEnd(t, out, SideLocal, CauseCancel)
	p.requireEnd(t, in, SideRemote, CauseCancel)
	require.ErrorIs(t, in.Answer(p.ctx), ErrCallEnded)
}

func TestCallerGivesUpBeforeAnyResponse(t *testing.T) {
	p := setup(t)
	out, in := p.dial(t)
	require.NoError(t, out.Hangup(p.ctx))
	p.requireEnd(t, out, SideLocal, CauseCancel)
	p.requireEnd(t, in, SideRemote, CauseCancel)
}

func TestCancelCrossesTheAnswer(t *testing.T) {
	for range 20 {
		p := setup(t)
		out, in := p.dial(t)
		require.NoError(t, in.Ring())
		require.NoError(t, out.WaitRinging(p.ctx))
		hung := make(chan error, 1)
		go func() { hung <- out.Hangup(p.ctx) }()
		answered := in.Answer(p.ctx)
		require.NoError(t, <-hung)
		_, err := in.WaitEnded(p.ctx)
		require.NoError(t, err)
		_, err = out.WaitEnded(p.ctx)
		require.NoError(t, err)
		if answered != nil {
			require.ErrorIs(t, answered, ErrCallEnded)
		}
		p.citizen.Stop()
		p.seat.Stop()
		require.Zero(t, p.citizen.Calls())
		require.Zero(t, p.seat.Calls())
	}
}

func TestUnansweredCallEndsAtItsDeadline(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ctx, cancel := context.WithTimeout(p.ctx, 300*time.Millisecond)
	defer cancel()
	out, err := p.citizen.Dial(ctx, p.seat.URI())
	require.NoError(t, err)
	in, err := p.seat.Accept(p.ctx)
	require.NoError(t, err)
	require.NoError(t, in.Ring())
	p.requireEnd(t, out, SideLocal, CauseTimeout)
	p.requireEnd(t, in, SideRemote, CauseCancel)
}

func TestAnsweredCallOutlivesTheDeadlineOfDialling(t *testing.T) {
	p := setup(t)
	ctx, cancel := context.WithCancel(p.ctx)
	out, err := p.citizen.Dial(ctx, p.seat.URI())
	require.NoError(t, err)
	in, err := p.seat.Accept(p.ctx)
	require.NoError(t, err)
	require.NoError(t, in.Answer(p.ctx))
	require.NoError(t, out.WaitAnswered(p.ctx))
	cancel()
	out.Send(Tone(ToneOf(LegCitizen)))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
	require.Equal(t, StateAnswered, out.State())
}

func TestNobodyAtTheAddress(t *testing.T) {
	t.Parallel()
	p := setup(t)
	deaf, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer deaf.Close()
	ctx, cancel := context.WithTimeout(p.ctx, 200*time.Millisecond)
	defer cancel()
	out, err := p.citizen.Dial(ctx, "sip:12345@"+deaf.LocalAddr().String())
	require.NoError(t, err)
	p.requireEnd(t, out, SideLocal, CauseTimeout)
}

func TestAnswerAfterTheCallWasGivenUpIsHungUp(t *testing.T) {
	t.Parallel()
	p := setup(t)
	deaf, err := net.ListenPacket("udp", "127.0.0.1:0") // a switch too busy to say 100
	require.NoError(t, err)
	defer deaf.Close()
	ctx, cancel := context.WithTimeout(p.ctx, 100*time.Millisecond)
	defer cancel()
	out, err := p.citizen.Dial(ctx, "sip:12345@"+deaf.LocalAddr().String())
	require.NoError(t, err)
	buffer := make([]byte, 4096)
	n, from, err := deaf.ReadFrom(buffer)
	require.NoError(t, err)
	p.requireEnd(t, out, SideLocal, CauseTimeout)

	parsed, err := sip.NewParser().ParseSIP(buffer[:n])
	require.NoError(t, err)
	invite := parsed.(*sip.Request)
	invite.SetSource(from.String())
	answer := sip.NewResponseFromRequest(invite, 200, "OK", nil)
	answer.AppendHeader(sip.NewHeader("Contact", "<sip:12345@"+deaf.LocalAddr().String()+">"))
	_, err = deaf.WriteTo([]byte(answer.String()), from)
	require.NoError(t, err)
	var methods []string
	require.NoError(t, deaf.SetReadDeadline(time.Now().Add(5*time.Second)))
	for len(methods) == 0 || methods[len(methods)-1] != "BYE" {
		n, _, err := deaf.ReadFrom(buffer)
		require.NoError(t, err)
		method, _, _ := strings.Cut(string(buffer[:n]), " ")
		if method != "INVITE" { // repeated before
			methods = append(methods, method)
		}
	}
	require.Equal(t, []string{"ACK", "BYE"}, methods)
}

func TestUnusableTargetIsRefusedAtOnce(t *testing.T) {
	p := setup(t)
	for _, target := range []string{"", "12345", "sip:", "sip:12345@"} {
		_, err := p.citizen.Dial(p.ctx, target)
		require.Error(t, err, target)
	}
}

func TestStopEndsEveryCall(t *testing.T) {
	p := setup(t)
	out, in := p.talk(t)
	ringing, _ := p.dial(t)
	p.citizen.Stop()
	p.requireEnd(t, out, SideLocal, CauseBye)
	p.requireEnd(t, in, SideRemote, CauseBye)
	p.requireEnd(t, ringing, SideLocal, CauseCancel)
	_, err := p.citizen.Dial(p.ctx, p.seat.URI())
	require.ErrorIs(t, err, ErrStopped)
}

func TestHandlerTakesEachCall(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.seat.OnInvite(func(c *Call) {
		if err := errors.Join(c.Ring(), c.Answer(p.ctx)); err == nil {
			c.Send(Tone(SeatTone(0)))
		}
	})
	for range 3 {
		out, err := p.citizen.Call(p.ctx, p.seat.URI())
		require.NoError(t, err)
		require.NoError(t, out.WaitTone(p.ctx, SeatTone(0)))
		require.NoError(t, out.Hangup(p.ctx))
	}
}

func TestOddCallersAreSentAsTheyAre(t *testing.T) {
	long := strings.Repeat("1234567890", 4)
	for name, test := range map[string]struct {
		option DialOption
		number string
	}{
		"no number":  {From(""), ""},
		"anonymous":  {Anonymous(), "anonymous"},
		"letters":    {From("zhang-san"), "zhang-san"},
		"40 digits":  {From(long), long},
		"raw header": {RawFrom(`"王女士" <sip:+8613800138000@192.0.2.7:5999;user=phone>`), "+8613800138000"},
	} {
		t.Run(name, func(t *testing.T) {
			p := setup(t)
			out, in := p.talk(t, test.option)
			require.Equal(t, test.number, in.Peer())
			require.NoError(t, out.Hangup(p.ctx))
			p.requireEnd(t, in, SideRemote, CauseBye)
		})
	}
}

func TestHeaderOfTheInviteIsRead(t *testing.T) {
	p := setup(t)
	_, in := p.dial(t, Header("X-Hotline-Call", "0199"))
	require.Equal(t, "0199", in.Header("X-Hotline-Call"))
	require.Empty(t, in.Header("X-Other"))
}

func TestHoldStopsBothDirectionsAndResumeBringsThemBack(t *testing.T) {
	t.Parallel()
	p := setup(t)
	out, in := p.talk(t)
	out.Send(Tone(ToneOf(LegCitizen)))
	in.Send(Tone(ToneOf(LegSeat)))
	require.NoError(t, out.WaitTone(p.ctx, ToneOf(LegSeat)))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))

	require.NoError(t, out.Hold(p.ctx))
	require.NoError(t, out.WaitNoTone(p.ctx, ToneOf(LegSeat)))
	require.NoError(t, in.WaitNoTone(p.ctx, ToneOf(LegCitizen)))

	require.NoError(t, out.Resume(p.ctx))
	require.NoError(t, out.WaitTone(p.ctx, ToneOf(LegSeat)))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
	require.NoError(t, in.Hangup(p.ctx))
	p.requireEnd(t, out, SideRemote, CauseBye)
}

func TestNoCommonCodecIsRefusedWith488(t *testing.T) {
	p := setup(t)
	p.seat = startPhone(t, Config{Number: "8002", Codecs: []Codec{PCMU}})
	out, err := p.citizen.Dial(p.ctx, p.seat.URI(), WithCodecs(PCMA))
	require.NoError(t, err)
	end := p.requireEnd(t, out, SideRemote, CauseRejected)
	require.Equal(t, 488, end.Status)
}
