package web

import (
	"context"
	"net/http"
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

type ticketListInput struct {
	PageInput
	State   []string  `query:"state" maxItems:"20"`
	Open    bool      `query:"open"`
	Type    string    `query:"type"`
	Source  string    `query:"source"`
	Class   string    `query:"class" maxLength:"64"`
	Query   string    `query:"q" maxLength:"100"`
	Phone   string    `query:"phone" maxLength:"24" doc:"Full number"`
	Mine    bool      `query:"mine"`
	Urgency string    `query:"urgency"`
	Secret  bool      `query:"secret"`
	Overdue bool      `query:"overdue"`
	Unit    string    `query:"unit" maxLength:"64"`
	From    time.Time `query:"from"`
	To      time.Time `query:"to"`
}

func (in *ticketListInput) filter() service.TicketFilter {
	f := service.TicketFilter{
		Paging: in.paging(), Open: in.Open, Type: tickets.Type(in.Type), Source: tickets.Source(in.Source), Class: in.Class,
		Query: in.Query, Phone: in.Phone, Mine: in.Mine, Urgency: tickets.Urgency(in.Urgency), Secret: in.Secret,
		Overdue: in.Overdue, Unit: in.Unit, From: in.From, To: in.To,
	}
	for _, st := range in.State {
		f.States = append(f.States, tickets.State(st))
	}
	return f
}

type newTicketInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"100"`
	Body service.NewTicket
}

type saveTicketInput struct {
	IDInput
	Body service.SaveTicketRequest
}

type actInput struct {
	IDInput
	Action string `path:"action" maxLength:"64"`
	Key    string `header:"Idempotency-Key" maxLength:"100"`
	Body   service.ActRequest
}

type addInput struct {
	IDInput
	Body service.AddRequest
}

func (s *Server) ticketRoutes() {
	route(s, operation("list-tickets", http.MethodGet, "/tickets", directory.TicketList, "List tickets, newest first"),
		func(ctx context.Context, who Identity, in *ticketListInput) (service.Page[service.TicketView], error) {
			return s.desk.Tickets(ctx, who, in.filter())
		})
	create := operation("create-ticket", http.MethodPost, "/tickets", directory.TicketCreate, "Begin a ticket: for a call, or registering a letter")
	create.DefaultStatus = http.StatusCreated
	route(s, create, func(ctx context.Context, who Identity, in *newTicketInput) (service.TicketView, error) {
		in.Body.Key = in.Key
		return s.desk.CreateTicket(ctx, who, in.Body)
	})
	route(s, operation("get-ticket", http.MethodGet, "/tickets/{id}", directory.TicketList, "One ticket by id or number, with its flow and calls"),
		func(ctx context.Context, who Identity, in *IDInput) (service.TicketView, error) {
			return s.desk.Ticket(ctx, who, in.ID)
		})
	route(s, operation("save-ticket", http.MethodPatch, "/tickets/{id}", directory.TicketAct, "Save fields (autosave)"),
		func(ctx context.Context, who Identity, in *saveTicketInput) (service.TicketView, error) {
			return s.desk.SaveTicket(ctx, who, in.ID, in.Body)
		})
	route(s, operation("act-on-ticket", http.MethodPost, "/tickets/{id}/actions/{action}", directory.TicketAct, "Do one of the ticket's allowed actions"),
		func(ctx context.Context, who Identity, in *actInput) (service.TicketView, error) {
			in.Body.Key = in.Key
			return s.desk.Act(ctx, who, in.ID, tickets.Event(in.Action), in.Body)
		})
	for _, event := range []tickets.Event{tickets.Urge, tickets.Supplement, tickets.Progress} {
		route(s, operation(string(event)+"-ticket", http.MethodPost, "/tickets/{id}/"+string(event), directory.TicketCreate,
			"From a call, on an older open ticket: "+string(event)),
			func(ctx context.Context, who Identity, in *addInput) (service.TicketView, error) {
				return s.desk.AddToTicket(ctx, who, in.ID, event, in.Body)
			})
	}
	s.draftRoutes()
	s.vocabularyRoutes()
}

func (s *Server) draftRoutes() {
	route(s, operation("list-own-drafts", http.MethodGet, "/tickets/drafts", directory.TicketCreate, "Own unfinished drafts"),
		func(ctx context.Context, who Identity, _ *none) (list[service.TicketView], error) {
			items, err := s.desk.Drafts(ctx, who)
			return listOf(items), err
		})
	route(s, operation("list-left-open-drafts", http.MethodGet, "/tickets/drafts/all", directory.DraftsAll, "Drafts left open after their call"),
		func(ctx context.Context, who Identity, _ *none) (list[service.TicketView], error) {
			items, err := s.desk.DraftsLeftOpen(ctx, who)
			return listOf(items), err
		})
	type similarInput struct {
		Ticket string `query:"ticket" required:"true" maxLength:"64"`
	}
	route(s, operation("list-similar-tickets", http.MethodGet, "/tickets/similar", directory.TicketList, "Tickets like this one: phone, place, class, words"),
		func(ctx context.Context, who Identity, in *similarInput) (list[service.TicketView], error) {
			items, err := s.desk.Similar(ctx, who, in.Ticket)
			return listOf(items), err
		})
	type historyInput struct {
		Call string `query:"call" required:"true" maxLength:"64"`
	}
	route(s, operation("get-caller-history", http.MethodGet, "/callers/history", directory.CallerHistory, "What is known of the own call's citizen"),
		func(ctx context.Context, who Identity, in *historyInput) (service.History, error) {
			return s.desk.HistoryOfCall(ctx, who, calls.ID(in.Call))
		})
}

func (s *Server) vocabularyRoutes() {
	type queryInput struct {
		Query string `query:"q" maxLength:"60" doc:"Pinyin initials or words; empty: all"`
	}
	route(s, operation("search-classes", http.MethodGet, "/classes", signedInOnly, "Leaves of the class tree by pinyin initials and words"),
		func(ctx context.Context, _ Identity, in *queryInput) (list[service.ClassView], error) {
			items, err := s.desk.Classes(ctx, in.Query)
			return listOf(items), err
		})
	route(s, operation("list-areas", http.MethodGet, "/areas", signedInOnly, "Areas of the city"),
		func(ctx context.Context, _ Identity, _ *none) (list[directory.Area], error) {
			items, err := s.desk.Areas(ctx)
			return listOf(items), err
		})
	route(s, operation("search-units", http.MethodGet, "/units", signedInOnly, "Departments and public-service enterprises"),
		func(ctx context.Context, _ Identity, in *queryInput) (list[directory.Unit], error) {
			items, err := s.desk.Units(ctx, in.Query)
			return listOf(items), err
		})
	route(s, operation("list-contacts", http.MethodGet, "/contacts", directory.FloorSeat, "Outside numbers for consult and three-party calls"),
		func(ctx context.Context, _ Identity, _ *none) (list[directory.Contact], error) {
			items, err := s.desk.Contacts(ctx)
			return listOf(items), err
		})
}
