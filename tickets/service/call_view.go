package service

import (
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// CallRecord is one call as the desk remembers it, built from the floor's events.
type CallRecord struct {
	ID           calls.ID        `json:"id"`
	Direction    calls.Direction `json:"direction"`
	CallerMasked string          `json:"caller_masked"`
	Caller       string          `json:"caller,omitempty"` // own call until wrap-up ends
	Called       string          `json:"called"`
	Line         string          `json:"line"`
	Node         string          `json:"node,omitempty"`
	Menu         string          `json:"menu,omitempty"`
	Language     string          `json:"language,omitempty"`
	StartedAt    time.Time       `json:"started_at"`
	Path         []PathStep      `json:"path"`
	Queue        string          `json:"queue,omitempty"`
	QueueName    string          `json:"queue_name,omitempty"`
	EnteredAt    time.Time       `json:"entered_at,omitzero"`
	Waits        []Wait          `json:"waits"`
	WaitedS      float64         `json:"waited_s"`
	Seats        []CallSeat      `json:"seats"`
	AnsweredAt   time.Time       `json:"answered_at,omitzero"`
	EndedAt      time.Time       `json:"ended_at,omitzero"`
	End          *calls.End      `json:"end,omitempty"`
	Lost         bool            `json:"lost"`
	Rating       int             `json:"rating,omitempty"`
	Note         CallNote        `json:"note"`
	Purpose      string          `json:"purpose,omitempty"`
	Recordings   []RecordingRef  `json:"recordings"`
	Tickets      []CallTicket    `json:"tickets"`
	Timeline     []TimelineEntry `json:"timeline,omitempty"`
}

// PathStep is one node of the menu the caller went through.
type PathStep struct {
	Node  string `json:"node"`
	Label string `json:"label,omitempty"`
	Input string `json:"input,omitempty"`
}

// Wait is one stay in a queue.
type Wait struct {
	Queue     string    `json:"queue"`
	EnteredAt time.Time `json:"entered_at"`
	QueuedAt  time.Time `json:"queued_at"` // later than EnteredAt when the call came back
	Again     bool      `json:"again,omitempty"`
	LeftAt    time.Time `json:"left_at,omitzero"`
	Why       string    `json:"why,omitempty"` // answered, not_answered, moved, ended
}

// CallSeat is one seat's part in a call.
type CallSeat struct {
	Seat       string    `json:"seat"` // empty: by a telephone of his own (联系群众)
	Account    string    `json:"account"`
	Name       string    `json:"name"`
	OfferedAt  time.Time `json:"offered_at,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	LeftAt     time.Time `json:"left_at,omitzero"`
	ClosedAt   time.Time `json:"closed_at,omitzero"` // end of wrap-up
	TalkS      float64   `json:"talk_s"`
	HoldS      float64   `json:"hold_s"`
	RangS      float64   `json:"rang_s"`
	Why        string    `json:"why,omitempty"`
}

// CallNote is the 来电小结.
type CallNote struct {
	Note calls.Note `json:"note,omitempty"`
	Text string     `json:"text,omitempty"`
}

// CallTicket names a ticket of a call.
type CallTicket struct {
	ID         string `json:"id"`
	Number     string `json:"number,omitempty"`
	Title      string `json:"title"`
	State      string `json:"state"`
	StateLabel string `json:"state_label"`
	Role       string `json:"role"`
}

// TimelineEntry is one event of a call, without numbers.
type TimelineEntry struct {
	At    time.Time       `json:"at"`
	Type  calls.EventType `json:"type"`
	Seat  string          `json:"seat,omitempty"`
	Label string          `json:"label,omitempty"`
	Queue string          `json:"queue,omitempty"`
	Input string          `json:"input,omitempty"`
	Why   string          `json:"why,omitempty"`
	Score int             `json:"score,omitempty"`
}

// RecordingRef refers to the sound of a call.
type RecordingRef struct {
	ID        string              `json:"id"`
	Call      calls.ID            `json:"call"`
	Kind      calls.RecordingKind `json:"kind"`
	Status    string              `json:"status"` // pending, sealed, failed
	DurationS float64             `json:"duration_s"`
	Channels  int                 `json:"channels"`
	Flaws     []string            `json:"flaws"`
	AudioURL  string              `json:"audio_url,omitempty"` // empty: the asker may not play it
	PeaksURL  string              `json:"peaks_url,omitempty"`
}

// SealedRecording is where a recording is kept.
type SealedRecording struct {
	Ref    RecordingRef
	Key    string // in the blob store
	SHA256 string
	Size   int64
	Rate   int
}

// CallFilter narrows a list of calls; zero fields don't.
type CallFilter struct {
	Paging
	From, To time.Time
	Queue    string
	Account  string
	Caller   string // full number
	Cause    calls.Cause
	Lost     *bool
	Noted    *bool
	Query    string // number of the called line, seat, note text
}

// History is what the desk knows of a caller, for the screen pop.
type History struct {
	Name        string          `json:"name,omitempty"`
	Gender      string          `json:"gender,omitempty"`
	Kind        string          `json:"kind,omitempty"`
	Tags        []string        `json:"tags"`
	Regular     bool            `json:"regular"`
	Province    string          `json:"province,omitempty"`
	City        string          `json:"city,omitempty"`
	Carrier     string          `json:"carrier,omitempty"`
	Repeats     int             `json:"repeats"` // calls of this number in the last 7 days
	Blacklisted bool            `json:"blacklisted"`
	OpenTickets int             `json:"open_tickets"`
	Tickets     []HistoryTicket `json:"tickets"`
	Calls       []HistoryCall   `json:"calls"`
}

// HistoryTicket is one earlier ticket of a caller.
type HistoryTicket struct {
	ID        string    `json:"id"`
	Number    string    `json:"number,omitempty"`
	Title     string    `json:"title"`
	Type      string    `json:"type"`
	State     string    `json:"state"`
	Unit      string    `json:"unit,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	Due       time.Time `json:"due,omitzero"`
	Open      bool      `json:"open"`
}

// HistoryCall is one earlier call of a caller.
type HistoryCall struct {
	ID       calls.ID   `json:"id"`
	At       time.Time  `json:"at"`
	Queue    string     `json:"queue,omitempty"`
	Agent    string     `json:"agent,omitempty"`
	TalkS    float64    `json:"talk_s"`
	Note     calls.Note `json:"note,omitempty"`
	Recorded bool       `json:"recorded"`
}

// CallbackView is a row of 留言与回拨.
type CallbackView struct {
	ID            string        `json:"id"`
	Kind          string        `json:"kind"` // voicemail, callback, missed
	CallerMasked  string        `json:"caller_masked"`
	Queue         string        `json:"queue"`
	QueueName     string        `json:"queue_name,omitempty"`
	EnteredAt     time.Time     `json:"entered_at"`
	State         string        `json:"state"` // waiting, taken, done
	TakenBy       string        `json:"taken_by,omitempty"`
	TakenByName   string        `json:"taken_by_name,omitempty"`
	TakenAt       time.Time     `json:"taken_at,omitzero"`
	Attempts      []Attempt     `json:"attempts"`
	Recording     *RecordingRef `json:"recording,omitempty"`
	Call          calls.ID      `json:"call"`
	Ticket        string        `json:"ticket,omitempty"`
	DoneAt        time.Time     `json:"done_at,omitzero"`
	DoneBy        string        `json:"done_by,omitempty"`
	Result        string        `json:"result,omitempty"`
	Text          string        `json:"text,omitempty"`
	TicketNumber  string        `json:"ticket_number,omitempty"`
	DialableByYou bool          `json:"dialable"`
}

// Attempt is one call back.
type Attempt struct {
	At      time.Time `json:"at"`
	Call    calls.ID  `json:"call"`
	Account string    `json:"account,omitempty"`
	Outcome string    `json:"outcome"` // cause of the call's end; empty: it still runs
	TalkS   float64   `json:"talk_s"`
}

// CallbackFilter narrows the list of 留言与回拨.
type CallbackFilter struct {
	Paging
	Kind  string
	State string
}

// FinishCallback ends a row. Result is contacted, unreachable, duplicate or other.
type FinishCallback struct {
	Result string `json:"result"`
	Text   string `json:"text,omitempty"`
	Ticket string `json:"ticket,omitempty"`
}
