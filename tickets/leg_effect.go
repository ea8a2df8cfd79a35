package tickets

import "slices"

// enterLeg puts the leg into a state.
func (a *attempt) enterLeg(next LegState) {
	l := a.l()
	if l.State.Open() && !next.Open() && next != Replied {
		l.EndedAt = a.now
	}
	l.State = next
}

// backLeg is where 退单待审 and 待领导审核 go back to.
func backLeg(a *attempt) LegState {
	if a.l().Before == "" {
		return Handling
	}
	return a.l().Before
}

// afterBelow is where a leg stands after one below it ended without a reply.
func afterBelow(a *attempt) LegState {
	return a.standing(a.child)
}

func (a *attempt) standing(but int) LegState {
	replied := false
	for _, c := range a.ticket.Below(a.leg) {
		if c.N != but && c.State.Open() {
			return Delegated
		}
		replied = replied || c.N != but && c.State == Replied
	}
	if replied {
		return ToCompile
	}
	return Handling
}

func view(a *attempt) { a.l().FirstViewedAt = a.now }

func sign(a *attempt) {
	l := a.l()
	l.SignedAt, l.Clerk = a.now, a.actor.Account
	if l.FirstViewedAt.IsZero() {
		l.FirstViewedAt = a.now
	}
	l.SignedLate = l.SignedLate || !l.SignDueAt.IsZero() && a.now.After(l.SignDueAt)
}

// signFirst signs before another act of the unit, as a step of its own.
func (a *attempt) signFirst() {
	n, args := a.leg, a.args
	a.as(a.actor, Sign, "", func() {
		a.leg = n
		row, refusal := choose(a, legMachine)
		if refusal != nil {
			row = &LegTransition{Next: []LegState{Handling}, Effect: sign}
		}
		a.beginStep()
		follow(a, legMachine, row)
		a.endStep()
	})
	a.args = args
}

func signOverdue(a *attempt) {
	l := a.l()
	l.SignedLate = true
	for _, to := range []Recipient{{Leaders: l.Unit}, {Role: Dispatcher}} {
		a.tell(NoticeSignLate, to, "unit", a.unitName(l.Unit), "due", when(l.SignDueAt))
	}
	if a.ticket.Urgency == Critical {
		ringDuty(a)
	}
}

func ringDuty(a *attempt) {
	a.l().DutyRungAt = a.now
	a.tell(NoticeDutyPhone, Recipient{Duty: a.l().Unit})
}

// delegate gives the ticket to units below.
func delegate(a *attempt) {
	parent := *a.l()
	a.touch()
	a.step.Units = a.delegates()
	for _, unit := range a.delegates() {
		d := Deadlines{Began: a.now, Due: a.args.DueAt}
		if a.timed() {
			d = a.facts.Rules.ForDelegate(a.ticket, parent, a.args.DueAt, a.now)
		}
		n := a.addLeg(Leg{Role: parent.Role, Unit: unit, Parent: parent.N, Level: parent.Level + 1}, d)
		a.then(func() { a.born(n) })
	}
}

// touch notes who acted for the unit last.
func (a *attempt) touch() { a.l().Clerk = a.actor.Account }

func recallDelegate(a *attempt) {
	a.touch()
	child, words := a.child, a.args.Reason
	a.step.Unit = a.legOf(child).Unit
	a.then(func() { a.endLeg(child, words) })
}

func handBack(a *attempt) {
	a.touch()
	n, l, words := a.leg, *a.l(), a.args.Reason
	a.then(func() {
		a.endBelow(n, "上级已退回")
		a.lapseOf(n, "已退回")
		a.tell(NoticeChildLeft, Recipient{Unit: a.above(l)}, "unit", a.unitName(l.Unit), "reason", words)
		a.upward(ChildLeft, n, words)
	})
}

func noteBefore(a *attempt) {
	if l := a.l(); l.State == ReturnAsked {
		l.Before = a.standing(a.child)
	}
}

// childReplied puts what a unit below answered before the unit: as the draft to be edited, where
// it has none yet. The answer itself stays in the flow as it was written.
func childReplied(a *attempt) {
	l, child := a.l(), a.legOf(a.child)
	if l.State == ReturnAsked {
		l.Before = ToCompile
	}
	if l.Draft.Empty() {
		l.Draft = child.Reply
	}
	a.step.Unit = child.Unit
	a.tell(NoticeChildReply, Recipient{Unit: l.Unit}, "unit", a.unitName(child.Unit))
}

// reply reports the form: from now on it can't be changed.
func reply(a *attempt) {
	l := a.l()
	at := a.now
	form := a.form()
	form.By, form.At = a.actor.Account, &at
	l.Reply, l.Draft, l.RepliedAt = form, Reply{}, a.now
	l.RepliedLate = l.RepliedLate || a.late(*l)
	a.touch()
	a.step.Reply, a.step.Files = &form, form.Files
	n := a.leg
	a.then(func() {
		a.lapseOf(n, "已反馈")
		a.upward(ChildReplied, n, "")
	})
}

// late tells whether the leg is past due; waiting for decisions past their own limit is not the
// unit's time.
func (a *attempt) late(l Leg) bool {
	due := l.DueAt
	if due.IsZero() {
		return false
	}
	if l.Overstayed > 0 && a.timed() {
		due = a.facts.Rules.Resumed(due, l.Overstayed)
	}
	return a.now.After(due)
}

func leaderApprove(a *attempt) {
	clerk := a.l().Clerk
	reply(a)
	a.l().Clerk = clerk
}

func leaderReturn(a *attempt) {
	a.tell(NoticeSentBack, Recipient{Unit: a.l().Unit}, "reason", a.args.Reason)
}

func toLeader(a *attempt) {
	l := a.l()
	l.Before = l.State
	saveReply(a)
	a.tell(NoticeToApprove, Recipient{Leaders: l.Unit}, "due", when(l.DueAt))
}

func saveReply(a *attempt) {
	l := a.l()
	at := a.now
	form := a.form()
	form.By, form.At = a.actor.Account, &at
	l.Draft = form
	a.touch()
	a.step.Reply, a.step.Files = &form, form.Files
}

func interimReply(a *attempt) {
	l := a.l()
	l.Interim = append(slices.Clip(l.Interim), Interim{At: a.now, By: a.actor.Account, Text: a.args.Text})
	a.touch()
}

func contactCitizen(a *attempt) {
	l := a.l()
	c := *a.args.Contact
	c.At, c.By = a.now, a.actor.Account
	l.Contacts = append(slices.Clip(l.Contacts), c)
	a.touch()
	a.step.Contact, a.step.Call = &c, string(c.Call)
	if c.Call != "" && !a.ticket.HasCall(c.Call, CallClickToCall) {
		a.ticket.Calls = append(a.ticket.Calls, CallRef{ID: c.Call, Role: CallClickToCall, At: a.now})
	}
}

func sendBack(a *attempt) {
	a.touch()
	child, words, due := a.child, a.args.Reason, a.args.DueAt
	unit := a.legOf(child).Unit
	a.step.Unit = unit
	a.then(func() {
		d := Deadlines{Began: a.now, Due: due}
		if a.timed() {
			d = a.facts.Rules.ForDelegate(a.ticket, *a.legOf(a.legOf(child).Parent), due, a.now)
		}
		a.again(child, d, words)
		a.tell(NoticeSentBack, Recipient{Unit: unit}, "reason", words, "due", when(d.Due))
	})
}

// redo begins another round of the leg. The old reply is kept.
func redo(a *attempt) {
	l, d := a.l(), a.args.Dates
	l.Round++
	l.Extensions, l.Overstayed, l.DueByHand = 0, 0, false
	l.BeganAt, l.ReturnDueAt = d.Began, d.Return
	a.step.Round = l.Round
	a.moveDue(d.Due)
}

// terminate ends the leg; what waited for a decision waits no more.
func terminate(a *attempt) {
	n, l, words := a.leg, *a.l(), a.args.Reason
	a.l().SuspendedAt, a.l().Remainder = noTime, 0
	a.tell(NoticeRecalled, Recipient{Unit: l.Unit}, "reason", words)
	a.then(func() {
		a.lapseOf(n, words)
		a.endBelow(n, words)
	})
}

// leave ends a leg whose return was granted.
func leave(a *attempt) {
	n := a.leg
	a.l().SuspendedAt, a.l().Remainder = noTime, 0
	a.then(func() { a.endBelow(n, "上级已退单") })
}

func remind(a *attempt) {
	l := a.l()
	a.tell(NoticeUrged, Recipient{Unit: l.Unit}, "text", a.args.Text, "due", when(l.DueAt))
	if a.actor.Has(System) {
		l.ToldRemind = l.DueAt
		a.tell(NoticeUrged, Recipient{Leaders: l.Unit}, "due", when(l.DueAt))
	}
}

func dueSoon(a *attempt) {
	l := a.l()
	l.ToldSoon = l.DueAt
	a.tell(NoticeDueSoon, Recipient{Unit: l.Unit}, "due", when(l.DueAt))
}

func pastDue(a *attempt) {
	l := a.l()
	l.ToldPast = l.DueAt
	a.tell(NoticePastDue, Recipient{Unit: l.Unit}, "due", when(l.DueAt))
	a.tell(NoticePastDue, Recipient{Leaders: l.Unit}, "due", when(l.DueAt))
}

// recompute moves the leg's dates to those of a new calendar or policy.
func recompute(a *attempt) {
	l, d := a.l(), a.args.Dates
	l.SignDueAt, l.ReturnDueAt = d.Sign, d.Return
	if !d.Began.IsZero() {
		l.BeganAt = d.Began
	}
	a.moveDue(d.Due)
	a.tell(NoticeDueMoved, Recipient{Unit: l.Unit}, "due", when(d.Due))
}
