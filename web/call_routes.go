package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

type callListInput struct {
	PageInput
	From    time.Time `query:"from"`
	To      time.Time `query:"to"`
	Queue   string    `query:"queue" maxLength:"64"`
	Account string    `query:"account" maxLength:"64"`
	Caller  string    `query:"caller" maxLength:"24" doc:"Full number"`
	Cause   string    `query:"cause" maxLength:"64"`
	Lost    string    `query:"lost" enum:"true,false,"`
	Noted   string    `query:"noted" enum:"true,false,"`
	Query   string    `query:"q" maxLength:"100"`
}

func (in *callListInput) filter() service.CallFilter {
	yes := func(text string) *bool {
		if text == "" {
			return nil
		}
		v := text == "true"
		return &v
	}
	return service.CallFilter{
		Paging: in.paging(), From: in.From, To: in.To, Queue: in.Queue, Account: in.Account, Caller: in.Caller,
		Cause: calls.Cause(in.Cause), Lost: yes(in.Lost), Noted: yes(in.Noted), Query: in.Query,
	}
}

type callbackListInput struct {
	PageInput
	Kind  string `query:"kind" enum:"voicemail,callback,missed,"`
	State string `query:"state" enum:"waiting,taken,done,"`
}

type finishCallbackInput struct {
	IDInput
	Body service.FinishCallback
}

type commandInput struct {
	Body struct {
		Type string          `json:"type" maxLength:"64" doc:"Name of the floor command"`
		Data json.RawMessage `json:"data,omitempty"`
	}
}

func (s *Server) callRoutes() {
	route(s, operation("list-calls", http.MethodGet, "/calls", directory.CallList, "List calls, newest first"),
		func(ctx context.Context, who Identity, in *callListInput) (service.Page[service.CallRecord], error) {
			return s.desk.Calls(ctx, who, in.filter())
		})
	route(s, operation("get-call", http.MethodGet, "/calls/{id}", directory.CallList, "One call: path, waits, seats, end, recordings, tickets, timeline"),
		func(ctx context.Context, who Identity, in *IDInput) (service.CallRecord, error) {
			return s.desk.Call(ctx, who, calls.ID(in.ID))
		})
	route(s, operation("list-callbacks", http.MethodGet, "/callbacks", directory.CallbackWork, "留言与回拨: voicemails, call-back wishes, missed calls"),
		func(ctx context.Context, who Identity, in *callbackListInput) (service.Page[service.CallbackView], error) {
			return s.desk.Callbacks(ctx, who, service.CallbackFilter{Paging: in.paging(), Kind: in.Kind, State: in.State})
		})
	route(s, operation("take-callback", http.MethodPost, "/callbacks/{id}/take", directory.CallbackWork, "Take a row in hand"),
		func(ctx context.Context, who Identity, in *IDInput) (service.CallbackView, error) {
			return s.desk.TakeCallback(ctx, who, in.ID)
		})
	route(s, operation("release-callback", http.MethodPost, "/callbacks/{id}/release", directory.CallbackWork, "Give a row back"),
		func(ctx context.Context, who Identity, in *IDInput) (service.CallbackView, error) {
			return s.desk.ReleaseCallback(ctx, who, in.ID)
		})
	route(s, operation("finish-callback", http.MethodPost, "/callbacks/{id}/done", directory.CallbackWork, "Say how it ended"),
		func(ctx context.Context, who Identity, in *finishCallbackInput) (service.CallbackView, error) {
			return s.desk.FinishCallback(ctx, who, in.ID, in.Body)
		})
	route(s, operation("command-floor", http.MethodPost, "/floor/commands", signedInOnly, "Send one command to the floor, as over the live socket"),
		func(ctx context.Context, who Identity, in *commandInput) (json.RawMessage, error) {
			ctx, cancel := context.WithTimeout(ctx, commandDeadline)
			defer cancel()
			data, err := s.command(ctx, who, floor.CommandName(in.Body.Type), in.Body.Data)
			if len(data) == 0 {
				data = json.RawMessage("{}")
			}
			return data, err
		})
	route(s, operation("get-floor", http.MethodGet, "/floor/snapshot", directory.FloorWatch, "Every seat and queue now"),
		func(context.Context, Identity, *none) (boardState, error) { return s.hub.picture(), nil })
	route(s, operation("list-seats", http.MethodGet, "/seats", directory.FloorSeat, "Seats signed in, for transfer and consult"),
		func(context.Context, Identity, *none) (list[SeatChoice], error) {
			return listOf(s.hub.seatChoices()), nil
		})
}

// SeatChoice is a seat one can transfer to.
type SeatChoice struct {
	Seat  string          `json:"seat"`
	Name  string          `json:"name"`
	Group string          `json:"group,omitempty"`
	State floor.SeatState `json:"state"`
	Since time.Time       `json:"since"`
}
