package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/dchest/captcha"

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
	submit := operation("submit-online", http.MethodPost, "/public/submissions", public, "Hand a matter in by the network: captcha, and a key against repeats")
	submit.DefaultStatus = http.StatusCreated
	route(s, submit, func(ctx context.Context, _ Identity, in *submissionInput) (service.Submitted, error) {
		return s.submitOnline(ctx, in)
	})
	wish("withdraw-by-link", "/public/withdraw/{token}", "The citizen withdraws the matter", tickets.CitizenWithdraw)
	wish("reopen-by-link", "/public/reopen/{token}", "The citizen asks for the matter to be taken up again", tickets.AskReopen)
}

// submissionInput is a citizen's matter. Key makes a repeat of the same form harmless.
type submissionInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"100"`
	Body struct {
		service.OnlineSubmission
		CaptchaID string `json:"captcha_id,omitempty" maxLength:"64"`
		Captcha   string `json:"captcha,omitempty" maxLength:"16"`
	}
	remote string
}

// Resolve notes where the request comes from.
func (in *submissionInput) Resolve(ctx huma.Context) []error {
	in.remote = ctx.RemoteAddr()
	return nil
}

func (s *Server) submitOnline(ctx context.Context, in *submissionInput) (service.Submitted, error) {
	if !s.limits.allow(in.remote, time.Now()) {
		return service.Submitted{}, problem(http.StatusTooManyRequests, "too_many_requests", "too many tries from this address; wait a moment")
	}
	if !captcha.VerifyString(in.Body.CaptchaID, in.Body.Captcha) {
		p := problem(http.StatusUnprocessableEntity, "bad_captcha", "the captcha is missing or wrong")
		p.CaptchaRequired = true
		return service.Submitted{}, p
	}
	in.Body.Key = in.Key
	return s.desk.SubmitOnline(ctx, in.Body.OnlineSubmission)
}
