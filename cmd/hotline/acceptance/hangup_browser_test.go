package acceptance

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
)

// browserScene is a call on its way to a seat whose phone is a page.
type browserScene struct {
	t      *testing.T
	seat   *browser
	caller *testcall.Call
}

func (s *browserScene) rings() {
	require.NoError(s.t, s.caller.Press(within(s.t), "1"))
	s.seat.wait("[data-phone][data-call=ringing]")
}

func (s *browserScene) talks() {
	s.rings()
	s.seat.press("F2")
	s.seat.wait("[data-phone][data-call=active][data-media=audio]")
	require.NoError(s.t, s.caller.WaitTone(within(s.t), seatTone))
}

// browserInstants are those of instants in which the seat's phone has a part.
var browserInstants = []struct {
	name   string
	reach  func(*browserScene)
	stages []calls.Stage
}{
	{"while the page rings", (*browserScene).rings, []calls.Stage{calls.StageRinging}},
	{"in the very moment of the answer", func(s *browserScene) {
		s.rings()
		s.seat.press("F2")
	}, []calls.Stage{calls.StageRinging, calls.StageTalk}},
	{"in the conversation", (*browserScene).talks, []calls.Stage{calls.StageTalk}},
	{"on hold", func(s *browserScene) {
		s.talks()
		s.seat.press("F4")
		s.seat.wait("[data-phone][data-seat-state=holding]")
	}, []calls.Stage{calls.StageHold}},
	{"while the seat asks a department", func(s *browserScene) {
		s.talks()
		// The page's own command, by the way of other clients.
		signIn(s.t, shared, "8003").post("/api/v1/floor/commands", map[string]any{
			"type": floor.CmdConsult,
			"data": floor.PartyArgs{Call: s.seat.read("[data-phone]", "data-call-id"), Number: "96116", Label: "市水务集团值班"},
		}, nil)
		s.seat.hears(waterTone)
	}, []calls.Stage{calls.StageConsult}},
	{"while he is asked for his rating", func(s *browserScene) {
		s.talks()
		converse(s.t, s.caller, 1500*time.Millisecond)
		s.seat.press("Control+F2")
		s.seat.wait("[data-panel=wrap-up]")
		require.NoError(s.t, s.caller.WaitNoTone(within(s.t), seatTone))
	}, []calls.Stage{calls.StageRating}},
}

func TestAHangUpAtAnyInstantLeavesAPageReadyForTheNextCall(t *testing.T) {
	boss := supervise(t, shared)
	seat := browse(t, seatTone)
	seat.takeSeat("8003")
	t.Cleanup(func() { signOutByForce(t, boss, "8003") })
	for i, instant := range browserInstants {
		t.Run(instant.name, func(t *testing.T) {
			number := fmt.Sprintf("1381234030%d", i)
			s := &browserScene{t: t, seat: seat, caller: dial(t, shared, citizen(t, number), "12345")}
			instant.reach(s)
			require.NoError(t, s.caller.Hangup(within(t)))
			record := boss.in(t).callFrom(number, "ended", ended)
			require.Contains(t, instant.stages, record.End.Stage)
			seat.wait("[data-phone][data-call=idle], [data-phone][data-call=ended]")
			seat.readyAgain()
			requireQuietSwitch(t, shared)

			next := &browserScene{t: t, seat: seat, caller: dial(t, shared, citizen(t, number), "12345")}
			next.talks()
			require.NoError(t, next.caller.Hangup(within(t)))
			seat.wait("[data-phone][data-call=idle], [data-phone][data-call=ended]")
			seat.readyAgain()
			requireQuietSwitch(t, shared)
		})
	}
	seat.requireNoFaults()
}

// readyAgain ends the wrap-up, if there is one, by the page's own button.
func (b *browser) readyAgain() {
	b.t.Helper()
	b.wait("[data-phone][data-seat-state=idle], [data-act=wrap-up-done]")
	b.do("clickIfThere", map[string]any{"at": "[data-act=wrap-up-done]"})
	b.wait("[data-act=state].st-idle")
}
