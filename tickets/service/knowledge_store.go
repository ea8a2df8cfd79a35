package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets/knowledge"
)

// KnowledgeStore keeps the knowledge base.
type KnowledgeStore interface {
	KnowledgeCategories(ctx context.Context) ([]KnowledgeCategory, error)
	SaveKnowledgeCategory(ctx context.Context, c KnowledgeCategory) error
	Article(ctx context.Context, id string) (knowledge.Article, error)
	// SaveArticle creates the article (rev 0), or locks it and saves what fn makes of it when it
	// is still at rev. ErrStale, ErrNotFound.
	SaveArticle(ctx context.Context, id string, rev int, fn func(knowledge.Article) (knowledge.Article, error)) error
	// Articles lists, last changed first.
	Articles(ctx context.Context, q ArticleQuery) (list []ArticleRow, next string, total int, err error)
	// KnowledgeCounts counts the valid articles by category and by unit.
	KnowledgeCounts(ctx context.Context, now time.Time) (byCategory, byUnit map[string]int, err error)
	// ValidArticles lists what may be relied on now, most used first.
	ValidArticles(ctx context.Context, now time.Time, guides bool) ([]ValidArticle, error)
	// KnowledgeMark changes with every change of an article but its hits.
	KnowledgeMark(ctx context.Context) (string, error)
	CountArticleHit(ctx context.Context, id string, inserted bool) error
	SaveKnowledgeReport(ctx context.Context, r KnowledgeReport) error
	KnowledgeReports(ctx context.Context, q ReportQuery) (list []KnowledgeReport, next string, err error)
	// HandleKnowledgeReport locks the report and saves what fn makes of it.
	HandleKnowledgeReport(ctx context.Context, id, account string, fn func(KnowledgeReport) (KnowledgeReport, error)) error
}

// KnowledgeCategory is a branch of the tree.
type KnowledgeCategory struct {
	ID     string `json:"id" maxLength:"64"`
	Parent string `json:"parent,omitempty" maxLength:"64"`
	Name   string `json:"name" minLength:"1" maxLength:"60"`
	Order  int    `json:"order"`
}

// ArticleFilter narrows the list of articles; zero fields don't.
type ArticleFilter struct {
	Paging
	Query    string
	Category string // this one and those below
	Unit     string
	State    knowledge.State
	Expiring bool // within ExpiryAlert, or expired
	Guide    bool
	Reported bool // with open 纠错
}

// ArticleQuery is an ArticleFilter with the asker's scope.
type ArticleQuery struct {
	ArticleFilter
	All            bool     // every state of every unit
	Units          []string // every state of these units; of the others what is valid
	Categories     []string
	ExpiringBefore time.Time
	Now            time.Time
}

// ArticleRow is an article in a list.
type ArticleRow struct {
	ID         string          `json:"id"`
	Title      string          `json:"title"`
	Category   string          `json:"category"`
	Class      string          `json:"class,omitempty"`
	UnitID     string          `json:"unit_id,omitempty"`
	UnitName   string          `json:"unit_name,omitempty"`
	State      knowledge.State `json:"state"`
	StateLabel string          `json:"state_label"`
	HeadN      int             `json:"head_n"`
	HeadState  knowledge.State `json:"head_state"`
	HeadLabel  string          `json:"head_label"`
	Guide      bool            `json:"guide"`
	Demo       bool            `json:"demo"`
	Rev        int             `json:"rev"`
	From       time.Time       `json:"from,omitzero"`
	To         time.Time       `json:"to,omitzero"`
	UpdatedAt  time.Time       `json:"updated_at"`
	Reads      int             `json:"reads"`
	Inserts    int             `json:"inserts"`
	Reports    int             `json:"reports"` // open 纠错
	Excerpt    string          `json:"excerpt"`
	Body       string          `json:"-"`
}

// ValidArticle is what people may rely on now.
type ValidArticle struct {
	ID   string
	Hits int
	knowledge.Content
}

// KnowledgeReport is a 纠错: what a reader found wrong with an article, and what became of it.
type KnowledgeReport struct {
	ID        string    `json:"id"`
	Article   string    `json:"article"`
	Title     string    `json:"title"`
	Unit      string    `json:"unit,omitempty"`
	Version   int       `json:"version"`
	Text      string    `json:"text"`
	Quote     string    `json:"quote,omitempty"`
	By        string    `json:"by"`
	ByName    string    `json:"by_name"`
	At        time.Time `json:"at"`
	State     string    `json:"state" enum:"open,fixed,refused"`
	Answer    string    `json:"answer,omitempty"`
	HandledBy string    `json:"handled_by,omitempty"` // name
	HandledAt time.Time `json:"handled_at,omitzero"`
}

// States of a report.
const (
	ReportOpen    = "open"
	ReportFixed   = "fixed"
	ReportRefused = "refused"
)

// ReportQuery narrows the list of 纠错. Units nil: of every unit.
type ReportQuery struct {
	Paging
	State   string
	Article string
	Units   []string
	Account string
}
