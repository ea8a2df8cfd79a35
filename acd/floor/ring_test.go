package floor_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

const dutyNumber = "059912345678"

func duty() floor.RingRequest {
	return floor.RingRequest{Number: "0599-12345678", Label: "市信息办值班电话", Ticket: "ticket-1", TicketNumber: "260124000173", Unit: "xxb"}
}

// withDuty gives the world the menu of the duty phone.
func withDuty(w *world) {
	src, err := os.ReadFile("../../configs/ivr/duty.yaml")
	require.NoError(w.t, err)
	w.menus["duty"] = parse(w.t, string(src))
}

// rings lets the duty phone ring.
func (w *world) rings() (calls.ID, cti.LegID) {
	w.t.Helper()
	id, err := w.floor.Ring(context.Background(), duty())
	require.NoError(w.t, err)
	w.wait()
	leg := w.sw.LegOfNumber(dutyNumber)
	require.NotEmpty(w.t, leg)
	return id, leg
}

func TestTheDutyPhoneHearsTheTicketsNumberAndConfirmsByKey(t *testing.T) {
	inWorldWith(t, withDuty, func(w *world) {
		id, leg := w.rings()
		_, err := w.floor.Ring(context.Background(), duty())
		w.refused(err, floor.RefusedCalling)
		w.sw.PhoneAnswers(leg)
		w.wait()
		var said []string
		for _, op := range w.sw.Ops() {
			if op.Method == "Play" {
				said = append(said, op.Detail)
			}
		}
		require.Equal(t, []string{"duty.remind&ticket&pause.short&duty.please&duty.press_1"}, said)
		w.sw.Press(leg, "1")
		w.nothingLeft()
		require.Equal(t, calls.CauseHeard, w.end().Cause)
		require.True(t, w.end().Recorded)
		s := w.started()
		require.Equal(t, calls.PurposeDuty, s.Purpose)
		require.Equal(t, "ticket-1", s.Ticket)
		require.Empty(t, s.CallerSealed, "no citizen is in it")
		require.Equal(t, &calls.Party{Kind: "duty", Label: "市信息办值班电话", NumberSealed: "sealed:" + dutyNumber}, s.Clerk)
		require.Equal(t, calls.CallEnded, w.journal.types(id)[len(w.journal.types(id))-1])
	})
}

func TestARingToTheDutyPhoneEndsTyped(t *testing.T) {
	cases := []struct {
		how   string
		while func(w *world, leg cti.LegID)
		side  calls.Side
		cause calls.Cause
	}{
		{"busy", func(w *world, leg cti.LegID) { w.sw.PhoneRejects(leg) }, calls.SideClerk, calls.CauseBusy},
		{"no answer", func(w *world, _ cti.LegID) { w.pass(61 * time.Second) }, calls.SideClerk, calls.CauseNoAnswer},
		{"unreachable", func(w *world, leg cti.LegID) { w.sw.Unreachable(leg) }, calls.SideSwitch, calls.CauseUnreachable},
		{"hung up while it is said", func(w *world, leg cti.LegID) {
			w.sw.HoldPlaybacks(true)
			w.sw.PhoneAnswers(leg)
			w.wait()
			w.sw.FarEndHangsUp(leg)
		}, calls.SideClerk, calls.CauseNotHeard},
		{"hung up after the key", func(w *world, leg cti.LegID) {
			w.sw.HoldPlaybacks(true)
			w.sw.PhoneAnswers(leg)
			w.wait()
			w.sw.Press(leg, "1")
			w.wait()
			w.sw.FarEndHangsUp(leg)
		}, calls.SideSystem, calls.CauseHeard},
		{"nobody presses a key: said three times", func(w *world, leg cti.LegID) {
			w.sw.PhoneAnswers(leg)
			w.pass(20 * time.Second)
			require.Equal(w.t, 3, w.sw.Count("Play"))
		}, calls.SideSystem, calls.CauseNotHeard},
		{"other keys don't confirm", func(w *world, leg cti.LegID) {
			w.sw.PhoneAnswers(leg)
			w.wait()
			w.sw.Press(leg, "0*2")
			w.pass(time.Second)
		}, calls.SideSystem, calls.CauseNotHeard},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			inWorldWith(t, withDuty, func(w *world) {
				_, leg := w.rings()
				c.while(w, leg)
				w.nothingLeft()
				require.Equal(t, c.side, w.end().Side)
				require.Equal(t, c.cause, w.end().Cause)
				require.Equal(t, 1, w.journal.count(calls.CallEnded))
			})
		})
	}
}

func TestWithoutItsMenuARingEndsInsteadOfWaitingInAQueue(t *testing.T) {
	inWorld(t, func(w *world) {
		_, leg := w.rings()
		w.sw.PhoneAnswers(leg)
		w.nothingLeft()
		require.Equal(t, calls.CausePlatformFailed, w.end().Cause)
	})
}

func TestASuccessorGoesOnWithARing(t *testing.T) {
	for name, answered := range map[string]bool{"while it rings": false, "while it is said": true} {
		t.Run(name, func(t *testing.T) {
			inWorldWith(t, withDuty, func(w *world) {
				w.sw.HoldPlaybacks(true)
				id, leg := w.rings()
				if answered {
					w.sw.PhoneAnswers(leg)
					w.wait()
				}
				w.restart(nil)
				require.Equal(t, id, w.call().ID)
				if !answered {
					w.sw.PhoneAnswers(leg)
					w.wait()
				}
				require.NotEmpty(t, w.sw.PlaybackOn(leg), "it is said again")
				w.sw.HoldPlaybacks(false)
				w.sw.Press(leg, "1")
				w.nothingLeft()
				require.Equal(t, calls.CauseHeard, w.end().Cause)
			})
		})
	}
}
