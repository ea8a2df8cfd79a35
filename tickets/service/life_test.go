package service_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// does lets somebody act on the ticket as it is now.
func (b *bundle) does(account, id string, event tickets.Event, in service.ActRequest) service.TicketView {
	b.t.Helper()
	b.clock = b.clock.Add(time.Minute)
	view, err := b.tries(account, id, event, in)
	var r *tickets.Refusal
	if errors.As(err, &r) {
		require.Failf(b.t, "refused", "%s by %s: %s (%s)", event, account, r.Text(), r.Code)
	}
	require.NoError(b.t, err, "%s by %s", event, account)
	return view
}

func (b *bundle) tries(account, id string, event tickets.Event, in service.ActRequest) (service.TicketView, error) {
	b.t.Helper()
	who := b.as(account)
	now, err := b.store.Ticket(b.ctx, id)
	require.NoError(b.t, err)
	in.Version = now.Version
	return b.Act(b.ctx, who, id, event, in)
}

// queue is the row of the ticket in a queue of the account; nil: it doesn't lie there.
func (b *bundle) queue(account string, queue service.DeskQueue, id string) *service.QueueItem {
	b.t.Helper()
	page, err := b.QueuePage(b.ctx, b.as(account), service.QueueFilter{Queue: queue})
	require.NoError(b.t, err)
	for i := range page.Items {
		if page.Items[i].ID == id {
			return &page.Items[i]
		}
	}
	return nil
}

func actions(list []tickets.Action) []tickets.Event {
	var names []tickets.Event
	for _, a := range list {
		names = append(names, a.Name)
	}
	return names
}

var goodReply = &tickets.Reply{
	Answer: "经核实，该工地夜间施工未取得许可，已责令停止并处罚。", Handling: "现场检查，已立案。", Person: "李明", Phone: "0594-2222222",
	Basis: "《噪声污染防治法》第四十三条", Solved: tickets.SolvedYes, NoContact: "电话无人接听，已短信告知",
}

// dispatched is a ticket that lies with the 信息办, unsigned.
func (b *bundle) dispatched(number string) service.TicketView {
	b.t.Helper()
	t := b.submitted("8001", number)
	b.does("paidan", t.ID, tickets.Take, service.ActRequest{})
	return b.does("paidan", t.ID, tickets.Dispatch, service.ActRequest{Unit: "xxb", Reason: "属信息办职责", Opinion: "请核实处理"})
}

// TestTheWholeLine is the story of the operating manual: dispatch, 信息办 delegates to 信息科, which
// gives it back once, then handles; 信息办 compiles and reports; review, follow-up with rework,
// close, archive.
func TestTheWholeLine(t *testing.T) {
	b := setup(t)
	ticket := b.submitted("8001", "13800005678")
	id := ticket.ID

	// The dispatcher's pool.
	require.NotNil(t, b.queue("paidan", service.QueueToDispatch, id))
	taken, err := b.Next(b.ctx, b.as("paidan"), service.QueueFilter{Queue: service.QueueToDispatch})
	require.NoError(t, err)
	require.Equal(t, id, taken.ID)
	require.Equal(t, "paidan", taken.OwnerAccount)
	preview, err := b.DispatchPreview(b.ctx, b.as("paidan"), id, "xxb", []string{"zjj"})
	require.NoError(t, err)
	require.Len(t, preview.Legs, 2)
	require.Equal(t, "施工噪音的监管", preview.Legs[1].Duties)
	sent := b.does("paidan", id, tickets.Dispatch, service.ActRequest{Unit: "xxb", Reason: "属信息办职责", Opinion: "请核实处理"})
	require.Equal(t, tickets.Dispatched, sent.State)
	require.Equal(t, "市信息办 · 待签收", sent.Now)
	require.Equal(t, tickets.Green, sent.Light)

	// The first level: the title is red until somebody opens it, 未签收 until it is signed.
	row := b.queue("xxbjb", service.QueueUnitInbox, id)
	require.NotNil(t, row)
	require.True(t, row.Leg.FirstViewedAt.IsZero())
	require.Contains(t, actions(row.Actions), tickets.Sign)
	seen := b.does("xxbjb", id, tickets.View, service.ActRequest{})
	require.False(t, seen.Legs[0].FirstViewedAt.IsZero())
	require.True(t, seen.Legs[0].SignedAt.IsZero())
	again, err := b.tries("xxbjb", id, tickets.View, service.ActRequest{})
	require.NoError(t, err)
	require.Equal(t, seen.Version, again.Version, "a second look changes nothing")
	b.does("xxbjb", id, tickets.Sign, service.ActRequest{})
	b.does("xxbjb", id, tickets.Delegate, service.ActRequest{Unit: "xxb-xxk", Opinion: "请信息科办理"})
	require.Nil(t, b.queue("xxbjb", service.QueueUnitInbox, id))
	below := b.queue("xxbjb", service.QueueUnitBelow, id)
	require.NotNil(t, below)
	require.NotNil(t, below.Below, "two deadlines side by side")
	require.True(t, below.Below.DueAt.Before(below.Leg.DueAt), "the inner deadline comes first")

	// The second level gives it back at once, gets it again, and handles it.
	inbox := b.queue("xxk", service.QueueUnitInbox, id)
	require.NotNil(t, inbox)
	require.NotContains(t, actions(inbox.Actions), tickets.Delegate, "the last level delegates no further")
	b.does("xxk", id, tickets.HandBack, service.ActRequest{Reason: "不属于信息科职责"})
	require.NotNil(t, b.queue("xxbjb", service.QueueUnitInbox, id))
	b.does("xxbjb", id, tickets.Delegate, service.ActRequest{Unit: "xxb-xxk", Opinion: "仍由信息科办理"})
	b.does("xxk", id, tickets.Handle, service.ActRequest{Reply: goodReply})
	compile := b.queue("xxbjb", service.QueueUnitCompile, id)
	require.NotNil(t, compile)

	// 汇总: an edit is a new version, the original stays in the flow.
	edited := *goodReply
	edited.Answer = "经市信息办核实，该工地夜间施工未取得许可，已责令停止并处罚。"
	reported := b.does("xxbjb", id, tickets.ReportReply, service.ActRequest{Reply: &edited})
	require.Equal(t, tickets.UnderReview, reported.State)
	var written []string
	for _, f := range reported.Flow {
		if f.Data.Reply != nil {
			written = append(written, f.Data.Reply.Answer)
		}
	}
	require.Contains(t, written, goodReply.Answer)
	require.Contains(t, written, edited.Answer)

	// Review, follow-up: dissatisfied, rework, satisfied.
	require.NotNil(t, b.queue("shenhe", service.QueueReview, id))
	b.does("shenhe", id, tickets.Pass, service.ActRequest{Public: edited.Answer})
	require.NotNil(t, b.queue("huifang", service.QueueFollowUp, id))
	plan, err := b.FollowUp(b.ctx, b.as("huifang"), id)
	require.NoError(t, err)
	require.Equal(t, edited.Answer, plan.Reply)
	require.Len(t, plan.Citizens, 1)
	b.does("huifang", id, tickets.Take, service.ActRequest{})
	bad := &service.VisitRequest{Channel: tickets.VisitByPhone, Call: b.incoming("13800005678", "8002"), Contacted: true, Solved: tickets.SolvedNo, Result: 5, Unit: 4, Agent: 1}
	rework := b.does("huifang", id, tickets.VisitRework, service.ActRequest{Visit: bad, Reason: "问题没有解决"})
	require.Equal(t, tickets.Dispatched, rework.State)
	require.Equal(t, "重办中", rework.StateLabel)
	require.Equal(t, 2, rework.Round)
	b.does("xxbjb", id, tickets.ReportReply, service.ActRequest{Reply: &edited})
	b.does("shenhe", id, tickets.Pass, service.ActRequest{Public: edited.Answer})
	good := &service.VisitRequest{Channel: tickets.VisitByPhone, Call: b.incoming("13800005678", "8002"), Contacted: true, Solved: tickets.SolvedYes, Result: 1, Unit: 1, Agent: 1}
	closed := b.does("huifang", id, tickets.VisitClose, service.ActRequest{Visit: good})
	require.Equal(t, tickets.Closed, closed.State)
	require.Equal(t, tickets.ResultSatisfied, closed.Result)
	require.NotNil(t, b.queue("xxbjb", service.QueueUnitDone, id))

	// Archived by time.
	b.clock = b.clock.AddDate(0, 2, 0)
	b.runTimers(id)
	last, err := b.Ticket(b.ctx, b.as("rexianban"), id)
	require.NoError(t, err)
	require.Equal(t, tickets.Archived, last.State)
	require.Empty(t, b.verified())
}

// runTimers lets everything that is due happen.
func (b *bundle) runTimers(id string) {
	b.t.Helper()
	for range 20 {
		record, err := b.store.Ticket(b.ctx, id)
		require.NoError(b.t, err)
		rules, err := b.Rules(b.ctx)
		require.NoError(b.t, err)
		did := false
		for _, timer := range tickets.Timers(record.Ticket, rules) {
			done, err := b.RunTimer(b.ctx, id, timer)
			require.NoError(b.t, err)
			did = did || done
		}
		if !did {
			return
		}
	}
	require.Fail(b.t, "timers never end")
}

func (b *bundle) verified() []service.Mismatch {
	b.t.Helper()
	var found []service.Mismatch
	_, err := b.store.Verify(b.ctx, func(m service.Mismatch) { found = append(found, m) })
	require.NoError(b.t, err)
	return found
}
