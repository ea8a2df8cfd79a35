package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/knowledge"
)

// ExpiryAlert is how long before its last day an article is said to expire soon.
const ExpiryAlert = 30 * 24 * time.Hour

// ArticleView is an article as one person may see it: what people read, the version being
// written for who may write, and the history.
type ArticleView struct {
	ID       string          `json:"id"`
	Rev      int             `json:"rev"`
	Unit     *UnitRef        `json:"unit,omitempty"`
	Demo     bool            `json:"demo"`
	Path     []string        `json:"path"` // of the category
	Current  VersionView     `json:"current"`
	Head     *VersionView    `json:"head,omitempty"` // when it is another than Current
	Versions []VersionView   `json:"versions"`
	Actions  []knowledge.Act `json:"allowed_actions"`
	Plain    string          `json:"plain" doc:"What goes into an answer"`
}

// VersionView is a version; in the list of versions without its content.
type VersionView struct {
	N            int                `json:"n"`
	State        knowledge.State    `json:"state"`
	StateLabel   string             `json:"state_label"`
	Content      *knowledge.Content `json:"content,omitempty"`
	Author       string             `json:"author"` // name
	EditedAt     time.Time          `json:"edited_at"`
	SubmittedAt  time.Time          `json:"submitted_at,omitzero"`
	ReviewerName string             `json:"reviewer_name,omitempty"`
	DecidedAt    time.Time          `json:"decided_at,omitzero"`
	Opinion      string             `json:"opinion,omitempty"`
}

// knowledgeUnits lists the units whose articles the asker may write; all: every unit's.
func (s *Service) knowledgeUnits(ctx context.Context, who Identity) (units []string, all bool, err error) {
	switch scope := who.Scope(directory.KnowledgeWrite); {
	case scope == directory.ScopeAll:
		return nil, true, nil
	case who.Unit == nil || scope == directory.ScopeNone:
		return nil, false, nil
	case scope == directory.ScopeSubtree:
		list, err := s.store.Units(ctx)
		if err != nil {
			return nil, false, fmt.Errorf("read units: %w", err)
		}
		units = []string{who.Unit.ID}
		for _, u := range list {
			if u.Parent == who.Unit.ID {
				units = append(units, u.ID)
			}
		}
		return units, false, nil
	}
	return []string{who.Unit.ID}, false, nil
}

// editor is what the asker may do to an article of the unit.
func (s *Service) editor(ctx context.Context, who Identity, unit string) (knowledge.Actor, error) {
	units, all, err := s.knowledgeUnits(ctx, who)
	return knowledge.Actor{
		Account: who.Account, Name: who.Name, Write: all || unit != "" && slices.Contains(units, unit),
		Publish: who.Can(directory.KnowledgePublish),
	}, err
}

// Articles lists what the asker may read: what is valid, and of articles he may write every state.
func (s *Service) Articles(ctx context.Context, who Identity, f ArticleFilter) (Page[ArticleRow], error) {
	page := Page[ArticleRow]{Items: []ArticleRow{}}
	if err := who.need(directory.KnowledgeRead); err != nil {
		return page, err
	}
	now := s.clock()
	q := ArticleQuery{ArticleFilter: f, Now: now}
	var err error
	if q.Units, q.All, err = s.knowledgeUnits(ctx, who); err != nil {
		return page, err
	}
	if f.Expiring {
		q.ExpiringBefore = now.Add(ExpiryAlert)
	}
	if f.Category != "" {
		categories, err := s.store.KnowledgeCategories(ctx)
		if err != nil {
			return page, fmt.Errorf("read categories: %w", err)
		}
		q.Categories = categoriesBelow(categories, f.Category)
	}
	page.Items, page.NextCursor, page.Total, err = s.store.Articles(ctx, q)
	if err != nil {
		return page, fmt.Errorf("list articles: %w", err)
	}
	for i := range page.Items {
		row := &page.Items[i]
		v := knowledge.Version{State: row.State, Content: knowledge.Content{To: row.To}}
		row.State = v.StateAt(now)
		row.StateLabel, row.HeadLabel = row.State.Label(), row.HeadState.Label()
		row.Excerpt = excerpt(knowledge.Plain(row.Body), f.Query)
	}
	return page, nil
}

// Letters of an excerpt.
const excerptLetters = 90

// excerpt is the beginning of the text, or what stands around the first word looked for.
func excerpt(text, query string) string {
	text = strings.Join(strings.Fields(text), " ")
	start := 0
	for _, word := range strings.Fields(query) {
		if i := strings.Index(strings.ToLower(text), strings.ToLower(word)); i > 0 {
			start = max(0, utf8.RuneCountInString(text[:i])-20)
			break
		}
	}
	letters := []rune(text)
	end := min(len(letters), start+excerptLetters)
	out := string(letters[start:end])
	if start > 0 {
		out = "…" + out
	}
	if end < len(letters) {
		out += "…"
	}
	return out
}

func categoriesBelow(list []KnowledgeCategory, id string) []string {
	ids := []string{id}
	for i := 0; i < len(ids) && i < len(list)+1; i++ {
		for _, c := range list {
			if c.Parent == ids[i] {
				ids = append(ids, c.ID)
			}
		}
	}
	return ids
}

func categoryPath(list []KnowledgeCategory, id string) []string {
	path := []string{}
	for depth := 0; id != "" && depth < deepest; depth++ {
		i := slices.IndexFunc(list, func(c KnowledgeCategory) bool { return c.ID == id })
		if i < 0 {
			break
		}
		path = append(path, list[i].Name)
		id = list[i].Parent
	}
	slices.Reverse(path)
	return path
}

// Article is the page of one article. One that the asker may not know of is ErrNotFound.
func (s *Service) Article(ctx context.Context, who Identity, id string) (ArticleView, error) {
	if err := who.need(directory.KnowledgeRead); err != nil {
		return ArticleView{}, err
	}
	a, err := s.store.Article(ctx, id)
	if err != nil {
		return ArticleView{}, err
	}
	return s.articleView(ctx, who, a)
}

func (s *Service) articleView(ctx context.Context, who Identity, a knowledge.Article) (ArticleView, error) {
	now := s.clock()
	actor, err := s.editor(ctx, who, a.Unit)
	if err != nil {
		return ArticleView{}, err
	}
	current, head := a.Current(), a.Head()
	writes := actor.Write || actor.Publish
	if !writes && !current.Valid(now) {
		return ArticleView{}, fmt.Errorf("read article: %w", ErrNotFound)
	}
	categories, err := s.store.KnowledgeCategories(ctx)
	if err != nil {
		return ArticleView{}, fmt.Errorf("read categories: %w", err)
	}
	view := ArticleView{
		ID: a.ID, Rev: a.Rev, Demo: a.Demo, Path: categoryPath(categories, current.Category), Current: versionView(current, now, true),
		Versions: []VersionView{}, Actions: []knowledge.Act{}, Plain: knowledge.Plain(current.Body),
	}
	if a.Unit != "" {
		if view.Unit, err = s.unitRef(ctx, a.Unit); err != nil {
			return ArticleView{}, err
		}
	}
	for _, v := range slices.Backward(a.Versions) {
		if writes || v.State == knowledge.Published || v.State == knowledge.Superseded {
			view.Versions = append(view.Versions, versionView(v, now, false))
		}
	}
	if writes {
		view.Actions = knowledge.Allowed(a, actor)
		if head.N != current.N {
			h := versionView(head, now, true)
			view.Head = &h
		}
	}
	return view, nil
}

func (s *Service) unitRef(ctx context.Context, id string) (*UnitRef, error) {
	units, err := s.store.Units(ctx)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	for _, u := range units {
		if u.ID == id {
			return &UnitRef{ID: u.ID, Name: u.Name}, nil
		}
	}
	return &UnitRef{ID: id, Name: id}, nil
}

func versionView(v knowledge.Version, now time.Time, content bool) VersionView {
	state := v.StateAt(now)
	view := VersionView{
		N: v.N, State: state, StateLabel: state.Label(), Author: v.AuthorName, EditedAt: v.EditedAt, SubmittedAt: v.SubmittedAt,
		ReviewerName: v.ReviewerName, DecidedAt: v.DecidedAt, Opinion: v.Opinion,
	}
	if content {
		c := v.Content
		c.Tags = orEmpty(c.Tags)
		view.Content = &c
	}
	return view
}

// ArticleDraft is an article to be written: Rev is what the writer saw, 0 of a new one.
type ArticleDraft struct {
	Rev     int               `json:"rev"`
	Unit    string            `json:"unit,omitempty" maxLength:"64" doc:"Of a new article; left out: the writer's own"`
	Content knowledge.Content `json:"content"`
}

// WriteArticle begins an article (id empty) or saves the version being written.
func (s *Service) WriteArticle(ctx context.Context, who Identity, id string, d ArticleDraft) (ArticleView, error) {
	unit := d.Unit
	if unit == "" && who.Unit != nil && who.Scope(directory.KnowledgeWrite) != directory.ScopeAll {
		unit = who.Unit.ID
	}
	if err := s.checkContent(ctx, d.Content); err != nil {
		return ArticleView{}, err
	}
	if id == "" {
		id, d.Rev = uuid.NewString(), 0
	} else if d.Rev <= 0 {
		return ArticleView{}, fmt.Errorf("%w: rev is missing", directory.ErrInvalid)
	}
	return s.changeArticle(ctx, who, id, d.Rev, knowledge.Edit, d.Content, "", unit)
}

func (s *Service) checkContent(ctx context.Context, c knowledge.Content) error {
	if strings.TrimSpace(c.Title) == "" {
		return fmt.Errorf("%w: title is missing", directory.ErrInvalid)
	}
	if c.Category == "" {
		return nil
	}
	categories, err := s.store.KnowledgeCategories(ctx)
	if err != nil {
		return fmt.Errorf("read categories: %w", err)
	}
	if !slices.ContainsFunc(categories, func(k KnowledgeCategory) bool { return k.ID == c.Category }) {
		return fmt.Errorf("%w: category is unknown", directory.ErrInvalid)
	}
	return nil
}

// ActOnArticle does one of the article's allowed actions.
func (s *Service) ActOnArticle(ctx context.Context, who Identity, id string, rev int, event knowledge.Event, opinion string) (ArticleView, error) {
	if rev <= 0 || event == knowledge.Edit {
		return ArticleView{}, fmt.Errorf("%w: rev is missing", directory.ErrInvalid)
	}
	return s.changeArticle(ctx, who, id, rev, event, knowledge.Content{}, opinion, "")
}

func (s *Service) changeArticle(ctx context.Context, who Identity, id string, rev int, event knowledge.Event, c knowledge.Content, opinion, unit string) (ArticleView, error) {
	if err := who.need(directory.KnowledgeRead); err != nil {
		return ArticleView{}, err
	}
	var made knowledge.Article
	err := s.store.SaveArticle(ctx, id, rev, func(a knowledge.Article) (knowledge.Article, error) {
		if rev == 0 {
			a.Unit = unit
		}
		actor, err := s.editor(ctx, who, a.Unit)
		if err != nil {
			return a, err
		}
		if !actor.Write && !actor.Publish {
			if rev == 0 || a.Current().Valid(s.clock()) {
				return a, fmt.Errorf("%w: knowledge.write", ErrForbidden)
			}
			return a, ErrNotFound
		}
		made, err = knowledge.Apply(a, event, actor, c, opinion, s.clock())
		made.Rev = a.Rev + 1
		return made, err
	})
	if err != nil {
		return ArticleView{}, err
	}
	if event != knowledge.Edit {
		if err := s.Audit(ctx, who, "knowledge."+string(event), id, made.Head().Title); err != nil {
			return ArticleView{}, err
		}
	}
	return s.articleView(ctx, who, made)
}

// ArticleDiff compares two versions of an article.
func (s *Service) ArticleDiff(ctx context.Context, who Identity, id string, from, to int) ([]knowledge.Piece, error) {
	view, err := s.Article(ctx, who, id)
	if err != nil {
		return nil, err
	}
	a, err := s.store.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	shown := func(n int) (knowledge.Version, error) {
		v, ok := a.Version(n)
		if !ok || !slices.ContainsFunc(view.Versions, func(o VersionView) bool { return o.N == n }) {
			return v, fmt.Errorf("version %d: %w", n, ErrNotFound)
		}
		return v, nil
	}
	before, err := shown(from)
	if err != nil {
		return nil, err
	}
	after, err := shown(to)
	if err != nil {
		return nil, err
	}
	return knowledge.Diff(before.Title+"\n"+before.Body, after.Title+"\n"+after.Body), nil
}

// HitArticle counts that the asker read the article, or put it into an answer.
func (s *Service) HitArticle(ctx context.Context, who Identity, id string, inserted bool) error {
	if _, err := s.Article(ctx, who, id); err != nil {
		return err
	}
	return s.store.CountArticleHit(ctx, id, inserted)
}

// ErrHandled is a 纠错 that was answered before.
var ErrHandled = errors.New("handled already")
