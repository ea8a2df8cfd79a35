package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

func TestASilentAssistNeverBlocksTheLead(t *testing.T) {
	s := sentOut(t, "hbj")
	s.does(xinxiban, tickets.Sign, tickets.Args{})
	s.refused(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已办")}, tickets.RefusedAssists)
	s.does(huanbao, tickets.AskExtension, tickets.Args{Days: 1, Reason: "r", Basis: "b"})
	s.now = s.leg(2).DueAt
	s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已办")})
	require.Equal(t, tickets.UnderReview, s.ticket.State)
	s.legs(tickets.Replied, tickets.Terminated)
	require.Equal(t, []tickets.Event{tickets.ReportReply, tickets.Terminate, tickets.LapseRequest, tickets.AllReplied}, s.events())
	require.Equal(t, "强制汇总", s.steps[1].Opinion)
	require.Equal(t, tickets.ByRule.Account, s.steps[1].Actor)
}

func TestADispatchIsUndoneWhileNobodySigned(t *testing.T) {
	s := sentOut(t, "hbj")
	s.does(paidan, tickets.Recall, tickets.Args{Reason: "选错单位"})
	require.Equal(t, tickets.ToDispatch, s.ticket.State)
	s.legs(tickets.Terminated, tickets.Terminated)
	s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "xxb", Text: "改派"})
	s.does(xinxiban, tickets.Sign, tickets.Args{})
	s.refused(paidan, tickets.Recall, tickets.Args{Reason: "选错单位"}, tickets.RefusedSigned)
	s.does(office, tickets.Recall, tickets.Args{Reason: "改由城管局"})
	s.legs(tickets.Terminated, tickets.Terminated, tickets.Terminated)
}

func TestACriticalTicketRingsTheDutyPhone(t *testing.T) {
	s := newStory(t)
	s.does(paidan, tickets.Overrule, tickets.Args{Urgency: tickets.Critical, Reason: "燃气泄漏"})
	require.Equal(t, "paidan", s.ticket.Routing.Overruled)
	s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "xxb"})
	require.Equal(t, []tickets.Recipient{{Duty: "xxb"}}, s.told(tickets.NoticeDutyPhone))
	s.now = s.leg(1).SignDueAt
	s.does(machine, tickets.SignOverdue, tickets.Args{Leg: 1})
	require.Equal(t, []tickets.Recipient{{Leaders: "xxb"}, {Role: tickets.Dispatcher}}, s.told(tickets.NoticeSignLate))
	require.Equal(t, []tickets.Recipient{{Duty: "xxb"}}, s.told(tickets.NoticeDutyPhone))
	s.does(xinxiban, tickets.Sign, tickets.Args{})
	require.True(t, s.leg(1).SignedLate)
}

func TestClosingWaitsForSupervision(t *testing.T) {
	s := sentOut(t)
	s.does(mayor, tickets.Instruct, tickets.Args{Text: "请务必三日内解决"})
	require.Equal(t, tickets.SuperviseByLeader, s.ticket.Supervisions[0].Kind)
	require.Equal(t, tickets.SupervisionFiled, s.ticket.Supervisions[0].State)
	require.Equal(t, []tickets.Recipient{{Role: tickets.Office}}, s.told(tickets.NoticeInstructed))
	s.does(office, tickets.IssueSupervise, tickets.Args{DueAt: s.now.AddDate(0, 0, 3)})
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}, {Leaders: "xxb"}}, s.told(tickets.NoticeSupervised))
	s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已办")})
	require.Equal(t, tickets.UnderReview, s.ticket.State, "督办 never blocks a unit's act")
	s.does(shenhe, tickets.Pass, tickets.Args{})
	s.refused(huifang, tickets.VisitClose, tickets.Args{Visit: happy()}, tickets.RefusedSupervised)

	s.does(xinxibanLd, tickets.ReturnSupervise, tickets.Args{Reason: "已按期办结"})
	s.does(office, tickets.KeepSupervise, tickets.Args{Reason: "请报整改材料"})
	s.does(xinxiban, tickets.ReplySupervise, tickets.Args{Text: "整改材料附后"})
	s.does(office, tickets.RedoSupervise, tickets.Args{Reason: "缺现场照片"})
	s.does(xinxiban, tickets.ReplySupervise, tickets.Args{Text: "照片附后"})
	s.does(office, tickets.PassSupervise, tickets.Args{})
	s.refused(huifang, tickets.VisitClose, tickets.Args{Visit: happy()}, tickets.RefusedSupervised)
	s.does(office, tickets.CloseSupervise, tickets.Args{})
	s.does(huifang, tickets.VisitClose, tickets.Args{Visit: happy()})
	require.Equal(t, tickets.Closed, s.ticket.State)
}

// answered is a story whose reply the citizen is to be asked about.
func answered(t *testing.T) *story {
	t.Helper()
	s := sentOut(t)
	s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已办")})
	s.does(shenhe, tickets.Pass, tickets.Args{})
	return s
}

func TestAfterTheLastReworkComesSupervisionOrTheOfficesWord(t *testing.T) {
	s := answered(t)
	for range general.Policy.Reworks {
		s.does(huifang, tickets.VisitRework, tickets.Args{Visit: unhappy(), Reason: "仍未解决"})
		s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("再次办理")})
		s.does(shenhe, tickets.Pass, tickets.Args{})
	}
	s.refused(huifang, tickets.VisitRework, tickets.Args{Visit: unhappy(), Reason: "仍未解决"}, tickets.RefusedReworks)
	s.does(office, tickets.VisitSupervise, tickets.Args{Text: "挂牌督办"})
	require.Equal(t, tickets.Dispatched, s.ticket.State)
	require.Equal(t, tickets.SupervisionIssued, s.ticket.Supervisions[0].State)
	require.Equal(t, general.Policy.Reworks+2, s.leg(1).Round)
	s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已到政策上限")})
	s.does(shenhe, tickets.Pass, tickets.Args{})
	s.does(xinxiban, tickets.ReplySupervise, tickets.Args{Text: "已穷尽办法"})
	s.does(office, tickets.PassSupervise, tickets.Args{})
	s.does(office, tickets.CloseSupervise, tickets.Args{})
	s.does(huifang, tickets.AskCloseAtLimit, tickets.Args{Reason: "诉求超出政策", Basis: "条例第八条", Visit: unhappy()})
	s.does(office, tickets.Grant, tickets.Args{})
	require.Equal(t, tickets.Closed, s.ticket.State)
	require.Equal(t, tickets.ResultDissatisfied, s.ticket.Result)
}

func TestANegativeAnswerByMessageBecomesAPhoneTask(t *testing.T) {
	s := answered(t)
	v := unhappy()
	v.Channel, v.Call, v.Message = tickets.VisitBySMS, "", "sms-1"
	s.does(machine, tickets.VisitToPhone, tickets.Args{Visit: v})
	require.Equal(t, tickets.ToFollowUp, s.ticket.State)
	require.Len(t, s.ticket.Visits, 1)
	s.does(huifang, tickets.VisitClose, tickets.Args{Visit: happy()})
	require.Equal(t, tickets.ResultSatisfied, s.ticket.Result, "what the citizen says at last counts")
}

func TestWhoCantBeReachedIsTriedOnThreeHalfDays(t *testing.T) {
	s := answered(t)
	miss := tickets.Args{Visit: &tickets.Visit{Channel: tickets.VisitByPhone, Call: "c8", Failure: "无人接听"}}
	for _, when := range []string{"2026-11-25 10:00", "2026-11-25 11:00", "2026-11-25 15:00"} {
		s.now = at(t, when)
		s.does(huifang, tickets.VisitMissed, miss)
	}
	s.refused(huifang, tickets.Unreachable, tickets.Args{}, tickets.RefusedTries)
	s.now = at(t, "2026-11-26 23:30")
	s.does(huifang, tickets.VisitMissed, miss)
	s.refused(huifang, tickets.Unreachable, tickets.Args{}, tickets.RefusedTries)
	s.now = at(t, "2026-11-26 10:00")
	s.does(huifang, tickets.VisitMissed, miss)
	s.refused(huifang, tickets.Unreachable, tickets.Args{}, tickets.RefusedLinkOpen)
	s.now = at(t, "2026-11-28 10:00")
	s.does(huifang, tickets.Unreachable, tickets.Args{})
	require.Equal(t, tickets.ResultUnreachable, s.ticket.Result)
}

func TestTheWorstAnswerOfSeveralCitizensDecides(t *testing.T) {
	s := answered(t)
	s.facts.Merged, s.facts.FollowUps = 1, 1
	undecided := happy()
	undecided.For, undecided.Solved, undecided.Result = "t2", tickets.SolvedUnknown, 0
	s.does(huifang, tickets.VisitClose, tickets.Args{Visit: undecided})
	require.Equal(t, tickets.ToFollowUp, s.ticket.State, "the ticket's own citizen is still to be asked")
	s.facts.FollowUps = 0
	s.does(huifang, tickets.VisitClose, tickets.Args{Visit: happy()})
	require.Equal(t, tickets.Closed, s.ticket.State)
	require.Equal(t, tickets.ResultNoPosition, s.ticket.Result)
}

func TestOfTwoDeadlinesTheEarlierWins(t *testing.T) {
	s := sentOut(t)
	merged := tickets.Ticket{Number: "261124000022", Title: "同一工地噪音", DueAt: s.leg(1).DueAt.AddDate(0, 0, -1)}
	out := tickets.Absorb(s.ticket, merged, paidan, s.facts, s.now)
	require.Equal(t, merged.DueAt, out.Ticket.DueAt)
	require.Equal(t, merged.DueAt, out.Ticket.Legs[0].DueAt)
	require.Equal(t, merged.DueAt, *out.Steps[0].Data.DueAt)
	require.Equal(t, "261124000022", out.Steps[0].Data.Ticket)
	merged.DueAt = s.leg(1).DueAt.AddDate(0, 0, 1)
	require.Equal(t, s.ticket.DueAt, tickets.Absorb(s.ticket, merged, paidan, s.facts, s.now).Ticket.DueAt)
}

func TestAReopenedTicketBeginsAnotherRoundWithAnyUnit(t *testing.T) {
	s := answered(t)
	s.does(huifang, tickets.VisitClose, tickets.Args{Visit: happy()})
	s.does(seat, tickets.AskReopen, tickets.Args{Reason: "又开始施工"})
	require.Equal(t, tickets.Closed, s.ticket.State)
	s.refused(office, tickets.Grant, tickets.Args{}, tickets.RefusedDecider)
	s.does(shenhe, tickets.Grant, tickets.Args{})
	require.Equal(t, tickets.ToDispatch, s.ticket.State)
	require.Equal(t, 2, s.ticket.Round)
	require.Empty(t, s.ticket.Result)
	s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "cgj"})
	require.Equal(t, 2, s.ticket.Round)
}

func TestTheCitizenIsToldOnlyWhatConcernsHim(t *testing.T) {
	s := newStory(t)
	s.ticket.Notice = tickets.NoticeNone
	s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "xxb", Text: "内部意见"})
	require.Empty(t, s.told(tickets.NoticeDispatched), "who declined is not told")
	s = newStory(t)
	s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "xxb", Text: "内部意见"})
	for _, n := range s.notices {
		if n.To.Citizen {
			require.Equal(t, map[string]string{"title": "夜间施工", "number": "261124000014", "unit": "信息办", "due": s.ticket.DueAt.Format(time.RFC3339)}, n.Vars)
		}
	}
}

func TestAUrgeIsHeardByWhoHasTheTicket(t *testing.T) {
	s := sentOut(t, "hbj")
	s.does(seat, tickets.Urge, tickets.Args{Call: "c2", Text: "群众催问"})
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}, {Unit: "hbj"}}, s.told(tickets.NoticeUrged))
	s.facts.Urges = general.Policy.UrgeAlarm
	s.does(seat, tickets.Urge, tickets.Args{Call: "c3", Text: "又催问"})
	require.Contains(t, s.told(tickets.NoticeUrged), tickets.Recipient{Role: tickets.Supervisor}, "重复来电")
	s.does(paidan, tickets.Remind, tickets.Args{Text: "请尽快签收"})
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}}, s.told(tickets.NoticeUrged), "催办 goes to the lead")
}

func TestAThirdLevelReportsToTheSecond(t *testing.T) {
	s := sentOut(t)
	deeper := *general.Policy
	deeper.Depth = 3
	s.facts.Rules.Policy = &deeper
	s.facts.Units["zu"] = tickets.Unit{ID: "zu", Name: "运维组", Parent: "xxk", Level: 3}
	zu := tickets.Actor{Account: "zu", Unit: "zu", Roles: []tickets.Role{tickets.UnitClerk}}
	s.does(xinxiban, tickets.Delegate, tickets.Args{Unit: "xxk"})
	s.does(xinxike, tickets.Delegate, tickets.Args{Unit: "zu"})
	s.legs(tickets.Delegated, tickets.Delegated, tickets.ToSign)
	s.refused(zu, tickets.Delegate, tickets.Args{Unit: "zu"}, tickets.RefusedLastLevel)
	s.does(zu, tickets.Handle, tickets.Args{Reply: form("已修")})
	s.legs(tickets.Delegated, tickets.ToCompile, tickets.Replied)
	s.does(xinxike, tickets.Handle, tickets.Args{})
	require.Equal(t, "已修", s.leg(2).Reply.Answer)
	s.legs(tickets.ToCompile, tickets.Replied, tickets.Replied)
	s.does(xinxiban, tickets.ReportReply, tickets.Args{})
	require.Equal(t, tickets.UnderReview, s.ticket.State)
}
