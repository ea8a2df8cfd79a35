package acceptance

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/tickets/service"
)

func TestAMessageLeftInTheQueueIsHeardCalledBackAndBecomesATicket(t *testing.T) {
	const number = "13812340031"
	boss := supervise(t, shared)
	caller := dial(t, shared, citizen(t, number), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "1"))
	first := boss.callFrom(number, "waits", waiting)
	require.NoError(t, caller.Press(within(t), "2"), "rather leave a message")
	boss.callFrom(number, "left the queue", func(r service.CallRecord) bool { return past("general")(r) && r.End == nil })
	require.Eventually(t, func() bool { return shared.recordsMessage(t, first) }, patience, tick, "the switch takes the message")
	require.NoError(t, caller.Play(within(t), clipOf(citizenTone, 3*time.Second)))
	require.NoError(t, caller.Press(within(t), "#"))
	_, err := caller.WaitEnded(within(t))
	require.NoError(t, err, "thanked and hung up")
	record := boss.callFrom(number, "ended", ended)
	require.Equal(t, calls.CauseVoicemailLeft, record.End.Cause)

	agent, phone := agentAt(t, shared, "8007")
	row := agent.callback(first.ID)
	require.Equal(t, service.KindVoicemail, row.Kind)
	require.Equal(t, "138****0031", row.CallerMasked)
	require.False(t, row.DialableByYou, "only who took the row may dial")
	agent.do(floor.CmdWish, floor.Wish{State: floor.SeatNotReady})
	agent.waitSeat(floor.SeatNotReady)
	agent.post("/api/v1/callbacks/"+row.ID+"/take", struct{}{}, &row)
	require.True(t, row.DialableByYou)
	message := agent.message(row.ID)
	require.Greater(t, testcall.ToneShare(message.Left(), message.Rate, citizenTone), 0.8, "the message is the citizen's voice")

	agent.do(floor.CmdDial, floor.DialArgs{Callback: row.ID})
	pop := agent.waitPop()
	require.Equal(t, number, pop.Call.Caller)
	seat := answerNext(t, phone)
	require.NoError(t, seat.WaitTone(within(t), testcall.ToneOf(testcall.LegOutbound)), "the citizen answers the call back")
	agent.waitSeat(floor.SeatTalking)
	converse(t, seat, 1500*time.Millisecond)
	var draft, submitted service.TicketView
	agent.post("/api/v1/tickets", map[string]any{"call": pop.Call.ID, "callback": row.ID}, &draft)
	status, body := agent.call(http.MethodPatch, "/api/v1/tickets/"+draft.ID, map[string]any{
		"version": draft.Version, "type": "help", "title": "家中停水", "content": "昨晚起家中停水，请查明恢复时间。",
		"class_id": firstClass(agent), "place": map[string]any{"address": "湖滨路 12 号"}, "caller": map[string]any{"name": "赵女士"},
	}, &draft)
	require.Equal(t, http.StatusOK, status, body)
	agent.post("/api/v1/tickets/"+draft.ID+"/actions/submit", map[string]any{"version": draft.Version}, &submitted)
	agent.do(floor.CmdHangup, floor.HangupArgs{Call: string(pop.Call.ID), Reason: "done"})
	agent.waitSeat(floor.SeatWrapUp)
	agent.do(floor.CmdNote, floor.NoteArgs{Call: string(pop.Call.ID), Note: string(calls.NoteTicket)})
	agent.post("/api/v1/callbacks/"+row.ID+"/done", map[string]any{"result": "contacted", "ticket": submitted.ID}, &row)
	require.Equal(t, service.CallbackDone, row.State)
	require.Equal(t, submitted.Number, row.TicketNumber)
	require.Len(t, row.Attempts, 1)
	require.Equal(t, pop.Call.ID, row.Attempts[0].Call)
	_, audio := sealed(t, agent, pop.Call.ID)
	require.Greater(t, testcall.ToneShare(audio.Left(), audio.Rate, testcall.ToneOf(testcall.LegOutbound)), 0.1, "left is the citizen")
	require.Greater(t, testcall.ToneShare(audio.Right(), audio.Rate, seatTone), 0.1, "right is the seat")
	requireQuietSwitch(t, shared)
}

// message is the sealed message of the row.
func (p *person) message(row string) testcall.Audio {
	p.t.Helper()
	var view service.CallbackView
	require.Eventually(p.t, func() bool {
		var page service.Page[service.CallbackView]
		p.get("/api/v1/callbacks?limit=100", &page)
		for _, v := range page.Items {
			if v.ID == row {
				view = v
			}
		}
		return view.Recording != nil && view.Recording.AudioURL != ""
	}, patience, tick, "the message can be heard")
	return p.audio(view.Recording.AudioURL)
}

// recordsMessage tells whether the switch records the call's message now.
func (s *stack) recordsMessage(t *testing.T, call service.CallRecord) bool {
	t.Helper()
	var live struct{ State string }
	name := call.StartedAt.UTC().Format("2006/01/02/") + string(call.ID) + ".voicemail"
	s.askSwitch(t, "/ari/recordings/live/"+url.PathEscape(name), &live)
	return live.State == "recording"
}

// clipOf is a tone of that length.
func clipOf(freq float64, long time.Duration) testcall.Source {
	return testcall.Clip(samplesOf(freq, long))
}

func samplesOf(freq float64, long time.Duration) []int16 {
	var samples []int16
	tone, frame := testcall.Tone(freq), make([]int16, testcall.FrameSamples)
	for time.Duration(len(samples))*time.Second/testcall.SampleRate < long {
		tone.Next(frame)
		samples = append(samples, frame...)
	}
	return samples
}
