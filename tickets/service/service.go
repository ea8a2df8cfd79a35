package service

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// Errors of use cases; test with errors.Is. Refusals of a ticket's rules are *tickets.Refusal,
// a stale version is *Conflict, invalid input wraps directory.ErrInvalid.
var (
	// ErrNotFound is an id that is unknown, or that the asker may not know of: not told apart.
	ErrNotFound = errors.New("not found")
	// ErrForbidden is a use case the asker has no permission for.
	ErrForbidden = errors.New("forbidden")
	// ErrExists is a new row whose id is taken.
	ErrExists = errors.New("exists already")
	// ErrNotYours is a row that somebody else has in hand.
	ErrNotYours = errors.New("in somebody else's hands")
	// ErrStale is a ticket at another version than the asker saw; use cases turn it into *Conflict.
	ErrStale = errors.New("stale version")
	// ErrCursorTooOld is a cursor whose changes are no longer kept.
	ErrCursorTooOld = errors.New("cursor too old")
	// ErrNoSeat is an account that owns no seat.
	ErrNoSeat = errors.New("the account owns no seat")
	// ErrNoLine is a called number that no line has.
	ErrNoLine = errors.New("no such line")
	// ErrNoProgress is a progress query that fits no ticket.
	ErrNoProgress = errors.New("no ticket fits")
	// ErrProgressLimited is one progress query too many from one number on one day.
	ErrProgressLimited = errors.New("too many progress queries")
	// ErrNoNumber is a ticket or callback without a number that could be dialled.
	ErrNoNumber = errors.New("no number to dial")
)

// Conflict is a ticket that was changed by somebody else meanwhile.
type Conflict struct {
	Wanted  int
	Current TicketView
	Since   []FlowView // what others did since the version that was wanted
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("version %d is stale, the ticket is at %d", c.Wanted, c.Current.Version)
}

// Config is what a Service is made of.
type Config struct {
	Store Store
	Keys  *privacy.KeyRing
	Zone  *time.Location // of business days
	Lock  directory.LockPolicy
	// CaptchaAfter failures in a row the answer to a wrong password asks for a captcha.
	CaptchaAfter int
	// Barred accounts are refused whatever they show: the demo's, where the demo is over.
	Barred []string
	// Rules are those that hold where the city has entered none of its own, see ShippedRules; without
	// them 通用 and the shipped calendar.
	Rules tickets.Rules
	// Prefixes are the beginnings of units' sign-in names by district.
	Prefixes directory.Prefixes
	// Now is the clock; nil: time.Now. The demo's clock runs ahead.
	Now func() time.Time
	Log *slog.Logger
}

// Service is the desk's use cases. Safe for concurrent use.
type Service struct {
	store        Store
	house        *houseCache
	rules        *rulesBook
	keys         *privacy.KeyRing
	zone         *time.Location
	lock         directory.LockPolicy
	captchaAfter int
	barred       map[string]bool
	now          func() time.Time
	log          *slog.Logger
	suggestions  suggestions
	learner      learner
	prefixes     directory.Prefixes
}

// New makes the Service.
func New(cfg Config) *Service {
	s := &Service{
		store: cfg.Store, keys: cfg.Keys, zone: cfg.Zone, lock: cfg.Lock, captchaAfter: cfg.CaptchaAfter,
		barred: map[string]bool{}, now: cfg.Now, log: cfg.Log, prefixes: cfg.Prefixes,
	}
	s.house = &houseCache{store: cfg.Store}
	for _, account := range cfg.Barred {
		s.barred[account] = true
	}
	if s.zone == nil {
		s.zone = time.UTC
	}
	s.rules = &rulesBook{store: cfg.Store, zone: s.zone, shipped: cfg.Rules}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	return s
}

// clock is now in whole microseconds, which is what the database keeps.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// today is the business day.
func (s *Service) today() time.Time { return s.now().In(s.zone) }

func random() (uint64, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, fmt.Errorf("draw a random number: %w", err)
	}
	return binary.BigEndian.Uint64(b[:]), nil
}

// Identity is who asks: an account with its roles, its seat and its unit.
type Identity struct {
	Account     string                 `json:"account"`
	Name        string                 `json:"name"`
	Roles       []tickets.Role         `json:"roles"`
	Permissions []directory.Permission `json:"permissions"`
	Seat        string                 `json:"seat,omitempty"`
	Unit        *UnitRef               `json:"unit,omitempty"`
	PasswordAt  time.Time              `json:"-"` // sessions begun before it have ended
	Remote      string                 `json:"-"` // address the request came from, for the audit

	rights []directory.Permission // beside those of the roles
}

// UnitRef names a unit.
type UnitRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Can tells whether the identity has the permission in any scope.
func (i Identity) Can(p directory.Permission) bool {
	return directory.ScopeOf(i.Roles, p) != directory.ScopeNone || slices.Contains(i.rights, p)
}

// Scope is which rows the permission reaches.
func (i Identity) Scope(p directory.Permission) directory.Scope {
	return directory.ScopeOf(i.Roles, p)
}

// Actor is the identity as the state table knows it.
func (i Identity) Actor() tickets.Actor {
	unit := ""
	if i.Unit != nil {
		unit = i.Unit.ID
	}
	return tickets.Actor{Account: i.Account, Name: i.Name, Unit: unit, Roles: i.Roles}
}

func (i Identity) need(p directory.Permission) error {
	if !i.Can(p) {
		return fmt.Errorf("%w: %s", ErrForbidden, p)
	}
	return nil
}

// Page is one page of a list. NextCursor is empty on the last one. Total stops at MaxTotal.
type Page[T any] struct {
	Items       []T    `json:"items"`
	NextCursor  string `json:"next_cursor,omitempty"`
	Total       int    `json:"total"`
	TotalIsMore bool   `json:"total_is_more,omitempty"`
}

// MaxTotal is where counts of lists stop (1万+).
const MaxTotal = 10000

// Paging asks for a page. Limit 0 means 50; more than 200 means 200.
type Paging struct {
	Limit  int
	Cursor string
}

// Size is the number of rows of the page.
func (p Paging) Size() int {
	switch {
	case p.Limit <= 0:
		return 50
	case p.Limit > 200:
		return 200
	}
	return p.Limit
}

// Ping tells whether the database answers.
func (s *Service) Ping(ctx context.Context) error { return s.store.Ping(ctx) }
