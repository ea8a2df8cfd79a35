package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

func TestAnExtensionAskedInTimeIsGrantedAsOfThen(t *testing.T) {
	s := sentOut(t)
	due := s.leg(1).DueAt
	s.now = due.Add(-time.Hour)
	s.does(xinxiban, tickets.AskExtension, tickets.Args{Days: 2, Reason: "配件未到", Basis: "办法第十二条"})
	require.Equal(t, []tickets.Event{tickets.Sign, tickets.AskExtension}, s.events())
	require.Equal(t, []tickets.Recipient{{Role: tickets.Office}}, s.told(tickets.NoticeToDecide))
	s.refused(xinxiban, tickets.AskUnreasonable, tickets.Args{Reason: "r", Basis: "b"}, tickets.RefusedRequestOpen)

	s.now = due.Add(time.Hour)
	s.does(machine, tickets.PastDue, tickets.Args{Leg: 1})
	s.refused(machine, tickets.IssueCard, tickets.Args{Leg: 1, Kind: "yellow"}, tickets.RefusedAskedInTime)
	s.refused(office, tickets.IssueCard, tickets.Args{Leg: 1, Kind: "yellow", Reason: "超期"}, tickets.RefusedAskedInTime)
	s.does(office, tickets.Grant, tickets.Args{Request: 1, Text: "同意"})
	require.Equal(t, s.facts.Rules.Extended(due, 2), s.leg(1).DueAt, "counted from the old deadline, not from the decision")
	require.Equal(t, s.leg(1).DueAt, s.ticket.DueAt)
	require.Equal(t, 1, s.leg(1).DueVersion)
	require.Equal(t, due, *s.steps[0].Data.WasDueAt)
	require.Equal(t, []tickets.Recipient{citizen}, s.told(tickets.NoticeExtended))
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}}, s.told(tickets.NoticeDecided))

	s.refused(xinxiban, tickets.AskExtension, tickets.Args{Days: 2, Reason: "r", Basis: "b"}, tickets.RefusedExtensions)
}

func TestAGrantedExtensionTakesTheCardBack(t *testing.T) {
	s := sentOut(t)
	s.does(xinxiban, tickets.AskExtension, tickets.Args{Days: 2, Reason: "配件未到", Basis: "办法第十二条"})
	s.ticket.Cards = []tickets.Card{{N: 1, Kind: tickets.YellowCard, Leg: 1, Unit: "xxb", IssuedAt: s.leg(1).DueAt}}
	s.does(office, tickets.Grant, tickets.Args{})
	require.Equal(t, []tickets.Event{tickets.Grant, tickets.RevokeCard}, s.events())
	require.Equal(t, tickets.ByRule.Account, s.ticket.Cards[0].RevokedBy)
	require.Equal(t, []tickets.Recipient{{Leaders: "xxb"}}, s.told(tickets.NoticeCardRevoked))
}

func TestADenialLeavesTimeToAct(t *testing.T) {
	s := sentOut(t)
	due := s.leg(1).DueAt
	s.now = due.Add(-time.Hour)
	s.does(xinxiban, tickets.AskExtension, tickets.Args{Days: 1, Reason: "配件未到", Basis: "办法第十二条"})
	s.now = due.Add(time.Hour)
	s.does(office, tickets.Deny, tickets.Args{Reason: "理由不足"})
	require.Equal(t, s.facts.Rules.AfterDenial(due, s.now), s.leg(1).DueAt)
	require.True(t, s.leg(1).DueAt.After(s.now))
	require.Equal(t, tickets.RequestDenied, s.ticket.Requests[0].State)
	require.Equal(t, tickets.Handling, s.leg(1).State)
}

func TestADecisionPastItsLimitIsNotTheUnitsTime(t *testing.T) {
	s := sentOut(t)
	s.does(xinxiban, tickets.AskExtension, tickets.Args{Days: 1, Reason: "配件未到", Basis: "办法第十二条"})
	limit := s.ticket.Requests[0].DecideDueAt
	require.False(t, limit.IsZero())
	s.refused(machine, tickets.DecisionOverdue, tickets.Args{Request: 1}, tickets.RefusedNotYet)
	s.now = limit
	s.does(machine, tickets.DecisionOverdue, tickets.Args{Request: 1})
	require.Equal(t, []tickets.Recipient{{Role: tickets.Office}}, s.told(tickets.NoticeDecideLate))
	s.now = limit.AddDate(0, 0, 1)
	s.does(office, tickets.Deny, tickets.Args{Reason: "理由不足"})
	require.Positive(t, s.leg(1).Overstayed)
	s.now = s.leg(1).DueAt
	s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已办")})
	require.False(t, s.leg(1).RepliedLate, "a minute late, but the decision was a day late")
}

func TestAReturnGoesToThePoolWithoutTheAssistsOrWithThem(t *testing.T) {
	for _, keep := range []bool{false, true} {
		s := sentOut(t, "hbj")
		s.does(xinxiban, tickets.Sign, tickets.Args{})
		s.does(xinxiban, tickets.Delegate, tickets.Args{Unit: "xxk"})
		s.does(xinxiban, tickets.AskReturn, tickets.Args{Reason: "不属本办职责", Basis: "三定方案", Unit: "cgj"})
		s.refused(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已办")}, tickets.RefusedState)
		s.does(xinxiban, tickets.InterimReply, tickets.Args{Text: "正在核实权属"})
		citizensDate := s.ticket.DueAt
		s.does(office, tickets.Grant, tickets.Args{Keep: keep, Text: "同意改派"})
		require.Equal(t, tickets.ToDispatch, s.ticket.State)
		require.Equal(t, citizensDate, s.ticket.DueAt, "what the citizen was told is shown beside the new limit")
		require.Empty(t, s.ticket.Unit)
		assist := tickets.Terminated
		if keep {
			assist = tickets.ToSign
		}
		s.legs(tickets.Left, assist, tickets.Terminated)
		if !keep {
			continue
		}
		s.does(huanbao, tickets.ReportReply, tickets.Args{Reply: form("已检查")})
		s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "cgj"})
		require.Equal(t, 1, s.ticket.Round, "改派 is no 重办")
	}
}

func TestAfterTheLastReturnTheOfficeDeliberatesAndNobodyReturnsAnyMore(t *testing.T) {
	s := sentOut(t)
	clerks := map[string]tickets.Actor{"xxb": xinxiban, "cgj": {Account: "cgj", Unit: "cgj", Roles: []tickets.Role{tickets.UnitClerk}}}
	unit := "xxb"
	for n := range general.Policy.Returns {
		s.does(clerks[unit], tickets.AskReturn, tickets.Args{Reason: "不属职责", Basis: "三定方案"})
		s.does(office, tickets.Grant, tickets.Args{})
		if n < general.Policy.Returns-1 {
			unit = map[string]string{"xxb": "cgj", "cgj": "xxb"}[unit]
			s.does(paidan, tickets.Dispatch, tickets.Args{Unit: unit, Text: "改派"})
		}
	}
	require.Equal(t, tickets.Deliberation, s.ticket.State)
	require.True(t, s.ticket.Hard)
	require.False(t, s.ticket.StageDueAt.IsZero(), "the deliberation has a limit of its own")
	s.does(office, tickets.AssignDuty, tickets.Args{Unit: "xxb", Units: []string{"hbj"}, Text: "联席会议：由信息办主办"})
	lead, _ := s.ticket.LeadLeg()
	s.refused(xinxiban, tickets.AskReturn, tickets.Args{Reason: "r", Basis: "b"}, tickets.RefusedNoReturn)
	require.True(t, lead.NoReturn)
	require.Equal(t, tickets.PublicOf(s.ticket).Unit, "xxb")
}

func TestASuspensionStopsEveryClockAndKeepsTheRemainder(t *testing.T) {
	s := sentOut(t, "hbj")
	until := at(t, "2026-12-21 09:00")
	s.does(xinxiban, tickets.AskSuspension, tickets.Args{Reason: "等待招标", Plan: "十二月下旬施工", Until: until})
	s.does(office, tickets.Grant, tickets.Args{})
	require.Equal(t, tickets.Suspended, s.ticket.State)
	require.Equal(t, until, s.ticket.DueAt)
	require.Equal(t, []tickets.Recipient{citizen}, s.told(tickets.NoticeSuspended))
	require.Equal(t, tickets.Public{State: tickets.PublicSuspended, Date: until}, tickets.PublicOf(s.ticket))
	left := [2]time.Duration{s.leg(1).Remainder, s.leg(2).Remainder}
	require.Positive(t, left[0])
	require.Equal(t, tickets.NoLight, s.facts.Rules.Light(s.leg(1), s.leg(1).DueAt.AddDate(0, 0, 9)))
	s.does(xinxiban, tickets.InterimReply, tickets.Args{Text: "招标中"})
	s.refused(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已办")}, tickets.RefusedState)
	s.refused(machine, tickets.Resume, tickets.Args{}, tickets.RefusedNotYet)

	s.now = until
	s.does(machine, tickets.Resume, tickets.Args{})
	require.Equal(t, tickets.Dispatched, s.ticket.State)
	require.Equal(t, []tickets.Event{tickets.Resume, tickets.Resume}, s.events(), "a step for each clock")
	for n, was := range left {
		require.Equal(t, was, s.facts.Rules.Remainder(s.now, s.leg(n+1).DueAt), "leg %d", n+1)
	}
	require.Equal(t, s.leg(1).DueAt, s.ticket.DueAt)
	require.True(t, s.leg(2).SignDueAt.After(s.now), "the assist has its time to sign back")
}

func TestAUnitDecidesWhatTheOneBelowAsks(t *testing.T) {
	s := sentOut(t)
	s.does(xinxiban, tickets.Delegate, tickets.Args{Unit: "xxk", DueAt: s.now.Add(3 * time.Hour)})
	require.True(t, s.leg(2).DueByHand)
	s.does(xinxike, tickets.AskExtension, tickets.Args{Days: 3, Reason: "人手不足", Basis: "内部规定"})
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}, {Leaders: "xxb"}}, s.told(tickets.NoticeToDecide))
	s.refused(office, tickets.Grant, tickets.Args{Request: 1}, tickets.RefusedDecider)
	s.does(xinxiban, tickets.Grant, tickets.Args{Request: 1})
	require.False(t, s.leg(2).DueAt.After(s.leg(1).DueAt), "never after the unit's own")
	require.Empty(t, s.told(tickets.NoticeExtended), "inner dates are no business of the citizen's")
}

func TestNothingWaitsOnAClosedTicket(t *testing.T) {
	s := sentOut(t, "hbj")
	s.does(xinxiban, tickets.AskExtension, tickets.Args{Days: 1, Reason: "r", Basis: "b"})
	s.does(huanbao, tickets.AskUnreasonable, tickets.Args{Reason: "r", Basis: "b"})
	s.does(office, tickets.Supervise, tickets.Args{Kind: "written", Text: "限期整改"})
	s.does(office, tickets.AskVoid, tickets.Args{Reason: "测试工单"})
	s.refused(office, tickets.Grant, tickets.Args{Request: 3}, tickets.RefusedSamePerson)
	s.does(office2, tickets.Grant, tickets.Args{Request: 3})
	require.Equal(t, tickets.Voided, s.ticket.State)
	s.legs(tickets.Terminated, tickets.Terminated)
	for _, q := range s.ticket.Requests[:2] {
		require.Equal(t, tickets.RequestLapsed, q.State)
	}
	require.Equal(t, tickets.SupervisionReleased, s.ticket.Supervisions[0].State)
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}, {Unit: "hbj"}}, s.told(tickets.NoticeLapsed))
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}, {Unit: "hbj"}}, s.told(tickets.NoticeRecalled))
	require.Contains(t, s.effects, tickets.SplitMerged)
}

func TestADecisionHasNoButtonWhereItCantBeCarriedOut(t *testing.T) {
	s := sentOut(t)
	s.does(paidan, tickets.ReportHard, tickets.Args{Reason: "权属不清"})
	grant := func() bool {
		for _, a := range tickets.Allowed(s.ticket, office, s.facts) {
			if a.Name == tickets.Grant {
				return true
			}
		}
		return false
	}
	require.True(t, grant())
	s.ticket.State = tickets.Suspended
	require.False(t, grant(), "from 挂起 no way leads to 疑难会商")
	s.refused(office, tickets.Grant, tickets.Args{Request: 1}, tickets.RefusedState)
}
