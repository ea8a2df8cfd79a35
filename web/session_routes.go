package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/dchest/captcha"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/tickets/service"
)

type sessionView struct {
	Identity
	Demo     bool      `json:"demo"`
	Timezone string    `json:"timezone"`
	Version  string    `json:"version"`
	Now      time.Time `json:"now" doc:"The server's clock"`
}

type signInInput struct {
	Body struct {
		Account   string `json:"account" minLength:"1" maxLength:"64"`
		Password  string `json:"password" minLength:"1" maxLength:"200"`
		CaptchaID string `json:"captcha_id,omitempty" maxLength:"64"`
		Captcha   string `json:"captcha,omitempty" maxLength:"16"`
	}
	remote string
}

// Resolve notes where the request comes from.
func (in *signInInput) Resolve(ctx huma.Context) []error {
	in.remote = ctx.RemoteAddr()
	return nil
}

func (s *Server) sessionRoutes() {
	route(s, operation("get-session", http.MethodGet, "/session", signedInOnly, "Who is signed in"),
		func(_ context.Context, who Identity, _ *none) (sessionView, error) { return s.view(who), nil })
	route(s, operation("sign-in", http.MethodPost, "/session", public, "Sign in"),
		func(ctx context.Context, _ Identity, in *signInInput) (sessionView, error) { return s.signIn(ctx, in) })
	routeDone(s, operation("sign-out", http.MethodDelete, "/session", public, "Sign out"),
		func(ctx context.Context, who Identity, _ *none) error {
			token := sessionOf(ctx)
			if err := s.sessions.Destroy(ctx); err != nil {
				return problem(http.StatusServiceUnavailable, "unavailable", "the session store does not answer")
			}
			if token == "" {
				return nil
			}
			if who.Seat != "" && !s.hub.seatOpenElsewhere(who.Seat, token) {
				// The seat leaves the floor with its person; a seat that isn't signed in refuses, which is fine.
				if _, err := s.command(ctx, who, floor.CmdSignOut, nil); err != nil {
					slog.Info("seat not signed out with its session", "seat", who.Seat, "error", err)
				}
			}
			if err := s.desk.SignedOut(ctx, who); err != nil {
				return err
			}
			if err := s.desk.Audit(ctx, who, "session.end", who.Account, ""); err != nil {
				return err
			}
			s.ended.add(token, time.Now())
			s.end(token, "signed_out")
			return nil
		})
}

// end closes the sockets and phone lines of a session.
func (s *Server) end(session, reason string) {
	s.hub.dismiss(func(o *socket) bool { return o.session == session }, reason)
	s.sip.kick(session)
}

func (s *Server) view(who Identity) sessionView {
	return sessionView{Identity: who, Demo: s.cfg.Demo, Timezone: s.cfg.Timezone.String(), Version: s.cfg.Version, Now: time.Now().UTC()}
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (sessionView, error) {
	if !s.limits.allow(in.remote, time.Now()) {
		return sessionView{}, problem(http.StatusTooManyRequests, "too_many_requests", "too many tries from this address; wait a moment")
	}
	required, err := s.captchaRequired(ctx, in.Body.Account)
	if err != nil {
		return sessionView{}, err
	}
	if required && !captcha.VerifyString(in.Body.CaptchaID, in.Body.Captcha) {
		p := problem(http.StatusUnauthorized, "bad_captcha", "the captcha is missing or wrong")
		p.CaptchaRequired = true
		return sessionView{}, p
	}
	who, err := s.desk.SignIn(ctx, in.Body.Account, in.Body.Password, in.remote)
	if err != nil {
		return sessionView{}, s.signInProblem(err)
	}
	former := sessionOf(ctx)
	if err := s.sessions.RenewToken(ctx); err != nil {
		return sessionView{}, problem(http.StatusServiceUnavailable, "unavailable", "the session store does not answer")
	}
	s.begin(ctx, who)
	if former != "" { // whoever was signed in here before is not any more
		s.end(former, "replaced")
	}
	return s.view(who), nil
}

func (s *Server) captchaRequired(ctx context.Context, account string) (bool, error) {
	switch s.cfg.Captcha {
	case CaptchaAlways:
		return true, nil
	case CaptchaNever:
		return false, nil
	}
	return s.desk.CaptchaNeeded(ctx, account)
}

func (s *Server) signInProblem(err error) error {
	var refused *service.SignInRefused
	if !errors.As(err, &refused) {
		return err
	}
	p := problem(http.StatusUnauthorized, refused.Code, "account or password is wrong")
	switch refused.Code {
	case service.RefusedLocked:
		p = problem(http.StatusLocked, refused.Code, "locked until "+refused.LockedUntil.In(s.cfg.Timezone).Format("15:04"))
	case service.RefusedNoRole:
		p = problem(http.StatusForbidden, refused.Code, "this account holds no role")
	}
	p.CaptchaRequired = refused.CaptchaRequired && s.cfg.Captcha != CaptchaNever
	return p
}
