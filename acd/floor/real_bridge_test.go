package floor_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
)

var toneClerk = toneOutside

func TestContactOnTheRealSwitch(t *testing.T) {
	r := startReal(t)
	src, err := os.ReadFile("../../configs/ivr/duty.yaml")
	require.NoError(t, err)
	r.cfg.Menus.(menus)["duty"] = parse(t, string(src))
	for _, part := range []struct {
		name string
		run  func(r *real)
	}{
		{"they talk, by tones in their ears and in both sides of the recording", realContact},
		{"busy, silent, gone at each instant", realContactEnds},
		{"the server is replaced in the talk and while the citizen rings", realContactTakeover},
		{"the duty phone confirms by key", realRing},
	} {
		t.Run(part.name, func(t *testing.T) {
			r.t = t
			part.run(r)
			r.nothingLeft()
			r.recordingsOfCitizensOnly()
		})
	}
	r.t = t
}

// asks has the hotline connect clerk and citizen.
func (r *real) asks() calls.ID {
	r.t.Helper()
	var id calls.ID
	r.eventually("the account's last call is over", func() (ok bool) {
		var err error
		id, err = r.floor.Bridge(r.ctx(), contact())
		return err == nil
	})
	return id
}

// bridged brings clerk and citizen together.
func (r *real) bridged() (clerk, citizen *testcall.Call) {
	r.t.Helper()
	r.asks()
	clerk = r.accept(r.carrier, toneClerk)
	require.Equal(r.t, clerkNumber, clerk.Dialled(), "the clerk is rung first")
	citizen = r.accept(r.carrier, toneCitizen)
	require.Equal(r.t, citizenNumber, citizen.Dialled())
	require.NoError(r.t, clerk.WaitTone(r.ctx(), toneCitizen))
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneClerk))
	r.stageIs(calls.StageTalk)
	return clerk, citizen
}

func (r *real) ended() calls.Ended {
	r.t.Helper()
	r.eventually("every call has ended", func() bool { return r.journal.count(calls.CallStarted) == r.journal.count(calls.CallEnded) })
	w := &world{t: r.t, journal: r.journal}
	return w.end()
}

func realContact(r *real) {
	clerk, citizen := r.bridged()
	for _, leg := range []struct {
		call  *testcall.Call
		other string
	}{{clerk, citizenNumber}, {citizen, clerkNumber}} {
		for _, header := range []string{"From", "Contact", "P-Asserted-Identity", "Remote-Party-ID", "Diversion", "X-Call-Id"} {
			require.NotContains(r.t, leg.call.Header(header), leg.other, header)
		}
		require.Contains(r.t, leg.call.Header("From"), "12345")
	}
	time.Sleep(2 * time.Second) // of talk
	require.NoError(r.t, citizen.Hangup(r.ctx()))
	_, err := clerk.WaitEnded(r.ctx())
	require.NoError(r.t, err)
	end := r.ended()
	require.Equal(r.t, calls.SideCitizen, end.Side)
	require.Equal(r.t, calls.CauseNormal, end.Cause)

	var started calls.Started
	require.NoError(r.t, json.Unmarshal(r.journal.last(calls.CallStarted).Data, &started))
	r.nothingLeft()
	sound := r.recording(started.Source)
	talk := func(side []int16) []int16 {
		return side[len(side)-testcall.SampleRate*3/2 : len(side)-testcall.SampleRate/2]
	}
	left, right := talk(sound.Left()), talk(sound.Right())
	require.True(r.t, testcall.HasTone(left, testcall.SampleRate, toneCitizen), "left is the citizen")
	require.False(r.t, testcall.HasTone(left, testcall.SampleRate, toneClerk))
	require.True(r.t, testcall.HasTone(right, testcall.SampleRate, toneClerk), "right is the clerk")
	require.False(r.t, testcall.HasTone(right, testcall.SampleRate, toneCitizen))
	require.InDelta(r.t, end.AnsweredS, float64(len(sound.Left()))/testcall.SampleRate, 0.5)
}

// recording reads a raw recording of the switch.
func (r *real) recording(name string) testcall.Audio {
	r.t.Helper()
	body, _, err := r.driver.OpenRecording(r.ctx(), name)
	require.NoError(r.t, err)
	defer body.Close()
	raw, err := io.ReadAll(body)
	require.NoError(r.t, err)
	file := filepath.Join(r.t.TempDir(), "talk.raw")
	require.NoError(r.t, os.WriteFile(file, raw, 0o600))
	sound, err := testcall.ReadStereoRaw(file)
	require.NoError(r.t, err)
	return sound
}

// recordingsOfCitizensOnly requires that of each call no more than its own recording is kept.
func (r *real) recordingsOfCitizensOnly() {
	r.t.Helper()
	var own []string
	for _, e := range r.journal.all() {
		if e.Type == calls.CallStarted {
			var s calls.Started
			require.NoError(r.t, json.Unmarshal(e.Data, &s))
			own = append(own, s.Source)
		}
	}
	r.eventually("no clerk's recording is kept", func() bool {
		kept, err := r.driver.Recordings(r.ctx())
		return err == nil && !slices.ContainsFunc(kept, func(name string) bool {
			return !slices.Contains(own, name) && !slices.Contains(own, name+".raw")
		})
	})
}

const inTheMoment = "the citizen leaves in the moment of the joining"

func realContactEnds(r *real) {
	next := func() *testcall.Call {
		c, err := r.carrier.Accept(r.ctx())
		require.NoError(r.t, err)
		require.NoError(r.t, c.Ring())
		return c
	}
	answered := func() *testcall.Call {
		c := next()
		require.NoError(r.t, c.Answer(r.ctx()))
		return c
	}
	busy := func(c *testcall.Call) { require.NoError(r.t, c.Reject(486, "Busy Here")) }
	gone := func(c *testcall.Call) { require.NoError(r.t, c.Hangup(r.ctx())) }
	for _, instant := range []struct {
		name  string
		until func()
		side  calls.Side
		cause calls.Cause
	}{
		{"the clerk is busy", func() { busy(next()) }, calls.SideClerk, calls.CauseBusy},
		{"the clerk leaves right after his answer", func() { gone(answered()) }, calls.SideClerk, calls.CauseCancelled},
		{"the clerk leaves while the citizen rings", func() {
			clerk := answered()
			next()
			gone(clerk)
		}, calls.SideClerk, calls.CauseCancelled},
		{"the citizen is busy", func() {
			answered()
			busy(next())
		}, calls.SideCitizen, calls.CauseBusy},
		{"the citizen can't be reached", func() {
			answered()
			require.NoError(r.t, next().Reject(404, "Not Found"))
		}, calls.SideSwitch, calls.CauseUnreachable},
		{inTheMoment, func() {
			answered()
			gone(answered())
		}, calls.SideCitizen, calls.CauseNormal},
		{"the clerk leaves the talk", func() {
			clerk, _ := r.bridged2(answered)
			gone(clerk)
		}, calls.SideClerk, calls.CauseNormal},
	} {
		id := r.asks()
		instant.until()
		r.nothingLeft()
		end := r.ended()
		require.Equal(r.t, id, r.journal.last(calls.CallEnded).Call, instant.name)
		require.Equal(r.t, instant.side, end.Side, "%s: %+v", instant.name, end)
		if instant.name == inTheMoment { // perhaps before the switch told of the answer
			require.Contains(r.t, []calls.Cause{calls.CauseNormal, calls.CauseCancelled, calls.CauseNoAnswer}, end.Cause)
			continue
		}
		require.Equal(r.t, instant.cause, end.Cause, instant.name)
	}
	// Nobody answers.
	short := r.cfg.DialTimeout
	defer func() { r.cfg.DialTimeout = short }()
	r.cfg.DialTimeout = time.Second
	r.replaced()
	r.asks()
	next()
	r.nothingLeft()
	require.Equal(r.t, calls.CauseNoAnswer, r.ended().Cause)
	require.Equal(r.t, calls.SideClerk, r.ended().Side)
	r.asks()
	answered()
	next()
	r.nothingLeft()
	require.Equal(r.t, calls.CauseNoAnswer, r.ended().Cause)
	require.Equal(r.t, calls.SideCitizen, r.ended().Side)
}

// bridged2 lets a call that was asked for come to a talk.
func (r *real) bridged2(answered func() *testcall.Call) (clerk, citizen *testcall.Call) {
	clerk, citizen = answered(), answered()
	r.stageIs(calls.StageTalk)
	return clerk, citizen
}

// replaced lets a floor of a higher epoch take over without a word of the old one.
func (r *real) replaced() {
	r.t.Helper()
	old := *r
	r.live.setDown(true)
	old.halt()
	r.live.setDown(false)
	r.boot()
	r.eventually("the switch is ours", r.connected)
}

func realContactTakeover(r *real) {
	clerk, citizen := r.bridged()
	clerk.MarkGap()
	citizen.MarkGap()
	r.replaced()
	r.stageIs(calls.StageTalk)
	require.NoError(r.t, clerk.WaitTone(r.ctx(), toneCitizen))
	require.Less(r.t, clerk.Stats().MaxGap, 100*time.Millisecond, "the talk was not touched")
	require.Less(r.t, citizen.Stats().MaxGap, 100*time.Millisecond)
	require.NoError(r.t, clerk.Hangup(r.ctx()))
	_, err := citizen.WaitEnded(r.ctx())
	require.NoError(r.t, err)
	r.nothingLeft()
	require.Equal(r.t, calls.SideClerk, r.ended().Side)

	r.asks()
	clerk = r.accept(r.carrier, toneClerk)
	citizen, err = r.carrier.Accept(r.ctx())
	require.NoError(r.t, err)
	require.NoError(r.t, citizen.Ring())
	r.replaced()
	r.stageIs(calls.StageDialling)
	require.NoError(r.t, citizen.Answer(r.ctx()))
	citizen.Send(testcall.Tone(toneCitizen))
	require.NoError(r.t, clerk.WaitTone(r.ctx(), toneCitizen))
	require.NoError(r.t, citizen.WaitTone(r.ctx(), toneClerk))
	require.NoError(r.t, citizen.Hangup(r.ctx()))
	_, err = clerk.WaitEnded(r.ctx())
	require.NoError(r.t, err)
}

func realRing(r *real) {
	id, err := r.floor.Ring(context.Background(), floor.RingRequest{Number: "13800139999", Ticket: "ticket-1", TicketNumber: "260124000173", Unit: "xxb"})
	require.NoError(r.t, err)
	phone, err := r.carrier.Accept(r.ctx())
	require.NoError(r.t, err)
	require.Equal(r.t, "13800139999", phone.Dialled())
	require.NoError(r.t, phone.Answer(r.ctx()))
	r.stageIs(calls.StageMenu)
	require.NoError(r.t, phone.Press(r.ctx(), "1"))
	_, err = phone.WaitEnded(r.ctx())
	require.NoError(r.t, err)
	require.Equal(r.t, calls.CauseHeard, r.ended().Cause)
	require.Equal(r.t, id, r.journal.last(calls.CallEnded).Call)
}
