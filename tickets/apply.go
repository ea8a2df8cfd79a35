package tickets

import (
	"slices"
	"time"
)

// attempt is one event on its way through the table.
type attempt struct {
	ticket  Ticket
	event   Event
	actor   Actor
	args    Args
	facts   Facts
	now     time.Time
	step    *StepData
	effects []Effect
}

// Effect is something the caller of Apply has to do in the same transaction.
type Effect string

// Effects of events.
const (
	// AssignNumber: give the ticket its number and query code.
	AssignNumber Effect = "assign_number"
	// AppendToOther: do the same event, from a draft, to the old ticket (Facts.Other).
	AppendToOther Effect = "append_to_other"
	// TellMaster: note on the master that a ticket was merged into it.
	TellMaster Effect = "tell_master"
)

// FlowStep is one line of the flow history (流转明细); it is never changed.
type FlowStep struct {
	Seq       int
	At        time.Time
	Actor     string
	ActorName string
	Unit      string
	Event     Event
	From, To  State // of the ticket
	Opinion   string
	Data      StepData
}

// StepData is what belongs to some steps only.
type StepData struct {
	Call      string `json:"call,omitempty"`
	LawfulWay string `json:"lawful_way,omitempty"`
	Missing   string `json:"missing,omitempty"`
	Account   string `json:"account,omitempty"`
	Emergency string `json:"emergency,omitempty"`
	Ticket    string `json:"ticket,omitempty"` // number of the other ticket
	Unit      string `json:"unit,omitempty"`

	Leg           int              `json:"leg,omitempty"`
	LegFrom       LegState         `json:"leg_from,omitempty"`
	LegTo         LegState         `json:"leg_to,omitempty"`
	Round         int              `json:"round,omitempty"`
	Units         []string         `json:"units,omitempty"`  // assists, or units delegated to
	DueAt         *time.Time       `json:"due_at,omitempty"` // deadline set or moved
	WasDueAt      *time.Time       `json:"was_due_at,omitempty"`
	Request       int              `json:"request,omitempty"`
	RequestKind   RequestKind      `json:"request_kind,omitempty"`
	Days          int              `json:"days,omitempty"`
	Basis         string           `json:"basis,omitempty"`
	Supervision   int              `json:"supervision,omitempty"`
	SupervisionTo SupervisionState `json:"supervision_to,omitempty"`
	Card          int              `json:"card,omitempty"`
	CardKind      CardKind         `json:"card_kind,omitempty"`
	Reply         *Reply           `json:"reply,omitempty"` // the form as written at this step
	Visit         *Visit           `json:"visit,omitempty"`
	Contact       *Contact         `json:"contact,omitempty"`
	Files         []string         `json:"files,omitempty"`
	Outcome       string           `json:"outcome,omitempty"`
	Urgency       Urgency          `json:"urgency,omitempty"`
	Proof         string           `json:"proof,omitempty"`
}

// Outcome is what an event did.
type Outcome struct {
	Ticket  Ticket
	Steps   []FlowStep // in order; none: a save, which only makes a new version
	Effects []Effect
	Notices []Notice // to be told, in order; the caller keys them by step
}

// Apply does the event to the ticket, or says why not with a *Refusal. A new ticket is the
// zero Ticket. The step's Seq is left to the store, which counts and chains.
func Apply(t Ticket, event Event, actor Actor, args Args, facts Facts, now time.Time) (Outcome, error) {
	a := attempt{ticket: t, event: event, actor: actor, args: args, facts: facts, now: now, step: &StepData{}}
	row, refusal := choose(a)
	if refusal != nil {
		return Outcome{}, refusal
	}
	next := row.Next[0]
	if row.Choose != nil {
		next = row.Choose(a)
	}
	a.ticket.Calls = slices.Clone(t.Calls)
	if row.Effect != nil {
		row.Effect(&a)
	}
	if t.State == Received && next != Received {
		a.ticket.DueAt = noTime // the intake limit is kept
	}
	a.ticket.State = next
	a.ticket.UpdatedAt = now
	if row.Numbered && a.ticket.Number == "" {
		a.effects = append(a.effects, AssignNumber)
		if a.ticket.SubmittedAt.IsZero() {
			a.ticket.SubmittedAt = now
		}
	}
	out := Outcome{Ticket: a.ticket, Effects: a.effects}
	if event != Save {
		out.Steps = []FlowStep{{
			At: now, Actor: actor.Account, ActorName: actor.Name, Unit: actor.Unit,
			Event: event, From: t.State, To: next, Opinion: opinion(args), Data: *a.step,
		}}
	}
	return out, nil
}

// choose picks the first row that lets the event pass; when none does, the refusal of the row
// whose role fits says more than that of one whose role doesn't.
func choose(a attempt) (Transition, *Refusal) {
	rows := find(a.ticket.State, a.event)
	if len(rows) == 0 {
		return Transition{}, refuse(RefusedState, a.ticket.State.Label())
	}
	refusal := refuse(RefusedRole, "")
	for _, row := range rows {
		if !a.actor.Has(row.Who...) {
			continue
		}
		r := row.refusal(a)
		if r == nil {
			return row, nil
		}
		refusal = r
	}
	return Transition{}, refusal
}

func (t Transition) refusal(a attempt) *Refusal {
	for _, g := range t.Guards {
		if r := g.check(a); r != nil {
			return r
		}
	}
	return nil
}

func opinion(args Args) string {
	if args.Reason != "" {
		return args.Reason
	}
	return args.Text
}

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

// Allowed lists what the actor may do to the ticket now, in the order of the table. What is
// sent with an event can still be refused.
func Allowed(t Ticket, actor Actor, facts Facts) []Action {
	a := attempt{ticket: t, actor: actor, facts: facts}
	actions := []Action{}
	seen := map[Event]bool{}
	for _, row := range Transitions {
		if seen[row.Event] || !slices.Contains(row.From, t.State) || !actor.Has(row.Who...) || !row.shown(a) {
			continue
		}
		seen[row.Event] = true
		actions = append(actions, Action{Name: row.Event, Label: row.Event.Label(), Primary: row.Primary, Needs: row.Needs})
	}
	return actions
}

func (t Transition) shown(a attempt) bool {
	for _, g := range t.Guards {
		if g.Early && g.check(a) != nil {
			return false
		}
	}
	return true
}
