package tickets

func whereItCameFrom(a *attempt) State {
	if a.ticket.ReturnTo == ToDispatch {
		return ToDispatch
	}
	return Received
}

func begin(a *attempt) {
	t := &a.ticket
	t.ID, t.Source, t.External, t.Caller = a.args.ID, a.args.Source, a.args.External, a.args.Caller
	if a.event == CreateByCall {
		t.Source = SourcePhone
		a.link(CallComplaint)
	}
	if t.Caller.Kind == "" {
		t.Caller.Kind = Person
	}
	t.Urgency, t.NeedReply, t.NeedFollowUp, t.Tags = Normal, true, true, []string{}
	t.Writer, t.Owner = a.actor.Account, a.actor.Account
	t.CreatedAt = a.now
}

func receive(a *attempt) {
	begin(a)
	a.ticket.Owner, a.ticket.Writer = "", ""
	a.ticket.DueAt = a.now.Add(a.args.Source.IntakeLimit())
	a.args.Fields.apply(&a.ticket, a.args.ClassPath)
}

func change(a *attempt) { a.args.Fields.apply(&a.ticket, a.args.ClassPath) }

func handOver(a *attempt) {
	a.ticket.Owner = a.args.Account
	a.step.Account = a.args.Account
}

func take(a *attempt)    { a.ticket.Owner = a.actor.Account }
func release(a *attempt) { a.ticket.Owner = "" }

func askForMore(a *attempt) {
	a.ticket.ReturnTo, a.ticket.Missing = a.ticket.State, a.args.Missing
	a.step.Missing = a.args.Missing
	a.tellCitizen(NoticeToAdd, "missing", a.args.Missing)
}

func comeBack(a *attempt) {
	a.ticket.ReturnTo, a.ticket.Missing, a.ticket.Owner = None, "", ""
}

func returnToWriter(a *attempt) {
	a.ticket.ReturnTo, a.ticket.Missing, a.ticket.Owner = ToDispatch, a.args.Reason, a.ticket.Writer
	a.step.Account = a.ticket.Writer
	a.tell(NoticeReturned, Recipient{Account: a.ticket.Writer}, "reason", a.args.Reason)
	if a.facts.WriterAway {
		a.tell(NoticeReturned, Recipient{Role: Supervisor}, "reason", a.args.Reason)
	}
	a.then(func() { a.endLegs("退回坐席") }) // assists that were kept for a new lead
}

// remindCitizen asks a second time for what is missing, before the ticket is closed for it.
func remindCitizen(a *attempt) {
	a.ticket.RemindedAt = a.now
	a.tellCitizen(NoticeToAdd, "missing", a.ticket.Missing)
}

// end closes the ticket for everybody.
func end(a *attempt) {
	a.step.LawfulWay, a.step.Emergency = a.args.LawfulWay, a.args.Emergency
	a.finish(a.event.Label())
}

func closeDirect(a *attempt) {
	end(a)
	a.ticket.Result = ResultDirect
	if a.ticket.Source != SourcePhone {
		a.tellCitizen(NoticeClosed)
	}
}

func merge(a *attempt) {
	a.ticket.Master = a.facts.Other.ID
	a.step.Ticket = a.facts.Other.Number
	a.effects = append(a.effects, TellMaster)
	a.finish("并单")
}

// split gives a merged ticket a life of its own again.
func split(a *attempt) {
	a.ticket.Master = ""
	a.ticket.ClosedAt = noTime
}

func splitByRule(a *attempt) {
	split(a)
	a.tell(NoticeMaster, Recipient{Role: Dispatcher})
}

// fold ends a draft whose matter turned out to be an old ticket's.
func fold(a *attempt) {
	end(a)
	a.ticket.RefersTo = a.facts.Other.Number
	a.step.Ticket = a.facts.Other.Number
	a.effects = append(a.effects, AppendToOther)
}

func addCall(role CallRole) func(*attempt) {
	return func(a *attempt) { a.link(role) }
}

// urge tells the units that have the ticket; more than the policy's number a day from one number
// is shown to 班长.
func urge(a *attempt) {
	a.link(CallUrge)
	for _, l := range a.ticket.Legs {
		if l.State.Open() {
			a.tell(NoticeUrged, Recipient{Unit: l.Unit}, "text", a.args.Text)
		}
	}
	if a.timed() && a.facts.Rules.Policy.UrgeAlarm > 0 && a.facts.Urges+1 > a.facts.Rules.Policy.UrgeAlarm {
		a.tell(NoticeUrged, Recipient{Role: Supervisor}, "text", a.args.Text)
	}
}

func (a *attempt) link(role CallRole) {
	a.step.Call = string(a.args.Call)
	if a.args.Call != "" && !a.ticket.HasCall(a.args.Call, role) {
		a.ticket.Calls = append(a.ticket.Calls, CallRef{ID: a.args.Call, Role: role, At: a.now})
	}
}

// submit hands the ticket to the dispatchers. Triage may have said how urgent it is.
func submit(a *attempt) {
	t := &a.ticket
	if t.Writer == "" {
		t.Writer = a.actor.Account
	}
	t.Owner = ""
	t.SubmittedAt = a.now
	t.ReturnTo, t.Missing = None, ""
	a.route()
}

// route takes over what triage says: it raises the urgency, never lowers it, and what a person
// put right stays.
func (a *attempt) route() {
	t := &a.ticket
	if t.Routing.Overruled != "" {
		return
	}
	t.Routing = a.args.Routing
	if t.Routing.Urgency.Above(t.Urgency) {
		t.Urgency = t.Routing.Urgency
	}
	t.Secret = t.Secret || t.Routing.Secret
}

func dispatchDirectly(a *attempt) {
	submit(a)
	a.args.Unit, a.args.Units, a.args.DueAt = a.facts.CatalogueUnits[0], nil, noTime
	a.sendOut(false)
}
