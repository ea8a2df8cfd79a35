package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// Ticket is the page of one ticket, by UUID or 12-digit number: fields, calls with recordings,
// parts of units, requests, flow and what the asker may do. A ticket out of the asker's scope is
// ErrNotFound.
func (s *Service) Ticket(ctx context.Context, who Identity, id string) (TicketView, error) {
	record, err := s.visibleTicket(ctx, who, id)
	if err != nil {
		return TicketView{}, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return TicketView{}, err
	}
	open, err := s.store.OpenCalls(ctx, who.Account)
	if err != nil {
		return TicketView{}, fmt.Errorf("read ticket: %w", err)
	}
	records, err := s.callsOf(ctx, record.Ticket)
	if err != nil {
		return TicketView{}, err
	}
	facts, merged, err := s.pageFacts(ctx, who, place, record.Ticket, records)
	if err != nil {
		return TicketView{}, err
	}
	view := s.ticketView(who, place, record, open, facts)
	view.Calls = s.ticketCalls(who, record.Ticket, records)
	view.Requesters = s.requesters(who, place, record.Ticket, merged)
	if view.Files, err = s.filesOf(ctx, who, place, record.Ticket); err != nil {
		return TicketView{}, err
	}
	flow, err := s.store.Flow(ctx, record.ID)
	if err != nil {
		return TicketView{}, fmt.Errorf("read flow: %w", err)
	}
	view.Flow = s.flowView(who, place, record.Ticket, flow)
	return view, nil
}

// pageFacts are what decides about the buttons of one ticket's page, and the tickets merged into it.
func (s *Service) pageFacts(ctx context.Context, who Identity, place setting, t tickets.Ticket, records map[calls.ID]CallRecord) (tickets.Facts, []TicketRecord, error) {
	facts := place.facts()
	facts.HandedOver = handedOver(records, who.Account)
	if err := s.catalogueFacts(ctx, t, &facts); err != nil {
		return facts, nil, err
	}
	if t.Master != "" {
		master, err := s.store.Ticket(ctx, t.Master)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return facts, nil, fmt.Errorf("read master: %w", err)
		}
		facts.MasterGone = master.State == tickets.Withdrawn || master.State == tickets.Voided
	}
	merged, err := s.store.MergedInto(ctx, t.ID)
	if err != nil {
		return facts, nil, fmt.Errorf("read merged tickets: %w", err)
	}
	list := make([]tickets.Ticket, len(merged))
	for i, m := range merged {
		list[i] = m.Ticket
	}
	facts.Merged, facts.FollowUps = len(list), len(place.toFollowUp(t, list))
	return facts, merged, nil
}

// visibleTicket reads a ticket the asker may see.
func (s *Service) visibleTicket(ctx context.Context, who Identity, id string) (TicketRecord, error) {
	if err := who.need(directory.TicketList); err != nil {
		return TicketRecord{}, err
	}
	record, err := s.store.Ticket(ctx, id)
	if err != nil {
		return TicketRecord{}, fmt.Errorf("read ticket: %w", err)
	}
	if err := s.mayAct(who, record.Ticket); err != nil {
		return TicketRecord{}, err
	}
	units, err := s.unitsOf(ctx, who)
	if err != nil {
		return TicketRecord{}, err
	}
	if !concerns(record.Ticket, units) {
		return TicketRecord{}, fmt.Errorf("read ticket: %w", ErrNotFound)
	}
	return record, nil
}

// concerns tells whether one of the units has or had a part in the ticket; nil: every unit.
func concerns(t tickets.Ticket, units []string) bool {
	return units == nil || slices.ContainsFunc(t.Legs, func(l tickets.Leg) bool { return slices.Contains(units, l.Unit) })
}

// mayAct keeps drafts to who has them in hand and to supervisors.
func (s *Service) mayAct(who Identity, t tickets.Ticket) error {
	if t.State == tickets.Draft && t.Owner != who.Account && !who.Can(directory.DraftsAll) {
		return fmt.Errorf("a draft of somebody else: %w", ErrNotFound)
	}
	return nil
}

// unitsOf lists the units whose tickets the asker sees; nil: all.
func (s *Service) unitsOf(ctx context.Context, who Identity) ([]string, error) {
	scope := who.Scope(directory.TicketList)
	if scope == directory.ScopeAll {
		return nil, nil
	}
	if who.Unit == nil || scope == directory.ScopeNone || scope == directory.ScopeOwn {
		return []string{}, nil
	}
	if scope == directory.ScopeUnit {
		return []string{who.Unit.ID}, nil
	}
	return s.subtree(ctx, who.Unit.ID)
}

// subtree lists the unit and all units below it.
func (s *Service) subtree(ctx context.Context, unit string) ([]string, error) {
	all, err := s.house.all(ctx)
	if err != nil {
		return nil, err
	}
	units := []string{unit}
	for i := 0; i < len(units); i++ {
		for _, u := range all {
			if u.Parent == units[i] && !slices.Contains(units, u.ID) {
				units = append(units, u.ID)
			}
		}
	}
	return units, nil
}

// UnitsSeen lists the units of whose tickets' changes the account's pages are told; nil: all.
func (s *Service) UnitsSeen(ctx context.Context, who Identity) ([]string, error) {
	if !who.Can(directory.TicketList) {
		return []string{}, nil
	}
	return s.unitsOf(ctx, who)
}

// ticketView shows the ticket as the asker may see it. open are the calls he has in hand.
func (s *Service) ticketView(who Identity, place setting, r TicketRecord, open []calls.ID, facts tickets.Facts) TicketView {
	t := r.Ticket
	view := TicketView{
		ID: t.ID, Number: t.Number, State: t.State, StateLabel: t.State.Label(), Version: t.Version,
		Type: t.Type, Title: t.Title, Content: t.Content, Answer: t.Answer, Urgency: t.Urgency, Source: t.Source,
		External: t.External, Secret: t.Secret, Caller: s.callerView(who, t, open), Place: t.Place, HappenedAt: t.HappenedAt,
		ClassID: t.ClassID, ClassPath: orEmpty(t.ClassPath), NeedReply: t.NeedReply, NeedFollowUp: t.NeedFollowUp,
		Subject: SubjectView{Name: t.Subject.Name, Phone: t.Subject.Phone.Masked()},
		Tags:    orEmpty(t.Tags), Elements: tickets.ElementsOf(t), DueAt: t.DueAt,
		WriterAccount: t.Writer, WriterName: r.WriterName, OwnerAccount: t.Owner, OwnerName: r.OwnerName,
		Missing: t.Missing, Master: t.Master, RefersTo: t.RefersTo, Calls: []TicketCall{}, Urges: t.Count(tickets.CallUrge),
		CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt, SubmittedAt: t.SubmittedAt, ClosedAt: t.ClosedAt, Result: t.Result,
		Actions: []tickets.Action{},
	}
	if t.State == tickets.Dispatched && t.Round > 1 {
		view.StateLabel = "重办中"
	}
	if t.Unit != "" {
		view.Unit = &UnitRef{ID: t.Unit, Name: r.UnitName}
	}
	if t.Owner == who.Account {
		view.Subject.Phone = t.Subject.Phone.Clear()
	}
	if t.Writer == who.Account && t.QueryCode != "" && t.State.Open() {
		view.QueryCode = t.QueryCode
	}
	if who.Can(directory.TicketAct) {
		for _, a := range tickets.Allowed(t, who.Actor(), facts) {
			if a.Name == tickets.Save {
				view.Editable = true
				continue
			}
			view.Actions = append(view.Actions, a)
		}
	}
	s.lifeView(who, place, r, &view)
	return view
}

// callerView masks: the full number is for the agent of the call until its wrap-up ends, and
// for who types the draft; 保密 hides the citizen from everybody outside the hotline's desk.
func (s *Service) callerView(who Identity, t tickets.Ticket, open []calls.ID) CallerView {
	c := t.Caller
	view := CallerView{
		Name: c.Name, Gender: c.Gender, Kind: c.Kind, Company: c.Company, ContactSame: c.ContactSame, Email: c.Email,
		PhoneMasked: c.Reach().Masked(), NumberMasked: c.Number.Masked(),
	}
	inHand := t.Owner == who.Account && t.Owner != ""
	ownCall := slices.ContainsFunc(t.Calls, func(ref tickets.CallRef) bool {
		return ofCitizen(ref.Role) && slices.Contains(open, ref.ID)
	})
	if inHand || ownCall {
		view.Phone = c.Contact.Clear()
	}
	if ownCall {
		view.Number = c.Number.Clear()
		view.Phone = c.Reach().Clear()
	}
	if !inHand && !ownCall {
		view.Email = maskEmail(c.Email)
		if !who.Actor().Has(workWithCitizens...) {
			view.Name = privacy.MaskName(c.Name)
		}
		if t.Secret && !who.Actor().Has(tickets.Intake, tickets.Dispatcher, tickets.Reviewer, tickets.FollowUp, tickets.Office) {
			view = CallerView{Kind: c.Kind, ContactSame: c.ContactSame, Hidden: true}
		}
	}
	return view
}

// workWithCitizens are the roles that talk with citizens or decide about their matters; the
// others, who inspect or read, see no whole name.
var workWithCitizens = []tickets.Role{
	tickets.Agent, tickets.Supervisor, tickets.Intake, tickets.Dispatcher, tickets.Reviewer, tickets.FollowUp, tickets.Office,
	tickets.UnitClerk, tickets.UnitLeader,
}

// ofCitizen tells the calls with the ticket's own citizen from those in which anybody urges, adds to
// or asks after it: the latter must not show whose it is.
func ofCitizen(role tickets.CallRole) bool {
	return role != tickets.CallUrge && role != tickets.CallSupplement && role != tickets.CallProgress
}

func maskEmail(email string) string {
	for i, r := range email {
		if r == '@' {
			return "***" + email[i:]
		}
	}
	return ""
}

// callsOf reads the records of a ticket's calls.
func (s *Service) callsOf(ctx context.Context, t tickets.Ticket) (map[calls.ID]CallRecord, error) {
	ids := make([]calls.ID, len(t.Calls))
	for i, ref := range t.Calls {
		ids[i] = ref.ID
	}
	records, err := s.store.TicketCalls(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read the ticket's calls: %w", err)
	}
	return records, nil
}

// handedOver tells whether a seat of somebody else talked in one of the calls.
func handedOver(records map[calls.ID]CallRecord, account string) bool {
	for _, r := range records {
		for _, seat := range r.Seats {
			if seat.Account != account && !seat.AnsweredAt.IsZero() {
				return true
			}
		}
	}
	return false
}

func (s *Service) ticketCalls(who Identity, t tickets.Ticket, records map[calls.ID]CallRecord) []TicketCall {
	list := []TicketCall{}
	for _, ref := range t.Calls {
		record := records[ref.ID]
		call := TicketCall{ID: ref.ID, Role: ref.Role, At: ref.At, End: record.End, Recordings: s.playable(who, record)}
		for _, seat := range record.Seats {
			if !seat.AnsweredAt.IsZero() {
				call.Agent = seat.Name
				call.TalkS += seat.TalkS
			}
		}
		list = append(list, call)
	}
	return list
}

// Tickets lists the tickets the asker may see, newest first.
func (s *Service) Tickets(ctx context.Context, who Identity, f TicketFilter) (Page[TicketView], error) {
	page := Page[TicketView]{Items: []TicketView{}}
	if err := who.need(directory.TicketList); err != nil {
		return page, err
	}
	units, err := s.unitsOf(ctx, who)
	if err != nil {
		return page, err
	}
	q := TicketQuery{TicketFilter: f, Account: who.Account, Units: units, States: f.States, Now: s.clock()}
	if f.Open {
		q.States = tickets.OpenStates()
	}
	if f.Class != "" {
		list, err := s.store.Classes(ctx)
		if err != nil {
			return page, fmt.Errorf("list tickets: %w", err)
		}
		q.Classes = newClassTree(list).below(f.Class)
	}
	records, next, total, more, err := s.store.Tickets(ctx, q)
	if err != nil {
		return page, fmt.Errorf("list tickets: %w", err)
	}
	page.NextCursor, page.Total, page.TotalIsMore = next, total, more
	page.Items, err = s.views(ctx, who, records)
	return page, err
}

func (s *Service) views(ctx context.Context, who Identity, records []TicketRecord) ([]TicketView, error) {
	open, err := s.store.OpenCalls(ctx, who.Account)
	if err != nil {
		return nil, fmt.Errorf("read own calls: %w", err)
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return nil, err
	}
	views := make([]TicketView, 0, len(records))
	for _, r := range records {
		views = append(views, s.ticketView(who, place, r, open, place.facts()))
	}
	return views, nil
}

// Drafts lists the asker's own unfinished drafts, last touched first.
func (s *Service) Drafts(ctx context.Context, who Identity) ([]TicketView, error) {
	if err := who.need(directory.TicketCreate); err != nil {
		return nil, err
	}
	records, _, _, _, err := s.store.Tickets(ctx, TicketQuery{
		TicketFilter: TicketFilter{Paging: Paging{Limit: 200}, Mine: true}, Account: who.Account,
		States: []tickets.State{tickets.Draft, tickets.ToSupplement}, Now: s.clock(),
	})
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	return s.views(ctx, who, records)
}

// LeftOpen is how long after the end of its call a draft counts as left open.
const LeftOpen = 30 * time.Minute

// DraftsLeftOpen lists drafts of everybody whose call ended more than LeftOpen ago; they are
// never deleted, a supervisor gives them to somebody or discards them.
func (s *Service) DraftsLeftOpen(ctx context.Context, who Identity) ([]TicketView, error) {
	if err := who.need(directory.DraftsAll); err != nil {
		return nil, err
	}
	records, err := s.store.LeftOpenDrafts(ctx, s.clock().Add(-LeftOpen))
	if err != nil {
		return nil, fmt.Errorf("list drafts left open: %w", err)
	}
	return s.views(ctx, who, records)
}

// Similar lists tickets that share the phone, class and place, or words with the ticket.
func (s *Service) Similar(ctx context.Context, who Identity, id string) ([]TicketView, error) {
	record, err := s.visibleTicket(ctx, who, id)
	if err != nil {
		return nil, err
	}
	units, err := s.unitsOf(ctx, who)
	if err != nil {
		return nil, err
	}
	records, err := s.store.SimilarTickets(ctx, record.Ticket, 10)
	if err != nil {
		return nil, fmt.Errorf("find similar tickets: %w", err)
	}
	if records, err = s.concerning(ctx, records, units); err != nil {
		return nil, err
	}
	return s.views(ctx, who, records)
}

// concerning leaves those of the tickets in which one of the units has or had a part; nil: every
// unit.
func (s *Service) concerning(ctx context.Context, records []TicketRecord, units []string) ([]TicketRecord, error) {
	if units == nil {
		return records, nil
	}
	var list []TicketRecord
	for _, r := range records { // lists are read without their parts
		whole, err := s.store.Ticket(ctx, r.ID)
		if err != nil {
			return nil, fmt.Errorf("read ticket: %w", err)
		}
		if concerns(whole.Ticket, units) {
			list = append(list, whole)
		}
	}
	return list, nil
}

// NumberOfTicket is the number to dial from a ticket's page, for the floor. The account has to
// be one that may make calls and see the ticket. ErrNotFound, ErrForbidden, ErrNoNumber.
func (s *Service) NumberOfTicket(ctx context.Context, ticket, account string) (privacy.Phone, error) {
	who, err := s.Identity(ctx, account)
	if err != nil {
		return "", err
	}
	if err := who.need(directory.FloorSeat); err != nil {
		return "", err
	}
	record, err := s.visibleTicket(ctx, who, ticket)
	if err != nil {
		return "", err
	}
	number := record.Caller.Reach()
	if number == "" {
		return "", ErrNoNumber
	}
	err = s.Audit(ctx, who, "ticket.dial", record.ID, record.Number)
	return number, err
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
