package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open12345/hotline/tickets/directory"
)

// ClassView is a node of the class tree with its way from the root.
type ClassView struct {
	ID       string   `json:"id"`
	Parent   string   `json:"parent,omitempty"`
	Path     []string `json:"path"` // names from the root, itself last
	Name     string   `json:"name"`
	Initials string   `json:"initials"`
	Leaf     bool     `json:"leaf"` // only leaves can be chosen
	Disabled bool     `json:"disabled,omitempty"`
}

type classTree struct {
	byID     map[string]directory.Class
	children map[string][]string
	order    []string
}

func newClassTree(list []directory.Class) classTree {
	t := classTree{byID: map[string]directory.Class{}, children: map[string][]string{}}
	for _, c := range list {
		t.byID[c.ID] = c
		t.children[c.Parent] = append(t.children[c.Parent], c.ID)
	}
	t.walk("", 0)
	return t
}

// deepest bounds the walk, so that a circle in the table cannot hang a request.
const deepest = 10

func (t *classTree) walk(id string, depth int) {
	if depth > deepest {
		return
	}
	for _, child := range t.children[id] {
		t.order = append(t.order, child)
		t.walk(child, depth+1)
	}
}

func (t classTree) leaf(id string) bool {
	c, ok := t.byID[id]
	return ok && !c.Disabled && len(t.children[id]) == 0
}

func (t classTree) path(id string) []string {
	var names []string
	for depth := 0; id != "" && depth <= deepest; depth++ {
		c := t.byID[id]
		names = append(names, c.Name)
		id = c.Parent
	}
	slices.Reverse(names)
	return names
}

// below lists the class and everything under it.
func (t classTree) below(id string) []string {
	ids := []string{id}
	for i := 0; i < len(ids) && i < 10000; i++ {
		ids = append(ids, t.children[ids[i]]...)
	}
	return ids
}

func (t classTree) view(id string) ClassView {
	c := t.byID[id]
	return ClassView{
		ID: c.ID, Parent: c.Parent, Path: t.path(id), Name: c.Name, Initials: c.Initials,
		Leaf: len(t.children[id]) == 0, Disabled: c.Disabled,
	}
}

// Most hits a search for a class returns.
const classHits = 20

// Classes searches the class tree. Without a query it is the whole tree, parents first. A query
// of letters is matched with the pinyin initials, words with names, paths and search words; the
// hits are leaves, names before paths. Any signed-in account may ask.
func (s *Service) Classes(ctx context.Context, query string) ([]ClassView, error) {
	list, err := s.store.Classes(ctx)
	if err != nil {
		return nil, fmt.Errorf("read classes: %w", err)
	}
	tree := newClassTree(list)
	views := []ClassView{}
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" {
		for _, id := range tree.order {
			views = append(views, tree.view(id))
		}
		return views, nil
	}
	type hit struct {
		view ClassView
		rank int
	}
	var hits []hit
	for _, id := range tree.order {
		if !tree.leaf(id) {
			continue
		}
		view := tree.view(id)
		if rank := classRank(view, tree.byID[id].Words, query); rank > 0 {
			hits = append(hits, hit{view, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	for _, h := range hits[:min(len(hits), classHits)] {
		views = append(views, h.view)
	}
	return views, nil
}

// classRank is 1 for the best kind of hit; 0 is none.
func classRank(c ClassView, words, query string) int {
	path := strings.ToLower(strings.Join(c.Path, ""))
	name := strings.ToLower(c.Name)
	switch {
	case name == query || c.Initials == query:
		return 1
	case strings.HasPrefix(name, query) || strings.HasPrefix(c.Initials, query):
		return 2
	case strings.Contains(name, query) || strings.Contains(c.Initials, query):
		return 3
	case strings.Contains(words, query):
		return 4
	case strings.Contains(path, query) || strings.Contains(directory.Initials(path), query):
		return 5
	}
	parts := strings.Fields(query)
	if len(parts) < 2 {
		return 0
	}
	for _, part := range parts {
		if !strings.Contains(path+words, part) && !strings.Contains(directory.Initials(path), part) {
			return 0
		}
	}
	return 6
}

// Areas lists the city's areas, parents first.
func (s *Service) Areas(ctx context.Context) ([]directory.Area, error) {
	list, err := s.store.Areas(ctx)
	if err != nil {
		return nil, fmt.Errorf("read areas: %w", err)
	}
	return list, nil
}

// Units lists the units whose name or initials contain the query.
func (s *Service) Units(ctx context.Context, query string) ([]directory.Unit, error) {
	list, err := s.house.all(ctx)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	query = strings.ToLower(strings.TrimSpace(query))
	hits := []directory.Unit{}
	for _, u := range list {
		if query == "" || strings.Contains(strings.ToLower(u.Name), query) || strings.Contains(u.Initials, query) {
			hits = append(hits, u)
		}
	}
	return hits, nil
}

// Contacts lists the outside numbers that may be consulted.
func (s *Service) Contacts(ctx context.Context) ([]directory.Contact, error) {
	list, err := s.store.Contacts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	return list, nil
}
