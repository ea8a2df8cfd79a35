package service

import (
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
)

// TicketView is a ticket as one person may see it.
type TicketView struct {
	ID            string              `json:"id"`
	Number        string              `json:"number,omitempty"`
	State         tickets.State       `json:"state"`
	StateLabel    string              `json:"state_label"`
	Version       int                 `json:"version"`
	Type          tickets.Type        `json:"type"`
	Title         string              `json:"title"`
	Content       string              `json:"content"`
	Answer        string              `json:"answer"`
	Urgency       tickets.Urgency     `json:"urgency"`
	Source        tickets.Source      `json:"source"`
	External      tickets.ExternalRef `json:"external_ref"`
	Secret        bool                `json:"secret"`
	Caller        CallerView          `json:"caller"`
	Place         tickets.Place       `json:"place"`
	HappenedAt    string              `json:"happened_at"`
	ClassID       string              `json:"class_id"`
	ClassPath     []string            `json:"class_path"`
	Subject       SubjectView         `json:"subject"`
	NeedReply     bool                `json:"need_reply"`
	NeedFollowUp  bool                `json:"need_follow_up"`
	Tags          []string            `json:"tags"`
	Elements      tickets.Elements    `json:"elements"`
	Unit          *UnitRef            `json:"unit,omitempty"`
	DueAt         time.Time           `json:"due_at,omitzero"`
	WriterAccount string              `json:"writer_account,omitempty"`
	WriterName    string              `json:"writer_name,omitempty"`
	OwnerAccount  string              `json:"owner_account,omitempty"`
	OwnerName     string              `json:"owner_name,omitempty"`
	Missing       string              `json:"missing,omitempty"`
	Master        string              `json:"master,omitempty"`
	RefersTo      string              `json:"refers_to,omitempty"`
	Calls         []TicketCall        `json:"calls"`
	QueryCode     string              `json:"query_code,omitempty"` // to read out, to who submitted it
	Urges         int                 `json:"urges"`
	CreatedAt     time.Time           `json:"created_at"`
	UpdatedAt     time.Time           `json:"updated_at"`
	SubmittedAt   time.Time           `json:"submitted_at,omitzero"`
	ClosedAt      time.Time           `json:"closed_at,omitzero"`
	Result        tickets.Result      `json:"result,omitempty"`
	Actions       []tickets.Action    `json:"allowed_actions"`
	Editable      bool                `json:"editable"` // the asker may save fields
	Flow          []FlowView          `json:"flow,omitempty"`
}

// CallerView is the citizen as one person may see him. Phone and CallerNumber are empty for
// whom only the masks are meant.
type CallerView struct {
	Name         string             `json:"name"`
	Gender       string             `json:"gender"`
	Kind         tickets.CallerKind `json:"kind"`
	Company      string             `json:"company"`
	PhoneMasked  string             `json:"phone_masked"`
	Phone        string             `json:"phone,omitempty"`
	NumberMasked string             `json:"number_masked"` // called from
	Number       string             `json:"number,omitempty"`
	ContactSame  bool               `json:"contact_same_as_caller"`
	Email        string             `json:"email"`
	Hidden       bool               `json:"hidden,omitempty"` // 保密
}

// SubjectView is who the matter is about.
type SubjectView struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// TicketCall is one call of a ticket with its recordings.
type TicketCall struct {
	ID         calls.ID         `json:"id"`
	Role       tickets.CallRole `json:"role"`
	At         time.Time        `json:"at"`
	Agent      string           `json:"agent,omitempty"`
	TalkS      float64          `json:"talk_s"`
	Recordings []RecordingRef   `json:"recordings"`
}

// FlowView is one step of the flow history.
type FlowView struct {
	Seq        int              `json:"seq"`
	At         time.Time        `json:"at"`
	Actor      string           `json:"actor"`
	ActorName  string           `json:"actor_name"`
	Unit       string           `json:"unit,omitempty"`
	Event      tickets.Event    `json:"event"`
	EventLabel string           `json:"event_label"`
	From       tickets.State    `json:"from"`
	To         tickets.State    `json:"to"`
	ToLabel    string           `json:"to_label"`
	Opinion    string           `json:"opinion"`
	Data       tickets.StepData `json:"data"`
}

// NewTicket asks for a draft: by call, or registering what came otherwise. Callback binds the
// draft to the call behind a row of 留言与回拨.
type NewTicket struct {
	Call     calls.ID            `json:"call,omitempty"`
	Callback string              `json:"callback,omitempty"`
	Source   tickets.Source      `json:"source,omitempty"`
	External tickets.ExternalRef `json:"external_ref,omitzero"`
	Refers   string              `json:"refers_to,omitempty"` // number of an archived ticket it follows
	Key      string              `json:"-"`                   // Idempotency-Key: a repeat gives the same draft
}

// SaveTicketRequest is an autosave: the version it was typed against, and the changed fields.
type SaveTicketRequest struct {
	Version int `json:"version"`
	tickets.Fields
}

// ActRequest is what comes with an event. Version is needed; Key (Idempotency-Key) makes a
// repeat of the same request do nothing.
type ActRequest struct {
	Version   int      `json:"version"`
	Opinion   string   `json:"opinion,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Text      string   `json:"text,omitempty"`
	LawfulWay string   `json:"lawful_way,omitempty"`
	Missing   string   `json:"missing,omitempty"`
	Account   string   `json:"account,omitempty"`
	Emergency string   `json:"emergency,omitempty"`
	Master    string   `json:"master,omitempty"` // id or number
	Old       string   `json:"old,omitempty"`    // id or number
	Call      calls.ID `json:"call,omitempty"`
	Key       string   `json:"-"`
}

// AddRequest is an urge, a supplement or a progress query on an old ticket, from a call.
type AddRequest struct {
	Call calls.ID `json:"call"`
	Text string   `json:"text,omitempty"`
}

// TicketFilter narrows a list of tickets; zero fields don't.
type TicketFilter struct {
	Paging
	States  []tickets.State
	Open    bool // only what somebody still has to act on
	Type    tickets.Type
	Source  tickets.Source
	Class   string // this class and those below
	Query   string // words, a ticket number or its beginning
	Phone   string // full number
	Mine    bool   // written by or in the hands of the asker
	Urgency tickets.Urgency
	Secret  bool
	Overdue bool
	Unit    string
	From    time.Time
	To      time.Time
}
