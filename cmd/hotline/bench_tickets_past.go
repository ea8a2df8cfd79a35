package main

import (
	"time"

	"github.com/open12345/hotline/tickets"
)

// live takes a submitted ticket as far as one of its age is in the made-up city: what is older
// than openDays is archived, of the rest some of each stage is still open.
func (p *pastWriter) live(age float64) {
	stage := 1.0
	if age < openDays {
		stage = p.rng.Float64() * (0.5 + age/openDays)
	}
	if stage < 0.04 {
		return // waits to be dispatched
	}
	lead := p.dispatch()
	if stage < 0.15 {
		return // waits to be signed
	}
	p.sign(lead)
	child := 0
	if p.chance(0.6) {
		child = p.delegate(lead)
	}
	if p.chance(0.06) {
		p.ask(lead)
	}
	if stage < 0.5 {
		return // being handled
	}
	if child > 0 {
		p.reply(child, tickets.Handle)
	}
	if stage < 0.55 {
		return // to be compiled
	}
	p.reply(lead, tickets.ReportReply)
	if stage < 0.6 {
		return // under review
	}
	p.stage(tickets.Pass, tickets.ToFollowUp, "b-shenhe-1", 6*time.Hour)
	p.t.PublicReply = p.t.Legs[lead-1].Reply.Answer
	if stage < 0.7 {
		return // waits for its follow-up
	}
	p.close()
	if age > 2*openDays {
		p.step(15*24*time.Hour, tickets.Archive, tickets.Archived, "system", "", "", tickets.StepData{})
		for i := range p.t.Legs {
			p.t.Legs[i].State, p.t.Legs[i].EndedAt = tickets.LegArchived, p.clock
		}
	}
}

// stage moves the ticket on to another stage of the hotline's.
func (p *pastWriter) stage(event tickets.Event, to tickets.State, actor string, after time.Duration) {
	p.step(after, event, to, actor, "", "", tickets.StepData{})
	p.t.StageAt, p.t.StageDueAt = p.clock, p.clock.Add(8*time.Hour)
}

func (p *pastWriter) leg(unit string, role tickets.LegRole, parent, level int, due time.Duration, opinion, by string) int {
	n := len(p.t.Legs) + 1
	p.t.Legs = append(p.t.Legs, tickets.Leg{
		N: n, Round: 1, Role: role, Unit: unit, Parent: parent, Level: level, State: tickets.ToSign, Opinion: opinion, SentBy: by,
		SentAt: p.clock, BeganAt: p.clock, SignDueAt: p.clock.Add(24 * time.Hour), ReturnDueAt: p.clock.Add(48 * time.Hour),
		DueAt: p.clock.Add(due), DueVersion: 1,
	})
	return n
}

func (p *pastWriter) dispatch() int {
	n := p.unit()
	unit := benchUnit(n)
	p.step(20*time.Minute, tickets.Take, tickets.ToDispatch, "b-paidan-1", "", "", tickets.StepData{})
	opinion := "请依法核实处理，按期反馈。"
	p.step(5*time.Minute, tickets.Dispatch, tickets.Dispatched, "b-paidan-1", "", opinion, tickets.StepData{Leg: 1, LegTo: tickets.ToSign, Unit: unit})
	lead := p.leg(unit, tickets.Lead, 0, 1, 7*24*time.Hour, opinion, "b-paidan-1")
	if p.chance(0.15) {
		p.leg(benchUnit(p.unit()), tickets.Assist, 0, 1, 6*24*time.Hour, opinion, "b-paidan-1")
	}
	p.t.Unit, p.t.DueAt = unit, p.t.Legs[lead-1].DueAt
	p.t.StageAt, p.t.StageDueAt = time.Time{}, time.Time{}
	return lead
}

func (p *pastWriter) sign(n int) {
	leg := &p.t.Legs[n-1]
	clerk := "b-jb-" + leg.Unit
	p.step(time.Duration(10+p.rng.IntN(600))*time.Minute, tickets.Sign, tickets.Dispatched, clerk, leg.Unit, "", tickets.StepData{Leg: n, LegFrom: tickets.ToSign, LegTo: tickets.Handling})
	leg.State, leg.FirstViewedAt, leg.SignedAt, leg.Clerk = tickets.Handling, p.clock, p.clock, clerk
}

func (p *pastWriter) delegate(parent int) int {
	unit := p.t.Legs[parent-1].Unit
	below := unit[:len(unit)-1] + string(unit[len(unit)-1]+byte(1+p.rng.IntN(firstLevel-1)))
	opinion := "请按职责办理，结果报我单位汇总。"
	p.step(30*time.Minute, tickets.Delegate, tickets.Dispatched, "b-jb-"+unit, unit, opinion, tickets.StepData{Leg: parent, LegFrom: tickets.Handling, LegTo: tickets.Delegated, Units: []string{below}})
	n := p.leg(below, tickets.Lead, parent, 2, 5*24*time.Hour, opinion, "b-jb-"+unit)
	p.t.Legs[parent-1].State = tickets.Delegated
	p.sign(n)
	return n
}

// ask is a request for an extension, open or granted.
func (p *pastWriter) ask(n int) {
	leg := &p.t.Legs[n-1]
	p.step(20*time.Hour, tickets.AskExtension, tickets.Dispatched, leg.Clerk, leg.Unit, "现场情况复杂，需要延期。", tickets.StepData{Leg: n, Request: 1, RequestKind: tickets.RequestExtension, Days: 3})
	r := tickets.Request{
		N: 1, Kind: tickets.RequestExtension, State: tickets.RequestOpen, Leg: n, Reason: "现场情况复杂，需要延期。", Days: 3, AskedBy: leg.Clerk,
		AskedName: leg.Clerk, AskedUnit: leg.Unit, AskedAt: p.clock, InTime: true, DecideDueAt: p.clock.Add(8 * time.Hour),
	}
	if p.city.end.Sub(p.clock) > 24*time.Hour {
		p.step(3*time.Hour, tickets.Grant, tickets.Dispatched, "rexianban", "", "同意延期。", tickets.StepData{Request: 1, RequestKind: tickets.RequestExtension})
		r.State, r.DecidedBy, r.DecidedName, r.DecidedAt, r.Opinion = tickets.RequestGranted, "rexianban", "rexianban", p.clock, "同意延期。"
		leg.DueAt, leg.Extensions, leg.DueVersion = leg.DueAt.Add(3*24*time.Hour), 1, 2
		p.t.DueAt = leg.DueAt
	}
	p.t.Requests = append(p.t.Requests, r)
}

func (p *pastWriter) reply(n int, event tickets.Event) {
	leg := &p.t.Legs[n-1]
	at := p.clock.Add(26 * time.Hour)
	r := tickets.Reply{
		Answer:   "您好，您反映的问题已由我单位现场核实，已责成相关责任人整改完毕，后续将加强巡查，感谢您的监督。",
		Handling: "已到现场，与当事人沟通，整改完毕。", Person: "张工", Phone: "0513-6660001", Solved: tickets.SolvedYes, By: leg.Clerk, At: &at,
	}
	to := tickets.Dispatched
	if leg.Parent == 0 {
		to = tickets.UnderReview
	}
	p.step(26*time.Hour, event, tickets.Dispatched, leg.Clerk, leg.Unit, "", tickets.StepData{Leg: n, LegFrom: leg.State, LegTo: tickets.Replied, Reply: &r})
	leg.State, leg.Reply, leg.RepliedAt = tickets.Replied, r, p.clock
	leg.RepliedLate = p.clock.After(leg.DueAt)
	if leg.Parent != 0 {
		p.t.Legs[leg.Parent-1].State = tickets.ToCompile
		return
	}
	for i := range p.t.Legs { // assists have answered by then
		if l := &p.t.Legs[i]; l.State.Open() {
			l.State, l.RepliedAt, l.SignedAt, l.Reply = tickets.Replied, p.clock, p.clock, r
		}
	}
	p.stage(tickets.AllReplied, to, "system", 0)
}

func (p *pastWriter) close() {
	v := tickets.Visit{
		N: 1, Round: 1, At: p.clock.Add(20 * time.Hour), By: "b-huifang-1", ByName: "b-huifang-1", Channel: tickets.VisitByPhone, Reached: true,
		Contacted: p.chance(0.9), Solved: tickets.SolvedYes, Result: 1 + p.rng.IntN(3), Unit: 1, Agent: 1,
	}
	p.step(20*time.Hour, tickets.VisitClose, tickets.Closed, "b-huifang-1", "", "", tickets.StepData{Visit: &v})
	p.t.Visits = append(p.t.Visits, v)
	p.t.Result, p.t.ClosedAt = tickets.ResultSatisfied, p.clock
	p.t.StageAt, p.t.StageDueAt = time.Time{}, time.Time{}
	if p.chance(0.02) {
		p.t.Cards = append(p.t.Cards, tickets.Card{N: 1, Kind: tickets.YellowCard, Leg: 1, Unit: p.t.Unit, Reason: "超期未反馈", IssuedAt: p.clock})
	}
}
