package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
)

// QueueStore reads the desk's queues. What lies in a queue follows from the states of tickets,
// legs, requests, supervisions and cards alone; see DeskQueue.
type QueueStore interface {
	// Queue lists what lies in q.Queue, the most urgent first (q.Sort); more tells whether the
	// count stopped at MaxTotal.
	Queue(ctx context.Context, q QueueQuery) (list []QueueRow, next string, total int, more bool, err error)
	// QueueCounts counts each of the queries; counts stop at MaxTotal.
	QueueCounts(ctx context.Context, queries []QueueQuery) ([]QueueCount, error)
	// TakeNext locks the most urgent ticket of q that nobody has in hand, skipping rows that
	// others have locked, and does fn to it as UpdateTicket would. ErrNotFound: the queue is empty.
	TakeNext(ctx context.Context, q QueueQuery, fn func(context.Context, Tx, tickets.Ticket) (tickets.Outcome, error)) (string, error)
	// HeldBy lists the open tickets of the states that the account has in hand.
	HeldBy(ctx context.Context, account string, states []tickets.State) ([]string, error)
}

// QueueQuery is a QueueFilter with the asker's scope.
type QueueQuery struct {
	QueueFilter
	Account string
	Units   []string              // whose legs, supervisions and cards lie in a unit's queue; nil: every unit
	Kinds   []tickets.RequestKind // of QueueDecisions: those that the asker decides
	Now     time.Time
	// A light is red past due; before, it is yellow when due_at is at most YellowBefore and less than
	// YellowShare of the limit (due_at - began_at, of a stage stage_due_at - stage_at) is left.
	YellowBefore time.Time
	YellowShare  float64
}

// QueueRow is what lies in a queue: a ticket, and the number of the leg, request, supervision or
// card it is about; 0: none.
type QueueRow struct {
	TicketRecord
	Leg         int
	Request     int
	Supervision int
	Card        int
	At          time.Time // when it came into the queue
	DueAt       time.Time // of what lies in the queue
}

// LifeStore keeps what belongs to a ticket's whole life beside the ticket itself.
type LifeStore interface {
	// FlowSince lists the steps that came after the version, oldest first.
	FlowSince(ctx context.Context, id string, version int) ([]tickets.FlowStep, error)
	// MergedInto lists the tickets merged into the master, oldest first.
	MergedInto(ctx context.Context, master string) ([]TicketRecord, error)
	// AtSeat tells whether the account is signed in at its seat, or owns none.
	AtSeat(ctx context.Context, account string) (bool, error)
	// ReturnsOfClass counts the granted returns of tickets of the classes since, by unit.
	ReturnsOfClass(ctx context.Context, classes []string, since time.Time) (map[string]int, error)
	// RepliesLike lists closed tickets like this one that have a public reply, the most alike first;
	// of the units only, unless they are nil.
	RepliesLike(ctx context.Context, t tickets.Ticket, units []string, limit int) ([]TicketRecord, error)
	// RatesOf counts what the units did in the span, for the formulas of assessment.
	RatesOf(ctx context.Context, units []string, from, to time.Time) (RateCounts, error)

	SaveFile(ctx context.Context, f FileRecord) error
	File(ctx context.Context, id string) (FileRecord, error)
	FilesOf(ctx context.Context, ticket string) ([]FileRecord, error)

	// Deputies lists who stands in for the unit's leader, latest first.
	Deputies(ctx context.Context, unit string) ([]Deputy, error)
	SaveDeputy(ctx context.Context, d Deputy) error
	DeleteDeputy(ctx context.Context, unit, id string) error
}

// LifeTx is what a ticket's change needs of its transaction beyond Tx's intake. UpdateTicket
// itself saves legs, requests, supervisions, cards and visits of Outcome.Ticket, and puts
// Outcome.Notices into the outbox, keyed by ticket, step and place.
type LifeTx interface {
	// Schedule inserts a job for each timer; one that is there already stays as it is.
	Schedule(ctx context.Context, ticket string, timers []tickets.Timer) error
	// MergedInto lists the tickets merged into the master.
	MergedInto(ctx context.Context, master string) ([]tickets.Ticket, error)
	// UrgesSince counts the urges that came from the number since.
	UrgesSince(ctx context.Context, number privacy.Phone, since time.Time) (int, error)
	// LinkFiles links uploaded files of the ticket to a leg; public ones the citizen may have.
	LinkFiles(ctx context.Context, ticket string, ids []string, leg int) error
}

// FileRecord is an attachment as it is kept.
type FileRecord struct {
	ID     string
	Ticket string
	Leg    int // whose it is; 0: the ticket's
	Unit   string
	Name   string
	Type   string // media type, found by content
	Size   int64
	SHA256 string
	Key    string // in the blob store
	By     string
	ByName string
	At     time.Time
	Public bool // the citizen may have it
}

// Deputy is who stands in for a unit's leader for a while.
type Deputy struct {
	ID      string    `json:"id"`
	Unit    string    `json:"unit"`
	Account string    `json:"account"`
	Name    string    `json:"name"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// RateCounts are the counts that a unit's rates are made of; excluded legs (不合理诉求, 考核申诉)
// are in none of them.
type RateCounts struct {
	ToSign       int `json:"to_sign"`        // should be signed in the span
	SignedInTime int `json:"signed_in_time"` //
	Due          int `json:"due"`            // 应办结: fell due in the span
	InTime       int `json:"in_time"`        // of them replied in time
	Replied      int `json:"replied"`
	Returns      int `json:"returns"`    // 退单 asked for
	Extensions   int `json:"extensions"` // granted
	Reworks      int `json:"reworks"`
	Received     int `json:"received"`  // 承办
	Visits       int `json:"visits"`    // 有效回访: reached, with a position
	Satisfied    int `json:"satisfied"` // of them 非常满意, 满意 or 基本满意
	Judged       int `json:"judged"`    // said solved or not
	Solved       int `json:"solved"`
	Asked        int `json:"asked"`     // reached and asked whether they were contacted
	Contacted    int `json:"contacted"` // 联系率
}
