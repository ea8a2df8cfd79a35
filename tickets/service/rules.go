package service

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	calendarfiles "github.com/open12345/hotline/configs/calendar"
	policyfiles "github.com/open12345/hotline/configs/policy"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/directory"
)

// ShippedRules are the shipped policy of the name with the shipped calendar: what a city has that
// has entered nothing of its own.
func ShippedRules(policy string, zone *time.Location) (tickets.Rules, error) {
	preset, err := policyfiles.Named(policy)
	if err != nil {
		return tickets.Rules{}, err
	}
	days, err := calendar.Load(calendarfiles.Files, zone)
	if err != nil {
		return tickets.Rules{}, err
	}
	return tickets.Rules{Policy: preset.Policy, Calendar: days}, nil
}

// rulesAge is how long a server goes on by rules that another server may have changed.
const rulesAge = time.Second

// rulesBook keeps the city's rules in memory. They change as a whole: nobody sees a new policy
// with an old calendar.
type rulesBook struct {
	store   Store
	zone    *time.Location
	shipped tickets.Rules // without a policy: 通用

	now atomic.Pointer[cityRules]

	mu      sync.Mutex
	asked   time.Time // of the machine's clock, when the version was looked at last
	version int64
}

// cityRules are all rules of the city at one version. They are only read.
type cityRules struct {
	tickets.Rules
	policy    int // version of the policy; 0: the shipped one
	years     []calendar.Year
	catalogue tickets.Catalogue
	triage    []tickets.TriageRule
	classes   classTree
	areas     map[string]directory.Area
}

func (b *rulesBook) rules(ctx context.Context) (*cityRules, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now.Load()
	if now != nil && time.Since(b.asked) < rulesAge {
		return now, nil
	}
	version, err := b.store.RulesVersion(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for new rules: %w", err)
	}
	if now == nil || version != b.version {
		if now, err = b.read(ctx); err != nil {
			return nil, err
		}
		b.now.Store(now)
		b.version = version
	}
	b.asked = time.Now()
	return now, nil
}

// known are the rules without a look for new ones, so that it can be asked within a ticket's
// transaction, which holds its connection: a request looks before it begins one.
func (b *rulesBook) known(ctx context.Context) (*cityRules, error) {
	if now := b.now.Load(); now != nil {
		return now, nil
	}
	return b.rules(ctx)
}

// forget makes the next asker look for new rules at once.
func (b *rulesBook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = time.Time{}
}

// base are the rules that a city without own ones has.
func (b *rulesBook) base() (tickets.Rules, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.ship()
	return b.shipped, err
}

func (b *rulesBook) ship() error {
	if b.shipped.Policy != nil {
		return nil
	}
	var err error
	b.shipped, err = ShippedRules(policyfiles.Default, b.zone)
	return err
}

func (b *rulesBook) read(ctx context.Context) (*cityRules, error) {
	if err := b.ship(); err != nil {
		return nil, err
	}
	rows, err := b.store.RulesRows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	city := &cityRules{Rules: b.shipped, policy: rows.Policy.N, years: rows.Years, triage: rows.Triage}
	if rows.Policy.N > 0 {
		if city.Policy, err = tickets.ParsePolicy([]byte(rows.Policy.Content)); err != nil {
			return nil, fmt.Errorf("policy %d: %w", rows.Policy.N, err)
		}
	}
	if city.Calendar, err = b.shipped.Calendar.With(rows.Years...); err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	city.catalogue = tickets.NewCatalogue(rows.Catalogue)
	city.classes = newClassTree(rows.Classes)
	city.areas = map[string]directory.Area{}
	for _, a := range rows.Areas {
		city.areas[a.Code] = a
	}
	return city, nil
}

// Rules are the policy and the calendar of the city now.
func (s *Service) Rules(ctx context.Context) (tickets.Rules, error) {
	city, err := s.rules.rules(ctx)
	if err != nil {
		return tickets.Rules{}, err
	}
	return city.Rules, nil
}

// proposed are the units that the dispatch catalogue gives for the ticket now, the lead first;
// none: it has no row for its class and place.
func (s *Service) proposed(ctx context.Context, t tickets.Ticket) ([]string, error) {
	if t.ClassID == "" {
		return nil, nil
	}
	city, err := s.rules.known(ctx)
	if err != nil {
		return nil, err
	}
	entry, ok := city.propose(t.ClassID, t.Place.Area, s.today())
	if !ok {
		return nil, nil
	}
	return entry.Units(), nil
}

func (c *cityRules) propose(class string, areas []string, day time.Time) (tickets.CatalogueEntry, bool) {
	return c.catalogue.Propose(c.classes.ids(class), areas, day)
}

// ids is the path of the class as ids from the root.
func (t classTree) ids(id string) []string {
	var path []string
	for depth := 0; id != "" && depth <= deepest; depth++ {
		path = append(path, id)
		id = t.byID[id].Parent
	}
	slices.Reverse(path)
	return path
}

// routing is what triage says of a ticket that the event hands to the dispatchers; of any other
// event nothing.
func (s *Service) routing(ctx context.Context, tx Tx, t tickets.Ticket, event tickets.Event) (tickets.Routing, error) {
	if event != tickets.Submit && event != tickets.DirectDispatch {
		return tickets.Routing{}, nil
	}
	city, err := s.rules.known(ctx)
	if err != nil || len(city.triage) == 0 {
		return tickets.Routing{}, err
	}
	repeated, err := tx.RepeatedOf(ctx, t.ID, s.now().AddDate(0, 0, -tickets.TriageDays))
	if err != nil {
		return tickets.Routing{}, fmt.Errorf("count tickets of the same number: %w", err)
	}
	return tickets.Triage(city.triage, t, city.classes.ids(t.ClassID), repeated, city.name), nil
}

// name is what a class or an area is called.
func (c *cityRules) name(code string) string {
	if class, ok := c.classes.byID[code]; ok {
		return class.Name
	}
	if area, ok := c.areas[code]; ok {
		return area.Name
	}
	return code
}
