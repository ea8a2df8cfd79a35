package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// replied brings a ticket of the number to the follow-up; merged into it are those given.
func (b *bundle) replied(number string, merged ...string) service.TicketView {
	b.t.Helper()
	t := b.submitted("8001", number)
	for _, other := range merged {
		m := b.submitted("8002", other)
		b.does("paidan", m.ID, tickets.Merge, service.ActRequest{Master: t.Number})
	}
	b.does("paidan", t.ID, tickets.Dispatch, service.ActRequest{Unit: "zjj", Reason: "住建局职责"})
	b.does("zjj", t.ID, tickets.ReportReply, service.ActRequest{Reply: goodReply})
	return b.does("shenhe", t.ID, tickets.Pass, service.ActRequest{Public: goodReply.Answer})
}

func (b *bundle) answers(solved tickets.Solved, result int) *service.VisitRequest {
	return &service.VisitRequest{
		Channel: tickets.VisitByPhone, Call: b.incoming("13800005678", "8002"), Contacted: true, Solved: solved, Result: result, Unit: result, Agent: 1,
	}
}

func TestEveryCitizenOfAMergedTicketIsAskedAndTheWorstAnswerDecides(t *testing.T) {
	b := setup(t)
	master := b.replied("13800005678", "13911112222")
	plan, err := b.FollowUp(b.ctx, b.as("huifang"), master.ID)
	require.NoError(t, err)
	require.Len(t, plan.Citizens, 2)
	other := plan.Citizens[1].For
	require.Equal(t, "139****2222", plan.Citizens[1].Caller.PhoneMasked)

	still := b.does("huifang", master.ID, tickets.VisitClose, service.ActRequest{Visit: b.answers(tickets.SolvedYes, 1)})
	require.Equal(t, tickets.ToFollowUp, still.State, "the other citizen has not been asked")
	visit := b.answers(tickets.SolvedYes, 5)
	visit.For = other
	_, err = b.tries("huifang", master.ID, tickets.VisitClose, service.ActRequest{Visit: visit})
	require.NotEmpty(t, refusal(t, err), "one who is dissatisfied asks for another round")
	again := b.does("huifang", master.ID, tickets.VisitRework, service.ActRequest{Visit: visit, Reason: "一位群众不满意"})
	require.Equal(t, tickets.Dispatched, again.State)
	require.Equal(t, 2, again.Round)
	require.Len(t, again.Requesters, 1)
	require.False(t, again.Requesters[0].Followed, "and is asked again")
}

func TestACitizenWhoIsNotReachedIsTriedOnDifferentHalfDays(t *testing.T) {
	b := setup(t)
	id := b.replied("13800005678").ID
	missed := func() service.FollowUpPlan {
		call := b.incoming("13800005678", "8002")
		b.does("huifang", id, tickets.VisitMissed, service.ActRequest{Visit: &service.VisitRequest{Channel: tickets.VisitByPhone, Call: call, Failure: "无人接听"}})
		plan, err := b.FollowUp(b.ctx, b.as("huifang"), id)
		require.NoError(t, err)
		return plan
	}
	first := missed()
	require.Equal(t, []string{"2026-11-24 上午"}, first.Citizens[0].HalfDays)
	require.Equal(t, 24, first.Citizens[0].NextAt.In(zone(t)).Day())
	require.GreaterOrEqual(t, first.Citizens[0].NextAt.In(zone(t)).Hour(), 12, "this afternoon is proposed")
	_, err := b.tries("huifang", id, tickets.Unreachable, service.ActRequest{})
	require.Equal(t, tickets.RefusedTries, refusal(t, err))
	b.clock = first.Citizens[0].NextAt
	second := missed()
	require.Equal(t, 25, second.Citizens[0].NextAt.In(zone(t)).Day(), "tomorrow morning")
	b.clock = second.Citizens[0].NextAt
	missed()
	_, err = b.tries("huifang", id, tickets.Unreachable, service.ActRequest{})
	require.Equal(t, tickets.RefusedLinkOpen, refusal(t, err), "the link in the message is still open")
	b.clock = b.clock.AddDate(0, 0, 3)
	closed := b.does("huifang", id, tickets.Unreachable, service.ActRequest{})
	require.Equal(t, tickets.ResultUnreachable, closed.Result)
}

func TestALinkInAMessageTakesTheAnswersOnce(t *testing.T) {
	b := setup(t)
	good, bad := b.replied("13800005678"), b.replied("13911112222")
	link := func(id string, purpose service.LinkPurpose) string {
		token, err := b.LinkToken(purpose, id, b.clock.AddDate(0, 0, 3))
		require.NoError(t, err)
		return token
	}
	token := link(good.ID, service.LinkRating)
	seen, err := b.PublicReply(b.ctx, token)
	require.NoError(t, err)
	require.Equal(t, goodReply.Answer, seen.Reply)
	require.Equal(t, "承办单位已答复，我们将回访您", seen.Said)
	require.True(t, seen.MayRate)
	rated, err := b.Rate(b.ctx, token, service.RatingAnswers{Contacted: true, Solved: tickets.SolvedYes, Result: 2, Unit: 2, Agent: 1})
	require.NoError(t, err)
	require.True(t, rated.Rated)
	record, err := b.store.Ticket(b.ctx, good.ID)
	require.NoError(t, err)
	require.Equal(t, tickets.Closed, record.State)
	_, err = b.Rate(b.ctx, token, service.RatingAnswers{Solved: tickets.SolvedNo, Result: 5})
	require.NoError(t, err, "a second answer changes nothing")

	negative, err := b.Rate(b.ctx, link(bad.ID, service.LinkRating), service.RatingAnswers{Solved: tickets.SolvedNo, Result: 5, Text: "还在施工"})
	require.NoError(t, err)
	require.True(t, negative.Rated)
	require.NotNil(t, b.queue("huifang", service.QueueFollowUp, bad.ID), "discontent first becomes a task for the telephone")
	plan, err := b.FollowUp(b.ctx, b.as("huifang"), bad.ID)
	require.NoError(t, err)
	require.False(t, plan.Citizens[0].Done)
	require.Empty(t, plan.Citizens[0].HalfDays, "it was no try by telephone")

	_, err = b.Rate(b.ctx, link(bad.ID, service.LinkReply), service.RatingAnswers{})
	require.ErrorIs(t, err, service.ErrNotFound, "a link to the reply rates nothing")
	late := link(good.ID, service.LinkReply)
	_, err = b.AskByLink(b.ctx, late, tickets.AskReopen, "夜里又施工了")
	require.NoError(t, err)
	require.NotNil(t, b.queue("shenhe", service.QueueDecisions, good.ID))
	b.does("shenhe", good.ID, tickets.Grant, service.ActRequest{Request: 1, Opinion: "同意重开"})
	require.NotNil(t, b.queue("paidan", service.QueueToDispatch, good.ID))
	b.clock = b.clock.AddDate(0, 0, 4)
	_, err = b.PublicReply(b.ctx, late)
	require.ErrorIs(t, err, service.ErrNotFound, "its time is over")
}

func TestACitizenWithdrawsByLink(t *testing.T) {
	b := setup(t)
	id := b.dispatched("13800005678").ID
	token, err := b.LinkToken(service.LinkReply, id, b.clock.AddDate(0, 0, 3))
	require.NoError(t, err)
	gone, err := b.AskByLink(b.ctx, token, tickets.CitizenWithdraw, "已自行解决")
	require.NoError(t, err)
	require.Equal(t, "已按您的要求撤销", gone.Said)
	require.Equal(t, tickets.Terminated, b.leg("xxbjb", id, 1).State)
}

func TestRatesCountWhatTheFormulasSay(t *testing.T) {
	b := setup(t)
	id := b.replied("13800005678").ID
	b.does("huifang", id, tickets.VisitClose, service.ActRequest{Visit: b.answers(tickets.SolvedYes, 2)})
	other := b.replied("13911112222").ID
	b.does("huifang", other, tickets.VisitClose, service.ActRequest{Visit: b.answers(tickets.SolvedUnknown, 3)})
	b.clock = b.clock.AddDate(0, 0, 5)
	rates, err := b.RatesOf(b.ctx, b.as("zjj-ld"), "", time.Time{}, time.Time{})
	require.NoError(t, err)
	got := map[string][2]int{}
	for _, r := range rates.Rates {
		got[r.Code] = [2]int{r.Count, r.Of}
	}
	require.Equal(t, 2, rates.Received)
	require.Equal(t, [2]int{2, 2}, got["signed_in_time"])
	require.Equal(t, [2]int{1, 1}, got["solved"], "who takes no position is not counted")
	require.Equal(t, [2]int{2, 2}, got["contacted"])
}

func TestTheRightOf直派IsGrantedToSingleAccounts(t *testing.T) {
	b := setup(t)
	require.False(t, b.as("8001").Can(directory.TicketDispatchDirectly))
	require.Error(t, b.ChangeAccount(b.ctx, b.as("admin"), "8001", service.AccountChange{Rights: &[]directory.Permission{directory.AdminAccounts}}),
		"only what is meant to be granted so")
	require.NoError(t, b.ChangeAccount(b.ctx, b.as("admin"), "8001", service.AccountChange{Rights: &[]directory.Permission{directory.TicketDispatchDirectly}}))
	require.True(t, b.as("8001").Can(directory.TicketDispatchDirectly))
	require.Contains(t, b.as("8001").Permissions, directory.TicketDispatchDirectly)
}

func zone(t *testing.T) *time.Location {
	t.Helper()
	where, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	return where
}

func TestAFollowUpByACallThatNeverWasIsRefused(t *testing.T) {
	b := setup(t)
	id := b.replied("13800005678").ID
	visit := b.answers(tickets.SolvedYes, 1)
	visit.Call = "00000000-0000-7000-8000-000000000000"
	_, err := b.tries("huifang", id, tickets.VisitClose, service.ActRequest{Visit: visit})
	require.Equal(t, tickets.RefusedCall, refusal(t, err))
}
