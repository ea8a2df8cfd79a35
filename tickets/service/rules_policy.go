package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	policyfiles "github.com/open12345/hotline/configs/policy"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// Policy is the policy in force, with its versions and the shipped ones.
func (s *Service) Policy(ctx context.Context, who Identity) (PolicyView, error) {
	if err := who.need(directory.RulesRead); err != nil {
		return PolicyView{}, err
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return PolicyView{}, err
	}
	view := PolicyView{N: city.policy, Policy: city.Policy, Presets: []PolicyPreset{}}
	if view.Versions, err = s.store.Policies(ctx); err != nil {
		return PolicyView{}, fmt.Errorf("list policies: %w", err)
	}
	presets, err := policyfiles.Presets()
	if err != nil {
		return PolicyView{}, err
	}
	for _, p := range presets {
		view.Presets = append(view.Presets, PolicyPreset{ID: p.Policy.ID, Name: p.Policy.Name, Source: p.Policy.Source, Content: string(p.Content)})
		if city.policy == 0 && p.Policy.ID == city.Policy.ID {
			view.Content = string(p.Content)
		}
	}
	if city.policy > 0 {
		row, err := s.store.Policy(ctx, city.policy)
		if err != nil {
			return PolicyView{}, fmt.Errorf("read policy: %w", err)
		}
		view.Content, view.Note, view.ByName, view.At = row.Content, row.Note, row.ByName, row.At
	}
	return view, nil
}

// PolicyVersion is an earlier policy with its file.
func (s *Service) PolicyVersion(ctx context.Context, who Identity, n int) (PolicyRow, error) {
	if err := who.need(directory.RulesRead); err != nil {
		return PolicyRow{}, err
	}
	row, err := s.store.Policy(ctx, n)
	if err != nil {
		return PolicyRow{}, fmt.Errorf("read policy: %w", err)
	}
	return row, nil
}

// PreviewPolicy says what a policy file would do: its faults with their lines, or what differs
// and whose deadlines move.
func (s *Service) PreviewPolicy(ctx context.Context, who Identity, content string) (PolicyPreview, error) {
	preview := PolicyPreview{Faults: []RuleFault{}, Changes: []PolicyChange{}}
	if err := who.need(directory.AdminRules); err != nil {
		return preview, err
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return preview, err
	}
	policy, err := parsePolicy(city, content)
	if faults := (RuleFaults{}); errors.As(err, &faults) {
		preview.Faults = faults
		return preview, nil
	}
	preview.Policy = policy
	if preview.Changes, err = policyChanges(city.Policy, policy); err != nil {
		return preview, err
	}
	next := city.Rules
	next.Policy = policy
	impact, err := s.impact(ctx, city.Rules, next)
	preview.Impact = &impact
	return preview, err
}

func parsePolicy(city *cityRules, content string) (*tickets.Policy, error) {
	policy, err := tickets.ParsePolicy([]byte(content), city.Calendar.Schedules()...)
	if err == nil {
		return policy, nil
	}
	var found tickets.PolicyFaults
	if !errors.As(err, &found) {
		return nil, RuleFaults{{Text: err.Error()}}
	}
	faults := RuleFaults{}
	for _, f := range found {
		faults = append(faults, RuleFault{Row: f.Line, Column: f.Key, Text: f.Text})
	}
	return nil, faults
}

// ApplyPolicy puts a policy file in force and moves the deadlines of open legs. base is the
// version that the asker saw. RuleFaults, ErrStale.
func (s *Service) ApplyPolicy(ctx context.Context, who Identity, base int, content, note string) (PolicyView, error) {
	if err := who.need(directory.AdminRules); err != nil {
		return PolicyView{}, err
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return PolicyView{}, err
	}
	policy, err := parsePolicy(city, content)
	if err != nil {
		return PolicyView{}, err
	}
	old, err := s.ownRules(ctx, city)
	if err != nil {
		return PolicyView{}, err
	}
	next := old
	next.Policy = content
	now := s.clock()
	n, err := s.store.ApplyPolicy(ctx, base, PolicyRow{Name: policy.Name, Content: content, Note: strings.TrimSpace(note), By: who.Account, ByName: who.Name, At: now},
		RecomputeRun{Cause: "时限策略改为“" + policy.Name + "”", By: who.Account, ByName: who.Name, At: now, Old: old, New: next})
	if err != nil {
		return PolicyView{}, fmt.Errorf("apply policy: %w", err)
	}
	s.rules.forget()
	if err := s.Audit(ctx, who, "policy.apply", fmt.Sprint(n), policy.Name); err != nil {
		return PolicyView{}, err
	}
	return s.Policy(ctx, who)
}

// ownRules are what the city has entered itself of policy and calendar.
func (s *Service) ownRules(ctx context.Context, city *cityRules) (OwnRules, error) {
	own := OwnRules{Years: city.years}
	if city.policy > 0 {
		row, err := s.store.Policy(ctx, city.policy)
		if err != nil {
			return own, fmt.Errorf("read policy: %w", err)
		}
		own.Policy = row.Content
	}
	return own, nil
}

// policyChanges lists the settings that differ, by key.
func policyChanges(was, now *tickets.Policy) ([]PolicyChange, error) {
	before, err := settingsOf(was)
	if err != nil {
		return nil, err
	}
	after, err := settingsOf(now)
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for key := range before {
		keys[key] = true
	}
	for key := range after {
		keys[key] = true
	}
	changes := []PolicyChange{}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if before[key] != after[key] {
			changes = append(changes, PolicyChange{Key: key, Was: before[key], Now: after[key]})
		}
	}
	return changes, nil
}

// settingsOf flattens a policy to its keys, such as limits[0].handle.
func settingsOf(p *tickets.Policy) (map[string]string, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("compare policies: %w", err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, fmt.Errorf("compare policies: %w", err)
	}
	flat := map[string]string{}
	flatten(flat, "", tree)
	return flat, nil
}

func flatten(flat map[string]string, key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(flat, strings.TrimPrefix(key+"."+name, "."), member)
		}
	case []any:
		for i, member := range v {
			flatten(flat, fmt.Sprintf("%s[%d]", key, i), member)
		}
	case nil:
	default:
		if text := fmt.Sprint(v); text != "" {
			flat[key] = text
		}
	}
}
