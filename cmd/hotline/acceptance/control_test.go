package acceptance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
)

// talking brings a citizen and the agent at the seat together.
func talking(t *testing.T, seat, number string) (agent *person, phone *testcall.Phone, caller, talk *testcall.Call, id calls.ID) {
	t.Helper()
	agent, phone = agentAt(t, shared, seat)
	caller = dial(t, shared, citizen(t, number), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "1"))
	id = agent.waitPop().Call.ID
	talk = answerNext(t, phone)
	agent.waitSeat(floor.SeatTalking)
	requireTalk(t, caller, talk)
	return agent, phone, caller, talk, id
}

var (
	citizenTone   = testcall.ToneOf(testcall.LegCitizen)
	seatTone      = testcall.ToneOf(testcall.LegSeat)
	consultedTone = testcall.ToneOf(testcall.LegConsulted)
	emergencyTone = testcall.ToneOf(testcall.LegEmergency)
	waterTone     = testcall.ToneOf(testcall.LegDepartment)
)

func TestASeatConsultsAnotherAndHandsTheCallOver(t *testing.T) {
	agent, _, caller, talk, id := talking(t, "8005", "13812340021")
	other, otherPhone := agentAt(t, shared, "8006")

	agent.do(floor.CmdConsult, floor.PartyArgs{Call: string(id), Seat: "8006"})
	asked, err := otherPhone.Accept(within(t))
	require.NoError(t, err)
	require.NoError(t, asked.Ring())
	asked.Send(testcall.Tone(consultedTone))
	require.NoError(t, asked.Answer(within(t)))
	agent.waitSeat(floor.SeatConsult)
	require.NoError(t, talk.WaitTone(within(t), consultedTone), "the agent hears whom it asks")
	require.NoError(t, asked.WaitTone(within(t), seatTone), "and is heard")
	require.NoError(t, caller.WaitNoTone(within(t), seatTone, consultedTone), "the citizen hears neither")
	require.NoError(t, asked.WaitNoTone(within(t), citizenTone), "nor is heard")

	agent.do(floor.CmdTransfer, floor.CallArgs{Call: string(id)})
	require.NoError(t, caller.WaitTone(within(t), consultedTone), "citizen and second agent talk")
	require.NoError(t, asked.WaitTone(within(t), citizenTone))
	_, err = talk.WaitEnded(within(t))
	require.NoError(t, err, "the first agent is out")
	agent.finishCall(id, calls.NoteTransferred)
	other.waitSeat(floor.SeatTalking)

	other.do(floor.CmdHangup, floor.HangupArgs{Call: string(id), Reason: "handled"})
	_, err = caller.WaitEnded(within(t))
	require.NoError(t, err)
	other.finishCall(id, calls.NoteAnswered)
	record := other.callFrom("13812340021", "ended", ended)
	require.Equal(t, []string{"8005", "8006"}, []string{record.Seats[0].Seat, record.Seats[1].Seat})
	require.Equal(t, calls.SideSeat, record.End.Side)
	requireQuietSwitch(t, shared)
}

func TestADepartmentJoinsTheCallAsTheThird(t *testing.T) {
	agent, _, caller, talk, id := talking(t, "8005", "13812340022")
	agent.do(floor.CmdConsult, floor.PartyArgs{Call: string(id), Number: "96116", Label: "市水务集团值班"})
	require.NoError(t, talk.WaitTone(within(t), waterTone), "the department answers the agent")
	require.NoError(t, caller.WaitNoTone(within(t), seatTone, waterTone), "the citizen waits meanwhile")
	agent.do(floor.CmdThreeWay, floor.CallArgs{Call: string(id)})
	agent.waitSeat(floor.SeatThreeWay)
	require.NoError(t, caller.WaitTone(within(t), seatTone, waterTone), "the citizen hears both")
	require.NoError(t, talk.WaitTone(within(t), citizenTone, waterTone), "the agent hears both")
	party := agent.callNow().Parties[0]
	agent.do(floor.CmdPartyDrop, floor.PartyDropArgs{Call: string(id), Party: party.ID})
	require.NoError(t, caller.WaitNoTone(within(t), waterTone), "the department is out")
	requireTalk(t, caller, talk)
	require.NoError(t, caller.Hangup(within(t)))
	agent.finishCall(id, calls.NoteAnswered)
	requireQuietSwitch(t, shared)
}

func TestTheRedKeyBringsThePoliceIntoTheCallAtOnce(t *testing.T) {
	agent, _, caller, talk, id := talking(t, "8005", "13812340023")
	agent.do(floor.CmdEmergency, floor.PartyArgs{Call: string(id), Number: "110", Label: "110 报警"})
	require.NoError(t, caller.WaitTone(within(t), seatTone, emergencyTone), "the citizen hears agent and police")
	require.NoError(t, talk.WaitTone(within(t), citizenTone, emergencyTone), "the agent hears citizen and police")
	agent.do(floor.CmdHangup, floor.HangupArgs{Call: string(id), Reason: "handed to 110"})
	_, err := talk.WaitEnded(within(t))
	require.NoError(t, err)
	require.NoError(t, caller.WaitNoTone(within(t), seatTone), "the agent is out")
	require.NoError(t, caller.WaitTone(within(t), emergencyTone), "citizen and police talk on")
	agent.finishCall(id, calls.NoteTransferred)
	require.NoError(t, caller.Hangup(within(t)))

	record := agent.callFrom("13812340023", "ended", ended)
	require.Equal(t, calls.CauseTransferred, record.End.Cause)
	require.False(t, record.Lost)
	_, audio := sealed(t, agent, id)
	require.Greater(t, testcall.ToneShare(audio.Right(), audio.Rate, emergencyTone), 0.0, "the recording holds the police too")
	requireQuietSwitch(t, shared)
}

// callNow is the own seat's call as last told.
func (p *person) callNow() floor.CallView {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.talk
}
