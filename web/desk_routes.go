package web

import (
	"context"
	"net/http"
	"time"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

type queueInput struct {
	PageInput
	Queue    string `path:"queue" maxLength:"32"`
	Query    string `query:"q" maxLength:"100" doc:"Words, a ticket number or its beginning"`
	Type     string `query:"type" maxLength:"32"`
	Class    string `query:"class" maxLength:"64"`
	Unit     string `query:"unit" maxLength:"64"`
	Light    string `query:"light" enum:"green,yellow,red"`
	Urgency  string `query:"urgency" maxLength:"32"`
	Mine     bool   `query:"mine" doc:"Only what the asker has in hand"`
	Unsigned bool   `query:"unsigned" doc:"Only what is not signed yet"`
	Sort     string `query:"sort" enum:"due,newest,sent"`
}

func (in *queueInput) filter() service.QueueFilter {
	return service.QueueFilter{
		Paging: in.paging(), Queue: service.DeskQueue(in.Queue), Query: in.Query, Type: tickets.Type(in.Type), Class: in.Class, Unit: in.Unit,
		Light: tickets.Light(in.Light), Urgency: tickets.Urgency(in.Urgency), Mine: in.Mine, Unsigned: in.Unsigned, Sort: in.Sort,
	}
}

type batchInput struct {
	Event string `path:"event" maxLength:"64"`
	Key   string `header:"Idempotency-Key" maxLength:"90"`
	Body  service.BatchRequest
}

func (s *Server) deskRoutes() {
	route(s, operation("list-desk-queues", http.MethodGet, "/desk/queues", directory.TicketList, "The asker's queues with what lies in them"),
		func(ctx context.Context, who Identity, _ *none) (list[service.QueueCount], error) {
			items, err := s.desk.DeskQueues(ctx, who)
			return listOf(items), err
		})
	route(s, operation("get-desk-queue", http.MethodGet, "/desk/queues/{queue}", directory.TicketList, "What lies in a queue, the most urgent first"),
		func(ctx context.Context, who Identity, in *queueInput) (service.Page[service.QueueItem], error) {
			return s.desk.QueuePage(ctx, who, in.filter())
		})
	route(s, operation("take-next", http.MethodPost, "/desk/queues/{queue}/next", directory.TicketAct, "下一件: take the most urgent of a queue"),
		func(ctx context.Context, who Identity, in *queueInput) (service.TicketView, error) {
			return s.desk.Next(ctx, who, in.filter())
		})
	route(s, operation("act-on-tickets", http.MethodPost, "/desk/batch/{event}", directory.TicketAct, "Do one event to many tickets, each by itself"),
		func(ctx context.Context, who Identity, in *batchInput) (list[service.BatchResult], error) {
			in.Body.Key = in.Key
			items, err := s.desk.Batch(ctx, who, tickets.Event(in.Event), in.Body)
			return listOf(items), err
		})
	s.dispatchRoutes()
	s.unitRoutes()
	s.replyRoutes()
}

func (s *Server) dispatchRoutes() {
	type previewInput struct {
		IDInput
		Unit  string   `query:"unit" maxLength:"64" doc:"Lead; none at all: what the catalogue proposes"`
		Units []string `query:"units" maxItems:"20" doc:"Assists"`
	}
	route(s, operation("preview-dispatch", http.MethodGet, "/tickets/{id}/dispatch-preview", directory.TicketAct, "What units would get, before anything is sent"),
		func(ctx context.Context, who Identity, in *previewInput) (service.DispatchPreview, error) {
			return s.desk.DispatchPreview(ctx, who, in.ID, in.Unit, in.Units)
		})
	route(s, operation("get-follow-up", http.MethodGet, "/tickets/{id}/follow-up", directory.TicketAct, "Whom to call when, and what to read out"),
		func(ctx context.Context, who Identity, in *IDInput) (service.FollowUpPlan, error) {
			return s.desk.FollowUp(ctx, who, in.ID)
		})
	route(s, operation("list-replies-like", http.MethodGet, "/tickets/{id}/replies-like", directory.TicketList, "How closed tickets like this one were answered"),
		func(ctx context.Context, who Identity, in *IDInput) (list[service.ReplyLike], error) {
			items, err := s.desk.RepliesLike(ctx, who, in.ID)
			return listOf(items), err
		})
	type contactInput struct {
		IDInput
		Body service.ContactRequest
	}
	route(s, operation("contact-citizen", http.MethodPost, "/tickets/{id}/contact", directory.TicketAct, "联系群众: the hotline rings the clerk, then the citizen"),
		func(ctx context.Context, who Identity, in *contactInput) (contactAnswer, error) {
			return s.contact(ctx, who, in.ID, in.Body)
		})
}

// contactAnswer names the call that was begun; its events tell the rest.
type contactAnswer struct {
	Call calls.ID `json:"call"`
}

// contact begins the call and notes it on the unit's part: the proof of 响应 is there even when
// the clerk's page is gone.
func (s *Server) contact(ctx context.Context, who Identity, ticket string, in service.ContactRequest) (contactAnswer, error) {
	if s.bridge == nil {
		return contactAnswer{}, problem(http.StatusServiceUnavailable, floor.RefusedSwitchDown, "no switch is connected")
	}
	plan, err := s.desk.PlanContact(ctx, who, ticket, in)
	if err != nil {
		return contactAnswer{}, err
	}
	call, err := s.bridge.Bridge(ctx, floor.BridgeRequest{
		From: plan.From.Clear(), To: plan.To.Clear(), Label: plan.Label, Ticket: plan.Ticket, Account: who.Account, Unit: plan.Unit, Purpose: plan.Purpose,
	})
	if err != nil {
		return contactAnswer{}, err
	}
	return contactAnswer{Call: call}, s.desk.NoteContact(ctx, who, plan, call)
}

func (s *Server) unitRoutes() {
	type ratesInput struct {
		Unit string    `query:"unit" maxLength:"64" doc:"Left out: the asker's own"`
		From time.Time `query:"from" doc:"Left out: the beginning of this month"`
		To   time.Time `query:"to"`
	}
	route(s, operation("get-unit-rates", http.MethodGet, "/department/rates", directory.TicketList, "A unit's rates, with what they are made of"),
		func(ctx context.Context, who Identity, in *ratesInput) (service.UnitRates, error) {
			return s.desk.RatesOf(ctx, who, in.Unit, in.From, in.To)
		})
	type deputyInput struct{ Body service.DeputyRequest }
	route(s, operation("list-deputies", http.MethodGet, "/department/deputies", directory.TicketAct, "Who stands in for the unit's leader"),
		func(ctx context.Context, who Identity, _ *none) (list[service.Deputy], error) {
			items, err := s.desk.Deputies(ctx, who)
			return listOf(items), err
		})
	routeDone(s, operation("save-deputy", http.MethodPost, "/department/deputies", directory.TicketAct, "Let a clerk stand in for the leader for a while"),
		func(ctx context.Context, who Identity, in *deputyInput) error {
			return s.desk.SaveDeputy(ctx, who, in.Body)
		})
	routeDone(s, operation("delete-deputy", http.MethodDelete, "/department/deputies/{id}", directory.TicketAct, "End a deputy"),
		func(ctx context.Context, who Identity, in *IDInput) error {
			return s.desk.DeleteDeputy(ctx, who, in.ID)
		})
}
