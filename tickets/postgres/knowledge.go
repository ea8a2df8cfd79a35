package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/knowledge"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/tickets/words"
)

// KnowledgeCategories of the tree, parents first.
func (s *Store) KnowledgeCategories(ctx context.Context) ([]service.KnowledgeCategory, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, c *service.KnowledgeCategory) error {
		return row.Scan(&c.ID, &c.Parent, &c.Name, &c.Order)
	}, `SELECT id, coalesce(parent, ''), name, ord FROM knowledge_category ORDER BY parent NULLS FIRST, ord, id`)
}

// SaveKnowledgeCategory creates or replaces a category.
func (s *Store) SaveKnowledgeCategory(ctx context.Context, c service.KnowledgeCategory) error {
	return s.exec(ctx, `INSERT INTO knowledge_category (id, parent, name, ord) VALUES ($1, nullif($2, ''), $3, $4)
		ON CONFLICT (id) DO UPDATE SET parent=excluded.parent, name=excluded.name, ord=excluded.ord`, c.ID, c.Parent, c.Name, c.Order)
}

// Article reads an article with all its versions.
func (s *Store) Article(ctx context.Context, id string) (knowledge.Article, error) {
	return readArticle(ctx, s.pool, id, "")
}

type rowsQueryer interface {
	queryer
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func readArticle(ctx context.Context, db rowsQueryer, id, lock string) (knowledge.Article, error) {
	var a knowledge.Article
	err := db.QueryRow(ctx, `SELECT id, unit, demo, rev FROM knowledge_article WHERE id = $1`+lock, id).Scan(&a.ID, &a.Unit, &a.Demo, &a.Rev)
	if err != nil {
		return a, fmt.Errorf("read article: %w", mapError(err))
	}
	rows, err := db.Query(ctx, `SELECT n, state, content, author, author_name, edited_at, submitted_at, reviewer, reviewer_name, decided_at, opinion
		FROM knowledge_version WHERE article = $1 ORDER BY n`, id)
	if err != nil {
		return a, fmt.Errorf("read article: %w", err)
	}
	a.Versions, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (knowledge.Version, error) {
		var v knowledge.Version
		var submitted, decided *time.Time
		err := row.Scan(&v.N, &v.State, &v.Content, &v.Author, &v.AuthorName, &v.EditedAt, &submitted, &v.Reviewer, &v.ReviewerName, &decided, &v.Opinion)
		v.EditedAt, v.SubmittedAt, v.DecidedAt = v.EditedAt.UTC(), goTime(submitted), goTime(decided)
		return v, err
	})
	return a, err
}

// SaveArticle creates the article (rev 0), or locks it and saves what fn makes of it when it is
// still at rev. ErrStale, ErrNotFound.
func (s *Store) SaveArticle(ctx context.Context, id string, rev int, fn func(knowledge.Article) (knowledge.Article, error)) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		old := knowledge.Article{ID: id}
		if rev > 0 {
			var err error
			if old, err = readArticle(ctx, tx, id, " FOR UPDATE"); err != nil {
				return err
			}
			if old.Rev != rev {
				return service.ErrStale
			}
		}
		a, err := fn(old)
		if err != nil {
			return err
		}
		a.Rev = old.Rev + 1
		if err := writeArticle(ctx, tx, a); err != nil {
			return err
		}
		for _, v := range a.Versions {
			if err := writeVersion(ctx, tx, a.ID, v); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeArticle(ctx context.Context, tx pgx.Tx, a knowledge.Article) error {
	current, head := a.Current(), a.Head()
	updated := head.EditedAt
	for _, at := range []time.Time{head.DecidedAt, current.DecidedAt} {
		if at.After(updated) {
			updated = at
		}
	}
	codes := words.Codes(append([]string{current.Title, current.Body}, current.Tags...)...)
	_, err := tx.Exec(ctx, `INSERT INTO knowledge_article (id, unit, demo, rev, state, head_n, head_state, title, category, class, guide,
			valid_from, valid_to, updated_at, body, codes)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)
		ON CONFLICT (id) DO UPDATE SET unit=excluded.unit, rev=excluded.rev, state=excluded.state, head_n=excluded.head_n, head_state=excluded.head_state,
			title=excluded.title, category=excluded.category, class=excluded.class, guide=excluded.guide, valid_from=excluded.valid_from,
			valid_to=excluded.valid_to, updated_at=excluded.updated_at, body=excluded.body, codes=excluded.codes`,
		a.ID, a.Unit, a.Demo, a.Rev, current.State, head.N, head.State, current.Title, current.Category, current.Class, current.Guide,
		nullTime(current.From), nullTime(current.To), updated, current.Body, codes)
	return mapError(err)
}

func writeVersion(ctx context.Context, tx pgx.Tx, article string, v knowledge.Version) error {
	_, err := tx.Exec(ctx, `INSERT INTO knowledge_version (article, n, state, content, author, author_name, edited_at, submitted_at, reviewer,
			reviewer_name, decided_at, opinion)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)
		ON CONFLICT (article, n) DO UPDATE SET state=excluded.state, content=excluded.content, author=excluded.author, author_name=excluded.author_name,
			edited_at=excluded.edited_at, submitted_at=excluded.submitted_at, reviewer=excluded.reviewer, reviewer_name=excluded.reviewer_name,
			decided_at=excluded.decided_at, opinion=excluded.opinion`,
		article, v.N, v.State, v.Content, v.Author, v.AuthorName, v.EditedAt, nullTime(v.SubmittedAt), v.Reviewer, v.ReviewerName,
		nullTime(v.DecidedAt), v.Opinion)
	return mapError(err)
}

const articleRow = `a.id, a.unit, coalesce((SELECT name FROM unit WHERE id = a.unit), ''), a.demo, a.rev, a.state, a.head_n, a.head_state,
	a.title, a.category, a.class, a.guide, a.valid_from, a.valid_to, a.updated_at, a.reads, a.inserts, a.body,
	(SELECT count(*) FROM knowledge_report r WHERE r.article = a.id AND r.state = 'open')`

func scanArticleRow(row pgx.CollectableRow, r *service.ArticleRow) error {
	var from, to *time.Time
	err := row.Scan(&r.ID, &r.UnitID, &r.UnitName, &r.Demo, &r.Rev, &r.State, &r.HeadN, &r.HeadState, &r.Title, &r.Category, &r.Class, &r.Guide,
		&from, &to, &r.UpdatedAt, &r.Reads, &r.Inserts, &r.Body, &r.Reports)
	r.From, r.To, r.UpdatedAt = goTime(from), goTime(to), r.UpdatedAt.UTC()
	return err
}

// Articles lists, last changed first.
func (s *Store) Articles(ctx context.Context, q service.ArticleQuery) ([]service.ArticleRow, string, int, error) {
	w := articleFilter(q)
	total, _, err := s.count(ctx, "knowledge_article a", w)
	if err != nil {
		return nil, "", 0, err
	}
	if q.Cursor != "" {
		c, err := parsePageCursor(q.Cursor)
		if err != nil {
			return nil, "", 0, err
		}
		w.add("(a.updated_at, a.id) < (?, ?::uuid)", c.at, c.id)
	}
	size := q.Size()
	list, err := collect(ctx, s, scanArticleRow, `SELECT `+articleRow+` FROM knowledge_article a WHERE `+w.String()+
		` ORDER BY a.updated_at DESC, a.id DESC LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", 0, mapError(err)
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = pageCursor{at: list[size-1].UpdatedAt, id: list[size-1].ID}.String()
	}
	return list, next, total, nil
}

func articleFilter(q service.ArticleQuery) where {
	var w where
	const valid = "a.state = 'published' AND (a.valid_from IS NULL OR a.valid_from <= ?) AND (a.valid_to IS NULL OR a.valid_to > ?)"
	switch {
	case q.All:
	case len(q.Units) > 0:
		w.add("(("+valid+") OR a.unit = ANY(?))", q.Now, q.Now, q.Units)
	default:
		w.add(valid, q.Now, q.Now)
	}
	switch q.State {
	case "":
	case knowledge.Expired:
		w.add("a.state = 'published' AND a.valid_to <= ?", q.Now)
	case knowledge.Published:
		w.add("a.state = 'published' AND (a.valid_to IS NULL OR a.valid_to > ?)", q.Now)
	default:
		w.add("a.head_state = ?", q.State)
		if !q.All { // what is not published yet is shown to its writers alone
			w.add("a.unit = ANY(?)", append([]string{}, q.Units...))
		}
	}
	if !q.ExpiringBefore.IsZero() {
		w.add("a.state = 'published' AND a.valid_to <= ?", q.ExpiringBefore)
	}
	if len(q.Categories) > 0 {
		w.add("a.category = ANY(?)", q.Categories)
	}
	if q.Unit != "" {
		w.add("a.unit = ?", q.Unit)
	}
	if q.Guide {
		w.add("a.guide")
	}
	if q.Reported {
		w.add("EXISTS (SELECT FROM knowledge_report r WHERE r.article = a.id AND r.state = 'open')")
	}
	for _, word := range strings.Fields(q.Query) {
		if codes := words.Codes(word); len(codes) > 0 {
			w.add("a.codes @> ?", codes)
		}
		if !words.Exact(word) {
			w.add("concat_ws(' ', a.title, a.body) ILIKE ?", "%"+likeEscape(word)+"%")
		}
	}
	return w
}

// KnowledgeCounts counts the valid articles by category and by unit.
func (s *Store) KnowledgeCounts(ctx context.Context, now time.Time) (byCategory, byUnit map[string]int, err error) {
	byCategory, byUnit = map[string]int{}, map[string]int{}
	rows, err := s.pool.Query(ctx, `SELECT category, unit, count(*) FROM knowledge_article
		WHERE state = 'published' AND (valid_from IS NULL OR valid_from <= $1) AND (valid_to IS NULL OR valid_to > $1) GROUP BY category, unit`, now)
	if err != nil {
		return nil, nil, err
	}
	var category, unit string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&category, &unit, &n}, func() error {
		byCategory[category] += n
		byUnit[unit] += n
		return nil
	})
	return byCategory, byUnit, err
}

// ValidArticles lists what may be suggested and read aloud now.
func (s *Store) ValidArticles(ctx context.Context, now time.Time, guides bool) ([]service.ValidArticle, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, v *service.ValidArticle) error {
		return row.Scan(&v.ID, &v.Hits, &v.Content)
	}, `SELECT a.id, a.reads + 3 * a.inserts, v.content FROM knowledge_article a JOIN knowledge_version v ON v.article = a.id AND v.state = 'published'
		WHERE a.state = 'published' AND (a.valid_from IS NULL OR a.valid_from <= $1) AND (a.valid_to IS NULL OR a.valid_to > $1)
			AND (NOT $2 OR a.guide) ORDER BY a.reads + 3 * a.inserts DESC, a.title, a.id`, now, guides)
}

// KnowledgeMark changes with every change of an article but its hits.
func (s *Store) KnowledgeMark(ctx context.Context) (string, error) {
	var mark string
	err := s.pool.QueryRow(ctx, `SELECT count(*) || ' ' || coalesce(sum(rev), 0) FROM knowledge_article`).Scan(&mark)
	return mark, err
}

// CountArticleHit counts a reading, or that the article went into an answer.
func (s *Store) CountArticleHit(ctx context.Context, id string, inserted bool) error {
	column := "reads"
	if inserted {
		column = "inserts"
	}
	tag, err := s.pool.Exec(ctx, `UPDATE knowledge_article SET `+column+` = `+column+` + 1 WHERE id = $1`, id)
	if err == nil && tag.RowsAffected() == 0 {
		return service.ErrNotFound
	}
	return mapError(err)
}

// SaveKnowledgeReport keeps a new 纠错.
func (s *Store) SaveKnowledgeReport(ctx context.Context, r service.KnowledgeReport) error {
	return s.exec(ctx, `INSERT INTO knowledge_report (id, article, version, text, quote, by_account, by_name, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		r.ID, r.Article, r.Version, r.Text, r.Quote, r.By, r.ByName, r.At)
}

const reportRow = `r.id, r.article, a.title, a.unit, r.version, r.text, r.quote, r.by_account, r.by_name, r.at, r.state, r.answer, r.handled_name, r.handled_at`

func scanReport(row pgx.CollectableRow, r *service.KnowledgeReport) error {
	var handled *time.Time
	err := row.Scan(&r.ID, &r.Article, &r.Title, &r.Unit, &r.Version, &r.Text, &r.Quote, &r.By, &r.ByName, &r.At, &r.State, &r.Answer, &r.HandledBy, &handled)
	r.At, r.HandledAt = r.At.UTC(), goTime(handled)
	return err
}

// KnowledgeReports lists 纠错, newest first: of the units, or of everybody when units is nil;
// own adds those the account made.
func (s *Store) KnowledgeReports(ctx context.Context, q service.ReportQuery) ([]service.KnowledgeReport, string, error) {
	var w where
	if q.Units != nil {
		w.add("(a.unit = ANY(?) OR r.by_account = ?)", q.Units, q.Account)
	}
	if q.State != "" {
		w.add("r.state = ?", q.State)
	}
	if q.Article != "" {
		w.add("r.article = ?", q.Article)
	}
	if q.Cursor != "" {
		c, err := parsePageCursor(q.Cursor)
		if err != nil {
			return nil, "", err
		}
		w.add("(r.at, r.id) < (?, ?::uuid)", c.at, c.id)
	}
	size := q.Size()
	list, err := collect(ctx, s, scanReport, `SELECT `+reportRow+` FROM knowledge_report r JOIN knowledge_article a ON a.id = r.article
		WHERE `+w.String()+` ORDER BY r.at DESC, r.id DESC LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", mapError(err)
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = pageCursor{at: list[size-1].At, id: list[size-1].ID}.String()
	}
	return list, next, nil
}

// HandleKnowledgeReport locks the report and lets fn answer it; fn gets the article's unit.
func (s *Store) HandleKnowledgeReport(ctx context.Context, id, account string, fn func(service.KnowledgeReport) (service.KnowledgeReport, error)) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+reportRow+` FROM knowledge_report r JOIN knowledge_article a ON a.id = r.article WHERE r.id = $1 FOR UPDATE OF r`, id)
		if err != nil {
			return mapError(err)
		}
		r, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (service.KnowledgeReport, error) {
			var r service.KnowledgeReport
			return r, scanReport(row, &r)
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return service.ErrNotFound
		}
		if err != nil {
			return mapError(err)
		}
		if r, err = fn(r); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE knowledge_report SET state=$2, answer=$3, handled_by=$4, handled_name=$5, handled_at=$6 WHERE id=$1`,
			r.ID, r.State, r.Answer, account, r.HandledBy, nullTime(r.HandledAt))
		return err
	})
}
