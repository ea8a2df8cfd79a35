package tickets

import "slices"

// ask begins a request of the kind.
func ask(kind RequestKind) func(*attempt) {
	return func(a *attempt) { a.ask(kind) }
}

func askReturn(a *attempt) {
	l := a.l()
	l.Before = l.State
	l.Returns++
	a.ask(RequestReturn)
}

func (a *attempt) ask(kind RequestKind) {
	row, refusal := choose(a, requestMachine)
	if refusal != nil {
		a.fail(refusal)
		return
	}
	q := Request{
		Kind: kind, State: row.Next[0], Leg: a.leg, Reason: a.args.Reason, Basis: a.args.Basis, Unit: a.args.Unit,
		Days: a.args.Days, Until: a.args.Until, Plan: a.args.Plan, Files: a.args.Files,
		AskedBy: a.actor.Account, AskedName: a.actor.Name, AskedUnit: a.actor.Unit, AskedAt: a.now, InTime: true,
	}
	if a.leg != 0 {
		a.touch()
		q.InTime = a.l().DueAt.IsZero() || !a.now.After(a.l().DueAt)
	}
	if a.timed() {
		q.DecideDueAt = a.facts.Rules.DecisionDue(kind, a.now)
	}
	for _, other := range a.ticket.Requests {
		q.N = max(q.N, other.N)
	}
	q.N++
	a.ticket.Requests = append(a.ticket.Requests, q)
	a.request = q.N
	a.step.Days, a.step.Basis, a.step.Unit, a.step.Files = q.Days, q.Basis, q.Unit, q.Files
	a.tellDecider(NoticeToDecide, q)
}

// decided closes the request and counts how long the decision was past its own limit.
func (a *attempt) decided(words string) {
	q := a.q()
	q.DecidedBy, q.DecidedName, q.DecidedAt, q.Opinion = a.actor.Account, a.actor.Name, a.now, words
	if a.leg != 0 && a.timed() && !q.DecideDueAt.IsZero() && a.now.After(q.DecideDueAt) {
		a.l().Overstayed += a.facts.Rules.Remainder(q.DecideDueAt, a.now)
	}
}

// grant carries the decision out in the tables of leg and ticket, within the same step.
func grant(a *attempt) {
	a.decided(a.opinion)
	q := *a.q()
	switch q.Kind {
	case RequestReturn:
		moves := a.movesTicket(q)
		along(a, legMachine)
		if moves && a.failed == nil {
			along(a, ticketMachine)
		}
	case RequestExtension:
		a.extend(q)
	case RequestUnreasonable:
		a.ticket.Unreasonable = true
		a.l().Excluded = true
	case RequestAppeal:
		a.l().Excluded = true
	default:
		along(a, ticketMachine)
	}
	q.State = RequestGranted
	a.tellAsker(NoticeDecided, q, a.opinion)
}

// extend moves the deadline from where it was, however late the decision: what was asked in time
// is granted as of then, and a card given meanwhile is revoked.
func (a *attempt) extend(q Request) {
	l := a.l()
	days := q.Days
	if a.args.Days > 0 && a.args.Days < days {
		days = a.args.Days
	}
	due := l.DueAt
	if a.timed() && !due.IsZero() {
		due = a.facts.Rules.Extended(due, days)
		if p, ok := a.ticket.Leg(l.Parent); ok && !p.DueAt.IsZero() && due.After(p.DueAt) {
			due = p.DueAt
		}
	}
	l.Extensions++
	if !l.SuspendedAt.IsZero() && a.timed() {
		l.Remainder = a.facts.Rules.Remainder(l.SuspendedAt, due)
	}
	a.step.Days = days
	a.moveDue(due)
	if l.Role == Lead && l.Parent == 0 {
		a.tellCitizen(NoticeExtended, "reason", q.Reason, "due", when(due))
	}
	for _, c := range slices.Clone(a.ticket.Cards) {
		if c.Leg == l.N && c.RevokedAt.IsZero() && c.IssuedAt.After(q.AskedAt) && c.IssuedAt.Before(due) {
			a.then(func() { a.takeCardBack(c.N, "延期已批准") })
		}
	}
}

// deny leaves at least the policy's time to act.
func deny(a *attempt) {
	a.decided(a.args.Reason)
	q := *a.q()
	if a.leg != 0 && a.l().State == ReturnAsked {
		along(a, legMachine)
	}
	if a.leg != 0 && slices.Contains(legRequests, q.Kind) && a.timed() && !a.l().DueAt.IsZero() && a.l().SuspendedAt.IsZero() {
		if due := a.facts.Rules.AfterDenial(a.l().DueAt, a.now); due.After(a.l().DueAt) {
			a.moveDue(due)
		}
	}
	q.State = RequestDenied
	a.tellAsker(NoticeDecided, q, a.args.Reason)
}

func withdrawRequest(a *attempt) {
	if a.leg != 0 && a.l().State == ReturnAsked {
		along(a, legMachine)
	}
}

func decisionOverdue(a *attempt) {
	a.q().Escalated = true
	a.tellDecider(NoticeDecideLate, *a.q())
}

func lapse(a *attempt) {
	q := *a.q()
	q.State = RequestLapsed
	a.tellAsker(NoticeLapsed, q, a.opinion)
}

// ReturnsGranted counts the lead's returns that were granted: after the policy's most comes 疑难会商.
func (t Ticket) ReturnsGranted() int {
	n := 0
	for _, q := range t.Requests {
		if l, ok := t.Leg(q.Leg); ok && l.Role == Lead && q.Kind == RequestReturn && q.State == RequestGranted {
			n++
		}
	}
	return n
}
