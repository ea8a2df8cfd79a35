package acceptance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
)

// scene is a call on its way, with the one seat that may take it.
type scene struct {
	t      *testing.T
	number string
	boss   *person
	agent  *person
	phone  *testcall.Phone
	caller *testcall.Call
	seat   *testcall.Call // once it rings
	id     calls.ID
}

func (s *scene) hearsMenu() { require.NoError(s.t, s.caller.WaitSound(within(s.t))) }

func (s *scene) press(key string) { require.NoError(s.t, s.caller.Press(within(s.t), key)) }

// away makes the seat not ready, so that the call has to wait.
func (s *scene) away() {
	s.agent.do(floor.CmdWish, floor.Wish{State: floor.SeatNotReady})
	s.agent.waitSeat(floor.SeatNotReady)
}

func (s *scene) rings() {
	s.hearsMenu()
	s.press("1")
	s.id = s.agent.waitPop().Call.ID
	var err error
	s.seat, err = s.phone.Accept(within(s.t))
	require.NoError(s.t, err)
	require.NoError(s.t, s.seat.Ring())
	s.seat.Send(testcall.Tone(seatTone))
}

func (s *scene) talks() {
	s.rings()
	require.NoError(s.t, s.seat.Answer(within(s.t)))
	s.agent.waitSeat(floor.SeatTalking)
	requireTalk(s.t, s.caller, s.seat)
}

// instants at which the citizen hangs up: how far the call goes before, and how it may end.
var instants = []struct {
	name   string
	reach  func(*scene)
	stages []calls.Stage
	causes []calls.Cause
}{
	{"in the menu's first words", (*scene).hearsMenu, []calls.Stage{calls.StageMenu}, []calls.Cause{calls.CauseMenuAbandoned}},
	{"between two digits", func(s *scene) {
		s.hearsMenu()
		s.press("3")
		s.boss.callFrom(s.number, "is asked for a number", past("progress_none"))
		s.press("2511")
	}, []calls.Stage{calls.StageMenu}, []calls.Cause{calls.CauseMenuAbandoned, calls.CauseSelfServed}},
	{"in the queue", func(s *scene) {
		s.away()
		s.hearsMenu()
		s.press("1")
		s.boss.callFrom(s.number, "waits", waiting)
	}, []calls.Stage{calls.StageQueue}, []calls.Cause{calls.CauseQueueAbandoned}},
	{"while the seat rings", (*scene).rings, []calls.Stage{calls.StageRinging}, []calls.Cause{calls.CauseRingAbandoned}},
	{"in the very moment of the answer", func(s *scene) {
		s.rings()
		picked := make(chan error, 1)
		go func() { picked <- s.seat.Answer(s.t.Context()) }()
		s.t.Cleanup(func() { <-picked })
	}, []calls.Stage{calls.StageRinging, calls.StageTalk}, []calls.Cause{calls.CauseRingAbandoned, calls.CauseNoConversation}},
	{"in the conversation", (*scene).talks, []calls.Stage{calls.StageTalk}, []calls.Cause{calls.CauseNoConversation, calls.CauseNormal}},
	{"on hold", func(s *scene) {
		s.talks()
		s.agent.do(floor.CmdHold, floor.CallArgs{Call: string(s.id)})
		s.agent.waitSeat(floor.SeatHolding)
		require.NoError(s.t, s.caller.WaitNoTone(within(s.t), seatTone))
	}, []calls.Stage{calls.StageHold}, []calls.Cause{calls.CauseNormal}},
	{"while the seat asks a department", func(s *scene) {
		s.talks()
		s.agent.do(floor.CmdConsult, floor.PartyArgs{Call: string(s.id), Number: "96116", Label: "市水务集团值班"})
		require.NoError(s.t, s.seat.WaitTone(within(s.t), waterTone))
	}, []calls.Stage{calls.StageConsult}, []calls.Cause{calls.CauseNormal}},
	{"while the department's phone still rings", func(s *scene) {
		s.talks()
		s.agent.do(floor.CmdConsult, floor.PartyArgs{Call: string(s.id), Number: "96116", Label: "市水务集团值班"})
		s.agent.waitSeat(floor.SeatConsult)
	}, []calls.Stage{calls.StageConsult}, []calls.Cause{calls.CauseNormal}},
	{"while he is asked for his rating", func(s *scene) {
		s.talks()
		s.agent.do(floor.CmdHangup, floor.HangupArgs{Call: string(s.id), Rating: true})
		_, err := s.seat.WaitEnded(within(s.t))
		require.NoError(s.t, err)
		s.hearsMenu()
	}, []calls.Stage{calls.StageRating}, []calls.Cause{calls.CauseNormal}},
}

func TestAHangUpAtAnyInstantLeavesNothingBehind(t *testing.T) {
	boss := supervise(t, shared)
	agent, phone := agentAt(t, shared, "8008")
	for i, instant := range instants {
		t.Run(instant.name, func(t *testing.T) {
			s := &scene{t: t, number: "1381234006" + string(rune('0'+i)), boss: boss.in(t), agent: agent.in(t), phone: phone}
			s.caller = dial(t, shared, citizen(t, s.number), "12345")
			instant.reach(s)
			require.NoError(t, s.caller.Hangup(within(t)))

			record := boss.callFrom(s.number, "ended", ended)
			require.Contains(t, instant.stages, record.End.Stage)
			require.Contains(t, instant.causes, record.End.Cause)
			if s.seat != nil {
				_, err := s.seat.WaitEnded(within(t))
				require.NoError(t, err, "the seat's phone is hung up too")
			}
			requireQuietSwitch(t, shared)
			s.takesTheNextCall()
		})
	}
}

// takesTheNextCall proves that the seat is free for the next citizen.
func (s *scene) takesTheNextCall() {
	s.t.Helper()
	s.freeSeat()
	next := &scene{t: s.t, agent: s.agent, phone: s.phone, caller: dial(s.t, shared, citizen(s.t, "13812340069"), "12345")}
	next.talks()
	require.NoError(s.t, next.caller.Hangup(within(s.t)))
	s.freeSeat()
}

// freeSeat makes the seat ready, after its wrap-up if it has one.
func (s *scene) freeSeat() {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		switch seat := s.agent.seatNow(); seat.State {
		case floor.SeatIdle:
			return seat.Call == ""
		case floor.SeatWrapUp:
			s.agent.command(floor.CmdNote, floor.NoteArgs{Call: string(seat.Call), Note: string(calls.NoteDropped)})
			s.agent.command(floor.CmdWrapUpDone, nil)
		case floor.SeatNotReady:
			s.agent.do(floor.CmdWish, floor.Wish{State: floor.SeatIdle})
		}
		return false
	}, patience, tick, "the seat is ready again")
	requireQuietSwitch(s.t, shared)
}
