package tickets

import (
	"slices"
	"time"
)

// attempt is one event on its way through the tables, and what follows from it.
type attempt struct {
	ticket  Ticket // a copy: the caller's stays as it was
	event   Event
	actor   Actor
	args    Args
	facts   Facts
	now     time.Time
	tables  tables
	opinion string // of the step

	leg, child, request, supervision, card int // what it is about; 0: nothing

	step    *StepData
	from    State // of the ticket, before the step
	steps   []FlowStep
	effects []Effect
	notices []Notice
	later   []func() // what follows from the step
	failed  *Refusal
}

// Effect is something the caller of Apply has to do in the same transaction.
type Effect string

// Effects of events.
const (
	// AssignNumber: give the ticket its number and query code.
	AssignNumber Effect = "assign_number"
	// AppendToOther: do the same event, from a draft, to the old ticket (Facts.Other).
	AppendToOther Effect = "append_to_other"
	// TellMaster: note on the master that a ticket was merged into it, with Absorb.
	TellMaster Effect = "tell_master"
	// SplitMerged: split the tickets merged into this one, as System with Facts.MasterGone.
	SplitMerged Effect = "split_merged"
	// ArchiveMerged: archive the tickets merged into this one, as System with Facts.Other.
	ArchiveMerged Effect = "archive_merged"
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

// ByRule is who does what follows from a rule, not from a person.
var ByRule = Actor{Account: "system", Name: "系统", Roles: []Role{System}}

// Apply does the event to the ticket, with all that follows from it, or says why not with a
// *Refusal. A new ticket is the zero Ticket. t stays as it was. The steps' Seq are left to the
// store, which counts and chains.
func Apply(t Ticket, event Event, actor Actor, args Args, facts Facts, now time.Time) (Outcome, error) {
	a := newAttempt(t, actor, facts, now)
	a.event, a.args, a.opinion = event, args, opinion(args)
	if refusal := a.do(); refusal != nil {
		return Outcome{}, refusal
	}
	a.settle()
	if a.failed != nil {
		return Outcome{}, a.failed
	}
	a.ticket.UpdatedAt = now
	out := Outcome{Ticket: a.ticket, Effects: a.effects, Notices: a.notices}
	if event != Save {
		out.Steps = a.steps
	}
	return out, nil
}

func newAttempt(t Ticket, actor Actor, facts Facts, now time.Time) *attempt {
	t.Calls = slices.Clone(t.Calls)
	t.Legs = slices.Clone(t.Legs)
	t.Requests = slices.Clone(t.Requests)
	t.Supervisions = slices.Clone(t.Supervisions)
	t.Cards = slices.Clone(t.Cards)
	t.Visits = slices.Clone(t.Visits)
	return &attempt{ticket: t, actor: actor, facts: facts, now: now, tables: inForce(), step: &StepData{}}
}

// do finds what the event is about and lets its table decide.
func (a *attempt) do() *Refusal {
	home := homeOf(a.ticket.State, a.event, a.args)
	if r := a.aim(home); r != nil {
		return r
	}
	switch home {
	case aboutLeg:
		return perform(a, legMachine)
	case aboutRequest:
		return perform(a, requestMachine)
	case aboutSupervision:
		return perform(a, supervisionMachine)
	}
	return perform(a, ticketMachine)
}

func opinion(args Args) string {
	if args.Reason != "" {
		return args.Reason
	}
	return args.Text
}

// beginStep starts a line of the flow history.
func (a *attempt) beginStep() {
	a.from = a.ticket.State
	a.step = &StepData{}
	if a.leg != 0 {
		a.step.Leg, a.step.LegFrom = a.leg, a.l().State
	}
	if a.request != 0 {
		a.step.Request, a.step.RequestKind = a.request, a.q().Kind
	}
	a.step.Supervision = a.supervision
}

// endStep writes the line and goes on with what follows from it.
func (a *attempt) endStep() {
	if a.leg != 0 {
		a.step.Leg, a.step.LegTo = a.leg, a.l().State
	}
	if a.request != 0 {
		a.step.Request, a.step.RequestKind = a.request, a.q().Kind
	}
	if a.supervision != 0 {
		a.step.Supervision, a.step.SupervisionTo = a.supervision, a.s().State
	}
	a.steps = append(a.steps, FlowStep{
		At: a.now, Actor: a.actor.Account, ActorName: a.actor.Name, Unit: a.actor.Unit,
		Event: a.event, From: a.from, To: a.ticket.State, Opinion: a.opinion, Data: *a.step,
	})
	queue := a.later
	a.later = nil
	for _, f := range queue {
		f()
	}
}

// then puts off what follows until the present step is written.
func (a *attempt) then(f func()) { a.later = append(a.later, f) }

// as does something in the name of another and by another event, and comes back.
func (a *attempt) as(actor Actor, event Event, words string, f func()) {
	saved := *a
	a.actor, a.event, a.opinion, a.later = actor, event, words, nil
	a.args = Args{Reason: words}
	a.leg, a.child, a.request, a.supervision, a.card = 0, 0, 0, 0, 0
	f()
	a.actor, a.event, a.args, a.opinion, a.later = saved.actor, saved.event, saved.args, saved.opinion, saved.later
	a.leg, a.child, a.request, a.supervision, a.card = saved.leg, saved.child, saved.request, saved.supervision, saved.card
	a.step, a.from = saved.step, saved.from
}

// byRule lets the leg's table do an event that nobody caused by hand.
func (a *attempt) byRule(event Event, leg int, words string) {
	a.as(ByRule, event, words, func() {
		a.leg = leg
		if r := perform(a, legMachine); r != nil {
			a.failed = r
		}
	})
}

// timed tells whether there is a policy: without one nothing has a deadline.
func (a *attempt) timed() bool { return a.facts.Rules.Policy != nil }

// l, q and s are the leg, request and supervision that the event is about, to be changed.
func (a *attempt) l() *Leg { return a.legOf(a.leg) }

// legOf finds a leg without copying; nil when there is none of the number.
func (a *attempt) legOf(n int) *Leg {
	for i := range a.ticket.Legs {
		if l := &a.ticket.Legs[i]; l.N == n {
			return l
		}
	}
	return nil
}

func (a *attempt) q() *Request {
	for i := range a.ticket.Requests {
		if q := &a.ticket.Requests[i]; q.N == a.request {
			return q
		}
	}
	return nil
}

func (a *attempt) s() *Supervision {
	for i := range a.ticket.Supervisions {
		if s := &a.ticket.Supervisions[i]; s.N == a.supervision {
			return s
		}
	}
	return nil
}

// below lists the numbers of the legs below one.
func (a *attempt) below(n int) []int {
	var list []int
	for i := range a.ticket.Legs {
		if l := &a.ticket.Legs[i]; l.Parent == n {
			list = append(list, l.N)
		}
	}
	return list
}
