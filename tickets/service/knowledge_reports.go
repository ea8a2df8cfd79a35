package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/knowledge"
)

// TreeNode is a branch of the knowledge tree with how many valid articles hang on it and below.
type TreeNode struct {
	ID     string `json:"id"`
	Parent string `json:"parent,omitempty"`
	Name   string `json:"name"`
	Count  int    `json:"count"`
}

// KnowledgeTree is the knowledge base by category and by department, with what awaits the asker.
type KnowledgeTree struct {
	Categories []TreeNode `json:"categories"`
	Units      []TreeNode `json:"units"`
	Review     int        `json:"review"`   // 待审核, for who decides
	Expiring   int        `json:"expiring"` // 将到期或已过期, of what he may write
	Reports    int        `json:"reports"`  // open 纠错
	Write      bool       `json:"write"`
	Publish    bool       `json:"publish"`
}

// KnowledgeTree gives the tree.
func (s *Service) KnowledgeTree(ctx context.Context, who Identity) (KnowledgeTree, error) {
	tree := KnowledgeTree{Categories: []TreeNode{}, Units: []TreeNode{}, Write: who.Can(directory.KnowledgeWrite), Publish: who.Can(directory.KnowledgePublish)}
	if err := who.need(directory.KnowledgeRead); err != nil {
		return tree, err
	}
	byCategory, byUnit, err := s.store.KnowledgeCounts(ctx, s.clock())
	if err != nil {
		return tree, fmt.Errorf("count articles: %w", err)
	}
	categories, err := s.store.KnowledgeCategories(ctx)
	if err != nil {
		return tree, fmt.Errorf("read categories: %w", err)
	}
	for _, c := range categories {
		node := TreeNode{ID: c.ID, Parent: c.Parent, Name: c.Name}
		for _, id := range categoriesBelow(categories, c.ID) {
			node.Count += byCategory[id]
		}
		tree.Categories = append(tree.Categories, node)
	}
	units, err := s.store.Units(ctx)
	if err != nil {
		return tree, fmt.Errorf("read units: %w", err)
	}
	for _, u := range units {
		if n := byUnit[u.ID]; n > 0 {
			tree.Units = append(tree.Units, TreeNode{ID: u.ID, Name: u.Name, Count: n})
		}
	}
	if !tree.Write {
		return tree, nil
	}
	return tree, s.knowledgeWork(ctx, who, &tree)
}

// knowledgeWork counts what awaits who writes and decides.
func (s *Service) knowledgeWork(ctx context.Context, who Identity, tree *KnowledgeTree) error {
	count := func(f ArticleFilter) (int, error) {
		f.Limit = 1
		page, err := s.ownArticles(ctx, who, f)
		return page.Total, err
	}
	var err error
	if tree.Review, err = count(ArticleFilter{State: knowledge.InReview}); err != nil {
		return err
	}
	if tree.Expiring, err = count(ArticleFilter{Expiring: true}); err != nil {
		return err
	}
	tree.Reports, err = count(ArticleFilter{Reported: true})
	return err
}

// ownArticles lists only articles that the asker may write.
func (s *Service) ownArticles(ctx context.Context, who Identity, f ArticleFilter) (Page[ArticleRow], error) {
	if who.Scope(directory.KnowledgeWrite) != directory.ScopeAll && who.Unit != nil {
		f.Unit = who.Unit.ID
	}
	return s.Articles(ctx, who, f)
}

// SaveKnowledgeCategory adds or changes a branch of the tree.
func (s *Service) SaveKnowledgeCategory(ctx context.Context, who Identity, c KnowledgeCategory) error {
	if err := who.need(directory.KnowledgePublish); err != nil {
		return err
	}
	list, err := s.store.KnowledgeCategories(ctx)
	if err != nil {
		return fmt.Errorf("read categories: %w", err)
	}
	if c.ID == "" || strings.TrimSpace(c.Name) == "" {
		return fmt.Errorf("%w: id and name are needed", directory.ErrInvalid)
	}
	if c.Parent != "" && slices.Contains(categoriesBelow(list, c.ID), c.Parent) {
		return fmt.Errorf("%w: parent lies below the category", directory.ErrInvalid)
	}
	if err := s.store.SaveKnowledgeCategory(ctx, c); err != nil {
		return fmt.Errorf("save category: %w", err)
	}
	return s.Audit(ctx, who, "knowledge.category", c.ID, c.Name)
}

// ReportArticle is 纠错: the asker found something wrong. quote is the passage it is about.
func (s *Service) ReportArticle(ctx context.Context, who Identity, id, text, quote string) (KnowledgeReport, error) {
	if strings.TrimSpace(text) == "" {
		return KnowledgeReport{}, fmt.Errorf("%w: text is missing", directory.ErrInvalid)
	}
	view, err := s.Article(ctx, who, id)
	if err != nil {
		return KnowledgeReport{}, err
	}
	r := KnowledgeReport{
		ID: uuid.NewString(), Article: id, Title: view.Current.Content.Title, Version: view.Current.N, Text: text, Quote: quote,
		By: who.Account, ByName: who.Name, At: s.clock(), State: ReportOpen,
	}
	if err := s.store.SaveKnowledgeReport(ctx, r); err != nil {
		return KnowledgeReport{}, fmt.Errorf("save report: %w", err)
	}
	return r, nil
}

// KnowledgeReports lists 纠错: of articles the asker may write, and his own.
func (s *Service) KnowledgeReports(ctx context.Context, who Identity, q ReportQuery) (Page[KnowledgeReport], error) {
	page := Page[KnowledgeReport]{Items: []KnowledgeReport{}}
	if err := who.need(directory.KnowledgeRead); err != nil {
		return page, err
	}
	units, all, err := s.knowledgeUnits(ctx, who)
	if err != nil {
		return page, err
	}
	q.Account = who.Account
	if !all {
		q.Units = orEmpty(units)
	}
	page.Items, page.NextCursor, err = s.store.KnowledgeReports(ctx, q)
	if err != nil {
		return page, fmt.Errorf("list reports: %w", err)
	}
	return page, nil
}

// HandleReport answers a 纠错: fixed, or refused with the reason. ErrHandled.
func (s *Service) HandleReport(ctx context.Context, who Identity, id string, fixed bool, answer string) error {
	if strings.TrimSpace(answer) == "" {
		return fmt.Errorf("%w: answer is missing", directory.ErrInvalid)
	}
	return s.store.HandleKnowledgeReport(ctx, id, who.Account, func(r KnowledgeReport) (KnowledgeReport, error) {
		actor, err := s.editor(ctx, who, r.Unit)
		switch {
		case err != nil:
			return r, err
		case !actor.Write:
			return r, ErrNotFound
		case r.State != ReportOpen:
			return r, ErrHandled
		}
		r.State = ReportRefused
		if fixed {
			r.State = ReportFixed
		}
		r.Answer, r.HandledBy, r.HandledAt = answer, who.Name, s.clock()
		return r, nil
	})
}

// Guide is an article that the phone menu reads aloud.
type Guide struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// GuidesForPhone lists the guides that hold now, most used first.
func (s *Service) GuidesForPhone(ctx context.Context) ([]Guide, error) {
	list, err := s.store.ValidArticles(ctx, s.clock(), true)
	if err != nil {
		return nil, fmt.Errorf("read guides: %w", err)
	}
	guides := []Guide{}
	for _, a := range list {
		guides = append(guides, Guide{ID: a.ID, Title: a.Title, Text: a.Spoken})
	}
	return guides, nil
}

// How long an index of suggestions serves, and what it is asked for at most.
const (
	indexAge      = 10 * time.Second
	suggestMost   = 10
	suggestLetter = 2000
)

// suggestions is the index of valid articles, made anew when an article changed or a day passed.
type suggestions struct {
	mu      sync.Mutex
	index   *knowledge.Index
	mark    string
	checked time.Time
}

// SuggestArticles lists articles that fit what is being typed, with the words they share. class
// is the ticket's, or empty.
func (s *Service) SuggestArticles(ctx context.Context, who Identity, text, class string, limit int) ([]knowledge.Suggestion, error) {
	if err := who.need(directory.KnowledgeRead); err != nil {
		return nil, err
	}
	if letters := []rune(text); len(letters) > suggestLetter {
		text = string(letters[:suggestLetter])
	}
	index, err := s.knowledgeIndex(ctx)
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > suggestMost {
		limit = suggestMost
	}
	return index.Suggest(text, class, limit), nil
}

func (s *Service) knowledgeIndex(ctx context.Context) (*knowledge.Index, error) {
	k := &s.suggestions
	k.mu.Lock()
	defer k.mu.Unlock()
	now := s.clock()
	if k.index != nil && now.Sub(k.checked).Abs() < indexAge {
		return k.index, nil
	}
	mark, err := s.store.KnowledgeMark(ctx)
	if err != nil {
		return nil, fmt.Errorf("read knowledge: %w", err)
	}
	mark += now.Format(time.DateOnly) // validity begins and ends with days
	if k.index == nil || k.mark != mark {
		list, err := s.store.ValidArticles(ctx, now, false)
		if err != nil {
			return nil, fmt.Errorf("read knowledge: %w", err)
		}
		entries := make([]knowledge.Entry, 0, len(list))
		for _, a := range list {
			entries = append(entries, knowledge.Entry{ID: a.ID, Title: a.Title, Tags: a.Tags, Class: a.Class, Body: a.Body, Hits: a.Hits})
		}
		k.index, k.mark = knowledge.NewIndex(entries), mark
	}
	k.checked = now
	return k.index, nil
}
