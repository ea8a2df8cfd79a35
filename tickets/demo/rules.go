package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// ruleBook is the content of rules.yaml; classes and areas stand there by name.
type ruleBook struct {
	Catalogue []struct {
		Class   string   `yaml:"class"`
		Area    string   `yaml:"area"`
		Lead    string   `yaml:"lead"`
		Assists []string `yaml:"assists"`
		Note    string   `yaml:"note"`
	} `yaml:"catalogue"`
	Triage []struct {
		ID       string               `yaml:"id"`
		Name     string               `yaml:"name"`
		Classes  []string             `yaml:"classes"`
		Words    []string             `yaml:"words"`
		Callers  []tickets.CallerKind `yaml:"callers"`
		Types    []tickets.Type       `yaml:"types"`
		Repeated int                  `yaml:"repeated"`
		Urgency  tickets.Urgency      `yaml:"urgency"`
		Place    int                  `yaml:"place"`
		Duty     bool                 `yaml:"duty"`
		Secret   bool                 `yaml:"secret"`
	} `yaml:"triage"`
}

// rules writes the dispatch catalogue and the rules of triage.
func (l *loader) rules(ctx context.Context) error {
	var book ruleBook
	if err := read(l.cfg.Files, "rules.yaml", &book); err != nil {
		return err
	}
	from := l.today.AddDate(-1, 0, 0).Format(time.DateOnly)
	var entries []tickets.CatalogueEntry
	for _, row := range book.Catalogue {
		class, err := l.city.class(row.Class)
		if err != nil {
			return err
		}
		area, err := l.city.areaCode(row.Area)
		if err != nil {
			return err
		}
		entries = append(entries, tickets.CatalogueEntry{Class: class, Area: area, Lead: row.Lead, Assists: row.Assists, From: from, Note: row.Note})
	}
	v := service.CatalogueVersion{At: l.cfg.Now.UTC(), By: "demo", ByName: "演示数据", Note: "首版"}
	if _, err := l.cfg.Store.ChangeCatalogue(ctx, 0, v, nil, entries); err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	var rules []tickets.TriageRule
	for _, row := range book.Triage {
		rule := tickets.TriageRule{
			ID: row.ID, Name: row.Name, Words: row.Words, Callers: row.Callers, Types: row.Types, Repeated: row.Repeated,
			Urgency: row.Urgency, Place: row.Place, Duty: row.Duty, Secret: row.Secret,
		}
		for _, name := range row.Classes {
			class, err := l.city.class(name)
			if err != nil {
				return err
			}
			rule.Classes = append(rule.Classes, class)
		}
		if faults := rule.Faults(); len(faults) > 0 {
			return fmt.Errorf("read rules.yaml: %s: %v", row.ID, faults)
		}
		rules = append(rules, rule)
	}
	if err := l.cfg.Store.SaveTriageRules(ctx, rules, "demo", l.cfg.Now.UTC()); err != nil {
		return fmt.Errorf("rules of triage: %w", err)
	}
	return nil
}

// class is the id of the first class of the name.
func (c *city) class(name string) (string, error) {
	if i := slices.IndexFunc(c.classes, func(d directory.Class) bool { return d.Name == name }); i >= 0 {
		return c.classes[i].ID, nil
	}
	return "", fmt.Errorf("read rules.yaml: no class %q", name)
}

// areaCode is the code of a district or a town; no name is the whole city.
func (c *city) areaCode(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	for _, a := range c.Areas {
		if a.Name == name {
			return a.Code, nil
		}
		for code, town := range a.Towns {
			if town == name {
				return code, nil
			}
		}
	}
	return "", fmt.Errorf("read rules.yaml: no area %q", name)
}
