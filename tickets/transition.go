package tickets

import "slices"

// TransitionOf is one row of a state table: in each of the From states a holder of one of the
// Who roles may cause the Event when every guard lets it pass.
type TransitionOf[S ~string] struct {
	Row    int // number of the row in the rules of the trade
	From   []S
	Event  Event
	Who    []Role
	Guards []Guard
	Next   []S // where it can lead; more than one: Choose picks
	Choose func(*attempt) S
	Stays  bool        // it leads nowhere else
	Of     RequestKind // the decision of requests of this kind alone
	Effect func(*attempt)
	// Needs names the arguments a page has to ask for before it sends the event.
	Needs []string
	// Primary marks the button of the usual way on.
	Primary bool
	// Confirm asks for a dialog that says it can't be undone.
	Confirm bool
	// Numbered gives the ticket its number and query code, where it has none yet.
	Numbered bool
	// Signs: a unit that does it to a leg it has not signed signs first (row L1).
	Signs bool
	// Silent rows have no button: they come with opening a page.
	Silent bool
}

// Transition is a row of the ticket's table.
type Transition = TransitionOf[State]

// LegTransition is a row of the leg's table.
type LegTransition = TransitionOf[LegState]

// RequestTransition is a row of the request's table.
type RequestTransition = TransitionOf[RequestState]

// SupervisionTransition is a row of the supervision's table.
type SupervisionTransition = TransitionOf[SupervisionState]

// tables are the tables in force. They travel with the attempt, because effects of one table
// cause events of another.
type tables struct {
	ticket      []Transition
	leg         []LegTransition
	request     []RequestTransition
	supervision []SupervisionTransition
}

func inForce() tables {
	return tables{ticket: Transitions, leg: LegTransitions, request: RequestTransitions, supervision: SupervisionTransitions}
}

// machine is a table with the thing it moves.
type machine[S ~string] struct {
	home  about
	rows  func(*attempt) []TransitionOf[S]
	state func(*attempt) S
	enter func(*attempt, S)
	label func(S) string
}

var (
	ticketMachine = machine[State]{
		rows:  func(a *attempt) []Transition { return a.tables.ticket },
		state: func(a *attempt) State { return a.ticket.State },
		enter: (*attempt).enter,
		label: State.Label,
	}
	legMachine = machine[LegState]{
		home: aboutLeg,
		rows: func(a *attempt) []LegTransition { return a.tables.leg },
		state: func(a *attempt) LegState {
			if a.leg == 0 {
				return NoLeg
			}
			return a.l().State
		},
		enter: (*attempt).enterLeg,
		label: LegState.Label,
	}
	requestMachine = machine[RequestState]{
		home: aboutRequest,
		rows: func(a *attempt) []RequestTransition { return a.tables.request },
		state: func(a *attempt) RequestState {
			if a.request == 0 {
				return NoRequest
			}
			return a.q().State
		},
		enter: func(a *attempt, s RequestState) { a.q().State = s },
		label: RequestState.Label,
	}
	supervisionMachine = machine[SupervisionState]{
		home: aboutSupervision,
		rows: func(a *attempt) []SupervisionTransition { return a.tables.supervision },
		state: func(a *attempt) SupervisionState {
			if a.supervision == 0 {
				return NoSupervision
			}
			return a.s().State
		},
		enter: (*attempt).enterSupervision,
		label: SupervisionState.Label,
	}
)

// choose picks the first row that lets the event pass; when none does, the refusal of the row
// whose role fits says more than that of one whose role doesn't.
func choose[S ~string](a *attempt, m machine[S]) (*TransitionOf[S], *Refusal) {
	state := m.state(a)
	refusal := refuse(RefusedState, m.label(state))
	rows := m.rows(a)
	for i := range rows {
		row := &rows[i]
		if row.Event != a.event || !slices.Contains(row.From, state) || !row.decides(a) {
			continue
		}
		if !a.actor.Has(row.Who...) {
			if refusal.Code == RefusedState {
				refusal = refuse(RefusedRole, "")
			}
			continue
		}
		r := row.refusal(a)
		if r == nil {
			return row, nil
		}
		refusal = r
	}
	return nil, refusal
}

// decides tells whether the row is for the request that is decided, where it is for one.
func (t *TransitionOf[S]) decides(a *attempt) bool {
	return t.Of == "" || a.request != 0 && a.q().Kind == t.Of
}

func (t *TransitionOf[S]) refusal(a *attempt) *Refusal {
	for _, g := range t.Guards {
		if r := g.check(a); r != nil {
			return r
		}
	}
	return nil
}

// Targets are the states that the row can lead to from one of its states.
func (t TransitionOf[S]) Targets(from S) []S {
	if t.Stays {
		if t.Signs && from == S(ToSign) {
			return []S{S(Handling)}
		}
		return []S{from}
	}
	var list []S
	for _, to := range t.Next {
		if to == from || !slices.Contains(t.From, to) || t.Choose == nil {
			list = append(list, to)
		}
	}
	return list
}

func (t *TransitionOf[S]) next(a *attempt, m machine[S]) S {
	switch {
	case t.Stays:
		return m.state(a)
	case t.Choose != nil:
		return t.Choose(a)
	}
	return t.Next[0]
}

// perform does the event by the table and notes it as a step of its own; what follows from it
// comes after it in the flow.
func perform[S ~string](a *attempt, m machine[S]) *Refusal {
	row, refusal := choose(a, m)
	if refusal != nil {
		return refusal
	}
	if row.Signs && a.leg != 0 && a.l().State == ToSign {
		a.signFirst()
	}
	a.beginStep()
	follow(a, m, row)
	if row.Numbered && a.ticket.Number == "" {
		a.number()
	}
	a.endStep()
	return a.failed
}

// along moves another table by the same event, within the same step.
func along[S ~string](a *attempt, m machine[S]) {
	row, refusal := choose(a, m)
	if refusal != nil {
		a.failed = refusal
		return
	}
	follow(a, m, row)
}

func follow[S ~string](a *attempt, m machine[S], row *TransitionOf[S]) {
	next := row.next(a, m)
	if row.Effect != nil {
		row.Effect(a)
	}
	m.enter(a, next)
}
