package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// act does an event of the ticket through the API, at the version the account sees.
func (s *stack) act(account, ticket string, event tickets.Event, in service.ActRequest) service.TicketView {
	s.t.Helper()
	status, body := s.ask(account, http.MethodGet, "/tickets/"+ticket, "")
	require.Equal(s.t, http.StatusOK, status, "%s opens %s: %s", account, ticket, body)
	var view service.TicketView
	require.NoError(s.t, json.Unmarshal([]byte(body), &view))
	in.Version = view.Version
	raw, err := json.Marshal(in)
	require.NoError(s.t, err)
	status, body = s.ask(account, http.MethodPost, "/tickets/"+ticket+"/actions/"+string(event), string(raw))
	require.Equal(s.t, http.StatusOK, status, "%s by %s: %s", event, account, body)
	view = service.TicketView{}
	require.NoError(s.t, json.Unmarshal([]byte(body), &view))
	return view
}

// lies tells whether the ticket lies in a queue of the account.
func (s *stack) lies(account string, queue service.DeskQueue, ticket service.TicketView) bool {
	s.t.Helper()
	status, body := s.ask(account, http.MethodGet, "/desk/queues/"+string(queue)+"?q="+ticket.Number, "")
	require.Equal(s.t, http.StatusOK, status, body)
	var page service.Page[service.QueueItem]
	require.NoError(s.t, json.Unmarshal([]byte(body), &page))
	return len(page.Items) == 1 && page.Items[0].ID == ticket.ID
}

// TestTheWholeLineThroughTheAPI plays the operating manual's story with the demo's people: every
// step is a request, and the ticket lies where the next person looks for it.
func TestTheWholeLineThroughTheAPI(t *testing.T) {
	s := setup(t)
	own := s.incoming(ownNumber, "8001")
	ticket := s.write(own, tickets.Complaint, "王秀兰")
	ticket = s.act("8001", ticket.ID, tickets.Submit, service.ActRequest{})
	id := ticket.ID
	s.hangUp(own, "8001")

	require.True(t, s.lies("paidan", service.QueueToDispatch, ticket))
	s.act("paidan", id, tickets.Dispatch, service.ActRequest{Unit: "xxb", Reason: "属信息办职责", Opinion: "请核实处理"})
	require.True(t, s.lies("pt-xxb-jb", service.QueueUnitInbox, ticket))
	s.act("pt-xxb-jb", id, tickets.View, service.ActRequest{})
	s.act("pt-xxb-jb", id, tickets.Sign, service.ActRequest{})
	s.act("pt-xxb-jb", id, tickets.Delegate, service.ActRequest{Unit: "xxb-xxk", Opinion: "请信息科办理"})
	require.True(t, s.lies("pt-xxb-xxk", service.QueueUnitInbox, ticket))
	s.act("pt-xxb-xxk", id, tickets.HandBack, service.ActRequest{Reason: "不属于信息科职责"})
	s.act("pt-xxb-jb", id, tickets.Delegate, service.ActRequest{Unit: "xxb-xxk", Opinion: "仍请办理"})
	reply := &tickets.Reply{
		Answer: "经核实，该工地夜间施工未取得许可，已责令停止。", Handling: "现场检查", Person: "李明", Phone: "0594-2222222",
		Basis: "噪声污染防治法", Solved: tickets.SolvedYes, NoContact: "电话无人接听",
	}
	s.act("pt-xxb-xxk", id, tickets.Handle, service.ActRequest{Reply: reply})
	require.True(t, s.lies("pt-xxb-jb", service.QueueUnitCompile, ticket))
	answered := s.act("pt-xxb-jb", id, tickets.ReportReply, service.ActRequest{Reply: reply})
	require.Equal(t, tickets.UnderReview, answered.State)
	require.True(t, s.lies("shenhe", service.QueueReview, ticket))
	s.act("shenhe", id, tickets.Pass, service.ActRequest{Public: reply.Answer})
	require.True(t, s.lies("huifang", service.QueueFollowUp, ticket))
	call := s.incoming(ownNumber, "8002")
	visit := &service.VisitRequest{Channel: tickets.VisitByPhone, Call: call, Contacted: true, Solved: tickets.SolvedYes, Result: 1, Unit: 1, Agent: 1}
	closed := s.act("huifang", id, tickets.VisitClose, service.ActRequest{Visit: visit})
	require.Equal(t, tickets.Closed, closed.State)
	require.True(t, s.lies("pt-xxb-jb", service.QueueUnitDone, ticket))
}
