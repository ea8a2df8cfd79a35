package tickets

import "slices"

// about tells which table an event belongs to.
type about int

const (
	aboutTicket about = iota
	aboutLeg
	aboutRequest
	aboutSupervision
)

// homes are the tables of the events that are not the ticket's.
var homes = homesOf(map[about][]Event{
	aboutLeg: {
		View, Sign, SignOverdue, AskReturn, Delegate, RecallDelegate, AddDelegate, HandBack, Handle, ChildReplied, ChildLeft,
		SendBack, SaveReply, InterimReply, ToLeader, LeaderApprove, LeaderReturn, TakeBack, ReportReply, AskExtension,
		AskSuspension, AskUnreasonable, Redo, Terminate, ArchiveLeg, AskAppeal, ContactCitizen, IssueCard, RevokeCard,
		DueSoon, PastDue, RingDuty, Recompute,
	},
	aboutRequest: {Grant, Deny, WithdrawRequest, LapseRequest, DecisionOverdue},
	aboutSupervision: {
		Instruct, Supervise, IssueSupervise, ReplySupervise, ReturnSupervise, KeepSupervise, ReleaseSupervise, PassSupervise,
		RedoSupervise, CloseSupervise,
	},
})

func homesOf(events map[about][]Event) map[Event]about {
	list := map[Event]about{}
	for home, of := range events {
		for _, e := range of {
			list[e] = home
		}
	}
	return list
}

// homeOf finds the table that decides an event. 催办 goes to a unit, to a supervision or, while
// something is missing, to the citizen; 环节超时 is of the ticket's stage or of a supervision.
func homeOf(state State, event Event, args Args) about {
	switch {
	case (event == Remind || event == StageOverdue) && args.Supervision != 0:
		return aboutSupervision
	case event == Remind && state != ToSupplement:
		return aboutLeg
	}
	return homes[event]
}

// aim finds the leg, request or supervision that the event is about.
func (a *attempt) aim(home about) *Refusal {
	switch home {
	case aboutLeg:
		return a.aimLeg()
	case aboutRequest:
		return a.aimRequest()
	case aboutSupervision:
		if a.event == Instruct || a.event == Supervise {
			return nil
		}
		return a.aimSupervision()
	}
	return nil
}

func (a *attempt) aimLeg() *Refusal {
	t := &a.ticket
	if a.event == RevokeCard {
		return a.aimCard()
	}
	if a.args.Leg != 0 {
		l, ok := t.Leg(a.args.Leg)
		if !ok {
			return refuse(RefusedLeg, "")
		}
		a.leg = l.N
		ofParent := slices.Contains(fromBelow, a.event) || slices.Contains(toBelow, a.event) && a.actor.Unit != l.Unit
		if l.Parent != 0 && ofParent {
			a.leg, a.child = l.Parent, l.N
		}
		return nil
	}
	l, ok := t.LegOf(a.actor.Unit)
	if !ok || !a.actor.Has(UnitClerk, UnitLeader) {
		l, ok = t.LeadLeg()
	}
	if !ok {
		return refuse(RefusedState, t.State.Label())
	}
	a.leg = l.N
	if slices.Contains(toBelow, a.event) || slices.Contains(fromBelow, a.event) {
		a.child = a.onlyBelow(l.N)
	}
	return nil
}

// toBelow are what a unit does to the leg of a unit below it, fromBelow what that one's end does
// to the unit's own: they name the leg below and move the leg above.
var (
	toBelow   = []Event{RecallDelegate, SendBack}
	fromBelow = []Event{ChildReplied, ChildLeft}
)

// onlyBelow is the leg below that the event can be about, when no other is named: the newest.
func (a *attempt) onlyBelow(n int) int {
	found := 0
	for _, c := range a.ticket.Below(n) {
		replied := a.event == SendBack || a.event == ChildReplied
		if replied && c.State == Replied || a.event == RecallDelegate && c.State.Open() || a.event == ChildLeft && c.State == Left {
			found = c.N
		}
	}
	return found
}

func (a *attempt) aimCard() *Refusal {
	i := slices.IndexFunc(a.ticket.Cards, func(c Card) bool { return c.N == a.args.Card })
	switch {
	case i < 0 && a.args.Card == 0:
		return refuse(RefusedState, a.ticket.State.Label())
	case i < 0:
		return refuse(RefusedCard, "")
	}
	a.card, a.leg = a.args.Card, a.ticket.Cards[i].Leg
	return nil
}

func (a *attempt) aimRequest() *Refusal {
	t := &a.ticket
	q, ok := t.Request(a.args.Request)
	if a.args.Request == 0 {
		q, ok = a.likelyRequest()
	}
	if !ok {
		if a.args.Request == 0 {
			return refuse(RefusedState, t.State.Label())
		}
		return refuse(RefusedRequest, "")
	}
	a.request, a.leg = q.N, q.Leg
	return nil
}

// likelyRequest is the open request that is meant when none is named: of the actor's unit's leg,
// or of one below it, else the oldest.
func (a *attempt) likelyRequest() (Request, bool) {
	var first Request
	for _, q := range a.ticket.Requests {
		if q.State != RequestOpen {
			continue
		}
		l, ok := a.ticket.Leg(q.Leg)
		if ok && a.actor.Has(UnitClerk, UnitLeader) && (l.Unit == a.actor.Unit || a.above(l) == a.actor.Unit) {
			return q, true
		}
		if first.N == 0 {
			first = q
		}
	}
	return first, first.N != 0
}

func (a *attempt) aimSupervision() *Refusal {
	n := a.args.Supervision
	if n == 0 {
		for _, s := range a.ticket.Supervisions {
			if s.State.Open() {
				n = s.N
			}
		}
	}
	if n == 0 {
		return refuse(RefusedState, a.ticket.State.Label())
	}
	if _, ok := a.ticket.Supervision(n); !ok {
		return refuse(RefusedSupervision, "")
	}
	a.supervision = n
	return nil
}

// above is the unit of the leg above; empty for a unit the hotline dispatched to.
func (a *attempt) above(l Leg) string {
	if p := a.legOf(l.Parent); p != nil {
		return p.Unit
	}
	return ""
}
