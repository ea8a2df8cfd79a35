package acceptance

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/service"
)

func TestAnAgentInTheBrowserAnswersWritesATicketAndHearsTheRecording(t *testing.T) {
	const number = "13812340051"
	boss := supervise(t, shared)
	seat := browse(t, seatTone)
	seat.takeSeat("8001")
	t.Cleanup(func() { signOutByForce(t, boss, "8001") })
	caller := dial(t, shared, citizen(t, number), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "1"))
	seat.wait("[data-phone][data-call=ringing]")
	seat.press("F2")
	seat.wait("[data-phone][data-call=active][data-media=audio]")
	require.NoError(t, caller.WaitTone(within(t), seatTone), "the citizen hears the agent's microphone")
	seat.hears(citizenTone)

	seat.click("[data-field=type] >> text=投诉")
	seat.fill("[data-field=title]", "夜间施工噪声扰民")
	seat.fill("[data-field=content]", "苏州街 18 号工地连续三晚十一点后仍在施工，严重影响休息，请予处理。")
	seat.fill("[data-field=caller_name]", "王女士")
	seat.fill("[data-field=address]", "苏州街 18 号")
	seat.click("[data-field=class]")
	seat.write("sgzy")
	seat.press("Enter")
	seat.wait("[data-form][data-saved=yes]")
	seat.picture("desktop-in-call")
	seat.press("Control+Enter")
	seat.wait("[data-panel=submitted]")
	ticket := seat.read("[data-panel=submitted]", "data-number")
	require.Len(t, ticket, 12)
	require.Len(t, seat.read("[data-panel=submitted]", "data-code"), 6)

	seat.press("Control+F2")
	require.NoError(t, caller.WaitNoTone(within(t), seatTone))
	require.NoError(t, caller.WaitSound(within(t)), "the rating menu speaks")
	require.NoError(t, caller.Press(within(t), "1"))
	_, err := caller.WaitEnded(within(t))
	require.NoError(t, err)
	seat.wait("[data-panel=wrap-up][data-note=ticket]")
	seat.click("[data-act=wrap-up-done]")
	seat.wait("[data-act=state].st-idle")

	record := boss.callFrom(number, "ended, with its note", func(r service.CallRecord) bool { return r.End != nil && r.Note.Note != "" })
	require.Equal(t, 1, record.Rating)
	require.Equal(t, calls.NoteTicket, record.Note.Note)
	ref, audio := sealed(t, boss, record.ID)
	requireSides(t, audio)

	seat.open(shared.url + "/tickets/" + ticket)
	seat.wait("[data-ticket] [data-call='" + string(record.ID) + "']")
	seat.wait("[data-recording='" + ref.ID + "'][data-status=sealed]")
	seat.picture("ticket")
	seat.requireNoFaults()
	requireQuietSwitch(t, shared)
}

func TestACitizenCallsFromTheBrowserAndAnAgentInAnotherAnswers(t *testing.T) {
	boss := supervise(t, shared)
	seat := browse(t, seatTone)
	seat.takeSeat("8002")
	t.Cleanup(func() { signOutByForce(t, boss, "8002") })
	phone := browse(t, citizenTone)
	phone.open(shared.url + "/demo/citizen")
	phone.click("[data-citizen]")
	phone.wait("[data-phone][data-reg=on]")
	phone.click("[data-act=dial]")
	phone.wait("[data-phone][data-call=active][data-media=audio]")
	phone.picture("citizen-phone")
	phone.click("[data-key='1']")
	seat.wait("[data-phone][data-call=ringing]")
	seat.press("F2")
	seat.wait("[data-phone][data-call=active][data-media=audio]")
	seat.hears(citizenTone)
	phone.hears(seatTone)
	watch := browse(t, seatTone)
	watch.signIn("banzhang")
	watch.open(shared.url + "/floor")
	watch.wait("[data-seat='8002'][data-state=talking]")
	watch.picture("board")
	phone.click("[data-act=hangup]")
	seat.wait("[data-panel=wrap-up]")
	seat.click("[data-act=wrap-up-done]")
	seat.wait("[data-act=state].st-idle")
	for _, b := range []*browser{seat, phone, watch} {
		b.requireNoFaults()
	}
	requireQuietSwitch(t, shared)
}

func TestChineseIsDrawnAndNotReplacedByBoxes(t *testing.T) {
	b := browse(t, seatTone)
	b.open(shared.url + "/signin")
	b.wait("[data-act=sign-in]")
	b.picture("sign-in")
	var glyphs []string
	require.NoError(t, json.Unmarshal(b.do("glyphs", map[string]any{"characters": []string{"工", "单", "\U0010FFFD", "\u0378"}}), &glyphs))
	work, order, boxes := glyphs[0], glyphs[1], glyphs[2:]
	require.NotEqual(t, work, order, "two characters look the same: boxes")
	for _, box := range boxes {
		require.NotEqual(t, box, work, "工 is drawn as a missing character is")
		require.NotEqual(t, box, order, "单 is drawn as a missing character is")
	}
	require.Contains(t, work, "1")
}

// signOutByForce frees a seat whose page is closed.
func signOutByForce(t *testing.T, boss *person, seat string) {
	t.Helper()
	status, body := boss.call(http.MethodPost, "/api/v1/floor/commands", map[string]any{
		"type": "seat.force", "data": map[string]any{"seat": seat, "state": "signed_out"},
	}, nil)
	require.Equal(t, 2, status/100, body)
}
