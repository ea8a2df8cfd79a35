package tickets

import (
	"time"
)

// Guards of follow-ups, rows 25 to 28.
var (
	visitGiven = Guard{Name: "a visit given, its answers possible", check: func(a *attempt) *Refusal {
		v := a.args.Visit
		if v == nil {
			return refuse(RefusedVisit, "")
		}
		for _, level := range []int{v.Result, v.Unit, v.Agent} {
			if level < 0 || level > len(Satisfactions) {
				return refuse(RefusedValue, "满意度")
			}
		}
		if v.Solved != "" && !known(SolvedTerms, string(v.Solved)) {
			return refuse(RefusedValue, "是否解决")
		}
		return nil
	}}
	visitReached = Guard{Name: "the citizen answered, with its call or message", check: func(a *attempt) *Refusal {
		if r := visitGiven.check(a); r != nil {
			return r
		}
		switch v := a.args.Visit; {
		case !v.Reached || v.Solved == "":
			return refuse(RefusedVisit, "")
		case v.Call == "" && v.Message == "":
			return refuse(RefusedVisitProof, "")
		}
		return nil
	}}
	visitContent = Guard{Name: "not dissatisfied", check: func(a *attempt) *Refusal {
		if v := a.args.Visit; v == nil || v.Dissatisfied() {
			return refuse(RefusedDiscontent, "")
		}
		return nil
	}}
	visitDiscontent = Guard{Name: "dissatisfied or unsolved", check: func(a *attempt) *Refusal {
		if v := a.args.Visit; v == nil || !v.Dissatisfied() {
			return refuse(RefusedContent, "")
		}
		return nil
	}}
	triedEnough = Guard{Name: "tried on enough different half-days, link closed", check: checkTries}
)

// zone of the half-days of tries: China has one.
var zone = time.FixedZone("CST", 8*60*60)

// checkTries wants the policy's number of tries in this round, each in allowed hours and on a
// half-day of its own, and the link in the message to have been open long enough. Who was reached
// before needs no tries: then it is another citizen of a merged ticket that can't be.
func checkTries(a *attempt) *Refusal {
	if a.facts.FollowUps > 0 {
		return refuse(RefusedOthersToVisit, "")
	}
	if _, reached := a.ticket.answered(""); reached {
		return nil
	}
	want := 3
	if a.timed() && a.facts.Rules.Policy.FollowUp.Tries > 0 {
		want = a.facts.Rules.Policy.FollowUp.Tries
	}
	halves := map[string]bool{}
	for _, v := range a.ticket.Visits {
		if v.Round == a.ticket.Round && v.For == "" && !v.Reached && a.allowedHour(v.At) {
			halves[v.At.In(zone).Format("2006-01-02 PM")] = true
		}
	}
	if len(halves) < want {
		return refuse(RefusedTries, "")
	}
	if a.timed() && (a.ticket.Notice == "" || a.ticket.Notice == NoticeBySMS) {
		if a.now.Before(a.ticket.StageAt.AddDate(0, 0, a.facts.Rules.Policy.FollowUp.LinkDays)) {
			return refuse(RefusedLinkOpen, "")
		}
	}
	return nil
}

func (a *attempt) allowedHour(t time.Time) bool {
	if !a.timed() || a.facts.Rules.Policy.FollowUp.Hours == "" {
		return true
	}
	return a.facts.Rules.Calendar.Open(a.facts.Rules.Policy.FollowUp.Hours, t)
}

// answered is the last answer of a citizen in this round; whose empty is the ticket's own.
func (t Ticket) answered(whose string) (Visit, bool) {
	for i := len(t.Visits) - 1; i >= 0; i-- {
		if v := t.Visits[i]; v.Round == t.Round && v.For == whose && v.Reached {
			return v, true
		}
	}
	return Visit{}, false
}

// whenAllVisited closes when no citizen is left to be asked.
func whenAllVisited(a *attempt) State {
	left := a.facts.FollowUps
	if a.args.Visit.For != "" {
		left--
		if _, done := a.ticket.answered(""); !done {
			left++
		}
	}
	if left > 0 {
		return ToFollowUp
	}
	return Closed
}
