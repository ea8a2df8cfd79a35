package tickets

import "slices"

// Action is a button: an event the actor may cause now.
type Action struct {
	Name    Event    `json:"name"`
	Label   string   `json:"label"`
	Primary bool     `json:"primary"`
	Needs   []string `json:"needs,omitempty"`
	// Target of the event, when it is not the ticket itself.
	Leg         int `json:"leg,omitempty"`
	Request     int `json:"request,omitempty"`
	Supervision int `json:"supervision,omitempty"`
	Card        int `json:"card,omitempty"`
	// Confirm asks for a dialog that says it can't be undone.
	Confirm bool `json:"confirm,omitempty"`
}

// Allowed lists what the actor may do to the ticket now, in the order of the tables: the ticket,
// its legs, requests and supervisions. What is sent with an event can still be refused. At most
// one action is primary.
func Allowed(t Ticket, actor Actor, facts Facts) []Action {
	looking := &attempt{ticket: t, actor: actor, facts: facts, tables: inForce()} // nothing is changed
	list := buttons{attempt: looking, actions: []Action{}}
	gather(&list, ticketMachine, Action{})
	for i := range t.Legs {
		list.ofLeg(t.Legs[i].N)
	}
	for i := range t.Requests {
		q := &t.Requests[i]
		if q.State != RequestOpen {
			continue // nothing is done to what was decided
		}
		list.attempt.leg, list.attempt.request = q.Leg, q.N
		gather(&list, requestMachine, Action{Request: q.N, Leg: q.Leg})
	}
	list.attempt.leg, list.attempt.request = 0, 0
	gather(&list, supervisionMachine, Action{})
	for _, s := range t.Supervisions {
		list.attempt.supervision = s.N
		gather(&list, supervisionMachine, Action{Supervision: s.N})
	}
	return list.actions
}

type buttons struct {
	attempt *attempt
	actions []Action
	primary bool
}

// ofLeg adds what can be done to the leg, to those below it and to its cards.
func (b *buttons) ofLeg(n int) {
	a := b.attempt
	a.leg = n
	for _, c := range a.below(n) {
		a.child = c
		gather(b, legMachine, Action{Leg: c}, toBelow...)
	}
	a.child = 0
	gather(b, legMachine, Action{Leg: n})
	for _, c := range a.ticket.Cards {
		if c.Leg == n {
			a.card = c.N
			gather(b, legMachine, Action{Leg: n, Card: c.N}, RevokeCard)
		}
	}
	a.leg, a.card = 0, 0
}

// gather adds the buttons of a table in the present state; with events, only those.
func gather[S ~string](b *buttons, m machine[S], target Action, only ...Event) {
	a := b.attempt
	state := m.state(a)
	seen := map[Event]bool{}
	rows := m.rows(a)
	for i := range rows {
		row := &rows[i]
		if row.Silent || !slices.Contains(row.From, state) || !a.actor.Has(row.Who...) || seen[row.Event] {
			continue
		}
		goesAlong := homeOf(a.ticket.State, row.Event, Args{Supervision: a.supervision}) != m.home // with another table's event
		if goesAlong || len(only) > 0 && !slices.Contains(only, row.Event) {
			continue
		}
		if a.event = row.Event; !row.shown(a) {
			continue
		}
		seen[row.Event] = true
		target.Name, target.Label, target.Needs, target.Confirm = row.Event, row.Event.Label(), row.Needs, row.Confirm
		target.Primary = row.Primary && !b.primary
		b.primary = b.primary || target.Primary
		b.actions = append(b.actions, target)
	}
}

func (t *TransitionOf[S]) shown(a *attempt) bool { return t.hidden(a) == nil }

// hidden is why there is no button, as far as ticket and actor tell.
func (t *TransitionOf[S]) hidden(a *attempt) *Refusal {
	for _, g := range t.Guards {
		if !g.Early {
			continue
		}
		if r := g.check(a); r != nil {
			return r
		}
	}
	return nil
}
