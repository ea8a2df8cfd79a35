package tickets

import (
	"slices"
	"strings"
	"time"
)

// Guards of legs: who and when.
var (
	ofUnit = Guard{Name: "of the leg's unit", Early: true, check: func(a *attempt) *Refusal {
		if a.actor.Unit == "" || a.l().Unit != a.actor.Unit {
			return refuse(RefusedNotYourUnit, "")
		}
		return nil
	}}
	// Assists that are kept while a new lead is looked for go on working.
	withUnits = Guard{Name: "the ticket is with the units", Early: true, check: func(a *attempt) *Refusal {
		if !slices.Contains([]State{Dispatched, ToDispatch}, a.ticket.State) {
			return refuse(RefusedState, a.ticket.State.Label())
		}
		return nil
	}}
	workAllowed = Guard{Name: "the ticket is with the units or suspended", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.State == Suspended {
			return nil
		}
		return withUnits.check(a)
	}}
	ticketEnded = Guard{Name: "the ticket has ended", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.State.Open() {
			return refuse(RefusedState, a.ticket.State.Label())
		}
		return nil
	}}
	ofFirstLevel = Guard{Name: "dispatched by the hotline", Early: true, check: func(a *attempt) *Refusal {
		if a.l().Parent != 0 {
			return refuse(RefusedLowerLevel, "")
		}
		return nil
	}}
	belowAnother = Guard{Name: "delegated by a unit above", Early: true, check: func(a *attempt) *Refusal {
		if a.l().Parent == 0 {
			return refuse(RefusedFirstLevel, "")
		}
		return nil
	}}
	isLead = Guard{Name: "the lead", Early: true, check: func(a *attempt) *Refusal {
		if a.l().Role != Lead {
			return refuse(RefusedNotLead, "")
		}
		return nil
	}}
	notLastLevel = Guard{Name: "not the last level", Early: true, check: func(a *attempt) *Refusal {
		if a.l().Level >= a.depth() || a.facts.Units[a.l().Unit].Leaf {
			return refuse(RefusedLastLevel, "")
		}
		return nil
	}}
	hasBelow = Guard{Name: "a unit below has it", Early: true, check: func(a *attempt) *Refusal {
		if len(a.below(a.leg)) == 0 {
			return refuse(RefusedNothingBelow, "")
		}
		return nil
	}}
	openBelow = Guard{Name: "a unit below that still has it", Early: true, check: func(a *attempt) *Refusal {
		if a.child == 0 || !a.legOf(a.child).State.Open() {
			return refuse(RefusedNothingBelow, "")
		}
		return nil
	}}
	repliedBelow = Guard{Name: "a unit below that replied", Early: true, check: func(a *attempt) *Refusal {
		if a.child == 0 || a.legOf(a.child).State != Replied {
			return refuse(RefusedNothingBelow, "")
		}
		return nil
	}}
	leftBelow = Guard{Name: "a unit below that gave it back", Early: true, check: func(a *attempt) *Refusal {
		if a.child == 0 || a.legOf(a.child).State.Open() {
			return refuse(RefusedNothingBelow, "")
		}
		return nil
	}}
	nothingOpenBelow = Guard{Name: "no unit below still has it", Early: true, check: func(a *attempt) *Refusal {
		for _, n := range a.below(a.leg) {
			if c := a.legOf(n); c.State.Open() {
				return refuse(RefusedOpenBelow, a.unitName(c.Unit))
			}
		}
		return nil
	}}
	noRequestOpen = Guard{Name: "no request open", Early: true, check: func(a *attempt) *Refusal {
		if q, open := a.ticket.OpenRequest(a.leg, legRequests...); open {
			return refuse(RefusedRequestOpen, q.Kind.Label())
		}
		return nil
	}}
	notViewed = Guard{Name: "not viewed yet", Early: true, check: func(a *attempt) *Refusal {
		if !a.l().FirstViewedAt.IsZero() {
			return refuse(RefusedTold, "")
		}
		return nil
	}}
	leaderOrDeputy = Guard{Name: "the unit's leader or his deputy", Early: true, check: func(a *attempt) *Refusal {
		switch {
		case a.actor.Has(UnitLeader):
			return nil
		case !a.facts.Deputy:
			return refuse(RefusedRole, "")
		case a.ticket.Weighty():
			return refuse(RefusedHeadSigns, "")
		}
		return nil
	}}
	leaderWanted = Guard{Name: "the unit wants its leader's approval", Early: true, check: func(a *attempt) *Refusal {
		if !a.facts.Units[a.l().Unit].Approval {
			return refuse(RefusedNoApproval, "")
		}
		return nil
	}}
	leaderIfWanted = Guard{Name: "by the leader where the unit wants it", Early: true, check: func(a *attempt) *Refusal {
		if a.facts.Units[a.l().Unit].Approval && !a.actor.Has(UnitLeader) {
			return refuse(RefusedApproval, "")
		}
		return nil
	}}
	leaderSignsReturn = Guard{Name: "returns by the leader where the unit wants it, and after their limit", check: func(a *attempt) *Refusal {
		late := !a.l().ReturnDueAt.IsZero() && a.now.After(a.l().ReturnDueAt)
		switch {
		case a.actor.Has(UnitLeader):
			return nil
		case late:
			return refuse(RefusedReturnLate, "")
		case a.facts.Units[a.l().Unit].SignReturn && !a.facts.Deputy:
			return refuse(RefusedLeaderSigns, "")
		}
		return nil
	}}
	mayReturn = Guard{Name: "has the right of 退单", Early: true, check: func(a *attempt) *Refusal {
		if a.l().NoReturn {
			return refuse(RefusedNoReturn, "")
		}
		return nil
	}}
	timesToReturn = Guard{Name: "fewer returns than the policy's most", Early: true, check: func(a *attempt) *Refusal {
		if a.timed() && a.facts.Rules.Policy.Returns > 0 && a.ticket.ReturnsGranted() >= a.facts.Rules.Policy.Returns {
			return refuse(RefusedReturnsOver, "")
		}
		return nil
	}}
	beforeDue = Guard{Name: "before due", check: func(a *attempt) *Refusal {
		if due := a.l().DueAt; !due.IsZero() && a.now.After(due) {
			return refuse(RefusedPastDue, "")
		}
		return nil
	}}
	extensionsLeft = Guard{Name: "fewer extensions than the policy's most", Early: true, check: func(a *attempt) *Refusal {
		if a.timed() && a.l().Extensions >= a.facts.Rules.Policy.Extend.Times {
			return refuse(RefusedExtensions, "")
		}
		return nil
	}}
	daysFit = Guard{Name: "days within the policy's", check: func(a *attempt) *Refusal {
		if a.args.Days < 1 || a.timed() && a.args.Days > a.facts.Rules.MaxExtension(a.ticket, *a.l()) {
			return refuse(RefusedDays, "")
		}
		return nil
	}}
	untilGiven = Guard{Name: "a day to come", check: func(a *attempt) *Refusal {
		if !a.args.Until.After(a.now) {
			return refuse(RefusedUntil, "")
		}
		return nil
	}}
	critical = Guard{Name: "特急", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.Urgency != Critical && !a.ticket.Routing.Duty {
			return refuse(RefusedNotCritical, "")
		}
		return nil
	}}
)

// Guards of legs: what is sent.
var (
	unitsBelow = Guard{Name: "units below the leg's, none twice", check: func(a *attempt) *Refusal {
		units := a.delegates()
		if len(units) == 0 {
			return refuse(RefusedUnitMissing, "")
		}
		for i, id := range units {
			u, ok := a.facts.Units[id]
			switch {
			case !ok || u.Disabled || u.Parent != a.l().Unit:
				return refuse(RefusedUnitBelow, a.unitName(id))
			case slices.Contains(units[:i], id):
				return refuse(RefusedUnitTwice, u.Name)
			}
			for _, c := range a.ticket.Below(a.leg) {
				if c.Unit == id && c.State.Open() {
					return refuse(RefusedUnitTwice, u.Name)
				}
			}
		}
		return nil
	}}
	handDelegateFits = Guard{Name: "limit not after the unit's own", check: func(a *attempt) *Refusal {
		if !a.args.DueAt.IsZero() && !a.facts.Rules.HandDelegate(*a.l(), a.args.DueAt, a.now) {
			return refuse(RefusedDue, "")
		}
		return nil
	}}
	replyGiven = Guard{Name: "a form given", check: func(a *attempt) *Refusal {
		if a.args.Reply == nil {
			return refuse(RefusedForm, "答复内容")
		}
		return nil
	}}
	resultWritten = Guard{Name: "result written", check: func(a *attempt) *Refusal {
		if f := a.form(); strings.TrimSpace(f.Answer+f.Handling) == "" {
			return refuse(RefusedForm, "办理意见")
		}
		return nil
	}}
	formComplete = Guard{Name: "form complete", check: func(a *attempt) *Refusal {
		f := a.form()
		switch {
		case strings.TrimSpace(f.Answer) == "":
			return refuse(RefusedForm, "答复内容")
		case strings.TrimSpace(f.Person) == "":
			return refuse(RefusedForm, "承办人")
		case strings.TrimSpace(f.Phone) == "":
			return refuse(RefusedForm, "联系电话")
		case f.Solved == SolvedNo && strings.TrimSpace(f.Unsolved) == "":
			return refuse(RefusedForm, "未解决原因")
		}
		return nil
	}}
	contactKept = Guard{Name: "contact record, or why none", check: func(a *attempt) *Refusal {
		if strings.TrimSpace(a.form().NoContact) != "" || len(a.l().Contacts) > 0 {
			return nil
		}
		for _, c := range a.ticket.Below(a.leg) {
			if len(c.Contacts) > 0 {
				return nil
			}
		}
		return refuse(RefusedContactRecord, "")
	}}
	contactGiven = Guard{Name: "contact given", check: func(a *attempt) *Refusal {
		if a.args.Contact == nil {
			return refuse(RefusedContactRecord, "")
		}
		return nil
	}}
	// Assists in time have to have answered; one past its deadline never blocks the lead.
	assistsAnswered = Guard{Name: "assists in time answered", check: func(a *attempt) *Refusal {
		if a.l().Parent != 0 || a.l().Role != Lead {
			return nil
		}
		for _, s := range a.silentAssists() {
			if s.DueAt.IsZero() || !a.now.After(s.DueAt) {
				return refuse(RefusedAssists, a.unitName(s.Unit))
			}
		}
		return nil
	}}
	datesGiven = Guard{Name: "dates given", check: func(a *attempt) *Refusal {
		if a.args.Dates.Due.IsZero() {
			return refuse(RefusedDue, "")
		}
		return nil
	}}
)

// Guards of legs: time and cards.
var (
	clockRuns = func(a *attempt) bool { return a.l().SuspendedAt.IsZero() && a.ticket.State.Open() }
	signLate  = Guard{Name: "not signed in time", check: func(a *attempt) *Refusal {
		if a.l().SignedLate {
			return refuse(RefusedTold, "")
		}
		return a.passed(a.l().SignDueAt, noTime)
	}}
	dueSoonNow = Guard{Name: "soon due", check: func(a *attempt) *Refusal {
		if !a.timed() || !clockRuns(a) || a.now.Before(a.facts.Rules.YellowAt(*a.l())) {
			return refuse(RefusedNotYet, "")
		}
		return a.untold(a.l().ToldSoon)
	}}
	pastDueNow = Guard{Name: "past due", check: func(a *attempt) *Refusal {
		if !clockRuns(a) {
			return refuse(RefusedNotYet, "")
		}
		return a.passed(a.l().DueAt, a.l().ToldPast)
	}}
	cardKnown = Guard{Name: "colour known", check: func(a *attempt) *Refusal {
		if !known(CardKinds, a.args.Kind) {
			return refuse(RefusedValue, "牌别")
		}
		return nil
	}}
	cardDeserved = Guard{Name: "past due without a request asked in time", check: func(a *attempt) *Refusal {
		l := a.l()
		q, asked := a.ticket.OpenRequest(a.leg, legRequests...)
		switch {
		case l.Excluded:
			return refuse(RefusedExcluded, "")
		case asked && q.InTime:
			return refuse(RefusedAskedInTime, q.Kind.Label())
		case l.DueAt.IsZero() || a.now.Before(l.DueAt) || l.State.Open() && !clockRuns(a) || l.State == Replied && !l.RepliedLate:
			return refuse(RefusedNotYet, "")
		case a.actor.Has(System) && a.ticket.carded(*l, CardKind(a.args.Kind)):
			return refuse(RefusedTold, "")
		}
		return nil
	}}
	cardStands = Guard{Name: "the card stands", Early: true, check: func(a *attempt) *Refusal {
		if a.card == 0 || !a.theCard().RevokedAt.IsZero() {
			return refuse(RefusedCard, "")
		}
		return nil
	}}
)

// untold lets an event of the leg's deadline happen once for each deadline.
func (a *attempt) untold(told time.Time) *Refusal {
	if a.l().DueAt.IsZero() {
		return refuse(RefusedNotYet, "")
	}
	if told.Equal(a.l().DueAt) {
		return refuse(RefusedTold, "")
	}
	return nil
}

// legRequests are the kinds of which a leg has at most one open.
var legRequests = []RequestKind{RequestReturn, RequestExtension, RequestSuspension, RequestUnreasonable}

// depth is how many levels of units there are.
func (a *attempt) depth() int {
	if a.timed() && a.facts.Rules.Policy.Depth > 0 {
		return a.facts.Rules.Policy.Depth
	}
	return 2
}

// delegates are the units a delegation names.
func (a *attempt) delegates() []string {
	if a.args.Unit == "" {
		return a.args.Units
	}
	return append([]string{a.args.Unit}, a.args.Units...)
}

// form is the reply as sent, or as stored before.
func (a *attempt) form() Reply {
	if a.args.Reply != nil {
		return *a.args.Reply
	}
	return a.l().Draft
}

// silentAssists are the assists of the first level that still have to answer.
func (a *attempt) silentAssists() []Leg {
	var list []Leg
	for _, l := range a.ticket.Legs {
		if l.Parent == 0 && l.Role == Assist && l.State.Open() {
			list = append(list, l)
		}
	}
	return list
}

func (a *attempt) theCard() *Card {
	list := a.ticket.Cards
	return &list[slices.IndexFunc(list, func(c Card) bool { return c.N == a.card })]
}
