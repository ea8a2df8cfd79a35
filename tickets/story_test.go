package tickets_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

// People of the stories. 信息办 is a unit of the first level, 信息科 one below it, 环保局 and 城管局
// assist.
var (
	seat       = tickets.Actor{Account: "8001", Name: "林晓雯", Unit: "hotline", Roles: []tickets.Role{tickets.Agent}}
	paidan     = tickets.Actor{Account: "paidan", Name: "陈建国", Unit: "hotline", Roles: []tickets.Role{tickets.Dispatcher}}
	shenhe     = tickets.Actor{Account: "shenhe", Name: "审核员", Unit: "hotline", Roles: []tickets.Role{tickets.Reviewer}}
	huifang    = tickets.Actor{Account: "huifang", Name: "回访员", Unit: "hotline", Roles: []tickets.Role{tickets.FollowUp}}
	office     = tickets.Actor{Account: "office", Name: "热线办", Unit: "hotline", Roles: []tickets.Role{tickets.Office}}
	office2    = tickets.Actor{Account: "office2", Name: "热线办二", Unit: "hotline", Roles: []tickets.Role{tickets.Office}}
	mayor      = tickets.Actor{Account: "mayor", Name: "分管领导", Roles: []tickets.Role{tickets.CityLeader}}
	xinxiban   = tickets.Actor{Account: "xxb", Name: "信息办经办", Unit: "xxb", Roles: []tickets.Role{tickets.UnitClerk}}
	xinxibanLd = tickets.Actor{Account: "xxb-ld", Name: "信息办领导", Unit: "xxb", Roles: []tickets.Role{tickets.UnitLeader}}
	xinxike    = tickets.Actor{Account: "xxk", Name: "信息科经办", Unit: "xxk", Roles: []tickets.Role{tickets.UnitClerk}}
	huanbao    = tickets.Actor{Account: "hbj", Name: "环保局经办", Unit: "hbj", Roles: []tickets.Role{tickets.UnitClerk}}
	machine    = tickets.ByRule
)

func units() map[string]tickets.Unit {
	return map[string]tickets.Unit{
		"xxb": {ID: "xxb", Name: "信息办", Level: 1},
		"xxk": {ID: "xxk", Name: "信息科", Parent: "xxb", Level: 2},
		"jsk": {ID: "jsk", Name: "技术科", Parent: "xxb", Level: 2},
		"hbj": {ID: "hbj", Name: "环保局", Level: 1},
		"cgj": {ID: "cgj", Name: "城管局", Level: 1},
		"old": {ID: "old", Name: "已撤销单位", Level: 1, Disabled: true},
	}
}

// story is a ticket on its way, with everything that was noted on the way.
type story struct {
	t       *testing.T
	ticket  tickets.Ticket
	facts   tickets.Facts
	now     time.Time
	flow    []tickets.FlowStep
	notices []tickets.Notice // of the last act
	steps   []tickets.FlowStep
	effects []tickets.Effect
}

// newStory is a submitted complaint in the dispatchers' pool, on a Tuesday morning.
func newStory(t *testing.T) *story {
	t.Helper()
	s := &story{t: t, now: at(t, "2026-11-24 10:00"), facts: tickets.Facts{Rules: rulesOf(t, "通用"), Units: units(), CallOfSeat: true}}
	s.does(seat, tickets.CreateByCall, tickets.Args{ID: "t1", Call: "c1", Caller: tickets.Caller{Name: "王秀兰", Number: "13800005678", ContactSame: true}})
	s.does(seat, tickets.Save, tickets.Args{Fields: goodFields()})
	s.does(seat, tickets.Submit, tickets.Args{})
	return s
}

// does lets somebody act, a minute later.
func (s *story) does(who tickets.Actor, event tickets.Event, args tickets.Args) {
	s.t.Helper()
	out, err := s.tries(who, event, args)
	if err != nil {
		var r *tickets.Refusal
		require.ErrorAs(s.t, err, &r)
		require.Failf(s.t, "refused", "%s by %s in %s: %s (%s)", event, who.Name, s.ticket.State.Label(), r.Text(), r.Code)
	}
	s.ticket, s.notices, s.steps, s.effects = out.Ticket, out.Notices, out.Steps, out.Effects
	s.flow = append(s.flow, out.Steps...)
	if slices.Contains(out.Effects, tickets.AssignNumber) {
		s.ticket.Number = "261124000014"
	}
}

func (s *story) tries(who tickets.Actor, event tickets.Event, args tickets.Args) (tickets.Outcome, error) {
	s.now = s.now.Add(time.Minute)
	return tickets.Apply(s.ticket, event, who, args, s.facts, s.now)
}

// refused lets somebody try, and gives the code of why not.
func (s *story) refused(who tickets.Actor, event tickets.Event, args tickets.Args, want string) {
	s.t.Helper()
	_, err := s.tries(who, event, args)
	require.Equal(s.t, want, code(s.t, err), "%s by %s", event, who.Name)
}

func (s *story) leg(n int) tickets.Leg {
	s.t.Helper()
	l, ok := s.ticket.Leg(n)
	require.True(s.t, ok, "leg %d", n)
	return l
}

func (s *story) legs(want ...tickets.LegState) {
	s.t.Helper()
	var got []tickets.LegState
	for _, l := range s.ticket.Legs {
		got = append(got, l.State)
	}
	require.Equal(s.t, want, got)
}

func (s *story) told(kind tickets.NoticeKind) []tickets.Recipient {
	var list []tickets.Recipient
	for _, n := range s.notices {
		if n.Kind == kind {
			list = append(list, n.To)
		}
	}
	return list
}

func (s *story) events() []tickets.Event {
	var list []tickets.Event
	for _, f := range s.steps {
		list = append(list, f.Event)
	}
	return list
}

var citizen = tickets.Recipient{Citizen: true}

func form(answer string) *tickets.Reply {
	return &tickets.Reply{Answer: answer, Person: "张科", Phone: "0594-2612345", NoContact: "群众要求不联系"}
}

func happy() *tickets.Visit {
	return &tickets.Visit{Channel: tickets.VisitByPhone, Call: "c9", Reached: true, Contacted: true, Solved: tickets.SolvedYes, Result: 1, Unit: 2, Agent: 1}
}

func unhappy() *tickets.Visit {
	v := happy()
	v.Solved, v.Result = tickets.SolvedNo, 4
	return v
}

// sentOut is a story whose ticket lies with 信息办 and the assists named.
func sentOut(t *testing.T, assists ...string) *story {
	t.Helper()
	s := newStory(t)
	s.does(paidan, tickets.Take, tickets.Args{})
	s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "xxb", Units: assists, Text: "请尽快办理"})
	return s
}

// TestTheStoryOfTwoLevels plays the letter of the two-level manual from the pool to the archive.
func TestTheStoryOfTwoLevels(t *testing.T) {
	s := newStory(t)
	require.Equal(t, tickets.ToDispatch, s.ticket.State)
	require.Equal(t, []tickets.Recipient{citizen}, s.told(tickets.NoticeAccepted))
	require.False(t, s.ticket.StageDueAt.IsZero(), "the dispatch limit")

	s.does(paidan, tickets.Take, tickets.Args{})
	require.Equal(t, "paidan", s.ticket.Owner)
	s.does(paidan, tickets.Dispatch, tickets.Args{Unit: "xxb", Units: []string{"hbj"}, Text: "请尽快办理"})
	require.Equal(t, tickets.Dispatched, s.ticket.State)
	require.Empty(t, s.ticket.Owner)
	require.Equal(t, "xxb", s.ticket.Unit)
	require.Equal(t, s.leg(1).DueAt, s.ticket.DueAt)
	require.True(t, s.leg(2).DueAt.Before(s.leg(1).DueAt), "an assist is due earlier")
	s.legs(tickets.ToSign, tickets.ToSign)
	require.Equal(t, []tickets.Event{tickets.Dispatch, tickets.Dispatch}, s.events(), "one step for each leg")
	require.Equal(t, []tickets.Recipient{citizen}, s.told(tickets.NoticeDispatched))
	require.Equal(t, []tickets.Recipient{{Unit: "xxb"}, {Unit: "hbj"}}, s.told(tickets.NoticeNewLeg))

	s.does(xinxiban, tickets.View, tickets.Args{})
	require.False(t, s.leg(1).FirstViewedAt.IsZero())
	require.True(t, s.leg(1).SignedAt.IsZero(), "viewing is not signing")
	s.does(xinxiban, tickets.Sign, tickets.Args{})
	s.does(xinxiban, tickets.Delegate, tickets.Args{Unit: "xxk", Text: "请信息科核实"})
	s.legs(tickets.Delegated, tickets.ToSign, tickets.ToSign)
	require.Equal(t, 1, s.leg(3).Parent)
	require.Equal(t, 2, s.leg(3).Level)
	require.True(t, s.leg(3).DueAt.Before(s.leg(1).DueAt), "the level below is due earlier")
	s.refused(xinxike, tickets.Delegate, tickets.Args{Unit: "xxk"}, tickets.RefusedLastLevel)

	s.does(xinxike, tickets.HandBack, tickets.Args{Reason: "非本科室职责"})
	s.legs(tickets.Handling, tickets.ToSign, tickets.Left)
	require.Equal(t, []tickets.Event{tickets.Sign, tickets.HandBack, tickets.ChildLeft}, s.events(), "any act signs too")

	s.does(xinxiban, tickets.Delegate, tickets.Args{Unit: "xxk", Text: "确属你科职责"})
	s.does(xinxike, tickets.Sign, tickets.Args{})
	s.refused(xinxike, tickets.ReportReply, tickets.Args{Reply: form("已处理")}, tickets.RefusedLowerLevel)
	s.does(xinxike, tickets.Handle, tickets.Args{Reply: form("已处理")})
	s.legs(tickets.ToCompile, tickets.ToSign, tickets.Left, tickets.Replied)
	require.Equal(t, "已处理", s.leg(1).Draft.Answer, "the answer to be edited")
	require.Equal(t, tickets.Dispatched, s.ticket.State, "it goes to the first level, not to the hotline")

	s.does(xinxiban, tickets.SendBack, tickets.Args{Reason: "请补充处理时间"})
	s.legs(tickets.Delegated, tickets.ToSign, tickets.Left, tickets.Handling)
	require.Equal(t, 2, s.leg(4).Round)
	require.Equal(t, "已处理", s.leg(4).Reply.Answer, "the old reply is kept")
	s.does(xinxike, tickets.Handle, tickets.Args{Reply: form("已于11月24日处理")})

	s.does(xinxiban, tickets.SaveReply, tickets.Args{Reply: form("经核实，已于11月24日处理完毕")})
	s.refused(xinxiban, tickets.ReportReply, tickets.Args{}, tickets.RefusedAssists)
	s.does(huanbao, tickets.ReportReply, tickets.Args{Reply: form("已现场检查")})
	s.does(xinxiban, tickets.ReportReply, tickets.Args{})
	require.Equal(t, []tickets.Event{tickets.ReportReply, tickets.AllReplied}, s.events())
	require.Equal(t, tickets.UnderReview, s.ticket.State)
	require.Equal(t, "经核实，已于11月24日处理完毕", s.ticket.PublicReply)
	s.refused(xinxiban, tickets.SaveReply, tickets.Args{Reply: form("改")}, tickets.RefusedState)
	var written []string
	for _, f := range s.flow {
		if f.Event == tickets.Handle {
			written = append(written, f.Data.Reply.Answer)
		}
	}
	require.Equal(t, []string{"已处理", "已于11月24日处理"}, written, "the flow keeps every version")

	s.does(shenhe, tickets.Take, tickets.Args{})
	s.does(shenhe, tickets.ReviewRework, tickets.Args{Reason: "未答复赔偿问题"})
	require.Equal(t, tickets.Dispatched, s.ticket.State)
	require.Equal(t, 2, s.ticket.Round)
	require.Equal(t, s.leg(1).DueAt, s.ticket.DueAt)
	s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已赔偿")})
	s.does(shenhe, tickets.Pass, tickets.Args{Public: "您反映的问题已处理并赔偿。"})
	require.Equal(t, tickets.ToFollowUp, s.ticket.State)
	require.Equal(t, []tickets.Recipient{citizen}, s.told(tickets.NoticeReplied))

	s.does(huifang, tickets.Take, tickets.Args{})
	s.refused(huifang, tickets.VisitClose, tickets.Args{Visit: unhappy()}, tickets.RefusedDiscontent)
	s.does(huifang, tickets.VisitRework, tickets.Args{Visit: unhappy(), Reason: "仍有噪音"})
	require.Equal(t, 3, s.ticket.Round)
	require.Equal(t, tickets.Dispatched, s.ticket.State)
	s.does(xinxiban, tickets.ReportReply, tickets.Args{Reply: form("已加装隔音屏")})
	s.does(shenhe, tickets.Pass, tickets.Args{})
	s.does(huifang, tickets.VisitClose, tickets.Args{Visit: happy()})
	require.Equal(t, tickets.Closed, s.ticket.State)
	require.Equal(t, tickets.ResultSatisfied, s.ticket.Result)
	require.Equal(t, []tickets.Recipient{citizen}, s.told(tickets.NoticeClosed))

	s.refused(machine, tickets.Archive, tickets.Args{}, tickets.RefusedNotYet)
	s.now = s.now.AddDate(0, 3, 0)
	s.does(machine, tickets.Archive, tickets.Args{})
	require.Equal(t, tickets.Archived, s.ticket.State)
	for _, l := range s.ticket.Legs {
		require.Equal(t, tickets.LegArchived, l.State)
	}
	s.does(xinxiban, tickets.AskAppeal, tickets.Args{Reason: "群众恶意差评"})
	s.does(office, tickets.Grant, tickets.Args{Text: "同意"})
	require.True(t, s.leg(1).Excluded)
	require.Equal(t, tickets.Archived, s.ticket.State)
}
