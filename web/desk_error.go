package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/knowledge"
	"github.com/open12345/hotline/tickets/service"
)

// deskErrors maps the desk's sentinel errors to problems.
var deskErrors = []struct {
	err    error
	status int
	code   string
}{
	{service.ErrNotFound, http.StatusNotFound, "not_found"},
	{service.ErrForbidden, http.StatusForbidden, "forbidden"},
	{service.ErrExists, http.StatusConflict, "exists"},
	{service.ErrStale, http.StatusConflict, "stale"},
	{service.ErrHandled, http.StatusConflict, "handled"},
	{service.ErrQueueEmpty, http.StatusNotFound, "queue_empty"},
	{service.ErrTooManyExports, http.StatusTooManyRequests, "too_many_exports"},
	{service.ErrNotYours, http.StatusConflict, "not_yours"},
	{service.ErrNoSeat, http.StatusForbidden, "not_your_seat"},
	{service.ErrNoNumber, http.StatusConflict, "no_number"},
	{directory.ErrBadPassword, http.StatusUnprocessableEntity, "bad_password"},
	{service.ErrBadAnswer, http.StatusUnprocessableEntity, "bad_answer"},
	{service.ErrHasWork, http.StatusConflict, "has_work"},
	{directory.ErrWeakPassword, http.StatusUnprocessableEntity, "weak_password"},
	{directory.ErrInvalid, http.StatusUnprocessableEntity, "invalid"},
}

// failed turns an error of a use case into a problem; what is unexpected is logged and told
// as 500 without its words.
func failed(doing string, err error) error {
	var (
		refusal  *tickets.Refusal
		article  *knowledge.Refusal
		conflict *service.Conflict
		command  *floor.Refusal
		done     huma.StatusError
	)
	switch {
	case errors.As(err, &done):
		return done
	case errors.As(err, &refusal):
		return problem(http.StatusConflict, refusal.Code, refusal.Text())
	case errors.As(err, &article):
		return problem(http.StatusConflict, article.Code, article.Text())
	case errors.As(err, &conflict):
		p := problem(http.StatusConflict, "version", "the ticket was changed meanwhile")
		p.Current, p.Since = conflict.Current, conflict.Since
		return p
	case errors.As(err, &command):
		return fromRefusal(err)
	}
	for _, e := range deskErrors {
		if errors.Is(err, e.err) {
			return problem(e.status, e.code, err.Error())
		}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return problem(http.StatusServiceUnavailable, "unavailable", doing+": no answer in time")
	}
	slog.Error("request failed", "doing", doing, "error", err)
	return problem(http.StatusInternalServerError, "internal", "the server failed; the error is logged")
}

type answer[O any] struct{ Body O }

// route registers an operation of the desk: fn gets who asks and answers with the body.
func route[I, O any](s *Server, op huma.Operation, fn func(context.Context, Identity, *I) (O, error)) {
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		who, _ := IdentityOf(ctx)
		out, err := fn(ctx, who, in)
		if err != nil {
			return nil, failed(op.OperationID, err)
		}
		return &answer[O]{out}, nil
	})
}

// routeDone registers an operation that answers 204.
func routeDone[I any](s *Server, op huma.Operation, fn func(context.Context, Identity, *I) error) {
	op.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*struct{}, error) {
		who, _ := IdentityOf(ctx)
		if err := fn(ctx, who, in); err != nil {
			return nil, failed(op.OperationID, err)
		}
		return nil, nil
	})
}

type none struct{}

// IDInput takes the id of the path. Like all parts of inputs it is exported: huma leaves the fields
// of unexported embedded structs unset.
type IDInput struct {
	ID string `path:"id" maxLength:"64"`
}

type list[T any] struct {
	Items []T `json:"items"`
}

func listOf[T any](items []T) list[T] {
	if items == nil {
		items = []T{}
	}
	return list[T]{items}
}

// PageInput asks for a page of a list.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	Cursor string `query:"cursor" maxLength:"200"`
}

func (p PageInput) paging() service.Paging {
	return service.Paging{Limit: p.Limit, Cursor: p.Cursor}
}
