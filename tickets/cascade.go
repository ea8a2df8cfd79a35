package tickets

import "slices"

// enter puts the ticket into a state, with the limit of the hotline's own stage there.
func (a *attempt) enter(next State) {
	t := &a.ticket
	if t.State == next {
		return
	}
	if t.State == Received && next != Dispatched {
		t.DueAt = noTime // the intake limit is kept
	}
	switch next {
	case ToDispatch, Deliberation:
		t.Owner, t.Unit = "", ""
	case Dispatched, Suspended, UnderReview, ToFollowUp:
		t.Owner = ""
	}
	t.State = next
	t.StageAt, t.StageDueAt, t.ToldStage = a.now, noTime, noTime
	if !a.timed() {
		return
	}
	r := a.facts.Rules
	switch next {
	case ToDispatch:
		t.StageDueAt = r.DispatchDue(*t, a.now)
	case UnderReview:
		t.StageDueAt = r.After(a.now, r.Policy.Stages.Review)
	case ToFollowUp:
		t.StageDueAt = r.After(a.now, r.Policy.Stages.FollowUp)
	case Deliberation:
		t.StageDueAt = r.After(a.now, r.Policy.Stages.Deliberation)
	}
}

// number asks for the ticket's number and tells the citizen of it while his matter is open.
func (a *attempt) number() {
	a.effects = append(a.effects, AssignNumber)
	if a.ticket.SubmittedAt.IsZero() {
		a.ticket.SubmittedAt = a.now
	}
	if a.ticket.State.Accepted() {
		a.tellCitizen(NoticeAccepted)
	}
}

// finish ends the ticket: no leg, request or supervision stays open.
func (a *attempt) finish(words string) {
	a.ticket.ClosedAt = a.now
	a.ticket.Owner = ""
	a.then(func() {
		a.endLegs(words)
		a.lapseAll(words)
		for _, s := range a.ticket.Supervisions {
			if s.State.Open() {
				a.as(ByRule, ReleaseSupervise, words, func() {
					a.supervision = s.N
					a.fail(perform(a, supervisionMachine))
				})
			}
		}
	})
}

// endLegs ends every leg that is still open.
func (a *attempt) endLegs(words string) {
	for _, l := range slices.Clone(a.ticket.Legs) {
		if l.Parent == 0 {
			a.endLeg(l.N, words)
		}
	}
}

// endLeg ends a leg, if it is open, and those below it.
func (a *attempt) endLeg(n int, words string) {
	if a.legOf(n).State.Open() {
		a.byRule(Terminate, n, words)
		return
	}
	a.endBelow(n, words)
}

func (a *attempt) endBelow(n int, words string) {
	for _, c := range a.ticket.Below(n) {
		a.endLeg(c.N, words)
	}
}

// lapseAll lapses the open requests of an ended ticket. An appeal touches only what counts and
// goes on; reopening is asked for after the end.
func (a *attempt) lapseAll(words string) {
	for _, q := range slices.Clone(a.ticket.Requests) {
		if q.State == RequestOpen && q.Kind != RequestAppeal && q.Kind != RequestReopening {
			a.lapseRequest(q, words)
		}
	}
}

// lapseOf lapses the open request of a leg that ended.
func (a *attempt) lapseOf(leg int, words string) {
	if q, open := a.ticket.OpenRequest(leg, legRequests...); open {
		a.lapseRequest(q, words)
	}
}

func (a *attempt) lapseRequest(q Request, words string) {
	a.as(ByRule, LapseRequest, words, func() {
		a.request, a.leg = q.N, q.Leg
		a.fail(perform(a, requestMachine))
	})
}

// upward tells the leg above what became of one below.
func (a *attempt) upward(event Event, child int, words string) {
	parent := a.legOf(child).Parent
	if parent == 0 || !a.legOf(parent).State.Open() {
		return
	}
	a.as(ByRule, event, words, func() {
		a.leg, a.child = parent, child
		a.fail(perform(a, legMachine))
	})
}

// settle sends the ticket to review when the lead answered. An assist that is past its deadline
// by then is not waited for: 强制汇总.
func (a *attempt) settle() {
	lead, ok := a.ticket.LeadLeg()
	if a.failed != nil || a.ticket.State != Dispatched || !ok || lead.State != Replied {
		return
	}
	for _, s := range a.silentAssists() {
		if s.DueAt.IsZero() || !a.now.After(s.DueAt) {
			return
		}
	}
	for _, s := range a.silentAssists() {
		a.endLeg(s.N, "强制汇总")
	}
	a.as(ByRule, AllReplied, "", func() { a.fail(perform(a, ticketMachine)) })
}

func (a *attempt) fail(r *Refusal) {
	if r != nil && a.failed == nil {
		a.failed = r
	}
}
