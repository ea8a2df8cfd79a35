package tickets

import (
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// Guard is a condition of a row. Early guards look at the ticket and the actor alone, so they
// also decide whether the button is shown; the others look at what is sent with the event.
type Guard struct {
	Name  string
	Early bool
	check func(*attempt) *Refusal
}

// Facts are what the guards need to know that is not on the ticket. The caller looks them up in
// the transaction that saves the outcome; what an event does not need may be left zero, which
// never lets more pass.
type Facts struct {
	CallOfSeat       bool     // the actor's seat talks, or just talked, in args.Call
	HandedOver       bool     // the ticket's call went to the target's seat; for a button: to any other seat
	Other            *Other   // the master or the old ticket that args name; for archiving 已并单 its master
	CatalogueUnits   []string // lead units of all hits in the dispatch catalogue: 直派 wants exactly one
	DispatchDirectly bool     // the actor has the right of 直派

	// Rules are policy and calendar of the city. Without a policy nothing has a deadline, and
	// nothing is limited that the policy limits.
	Rules      Rules
	Units      map[string]Unit // every unit that args name and that has a leg; of args an unknown one is refused
	Proposed   []string        // units the dispatch catalogue gives, lead first; another lead wants a reason
	Deputy     bool            // the actor stands in for the unit's leader now
	WriterAway bool            // who wrote the ticket is off shift: 班长 is told of a return
	Merged     int             // tickets merged into this one
	FollowUps  int             // citizens of them not yet followed up in this round, the one of args.Visit included
	MasterGone bool            // the master was withdrawn or voided
	Urges      int             // urges of the same number today, before this one
}

// Unit is what guards need to know of a unit.
type Unit struct {
	ID         string
	Name       string
	Parent     string // empty: first level
	Level      int    // 1 or deeper
	Disabled   bool
	Approval   bool // its leader approves replies before they are reported
	SignReturn bool // its leader signs returns
	Leaf       bool // no unit below it: nothing to delegate to
}

// Args is what comes with an event; which are needed says the row.
type Args struct {
	Call      calls.ID
	Text      string // opinion, addition or answer to read out
	Reason    string
	LawfulWay string // where the citizen was pointed to
	Missing   string // what the citizen has to add
	Account   string // who gets the draft
	Emergency string // 110, 119, 120 or 122
	Fields    Fields
	ClassPath []string // of Fields.ClassID, looked up by the caller
	ID        string   // of a new ticket
	Caller    Caller   // of a new ticket
	Source    Source   // of a new ticket
	External  ExternalRef

	Leg         int       // of the ticket, when the event is one of a leg; 0: the actor's unit's own
	Request     int       // that is decided or withdrawn
	Supervision int       // that moves
	Card        int       // that is revoked
	Unit        string    // lead unit of a dispatch, unit that is delegated to, proposed unit
	Units       []string  // assists of a dispatch, further units of 加派
	DueAt       time.Time // limit chosen by hand; zero: by policy
	Days        int       // working days of an extension
	Until       time.Time // end of a suspension
	Plan        string    // of a suspension
	Basis       string    // legal basis
	Keep        bool      // 退单通过: the assists go on
	Outcome     string    // of a deliberation: refuse, suspend, dispatch
	Kind        string    // of a supervision
	Proof       string    // of a withdrawal by the citizen
	Files       []string  // ids of attachments
	Reply       *Reply    // form of a unit
	Visit       *Visit    // answers of a follow-up; N, Round, At and By are set by the table
	Contact     *Contact  // with the citizen
	Public      string    // 审核: the public reply as passed; empty: as reported
	Urgency     Urgency   // 更正分级
	Place       int       // 更正分级
	Routing     Routing   // of a submission, from triage
	Dates       Deadlines // 时限重算: the new dates of the leg
}

var (
	callBoundToSeat = Guard{Name: "call bound to the seat", check: func(a *attempt) *Refusal {
		if a.args.Call == "" {
			return refuse(RefusedCallMissing, "")
		}
		if !a.facts.CallOfSeat {
			return refuse(RefusedCall, "")
		}
		return nil
	}}
	sourceNotPhone = Guard{Name: "source is not the telephone", check: func(a *attempt) *Refusal {
		if a.args.Source == SourcePhone || !known(Sources, string(a.args.Source)) {
			return refuse(RefusedSource, "")
		}
		return nil
	}}
	sourceOnline = Guard{Name: "came by a network channel", Early: true, check: func(a *attempt) *Refusal {
		source := a.ticket.Source
		if a.ticket.State == None {
			source = a.args.Source
		}
		if !source.Online() {
			return refuse(RefusedSource, "")
		}
		return nil
	}}
	textPresent = Guard{Name: "content present", check: func(a *attempt) *Refusal {
		if a.args.Fields.Content == nil || strings.TrimSpace(*a.args.Fields.Content) == "" {
			return refuse(RefusedFields, "主要内容")
		}
		return a.args.Fields.check()
	}}
	inHand = Guard{Name: "in the actor's hands", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.Owner != a.actor.Account || a.actor.Account == "" {
			return refuse(RefusedNotYours, "")
		}
		return nil
	}}
	inHandOrSupervisor = Guard{Name: "in the actor's hands, or by a supervisor", Early: true, check: func(a *attempt) *Refusal {
		if a.actor.Has(Supervisor) {
			return nil
		}
		return inHand.check(a)
	}}
	inHandOrCitizen = Guard{Name: "in the actor's hands, or by the citizen", Early: true, check: func(a *attempt) *Refusal {
		if a.actor.Has(Citizen) {
			return nil
		}
		return inHand.check(a)
	}}
	inPool = Guard{Name: "in nobody's hands", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.Owner != "" {
			return refuse(RefusedTaken, a.ticket.Owner)
		}
		return nil
	}}
	validFields = Guard{Name: "fields valid", check: func(a *attempt) *Refusal { return a.args.Fields.check() }}
	targetGiven = Guard{Name: "target named", check: func(a *attempt) *Refusal {
		if a.args.Account == "" {
			return refuse(RefusedTarget, "")
		}
		return nil
	}}
	handedOver = Guard{Name: "call transferred, or by a supervisor", Early: true, check: func(a *attempt) *Refusal {
		if a.actor.Has(Supervisor) {
			return nil
		}
		if r := inHand.check(a); r != nil {
			return r
		}
		if !a.facts.HandedOver {
			return refuse(RefusedHandover, "")
		}
		return nil
	}}
	reasonGiven   = given(RefusedReason, "reason given", func(a Args) string { return a.Reason })
	lawfulWayTold = given(RefusedReason, "lawful way told", func(a Args) string { return a.LawfulWay })
	missingTold   = given(RefusedReason, "told what is missing", func(a Args) string { return a.Missing })
	textGiven     = given(RefusedText, "text given", func(a Args) string { return a.Text })

	phoneHasCall = Guard{Name: "telephone ticket has its call", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.Source == SourcePhone && len(a.ticket.Calls) == 0 {
			return refuse(RefusedCallMissing, "")
		}
		return nil
	}}
	answerPresent = Guard{Name: "answer present", check: func(a *attempt) *Refusal {
		if strings.TrimSpace(a.ticket.Answer) == "" {
			return refuse(RefusedAnswer, "")
		}
		return nil
	}}
	requiredFields            = Guard{Name: "required fields present", check: required}
	requiredFieldsForDispatch = Guard{Name: "required fields present, when it goes on to dispatch", check: func(a *attempt) *Refusal {
		if a.ticket.ReturnTo == ToDispatch {
			return required(a)
		}
		return nil
	}}
	emergencyLine = Guard{Name: "110, 119, 120 or 122", check: func(a *attempt) *Refusal {
		if !slices.Contains([]string{"110", "119", "120", "122"}, a.args.Emergency) {
			return refuse(RefusedEmergency, "")
		}
		return nil
	}}
	masterOpen = Guard{Name: "master open", check: func(a *attempt) *Refusal {
		switch m := a.facts.Other; {
		case m == nil || !m.State.Accepted():
			return refuse(RefusedMaster, "")
		case m.ID == a.ticket.ID:
			return refuse(RefusedSelf, "")
		}
		return nil
	}}
	oldOpen = Guard{Name: "old ticket open", check: func(a *attempt) *Refusal {
		if o := a.facts.Other; o == nil || !o.State.Accepted() || o.ID == a.ticket.ID {
			return refuse(RefusedOld, "")
		}
		return nil
	}}
	notUrgedInThisCall = Guard{Name: "one urge a call", check: func(a *attempt) *Refusal {
		if a.ticket.HasCall(a.args.Call, CallUrge) {
			return refuse(RefusedUrgedOnce, "")
		}
		return nil
	}}
	oneUnitInCatalogue = Guard{Name: "right of 直派 and one unit in the catalogue", Early: true, check: func(a *attempt) *Refusal {
		if !a.facts.DispatchDirectly || len(a.facts.CatalogueUnits) != 1 {
			return refuse(RefusedCatalogue, "")
		}
		return nil
	}}
)

func given(code, name string, text func(Args) string) Guard {
	return Guard{Name: name, check: func(a *attempt) *Refusal {
		if strings.TrimSpace(text(a.args)) == "" {
			return refuse(code, "")
		}
		return nil
	}}
}

// required names the first missing field. Without a way to reach the citizen the matter itself
// has to be complete; with one, incomplete elements are accepted.
func required(a *attempt) *Refusal {
	t := a.ticket
	switch {
	case !known(Types, string(t.Type)):
		return refuse(RefusedFields, "来电类别")
	case strings.TrimSpace(t.Title) == "":
		return refuse(RefusedFields, "标题")
	case strings.TrimSpace(t.Content) == "":
		return refuse(RefusedFields, "主要内容")
	case t.ClassID == "":
		return refuse(RefusedFields, "问题分类")
	}
	if t.Caller.Reach() == "" && t.Caller.Email == "" && t.Source != SourceLetter && t.Type != Consult && t.Type != Praise {
		if e := ElementsOf(t); !e.Time || !e.Address || !e.Cause || !e.Course {
			return refuse(RefusedContact, "")
		}
	}
	return nil
}
