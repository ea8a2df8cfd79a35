package tickets

func stay(a attempt) State { return a.ticket.State }

func whereItCameFrom(a attempt) State {
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

// end closes the ticket for everybody.
func end(a *attempt) {
	a.ticket.ClosedAt = a.now
	a.ticket.Owner = ""
	a.step.LawfulWay, a.step.Emergency = a.args.LawfulWay, a.args.Emergency
}

func closeDirect(a *attempt) {
	end(a)
	a.ticket.Result = ResultDirect
}

func askForMore(a *attempt) {
	a.ticket.ReturnTo, a.ticket.Missing = a.ticket.State, a.args.Missing
	a.step.Missing = a.args.Missing
}

func comeBack(a *attempt) {
	a.ticket.ReturnTo, a.ticket.Missing, a.ticket.Owner = None, "", ""
}

func merge(a *attempt) {
	end(a)
	a.ticket.Master = a.facts.Other.ID
	a.step.Ticket = a.facts.Other.Number
	a.effects = append(a.effects, TellMaster)
}

func split(a *attempt) {
	a.ticket.Master = ""
	a.ticket.ClosedAt = noTime
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

func (a *attempt) link(role CallRole) {
	a.step.Call = string(a.args.Call)
	if a.args.Call != "" && !a.ticket.HasCall(a.args.Call, role) {
		a.ticket.Calls = append(a.ticket.Calls, CallRef{ID: a.args.Call, Role: role, At: a.now})
	}
}

func submit(a *attempt) {
	a.ticket.Owner = ""
	a.ticket.SubmittedAt = a.now
}

func dispatchDirectly(a *attempt) {
	submit(a)
	a.ticket.Unit = a.facts.CatalogueUnits[0]
	a.ticket.Round = 1
	a.step.Unit = a.ticket.Unit
}
