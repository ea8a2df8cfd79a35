package floor

import (
	"context"
	"errors"
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// Errors of the ports; test with errors.Is.
var (
	ErrNoSeat          = errors.New("the account owns no seat")
	ErrNoLine          = errors.New("the called number is not in the line book")
	ErrNoProgress      = errors.New("no ticket matches")
	ErrProgressLimited = errors.New("too many progress queries of this number today")
	ErrNotDialable     = errors.New("there is no number that may be dialled")
	ErrStale           = errors.New("a later leader has taken over") // of LiveState: step down
)

// Walker walks callers through one version of a menu; *ivr.Menu is one.
type Walker interface {
	Step(s ivr.State, in ivr.Input, now time.Time, open func(schedule string, t time.Time) bool) (ivr.State, []ivr.Action)
}

// Menus holds the menus. A call stays on the version it began on.
type Menus interface {
	// Menu gives the current version of a menu. "" is no menu: straight to the queue.
	Menu(name string) (Walker, error)
	// MenuVersion gives the version a walk began on, or the current one when it is gone.
	MenuVersion(name, version string) (Walker, error)
}

// Sounds turns what is to be heard into sounds of the switch, in order. No sounds and no error
// means that there is nothing to hear.
type Sounds interface {
	Sounds(p ivr.Prompt) ([]string, error)
}

// CallerHistory is the desk's knowledge of a caller. number is in clear.
type CallerHistory interface {
	CallerHistory(ctx context.Context, number string) (History, error)
}

// TicketProgress answers the menu's progress query (domain.md §3.8).
type TicketProgress interface {
	// ProgressByCaller lists the caller's open tickets by number of the phone.
	ProgressByCaller(ctx context.Context, number string) ([]Progress, error)
	// ProgressByNumber looks one up by ticket number and query code. ErrProgressLimited after
	// ten tries of one caller number a day, ErrNoProgress when nothing matches.
	ProgressByNumber(ctx context.Context, caller, ticket, code string) (Progress, error)
}

// Progress is the public state of a ticket: never its content.
type Progress struct {
	Number string
	State  string // public code: accepted, in_progress, suspended, replied, closed, withdrawn, not_accepted, merged
	Unit   string
	Date   time.Time // expected answer, next report or closing, by state; zero: none
}

// Guides are the guides that can be read aloud now, best first. It answers at once: their sounds
// are made when they are published.
type Guides interface {
	Guides() []Guide
}

// Guide names the prompts of a guide's title and text; Sounds knows them.
type Guide struct {
	Title string
	Text  string
}

// SeatProfiles is the desk's register of seats, agents and skills.
type SeatProfiles interface {
	// SeatProfile of the account's own seat; ErrNoSeat if it owns none.
	SeatProfile(ctx context.Context, account string) (SeatProfile, error)
	// Seats lists every seat, for provisioning its phones.
	Seats(ctx context.Context) ([]SeatProfile, error)
}

// SeatProfile is one seat and the agent who owns it.
type SeatProfile struct {
	Seat       string
	Account    string
	Name       string
	Group      string
	Skills     map[string]int
	Queues     []string // neither skills nor queues: for outbound calls only
	AutoAnswer bool
	WrapUp     time.Duration
	PhoneHA1   string // of the SIP phone `<seat>`
}

// LineBook maps called numbers to menu, queue and label; a change takes effect for new calls.
type LineBook interface {
	Line(ctx context.Context, called string) (Line, error) // ErrNoLine
}

// Line is one called number (双号并行).
type Line struct {
	Called string
	Label  string
	Menu   string // menu file; "" goes straight to the queue
	Queue  string
}

// Dialable gives the number behind a ticket or a 留言与回拨 row to the floor, after checking
// that the account may dial it.
type Dialable interface {
	NumberOfTicket(ctx context.Context, ticket, account string) (string, error)
	NumberOfCallback(ctx context.Context, row, account string) (string, error)
}

// Blacklist tells whether a number is refused now.
type Blacklist interface {
	Blacklisted(ctx context.Context, number string) (bool, error)
}

// Sealer encrypts numbers for journal, Redis and events.
type Sealer interface {
	Seal(clear string) (string, error)
	Open(sealed string) (string, error)
}

// Journal appends floor events: written before the act, durable within 100 ms. It gives the
// event its ID and hands it to the followers (Redis, PostgreSQL) in order.
type Journal interface {
	Append(e calls.Event) (calls.Event, error)
}

// LiveState keeps what a successor needs. Values are the floor's own JSON.
type LiveState interface {
	SaveCall(ctx context.Context, id calls.ID, state []byte) error
	DropCall(ctx context.Context, id calls.ID) error
	SaveSeat(ctx context.Context, seat string, state []byte) error
	DropSeat(ctx context.Context, seat string) error
	Load(ctx context.Context) (callsByID map[calls.ID][]byte, seats map[string][]byte, err error)
}
