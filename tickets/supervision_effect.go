package tickets

import "slices"

// enterSupervision puts the supervision into a state.
func (a *attempt) enterSupervision(next SupervisionState) {
	s := a.s()
	switch next {
	case SupervisionIssued:
		if s.IssuedAt.IsZero() {
			s.IssuedAt = a.now
		}
	case SupervisionClosed, SupervisionReleased:
		s.ClosedAt = a.now
	}
	s.State = next
}

func instruct(a *attempt) {
	a.args.Kind = string(SuperviseByLeader)
	fileSupervision(a)
	a.tell(NoticeInstructed, Recipient{Role: Office}, "demand", a.args.Text)
}

// fileSupervision begins a supervision of the unit that args name, or that has the ticket.
func fileSupervision(a *attempt) {
	s := Supervision{
		Kind: SupervisionKind(a.args.Kind), Unit: a.args.Unit, Reason: a.args.Reason, Demand: a.args.Text, DueAt: a.args.DueAt,
		FiledBy: a.actor.Account, FiledName: a.actor.Name, FiledAt: a.now,
	}
	if lead, ok := a.ticket.LeadLeg(); s.Unit == "" && ok {
		s.Unit = lead.Unit
	}
	for _, other := range a.ticket.Supervisions {
		s.N = max(s.N, other.N)
	}
	s.N++
	a.ticket.Supervisions = append(a.ticket.Supervisions, s)
	a.supervision = s.N
	a.step.Unit = s.Unit
	if a.event == VisitSupervise {
		a.tellSupervised()
	}
}

func issueSupervision(a *attempt) {
	s := a.s()
	if a.args.Unit != "" {
		s.Unit = a.args.Unit
	}
	if s.Unit == "" {
		s.Unit = a.ticket.Unit
	}
	if a.args.Text != "" {
		s.Demand = a.args.Text
	}
	a.limitSupervision()
	a.step.Unit = s.Unit
	a.tellSupervised()
}

func (a *attempt) limitSupervision() {
	if s := a.s(); !a.args.DueAt.IsZero() {
		a.dated(a.args.DueAt, s.DueAt)
		s.DueAt = a.args.DueAt
	}
}

func (a *attempt) tellSupervised() {
	s := a.s()
	for _, to := range []Recipient{{Unit: s.Unit}, {Leaders: s.Unit}} {
		a.tell(NoticeSupervised, to, "demand", s.Demand, "due", when(s.DueAt))
	}
}

func replySupervision(a *attempt) {
	s := a.s()
	s.Reply, s.ReplyBy, s.ReplyAt = a.args.Text, a.actor.Account, a.now
	tellOffice(a)
}

func tellOffice(a *attempt) {
	a.tell(NoticeToDecide, Recipient{Role: Office}, "request", a.event.Label())
}

// reviewSupervision keeps the opinion of a review.
func reviewSupervision(a *attempt) {
	s := a.s()
	s.Opinion = a.opinion
	if s.Unit != "" && !s.IssuedAt.IsZero() {
		a.tell(NoticeDecided, Recipient{Unit: s.Unit}, "request", "督办", "decision", a.event.Label(), "opinion", a.opinion)
	}
}

func redoSupervision(a *attempt) {
	a.limitSupervision()
	reviewSupervision(a)
}

func remindSupervision(a *attempt) {
	a.tell(NoticeUrged, Recipient{Unit: a.s().Unit}, "text", a.opinion, "due", when(a.s().DueAt))
}

func supervisionOverdue(a *attempt) {
	s := a.s()
	s.ToldPast = s.DueAt
	for _, to := range []Recipient{{Unit: s.Unit}, {Leaders: s.Unit}, {Role: Office}} {
		a.tell(NoticePastDue, to, "due", when(s.DueAt))
	}
}

// Supervised tells whether a supervision is open.
func (t Ticket) Supervised() bool {
	return slices.ContainsFunc(t.Supervisions, func(s Supervision) bool { return s.State.Open() })
}

// Weighty tells whether the ticket is a 重件, whose reply the head of the unit signs himself:
// 特急, 疑难 or supervised.
func (t Ticket) Weighty() bool { return t.Urgency == Critical || t.Hard || t.Supervised() }

// issueCard gives the leg's unit a card.
func issueCard(a *attempt) {
	l := a.l()
	reason := a.opinion
	if reason == "" {
		reason = "超期未办结"
	}
	c := Card{Kind: CardKind(a.args.Kind), Leg: l.N, Unit: l.Unit, Reason: reason, IssuedAt: a.now}
	for _, other := range a.ticket.Cards {
		c.N = max(c.N, other.N)
	}
	c.N++
	a.ticket.Cards = append(a.ticket.Cards, c)
	a.step.Card, a.step.CardKind = c.N, c.Kind
	a.tell(NoticeCard, Recipient{Leaders: l.Unit}, "unit", a.unitName(l.Unit), "card", Label(CardKinds, string(c.Kind)), "reason", reason)
}

func revokeCard(a *attempt) {
	c := a.theCard()
	c.RevokedAt, c.RevokedBy, c.RevokeReason = a.now, a.actor.Account, a.args.Reason
	a.step.Card, a.step.CardKind = c.N, c.Kind
	a.tell(NoticeCardRevoked, Recipient{Leaders: c.Unit}, "unit", a.unitName(c.Unit), "card", Label(CardKinds, string(c.Kind)), "reason", c.RevokeReason)
}

func (a *attempt) takeCardBack(n int, words string) {
	a.as(ByRule, RevokeCard, words, func() {
		a.card = n
		a.leg = a.theCard().Leg
		a.fail(perform(a, legMachine))
	})
}
