package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/directory"
)

// RulesStore keeps the city's own rules. Each change raises the version of the rules, also one of
// classes and areas, which they name.
type RulesStore interface {
	RulesVersion(ctx context.Context) (int64, error)
	// RulesRows reads all rules at one moment.
	RulesRows(ctx context.Context) (RulesRows, error)

	// Policies lists the versions that were applied, newest first.
	Policies(ctx context.Context) ([]PolicyRow, error)
	Policy(ctx context.Context, n int) (PolicyRow, error)
	// ApplyPolicy makes the row the policy after the version base, and begins the run that moves
	// deadlines. ErrStale: base is no longer the newest.
	ApplyPolicy(ctx context.Context, base int, p PolicyRow, run RecomputeRun) (int, error)
	// ApplyYear enters a year's notice, in place of an earlier one, and begins the run.
	ApplyYear(ctx context.Context, y YearRow, run RecomputeRun) error
	Years(ctx context.Context) ([]YearRow, error)

	// Runs lists the latest runs, newest first; NextRun is the oldest that is not done.
	Runs(ctx context.Context, limit int) ([]RecomputeRun, error)
	NextRun(ctx context.Context) (RecomputeRun, error)
	// ClaimRun tells whether this server may go on with the run: nobody else has for a while.
	ClaimRun(ctx context.Context, id int64, server string, now time.Time) (bool, error)
	SaveRun(ctx context.Context, r RecomputeRun) error
	// OpenLegs reads tickets with open legs after the id, in its order: what deadlines are made of,
	// nothing of the citizen.
	OpenLegs(ctx context.Context, after string, limit int) ([]tickets.Ticket, error)

	// OpenDeadlines are the latest deadline of an open leg in each year that has one.
	OpenDeadlines(ctx context.Context) ([]time.Time, error)

	CatalogueVersions(ctx context.Context) ([]CatalogueVersion, error)
	// Catalogue lists the entries of a version; 0 is the newest.
	Catalogue(ctx context.Context, version int) ([]tickets.CatalogueEntry, error)
	// ChangeCatalogue removes entries by id and adds others as one new version after base, and
	// returns its number. ErrStale: base is no longer the newest.
	ChangeCatalogue(ctx context.Context, base int, v CatalogueVersion, remove []int64, add []tickets.CatalogueEntry) (int, error)
	// InPool reads class and place of the tickets that wait for dispatch, oldest first.
	InPool(ctx context.Context, limit int) ([]tickets.Ticket, error)

	// SaveTriageRules creates or replaces the rules, in this order.
	SaveTriageRules(ctx context.Context, rules []tickets.TriageRule, by string, at time.Time) error
	DeleteTriageRule(ctx context.Context, id string) error
	// TicketsSince reads the newest tickets submitted since, at most limit, nothing of the citizen
	// but kind and what is repeated.
	TicketsSince(ctx context.Context, since time.Time, limit int) ([]SubmittedTicket, error)
}

// RulesTx is what the rules need of a ticket's transaction.
type RulesTx interface {
	// RepeatedOf counts the other tickets of the ticket's number since.
	RepeatedOf(ctx context.Context, ticket string, since time.Time) (int, error)
}

// RulesRows are all rules of one moment.
type RulesRows struct {
	Policy    PolicyRow // N 0: none of the city's own
	Years     []calendar.Year
	Catalogue []tickets.CatalogueEntry
	Triage    []tickets.TriageRule
	Classes   []directory.Class
	Areas     []directory.Area
}

// PolicyRow is a version of the policy that was applied.
type PolicyRow struct {
	N       int       `json:"n"`
	Name    string    `json:"name"`
	Content string    `json:"content,omitempty" doc:"The file, YAML"`
	Note    string    `json:"note"`
	By      string    `json:"by"`
	ByName  string    `json:"by_name"`
	At      time.Time `json:"at"`
}

// YearRow is a year's notice that was entered.
type YearRow struct {
	calendar.Year
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	At     time.Time `json:"at"`
}

// CatalogueVersion is one change of the dispatch catalogue.
type CatalogueVersion struct {
	N       int       `json:"n"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	ByName  string    `json:"by_name"`
	Note    string    `json:"note"`
	Added   int       `json:"added"`
	Removed int       `json:"removed"`
	Entries int       `json:"entries"` // that it has
}

// SubmittedTicket is a ticket that triage can be tried on.
type SubmittedTicket struct {
	tickets.Ticket
	Repeated int
}

// RecomputeRun moves the deadlines of open legs after a change of the rules, in batches: a
// server that dies leaves the rest to another.
type RecomputeRun struct {
	ID     int64     `json:"id"`
	Cause  string    `json:"cause"` // in Chinese: what was changed
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	At     time.Time `json:"at"`
	// The rules before and after the change.
	Old OwnRules `json:"-"`
	New OwnRules `json:"-"`

	After    string    `json:"-"` // ticket id up to which all are done
	Total    int       `json:"total"`
	Done     int       `json:"done"`
	Moved    int       `json:"moved"`
	Failed   int       `json:"failed"`
	Finished time.Time `json:"finished,omitzero"`
}

// OwnRules are what a city has entered itself of policy and calendar, as it is kept with a run.
type OwnRules struct {
	Policy string          `json:"policy"` // the file; empty: the shipped one
	Years  []calendar.Year `json:"years"`
}
