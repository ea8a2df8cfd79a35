package service

import (
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// sight is what a person of a unit may read of a ticket: everything, or what concerns the parts
// of the own unit, of those above it and of those below.
type sight struct {
	all   bool
	unit  string
	first bool // the unit is of the first level
	place setting
}

func sightOf(who Identity, place setting) sight {
	v := sight{all: who.Scope(directory.TicketList) == directory.ScopeAll, place: place}
	if who.Unit != nil {
		v.unit = who.Unit.ID
		v.first = place.units[v.unit].Level <= 1
	}
	return v
}

// leg tells whether the part is shown at all: a unit of the first level sees who else works on
// the ticket, one below sees its own line only.
func (v sight) leg(l tickets.Leg) bool {
	return v.all || v.first && l.Level <= 1 || v.place.above(v.unit, l.Unit) || v.place.above(l.Unit, v.unit)
}

// within tells whether what is inside the part may be read: replies, drafts, contacts, requests.
func (v sight) within(unit string) bool { return v.all || v.place.above(v.unit, unit) }

// lifeView fills in where the ticket is in its life.
func (s *Service) lifeView(who Identity, place setting, r TicketRecord, view *TicketView) {
	t, see := r.Ticket, sightOf(who, place)
	view.Round, view.StageDueAt, view.PublicReply, view.Hard = t.Round, t.StageDueAt, t.PublicReply, t.Hard
	view.Unreasonable, view.Reworks, view.Routing, view.Notice = t.Unreasonable, t.Reworks, t.Routing, t.Notice
	view.Light, view.Remains = place.lightOf(t)
	view.Now = place.whereNow(r)
	for _, l := range t.Legs {
		view.Returns += l.Returns
		view.Extensions += l.Extensions
		if see.leg(l) {
			view.Legs = append(view.Legs, place.legView(see, l))
		}
	}
	for _, q := range t.Requests {
		if leg, ok := t.Leg(q.Leg); see.all || ok && see.within(leg.Unit) {
			view.Requests = append(view.Requests, place.requestView(q))
		}
	}
	for _, v := range t.Supervisions {
		if see.within(v.Unit) && (see.all || v.State != tickets.SupervisionFiled) {
			view.Supervisions = append(view.Supervisions, place.supervisionView(v))
		}
	}
	for _, c := range t.Cards {
		if see.within(c.Unit) {
			view.Cards = append(view.Cards, place.cardView(c))
		}
	}
	if see.all || see.first {
		for _, v := range t.Visits {
			view.Visits = append(view.Visits, VisitView{Visit: v, At: v.At, ByName: v.ByName})
		}
	}
}

func (p setting) legView(see sight, l tickets.Leg) LegView {
	view := LegView{
		N: l.N, Round: l.Round, Role: l.Role, Unit: p.unitRef(l.Unit), Parent: l.Parent, Level: l.Level, State: l.State,
		StateLabel: l.State.Label(), Opinion: l.Opinion, SentBy: p.name(l.SentBy), SentAt: l.SentAt, FirstViewedAt: l.FirstViewedAt,
		SignedAt: l.SignedAt, ClerkName: p.name(l.Clerk), SignDueAt: l.SignDueAt, ReturnDueAt: l.ReturnDueAt, DueAt: l.DueAt,
		Light: p.rules.Light(l, p.now), Suspended: !l.SuspendedAt.IsZero(), NoReturn: l.NoReturn, RepliedAt: l.RepliedAt,
		Late: l.RepliedLate, Mine: l.Unit == see.unit && see.unit != "",
	}
	if l.State.Open() {
		view.Remains = p.remains(l.DueAt)
	}
	if !see.within(l.Unit) {
		return view
	}
	view.Contacts, view.Interim = l.Contacts, l.Interim
	if !l.Draft.Empty() {
		view.Draft = &l.Draft
	}
	if !l.Reply.Empty() {
		view.Reply = &l.Reply
	}
	return view
}

func (p setting) requestView(q tickets.Request) RequestView {
	view := RequestView{
		N: q.N, Kind: q.Kind, KindLabel: q.Kind.Label(), State: q.State, StateLabel: q.State.Label(), Leg: q.Leg, Reason: q.Reason,
		Basis: q.Basis, Days: q.Days, Until: q.Until, Plan: q.Plan, AskedBy: q.AskedName, AskedAt: q.AskedAt, InTime: q.InTime,
		DecideDueAt: q.DecideDueAt, DecidedBy: q.DecidedName, DecidedAt: q.DecidedAt, Opinion: q.Opinion,
	}
	if q.Unit != "" {
		ref := p.unitRef(q.Unit)
		view.Unit = &ref
	}
	if q.AskedUnit != "" {
		ref := p.unitRef(q.AskedUnit)
		view.AskedUnit = &ref
	}
	return view
}

func (p setting) supervisionView(v tickets.Supervision) SupervisionView {
	return SupervisionView{
		N: v.N, Kind: v.Kind, KindLabel: tickets.Label(tickets.SupervisionKinds, string(v.Kind)), State: v.State, StateLabel: v.State.Label(),
		Unit: p.unitRef(v.Unit), Reason: v.Reason, Demand: v.Demand, DueAt: v.DueAt, FiledBy: v.FiledName, FiledAt: v.FiledAt,
		IssuedAt: v.IssuedAt, Reply: v.Reply, ReplyAt: v.ReplyAt, Opinion: v.Opinion, ClosedAt: v.ClosedAt,
	}
}

func (p setting) cardView(c tickets.Card) CardView {
	return CardView{
		N: c.N, Kind: c.Kind, KindLabel: tickets.Label(tickets.CardKinds, string(c.Kind)), Unit: p.unitRef(c.Unit), Reason: c.Reason,
		IssuedAt: c.IssuedAt, RevokedAt: c.RevokedAt, Revoked: c.RevokeReason,
	}
}

// flowView shows the steps that the asker may read: the ticket's own, and those of the parts in
// his sight; what was written at a step only where he may read within the part.
func (s *Service) flowView(who Identity, place setting, t tickets.Ticket, flow []tickets.FlowStep) []FlowView {
	see := sightOf(who, place)
	views := []FlowView{}
	for _, step := range flow {
		if !see.step(t, &step) {
			continue
		}
		views = append(views, FlowView{
			Seq: step.Seq, At: step.At, Actor: step.Actor, ActorName: step.ActorName, Unit: step.Unit,
			Event: step.Event, EventLabel: step.Event.Label(), From: step.From, To: step.To, ToLabel: step.To.Label(),
			Opinion: step.Opinion, Data: step.Data,
		})
	}
	return views
}

// toBelow are the acts of a unit whose words are meant for the units below it.
var toBelow = []tickets.Event{tickets.Delegate, tickets.AddDelegate, tickets.RecallDelegate, tickets.SendBack, tickets.Redo}

// step tells whether the step is shown, and takes out of it what may not be read.
func (v sight) step(t tickets.Ticket, step *tickets.FlowStep) bool {
	if v.all {
		return true
	}
	data := &step.Data
	if !v.first {
		data.Visit = nil
	}
	leg, ofLeg := t.Leg(data.Leg)
	supervision, supervised := t.Supervision(data.Supervision)
	switch {
	case data.Supervision != 0:
		return supervised && v.within(supervision.Unit) && step.Event != tickets.Instruct && step.Event != tickets.Supervise
	case data.Leg == 0 || !ofLeg:
		return data.Request == 0
	case !v.leg(leg):
		return false
	case v.within(leg.Unit):
		return true
	case data.Request != 0 || data.Card != 0 || step.Event == tickets.SaveReply:
		return false
	}
	data.Reply, data.Contact, data.Files = nil, nil, nil
	if !slices.Contains(toBelow, step.Event) || !v.place.above(leg.Unit, v.unit) {
		step.Opinion = ""
	}
	return true
}

// lightOf is the light of the lead leg while units work, of the hotline's own stage otherwise,
// with what remains until it is due.
func (p setting) lightOf(t tickets.Ticket) (tickets.Light, string) {
	if lead, ok := t.LeadLeg(); ok && t.State == tickets.Dispatched {
		return p.rules.Light(lead, p.now), p.remains(lead.DueAt)
	}
	due := firstTime(t.StageDueAt, t.DueAt)
	if !t.State.Open() || due.IsZero() {
		return tickets.NoLight, ""
	}
	return p.stageLight(t.StageAt, due), p.remains(due)
}

// stageLight treats a stage of the hotline like a leg.
func (p setting) stageLight(began, due time.Time) tickets.Light {
	return p.rules.Light(tickets.Leg{State: tickets.Handling, BeganAt: began, DueAt: due}, p.now)
}

func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// remains says what is left until due, or by how much it is past.
func (p setting) remains(due time.Time) string {
	if due.IsZero() {
		return ""
	}
	return p.rules.Remains(p.now, due).String()
}

// stageWho is who has to act in the hotline's own stages.
var stageWho = map[tickets.State]string{
	tickets.Received: "受理员", tickets.ToDispatch: "派单员", tickets.UnderReview: "审核员", tickets.ToFollowUp: "回访员", tickets.Deliberation: "热线办",
}

// whereNow is one line for a newcomer: who has to act, and what it waits for.
func (p setting) whereNow(r TicketRecord) string {
	t := r.Ticket
	switch {
	case t.State == tickets.Dispatched && len(t.Legs) == 0 && r.UnitName != "": // of a list: its parts are not read
		return r.UnitName + " · " + t.State.Label()
	case t.State == tickets.Dispatched:
		return p.whoHandles(t)
	case t.State == tickets.Suspended && !t.DueAt.IsZero():
		return "挂起 · 至 " + t.DueAt.In(p.local).Format("1月2日")
	case stageWho[t.State] != "":
		who := stageWho[t.State]
		if r.OwnerName != "" {
			who += " " + r.OwnerName
		}
		return who + " · " + t.State.Label()
	case t.State == tickets.Draft || t.State == tickets.ToSupplement:
		return strings.TrimSpace(first(r.OwnerName, r.WriterName) + " · " + t.State.Label())
	case t.State == tickets.Closed && t.Result != "":
		return t.State.Label() + " · " + tickets.Label(tickets.Results, string(t.Result))
	}
	return t.State.Label()
}

// whoHandles names the units that have to act, the lead's line first.
func (p setting) whoHandles(t tickets.Ticket) string {
	var parts []string
	for _, l := range t.Legs {
		if !l.State.Open() || l.State == tickets.Delegated {
			continue
		}
		label := l.State.Label()
		if q, ok := t.OpenRequest(l.N); ok && l.State != tickets.ReturnAsked {
			label += "（" + q.Kind.Label() + "待决定）"
		}
		parts = append(parts, p.unitName(l.Unit)+" · "+label)
	}
	if len(parts) == 0 {
		return t.State.Label()
	}
	return strings.Join(parts, "；")
}

// requesters are the citizens of the tickets merged into the one shown.
func (s *Service) requesters(who Identity, place setting, master tickets.Ticket, merged []TicketRecord) []RequesterView {
	var list []RequesterView
	for _, m := range merged {
		list = append(list, RequesterView{
			ID: m.ID, Number: m.Number, Caller: s.callerView(who, m.Ticket, nil), At: m.CreatedAt,
			Followed: len(place.toFollowUp(master, []tickets.Ticket{m.Ticket})) == 0,
		})
	}
	return list
}
