package tickets

import (
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/privacy"
)

// Ticket is one work order (工单). Its state changes by Apply alone.
type Ticket struct {
	ID      string // UUID
	Number  string // 12 digits, given at submission; empty: none yet
	State   State
	Version int // counts every save, for optimistic locking
	Round   int // rounds of handling begun; 2 and more are 重办

	Type     Type
	Title    string
	Content  string
	Answer   string // public answer of 直办
	Urgency  Urgency
	Source   Source
	External ExternalRef
	Secret   bool // 保密: the citizen is hidden from departments

	Caller       Caller
	Place        Place
	HappenedAt   string // when it happened, in the citizen's words
	ClassID      string
	ClassPath    []string // names from the root, as chosen
	Subject      Subject
	NeedReply    bool
	NeedFollowUp bool
	Tags         []string

	Unit       string    // unit in charge: of the lead leg
	DueAt      time.Time // when the citizen is to be answered: the lead leg's deadline; 待受理: the intake limit; 挂起: the next report
	StageDueAt time.Time // limit of the hotline's own stage: dispatch, review, follow-up, deliberation
	StageAt    time.Time // when the stage began
	ToldStage  time.Time // the stage's limit that somebody was told of when it passed
	RemindedAt time.Time // 待补充: when the citizen was reminded
	Routing    Routing   // what triage said
	Writer     string    // account that wrote it first
	Owner      string    // account that has it in hand; empty: it lies in a pool
	ReturnTo   State     // where 补充提交 goes back to
	Missing    string    // what 退回补充 asked for
	Master     string    // id of the ticket it was merged into
	RefersTo   string    // number of the old ticket a draft turned out to belong to
	Calls      []CallRef
	QueryCode  string // 查询码, six digits; not derivable from the number

	Legs         []Leg
	Requests     []Request
	Supervisions []Supervision
	Cards        []Card
	Visits       []Visit

	PublicReply  string // what the citizen is answered, as passed in review
	Hard         bool   // 疑难
	HardAt       time.Time
	Unreasonable bool // 不合理诉求 upheld: out of the rates
	Reworks      int  // rounds begun by review or follow-up
	Reopened     int
	Portfolio    string    // account of the 分管领导, when named
	Notice       NoticeWay // how the citizen wants to be told

	CreatedAt   time.Time
	UpdatedAt   time.Time
	SubmittedAt time.Time
	ClosedAt    time.Time
	Result      Result
}

// Routing is what the triage rules said of a ticket; a person can overrule it.
type Routing struct {
	Rules     []TriageHit `json:"rules,omitempty"`
	Place     int         `json:"place,omitempty"`     // higher is handed out first within a limit of the same time
	Duty      bool        `json:"duty,omitempty"`      // the duty phone is told at dispatch
	Urgency   Urgency     `json:"urgency,omitempty"`   // what the rules raise it to; never lowers the writer's
	Secret    bool        `json:"secret,omitempty"`    // 保密 by rule
	Overruled string      `json:"overruled,omitempty"` // account that did
}

// TriageHit is a rule that fits, with the words of why.
type TriageHit struct {
	Rule string `json:"rule"` // id
	Name string `json:"name"`
	Why  string `json:"why"`
}

// NoticeWay is how a citizen wants to be told of progress and followed up.
type NoticeWay string

// Ways of notices.
const (
	NoticeBySMS   NoticeWay = "sms"
	NoticeByEmail NoticeWay = "email"
	NoticeByPhone NoticeWay = "phone" // no messages; followed up by telephone
	NoticeNone    NoticeWay = "none"  // declined: neither told nor followed up
)

// ExternalRef is the ticket's number in the system it was forwarded from.
type ExternalRef struct {
	System string `json:"system,omitempty"`
	No     string `json:"no,omitempty"`
}

// CallerKind tells persons from enterprises (来电主体).
type CallerKind string

// Kinds of callers.
const (
	Person     CallerKind = "person"
	Enterprise CallerKind = "enterprise"
)

// Caller is the citizen. All but Kind, Gender and Company is encrypted at rest.
type Caller struct {
	Name        string
	Gender      string // male, female or empty
	Kind        CallerKind
	Company     string
	Number      privacy.Phone // 来电号码
	Contact     privacy.Phone // 联系方式
	ContactSame bool          // contact is the number called from
	Email       string
}

// Reach is the number the citizen can be reached at; empty: none is known.
func (c Caller) Reach() privacy.Phone {
	if c.ContactSame || c.Contact == "" {
		return c.Number
	}
	return c.Contact
}

// Place is where it happened (事发地).
type Place struct {
	Area    []string `json:"area,omitempty"` // codes from the city down
	Address string   `json:"address,omitempty"`
}

// Subject is who the matter is about (被反映人).
type Subject struct {
	Name  string
	Phone privacy.Phone
}

// CallRole is what a call was to a ticket.
type CallRole string

// Roles of a ticket's calls.
const (
	CallComplaint   CallRole = "complaint"
	CallUrge        CallRole = "urge"
	CallSupplement  CallRole = "supplement"
	CallProgress    CallRole = "progress"
	CallFollowUp    CallRole = "follow_up"
	CallClickToCall CallRole = "click_to_call"
)

// CallRef links a call to a ticket; recordings are found by the call.
type CallRef struct {
	ID   calls.ID
	Role CallRole
	At   time.Time
}

// HasCall tells whether the call plays the role for the ticket.
func (t Ticket) HasCall(id calls.ID, role CallRole) bool {
	for _, c := range t.Calls {
		if c.ID == id && c.Role == role {
			return true
		}
	}
	return false
}

// Count tells how many calls played the role, such as urges.
func (t Ticket) Count(role CallRole) int {
	n := 0
	for _, c := range t.Calls {
		if c.Role == role {
			n++
		}
	}
	return n
}

// Other is what guards need to know of another ticket: the master of a merge, the old ticket of
// an urge.
type Other struct {
	ID     string
	Number string
	State  State
	Title  string
}
