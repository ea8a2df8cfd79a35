package tickets

// Guards of requests.
var (
	decides = Guard{Name: "decides requests of the kind", Early: true, check: func(a *attempt) *Refusal {
		switch who := a.decider(*a.q()); {
		case who.unit != "" && (a.actor.Unit != who.unit || !a.actor.Has(UnitClerk, UnitLeader)):
			return refuse(RefusedDecider, "")
		case who.unit == "" && !a.actor.Has(who.role):
			return refuse(RefusedDecider, "")
		}
		return nil
	}}
	// Granting can move the ticket; where it can't, there is no button.
	grantable = Guard{Name: "the ticket is where the decision can be carried out", Early: true, check: func(a *attempt) *Refusal {
		if !a.movesTicket(*a.q()) {
			return nil
		}
		refusal := refuse(RefusedState, a.ticket.State.Label())
		for i := range a.tables.ticket {
			row := &a.tables.ticket[i]
			if row.Event != Grant || !row.decides(a) || !fits(row.From, a.ticket.State) || !a.actor.Has(row.Who...) {
				continue
			}
			if refusal = row.hidden(a); refusal == nil {
				break
			}
		}
		return refusal
	}}
	asked = Guard{Name: "asked by the actor, or by his unit", Early: true, check: func(a *attempt) *Refusal {
		q := a.q()
		mine := a.actor.Account != "" && q.AskedBy == a.actor.Account
		if a.leg != 0 {
			mine = a.l().Unit == a.actor.Unit
		}
		if mine && a.mayAsk(q.Kind) {
			return nil
		}
		return refuse(RefusedNotAsker, "")
	}}
	decisionLate = Guard{Name: "past the limit of its decision", check: func(a *attempt) *Refusal {
		if a.q().Escalated {
			return refuse(RefusedTold, "")
		}
		return a.passed(a.q().DecideDueAt, noTime)
	}}
)

// decider is who decides a request: holders of a role, or the people of a unit.
type decider struct {
	role Role
	unit string
}

// decider: reviewers decide on reopening, a unit on what units below it ask for, the hotline
// office on all else.
func (a *attempt) decider(q Request) decider {
	if l := a.legOf(q.Leg); l != nil && l.Parent != 0 {
		return decider{unit: a.above(*l)}
	}
	if q.Kind == RequestReopening {
		return decider{role: Reviewer}
	}
	return decider{role: Office}
}

// askedBy are the events that ask for something.
var askedBy = map[RequestKind]Event{
	RequestReturn: AskReturn, RequestExtension: AskExtension, RequestSuspension: AskSuspension, RequestUnreasonable: AskUnreasonable,
	RequestAppeal: AskAppeal, RequestDeliberation: ReportHard, RequestReopening: AskReopen, RequestVoid: AskVoid,
	RequestWithdrawal: CitizenWithdraw, RequestAtLimit: AskCloseAtLimit,
}

// mayAsk tells whether the actor's role may ask for requests of the kind.
func (a *attempt) mayAsk(kind RequestKind) bool {
	for _, row := range a.tables.request {
		if row.Event == askedBy[kind] && a.actor.Has(row.Who...) {
			return true
		}
	}
	return false
}

// movesTicket tells whether granting the request moves the ticket.
func (a *attempt) movesTicket(q Request) bool {
	switch q.Kind {
	case RequestExtension, RequestUnreasonable, RequestAppeal:
		return false
	case RequestReturn:
		lead, ok := a.ticket.LeadLeg()
		return ok && lead.N == q.Leg
	}
	return true
}

// Guards of supervision.
var (
	ticketAccepted = Guard{Name: "the ticket is open", Early: true, check: func(a *attempt) *Refusal {
		if !a.ticket.State.Accepted() {
			return refuse(RefusedState, a.ticket.State.Label())
		}
		return nil
	}}
	supervisionKindKnown = Guard{Name: "kind known", check: func(a *attempt) *Refusal {
		if !known(SupervisionKinds, a.args.Kind) {
			return refuse(RefusedValue, "督办类别")
		}
		return nil
	}}
	supervisedUnitNamed = Guard{Name: "unit named", check: func(a *attempt) *Refusal {
		if a.args.Unit == "" && a.s().Unit == "" && a.ticket.Unit == "" {
			return refuse(RefusedUnitMissing, "")
		}
		if _, ok := a.facts.Units[a.args.Unit]; a.args.Unit != "" && !ok {
			return refuse(RefusedUnitUnknown, a.args.Unit)
		}
		return nil
	}}
	dueToCome = Guard{Name: "limit to come", check: func(a *attempt) *Refusal {
		if !a.args.DueAt.IsZero() && !a.args.DueAt.After(a.now) {
			return refuse(RefusedDue, "")
		}
		return nil
	}}
	ofSupervisedUnit = Guard{Name: "of the supervised unit", Early: true, check: func(a *attempt) *Refusal {
		if a.actor.Unit == "" || a.s().Unit != a.actor.Unit {
			return refuse(RefusedNotYourUnit, "")
		}
		return nil
	}}
	supervisionLate = Guard{Name: "supervision past due", check: func(a *attempt) *Refusal {
		return a.passed(a.s().DueAt, a.s().ToldPast)
	}}
)
