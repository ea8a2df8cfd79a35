package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// Store is what the use cases need of a database; tickets/postgres is one. Rows that are not
// there are ErrNotFound, taken ids ErrExists. Personal fields are in clear here and sealed by
// the store.
type Store interface {
	TicketStore
	LifeStore
	QueueStore
	CallStore
	AccountStore
	HouseStore
	LogStore
	RulesStore
	NoticeStore
	ReportStore
	SuggestStore
	DepartmentStore
	AnnouncementStore
	KnowledgeStore
	SearchStore
	Ping(ctx context.Context) error
}

// TicketRecord is a ticket with the names that its codes stand for.
type TicketRecord struct {
	tickets.Ticket
	OwnerName  string
	WriterName string
	UnitName   string
}

// TicketStore keeps tickets. Update is the one write path.
type TicketStore interface {
	// CreateTicket saves what fn returns as a new ticket with its first step.
	CreateTicket(ctx context.Context, fn func(context.Context, Tx) (tickets.Outcome, error)) (string, error)
	// UpdateTicket locks the ticket, and in one transaction saves what fn makes of it: row, flow
	// step, calls and desk event. version is what the asker saw; when the ticket is at another
	// the answer is ErrStale and nothing is saved. AnyVersion accepts every one.
	UpdateTicket(ctx context.Context, id string, version int, fn func(context.Context, Tx, tickets.Ticket) (tickets.Outcome, error)) error
	// Ticket by UUID or number.
	Ticket(ctx context.Context, id string) (TicketRecord, error)
	Flow(ctx context.Context, id string) ([]tickets.FlowStep, error)
	// Tickets lists, newest first; more tells whether the count stopped at MaxTotal.
	Tickets(ctx context.Context, q TicketQuery) (list []TicketRecord, next string, total int, more bool, err error)
	// SimilarTickets shares phone, class and place, or words with the ticket.
	SimilarTickets(ctx context.Context, t tickets.Ticket, limit int) ([]TicketRecord, error)
	// LeftOpenDrafts are drafts whose last call ended before the time, and those without a call
	// that nobody touched since.
	LeftOpenDrafts(ctx context.Context, before time.Time) ([]TicketRecord, error)
	// RecallAct finds the ticket of an earlier request with the same key.
	RecallAct(ctx context.Context, account, key string) (ticket string, err error)
	// TicketByCode finds a ticket by its number and query code.
	TicketByCode(ctx context.Context, number, code string) (tickets.Ticket, error)
	// CountProgressTry counts a try of the caller on the day and returns how many there were.
	CountProgressTry(ctx context.Context, caller privacy.Phone, day time.Time) (int, error)
	// Public lists the accepted open tickets of a number, newest first.
	OpenTicketsOf(ctx context.Context, number privacy.Phone) ([]TicketRecord, error)
}

// AnyVersion accepts every version in UpdateTicket.
const AnyVersion = -1

// Tx is the transaction of a ticket's change.
type Tx interface {
	LifeTx
	RulesTx
	// NextNumber takes the next ticket number of the business day.
	NextNumber(ctx context.Context, day time.Time) (string, error)
	// Other reads another ticket by id or number and keeps it from changing meanwhile.
	Other(ctx context.Context, id string) (tickets.Ticket, error)
	// UpdateOther changes another ticket in the same transaction.
	UpdateOther(ctx context.Context, id string, fn func(tickets.Ticket) (tickets.Outcome, error)) error
	// CallOf tells what the account has to do with the call; ErrNotFound when it is unknown.
	CallOf(ctx context.Context, call calls.ID, account string) (CallPart, error)
	// Remember keeps the key of a request with its ticket.
	Remember(ctx context.Context, account, key, ticket string, at time.Time) error
	// Meet notes name, kind and company of the citizen with the number.
	Meet(ctx context.Context, number privacy.Phone, c tickets.Caller, at time.Time) error
}

// CallPart is what an account has to do with a call.
type CallPart struct {
	Took   bool          // its seat was offered the call
	Open   bool          // and its wrap-up hasn't ended
	Caller privacy.Phone // the citizen's number
}

// TicketQuery is a TicketFilter with the asker's scope.
type TicketQuery struct {
	TicketFilter
	Account string          // for Mine and for own drafts
	Units   []string        // nil: every unit
	Classes []string        // Class and those below it
	States  []tickets.State // nil: every state, others' drafts left out
	Now     time.Time       // for Overdue
}

// CallStore keeps calls; rows come from the floor's events.
type CallStore interface {
	Calls(ctx context.Context, q CallQuery) (list []CallRecord, next string, total int, more bool, err error)
	// Call with everything but the timeline; the number is in Caller, the view decides.
	Call(ctx context.Context, id calls.ID) (CallRecord, error)
	Timeline(ctx context.Context, id calls.ID) ([]TimelineEntry, error)
	// TicketCalls gives the calls of a ticket with their recordings.
	TicketCalls(ctx context.Context, ids []calls.ID) (map[calls.ID]CallRecord, error)
	CallPart(ctx context.Context, call calls.ID, account string) (CallPart, error)
	// OpenCalls lists the calls that the account has in hand: offered, wrap-up not ended.
	OpenCalls(ctx context.Context, account string) ([]calls.ID, error)
	Recording(ctx context.Context, id string) (SealedRecording, error)
	// CallerFacts is all but the place of a number, and the own earlier calls and tickets.
	CallerFacts(ctx context.Context, number privacy.Phone, now time.Time) (History, error)
	Blacklisted(ctx context.Context, number privacy.Phone, now time.Time) (bool, error)

	Callbacks(ctx context.Context, f CallbackFilter) (list []CallbackView, next string, total int, err error)
	Callback(ctx context.Context, id string) (CallbackView, error)
	// UpdateCallback locks the row, lets fn change it and tells the sockets.
	UpdateCallback(ctx context.Context, id string, fn func(CallbackView) (CallbackView, error)) error
	CallbackNumber(ctx context.Context, id string) (privacy.Phone, error)
}

// CallQuery is a CallFilter with the asker's scope.
type CallQuery struct {
	CallFilter
	OnlyAccount string // calls this account's seat had a part in; empty: all
}

// AccountStore keeps accounts and their tokens.
type AccountStore interface {
	Account(ctx context.Context, name string) (directory.Account, error)
	Accounts(ctx context.Context, query string) ([]directory.Account, error)
	// SaveAccount creates or replaces the account and its roles; by is noted as the granter.
	SaveAccount(ctx context.Context, a directory.Account, create bool, by string) error
	// UpdateAccount locks the account and saves what fn makes of it.
	UpdateAccount(ctx context.Context, name string, fn func(directory.Account) (directory.Account, error)) error
	SeatOf(ctx context.Context, account string) (directory.Seat, error)

	SaveToken(ctx context.Context, t Token, digest []byte) error
	TokenAccount(ctx context.Context, digest []byte, now time.Time) (string, error)
	Tokens(ctx context.Context, account string) ([]Token, error)
	RevokeToken(ctx context.Context, id string, now time.Time) error
}

// HouseStore keeps what the hotline consists of.
type HouseStore interface {
	Units(ctx context.Context) ([]directory.Unit, error)
	SaveUnit(ctx context.Context, u directory.Unit) error
	Seats(ctx context.Context) ([]directory.Seat, error)
	// SaveSeat creates the seat or replaces all but its phone's password.
	SaveSeat(ctx context.Context, s directory.Seat, create bool) error
	SeatPassword(ctx context.Context, seat string) (string, error)
	SetSeatPassword(ctx context.Context, seat, password string) error
	Skills(ctx context.Context) ([]directory.Skill, error)
	SaveSkill(ctx context.Context, s directory.Skill) error
	Queues(ctx context.Context) ([]directory.Queue, error)
	SaveQueue(ctx context.Context, q directory.Queue) error
	Lines(ctx context.Context) ([]directory.Line, error)
	SaveLine(ctx context.Context, l directory.Line) error
	Classes(ctx context.Context) ([]directory.Class, error)
	SaveClass(ctx context.Context, c directory.Class) error
	Areas(ctx context.Context) ([]directory.Area, error)
	SaveArea(ctx context.Context, a directory.Area, order int) error
	Contacts(ctx context.Context) ([]directory.Contact, error)
	SaveContact(ctx context.Context, c directory.Contact, order int) error
	Blacklist(ctx context.Context, now time.Time) ([]directory.BlackEntry, error)
	SaveBlackEntry(ctx context.Context, e directory.BlackEntry) error
	Unblacklist(ctx context.Context, number privacy.Phone) error
}

// LogStore keeps the audit log, the chains and the outbox.
type LogStore interface {
	Audit(ctx context.Context, e AuditEntry) error
	AuditLog(ctx context.Context, f AuditFilter) (list []AuditEntry, next string, err error)
	// Changes returns what happened after the cursor, oldest first, and the cursor to go on
	// from. The empty cursor starts at the present. ErrCursorTooOld: start anew.
	Changes(ctx context.Context, after Cursor, limit int) ([]Change, Cursor, error)
	// WaitChange returns at the next change, or when ctx ends.
	WaitChange(ctx context.Context) error
	// Verify recomputes every chain and seal and calls found for each that does not match.
	Verify(ctx context.Context, found func(Mismatch)) (VerifyCount, error)
}

// CitizenRecord is a citizen with what no ticket tells of him.
type CitizenRecord struct {
	Number  privacy.Phone
	Caller  tickets.Caller
	Tags    []string
	Regular bool
	At      time.Time
}

// Token is an API token without its secret.
type Token struct {
	ID        string    `json:"id"`
	Account   string    `json:"account"`
	Label     string    `json:"label"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
	UsedAt    time.Time `json:"used_at,omitzero"`
}

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	ID     int64     `json:"id"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Act    string    `json:"act"`
	Object string    `json:"object"`
	Detail string    `json:"detail"`
	Remote string    `json:"remote"`
}

// AuditFilter narrows the audit log.
type AuditFilter struct {
	Paging
	Actor    string
	Act      string
	Object   string
	From, To time.Time
}

// Cursor is a place in the desk's changes: opaque, ordered, kept by clients as `desk`.
type Cursor string

// Change is something on the desk that pages may want to fetch again.
type Change struct {
	ID       Cursor    `json:"-"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"` // ticket, callback, call, recording, directory
	Ticket   string    `json:"ticket,omitempty"`
	Call     string    `json:"call,omitempty"`
	Callback string    `json:"callback,omitempty"`
	Version  int       `json:"version,omitempty"`
	Account  string    `json:"-"` // whom it concerns; empty: everybody who may see it
	Units    []string  `json:"-"` // that have or had a part in the ticket
}

// Mismatch is something that was changed behind the program's back.
type Mismatch struct {
	Kind   string `json:"kind"`   // ticket, flow, audit, recording, number, anchor
	Object string `json:"object"` // ticket number or id, audit id, recording id
	Step   int    `json:"step,omitempty"`
	Detail string `json:"detail"`
}

// VerifyCount is how much was verified.
type VerifyCount struct {
	Tickets    int `json:"tickets"`
	Steps      int `json:"steps"`
	Audit      int `json:"audit"`
	Recordings int `json:"recordings"`
}
