package web

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/acd/floor"
)

// Problem is an RFC 9457 problem with a stable code that pages translate.
type Problem struct {
	huma.ErrorModel
	Code            string `json:"code" doc:"Stable code of the problem; pages translate it"`
	CaptchaRequired bool   `json:"captcha_required,omitempty"`
	Current         any    `json:"current,omitempty" doc:"What stands now, for a conflict of versions"`
	Since           any    `json:"since,omitempty" doc:"The steps of others since the version that was sent"`
}

// problem builds a Problem.
func problem(status int, code, detail string) *Problem {
	return &Problem{ErrorModel: huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}, Code: code}
}

// codeOfStatus is the code of problems that carry no more special one.
func codeOfStatus(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "bad_request"
	case http.StatusUnauthorized:
		return "not_signed_in"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusNotFound:
		return "not_found"
	case http.StatusConflict:
		return "conflict"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnprocessableEntity:
		return "invalid"
	case http.StatusTooManyRequests:
		return "too_many_requests"
	case http.StatusServiceUnavailable:
		return "unavailable"
	}
	return "internal"
}

func init() {
	// huma builds its own errors (validation, body too large …) through this hook.
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := problem(status, codeOfStatus(status), message)
		for _, err := range errs {
			if err != nil {
				p.Add(err)
			}
		}
		return p
	}
}

// fromRefusal turns a refusal of the floor into a problem.
func fromRefusal(err error) error {
	var r *floor.Refusal
	if !errors.As(err, &r) {
		slog.Error("floor command failed", "error", err)
		return problem(http.StatusServiceUnavailable, floor.RefusedSwitchDown, "the floor did not answer")
	}
	status := http.StatusConflict
	switch r.Code {
	case floor.RefusedBadArgs, floor.RefusedUnknownCommand, floor.RefusedReasonMissing:
		status = http.StatusUnprocessableEntity
	case floor.RefusedNoSuchCall, floor.RefusedNotFound:
		status = http.StatusNotFound
	case floor.RefusedNotYourSeat, "forbidden":
		status = http.StatusForbidden
	case floor.RefusedNoLeader, floor.RefusedSwitchDown:
		status = http.StatusServiceUnavailable
	}
	return problem(status, r.Code, r.Detail)
}

// writeProblem answers a plain handler's request with a problem.
func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	writeJSON(w, p)
}
