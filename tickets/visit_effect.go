package tickets

import "time"

// pass puts the reply as reviewed before the citizen.
func pass(a *attempt) {
	a.publish()
	a.tellCitizen(NoticeReplied, "unit", a.unitName(a.ticket.Unit))
}

func (a *attempt) publish() {
	if a.args.Public != "" {
		a.ticket.PublicReply = a.args.Public
	}
	a.step.Reply = &Reply{Answer: a.ticket.PublicReply}
}

func passWithoutVisit(a *attempt) {
	a.publish()
	a.close(ResultNoVisitNeeded)
}

// close ends the ticket with a result and asks the citizen to rate it.
func (a *attempt) close(result Result) {
	a.ticket.Result = result
	a.finish("办结")
	a.tellCitizen(NoticeClosed)
}

func reviewRework(a *attempt) { a.rework(ReviewRework) }

// rework begins another round with the same lead.
func (a *attempt) rework(by Event) {
	t := &a.ticket
	t.Round++
	t.Reworks++
	a.step.Round = t.Round
	lead, ok := t.LeadLeg()
	if !ok {
		a.fail(refuse(RefusedState, t.State.Label()))
		return
	}
	t.Unit = lead.Unit
	words, due := a.opinion, a.args.DueAt
	a.then(func() {
		d := Deadlines{Began: a.now, Due: due}
		if a.timed() {
			d = a.facts.Rules.ForRework(a.ticket, by, a.now)
		}
		a.again(lead.N, d, words)
		a.tell(NoticeRework, Recipient{Unit: lead.Unit}, "reason", words, "due", when(d.Due))
	})
}

// again begins another round of a leg; its old reply is kept.
func (a *attempt) again(n int, d Deadlines, words string) {
	a.as(ByRule, Redo, words, func() {
		a.leg, a.args.Dates = n, d
		a.fail(perform(a, legMachine))
	})
}

// noteVisit keeps a try to follow up, reached or not.
func noteVisit(a *attempt) {
	t := &a.ticket
	v := *a.args.Visit
	v.N, v.Round, v.At, v.By, v.ByName = len(t.Visits)+1, t.Round, a.now, a.actor.Account, a.actor.Name
	t.Visits = append(t.Visits, v)
	a.step.Visit, a.step.Call = &v, string(v.Call)
	if v.Call != "" && !t.HasCall(v.Call, CallFollowUp) {
		t.Calls = append(t.Calls, CallRef{ID: v.Call, Role: CallFollowUp, At: a.now})
	}
}

func visitClose(a *attempt) {
	done := whenAllVisited(a) == Closed
	noteVisit(a)
	if done {
		a.close(a.ticket.visitResult())
	}
}

func unreachable(a *attempt) { a.close(a.ticket.visitResult()) }

// visitResult is the worst of the citizens' last answers in this round.
func (t Ticket) visitResult() Result {
	worst, rank := ResultUnreachable, 0
	for _, v := range t.Visits {
		last, ok := t.answered(v.For)
		if v.Round != t.Round || !ok || last.N != v.N {
			continue
		}
		switch {
		case v.Dissatisfied():
			return ResultDissatisfied
		case (v.Solved == SolvedUnknown || v.Result == 0) && rank < 2:
			worst, rank = ResultNoPosition, 2
		case rank < 1:
			worst, rank = ResultSatisfied, 1
		}
	}
	return worst
}

func sameUnitOrAnother(a *attempt) State {
	if a.args.Unit != "" && a.args.Unit != a.ticket.Unit || a.args.Outcome == OutcomeDispatch {
		return ToDispatch
	}
	return Dispatched
}

func visitRework(a *attempt) {
	noteVisit(a)
	a.lapseAtLimit()
	if sameUnitOrAnother(a) == Dispatched {
		a.rework(VisitRework)
		return
	}
	a.ticket.Round++
	a.ticket.Reworks++
	a.ticket.DueAt = noTime
	a.step.Round, a.step.Unit = a.ticket.Round, a.args.Unit
}

// lapseAtLimit takes an open request to close at the limit off the table: the work goes on.
func (a *attempt) lapseAtLimit() {
	if q, open := a.ticket.OpenRequest(0, RequestAtLimit); open {
		a.then(func() { a.lapseRequest(q, "另行重办") })
	}
}

func askAtLimit(a *attempt) {
	if a.args.Visit != nil {
		noteVisit(a)
	}
	a.ask(RequestAtLimit)
}

func closeAtLimit(a *attempt) {
	result := a.ticket.visitResult()
	if result == ResultUnreachable {
		result = ResultDissatisfied
	}
	a.close(result)
}

// visitSupervise goes on with one more round under supervision.
func visitSupervise(a *attempt) {
	if a.args.Visit != nil {
		noteVisit(a)
	}
	a.lapseAtLimit()
	a.args.Kind = string(SuperviseByRule)
	along(a, supervisionMachine)
	a.rework(VisitSupervise)
}

// withdrawnOrConfirmed: 举报, what is supervised and masters want the hotline office to confirm.
func withdrawnOrConfirmed(a *attempt) State {
	if a.ticket.Type == Report || a.ticket.Supervised() || a.facts.Merged > 0 {
		return a.ticket.State
	}
	return Withdrawn
}

func withdraw(a *attempt) {
	a.step.Proof = a.args.Proof
	if withdrawnOrConfirmed(a) == Withdrawn {
		endWithMerged(a)
		return
	}
	a.ask(RequestWithdrawal)
}

// endWithMerged ends a ticket that was withdrawn or voided; what was merged into it comes apart.
func endWithMerged(a *attempt) {
	words := "撤诉"
	if a.request != 0 && a.q().Kind == RequestVoid {
		words = "作废"
	}
	a.finish(words)
	a.effects = append(a.effects, SplitMerged)
}

func reopen(a *attempt) {
	t := &a.ticket
	t.ClosedAt, t.Result, t.DueAt = noTime, "", noTime
	t.Reopened++
	t.Round++
	a.step.Round, a.step.Unit = t.Round, a.q().Unit
}

func archive(a *attempt) {
	a.effects = append(a.effects, ArchiveMerged)
	a.then(func() {
		for _, l := range a.ticket.Legs {
			a.byRule(ArchiveLeg, l.N, "")
		}
	})
}

// Absorb notes on the master that a ticket was merged into it. Of two deadlines the earlier one
// wins.
func Absorb(master, merged Ticket, actor Actor, facts Facts, now time.Time) Outcome {
	a := newAttempt(master, actor, facts, now)
	a.event, a.opinion = Merge, merged.Title
	a.beginStep()
	a.step.Ticket = merged.Number
	lead, ok := a.ticket.LeadLeg()
	if ok && lead.State.Open() && lead.SuspendedAt.IsZero() && !merged.DueAt.IsZero() && merged.DueAt.Before(lead.DueAt) && merged.DueAt.After(now) {
		a.leg = lead.N
		a.step.Leg, a.step.LegFrom = lead.N, lead.State
		a.moveDue(merged.DueAt)
		a.tell(NoticeDueMoved, Recipient{Unit: lead.Unit}, "due", when(merged.DueAt))
	}
	a.endStep()
	a.ticket.UpdatedAt = now
	return Outcome{Ticket: a.ticket, Steps: a.steps, Notices: a.notices}
}
