package acceptance

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/tickets/service"
)

// letter registers a citizen's letter and submits it; the answer holds number and query code.
func letter(t *testing.T, phone string) service.TicketView {
	t.Helper()
	clerk := signIn(t, shared, "shouli")
	var draft, submitted service.TicketView
	clerk.post("/api/v1/tickets", map[string]any{"source": "letter"}, &draft)
	status, body := clerk.call(http.MethodPatch, "/api/v1/tickets/"+draft.ID, map[string]any{
		"version": draft.Version, "type": "complaint", "title": "路灯不亮", "content": "小区门口路灯三天不亮，请维修。",
		"class_id": firstClass(clerk), "place": map[string]any{"address": "建设路 8 号"},
		"caller": map[string]any{"name": "李先生", "phone": phone},
	}, &draft)
	require.Equal(t, http.StatusOK, status, body)
	clerk.post("/api/v1/tickets/"+draft.ID+"/actions/submit", map[string]any{"version": draft.Version}, &submitted)
	require.Len(t, submitted.QueryCode, 6)
	return submitted
}

// hearProgress waits until the caller's ticket is being read out, and says good-bye by key.
func hearProgress(t *testing.T, number string, caller *testcall.Call, lookup string) service.CallRecord {
	t.Helper()
	boss := supervise(t, shared)
	boss.callFrom(number, "the ticket is found", past(lookup))
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "#"), "the reading can be interrupted")
	boss.callFrom(number, "the ticket was read out", past("progress_items"))
	require.NoError(t, caller.WaitSound(within(t)), "what else there is")
	require.NoError(t, caller.Press(within(t), "#"))
	_, err := caller.WaitEnded(within(t))
	require.NoError(t, err)
	record := boss.callFrom(number, "ended", ended)
	require.Equal(t, calls.CauseSelfServed, record.End.Cause)
	require.False(t, record.Lost)
	require.Empty(t, record.Waits, "nobody was asked to wait for a person")
	return record
}

func TestProgressIsToldByTicketNumberAndQueryCode(t *testing.T) {
	ticket := letter(t, "13912340001")
	caller := dial(t, shared, citizen(t, "13812340011"), "12345")
	boss := supervise(t, shared)
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "3"))
	boss.callFrom("13812340011", "this phone has no ticket", past("progress_none"))
	require.NoError(t, caller.Press(within(t), ticket.Number))
	boss.callFrom("13812340011", "the number is taken", past("ask_number"))
	require.NoError(t, caller.Press(within(t), wrongCode(ticket.QueryCode)))
	boss.callFrom("13812340011", "a wrong code is refused", past("progress_wrong"))
	require.NoError(t, caller.Press(within(t), ticket.Number+ticket.QueryCode))
	record := hearProgress(t, "13812340011", caller, "progress_number")
	for _, step := range record.Path {
		require.NotContains(t, step.Input, ticket.Number)
		require.NotContains(t, step.Input, ticket.QueryCode)
	}
	requireQuietSwitch(t, shared)
}

// wrongCode is another code than this one.
func wrongCode(code string) string {
	return string('0'+(code[0]-'0'+1)%10) + code[1:]
}

func TestProgressIsToldByTheCallersNumber(t *testing.T) {
	letter(t, "13912340002")
	caller := dial(t, shared, citizen(t, "13912340002"), "12345")
	require.NoError(t, caller.WaitSound(within(t)))
	require.NoError(t, caller.Press(within(t), "3"))
	hearProgress(t, "13912340002", caller, "progress_count")
	requireQuietSwitch(t, shared)
}

func TestWithoutAMenuTheWelcomeLeadsToTheQueue(t *testing.T) {
	require.NoError(t, shared.restart("HOTLINE_IVR_ENABLED=false"))
	t.Cleanup(func() { require.NoError(t, shared.restart()) })
	agent, phone := agentAt(t, shared, "8004")
	caller := dial(t, shared, citizen(t, "13812340012"), "12345")
	require.NoError(t, caller.WaitSound(within(t)), "the welcome")
	pop := agent.waitPop()
	seat := answerNext(t, phone)
	requireTalk(t, caller, seat)
	require.NoError(t, caller.Hangup(within(t)))
	agent.finishCall(pop.Call.ID, calls.NoteAnswered)
	record := agent.callFrom("13812340012", "ended", ended)
	for _, step := range record.Path {
		require.Empty(t, step.Input, "no key was needed at %s", step.Node)
		require.NotEqual(t, "main", step.Node)
	}
	requireQuietSwitch(t, shared)
}
