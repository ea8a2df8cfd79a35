package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

func TestAnExtensionMovesTheDeadlineWhenItIsGranted(t *testing.T) {
	b := setup(t)
	id := b.dispatched("13800005678").ID
	b.does("xxbjb", id, tickets.Sign, service.ActRequest{})
	before := b.leg("xxbjb", id, 1).DueAt
	asked := b.does("xxbjb", id, tickets.AskExtension, service.ActRequest{Days: 3, Reason: "需跨区核查", Basis: "《办法》第二十条"})
	require.Equal(t, "待决定", asked.Requests[0].StateLabel)
	_, err := b.tries("xxbjb", id, tickets.AskSuspension, service.ActRequest{Reason: "等待", Basis: "x", Plan: "计划", Until: b.clock.AddDate(0, 1, 0)})
	require.Contains(t, refusal(t, err), "open", "one request at a time")
	row := b.queue("rexianban", service.QueueDecisions, id)
	require.NotNil(t, row)
	require.Equal(t, tickets.RequestExtension, row.Request.Kind)
	require.Contains(t, actions(row.Actions), tickets.Grant)
	b.does("rexianban", id, tickets.Grant, service.ActRequest{Request: 1, Opinion: "同意"})
	require.True(t, b.leg("xxbjb", id, 1).DueAt.After(before))
	require.Nil(t, b.queue("rexianban", service.QueueDecisions, id))
}

func TestAReturnGoesBackToTheDispatchersAndCounts(t *testing.T) {
	b := setup(t)
	id := b.dispatched("13800005678").ID
	b.does("xxbjb", id, tickets.AskReturn, service.ActRequest{Reason: "非本单位职责", Basis: "三定方案", Unit: "zjj"})
	b.does("rexianban", id, tickets.Deny, service.ActRequest{Request: 1, Opinion: "属你单位职责", Reason: "属你单位职责"})
	require.Equal(t, tickets.Handling, b.leg("xxbjb", id, 1).State)
	b.does("xxbjb", id, tickets.AskReturn, service.ActRequest{Reason: "已会商，非本单位职责", Basis: "三定方案", Unit: "zjj"})
	granted := b.does("rexianban", id, tickets.Grant, service.ActRequest{Request: 2, Opinion: "同意退单"})
	require.Equal(t, tickets.ToDispatch, granted.State)
	require.NotNil(t, b.queue("paidan", service.QueueReturned, id))
	preview, err := b.DispatchPreview(b.ctx, b.as("paidan"), id, "zjj", nil)
	require.NoError(t, err)
	require.Equal(t, "xxb", preview.Returns[0].Unit.ID)
	require.Equal(t, 1, preview.Returns[0].Count)
	again := b.does("paidan", id, tickets.Dispatch, service.ActRequest{Unit: "zjj", Reason: "改派住建局"})
	require.Equal(t, "市住建局 · 待签收", again.Now)
	_, err = b.Ticket(b.ctx, b.as("xxbjb"), id)
	require.NoError(t, err, "a unit that had a part still sees the ticket")
}

func TestTheUnitAboveDecidesForTheUnitBelow(t *testing.T) {
	b := setup(t)
	id := b.dispatched("13800005678").ID
	b.does("xxbjb", id, tickets.Delegate, service.ActRequest{Unit: "xxb-xxk", Opinion: "请办理"})
	b.does("xxk", id, tickets.AskExtension, service.ActRequest{Days: 1, Reason: "人员外出", Basis: "内部规定"})
	require.Nil(t, b.queue("rexianban", service.QueueDecisions, id), "no matter of the hotline office")
	require.NotNil(t, b.queue("xxbjb", service.QueueUnitDecide, id))
	b.does("xxbjb", id, tickets.Grant, service.ActRequest{Request: 1, Opinion: "同意"})
	require.Nil(t, b.queue("xxbjb", service.QueueUnitDecide, id))
}

func TestASuspensionEndsByItself(t *testing.T) {
	b := setup(t)
	id := b.dispatched("13800005678").ID
	until := b.clock.AddDate(0, 0, 10)
	b.does("xxbjb", id, tickets.AskSuspension, service.ActRequest{Reason: "等待施工许可", Basis: "条例", Plan: "许可后两日内整改", Until: until})
	held := b.does("rexianban", id, tickets.Grant, service.ActRequest{Request: 1, Opinion: "同意"})
	require.Equal(t, tickets.Suspended, held.State)
	require.Contains(t, held.Now, "挂起")
	require.NotNil(t, b.queue("rexianban", service.QueueSuspended, id))
	b.clock = until.Add(24 * time.Hour)
	b.runTimers(id)
	record, err := b.store.Ticket(b.ctx, id)
	require.NoError(t, err)
	require.Equal(t, tickets.Dispatched, record.State)
}

func TestAHardTicketIsDeliberatedAndCannotBeReturnedAgain(t *testing.T) {
	b := setup(t)
	id := b.submitted("8001", "13800005678").ID
	b.does("paidan", id, tickets.ReportHard, service.ActRequest{Reason: "职责不清，跨区域"})
	b.does("rexianban", id, tickets.Grant, service.ActRequest{Request: 1, Opinion: "列为疑难"})
	require.NotNil(t, b.queue("rexianban", service.QueueDeliberation, id))
	assigned := b.does("rexianban", id, tickets.AssignDuty, service.ActRequest{Unit: "zjj", Text: "联席会议认定由住建局主办"})
	require.True(t, assigned.Hard)
	_, err := b.tries("zjj", id, tickets.AskReturn, service.ActRequest{Reason: "非本单位职责", Basis: "三定方案"})
	require.NotEmpty(t, refusal(t, err))
}

func TestALeadersInstructionBecomesASupervision(t *testing.T) {
	b := setup(t)
	id := b.dispatched("13800005678").ID
	b.does("shizhang", id, tickets.Instruct, service.ActRequest{Text: "请信息办三日内办结并报结果"})
	seen, err := b.Ticket(b.ctx, b.as("xxbjb"), id)
	require.NoError(t, err)
	require.Empty(t, seen.Supervisions, "the unit knows of it when it is sent out")
	require.NotNil(t, b.queue("rexianban", service.QueueSupervisions, id))
	b.does("rexianban", id, tickets.IssueSupervise, service.ActRequest{Supervision: 1, Unit: "xxb", Text: "三日内办结", DueAt: b.clock.AddDate(0, 0, 3)})
	row := b.queue("xxbjb", service.QueueUnitSupervise, id)
	require.NotNil(t, row)
	require.Equal(t, "指令督办", row.Supervision.KindLabel)
	b.does("xxbjb", id, tickets.ReplySupervise, service.ActRequest{Supervision: 1, Text: "已整改"})
	b.does("rexianban", id, tickets.PassSupervise, service.ActRequest{Supervision: 1, Opinion: "同意"})
	closed := b.does("rexianban", id, tickets.CloseSupervise, service.ActRequest{Supervision: 1, Opinion: "办结"})
	require.Equal(t, tickets.SupervisionClosed, closed.Supervisions[0].State)
	require.Nil(t, b.queue("zjj", service.QueueUnitSupervise, id))
}

func TestADeputyApprovesWhileTheLeaderIsAway(t *testing.T) {
	b := setup(t)
	id := b.submitted("8001", "13800005678").ID
	b.does("paidan", id, tickets.Dispatch, service.ActRequest{Unit: "hbj", Reason: "环保局职责"})
	_, err := b.tries("hbj", id, tickets.ReportReply, service.ActRequest{Reply: goodReply})
	require.NotEmpty(t, refusal(t, err), "its leader approves first")
	b.does("hbj", id, tickets.ToLeader, service.ActRequest{Reply: goodReply})
	require.NotNil(t, b.queue("hbj-ld", service.QueueUnitApprove, id))
	_, err = b.QueuePage(b.ctx, b.as("hbj"), service.QueueFilter{Queue: service.QueueUnitApprove})
	require.ErrorIs(t, err, service.ErrForbidden)
	_, err = b.tries("hbj", id, tickets.LeaderApprove, service.ActRequest{})
	require.NotEmpty(t, refusal(t, err))

	deputy := service.DeputyRequest{Account: "hbj", From: b.clock.Add(-time.Hour), To: b.clock.Add(time.Hour)}
	require.ErrorIs(t, b.SaveDeputy(b.ctx, b.as("hbj"), deputy), service.ErrForbidden)
	require.Error(t, b.SaveDeputy(b.ctx, b.as("zjj-ld"), deputy), "a clerk of another unit")
	require.NoError(t, b.SaveDeputy(b.ctx, b.as("hbj-ld"), deputy))
	require.NotNil(t, b.queue("hbj", service.QueueUnitApprove, id))
	approved := b.does("hbj", id, tickets.LeaderApprove, service.ActRequest{Opinion: "同意上报"})
	require.Equal(t, tickets.UnderReview, approved.State)
}

func TestDeadlinesPassWithCardsOnce(t *testing.T) {
	b := setup(t)
	id := b.dispatched("13800005678").ID
	b.clock = b.leg("xxbjb", id, 1).SignDueAt.Add(time.Minute)
	b.runTimers(id)
	late, err := b.Ticket(b.ctx, b.as("paidan"), id)
	require.NoError(t, err)
	require.Equal(t, 1, count(late, tickets.SignOverdue))
	b.clock = b.leg("xxbjb", id, 1).DueAt.AddDate(0, 0, 14)
	b.runTimers(id)
	b.runTimers(id)
	after, err := b.Ticket(b.ctx, b.as("rexianban"), id)
	require.NoError(t, err)
	require.Equal(t, 1, count(after, tickets.SignOverdue))
	require.Equal(t, 1, count(after, tickets.PastDue))
	require.Equal(t, tickets.Red, after.Light)
	require.NotEmpty(t, after.Cards)
	cards := len(after.Cards)
	require.NotNil(t, b.queue("xxbjb", service.QueueOverdue, id))
	require.NotNil(t, b.queue("xxbjb", service.QueueUnitCards, id))
	b.does("rexianban", id, tickets.RevokeCard, service.ActRequest{Card: 1, Reason: "责任不在单位"})
	revoked, err := b.Ticket(b.ctx, b.as("xxbjb"), id)
	require.NoError(t, err)
	require.Len(t, revoked.Cards, cards)
	require.Equal(t, "责任不在单位", revoked.Cards[0].Revoked)
	require.Empty(t, b.verified())
}

func count(view service.TicketView, event tickets.Event) int {
	n := 0
	for _, f := range view.Flow {
		if f.Event == event {
			n++
		}
	}
	return n
}

// leg is the part as the account sees it.
func (b *bundle) leg(account, id string, n int) service.LegView {
	b.t.Helper()
	view, err := b.Ticket(b.ctx, b.as(account), id)
	require.NoError(b.t, err)
	for _, l := range view.Legs {
		if l.N == n {
			return l
		}
	}
	require.Failf(b.t, "no such leg", "leg %d of %s", n, id)
	return service.LegView{}
}
