package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
)

// SearchStore finds tickets, keeps saved filters and the rows of exports.
type SearchStore interface {
	// SearchTickets finds tickets, newest first, with their lead leg, and the cursor to go on from.
	SearchTickets(ctx context.Context, q SearchQuery) (list []FoundTicket, next string, err error)
	// CountSearch counts what SearchTickets finds, up to MaxTotal.
	CountSearch(ctx context.Context, q SearchQuery) (SearchCount, error)
	// SearchStatistics sums up the newest StatisticsMost tickets of a search.
	SearchStatistics(ctx context.Context, q SearchQuery, zone *time.Location) (Statistics, error)

	// SavedFilters lists the account's own and those shared with the roles, by name.
	SavedFilters(ctx context.Context, account string, roles []tickets.Role) ([]SavedFilter, error)
	SaveFilter(ctx context.Context, f SavedFilter) error
	DeleteFilter(ctx context.Context, account, id string) error

	CreateExport(ctx context.Context, e Export) error
	// Exports lists the account's, newest first.
	Exports(ctx context.Context, account string, limit int) ([]Export, error)
	Export(ctx context.Context, id string) (Export, error)
	// ClaimExport takes the oldest export that waits, or whose writer has given no sign of life
	// since stale. ErrNotFound: there is none.
	ClaimExport(ctx context.Context, now, stale time.Time) (Export, error)
	// BeatExport notes the progress; false: it was cancelled.
	BeatExport(ctx context.Context, id string, total, written int, now time.Time) (bool, error)
	FinishExport(ctx context.Context, e Export) error
	// CancelExport ends one that waits or runs. ErrNotFound: it does neither.
	CancelExport(ctx context.Context, account, id string, now time.Time) error
	// OldExports lists exports that ended before the time and whose files are still kept.
	OldExports(ctx context.Context, before time.Time, limit int) ([]string, error)
	SweptExport(ctx context.Context, id string) error
}

// SearchFilter is what a search asks for; zero fields don't. It is also what saved filters and
// exports keep.
type SearchFilter struct {
	Query         string    `json:"q,omitempty" query:"q" maxLength:"100" doc:"Words in title, content, place, answers and replies; or a ticket number"`
	Number        string    `json:"number,omitempty" query:"number" maxLength:"12" doc:"Ticket number or its beginning"`
	Phone         string    `json:"phone,omitempty" query:"phone" maxLength:"24" doc:"Full number; for roles that work with citizens"`
	Class         string    `json:"class,omitempty" query:"class" maxLength:"64" doc:"This class and those below"`
	Unit          string    `json:"unit,omitempty" query:"unit" maxLength:"64" doc:"This unit and those below had a part in it"`
	States        []string  `json:"state,omitempty" query:"state" maxItems:"20"`
	Types         []string  `json:"type,omitempty" query:"type" maxItems:"10"`
	Urgencies     []string  `json:"urgency,omitempty" query:"urgency" maxItems:"5"`
	Sources       []string  `json:"source,omitempty" query:"source" maxItems:"20"`
	Results       []string  `json:"result,omitempty" query:"result" maxItems:"10"`
	Light         string    `json:"light,omitempty" query:"light" enum:"green,yellow,red" doc:"Of the lead unit's part"`
	Flags         []string  `json:"flag,omitempty" query:"flag" maxItems:"10" enum:"supervised,hard,rework,secret,unreasonable,overdue,returned,urged"`
	Open          bool      `json:"open,omitempty" query:"open" doc:"Somebody still has to act"`
	Mine          bool      `json:"mine,omitempty" query:"mine" doc:"Written by or in the hands of the asker"`
	SubmittedFrom time.Time `json:"submitted_from,omitzero" query:"submitted_from"`
	SubmittedTo   time.Time `json:"submitted_to,omitzero" query:"submitted_to"`
	ClosedFrom    time.Time `json:"closed_from,omitzero" query:"closed_from"`
	ClosedTo      time.Time `json:"closed_to,omitzero" query:"closed_to"`
	DueFrom       time.Time `json:"due_from,omitzero" query:"due_from"`
	DueTo         time.Time `json:"due_to,omitzero" query:"due_to"`
}

// Flags of a search.
const (
	FlagSupervised   = "supervised"   // 督办
	FlagHard         = "hard"         // 疑难
	FlagRework       = "rework"       // 重办
	FlagSecret       = "secret"       // 保密
	FlagUnreasonable = "unreasonable" // 不合理诉求
	FlagOverdue      = "overdue"      // 超期
	FlagReturned     = "returned"     // 退过单
	FlagUrged        = "urged"        // 催办过
)

// SearchQuery is a SearchFilter with the asker's scope.
type SearchQuery struct {
	SearchFilter
	Paging
	Words      []string      // of Query, each of at least two letters
	Account    string        // for Mine
	Scope      []string      // units whose tickets the asker sees; nil: every unit's
	InUnits    []string      // Unit and those below
	Classes    []string      // Class and those below
	NumberIs   string        // beginning of the number
	PhoneNo    privacy.Phone // to look for
	Whole      int           // rows of a page in place of Paging's limit
	HideSecret bool          // the asker may not find 保密 tickets by their citizen
	Now        time.Time
	// See QueueQuery.
	YellowBefore time.Time
	YellowShare  float64
}

// FoundTicket is a ticket that a search found.
type FoundTicket struct {
	TicketRecord
	Supervised bool
	Returned   bool
}

// SearchCount is how many tickets a search finds.
type SearchCount struct {
	Total    int
	More     bool // the count stopped at MaxTotal
	Estimate bool // counting took too long: it is the database's guess
}

// StatisticsMost is how many of a search's newest tickets its statistics look at.
const StatisticsMost = 100000

// Statistics sum up the tickets of a search.
type Statistics struct {
	Total     int     `json:"total"`
	Cut       bool    `json:"cut" doc:"Only the newest hundred thousand were summed up"`
	ByState   []Tally `json:"by_state"`
	ByType    []Tally `json:"by_type"`
	ByClass   []Tally `json:"by_class" doc:"The most frequent first"`
	ByUnit    []Tally `json:"by_unit" doc:"Lead unit, the most frequent first"`
	ByDay     []Tally `json:"by_day" doc:"Day of submission, the last thirty with any"`
	Replied   int     `json:"replied" doc:"Lead parts replied to, excluded ones left out"`
	InTime    int     `json:"in_time" doc:"Of them in time"`
	Visited   int     `json:"visited" doc:"有效回访: the citizen took a position"`
	Satisfied int     `json:"satisfied" doc:"Of them 非常满意, 满意 or 基本满意"`
}

// Tally is how many tickets have a value.
type Tally struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// SavedFilter is a search that somebody keeps under a name.
type SavedFilter struct {
	ID        string       `json:"id"`
	Account   string       `json:"account"`
	Owner     string       `json:"owner"` // name
	Name      string       `json:"name"`
	Filter    SearchFilter `json:"filter"`
	Shared    tickets.Role `json:"shared,omitempty" doc:"Role it is shown to as well"`
	CreatedAt time.Time    `json:"created_at"`
	Mine      bool         `json:"mine"`
}

// ExportState is where an export is.
type ExportState string

// States of an export.
const (
	ExportWaiting   ExportState = "waiting"
	ExportRunning   ExportState = "running"
	ExportDone      ExportState = "done"
	ExportFailed    ExportState = "failed"
	ExportCancelled ExportState = "cancelled"
)

// Export is a search written into an Excel file.
type Export struct {
	ID         string       `json:"id"`
	Account    string       `json:"-"`
	Filter     SearchFilter `json:"filter"`
	Label      string       `json:"label"`
	State      ExportState  `json:"state"`
	Total      int          `json:"total" doc:"Rows expected, up to ten thousand counted"`
	Written    int          `json:"written"`
	Size       int64        `json:"size"`
	Failure    string       `json:"failure,omitempty"`
	CreatedAt  time.Time    `json:"created_at"`
	FinishedAt time.Time    `json:"finished_at,omitzero"`
	Until      time.Time    `json:"until,omitzero" doc:"When the file is removed"`
	Swept      bool         `json:"swept" doc:"The file was removed"`
}
