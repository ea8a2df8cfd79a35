package tickets

import "time"

// tell notes that somebody has to be told; vars are pairs of a template's word and its value.
func (a *attempt) tell(kind NoticeKind, to Recipient, vars ...string) {
	n := Notice{Kind: kind, To: to, Vars: map[string]string{"title": a.ticket.Title}}
	if a.ticket.Number != "" {
		n.Vars["number"] = a.ticket.Number
	}
	for i := 0; i+1 < len(vars); i += 2 {
		if vars[i+1] != "" {
			n.Vars[vars[i]] = vars[i+1]
		}
	}
	a.notices = append(a.notices, n)
}

// tellCitizen tells the citizen, unless he declined to be told. Only a unit of the first level is
// named to him, and no inner word.
func (a *attempt) tellCitizen(kind NoticeKind, vars ...string) {
	if a.ticket.Notice != NoticeNone {
		a.tell(kind, Recipient{Citizen: true}, vars...)
	}
}

// tellDecider tells who has to decide a request.
func (a *attempt) tellDecider(kind NoticeKind, q Request) {
	who := a.decider(q)
	to := Recipient{Role: who.role}
	if who.unit != "" {
		to = Recipient{Leaders: who.unit}
		a.tell(kind, Recipient{Unit: who.unit}, "request", q.Kind.Label(), "due", when(q.DecideDueAt))
	}
	a.tell(kind, to, "request", q.Kind.Label(), "due", when(q.DecideDueAt))
}

// tellAsker tells who asked for a request, or the unit whose leg it was for, what became of it.
func (a *attempt) tellAsker(kind NoticeKind, q Request, words string) {
	to := Recipient{Account: q.AskedBy}
	if l, ok := a.ticket.Leg(q.Leg); ok {
		to = Recipient{Unit: l.Unit}
	}
	if to == (Recipient{}) {
		to = Recipient{Citizen: true}
	}
	a.tell(kind, to, "request", q.Kind.Label(), "decision", q.State.Label(), "opinion", words)
}

// unitName is the unit's name, or its id where the facts don't have it.
func (a *attempt) unitName(id string) string {
	if u, ok := a.facts.Units[id]; ok && u.Name != "" {
		return u.Name
	}
	return id
}

// when is an instant for a template, which says it as people do.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
