package switchtest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti"
)

var inboundRows = []row{
	{"a citizen's call starts with its arguments and is not answered", func(t *testing.T, b *bench) {
		b.Dial(t, "13800138000", "12345")
		e := await(t, b, func(cti.LegStarted) bool { return true })
		require.Equal(t, []string{"inbound", "12345"}, e.Args)
		require.Equal(t, "13800138000", e.Leg.Caller)
		require.Equal(t, "12345", e.Leg.Dialled)
		require.False(t, e.Leg.Up)
		require.True(t, e.Leg.Ours)
		require.NotEmpty(t, e.Leg.UniqueID)
		require.False(t, e.Leg.Created.IsZero())
	}},
	{"an anonymous caller has no number", func(t *testing.T, b *bench) {
		b.Dial(t, "", "12345")
		require.Empty(t, await(t, b, func(cti.LegStarted) bool { return true }).Leg.Caller)
	}},
	{"the dialplan's variables ride on the leg", func(t *testing.T, b *bench) {
		b.Dial(t, "13800138000", "12315")
		e := await(t, b, func(cti.LegStarted) bool { return true })
		require.Equal(t, "12315", e.Leg.Vars[cti.VarCalled])
		require.Regexp(t, `^\d{4}/\d\d/\d\d/.+\.raw$`, e.Leg.Vars[cti.VarRecording])
	}},
	{"answering takes the leg up", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		l, ok := b.find(t, leg)
		require.True(t, ok && l.Up && l.Ours)
	}},
	{"answering twice is no error", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.NoError(t, b.sw.Answer(b.ctx, leg))
	}},
	{"an unanswered leg can ring", func(t *testing.T, b *bench) {
		leg, _ := b.inbound(t)
		require.NoError(t, b.sw.Ring(b.ctx, leg))
	}},
	{"the citizen's hang-up is told before the leg's end", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		party.Hangup(t)
		require.Equal(t, 16, await(t, b, func(e cti.LegHangup) bool { return e.Leg == leg }).Cause)
		require.Equal(t, 16, await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg }).Cause)
	}},
	{"hanging up before the answer ends the leg", func(t *testing.T, b *bench) {
		leg := b.gone(t)
		require.Eventually(t, func() bool {
			_, listed := b.find(t, leg)
			return !listed
		}, 2*time.Second, 5*time.Millisecond)
	}},
	{"a leg ends exactly once", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		party.Hangup(t)
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
		b.settle(t)
		require.Equal(t, 1, count(b, func(e cti.LegEnded) bool { return e.Leg == leg }))
	}},
	{"our hang-up has our cause and is nobody's wish", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.NoError(t, b.sw.Hangup(b.ctx, leg, cti.HangupBusy))
		require.Equal(t, 17, await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg }).Cause)
		require.Zero(t, count(b, func(e cti.LegHangup) bool { return e.Leg == leg }))
	}},
	{"hanging up twice is no error", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.NoError(t, b.sw.Hangup(b.ctx, leg, cti.HangupNormal))
		require.NoError(t, b.sw.Hangup(b.ctx, leg, cti.HangupNormal))
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
	}},
	{"keys arrive in order", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		party.Press(t, "10*#5")
		for _, d := range []byte("10*#5") {
			e := await(t, b, func(e cti.Digit) bool { return e.Leg == leg })
			require.Equal(t, string(d), string(e.Digit))
		}
	}},
	{"a call that nobody claims leaves us for the dialplan", func(t *testing.T, b *bench) {
		b.Dial(t, "13800000000", "12345")
		e := await(t, b, func(cti.LegStarted) bool { return true })
		await(t, b, func(end cti.LegEnded) bool { return end.Leg == e.Leg.ID })
		require.ErrorIs(t, b.sw.Answer(b.ctx, e.Leg.ID), cti.ErrGone)
	}},
	{"a claimed call stays ours", func(t *testing.T, b *bench) {
		claimed, _ := b.inbound(t)
		b.Dial(t, "13811111111", "12345")
		e := await(t, b, func(e cti.LegStarted) bool { return e.Leg.Caller == "13811111111" })
		await(t, b, func(end cti.LegEnded) bool { return end.Leg == e.Leg.ID }) // the guard of a later call has passed
		l, ok := b.find(t, claimed)
		require.True(t, ok && l.Ours)
	}},
	{"a leg given back to the dialplan is no longer ours", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.NoError(t, b.sw.Continue(b.ctx, leg, "last-resort", "s"))
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
		l, ok := b.find(t, leg)
		require.True(t, ok)
		require.False(t, l.Ours)
		require.ErrorIs(t, b.sw.Answer(b.ctx, leg), cti.ErrGone)
		require.ErrorIs(t, b.sw.Continue(b.ctx, leg, "last-resort", "s"), cti.ErrGone)
		require.NoError(t, b.sw.Hangup(b.ctx, leg, cti.HangupNormal))
		b.settle(t)
		require.Equal(t, 1, count(b, func(e cti.LegEnded) bool { return e.Leg == leg }))
	}},
	{"a live leg has media statistics", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		_, err := b.sw.Stats(b.ctx, leg)
		require.NoError(t, err)
	}},
	{"a snoop is a leg of its own and ends with its target", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		id := b.leg("snoop")
		require.NoError(t, b.sw.Snoop(b.ctx, leg, id, cti.Both, cti.None))
		e := await(t, b, func(e cti.LegStarted) bool { return e.Leg.ID == id })
		require.Equal(t, []string{"snoop", string(leg), "both", "none"}, e.Args)
		require.ErrorIs(t, b.sw.Snoop(b.ctx, leg, id, cti.Both, cti.None), cti.ErrRejected)
		bridge := b.bridge(t, cti.Mixing)
		require.NoError(t, b.sw.Join(b.ctx, bridge, id))
		l, ok := b.find(t, id)
		require.True(t, ok && l.Ours)
		party.Hangup(t)
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == id })
	}},
}

var goneRows = []row{
	goneRow("answering", func(b *bench, leg cti.LegID) error { return b.sw.Answer(b.ctx, leg) }),
	goneRow("ringing", func(b *bench, leg cti.LegID) error { return b.sw.Ring(b.ctx, leg) }),
	goneRow("continuing", func(b *bench, leg cti.LegID) error { return b.sw.Continue(b.ctx, leg, "last-resort", "s") }),
	goneRow("playing to", func(b *bench, leg cti.LegID) error {
		return b.sw.Play(b.ctx, leg, cti.PlaybackID(b.id("play")), []string{"tone:ring"})
	}),
	goneRow("recording", func(b *bench, leg cti.LegID) error {
		return b.sw.Record(b.ctx, leg, cti.Record{Name: b.id("rec"), Format: "wav"})
	}),
	goneRow("sending keys to", func(b *bench, leg cti.LegID) error { return b.sw.SendDTMF(b.ctx, leg, "1") }),
	goneRow("snooping on", func(b *bench, leg cti.LegID) error {
		return b.sw.Snoop(b.ctx, leg, b.leg("snoop"), cti.Both, cti.None)
	}),
	goneRow("setting variables of", func(b *bench, leg cti.LegID) error {
		return b.sw.SetVars(b.ctx, leg, map[string]string{"HOTLINE_STAGE": "menu"})
	}),
	goneRow("claiming", func(b *bench, leg cti.LegID) error { return b.sw.Claim(b.ctx, leg) }),
	goneRow("asking statistics of", func(b *bench, leg cti.LegID) error {
		_, err := b.sw.Stats(b.ctx, leg)
		return err
	}),
	{"moving a leg that is gone says so", func(t *testing.T, b *bench) {
		bridge := b.bridge(t, cti.Mixing)
		require.ErrorIs(t, b.sw.Join(b.ctx, bridge, b.gone(t)), cti.ErrGone)
	}},
}

func goneRow(what string, do func(*bench, cti.LegID) error) row {
	return row{what + " a leg that is gone says so", func(t *testing.T, b *bench) {
		require.ErrorIs(t, do(b, b.gone(t)), cti.ErrGone)
	}}
}

var bridgeRows = []row{
	{"making a bridge twice is no error", func(t *testing.T, b *bench) {
		id := b.bridge(t, cti.Holding)
		require.NoError(t, b.sw.CreateBridge(b.ctx, id, cti.Holding))
		id = b.bridge(t, cti.Mixing)
		require.NoError(t, b.sw.CreateBridge(b.ctx, id, cti.Mixing))
	}},
	{"removing a bridge twice is no error", func(t *testing.T, b *bench) {
		id := b.bridge(t, cti.Mixing)
		require.NoError(t, b.sw.DestroyBridge(b.ctx, id))
		require.NoError(t, b.sw.DestroyBridge(b.ctx, id))
	}},
	{"the list shows a bridge with its kind and members", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.bridge(t, cti.Holding)
		require.NoError(t, b.sw.Join(b.ctx, id, leg))
		pic, err := b.sw.List(b.ctx)
		require.NoError(t, err)
		require.Equal(t, []cti.Bridge{{ID: id, Kind: cti.Holding, Members: []cti.LegID{leg}}}, pic.Bridges)
	}},
	{"a move leaves the old bridge and then enters the new one", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		old, next := b.bridge(t, cti.Holding), b.bridge(t, cti.Mixing)
		require.NoError(t, b.sw.Join(b.ctx, old, leg))
		require.True(t, await(t, b, func(e cti.BridgeChanged) bool { return e.Bridge == old }).Entered)
		require.NoError(t, b.sw.Join(b.ctx, next, leg))
		e := await(t, b, func(cti.BridgeChanged) bool { return true })
		require.True(t, e.Bridge == old && !e.Entered && e.Leg == leg)
		e = await(t, b, func(cti.BridgeChanged) bool { return true })
		require.True(t, e.Bridge == next && e.Entered && e.Leg == leg)
	}},
	{"moving into a bridge that is gone says so", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.ErrorIs(t, b.sw.Join(b.ctx, cti.BridgeID(b.id("bridge")), leg), cti.ErrGone)
	}},
	{"leaving a bridge is told", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.bridge(t, cti.Mixing)
		require.NoError(t, b.sw.Join(b.ctx, id, leg))
		require.NoError(t, b.sw.Leave(b.ctx, id, leg))
		await(t, b, func(e cti.BridgeChanged) bool { return e.Leg == leg && !e.Entered })
	}},
	{"leaving a bridge one is not in is no error", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.NoError(t, b.sw.Leave(b.ctx, b.bridge(t, cti.Mixing), leg))
		require.NoError(t, b.sw.Leave(b.ctx, b.bridge(t, cti.Mixing), b.gone(t)))
		require.NoError(t, b.sw.Leave(b.ctx, cti.BridgeID(b.id("bridge")), leg))
	}},
	{"the members of a removed bridge live on", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.bridge(t, cti.Mixing)
		require.NoError(t, b.sw.Join(b.ctx, id, leg))
		require.NoError(t, b.sw.DestroyBridge(b.ctx, id))
		await(t, b, func(e cti.BridgeChanged) bool { return e.Leg == leg && !e.Entered })
		_, ok := b.find(t, leg)
		require.True(t, ok)
	}},
	{"on hang-up a leg leaves its bridge before it ends, and the bridge stays", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		id := b.bridge(t, cti.Mixing)
		require.NoError(t, b.sw.Join(b.ctx, id, leg))
		party.Hangup(t)
		await(t, b, func(e cti.LegHangup) bool { return e.Leg == leg })
		await(t, b, func(e cti.BridgeChanged) bool { return e.Leg == leg && !e.Entered })
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
		pic, err := b.sw.List(b.ctx)
		require.NoError(t, err)
		require.Len(t, pic.Bridges, 1)
		require.Equal(t, id, pic.Bridges[0].ID)
		require.Empty(t, pic.Bridges[0].Members)
	}},
}
