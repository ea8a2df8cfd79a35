package floor

import (
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// CallView is a call as its own seat sees it: Caller is the full number, so it goes to the
// seat of this call and to nobody else (Masked is for the others).
type CallView struct {
	ID         calls.ID        `json:"id"`
	Direction  calls.Direction `json:"direction"`
	Stage      calls.Stage     `json:"stage"`
	Caller     string          `json:"caller,omitempty"`
	Masked     string          `json:"caller_masked,omitempty"`
	Called     string          `json:"called"`
	Line       string          `json:"line,omitempty"` // 双号并行 source label
	Queue      string          `json:"queue,omitempty"`
	Language   string          `json:"language,omitempty"`
	Path       []MenuStep      `json:"path"`
	StartedAt  time.Time       `json:"started_at"`
	EnteredAt  time.Time       `json:"entered_at,omitzero"`  // into the queue
	AnsweredAt time.Time       `json:"answered_at,omitzero"` // by the seat
	HeldSince  time.Time       `json:"held_since,omitzero"`
	WaitedS    float64         `json:"waited_s"`
	Seat       string          `json:"seat,omitempty"`
	Parties    []PartyView     `json:"parties,omitempty"` // third parties
	Ticket     string          `json:"ticket,omitempty"`  // outbound: id of the ticket it was dialled from
	Callback   string          `json:"callback,omitempty"`
	Rating     int             `json:"rating,omitempty"`
	Note       calls.Note      `json:"note,omitempty"`
	End        *calls.End      `json:"end,omitempty"`
}

// MenuStep is one node of the menu the caller went through.
type MenuStep struct {
	Node  string `json:"node"`
	Label string `json:"label,omitempty"`
	Input string `json:"input,omitempty"`
}

// PartyView is a third party of a call.
type PartyView struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"` // seat, number, emergency
	Label string `json:"label"`
	State string `json:"state"` // dialling, consulting, joined, failed
	Cause string `json:"cause,omitempty"`
}

// Pop is the screen pop: the call and who is calling. It goes out before the seat rings with
// what is known then; a later Pop of the same call completes it.
type Pop struct {
	Call     CallView `json:"call"`
	Caller   History  `json:"history"`
	Complete bool     `json:"complete"` // false: the history is still being fetched
}

// History is what the desk knows of a caller.
type History struct {
	Name        string          `json:"name,omitempty"`
	Gender      string          `json:"gender,omitempty"`
	Kind        string          `json:"kind,omitempty"` // person, enterprise
	Tags        []string        `json:"tags,omitempty"`
	Regular     bool            `json:"regular"`            // 老户
	Province    string          `json:"province,omitempty"` // place of the number
	City        string          `json:"city,omitempty"`
	Carrier     string          `json:"carrier,omitempty"`
	Repeats     int             `json:"repeats"` // calls of this number in the last 7 days
	Blacklisted bool            `json:"blacklisted"`
	OpenTickets int             `json:"open_tickets"`
	Tickets     []HistoryTicket `json:"tickets"`
	Calls       []HistoryCall   `json:"calls"`
}

// HistoryTicket is one earlier ticket of the caller.
type HistoryTicket struct {
	ID        string    `json:"id"`
	Number    string    `json:"number,omitempty"` // 12 digits; empty: a draft
	Title     string    `json:"title"`
	Type      string    `json:"type"`
	State     string    `json:"state"`
	Unit      string    `json:"unit,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	Due       time.Time `json:"due,omitzero"`
	Open      bool      `json:"open"`
}

// HistoryCall is one earlier call of the caller.
type HistoryCall struct {
	ID       calls.ID   `json:"id"`
	At       time.Time  `json:"at"`
	Queue    string     `json:"queue,omitempty"`
	Agent    string     `json:"agent,omitempty"`
	TalkS    float64    `json:"talk_s"`
	Note     calls.Note `json:"note,omitempty"`
	Recorded bool       `json:"recorded"`
}

// QueueView is one queue's figures for boards and seats.
type QueueView struct {
	Queue        string        `json:"queue"`
	Name         string        `json:"name"`
	Waiting      int           `json:"waiting"`
	LongestS     float64       `json:"longest_s"` // wait of the oldest waiting caller, seconds
	SeatsReady   int           `json:"seats_ready"`
	SeatsSigned  int           `json:"seats_signed_in"`
	Talking      int           `json:"talking"`
	Offered      int           `json:"offered"` // since midnight of the business day
	Answered     int           `json:"answered"`
	InTarget     int           `json:"answered_in_target"`
	Abandoned    int           `json:"abandoned"`
	AbandonedIn  int           `json:"abandoned_in_target"`
	TargetS      float64       `json:"target_s"`
	ServiceLevel float64       `json:"service_level"` // answered in target ÷ offered, 0–1; 1 with no offers
	Waiters      []WaitingView `json:"waiters"`
}

// WaitingView is one waiting caller in the order they would be served.
type WaitingView struct {
	Call      calls.ID  `json:"call"`
	Masked    string    `json:"caller_masked"`
	EnteredAt time.Time `json:"entered_at"`
	Priority  int       `json:"priority"`
	Language  string    `json:"language,omitempty"`
	Why       string    `json:"why"` // code: head, score, priority, returned …
}
