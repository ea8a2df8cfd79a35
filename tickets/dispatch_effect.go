package tickets

import (
	"slices"
	"strings"
	"time"
)

// Conclusions of a deliberation.
const (
	OutcomeRefuse   = "refuse"   // 不受理
	OutcomeSuspend  = "suspend"  // 挂账
	OutcomeDispatch = "dispatch" // 退回派单
)

// Outcomes lists the conclusions with their labels.
var Outcomes = []Term{{OutcomeRefuse, "不受理"}, {OutcomeSuspend, "挂账"}, {OutcomeDispatch, "退回派单"}}

func dispatch(a *attempt) { a.sendOut(false) }

// sendOut gives the ticket to the units that args name: a lead and its assists.
func (a *attempt) sendOut(final bool) {
	t := &a.ticket
	t.Round = max(t.Round, 1)
	was := t.DueAt
	if t.State == Received {
		was = noTime // the intake limit is none of the units'
	}
	lead := a.addLeg(Leg{Role: Lead, Unit: a.args.Unit, Level: 1, NoReturn: final}, a.dates(Lead))
	t.Unit, t.DueAt = a.args.Unit, a.legOf(lead).DueAt
	for _, unit := range a.args.Units {
		n := a.addLeg(Leg{Role: Assist, Unit: unit, Level: 1, NoReturn: final}, a.dates(Assist))
		a.then(func() { a.born(n) })
	}
	a.leg = lead
	a.step.Unit, a.step.Units = a.args.Unit, a.args.Units
	a.dated(t.DueAt, was)
	a.tellCitizen(NoticeDispatched, "unit", a.unitName(t.Unit), "due", when(t.DueAt))
}

// dates are those of a leg dispatched now.
func (a *attempt) dates(role LegRole) Deadlines {
	if !a.timed() {
		return Deadlines{Began: a.now, Due: a.args.DueAt}
	}
	return a.facts.Rules.ForDispatch(a.ticket, role, a.args.DueAt, a.now)
}

// addLeg begins a leg as the leg's table says and tells its unit.
func (a *attempt) addLeg(l Leg, d Deadlines) int {
	at := a.leg
	a.leg = 0
	row, refusal := choose(a, legMachine)
	a.leg = at
	if refusal != nil {
		a.fail(refusal)
		return 0
	}
	for _, other := range a.ticket.Legs {
		l.N = max(l.N, other.N)
	}
	l.N++
	l.Round, l.State = 1, row.Next[0]
	l.Opinion, l.SentBy, l.SentAt = a.args.Text, a.actor.Account, a.now
	l.SignDueAt, l.ReturnDueAt, l.DueAt, l.BeganAt = d.Sign, d.Return, d.Due, d.Began
	l.DueByHand = !a.args.DueAt.IsZero()
	a.ticket.Legs = append(a.ticket.Legs, l)
	kind := NoticeNewLeg
	if l.Parent != 0 {
		kind = NoticeDelegated
	}
	a.tell(kind, Recipient{Unit: l.Unit}, "unit", a.unitName(l.Unit), "sign_due", when(l.SignDueAt), "due", when(l.DueAt), "opinion", l.Opinion)
	if a.ticket.Urgency == Critical || a.ticket.Routing.Duty {
		a.legOf(l.N).DutyRungAt = a.now
		a.tell(NoticeDutyPhone, Recipient{Duty: l.Unit})
	}
	return l.N
}

// born writes the line of a leg that began with another.
func (a *attempt) born(n int) {
	l := *a.legOf(n)
	words := a.opinion
	a.as(a.actor, a.event, words, func() {
		a.beginStep()
		a.leg = n
		a.step.Unit = l.Unit
		a.dated(l.DueAt, noTime)
		a.endStep()
	})
}

// deliberate takes the ticket from the units until 联席会议 has concluded.
func deliberate(a *attempt) {
	a.ticket.Hard, a.ticket.HardAt = true, a.now
	a.then(func() {
		a.endLegs("转疑难会商")
		for _, q := range slices.Clone(a.ticket.Requests) {
			if q.State == RequestOpen && slices.Contains([]RequestKind{RequestDeliberation, RequestAtLimit}, q.Kind) {
				a.lapseRequest(q, "转疑难会商")
			}
		}
	})
}

func assignDuty(a *attempt) { a.sendOut(true) }

func concluded(a *attempt) State {
	switch a.args.Outcome {
	case OutcomeRefuse:
		return NotAccepted
	case OutcomeSuspend:
		return Suspended
	}
	return ToDispatch
}

func conclude(a *attempt) {
	a.step.Outcome, a.step.LawfulWay = a.args.Outcome, a.args.LawfulWay
	switch a.args.Outcome {
	case OutcomeRefuse:
		a.finish("会商结论不受理")
	case OutcomeSuspend:
		a.sendOut(true)
		lead := a.leg
		a.leg = 0 // the step is about the suspension; the lead's dates stand in one of its own
		a.then(func() { a.born(lead) })
		a.stopClocks(a.args.Until, a.args.Reason)
	}
}

// toReview puts what the lead answered before the reviewer.
func toReview(a *attempt) {
	if lead, ok := a.ticket.LeadLeg(); ok {
		a.ticket.PublicReply = lead.Reply.Answer
	}
}

func recall(a *attempt) { a.then(func() { a.endLegs("撤回") }) }

// returned sends the ticket back to the pool; the assists go on when they are kept.
func returned(a *attempt) {
	a.ticket.Unit = ""
	if a.args.Keep {
		return
	}
	a.then(func() { a.endLegs("改派") })
}

func suspend(a *attempt) { a.stopClocks(a.suspendedUntil(), a.q().Reason) }

// suspendedUntil is the day that the decision gives, else the one that was asked for.
func (a *attempt) suspendedUntil() (until time.Time) {
	if !a.args.Until.IsZero() {
		return a.args.Until
	}
	return a.q().Until
}

// stopClocks keeps what remains of every leg's limit; the citizen is told when he hears next.
func (a *attempt) stopClocks(until time.Time, reason string) {
	t := &a.ticket
	for i := range t.Legs {
		l := &t.Legs[i]
		if !l.State.Open() {
			continue
		}
		l.SuspendedAt = a.now
		if a.timed() && !l.DueAt.IsZero() {
			l.Remainder = a.facts.Rules.Remainder(a.now, l.DueAt)
		}
	}
	a.dated(until, t.DueAt)
	t.DueAt = until
	if strings.TrimSpace(reason) == "" {
		reason = "情况复杂" // a conclusion's own words are not for the citizen
	}
	a.tellCitizen(NoticeSuspended, "reason", reason, "due", when(until))
}

// resume lets the clocks run again with what remained.
func resume(a *attempt) {
	lead, ok := a.ticket.LeadLeg()
	if !ok {
		a.fail(refuse(RefusedState, a.ticket.State.Label()))
		return
	}
	a.leg = lead.N
	a.step.Leg, a.step.LegFrom = lead.N, lead.State
	a.restart()
	for _, l := range slices.Clone(a.ticket.Legs) {
		if l.N != lead.N && !l.SuspendedAt.IsZero() && l.State.Open() {
			a.then(func() {
				a.as(ByRule, Resume, a.opinion, func() {
					a.leg = l.N
					a.beginStep()
					a.restart()
					a.endStep()
				})
			})
		}
	}
}

// restart lets one leg's clock run again. Its limits of signing and returning move along.
func (a *attempt) restart() {
	l := a.l()
	due, r := l.DueAt, a.facts.Rules
	if a.timed() {
		for _, at := range []*time.Time{&l.SignDueAt, &l.ReturnDueAt} {
			if at.After(l.SuspendedAt) {
				*at = r.Resumed(a.now, r.Remainder(l.SuspendedAt, *at))
			}
		}
		if !due.IsZero() {
			due = r.Resumed(a.now, l.Remainder)
		}
	}
	l.SuspendedAt, l.Remainder = noTime, 0
	a.moveDue(due)
	a.tell(NoticeDueMoved, Recipient{Unit: l.Unit}, "due", when(due))
}

// moveDue moves the leg's deadline, never silently; the lead's is the ticket's.
func (a *attempt) moveDue(due time.Time) {
	l := a.l()
	if !l.DueAt.Equal(due) {
		a.dated(due, l.DueAt)
		l.DueAt = due
		l.DueVersion++
	}
	lead, ok := a.ticket.LeadLeg()
	if !ok || lead.N != l.N || !l.SuspendedAt.IsZero() || a.ticket.State == ToDispatch || a.ticket.State == Deliberation {
		return
	}
	if !a.ticket.DueAt.Equal(due) && a.step.DueAt == nil {
		a.dated(due, a.ticket.DueAt)
	}
	a.ticket.DueAt = due
}

// dated notes a deadline that was set or moved.
func (a *attempt) dated(due, was time.Time) {
	if !due.IsZero() {
		a.step.DueAt = &due
	}
	if !was.IsZero() {
		a.step.WasDueAt = &was
	}
}

func overrule(a *attempt) {
	t := &a.ticket
	t.Urgency, t.Routing.Place, t.Routing.Overruled = a.args.Urgency, a.args.Place, a.actor.Account
	a.step.Urgency = a.args.Urgency
	if a.timed() {
		was := t.StageDueAt
		t.StageDueAt = a.facts.Rules.DispatchDue(*t, t.StageAt)
		a.dated(t.StageDueAt, was)
	}
}

// tellStageLate notes that the limit was told of.
func tellStageLate(a *attempt) {
	t := &a.ticket
	t.ToldStage = a.facts.Rules.StageLimit(*t)
	a.tell(NoticeStageLate, Recipient{Role: stageRole(*t)}, "state", t.State.Label(), "due", when(t.ToldStage))
}

// stageRole is who has to hear that the ticket's stage takes too long.
func stageRole(t Ticket) Role {
	switch t.State {
	case Received:
		return Intake
	case ToDispatch:
		return Dispatcher
	case UnderReview:
		return Reviewer
	case ToFollowUp:
		return FollowUp
	case Deliberation:
		return Office
	}
	return Supervisor
}
