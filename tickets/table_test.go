package tickets_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

var now = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

// expected is transcribed by hand from the rules of the trade, rows 1 to 12: in the state, who
// may cause the event, and where it leads. Everything not in it is refused.
var expected = []struct {
	row   int
	state tickets.State
	event tickets.Event
	who   []tickets.Role
	next  tickets.State
}{
	{1, tickets.None, tickets.CreateByCall, []tickets.Role{tickets.Agent}, tickets.Draft},
	{1, tickets.None, tickets.Register, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.Draft},
	{2, tickets.None, tickets.SubmitOnline, []tickets.Role{tickets.Citizen}, tickets.Received},
	{3, tickets.Draft, tickets.Save, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.Draft},
	{3, tickets.Received, tickets.Save, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.Received},
	{3, tickets.ToSupplement, tickets.Save, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.ToSupplement},
	{3, tickets.Draft, tickets.Reassign, []tickets.Role{tickets.Agent, tickets.Supervisor}, tickets.Draft},
	{3, tickets.Draft, tickets.Discard, []tickets.Role{tickets.Agent, tickets.Intake, tickets.Supervisor}, tickets.Discarded},
	{3, tickets.Received, tickets.Take, []tickets.Role{tickets.Intake, tickets.Agent}, tickets.Received},
	{3, tickets.Received, tickets.Release, []tickets.Role{tickets.Intake, tickets.Agent}, tickets.Received},
	{4, tickets.Draft, tickets.CloseDirect, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.Closed},
	{4, tickets.Received, tickets.CloseDirect, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.Closed},
	{4, tickets.ToSupplement, tickets.CloseDirect, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.Closed},
	{5, tickets.Draft, tickets.Refuse, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.NotAccepted},
	{5, tickets.Received, tickets.Refuse, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.NotAccepted},
	{5, tickets.ToSupplement, tickets.Refuse, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.NotAccepted},
	{5, tickets.ToDispatch, tickets.Refuse, []tickets.Role{tickets.Dispatcher}, tickets.NotAccepted},
	{6, tickets.Draft, tickets.ToEmergency, []tickets.Role{tickets.Agent}, tickets.Transferred},
	{7, tickets.Received, tickets.ReturnForSupplement, []tickets.Role{tickets.Intake}, tickets.ToSupplement},
	{8, tickets.ToSupplement, tickets.Resubmit, []tickets.Role{tickets.Agent, tickets.Intake, tickets.Citizen}, tickets.Received},
	{8, tickets.ToSupplement, tickets.Expire, []tickets.Role{tickets.System}, tickets.Shut},
	{9, tickets.Draft, tickets.Merge, []tickets.Role{tickets.Agent}, tickets.Merged},
	{9, tickets.Received, tickets.Merge, []tickets.Role{tickets.Agent, tickets.Dispatcher, tickets.Reviewer}, tickets.Merged},
	{9, tickets.ToDispatch, tickets.Merge, []tickets.Role{tickets.Dispatcher, tickets.Reviewer}, tickets.Merged},
	{9, tickets.Merged, tickets.Split, []tickets.Role{tickets.Dispatcher, tickets.Office}, tickets.ToDispatch},
	{10, tickets.Draft, tickets.Urge, []tickets.Role{tickets.Agent}, tickets.Discarded},
	{10, tickets.Draft, tickets.Supplement, []tickets.Role{tickets.Agent}, tickets.Discarded},
	{10, tickets.Draft, tickets.Progress, []tickets.Role{tickets.Agent}, tickets.Discarded},
	{11, tickets.Draft, tickets.Submit, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.ToDispatch},
	{11, tickets.Received, tickets.Submit, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.ToDispatch},
	{11, tickets.ToSupplement, tickets.Submit, []tickets.Role{tickets.Agent, tickets.Intake}, tickets.ToDispatch},
	{12, tickets.Draft, tickets.DirectDispatch, []tickets.Role{tickets.Agent}, tickets.Dispatched},
	{12, tickets.Received, tickets.DirectDispatch, []tickets.Role{tickets.Agent}, tickets.Dispatched},
	{12, tickets.ToSupplement, tickets.DirectDispatch, []tickets.Role{tickets.Agent}, tickets.Dispatched},
}

// goodTicket passes every guard for the event; taking wants one in the pool.
func goodTicket(state tickets.State, event tickets.Event) tickets.Ticket {
	t := tickets.Ticket{
		ID: "t1", State: state, Type: tickets.Complaint, Title: "夜间施工噪音", ClassID: "noise", Answer: "已答复", Source: tickets.SourceWeb,
		Content: "每天晚上十一点以后工地还在施工，噪音很大，影响休息，已持续一周。", Owner: "8001", Writer: "8001",
		Caller: tickets.Caller{Name: "王秀兰", Number: "13800005678", ContactSame: true},
	}
	if state == tickets.None {
		t = tickets.Ticket{}
	}
	if event == tickets.Take {
		t.Owner = ""
	}
	return t
}

func goodArgs(event tickets.Event) (tickets.Args, tickets.Facts) {
	content := "公园的路灯不亮"
	args := tickets.Args{
		ID: "t1", Call: "c1", Text: "请尽快", Reason: "原因", LawfulWay: "向法院起诉", Missing: "门牌号", Account: "8002", Emergency: "119",
		Source: tickets.SourceWeb, Fields: tickets.Fields{Content: &content},
	}
	facts := tickets.Facts{
		CallOfSeat: true, HandedOver: true, Other: &tickets.Other{ID: "t2", Number: "261124000014", State: tickets.ToDispatch},
		CatalogueUnits: []string{"hbj"}, DispatchDirectly: true,
	}
	if event == tickets.Register {
		args.Source = tickets.SourceLetter
	}
	return args, facts
}

func TestStatesWithoutAWayOutAreTheEndsOfRows1To12(t *testing.T) {
	out := map[tickets.State]bool{}
	for _, row := range tickets.Transitions {
		for _, from := range row.From {
			for _, to := range row.Next {
				if from != to {
					out[from] = true
				}
			}
		}
	}
	for _, s := range []tickets.State{tickets.Draft, tickets.Received, tickets.ToSupplement, tickets.ToDispatch, tickets.Merged} {
		require.True(t, out[s], "%s is a dead end", s.Label())
	}
}

func TestRowsHaveTheirTransitionsRowNumber(t *testing.T) {
	for _, e := range expected {
		found := slices.ContainsFunc(tickets.Transitions, func(r tickets.Transition) bool {
			return r.Row == e.row && r.Event == e.event && slices.Contains(r.From, e.state)
		})
		require.True(t, found, "row %d: %s in %s", e.row, e.event, e.state)
	}
}

func TestMermaidDrawsEveryRow(t *testing.T) {
	drawing := tickets.Mermaid()
	require.True(t, strings.HasPrefix(drawing, "stateDiagram-v2\n"))
	require.Contains(t, drawing, "[*] --> 草稿: 来电建单 (坐席)")
	require.Contains(t, drawing, "草稿 --> 待派单: 提交派单 (坐席、受理员)")
	require.Contains(t, drawing, "已转办 --> 已转办: 追加催办 (坐席)")
	for _, row := range tickets.Transitions {
		require.Contains(t, drawing, row.Event.Label())
	}
}
