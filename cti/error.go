package cti

import (
	"errors"
	"fmt"
)

// Errors a Switch can answer with; test with errors.Is.
var (
	ErrGone        = errors.New("the leg or bridge is gone")      // normal at any moment: treat as hang-up
	ErrUnavailable = errors.New("the switch does not answer")     // not connected, time-out
	ErrNotAllowed  = errors.New("this number may not be dialled") // outbound allow-list
	ErrNoPhone     = errors.New("the phone is not known or not registered")
	ErrRejected    = errors.New("the switch refused the request") // anything else
)

// Error is a failed request to the switch.
type Error struct {
	Op     string // what was asked: "answer leg x"
	Status int    // HTTP status, 0 if none
	Body   string // the switch's own words
	Kind   error  // one of the sentinels above
}

func (e *Error) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("%s: %v: %s", e.Op, e.Kind, e.Body)
	}
	return fmt.Sprintf("%s: %v (status %d: %s)", e.Op, e.Kind, e.Status, e.Body)
}

func (e *Error) Unwrap() error { return e.Kind }
