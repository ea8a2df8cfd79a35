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

	Round        int               `json:"round,omitempty"`
	StageDueAt   time.Time         `json:"stage_due_at,omitzero"` // limit of the hotline's own stage
	Light        tickets.Light     `json:"light,omitempty"`       // of the lead leg, or of the stage
	Remains      string            `json:"remains,omitempty"`     // until DueAt, in working time: 剩 1 工作日 3 小时, 超 2 工作日
	Now          string            `json:"now,omitempty"`         // one line: where it is and who must act: 市信息办 · 待签收
	Legs         []LegView         `json:"legs,omitempty"`
	Requests     []RequestView     `json:"requests,omitempty"`
	Supervisions []SupervisionView `json:"supervisions,omitempty"`
	Cards        []CardView        `json:"cards,omitempty"`
	Visits       []VisitView       `json:"visits,omitempty"`
	Requesters   []RequesterView   `json:"requesters,omitempty"` // citizens of tickets merged into it
	Files        []FileView        `json:"files,omitempty"`
	PublicReply  string            `json:"public_reply,omitempty"`
	Hard         bool              `json:"hard,omitempty"`
	Unreasonable bool              `json:"unreasonable,omitempty"`
	Returns      int               `json:"returns,omitempty"`
	Extensions   int               `json:"extensions,omitempty"`
	Reworks      int               `json:"reworks,omitempty"`
	Routing      tickets.Routing   `json:"routing,omitzero"`
	Notice       tickets.NoticeWay `json:"notice,omitempty"`
}

// LegView is one unit's part as one person may see it. Reply, Draft and Contacts are there for
// who may read them: the unit, those above it and the hotline.
type LegView struct {
	N             int               `json:"n"`
	Round         int               `json:"round"`
	Role          tickets.LegRole   `json:"role"`
	Unit          UnitRef           `json:"unit"`
	Parent        int               `json:"parent,omitempty"`
	Level         int               `json:"level"`
	State         tickets.LegState  `json:"state"`
	StateLabel    string            `json:"state_label"`
	Opinion       string            `json:"opinion,omitempty"`
	SentBy        string            `json:"sent_by,omitempty"` // name
	SentAt        time.Time         `json:"sent_at,omitzero"`
	FirstViewedAt time.Time         `json:"first_viewed_at,omitzero"`
	SignedAt      time.Time         `json:"signed_at,omitzero"`
	ClerkName     string            `json:"clerk_name,omitempty"`
	SignDueAt     time.Time         `json:"sign_due_at,omitzero"`
	ReturnDueAt   time.Time         `json:"return_due_at,omitzero"`
	DueAt         time.Time         `json:"due_at,omitzero"`
	Light         tickets.Light     `json:"light,omitempty"`
	Remains       string            `json:"remains,omitempty"`
	Suspended     bool              `json:"suspended,omitempty"`
	NoReturn      bool              `json:"no_return,omitempty"`
	Contacts      []tickets.Contact `json:"contacts,omitempty"`
	Interim       []tickets.Interim `json:"interim,omitempty"`
	Draft         *tickets.Reply    `json:"draft,omitempty"`
	Reply         *tickets.Reply    `json:"reply,omitempty"`
	RepliedAt     time.Time         `json:"replied_at,omitzero"`
	Late          bool              `json:"late,omitempty"`
	Mine          bool              `json:"mine,omitempty"` // of the asker's unit
}

// RequestView is a request as a page shows it.
type RequestView struct {
	N           int                  `json:"n"`
	Kind        tickets.RequestKind  `json:"kind"`
	KindLabel   string               `json:"kind_label"`
	State       tickets.RequestState `json:"state"`
	StateLabel  string               `json:"state_label"`
	Leg         int                  `json:"leg,omitempty"`
	Reason      string               `json:"reason"`
	Basis       string               `json:"basis,omitempty"`
	Unit        *UnitRef             `json:"unit,omitempty"` // proposed
	Days        int                  `json:"days,omitempty"`
	Until       time.Time            `json:"until,omitzero"`
	Plan        string               `json:"plan,omitempty"`
	AskedBy     string               `json:"asked_by"` // name
	AskedUnit   *UnitRef             `json:"asked_unit,omitempty"`
	AskedAt     time.Time            `json:"asked_at"`
	InTime      bool                 `json:"in_time"`
	DecideDueAt time.Time            `json:"decide_due_at,omitzero"`
	DecidedBy   string               `json:"decided_by,omitempty"`
	DecidedAt   time.Time            `json:"decided_at,omitzero"`
	Opinion     string               `json:"opinion,omitempty"`
}

// SupervisionView is a 督办 as a page shows it.
type SupervisionView struct {
	N          int                      `json:"n"`
	Kind       tickets.SupervisionKind  `json:"kind"`
	KindLabel  string                   `json:"kind_label"`
	State      tickets.SupervisionState `json:"state"`
	StateLabel string                   `json:"state_label"`
	Unit       UnitRef                  `json:"unit"`
	Reason     string                   `json:"reason"`
	Demand     string                   `json:"demand"`
	DueAt      time.Time                `json:"due_at,omitzero"`
	FiledBy    string                   `json:"filed_by"`
	FiledAt    time.Time                `json:"filed_at"`
	IssuedAt   time.Time                `json:"issued_at,omitzero"`
	Reply      string                   `json:"reply,omitempty"`
	ReplyAt    time.Time                `json:"reply_at,omitzero"`
	Opinion    string                   `json:"opinion,omitempty"`
	ClosedAt   time.Time                `json:"closed_at,omitzero"`
}

// CardView is a card as a page shows it.
type CardView struct {
	N         int              `json:"n"`
	Kind      tickets.CardKind `json:"kind"`
	KindLabel string           `json:"kind_label"`
	Unit      UnitRef          `json:"unit"`
	Reason    string           `json:"reason"`
	IssuedAt  time.Time        `json:"issued_at"`
	RevokedAt time.Time        `json:"revoked_at,omitzero"`
	Revoked   string           `json:"revoked,omitempty"` // why
}

// VisitView is a try to follow up.
type VisitView struct {
	tickets.Visit
	At     time.Time `json:"at"`
	ByName string    `json:"by_name"`
}

// RequesterView is a citizen whose ticket was merged into the one shown.
type RequesterView struct {
	ID       string     `json:"id"`
	Number   string     `json:"number"`
	Caller   CallerView `json:"caller"`
	At       time.Time  `json:"at"`
	Followed bool       `json:"followed"` // this round
}

// FileView is an attachment.
type FileView struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Type   string    `json:"type"` // media type, found by content
	Size   int64     `json:"size"`
	Leg    int       `json:"leg,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Public bool      `json:"public"` // the citizen may have it
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
	End        *calls.End       `json:"end,omitempty"` // left out while it goes on
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

	Leg         int             `json:"leg,omitempty" doc:"Of which unit's part; 0: the asker's unit's own"`
	Request     int             `json:"request,omitempty" doc:"Which is decided or withdrawn"`
	Supervision int             `json:"supervision,omitempty"`
	Card        int             `json:"card,omitempty"`
	Unit        string          `json:"unit,omitempty" doc:"Lead of a dispatch, unit delegated to, proposed unit"`
	Units       []string        `json:"units,omitempty" doc:"Assists, further units"`
	DueAt       time.Time       `json:"due_at,omitzero" doc:"Limit chosen by hand; left out: by policy"`
	Days        int             `json:"days,omitempty" doc:"Working days of an extension"`
	Until       time.Time       `json:"until,omitzero"`
	Plan        string          `json:"plan,omitempty"`
	Basis       string          `json:"basis,omitempty"`
	Keep        bool            `json:"keep,omitempty" doc:"The assists go on"`
	Outcome     string          `json:"outcome,omitempty" doc:"Of a deliberation: refuse, suspend, dispatch"`
	Kind        string          `json:"kind,omitempty" doc:"Of a supervision"`
	Proof       string          `json:"proof,omitempty"`
	Files       []string        `json:"files,omitempty"`
	Reply       *tickets.Reply  `json:"reply,omitempty"`
	Visit       *VisitRequest   `json:"visit,omitempty"`
	Public      string          `json:"public,omitempty" doc:"Public reply as passed in review"`
	Urgency     tickets.Urgency `json:"urgency,omitempty"`
	Place       int             `json:"place,omitempty" minimum:"0" maximum:"100" doc:"Place in the pool, of an overruled triage"`
}

// VisitRequest is what a follow-up brought: see tickets.Visit.
type VisitRequest struct {
	For       string               `json:"for,omitempty" doc:"Id of the merged ticket whose citizen it was"`
	Channel   tickets.VisitChannel `json:"channel"`
	Call      calls.ID             `json:"call,omitempty"`
	Failure   string               `json:"failure,omitempty" doc:"Why not reached"`
	Contacted bool                 `json:"contacted"`
	Solved    tickets.Solved       `json:"solved,omitempty"`
	Result    int                  `json:"result,omitempty" minimum:"0" maximum:"5"`
	Unit      int                  `json:"unit,omitempty" minimum:"0" maximum:"5"`
	Agent     int                  `json:"agent,omitempty" minimum:"0" maximum:"5"`
	Text      string               `json:"text,omitempty"`

	message string // id of the short message, of an answer by link
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
