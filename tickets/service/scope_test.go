package service_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// TestWhoSeesWhat goes through every role: what it may read and what must not appear in it.
func TestWhoSeesWhat(t *testing.T) {
	b := setup(t)
	const number = "13800005678"
	call := b.incoming(number, "8001")
	ticket, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: call})
	require.NoError(t, err)
	ticket = b.complete("8001", ticket)
	ticket, err = b.SaveTicket(b.ctx, b.as("8001"), ticket.ID, service.SaveTicketRequest{Version: ticket.Version, Fields: tickets.Fields{Type: ptr(tickets.Report)}})
	require.NoError(t, err)
	ticket, err = b.Act(b.ctx, b.as("8001"), ticket.ID, tickets.Submit, service.ActRequest{Version: ticket.Version})
	require.NoError(t, err)
	require.True(t, ticket.Secret)
	b.hangUp(call, "8001")
	require.NoError(t, b.store.LinkRecording(b.ctx, calls.Recording{
		Call: call, Kind: calls.RecordingCall, Node: "sw1", Source: "x", Key: "k", SHA256: "aa", Size: 10, Channels: 2, Rate: 8000,
		Duration: 66 * time.Second, SealedAt: b.clock,
	}))

	for _, tc := range []struct {
		account                      string
		list, call, play, name, full bool
	}{
		{account: "8001", list: true, call: true, play: true, name: true, full: true}, // in wrap-up
		{account: "8002", list: true},
		{account: "banzhang", list: true, call: true, play: true},
		{account: "shouli", list: true, name: true},
		{account: "paidan", list: true, call: true, play: true, name: true},
		{account: "rexianban", list: true, call: true, play: true, name: true},
		{account: "zhijian", list: true, call: true, play: true},
		{account: "admin"},
	} {
		who := b.as(tc.account)
		view, err := b.Ticket(b.ctx, who, ticket.Number)
		if !tc.list {
			require.ErrorIs(t, err, service.ErrForbidden, tc.account)
		} else {
			require.NoError(t, err, tc.account)
			raw, err := json.Marshal(view)
			require.NoError(t, err)
			require.Equal(t, tc.full, contains(raw, number), "%s: full number", tc.account)
			require.Equal(t, tc.name, contains(raw, "王秀兰"), "%s: name of a 保密 ticket", tc.account)
			require.Equal(t, tc.play, contains(raw, "/audio"), "%s: address of the recording", tc.account)
		}
		record, err := b.Call(b.ctx, who, call)
		require.Equal(t, tc.call, err == nil, "%s: call record", tc.account)
		if err == nil {
			raw, _ := json.Marshal(record)
			require.Equal(t, tc.full, contains(raw, number), "%s: number in the call record", tc.account)
			require.Len(t, record.Recordings, 1)
			_, err = b.Recording(b.ctx, who, record.Recordings[0].ID, "play")
			require.Equal(t, tc.play, err == nil, "%s: play", tc.account)
		}
	}

	b.wrapUpOver("8001")
	view, err := b.Ticket(b.ctx, b.as("8001"), ticket.Number)
	require.NoError(t, err)
	raw, _ := json.Marshal(view)
	require.False(t, contains(raw, number), "after wrap-up the agent sees the mask")
	require.NotEmpty(t, view.QueryCode, "who submitted it can tell the query code again")

	leader, err := b.Identity(b.ctx, "pt-xxb")
	require.NoError(t, err)
	_, err = b.Ticket(b.ctx, leader, ticket.Number)
	require.ErrorIs(t, err, service.ErrNotFound, "not its unit's")
	page, err := b.Tickets(b.ctx, leader, service.TicketFilter{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	_, err = b.Identity(b.ctx, "nobody")
	require.ErrorIs(t, err, service.ErrNotFound, "an account without a role is nobody")

	log, err := b.AuditLog(b.ctx, b.as("rexianban"), service.AuditFilter{Act: "recording.play"})
	require.NoError(t, err)
	require.Len(t, log.Items, 5, "every play is audited")
	require.Equal(t, "10.0.0.9", log.Items[0].Remote)
	_, err = b.AuditLog(b.ctx, b.as("8001"), service.AuditFilter{})
	require.ErrorIs(t, err, service.ErrForbidden)
}

func contains(raw []byte, text string) bool { return strings.Contains(string(raw), text) }

func TestWhoInspectsSeesNoWholeName(t *testing.T) {
	b := setup(t)
	ticket := b.submitted("8001", "13800005678")
	for account, want := range map[string]string{"zhijian": "王**", "8002": "王秀兰", "rexianban": "王秀兰"} {
		view, err := b.Ticket(b.ctx, b.as(account), ticket.ID)
		require.NoError(t, err)
		require.Equal(t, want, view.Caller.Name, account)
		require.Equal(t, "138****5678", view.Caller.PhoneMasked)
		require.Empty(t, view.Caller.Phone)
	}
}

func TestAgentsSeeTheirOwnCallsOnly(t *testing.T) {
	b := setup(t)
	mine, other := b.incoming("13800005678", "8001"), b.incoming("13911112222", "8002")
	page, err := b.Calls(b.ctx, b.as("8001"), service.CallFilter{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, mine, page.Items[0].ID)
	_, err = b.Call(b.ctx, b.as("8001"), other)
	require.ErrorIs(t, err, service.ErrNotFound)
	_, err = b.HistoryOfCall(b.ctx, b.as("8001"), other)
	require.ErrorIs(t, err, service.ErrNotFound)
	_, err = b.Call(b.ctx, b.as("8001"), "not-an-id")
	require.ErrorIs(t, err, service.ErrNotFound)

	all, err := b.Calls(b.ctx, b.as("banzhang"), service.CallFilter{Caller: "+8613911112222"})
	require.NoError(t, err)
	require.Len(t, all.Items, 1)
	require.Equal(t, other, all.Items[0].ID)
	require.Equal(t, "139****2222", all.Items[0].CallerMasked)
	require.Empty(t, all.Items[0].Caller)
}

func TestListsFilterAndPage(t *testing.T) {
	b := setup(t)
	var made []service.TicketView
	for range 5 {
		b.clock = b.clock.Add(time.Minute)
		made = append(made, b.submitted("8001", "13800005678"))
	}
	office := b.as("rexianban")
	for name, tc := range map[string]struct {
		filter service.TicketFilter
		want   int
	}{
		"everything":           {service.TicketFilter{}, 5},
		"by state":             {service.TicketFilter{States: []tickets.State{tickets.Closed}}, 0},
		"open":                 {service.TicketFilter{Open: true}, 5},
		"two characters":       {service.TicketFilter{Query: "噪音"}, 5},
		"three characters":     {service.TicketFilter{Query: "夜间施"}, 5},
		"two words":            {service.TicketFilter{Query: "噪音 工地"}, 5},
		"a word that's absent": {service.TicketFilter{Query: "停水"}, 0},
		"a pattern's sign":     {service.TicketFilter{Query: "%%%"}, 0},
		"by number":            {service.TicketFilter{Query: made[2].Number}, 1},
		"by its beginning":     {service.TicketFilter{Query: "261124"}, 5},
		"by phone":             {service.TicketFilter{Phone: "138 0000 5678"}, 5},
		"by another phone":     {service.TicketFilter{Phone: "13800005679"}, 0},
		"by a parent class":    {service.TicketFilter{Class: "env"}, 5},
		"by another class":     {service.TicketFilter{Class: "city"}, 0},
		"by type":              {service.TicketFilter{Type: tickets.Complaint}, 5},
		"since later":          {service.TicketFilter{From: b.clock.Add(time.Second)}, 0},
		"until now":            {service.TicketFilter{To: made[3].CreatedAt}, 3},
	} {
		page, err := b.Tickets(b.ctx, office, tc.filter)
		require.NoError(t, err, name)
		require.Len(t, page.Items, tc.want, name)
		require.Equal(t, tc.want, page.Total, name)
	}
	var seen []string
	filter := service.TicketFilter{Paging: service.Paging{Limit: 2}}
	for {
		page, err := b.Tickets(b.ctx, office, filter)
		require.NoError(t, err)
		for _, item := range page.Items {
			seen = append(seen, item.Number)
		}
		if page.NextCursor == "" {
			break
		}
		filter.Cursor = page.NextCursor
	}
	require.Equal(t, []string{made[4].Number, made[3].Number, made[2].Number, made[1].Number, made[0].Number}, seen)
	_, err := b.Tickets(b.ctx, office, service.TicketFilter{Paging: service.Paging{Cursor: "nonsense"}})
	require.ErrorIs(t, err, service.ErrNotFound)

	similar, err := b.Similar(b.ctx, office, made[0].ID)
	require.NoError(t, err)
	require.Len(t, similar, 4)
}

func TestClassesAreFoundByInitialsAndWords(t *testing.T) {
	b := setup(t)
	for query, want := range map[string][]string{
		"zyrm": {"噪音扰民"}, "zy": {"噪音扰民"}, "噪音": {"噪音扰民"}, "广场舞": {"噪音扰民"}, "ts": {"停水"}, "供水": {"停水"}, "gsfw": {"停水"},
		"城乡 停": {"停水"}, "nothing": {},
	} {
		found, err := b.Classes(b.ctx, query)
		require.NoError(t, err)
		names := []string{}
		for _, c := range found {
			names = append(names, c.Name)
		}
		require.Equal(t, want, names, query)
	}
	tree, err := b.Classes(b.ctx, "")
	require.NoError(t, err)
	require.Len(t, tree, 5)
	draft, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: b.incoming("13800005678", "8001")})
	require.NoError(t, err)
	_, err = b.SaveTicket(b.ctx, b.as("8001"), draft.ID, service.SaveTicketRequest{Version: draft.Version, Fields: tickets.Fields{ClassID: ptr("city")}})
	require.Equal(t, tickets.RefusedValue, refusal(t, err), "only leaves can be chosen")
}
