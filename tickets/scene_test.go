package tickets_test

import (
	"slices"
	"strings"
	"time"

	days "github.com/open12345/hotline/configs/calendar"
	"github.com/open12345/hotline/configs/policy"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
)

// general are the rules of 通用 with the shipped calendar.
var general = func() tickets.Rules {
	zone := time.FixedZone("CST", 8*60*60)
	c, err := calendar.Load(days.Files, zone)
	if err != nil {
		panic(err)
	}
	p, err := policy.Named(policy.Default)
	if err != nil {
		panic(err)
	}
	return tickets.Rules{Policy: p.Policy, Calendar: c}
}()

// scene is a ticket in a state with somebody who acts, everything filled in so that no guard but
// state and role stands in the way.
type scene struct {
	machine string
	ticket  tickets.Ticket
	actor   tickets.Actor
	args    tickets.Args
	facts   tickets.Facts
	event   string
	n       int // of the leg, request or supervision that is looked at; 0: the newest
}

func clone(t tickets.Ticket) tickets.Ticket {
	t.Calls, t.Legs, t.Requests = slices.Clone(t.Calls), slices.Clone(t.Legs), slices.Clone(t.Requests)
	t.Supervisions, t.Cards, t.Visits = slices.Clone(t.Supervisions), slices.Clone(t.Cards), slices.Clone(t.Visits)
	return t
}

// state is where the thing that is looked at is.
func (s scene) state(t tickets.Ticket) string {
	switch s.machine {
	case "leg":
		l, _ := t.Leg(s.n)
		return string(l.State)
	case "request":
		q, _ := t.Request(s.n)
		return string(q.State)
	case "supervision":
		if s.n == 0 && len(t.Supervisions) > 0 {
			return string(t.Supervisions[len(t.Supervisions)-1].State)
		}
		v, _ := t.Supervision(s.n)
		return string(v.State)
	}
	return string(t.State)
}

// about tells whether a button has the target of the scene's event.
func (s scene) about(a tickets.Action) bool {
	switch s.machine {
	case "leg":
		return a.Supervision == 0 && (s.args.Leg == a.Leg || a.Request != 0)
	case "supervision":
		return a.Supervision == s.n
	}
	return true
}

func sceneOf(at atCell, role tickets.Role) scene {
	s := scene{
		machine: at.machine, event: at.event,
		actor: tickets.Actor{Account: "8001", Name: "林晓雯", Unit: "xxb", Roles: []tickets.Role{role}},
		args:  fullArgs(tickets.Event(at.event)),
		facts: tickets.Facts{
			CallOfSeat: true, HandedOver: true, Other: &tickets.Other{ID: "t2", Number: "261124000022", State: tickets.ToDispatch},
			CatalogueUnits: []string{"hbj"}, DispatchDirectly: true, Rules: general, Units: units(), MasterGone: true,
		},
	}
	switch at.machine {
	case "ticket":
		s.ofTicket(tickets.State(at.state), tickets.Event(at.event), at.kase)
	case "leg":
		s.ofLeg(tickets.LegState(at.state), tickets.Event(at.event), at.kase)
	case "request":
		s.ofRequest(tickets.RequestState(at.state), tickets.Event(at.event), at.kase)
	case "supervision":
		s.ofSupervision(tickets.SupervisionState(at.state), tickets.Event(at.event))
	}
	return s
}

// fullArgs are what comes with the event, nothing missing.
func fullArgs(event tickets.Event) tickets.Args {
	content := "公园的路灯不亮"
	args := tickets.Args{
		ID: "t1", Call: "c1", Text: "请尽快", Reason: "原因", LawfulWay: "向法院起诉", Missing: "门牌号", Account: "8002", Emergency: "119",
		Source: tickets.SourceWeb, Fields: tickets.Fields{Content: &content}, Days: 1, Until: now.AddDate(0, 1, 0), Plan: "分期整治", Basis: "第三条",
		Outcome: tickets.OutcomeRefuse, Kind: string(tickets.SuperviseWritten), Proof: "来电录音", Public: "已处理", Urgency: tickets.Urgent,
		Reply: form("已处理"), Contact: &tickets.Contact{Way: "call", Call: "c7"}, Visit: happy(),
		Dates: tickets.Deadlines{Began: now, Due: now.AddDate(0, 0, 9)},
	}
	switch event {
	case tickets.Register:
		args.Source = tickets.SourceLetter
	case tickets.Dispatch, tickets.AssignDuty, tickets.Conclude:
		args.Unit, args.Units = "xxb", []string{"hbj"}
	case tickets.Delegate, tickets.AddDelegate:
		args.Unit = "jsk"
	case tickets.VisitRework, tickets.VisitToPhone:
		args.Visit = unhappy()
	case tickets.IssueCard:
		args.Kind = string(tickets.YellowCard)
	}
	return args
}

// ticketIn is a ticket that came to the state in the usual way.
func ticketIn(state tickets.State) tickets.Ticket {
	if state == tickets.None {
		return tickets.Ticket{}
	}
	t := tickets.Ticket{
		ID: "t1", Number: "261124000014", State: state, Type: tickets.Complaint, Title: "夜间施工噪音", ClassID: "noise", Answer: "已答复",
		Content: "每天晚上十一点以后工地还在施工，噪音很大，影响休息，已持续一周。", Owner: "8001", Writer: "8001", Source: tickets.SourceWeb,
		Caller: tickets.Caller{Name: "王秀兰", Number: "13800005678", ContactSame: true}, Urgency: tickets.Normal, NeedFollowUp: true,
		CreatedAt: now.AddDate(0, 0, -6), SubmittedAt: now.AddDate(0, 0, -5), StageAt: now.AddDate(0, 0, -30), StageDueAt: now.Add(-time.Hour),
	}
	switch state {
	case tickets.Received:
		t.DueAt = now.Add(-time.Hour)
	case tickets.ToSupplement:
		t.ReturnTo = tickets.Received
	case tickets.Dispatched, tickets.Suspended:
		t.Owner = ""
		withLegs(&t, tickets.Handling)
	case tickets.UnderReview, tickets.ToFollowUp, tickets.Closed:
		t.PublicReply = "已处理"
		withLegs(&t, tickets.Replied)
	}
	switch {
	case state == tickets.Suspended:
		t.Legs[0].SuspendedAt, t.Legs[0].Remainder = now.AddDate(0, 0, -1), 8*time.Hour
		t.DueAt = now.Add(-time.Minute)
	case !state.Open():
		t.Owner, t.ClosedAt = "", now.AddDate(0, 0, -1)
	}
	return t
}

// withLegs gives the ticket a lead in the state and an assist that answered.
func withLegs(t *tickets.Ticket, lead tickets.LegState) {
	t.Unit, t.Round, t.DueAt = "xxb", 1, now.AddDate(0, 0, 3)
	t.Legs = []tickets.Leg{
		{N: 1, Round: 1, Role: tickets.Lead, Unit: "xxb", Level: 1, State: lead, SentAt: now.AddDate(0, 0, -2), SignedAt: now.AddDate(0, 0, -1),
			SignDueAt: now.AddDate(0, 0, -1), ReturnDueAt: now.AddDate(0, 0, 1), DueAt: t.DueAt, BeganAt: now.AddDate(0, 0, -2)},
		{N: 2, Round: 1, Role: tickets.Assist, Unit: "hbj", Level: 1, State: tickets.Replied, SignedAt: now, DueAt: now.AddDate(0, 0, 2)},
	}
	if lead == tickets.ToSign {
		t.Legs[0].SignedAt = time.Time{}
		t.Legs[1].State, t.Legs[1].SignedAt = tickets.ToSign, time.Time{}
	}
}

func (s *scene) ofTicket(state tickets.State, event tickets.Event, kase string) {
	s.ticket = ticketIn(state)
	t := &s.ticket
	s.leg(event, kase)
	switch event {
	case tickets.Take:
		t.Owner = ""
	case tickets.Merge, tickets.Recall:
		if state == tickets.Dispatched && kase != "signed" {
			withLegs(t, tickets.ToSign)
		}
	case tickets.AllReplied:
		if state == tickets.Dispatched {
			t.Legs[0].State = tickets.Replied
		}
	case tickets.PassWithoutVisit:
		t.NeedFollowUp = false
	case tickets.Unreachable:
		for _, day := range []int{-4, -3, -1} {
			t.Visits = append(t.Visits, tickets.Visit{N: len(t.Visits) + 1, Round: t.Round, At: now.AddDate(0, 0, day)})
		}
		for i := range t.Visits { // one morning, one afternoon, one morning
			t.Visits[i].At = t.Visits[i].At.Add(time.Duration(i%2) * 5 * time.Hour)
		}
	case tickets.AskCloseAtLimit:
		t.Reworks = 9
	case tickets.Archive:
		s.facts.Other.State = tickets.Archived
		if !t.ClosedAt.IsZero() {
			t.ClosedAt = now.AddDate(-1, 0, 0)
		}
	}
	switch kase {
	case "from the pool":
		t.ReturnTo = tickets.ToDispatch
	case "挂账":
		s.args.Outcome = tickets.OutcomeSuspend
	case "退回派单":
		s.args.Outcome = tickets.OutcomeDispatch
	case "another unit":
		s.args.Unit = "cgj"
	case "others to visit":
		s.facts.FollowUps = 1
	case "举报":
		t.Type = tickets.Report
	}
}

// leg puts the open request of a decision on the ticket.
func (s *scene) leg(event tickets.Event, kase string) {
	if event != tickets.Grant || s.ticket.State == tickets.None {
		return
	}
	kind := tickets.RequestKind(strings.TrimPrefix(kase, "last "))
	q := tickets.Request{N: 1, Kind: kind, State: tickets.RequestOpen, AskedBy: "asker", Until: now.AddDate(0, 1, 0)}
	s.args.Request, s.args.Keep = 1, true
	if kind == tickets.RequestReturn || kind == tickets.RequestSuspension {
		q.Leg = 1
		if len(s.ticket.Legs) == 0 {
			withLegs(&s.ticket, tickets.Left)
		}
	}
	s.ticket.Requests = append(s.ticket.Requests, q)
	if kind == tickets.RequestReturn && s.ticket.State == tickets.Dispatched {
		s.ticket.Legs[0].State, s.ticket.Legs[0].Before = tickets.ReturnAsked, tickets.Handling
	}
	if kase == "last return" {
		for range general.Policy.Returns {
			s.ticket.Requests = append(s.ticket.Requests, tickets.Request{N: len(s.ticket.Requests) + 1, Kind: kind, State: tickets.RequestGranted, Leg: 1})
		}
	}
}

// secondLevel are what only a unit below another does.
var secondLevel = []tickets.Event{tickets.Handle, tickets.HandBack}

func (s *scene) ofLeg(state tickets.LegState, event tickets.Event, kase string) {
	if state == tickets.NoLeg {
		s.ticket = ticketIn(tickets.ToDispatch)
		return
	}
	s.ticket = ticketIn(tickets.Dispatched)
	t := &s.ticket
	s.n, s.args.Leg = 1, 1
	l := &t.Legs[0]
	if slices.Contains(secondLevel, event) {
		l.State = tickets.Delegated
		t.Legs = append(t.Legs, tickets.Leg{N: 3, Parent: 1, Role: tickets.Lead, Level: 2, Unit: "xxk", BeganAt: l.BeganAt, DueAt: l.DueAt, SignedAt: now})
		s.n, s.args.Leg, s.actor.Unit = 3, 3, "xxk"
		l = &t.Legs[2]
	}
	l.State, l.Before, l.Draft = state, tickets.Handling, *form("已处理")
	if state == tickets.ToSign {
		l.SignedAt = time.Time{}
	}
	if !state.Open() {
		l.RepliedLate, l.RepliedAt = true, now
	}
	if n := l.N; n == 1 {
		s.below(state, event, kase)
		l = &t.Legs[0]
	}
	s.forEvent(l, event)
	switch kase {
	case "deputy":
		s.facts.Deputy = true
	case "from delegated":
		l.Before = tickets.Delegated
	case "from to_compile":
		l.Before = tickets.ToCompile
	}
	if event == tickets.Grant || event == tickets.Deny || event == tickets.WithdrawRequest {
		s.args.Request = 0
		if state == tickets.ReturnAsked {
			t.Requests = []tickets.Request{{N: 1, Kind: tickets.RequestReturn, State: tickets.RequestOpen, Leg: 1, AskedBy: "xxb"}}
		}
	}
}

// below gives the leg those below it that its state or the event tells of.
func (s *scene) below(state tickets.LegState, event tickets.Event, kase string) {
	t := &s.ticket
	add := func(unit string, st tickets.LegState) {
		t.Legs = append(t.Legs, tickets.Leg{N: len(t.Legs) + 1, Parent: 1, Role: tickets.Lead, Level: 2, Unit: unit, State: st, Reply: *form("已核实")})
	}
	switch {
	case event == tickets.ChildReplied:
		add("xxk", tickets.Replied)
	case event == tickets.ChildLeft || state == tickets.Handling && event == tickets.AddDelegate:
		add("xxk", tickets.Left)
	case event == tickets.SendBack:
		add("xxk", tickets.Replied)
	case event == tickets.RecallDelegate || state == tickets.Delegated:
		add("xxk", tickets.Handling)
	case state == tickets.ToCompile:
		add("xxk", tickets.Replied)
	}
	switch event {
	case tickets.ChildReplied, tickets.ChildLeft, tickets.SendBack, tickets.RecallDelegate:
		s.args.Leg = 3
	}
	if kase == "another below" {
		add("jsk", tickets.Handling)
	}
}

// forEvent makes the leg's dates and facts fit the event.
func (s *scene) forEvent(l *tickets.Leg, event tickets.Event) {
	switch event {
	case tickets.RingDuty:
		s.ticket.Urgency = tickets.Critical
	case tickets.ToLeader:
		u := s.facts.Units["xxb"]
		u.Approval = true
		s.facts.Units["xxb"] = u
	case tickets.DueSoon:
		l.DueAt = now.Add(time.Hour)
	case tickets.PastDue, tickets.IssueCard:
		l.DueAt = now.Add(-time.Hour)
	case tickets.RevokeCard:
		s.ticket.Cards = []tickets.Card{{N: 1, Kind: tickets.YellowCard, Leg: 1, Unit: "xxb", IssuedAt: now.Add(-time.Hour)}}
		s.args.Card = 1
	case tickets.AskAppeal:
		s.ticket.State, s.ticket.ClosedAt = tickets.Archived, now
	}
}

func (s *scene) ofRequest(state tickets.RequestState, event tickets.Event, kase string) {
	s.n, s.args.Request = 1, 1
	if state == tickets.NoRequest {
		s.ticket = ticketIn(tickets.Dispatched)
		s.n, s.args.Request = 0, 0
		return
	}
	q := tickets.Request{N: 1, Kind: tickets.RequestKind(kase), State: state, AskedBy: "asker", DecideDueAt: now.Add(-time.Hour), Days: 1, Until: now.AddDate(0, 1, 0)}
	ticketState := tickets.Dispatched
	switch q.Kind {
	case tickets.RequestReopening, tickets.RequestAppeal:
		ticketState = tickets.Closed
	case tickets.RequestAtLimit:
		ticketState = tickets.ToFollowUp
	}
	s.ticket = ticketIn(ticketState)
	l := &s.ticket.Legs[0]
	switch q.Kind {
	case tickets.RequestReturn:
		q.Leg = 1
		l.State, l.Before = tickets.ReturnAsked, tickets.Handling
	case tickets.RequestExtension, tickets.RequestSuspension, tickets.RequestUnreasonable, tickets.RequestAppeal:
		q.Leg = 1
	case "extension below":
		l.State = tickets.Delegated
		s.ticket.Legs = append(s.ticket.Legs, tickets.Leg{N: 3, Parent: 1, Level: 2, Role: tickets.Lead, Unit: "xxk", State: tickets.Handling, DueAt: now.AddDate(0, 0, 1)})
		q.Kind, q.Leg = tickets.RequestExtension, 3
		if event == tickets.WithdrawRequest {
			s.actor.Unit = "xxk"
		}
	}
	if event == tickets.WithdrawRequest {
		q.AskedBy = s.actor.Account
	}
	s.ticket.Requests = []tickets.Request{q}
}

func (s *scene) ofSupervision(state tickets.SupervisionState, event tickets.Event) {
	s.ticket = ticketIn(tickets.Dispatched)
	if event == tickets.VisitSupervise {
		s.ticket = ticketIn(tickets.ToFollowUp)
	}
	if state == tickets.NoSupervision {
		return
	}
	s.n, s.args.Supervision = 1, 1
	s.args.DueAt = now.AddDate(0, 0, 5)
	s.ticket.Supervisions = []tickets.Supervision{{
		N: 1, Kind: tickets.SuperviseWritten, State: state, Unit: "xxb", Demand: "限期整改", DueAt: now.Add(-time.Hour), FiledAt: now.AddDate(0, 0, -3),
		IssuedAt: now.AddDate(0, 0, -2),
	}}
}
