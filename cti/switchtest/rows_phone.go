package switchtest

import (
	"crypto/md5" //nolint:gosec // SIP digest is MD5
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti"
)

// SeatSecret is the password of the seat's phone in Conformance.
const SeatSecret = "only-for-tests"

// HA1 is a phone's digest secret, MD5(user:asterisk:secret).
func HA1(user, secret string) string {
	sum := md5.Sum([]byte(user + ":asterisk:" + secret)) //nolint:gosec // SIP digest is MD5
	return hex.EncodeToString(sum[:])
}

// seat is a registered phone.
func (b *bench) seat(t *testing.T, r Reaction) Handset {
	t.Helper()
	s := b.Seat(t)
	require.NoError(t, b.sw.PutPhone(b.ctx, cti.Phone{ID: s.ID(), HA1: HA1(s.ID(), SeatSecret)}))
	s.Register(t)
	s.Will(r)
	b.registered(t, s, true)
	return s
}

// registered waits until the switch says so; an event may come or the state may have been so.
func (b *bench) registered(t *testing.T, s Handset, want bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		phones, err := b.sw.Phones(b.ctx)
		return err == nil && phones[s.ID()] == want
	}, 5*time.Second, 5*time.Millisecond)
}

func (b *bench) ring(t *testing.T, s Handset, change func(*cti.Originate)) cti.LegID {
	t.Helper()
	c := cti.Originate{Leg: b.leg("seat"), Phone: s.ID(), CallerID: "13800138000", Name: "来电", Timeout: 10 * time.Second}
	if change != nil {
		change(&c)
	}
	require.NoError(t, b.sw.Originate(b.ctx, c))
	return c.Leg
}

var originateRows = []row{
	{"a phone rings, answers, and starts with our arguments", func(t *testing.T, b *bench) {
		s := b.seat(t, Answers)
		args := []string{"seat", "a,b", ""}
		leg := b.ring(t, s, func(c *cti.Originate) { c.Args, c.Vars = args, map[string]string{"HOTLINE_CALL": "c1"} })
		await(t, b, func(e cti.LegRinging) bool { return e.Leg == leg })
		await(t, b, func(e cti.LegAnswered) bool { return e.Leg == leg })
		e := await(t, b, func(e cti.LegStarted) bool { return e.Leg.ID == leg })
		require.Equal(t, args, e.Args)
		require.Equal(t, "c1", e.Leg.Vars["HOTLINE_CALL"])
		require.Equal(t, s.ID(), e.Leg.Phone)
		require.True(t, e.Leg.Up && e.Leg.Ours)
	}},
	{"a phone that rejects ends the leg busy", func(t *testing.T, b *bench) {
		leg := b.ring(t, b.seat(t, Rejects), nil)
		e := await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
		require.Equal(t, "BUSY", e.Status)
		require.Equal(t, 17, e.Cause)
		require.Zero(t, count(b, func(e cti.LegStarted) bool { return e.Leg.ID == leg }))
	}},
	{"a phone that rings out ends the leg unanswered", func(t *testing.T, b *bench) {
		leg := b.ring(t, b.seat(t, Rings), func(c *cti.Originate) { c.Timeout = time.Second })
		require.Equal(t, "NOANSWER", await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg }).Status)
	}},
	{"a ringing phone can be given up", func(t *testing.T, b *bench) {
		leg := b.ring(t, b.seat(t, Rings), nil)
		await(t, b, func(e cti.LegRinging) bool { return e.Leg == leg })
		require.NoError(t, b.sw.Hangup(b.ctx, leg, cti.HangupNormal))
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
		b.settle(t)
		require.Zero(t, count(b, func(e cti.LegStarted) bool { return e.Leg.ID == leg }))
		require.Equal(t, 1, count(b, func(e cti.LegEnded) bool { return e.Leg == leg }))
	}},
	{"a ringing leg is in the list and not ours yet", func(t *testing.T, b *bench) {
		leg := b.ring(t, b.seat(t, Rings), func(c *cti.Originate) { c.Vars = map[string]string{"HOTLINE_CALL": "c1"} })
		await(t, b, func(e cti.LegRinging) bool { return e.Leg == leg })
		l, ok := b.find(t, leg)
		require.True(t, ok)
		require.False(t, l.Ours || l.Up)
		require.Equal(t, "c1", l.Vars["HOTLINE_CALL"])
	}},
	{"a seat's hang-up ends its leg", func(t *testing.T, b *bench) {
		s := b.seat(t, Answers)
		leg := b.ring(t, s, nil)
		await(t, b, func(e cti.LegStarted) bool { return e.Leg.ID == leg })
		s.Hangup(t)
		require.Equal(t, 16, await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg }).Cause)
	}},
	{"an unknown phone is no phone", func(t *testing.T, b *bench) {
		err := b.sw.Originate(b.ctx, cti.Originate{Leg: b.leg("seat"), Phone: "8999", Timeout: time.Second})
		require.ErrorIs(t, err, cti.ErrNoPhone)
	}},
	{"an unregistered phone is no phone", func(t *testing.T, b *bench) {
		s := b.seat(t, Rings)
		s.Unregister(t)
		b.registered(t, s, false)
		err := b.sw.Originate(b.ctx, cti.Originate{Leg: b.leg("seat"), Phone: s.ID(), Timeout: time.Second})
		require.ErrorIs(t, err, cti.ErrNoPhone)
	}},
	{"two legs of one id are refused", func(t *testing.T, b *bench) {
		s := b.seat(t, Rings)
		leg := b.ring(t, s, nil)
		err := b.sw.Originate(b.ctx, cti.Originate{Leg: leg, Phone: s.ID(), Timeout: time.Second})
		require.ErrorIs(t, err, cti.ErrRejected)
		await(t, b, func(e cti.LegRinging) bool { return e.Leg == leg })
	}},
	{"a call to nobody or to two is refused", func(t *testing.T, b *bench) {
		require.ErrorIs(t, b.sw.Originate(b.ctx, cti.Originate{Leg: b.leg("seat")}), cti.ErrRejected)
		require.ErrorIs(t, b.sw.Originate(b.ctx, cti.Originate{Leg: b.leg("seat"), Phone: "8001", Number: b.Allowed()}), cti.ErrRejected)
	}},
	{"headers reach the phone", func(t *testing.T, b *bench) {
		s := b.seat(t, Rings)
		leg := b.ring(t, s, func(c *cti.Originate) {
			c.Headers = map[string]string{"X-Call-Id": "c1", "Call-Info": "<sip:hotline>;answer-after=0"}
		})
		await(t, b, func(e cti.LegRinging) bool { return e.Leg == leg })
		require.Equal(t, "c1", s.Header(t, "X-Call-Id"))
		require.Equal(t, "<sip:hotline>;answer-after=0", s.Header(t, "Call-Info"))
	}},
	{"keys reach the far end", func(t *testing.T, b *bench) {
		s := b.seat(t, Answers)
		leg := b.ring(t, s, nil)
		await(t, b, func(e cti.LegStarted) bool { return e.Leg.ID == leg })
		require.NoError(t, b.sw.SendDTMF(b.ctx, leg, "42"))
		require.Equal(t, "42", s.Keys(t, 2))
	}},
	{"an outside number off the list is not dialled", func(t *testing.T, b *bench) {
		err := b.sw.Originate(b.ctx, cti.Originate{Leg: b.leg("out"), Number: b.Refused(), Timeout: time.Second})
		require.ErrorIs(t, err, cti.ErrNotAllowed)
	}},
	{"an outside number that answers starts recorded", func(t *testing.T, b *bench) {
		b.Carrier(t).Will(Answers)
		leg := b.leg("out")
		require.NoError(t, b.sw.Originate(b.ctx, cti.Originate{Leg: leg, Number: b.Allowed(), CallerID: "12345", Timeout: 10 * time.Second,
			Args: []string{"callback", "a,b"}, Vars: map[string]string{"HOTLINE_CALL": "c1"}}))
		await(t, b, func(e cti.LegAnswered) bool { return e.Leg == leg })
		e := await(t, b, func(e cti.LegStarted) bool { return e.Leg.ID == leg })
		require.Equal(t, []string{"callback", "a,b"}, e.Args)
		require.Equal(t, "c1", e.Leg.Vars["HOTLINE_CALL"])
		require.Contains(t, e.Leg.Vars[cti.VarRecording], string(leg)+".raw")
		require.Empty(t, e.Leg.Phone)
	}},
	{"an outside number that is busy ends the leg busy", func(t *testing.T, b *bench) {
		b.Carrier(t).Will(Rejects)
		leg := b.leg("out")
		require.NoError(t, b.sw.Originate(b.ctx, cti.Originate{Leg: leg, Number: b.Allowed(), Timeout: 10 * time.Second}))
		require.Equal(t, "BUSY", await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg }).Status)
	}},
	{"an outside number that does not answer ends the leg unanswered", func(t *testing.T, b *bench) {
		b.Carrier(t).Will(Rings)
		leg := b.leg("out")
		require.NoError(t, b.sw.Originate(b.ctx, cti.Originate{Leg: leg, Number: b.Allowed(), Timeout: time.Second}))
		await(t, b, func(e cti.LegRinging) bool { return e.Leg == leg })
		require.Equal(t, "NOANSWER", await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg }).Status)
	}},
}

var phoneRows = []row{
	{"a phone tells its registration and its end", func(t *testing.T, b *bench) {
		s := b.Seat(t)
		require.NoError(t, b.sw.RemovePhone(b.ctx, s.ID()))
		require.NoError(t, b.sw.PutPhone(b.ctx, cti.Phone{ID: s.ID(), HA1: HA1(s.ID(), SeatSecret)}))
		s.Register(t)
		await(t, b, func(e cti.PhoneChanged) bool { return e.Phone == s.ID() && e.Registered })
		s.Unregister(t)
		require.False(t, await(t, b, func(e cti.PhoneChanged) bool { return e.Phone == s.ID() }).Registered)
	}},
	{"a phone put again keeps its registration", func(t *testing.T, b *bench) {
		s := b.seat(t, Rings)
		require.NoError(t, b.sw.PutPhone(b.ctx, cti.Phone{ID: s.ID(), HA1: HA1(s.ID(), SeatSecret)}))
		phones, err := b.sw.Phones(b.ctx)
		require.NoError(t, err)
		require.True(t, phones[s.ID()])
		s.Unregister(t)
		await(t, b, func(e cti.PhoneChanged) bool { return e.Phone == s.ID() && !e.Registered })
		b.registered(t, s, false)
	}},
	{"a removed phone is unregistered and not dialled", func(t *testing.T, b *bench) {
		s := b.seat(t, Rings)
		require.NoError(t, b.sw.RemovePhone(b.ctx, s.ID()))
		await(t, b, func(e cti.PhoneChanged) bool { return e.Phone == s.ID() && !e.Registered })
		require.Eventually(t, func() bool {
			phones, err := b.sw.Phones(b.ctx)
			return err == nil && !phones[s.ID()]
		}, 2*time.Second, 5*time.Millisecond)
		err := b.sw.Originate(b.ctx, cti.Originate{Leg: b.leg("seat"), Phone: s.ID(), Timeout: time.Second})
		require.ErrorIs(t, err, cti.ErrNoPhone)
		require.NoError(t, b.sw.RemovePhone(b.ctx, s.ID()))
	}},
	{"a phone without a proper secret is refused", func(t *testing.T, b *bench) {
		require.ErrorIs(t, b.sw.PutPhone(b.ctx, cti.Phone{ID: "8002", HA1: "hotline-demo"}), cti.ErrRejected)
	}},
}

var connectionRows = []row{
	{"calls and their variables outlive a lost connection", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		require.NoError(t, b.sw.SetVars(b.ctx, leg, map[string]string{"HOTLINE_STAGE": "talk"}))
		b.Lose(t)
		await(t, b, func(cti.Disconnected) bool { return true })
		b.Restore(t)
		await(t, b, func(cti.Connected) bool { return true })
		l, ok := b.find(t, leg)
		require.True(t, ok && l.Up && l.Ours)
		require.Equal(t, "talk", l.Vars["HOTLINE_STAGE"])
		party.Hangup(t)
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
	}},
	{"a sound that ended while disconnected is told afterwards", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.play(t, leg, []string{b.Sound()})
		b.Lose(t)
		await(t, b, func(cti.Disconnected) bool { return true })
		b.Restore(t)
		await(t, b, func(cti.Connected) bool { return true })
		require.False(t, b.finished(t, id).Failed)
		require.NoError(t, b.sw.SetVars(b.ctx, leg, map[string]string{"HOTLINE_STAGE": "menu"}))
		l, _ := b.find(t, leg)
		require.Equal(t, "menu", l.Vars["HOTLINE_STAGE"])
	}},
	{"an end missed while disconnected is seen in the list alone", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		b.Lose(t)
		await(t, b, func(cti.Disconnected) bool { return true })
		require.ErrorIs(t, b.sw.Answer(b.ctx, leg), cti.ErrUnavailable)
		party.Hangup(t)
		b.Restore(t)
		await(t, b, func(cti.Connected) bool { return true })
		require.Eventually(t, func() bool {
			_, ok := b.find(t, leg)
			return !ok
		}, 2*time.Second, 5*time.Millisecond)
		require.Zero(t, count(b, func(e cti.LegEnded) bool { return e.Leg == leg }))
	}},
}
