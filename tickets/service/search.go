package service

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/words"
)

// SearchRow is a ticket in the answer of a search, as one person may see it.
type SearchRow struct {
	ID          string          `json:"id"`
	Number      string          `json:"number"`
	Title       string          `json:"title"`
	Excerpt     string          `json:"excerpt" doc:"What stands around the first word that was looked for"`
	State       tickets.State   `json:"state"`
	StateLabel  string          `json:"state_label"`
	Type        tickets.Type    `json:"type"`
	Urgency     tickets.Urgency `json:"urgency"`
	Source      tickets.Source  `json:"source"`
	ClassPath   []string        `json:"class_path"`
	Place       string          `json:"place"`
	Unit        *UnitRef        `json:"unit,omitempty"`
	CallerName  string          `json:"caller_name"`
	PhoneMasked string          `json:"phone_masked"`
	SubmittedAt time.Time       `json:"submitted_at,omitzero"`
	CreatedAt   time.Time       `json:"created_at"`
	ClosedAt    time.Time       `json:"closed_at,omitzero"`
	DueAt       time.Time       `json:"due_at,omitzero"`
	Result      tickets.Result  `json:"result,omitempty"`
	Light       tickets.Light   `json:"light,omitempty"`
	Remains     string          `json:"remains,omitempty"`
	Round       int             `json:"round"`
	Urges       int             `json:"urges"`
	Flags       []string        `json:"flags"`
}

// SearchPage is a page of found tickets. Estimate: counting took too long, Total is a guess.
type SearchPage struct {
	Page[SearchRow]
	Estimate bool `json:"estimate,omitempty"`
}

// SearchTickets finds tickets the asker may see, newest first. The first page is counted.
func (s *Service) SearchTickets(ctx context.Context, who Identity, f SearchFilter, p Paging) (SearchPage, error) {
	page := SearchPage{Page: Page[SearchRow]{Items: []SearchRow{}}}
	place, q, err := s.searchQuery(ctx, who, f)
	if err != nil {
		return page, err
	}
	q.Paging = p
	found, next, err := s.store.SearchTickets(ctx, q)
	if err != nil {
		return page, fmt.Errorf("search tickets: %w", err)
	}
	page.NextCursor = next
	for _, t := range found {
		page.Items = append(page.Items, s.searchRow(who, place, t, q.Words))
	}
	switch {
	case p.Cursor != "":
	case next == "":
		page.Total = len(found)
	default:
		count, err := s.store.CountSearch(ctx, q)
		if err != nil {
			return page, fmt.Errorf("count tickets: %w", err)
		}
		page.Total, page.TotalIsMore, page.Estimate = max(count.Total, len(found)), count.More, count.Estimate
	}
	return page, nil
}

// wholeNumber is a mobile number typed where words are.
var wholeNumber = regexp.MustCompile(`^1[3-9]\d{9}$`)

// searchQuery is the filter with the asker's scope.
func (s *Service) searchQuery(ctx context.Context, who Identity, f SearchFilter) (setting, SearchQuery, error) {
	if err := who.need(directory.TicketList); err != nil {
		return setting{}, SearchQuery{}, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return place, SearchQuery{}, err
	}
	q := SearchQuery{
		SearchFilter: f, Account: who.Account, Now: place.now, NumberIs: f.Number,
		YellowBefore: place.rules.After(place.now, place.rules.Policy.Light.Yellow), YellowShare: place.rules.Policy.Light.Share,
	}
	phone := f.Phone
	for _, word := range strings.Fields(f.Query) {
		switch digits := strings.Trim(word, "0123456789") == ""; {
		case wholeNumber.MatchString(word) && who.Actor().Has(workWithCitizens...):
			phone = word
		case digits && len(word) >= 6 && len(word) <= 12:
			q.NumberIs = word
		case len(words.Codes(word)) == 0:
			return place, q, fmt.Errorf("%w: q: 关键词“%s”至少要有两个字", directory.ErrInvalid, word)
		default:
			q.Words = append(q.Words, word)
		}
	}
	if phone != "" {
		if !who.Actor().Has(workWithCitizens...) {
			return place, q, fmt.Errorf("%w: search by phone", ErrForbidden)
		}
		q.PhoneNo = privacy.Normalize(phone)
		q.HideSecret = !who.Actor().Has(tickets.Intake, tickets.Dispatcher, tickets.Reviewer, tickets.FollowUp, tickets.Office)
	}
	if q.Scope, err = s.unitsOf(ctx, who); err != nil {
		return place, q, err
	}
	if f.Unit != "" {
		if q.InUnits, err = s.subtree(ctx, f.Unit); err != nil {
			return place, q, err
		}
	}
	if f.Class != "" {
		list, err := s.store.Classes(ctx)
		if err != nil {
			return place, q, fmt.Errorf("read classes: %w", err)
		}
		q.Classes = newClassTree(list).below(f.Class)
	}
	return place, q, nil
}

func (s *Service) searchRow(who Identity, place setting, t FoundTicket, looked []string) SearchRow {
	caller := s.callerView(who, t.Ticket, nil)
	row := SearchRow{
		ID: t.ID, Number: t.Number, Title: t.Title, State: t.State, StateLabel: t.State.Label(), Type: t.Type, Urgency: t.Urgency,
		Source: t.Source, ClassPath: orEmpty(t.ClassPath), Place: t.Place.Address, CallerName: caller.Name, PhoneMasked: caller.PhoneMasked,
		SubmittedAt: t.SubmittedAt, CreatedAt: t.CreatedAt, ClosedAt: t.ClosedAt, DueAt: t.DueAt, Result: t.Result, Round: t.Round,
		Urges: t.Count(tickets.CallUrge), Flags: []string{},
	}
	if t.Unit != "" {
		row.Unit = &UnitRef{ID: t.Unit, Name: t.UnitName}
	}
	row.Light, row.Remains = place.lightOf(t.Ticket)
	row.Excerpt = excerpt(t.Content, strings.Join(looked, " "))
	for flag, has := range map[string]bool{
		FlagSupervised: t.Supervised, FlagReturned: t.Returned, FlagHard: t.Hard, FlagRework: t.Round > 1, FlagSecret: t.Secret,
		FlagUnreasonable: t.Unreasonable, FlagUrged: row.Urges > 0, FlagOverdue: overdue(t.Ticket, place.now),
	} {
		if has {
			row.Flags = append(row.Flags, flag)
		}
	}
	slices.Sort(row.Flags)
	return row
}

// overdue tells whether the lead unit replied late, or is late now.
func overdue(t tickets.Ticket, now time.Time) bool {
	lead, ok := t.LeadLeg()
	return ok && (lead.RepliedLate || lead.State.Open() && lead.SuspendedAt.IsZero() && !lead.DueAt.IsZero() && now.After(lead.DueAt))
}

// SearchStatistics sums up what a search finds.
func (s *Service) SearchStatistics(ctx context.Context, who Identity, f SearchFilter) (Statistics, error) {
	place, q, err := s.searchQuery(ctx, who, f)
	if err != nil {
		return Statistics{}, err
	}
	sums, err := s.store.SearchStatistics(ctx, q, s.zone)
	if err != nil {
		return Statistics{}, fmt.Errorf("sum up tickets: %w", err)
	}
	classes, err := s.store.Classes(ctx)
	if err != nil {
		return Statistics{}, fmt.Errorf("read classes: %w", err)
	}
	tree := newClassTree(classes)
	for i, t := range sums.ByClass {
		if path := tree.path(t.Code); len(path) > 0 && path[len(path)-1] != "" {
			sums.ByClass[i].Label = path[len(path)-1]
		}
	}
	for i, t := range sums.ByUnit {
		sums.ByUnit[i].Label = place.unitName(t.Code)
	}
	return sums, nil
}

// Letters of a saved filter's name at most, and filters an account can keep.
const filterName = 40

// SavedFilters lists the asker's own filters and those shared with his roles.
func (s *Service) SavedFilters(ctx context.Context, who Identity) ([]SavedFilter, error) {
	if err := who.need(directory.TicketList); err != nil {
		return nil, err
	}
	list, err := s.store.SavedFilters(ctx, who.Account, who.Roles)
	if err != nil {
		return nil, fmt.Errorf("list filters: %w", err)
	}
	return list, nil
}

// SaveFilter keeps a filter under a name, and shows it to a role of the asker's too when shared
// names one. The same name replaces.
func (s *Service) SaveFilter(ctx context.Context, who Identity, name string, f SearchFilter, shared tickets.Role) (SavedFilter, error) {
	if err := who.need(directory.TicketList); err != nil {
		return SavedFilter{}, err
	}
	name = strings.TrimSpace(name)
	switch {
	case name == "" || utf8.RuneCountInString(name) > filterName:
		return SavedFilter{}, fmt.Errorf("%w: name has 1 to %d letters", directory.ErrInvalid, filterName)
	case shared != "" && !slices.Contains(who.Roles, shared):
		return SavedFilter{}, fmt.Errorf("%w: shared is not a role of yours", directory.ErrInvalid)
	case shared != "" && f.Phone != "":
		return SavedFilter{}, fmt.Errorf("%w: a filter with a number is not shared", directory.ErrInvalid)
	}
	kept := SavedFilter{
		ID: uuid.NewString(), Account: who.Account, Owner: who.Name, Name: name, Filter: f, Shared: shared, CreatedAt: s.clock(), Mine: true,
	}
	if err := s.store.SaveFilter(ctx, kept); err != nil {
		return SavedFilter{}, fmt.Errorf("save filter: %w", err)
	}
	return kept, nil
}

// DeleteFilter removes one of the asker's own.
func (s *Service) DeleteFilter(ctx context.Context, who Identity, id string) error {
	if err := who.need(directory.TicketList); err != nil {
		return err
	}
	return s.store.DeleteFilter(ctx, who.Account, id)
}
