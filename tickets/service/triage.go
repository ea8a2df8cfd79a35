package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// TriageView are the rules of triage in the order they are tried, with the names of what they
// name.
type TriageView struct {
	Rules []tickets.TriageRule `json:"rules"`
	Names map[string]string    `json:"names" doc:"Of classes and areas, by code"`
}

// TriagePreview is what a rule would have done to the tickets of the last days.
type TriagePreview struct {
	Faults  []RuleFault    `json:"faults"`
	Days    int            `json:"days"`
	Looked  int            `json:"looked" doc:"Tickets submitted in these days, at most 2000"`
	Hits    int            `json:"hits"`
	Raised  int            `json:"raised" doc:"Whose urgency it would have raised"`
	Samples []TriageSample `json:"samples"`
}

// TriageSample is a ticket that a rule would have hit.
type TriageSample struct {
	ID      string          `json:"id"`
	Number  string          `json:"number"`
	Title   string          `json:"title"`
	Urgency tickets.Urgency `json:"urgency"` // as it was
	Why     string          `json:"why"`
}

// Bounds of a preview of triage.
const (
	triagePreviewDays    = 7
	triagePreviewTickets = 2000
)

// TriageRules lists the rules of triage.
func (s *Service) TriageRules(ctx context.Context, who Identity) (TriageView, error) {
	view := TriageView{Rules: []tickets.TriageRule{}, Names: map[string]string{}}
	if err := who.need(directory.RulesRead); err != nil {
		return view, err
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return view, err
	}
	view.Rules = append(view.Rules, city.triage...)
	for _, r := range city.triage {
		for _, code := range append(slices.Clone(r.Classes), r.Areas...) {
			view.Names[code] = city.name(code)
		}
	}
	return view, nil
}

// PreviewTriage tries a rule on the tickets of the last days.
func (s *Service) PreviewTriage(ctx context.Context, who Identity, r tickets.TriageRule) (TriagePreview, error) {
	preview := TriagePreview{Faults: []RuleFault{}, Days: triagePreviewDays, Samples: []TriageSample{}}
	if err := who.need(directory.AdminRules); err != nil {
		return preview, err
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return preview, err
	}
	if preview.Faults = city.triageFaults(r); len(preview.Faults) > 0 {
		return preview, nil
	}
	r.Disabled = false
	list, err := s.store.TicketsSince(ctx, s.now().AddDate(0, 0, -triagePreviewDays), triagePreviewTickets)
	if err != nil {
		return preview, fmt.Errorf("try a rule: %w", err)
	}
	preview.Looked = len(list)
	for _, t := range list {
		routing := tickets.Triage([]tickets.TriageRule{r}, t.Ticket, city.classes.ids(t.ClassID), t.Repeated, city.name)
		if len(routing.Rules) == 0 {
			continue
		}
		preview.Hits++
		if routing.Urgency.Above(t.Urgency) {
			preview.Raised++
		}
		if len(preview.Samples) < impactExamples {
			preview.Samples = append(preview.Samples, TriageSample{ID: t.ID, Number: t.Number, Title: t.Title, Urgency: t.Urgency, Why: routing.Rules[0].Why})
		}
	}
	return preview, nil
}

// triageFaults are those of the rule, and what it names that is not there.
func (c *cityRules) triageFaults(r tickets.TriageRule) RuleFaults {
	faults := RuleFaults{}
	for _, text := range r.Faults() {
		faults = append(faults, RuleFault{Text: text})
	}
	for _, id := range r.Classes {
		if _, ok := c.classes.byID[id]; !ok {
			faults = append(faults, RuleFault{Value: id, Text: "没有分类“" + id + "”"})
		}
	}
	for _, code := range r.Areas {
		if _, ok := c.areas[code]; !ok {
			faults = append(faults, RuleFault{Value: code, Text: "没有区域“" + code + "”"})
		}
	}
	return faults
}

// SaveTriageRule creates a rule (without id) or changes one; place is where it stands among the
// rules, from 1. RuleFaults, ErrNotFound.
func (s *Service) SaveTriageRule(ctx context.Context, who Identity, r tickets.TriageRule, place int) (string, error) {
	if err := who.need(directory.AdminRules); err != nil {
		return "", err
	}
	s.rules.forget()
	city, err := s.rules.rules(ctx)
	if err != nil {
		return "", err
	}
	r.Name = strings.TrimSpace(r.Name)
	if faults := city.triageFaults(r); len(faults) > 0 {
		return "", faults
	}
	if r.ID == "" {
		r.ID = "t" + strings.ReplaceAll(uuid.NewString(), "-", "")[:10]
	} else if !slices.ContainsFunc(city.triage, func(o tickets.TriageRule) bool { return o.ID == r.ID }) {
		return "", fmt.Errorf("rule of triage %s: %w", r.ID, ErrNotFound)
	}
	rules := slices.DeleteFunc(slices.Clone(city.triage), func(o tickets.TriageRule) bool { return o.ID == r.ID })
	if place < 1 || place > len(rules) {
		place = len(rules) + 1
	}
	rules = slices.Insert(rules, place-1, r)
	if err := s.store.SaveTriageRules(ctx, rules, who.Account, s.clock()); err != nil {
		return "", fmt.Errorf("save rule of triage: %w", err)
	}
	s.rules.forget()
	return r.ID, s.Audit(ctx, who, "triage.save", r.ID, r.Name)
}

// DeleteTriageRule removes a rule; tickets keep what it said of them.
func (s *Service) DeleteTriageRule(ctx context.Context, who Identity, id string) error {
	if err := who.need(directory.AdminRules); err != nil {
		return err
	}
	if err := s.store.DeleteTriageRule(ctx, id); err != nil {
		return fmt.Errorf("delete rule of triage: %w", err)
	}
	s.rules.forget()
	return s.Audit(ctx, who, "triage.delete", id, "")
}
