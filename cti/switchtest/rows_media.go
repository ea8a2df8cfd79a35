package switchtest

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti"
)

// endless is a sound that both switches play until it is stopped.
var endless = []string{"tone:ring"}

func (b *bench) play(t *testing.T, leg cti.LegID, sounds []string) cti.PlaybackID {
	t.Helper()
	id := cti.PlaybackID(b.id("play"))
	require.NoError(t, b.sw.Play(b.ctx, leg, id, sounds))
	return id
}

func (b *bench) finished(t *testing.T, id cti.PlaybackID) cti.PlaybackFinished {
	t.Helper()
	return await(t, b, func(e cti.PlaybackFinished) bool { return e.ID == id })
}

// quickly is a context for what must not wait for the end of a sound.
func (b *bench) quickly() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, time.Second)
}

var soundRows = []row{
	{"a sound plays to its end", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		e := b.finished(t, b.play(t, leg, []string{b.Sound()}))
		require.False(t, e.Failed)
		require.Equal(t, leg, e.Leg)
	}},
	{"several sounds are one playback", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.play(t, leg, []string{b.Sound(), b.Sound()})
		require.False(t, b.finished(t, id).Failed)
		b.settle(t)
		require.Equal(t, 1, count(b, func(e cti.PlaybackFinished) bool { return e.ID == id }))
	}},
	{"a missing sound fails", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.True(t, b.finished(t, b.play(t, leg, []string{"no-such-sound"})).Failed)
	}},
	{"a stopped sound finishes, and stopping it again is no error", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.play(t, leg, endless)
		require.NoError(t, b.sw.StopPlayback(b.ctx, id))
		require.False(t, b.finished(t, id).Failed)
		require.NoError(t, b.sw.StopPlayback(b.ctx, id))
	}},
	{"a hang-up fails the sound before the leg ends", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		id := b.play(t, leg, endless)
		party.Hangup(t)
		require.True(t, b.finished(t, id).Failed)
		await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
	}},
	{"one caller in a holding bridge can be played to", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.NoError(t, b.sw.Join(b.ctx, b.bridge(t, cti.Holding), leg))
		require.False(t, b.finished(t, b.play(t, leg, []string{b.Sound()})).Failed)
	}},
	{"a sound plays before the answer too", func(t *testing.T, b *bench) {
		leg, _ := b.inbound(t)
		require.False(t, b.finished(t, b.play(t, leg, []string{b.Sound()})).Failed)
	}},
	{"a move does not wait for the sound, it stops it", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.play(t, leg, endless)
		bridge := b.bridge(t, cti.Mixing)
		ctx, cancel := b.quickly()
		defer cancel()
		require.NoError(t, b.sw.Join(ctx, bridge, leg))
		require.False(t, b.finished(t, id).Failed)
		id = b.play(t, leg, endless)
		require.NoError(t, b.sw.Leave(ctx, bridge, leg))
		require.False(t, b.finished(t, id).Failed)
	}},
	{"keys arrive during a sound", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		id := b.play(t, leg, endless)
		party.Press(t, "1")
		require.Equal(t, byte('1'), await(t, b, func(e cti.Digit) bool { return e.Leg == leg }).Digit)
		require.NoError(t, b.sw.StopPlayback(b.ctx, id))
		b.finished(t, id)
	}},
}

var variableRows = []row{
	{"variables are in the list", func(t *testing.T, b *bench) {
		leg, _ := b.inbound(t)
		require.NoError(t, b.sw.SetVars(b.ctx, leg, map[string]string{"HOTLINE_STAGE": "menu", "HOTLINE_QUEUE": "综合, \"市民\""}))
		l, _ := b.find(t, leg)
		require.Equal(t, "menu", l.Vars["HOTLINE_STAGE"])
		require.Equal(t, "综合, \"市民\"", l.Vars["HOTLINE_QUEUE"])
	}},
	{"variables are set at once while a sound plays", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.NoError(t, b.sw.SetVars(b.ctx, leg, map[string]string{"HOTLINE_STAGE": "menu"}))
		id := b.play(t, leg, endless)
		ctx, cancel := b.quickly()
		defer cancel()
		const odd = `综合, "市民" $[1+1] ${EXTEN} a=b;c\`
		require.NoError(t, b.sw.SetVars(ctx, leg, map[string]string{"HOTLINE_STAGE": odd}))
		l, _ := b.find(t, leg)
		require.Equal(t, odd, l.Vars["HOTLINE_STAGE"])
		require.NoError(t, b.sw.StopPlayback(b.ctx, id))
		b.finished(t, id)
	}},
	{"a new variable set while a sound plays is in the list when it has ended", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		id := b.play(t, leg, endless)
		ctx, cancel := b.quickly()
		defer cancel()
		require.NoError(t, b.sw.SetVars(ctx, leg, map[string]string{"HOTLINE_NEW": "1"}))
		require.NoError(t, b.sw.StopPlayback(b.ctx, id))
		b.finished(t, id)
		require.Eventually(t, func() bool {
			l, _ := b.find(t, leg)
			return l.Vars["HOTLINE_NEW"] == "1"
		}, 2*time.Second, 5*time.Millisecond)
	}},
	{"a call is claimed at once while a sound plays", func(t *testing.T, b *bench) {
		b.Dial(t, "13800000000", "12345")
		leg := await(t, b, func(cti.LegStarted) bool { return true }).Leg.ID
		b.play(t, leg, endless)
		ctx, cancel := b.quickly()
		defer cancel()
		require.NoError(t, b.sw.Claim(ctx, leg))
	}},
	{"a global variable can be set", func(t *testing.T, b *bench) {
		require.NoError(t, b.sw.SetGlobal(b.ctx, "HOTLINE_TEST", "17"))
	}},
}

func (b *bench) record(t *testing.T, leg cti.LegID, change func(*cti.Record)) string {
	t.Helper()
	r := cti.Record{Name: "2026/11/24/" + b.id("rec"), Format: "wav"}
	if change != nil {
		change(&r)
	}
	require.NoError(t, b.sw.Record(b.ctx, leg, r))
	return r.Name
}

func (b *bench) recorded(t *testing.T, name string) cti.RecordingFinished {
	t.Helper()
	return await(t, b, func(e cti.RecordingFinished) bool { return e.Name == name })
}

var recordRows = []row{
	{"a stopped recording is kept, read, and removed", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		name := b.record(t, leg, nil)
		require.NoError(t, b.sw.StopRecording(b.ctx, name))
		require.False(t, b.recorded(t, name).Failed)
		names, err := b.sw.Recordings(b.ctx)
		require.NoError(t, err)
		require.Contains(t, names, name+".wav")
		for _, n := range []string{name, name + ".wav"} {
			body, _, err := b.sw.OpenRecording(b.ctx, n)
			require.NoError(t, err)
			head := make([]byte, 4)
			_, err = io.ReadFull(body, head)
			require.NoError(t, err)
			require.NoError(t, body.Close())
			require.Equal(t, "RIFF", string(head))
		}
		require.NoError(t, b.sw.DeleteRecording(b.ctx, name+".wav"))
		require.NoError(t, b.sw.DeleteRecording(b.ctx, name))
		_, _, err = b.sw.OpenRecording(b.ctx, name)
		require.ErrorIs(t, err, cti.ErrGone)
	}},
	{"a key ends a recording", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		name := b.record(t, leg, func(r *cti.Record) { r.StopOn = "#" })
		party.Press(t, "#")
		require.False(t, b.recorded(t, name).Failed)
	}},
	{"a recording ends after its longest time", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		name := b.record(t, leg, func(r *cti.Record) { r.MaxDuration = time.Second })
		require.InDelta(t, 1, b.recorded(t, name).Duration.Seconds(), 1)
	}},
	{"a hang-up ends a recording and keeps it", func(t *testing.T, b *bench) {
		leg, party := b.answered(t)
		name := b.record(t, leg, nil)
		party.Hangup(t)
		require.Equal(t, leg, b.recorded(t, name).Leg)
		names, err := b.sw.Recordings(b.ctx)
		require.NoError(t, err)
		require.Contains(t, names, name+".wav")
	}},
	{"a running recording is in the list", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		name := b.record(t, leg, nil)
		pic, err := b.sw.List(b.ctx)
		require.NoError(t, err)
		require.Equal(t, []string{name}, pic.Recordings)
		require.NoError(t, b.sw.StopRecording(b.ctx, name))
		b.recorded(t, name)
	}},
	{"a format that does not exist is refused", func(t *testing.T, b *bench) {
		leg, _ := b.answered(t)
		require.ErrorIs(t, b.sw.Record(b.ctx, leg, cti.Record{Name: b.id("rec"), Format: "mp9"}), cti.ErrRejected)
	}},
	{"stopping a recording that does not run says so", func(t *testing.T, b *bench) {
		require.ErrorIs(t, b.sw.StopRecording(b.ctx, b.id("rec")), cti.ErrGone)
	}},
	{"a recording that does not exist says so", func(t *testing.T, b *bench) {
		_, _, err := b.sw.OpenRecording(b.ctx, "2026/11/24/"+b.id("rec")+".raw")
		require.ErrorIs(t, err, cti.ErrGone)
	}},
	{"an answered call leaves its own recording", func(t *testing.T, b *bench) {
		b.Dial(t, "13800138000", "12345")
		e := await(t, b, func(cti.LegStarted) bool { return true })
		require.NoError(t, b.sw.Claim(b.ctx, e.Leg.ID))
		require.NoError(t, b.sw.Answer(b.ctx, e.Leg.ID))
		b.finished(t, b.play(t, e.Leg.ID, []string{b.Sound()}))
		require.NoError(t, b.sw.Hangup(b.ctx, e.Leg.ID, cti.HangupNormal))
		await(t, b, func(end cti.LegEnded) bool { return end.Leg == e.Leg.ID })
		require.Eventually(t, func() bool {
			body, _, err := b.sw.OpenRecording(b.ctx, e.Leg.Vars[cti.VarRecording])
			if err != nil {
				return false
			}
			return body.Close() == nil
		}, 2*time.Second, 10*time.Millisecond)
		names, err := b.sw.Recordings(b.ctx)
		require.NoError(t, err)
		require.Contains(t, names, e.Leg.Vars[cti.VarRecording])
	}},
}
