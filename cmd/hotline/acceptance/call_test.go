package acceptance

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/tickets/service"
)

// answerNext takes the next call that rings at the phone; it sends the seat's tone.
func answerNext(t *testing.T, phone *testcall.Phone) *testcall.Call {
	t.Helper()
	call, err := phone.Accept(within(t))
	require.NoError(t, err)
	require.NoError(t, call.Ring())
	call.Send(testcall.Tone(testcall.ToneOf(testcall.LegSeat)))
	require.NoError(t, call.Answer(within(t)))
	return call
}

// requireTalk proves two-way audio by tone.
func requireTalk(t *testing.T, citizen, seat *testcall.Call) {
	t.Helper()
	require.NoError(t, citizen.WaitTone(within(t), testcall.ToneOf(testcall.LegSeat)), "the citizen hears the seat")
	require.NoError(t, seat.WaitTone(within(t), testcall.ToneOf(testcall.LegCitizen)), "the seat hears the citizen")
}

// converse lets a conversation last until the phone has received that much sound.
func converse(t *testing.T, call *testcall.Call, long time.Duration) {
	t.Helper()
	from := call.Stats().Packets
	require.Eventually(t, func() bool {
		return time.Duration(call.Stats().Packets-from)*20*time.Millisecond >= long
	}, long+5*time.Second, 20*time.Millisecond)
}

// sealed waits for the call's recording and returns it.
func sealed(t *testing.T, p *person, call calls.ID) (service.RecordingRef, testcall.Audio) {
	t.Helper()
	var record service.CallRecord
	require.Eventually(t, func() bool {
		p.get("/api/v1/calls/"+string(call), &record)
		return len(record.Recordings) == 1 && record.Recordings[0].Status == "sealed"
	}, 10*time.Second, 100*time.Millisecond, "the recording is sealed")
	return record.Recordings[0], p.audio(record.Recordings[0].AudioURL)
}

// audio plays a recording.
func (p *person) audio(url string) testcall.Audio {
	p.t.Helper()
	res, err := p.http.Get(p.stack.url + url)
	require.NoError(p.t, err)
	defer res.Body.Close()
	require.Equal(p.t, http.StatusOK, res.StatusCode)
	raw, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	audio, err := testcall.ParseWAV(raw)
	require.NoError(p.t, err)
	return audio
}

func TestCitizenReachesASeatAndTheRecordingHangsOnTheTicket(t *testing.T) {
	agent, phone := agentAt(t, shared, "8001")
	from := citizen(t, "13812345678")
	caller := dial(t, shared, from, "12345")
	require.NoError(t, caller.WaitSound(within(t)), "the menu speaks")
	require.NoError(t, caller.Press(within(t), "1"))

	pop := agent.waitPop()
	require.Equal(t, "13812345678", pop.Call.Caller, "this call's agent sees the number in full")
	seat := answerNext(t, phone)
	agent.waitSeat(floor.SeatTalking)
	requireTalk(t, caller, seat)
	converse(t, seat, 3*time.Second)

	var draft service.TicketView
	agent.post("/api/v1/tickets", map[string]any{"call": pop.Call.ID}, &draft)
	status, body := agent.call(http.MethodPatch, "/api/v1/tickets/"+draft.ID, map[string]any{
		"version": draft.Version, "type": "complaint", "title": "夜间施工噪音扰民", "content": "工地夜间十一点后仍在施工,影响休息,请予处理。",
		"class_id": firstClass(agent), "place": map[string]any{"address": "苏州街 18 号"}, "caller": map[string]any{"name": "王女士"},
	}, &draft)
	require.Equal(t, http.StatusOK, status, body)
	var submitted service.TicketView
	agent.post("/api/v1/tickets/"+draft.ID+"/actions/submit", map[string]any{"version": draft.Version}, &submitted)
	require.Len(t, submitted.Number, 12)
	require.Len(t, submitted.QueryCode, 6)
	require.Equal(t, "to_dispatch", string(submitted.State))

	agent.do(floor.CmdHangup, floor.HangupArgs{Call: string(pop.Call.ID), Rating: true})
	_, err := seat.WaitEnded(within(t))
	require.NoError(t, err)
	require.NoError(t, caller.WaitSound(within(t)), "the rating menu speaks")
	require.NoError(t, caller.Press(within(t), "1"))
	_, err = caller.WaitEnded(within(t))
	require.NoError(t, err)
	agent.waitSeat(floor.SeatWrapUp)
	agent.do(floor.CmdNote, floor.NoteArgs{Call: string(pop.Call.ID), Note: string(calls.NoteTicket)})
	agent.do(floor.CmdWrapUpDone, nil)
	agent.waitSeat(floor.SeatIdle)

	ref, audio := sealed(t, agent, pop.Call.ID)
	require.Empty(t, ref.Flaws)
	require.Equal(t, 2, ref.Channels)
	requireSides(t, audio)

	var record service.CallRecord
	agent.get("/api/v1/calls/"+string(pop.Call.ID), &record)
	require.Equal(t, calls.SideSeat, record.End.Side)
	require.Equal(t, calls.CauseNormal, record.End.Cause)
	require.Equal(t, 1, record.Rating)
	require.Equal(t, submitted.Number, record.Tickets[0].Number)
	var page service.TicketView
	agent.get("/api/v1/tickets/"+submitted.Number, &page)
	require.Equal(t, pop.Call.ID, page.Calls[0].ID)
	require.Equal(t, ref.ID, page.Calls[0].Recordings[0].ID)
	requireQuietSwitch(t, shared)
}

// requireSides proves by tone that the citizen is left and the seat is right.
func requireSides(t *testing.T, audio testcall.Audio) {
	t.Helper()
	share := testcall.ToneShare
	const edges = 0.05 // a pressed key cuts a tone, and the cut has every frequency in it
	require.Greater(t, share(audio.Left(), audio.Rate, citizenTone), 0.3, "left is the citizen")
	require.Less(t, share(audio.Left(), audio.Rate, seatTone), edges, "the seat is not left")
	require.Greater(t, share(audio.Right(), audio.Rate, seatTone), 0.1, "right is the seat, as the citizen was sent it")
	require.Less(t, share(audio.Right(), audio.Rate, citizenTone), edges, "the citizen is not right")
}

func firstClass(p *person) string {
	var classes struct{ Items []service.ClassView }
	p.get("/api/v1/classes?q="+"zy", &classes)
	require.NotEmpty(p.t, classes.Items)
	return classes.Items[0].ID
}

// requireQuietSwitch asserts that no channel and no bridge is left on the switch.
func requireQuietSwitch(t *testing.T, s *stack) {
	t.Helper()
	var channels, bridges []json.RawMessage
	require.Eventually(t, func() bool {
		channels, bridges = nil, nil
		s.askSwitch(t, "/ari/channels", &channels)
		s.askSwitch(t, "/ari/bridges", &bridges)
		return len(channels) == 0 && len(bridges) == 0
	}, 10*time.Second, 50*time.Millisecond, "the switch is empty after the call")
}
