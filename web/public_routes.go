package web

import (
	"context"
	"net/http"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// TokenInput takes the signed token of a link in a message.
type TokenInput struct {
	Token string `path:"token" maxLength:"120"`
}

// linkRoutes are what citizens open by links in messages: the token is the proof.
func (s *Server) linkRoutes() {
	type ratingInput struct {
		TokenInput
		Body service.RatingAnswers
	}
	type wishInput struct {
		TokenInput
		Body struct {
			Reason string `json:"reason" minLength:"1" maxLength:"500"`
		}
	}
	get := func(id, path, summary string) {
		route(s, operation(id, http.MethodGet, path, public, summary), func(ctx context.Context, _ Identity, in *TokenInput) (service.PublicTicket, error) {
			return s.desk.PublicReply(ctx, in.Token)
		})
	}
	get("get-public-reply", "/public/reply/{token}", "The public reply, by the link of a message")
	get("get-rating", "/public/rating/{token}", "The questions of the follow-up, by the link of a message")
	route(s, operation("rate-by-link", http.MethodPost, "/public/rating/{token}", public, "Answer the follow-up by link; discontent becomes a call"),
		func(ctx context.Context, _ Identity, in *ratingInput) (service.PublicTicket, error) {
			return s.desk.Rate(ctx, in.Token, in.Body)
		})
	wish := func(id, path, summary string, event tickets.Event) {
		route(s, operation(id, http.MethodPost, path, public, summary), func(ctx context.Context, _ Identity, in *wishInput) (service.PublicTicket, error) {
			return s.desk.AskByLink(ctx, in.Token, event, in.Body.Reason)
		})
	}
	wish("withdraw-by-link", "/public/withdraw/{token}", "The citizen withdraws the matter", tickets.CitizenWithdraw)
	wish("reopen-by-link", "/public/reopen/{token}", "The citizen asks for the matter to be taken up again", tickets.AskReopen)
}
