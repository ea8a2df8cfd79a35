package service

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/suggest"
)

// SuggestStore reads what suggestions are learned from.
type SuggestStore interface {
	// Lessons lists in order the dispatches and granted returns after the step, and the step to go
	// on from. Step 0 begins with the recent past.
	Lessons(ctx context.Context, after int64, limit int) ([]Lesson, int64, error)
}

// Lesson is a ticket that was dispatched to a unit, or that the unit returned.
type Lesson struct {
	Step      int64
	Text      string
	Class     string
	Unit      string
	Returned  bool // the unit was wrong
	Corrected bool // dispatched after a return: the unit is the right one in place of the wrong
}

// learner keeps the models of units and classes up to date.
type learner struct {
	mu      sync.Mutex
	step    int64
	units   *suggest.Model
	classes *suggest.Model
}

// lessonsAtOnce are read in one piece.
const lessonsAtOnce = 500

// LearnSuggestions takes in what was dispatched and returned since the last time, and tells how
// much that was. Call it now and then; one call at a time works, others wait.
func (s *Service) LearnSuggestions(ctx context.Context) (int, error) {
	l := &s.learner
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.units == nil {
		l.units, l.classes = suggest.NewModel(), suggest.NewModel()
	}
	total := 0
	for {
		list, next, err := s.store.Lessons(ctx, l.step, lessonsAtOnce)
		if err != nil {
			return total, fmt.Errorf("learn suggestions: %w", err)
		}
		l.step = next
		for _, lesson := range list {
			if err := l.take(lesson); err != nil {
				return total, fmt.Errorf("learn suggestions: %w", err)
			}
		}
		total += len(list)
		if len(list) == 0 {
			return total, nil
		}
	}
}

func (l *learner) take(lesson Lesson) error {
	switch {
	case lesson.Returned:
		return l.units.Returned(lesson.Text, lesson.Unit, "")
	case lesson.Corrected:
		return l.units.Corrected(lesson.Text, lesson.Unit)
	}
	if lesson.Class != "" {
		if err := l.classes.Learn(lesson.Text, lesson.Class); err != nil {
			return err
		}
	}
	return l.units.Learn(lesson.Text, lesson.Unit)
}

func (l *learner) models() (units, classes *suggest.Model) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.units, l.classes
}

// Suggestions are guesses for a text; each says by which words. Nothing is done by them.
type Suggestions struct {
	Units   []UnitSuggestion  `json:"units"`
	Classes []ClassSuggestion `json:"classes"`
	Similar []SimilarTicket   `json:"similar"`
	Learned int               `json:"learned"` // from how many tickets
}

// UnitSuggestion is a guess of the unit.
type UnitSuggestion struct {
	Unit  UnitRef            `json:"unit"`
	Share float64            `json:"share"` // of belief, 0 to 1
	Words []suggest.Evidence `json:"words"`
}

// ClassSuggestion is a guess of the class.
type ClassSuggestion struct {
	Class string             `json:"class"`
	Path  []string           `json:"path"`
	Share float64            `json:"share"`
	Words []suggest.Evidence `json:"words"`
}

// SimilarTicket is an earlier ticket like it, and where it went.
type SimilarTicket struct {
	ID        string    `json:"id"`
	Number    string    `json:"number"`
	Title     string    `json:"title"`
	Unit      *UnitRef  `json:"unit,omitempty"`
	ClassPath []string  `json:"class_path"`
	At        time.Time `json:"at"`
}

// suggestedAtMost is how many units and classes are suggested.
const suggestedAtMost = 3

// Suggest guesses unit and class: of a ticket, or of a text being typed. For the people of the
// hotline only: what others wrote shows through the words. ErrForbidden, ErrNotFound.
func (s *Service) Suggest(ctx context.Context, who Identity, ticket, text string) (Suggestions, error) {
	out := Suggestions{Units: []UnitSuggestion{}, Classes: []ClassSuggestion{}, Similar: []SimilarTicket{}}
	if who.Scope(directory.TicketList) != directory.ScopeAll || !who.Can(directory.TicketAct) {
		return out, fmt.Errorf("%w: suggestions are the hotline's", ErrForbidden)
	}
	if ticket != "" {
		record, err := s.visibleTicket(ctx, who, ticket)
		if err != nil {
			return out, err
		}
		text = record.Title + "\n" + record.Content
		if out.Similar, err = s.similarTo(ctx, record.Ticket); err != nil {
			return out, err
		}
	}
	units, classes := s.learner.models()
	if units == nil {
		return out, nil
	}
	out.Learned = int(units.Texts())
	if err := s.suggestUnits(ctx, units, text, &out); err != nil {
		return out, err
	}
	return out, s.suggestClasses(ctx, classes, text, &out)
}

func (s *Service) suggestUnits(ctx context.Context, m *suggest.Model, text string, out *Suggestions) error {
	guesses, err := m.Suggest(text, suggestedAtMost)
	if err != nil {
		return fmt.Errorf("suggest units: %w", err)
	}
	known, err := s.house.units(ctx)
	if err != nil {
		return err
	}
	for _, g := range guesses {
		if u, ok := known[g.Label]; ok && !u.Disabled {
			out.Units = append(out.Units, UnitSuggestion{Unit: UnitRef{ID: u.ID, Name: u.Name}, Share: g.Share, Words: g.Words})
		}
	}
	return nil
}

func (s *Service) suggestClasses(ctx context.Context, m *suggest.Model, text string, out *Suggestions) error {
	guesses, err := m.Suggest(text, suggestedAtMost)
	if err != nil {
		return fmt.Errorf("suggest classes: %w", err)
	}
	if len(guesses) == 0 {
		return nil
	}
	list, err := s.store.Classes(ctx)
	if err != nil {
		return fmt.Errorf("suggest classes: %w", err)
	}
	tree := newClassTree(list)
	for _, g := range guesses {
		if tree.leaf(g.Label) {
			out.Classes = append(out.Classes, ClassSuggestion{Class: g.Label, Path: tree.path(g.Label), Share: g.Share, Words: g.Words})
		}
	}
	return nil
}

func (s *Service) similarTo(ctx context.Context, t tickets.Ticket) ([]SimilarTicket, error) {
	records, err := s.store.SimilarTickets(ctx, t, 10)
	if err != nil {
		return nil, fmt.Errorf("read similar tickets: %w", err)
	}
	list := []SimilarTicket{}
	for _, r := range records {
		if r.Unit == "" {
			continue // it went nowhere yet: it explains nothing
		}
		list = append(list, SimilarTicket{
			ID: r.ID, Number: r.Number, Title: r.Title, Unit: &UnitRef{ID: r.Unit, Name: r.UnitName}, ClassPath: orEmpty(r.ClassPath), At: r.CreatedAt,
		})
	}
	return list, nil
}
