package tickets

import (
	"slices"
	"strings"
	"time"
)

// Guards of rows 13 to 34.
var (
	freeOrMine = Guard{Name: "in nobody else's hands", Early: true, check: func(a *attempt) *Refusal {
		if o := a.ticket.Owner; o != "" && o != a.actor.Account && !a.actor.Has(System) {
			return refuse(RefusedTaken, o)
		}
		return nil
	}}
	inHandOrByRule = Guard{Name: "in the actor's hands, or at his sign-out", Early: true, check: func(a *attempt) *Refusal {
		if a.actor.Has(System) && a.ticket.Owner != "" {
			return nil
		}
		return inHand.check(a)
	}}
	citizenAsked = Guard{Name: "waits for the citizen", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.ReturnTo == ToDispatch {
			return refuse(RefusedWaitsForWriter, "")
		}
		return nil
	}}
	hasWriter = Guard{Name: "somebody of the hotline wrote it", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.Writer == "" {
			return refuse(RefusedTarget, "")
		}
		return nil
	}}
	noMaster = Guard{Name: "is no master itself", Early: true, check: func(a *attempt) *Refusal {
		if a.facts.Merged > 0 {
			return refuse(RefusedIsMaster, "")
		}
		return nil
	}}
	masterGone = Guard{Name: "master withdrawn or voided", check: func(a *attempt) *Refusal {
		if !a.facts.MasterGone {
			return refuse(RefusedMasterThere, "")
		}
		return nil
	}}
	nobodySigned = Guard{Name: "nobody signed", Early: true, check: func(a *attempt) *Refusal {
		for _, l := range a.ticket.Legs {
			if l.State.Open() && !l.SignedAt.IsZero() || l.State == Replied && a.ticket.State == Dispatched {
				return refuse(RefusedSigned, a.unitName(l.Unit))
			}
		}
		return nil
	}}
	unitsFit         = Guard{Name: "units of the first level, none twice", check: checkUnits}
	catalogueUnitFit = Guard{Name: "the catalogue's unit still works", check: func(a *attempt) *Refusal {
		if u, ok := a.facts.Units[a.facts.CatalogueUnits[0]]; ok && u.Disabled {
			return refuse(RefusedUnitUnknown, u.Name)
		}
		return nil
	}}
	handDueFits = Guard{Name: "limit within the policy's", check: func(a *attempt) *Refusal {
		if a.args.DueAt.IsZero() {
			return nil
		}
		if !a.args.DueAt.After(a.now) || a.timed() && !a.facts.Rules.HandDue(a.ticket, a.args.DueAt, a.now) {
			return refuse(RefusedDue, "")
		}
		return nil
	}}
	catalogueOrReason = Guard{Name: "by the catalogue, or with a reason", check: func(a *attempt) *Refusal {
		p := a.facts.Proposed
		if len(p) == 0 || p[0] == a.args.Unit || strings.TrimSpace(a.args.Reason+a.args.Text) != "" {
			return nil
		}
		return refuse(RefusedOffCatalogue, "")
	}}
	outcomeFits      = Guard{Name: "a conclusion with what it needs", check: checkOutcome}
	everyLegAnswered = Guard{Name: "lead answered, assists answered or gone", check: func(a *attempt) *Refusal {
		lead, ok := a.ticket.LeadLeg()
		if !ok || lead.State != Replied || len(a.silentAssists()) > 0 {
			return refuse(RefusedUnanswered, "")
		}
		return nil
	}}
	returnsLeft = Guard{Name: "fewer returns than the policy's most", Early: true, check: func(a *attempt) *Refusal {
		if a.timed() && a.facts.Rules.Policy.Returns > 0 && a.ticket.ReturnsGranted()+1 >= a.facts.Rules.Policy.Returns {
			return refuse(RefusedReturnsOver, "")
		}
		return nil
	}}
	untilToCome = Guard{Name: "suspended until a day to come", check: func(a *attempt) *Refusal {
		if !a.suspendedUntil().After(a.now) {
			return refuse(RefusedUntil, "")
		}
		return nil
	}}
	suspensionOver = Guard{Name: "the suspension's day has come", check: func(a *attempt) *Refusal {
		if a.now.Before(a.ticket.DueAt) {
			return refuse(RefusedNotYet, "")
		}
		return nil
	}}
	ofLeadUnit = Guard{Name: "of the lead unit", Early: true, check: func(a *attempt) *Refusal {
		if lead, ok := a.ticket.LeadLeg(); !ok || lead.Unit != a.actor.Unit {
			return refuse(RefusedNotYourUnit, "")
		}
		return nil
	}}
	publicReplyPresent = Guard{Name: "public reply present", check: func(a *attempt) *Refusal {
		if strings.TrimSpace(a.args.Public) == "" && strings.TrimSpace(a.ticket.PublicReply) == "" {
			return refuse(RefusedPublic, "")
		}
		return nil
	}}
	noVisitWanted = Guard{Name: "citizen declined, or no way to reach", Early: true, check: func(a *attempt) *Refusal {
		t := a.ticket
		if t.NeedFollowUp && t.Notice != NoticeNone && (t.Caller.Reach() != "" || t.Caller.Email != "") {
			return refuse(RefusedVisitWanted, "")
		}
		return nil
	}}
	notSupervised = Guard{Name: "no supervision open", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.Supervised() {
			return refuse(RefusedSupervised, "")
		}
		return nil
	}}
	reasonable = Guard{Name: "the demand is reasonable", Early: true, check: func(a *attempt) *Refusal {
		if a.ticket.Unreasonable {
			return refuse(RefusedUnreasonable, "")
		}
		return nil
	}}
	reworksLeft = Guard{Name: "fewer reworks than the policy's most", Early: true, check: func(a *attempt) *Refusal {
		if a.reworksUsed() {
			return refuse(RefusedReworks, "")
		}
		return nil
	}}
	atLimitOrBasis = Guard{Name: "reworks used up, or a basis why no more", check: func(a *attempt) *Refusal {
		if !a.reworksUsed() && strings.TrimSpace(a.args.Basis) == "" {
			return refuse(RefusedBelowLimit, "")
		}
		return nil
	}}
	proofGiven    = given(RefusedProof, "proof given", func(a Args) string { return a.Proof })
	basisGiven    = given(RefusedBasis, "basis given", func(a Args) string { return a.Basis })
	planGiven     = given(RefusedPlan, "plan given", func(a Args) string { return a.Plan })
	anotherPerson = Guard{Name: "a second person", Early: true, check: func(a *attempt) *Refusal {
		if a.q().AskedBy == a.actor.Account {
			return refuse(RefusedSamePerson, "")
		}
		return nil
	}}
	reopenInTime = Guard{Name: "within the days of reopening", check: func(a *attempt) *Refusal {
		if a.timed() && !a.facts.Rules.Policy.Reopen.IsZero() && a.now.After(a.facts.Rules.After(a.ticket.ClosedAt, a.facts.Rules.Policy.Reopen)) {
			return refuse(RefusedReopenLate, "")
		}
		return nil
	}}
	nothingPending = Guard{Name: "no open request, no open supervision", Early: true, check: func(a *attempt) *Refusal {
		for _, q := range a.ticket.Requests {
			if q.State == RequestOpen {
				return refuse(RefusedRequestOpen, q.Kind.Label())
			}
		}
		return notSupervised.check(a)
	}}
	restedLongEnough = Guard{Name: "days after the end passed; a merged one with its master", check: func(a *attempt) *Refusal {
		t := a.ticket
		if t.State == Merged {
			if a.facts.Other == nil || a.facts.Other.State != Archived {
				return refuse(RefusedMasterThere, "")
			}
			return nil
		}
		if a.timed() && a.now.Before(a.facts.Rules.After(t.ClosedAt, a.facts.Rules.Policy.Archive)) {
			return refuse(RefusedNotYet, "")
		}
		return nil
	}}
	urgencyKnown = Guard{Name: "urgency known", check: func(a *attempt) *Refusal {
		if !known(Urgencies, string(a.args.Urgency)) {
			return refuse(RefusedValue, "紧急程度")
		}
		return nil
	}}
	stageLate = Guard{Name: "the stage's limit passed and nobody was told", check: func(a *attempt) *Refusal {
		if !a.timed() {
			return refuse(RefusedNotYet, "")
		}
		return a.passed(a.facts.Rules.StageLimit(a.ticket), a.ticket.ToldStage)
	}}
)

// passed lets an event of time happen once: when its moment came and was not told of.
func (a *attempt) passed(limit, told time.Time) *Refusal {
	switch {
	case limit.IsZero() || a.now.Before(limit):
		return refuse(RefusedNotYet, "")
	case told.Equal(limit):
		return refuse(RefusedTold, "")
	}
	return nil
}

// noOpenOf refuses a second request of the kind.
func noOpenOf(kind RequestKind) Guard {
	return Guard{Name: "no open request of the kind " + string(kind), Early: true, check: func(a *attempt) *Refusal {
		if _, open := a.ticket.OpenRequest(a.leg, kind); open {
			return refuse(RefusedRequestOpen, kind.Label())
		}
		return nil
	}}
}

func checkUnits(a *attempt) *Refusal {
	if a.args.Unit == "" {
		return refuse(RefusedUnitMissing, "")
	}
	units := append([]string{a.args.Unit}, a.args.Units...)
	for i, id := range units {
		u, ok := a.facts.Units[id]
		switch {
		case !ok || u.Disabled || u.Parent != "":
			return refuse(RefusedUnitUnknown, a.unitName(id))
		case slices.Contains(units[:i], id):
			return refuse(RefusedUnitTwice, u.Name)
		}
		for _, l := range a.ticket.Legs {
			if l.Unit == id && l.Parent == 0 && l.State.Open() {
				return refuse(RefusedUnitTwice, u.Name)
			}
		}
	}
	return nil
}

func checkOutcome(a *attempt) *Refusal {
	switch a.args.Outcome {
	case OutcomeRefuse, OutcomeDispatch:
		return nil
	case OutcomeSuspend:
		if !a.args.Until.After(a.now) {
			return refuse(RefusedUntil, "")
		}
		if r := planGiven.check(a); r != nil {
			return r
		}
		return checkUnits(a)
	}
	return refuse(RefusedOutcome, "")
}

func (a *attempt) reworksUsed() bool {
	return a.timed() && a.facts.Rules.Policy.Reworks > 0 && a.ticket.Reworks >= a.facts.Rules.Policy.Reworks
}
