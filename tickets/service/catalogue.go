package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// CatalogueView is a row of the dispatch catalogue (派单目录) with names.
type CatalogueView struct {
	tickets.CatalogueEntry
	ClassPath []string  `json:"class_path"`
	AreaPath  []string  `json:"area_path"`
	Unit      UnitRef   `json:"lead_unit"`
	Others    []UnitRef `json:"assist_units"`
	Valid     bool      `json:"valid" doc:"In force today"`
}

// CatalogueFilter narrows the catalogue.
type CatalogueFilter struct {
	Class   string // and those below it
	Area    string // and those below it
	Unit    string // as lead or assist
	Query   string // in names
	Valid   bool   // in force today only
	Version int    // 0: the newest
}

// CataloguePage is the catalogue as filtered.
type CataloguePage struct {
	Version int             `json:"version" doc:"The newest version; a change names it"`
	Items   []CatalogueView `json:"items"`
	Total   int             `json:"total"`
}

// CatalogueChange adds, replaces and removes rows as one new version.
type CatalogueChange struct {
	Base   int                      `json:"base" doc:"Version that the asker saw"`
	Note   string                   `json:"note,omitempty" maxLength:"200"`
	Remove []int64                  `json:"remove,omitempty" maxItems:"1000" doc:"Ids of rows; a replaced row is removed and added"`
	Add    []tickets.CatalogueEntry `json:"add,omitempty" maxItems:"1000"`
}

// CataloguePreview is what a change of the catalogue would do.
type CataloguePreview struct {
	Faults  []RuleFault      `json:"faults"`
	Added   int              `json:"added"`
	Removed int              `json:"removed"`
	Pool    int              `json:"pool" doc:"Tickets that wait for dispatch and whose proposal changes"`
	Samples []ProposalSample `json:"samples"`
}

// ProposalSample is a waiting ticket whose proposal changes.
type ProposalSample struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Was    string `json:"was"` // name of the lead; empty: none
	Now    string `json:"now"`
}

// maxCataloguePage bounds one answer; an export has them all.
const maxCataloguePage = 1000

// Catalogue lists the dispatch catalogue.
func (s *Service) Catalogue(ctx context.Context, who Identity, f CatalogueFilter) (CataloguePage, error) {
	page := CataloguePage{Items: []CatalogueView{}}
	if err := who.need(directory.RulesRead); err != nil {
		return page, err
	}
	book, err := s.catalogueBook(ctx)
	if err != nil {
		return page, err
	}
	entries := book.entries
	if f.Version > 0 {
		if entries, err = s.store.Catalogue(ctx, f.Version); err != nil {
			return page, fmt.Errorf("read catalogue: %w", err)
		}
	}
	page.Version = book.version
	for _, e := range entries {
		if v := book.view(e); book.fits(v, f) {
			page.Total++
			if len(page.Items) < maxCataloguePage {
				page.Items = append(page.Items, v)
			}
		}
	}
	return page, nil
}

// CatalogueVersions lists the changes of the catalogue, newest first.
func (s *Service) CatalogueVersions(ctx context.Context, who Identity) ([]CatalogueVersion, error) {
	if err := who.need(directory.RulesRead); err != nil {
		return nil, err
	}
	list, err := s.store.CatalogueVersions(ctx)
	if err != nil {
		return nil, fmt.Errorf("list versions of the catalogue: %w", err)
	}
	return list, nil
}

// PreviewCatalogue says what a change would do.
func (s *Service) PreviewCatalogue(ctx context.Context, who Identity, c CatalogueChange) (CataloguePreview, error) {
	if err := who.need(directory.AdminRules); err != nil {
		return CataloguePreview{}, err
	}
	book, err := s.catalogueBook(ctx)
	if err != nil {
		return CataloguePreview{}, err
	}
	faults := book.check(c)
	if len(faults) > 0 {
		return CataloguePreview{Faults: faults, Samples: []ProposalSample{}}, nil
	}
	return s.previewEntries(ctx, book, c)
}

// previewEntries tells whose proposal among the waiting tickets a sound change alters.
func (s *Service) previewEntries(ctx context.Context, book *catalogueBook, c CatalogueChange) (CataloguePreview, error) {
	preview := CataloguePreview{Faults: []RuleFault{}, Added: len(c.Add), Removed: len(c.Remove), Samples: []ProposalSample{}}
	pool, err := s.store.InPool(ctx, 2000)
	if err != nil {
		return preview, fmt.Errorf("look at the pool: %w", err)
	}
	now, next := tickets.NewCatalogue(book.entries), tickets.NewCatalogue(book.after(c))
	for _, t := range pool {
		classes := book.city.classes.ids(t.ClassID)
		was, _ := now.Propose(classes, t.Place.Area, book.today)
		then, _ := next.Propose(classes, t.Place.Area, book.today)
		if slices.Equal(was.Units(), then.Units()) {
			continue
		}
		preview.Pool++
		if len(preview.Samples) < impactExamples {
			preview.Samples = append(preview.Samples, ProposalSample{
				ID: t.ID, Number: t.Number, Title: t.Title, Was: book.unitName(was.Lead), Now: book.unitName(then.Lead),
			})
		}
	}
	return preview, nil
}

// ChangeCatalogue makes a new version. RuleFaults, ErrStale.
func (s *Service) ChangeCatalogue(ctx context.Context, who Identity, c CatalogueChange) (CatalogueVersion, error) {
	if err := who.need(directory.AdminRules); err != nil {
		return CatalogueVersion{}, err
	}
	book, err := s.catalogueBook(ctx)
	if err != nil {
		return CatalogueVersion{}, err
	}
	if faults := book.check(c); len(faults) > 0 {
		return CatalogueVersion{}, faults
	}
	return s.saveCatalogue(ctx, who, c)
}

func (s *Service) saveCatalogue(ctx context.Context, who Identity, c CatalogueChange) (CatalogueVersion, error) {
	v := CatalogueVersion{At: s.clock(), By: who.Account, ByName: who.Name, Note: strings.TrimSpace(c.Note), Added: len(c.Add), Removed: len(c.Remove)}
	n, err := s.store.ChangeCatalogue(ctx, c.Base, v, c.Remove, c.Add)
	if err != nil {
		return v, fmt.Errorf("change catalogue: %w", err)
	}
	v.N = n
	s.rules.forget()
	return v, s.Audit(ctx, who, "catalogue.change", fmt.Sprint(n), fmt.Sprintf("+%d −%d %s", v.Added, v.Removed, v.Note))
}

// RestoreCatalogue makes a new version with the rows of an earlier one.
func (s *Service) RestoreCatalogue(ctx context.Context, who Identity, base, version int) (CatalogueVersion, error) {
	if err := who.need(directory.AdminRules); err != nil {
		return CatalogueVersion{}, err
	}
	c, err := s.restoring(ctx, base, version)
	if err != nil {
		return CatalogueVersion{}, err
	}
	return s.saveCatalogue(ctx, who, c)
}

// PreviewRestore says what going back to an earlier version would do.
func (s *Service) PreviewRestore(ctx context.Context, who Identity, version int) (CataloguePreview, error) {
	if err := who.need(directory.AdminRules); err != nil {
		return CataloguePreview{}, err
	}
	book, err := s.catalogueBook(ctx)
	if err != nil {
		return CataloguePreview{}, err
	}
	c, err := s.restoring(ctx, book.version, version)
	if err != nil {
		return CataloguePreview{}, err
	}
	return s.previewEntries(ctx, book, c)
}

// restoring is the change that leads back to the version.
func (s *Service) restoring(ctx context.Context, base, version int) (CatalogueChange, error) {
	versions, err := s.store.CatalogueVersions(ctx)
	if err != nil {
		return CatalogueChange{}, fmt.Errorf("read catalogue: %w", err)
	}
	if !slices.ContainsFunc(versions, func(v CatalogueVersion) bool { return v.N == version }) {
		return CatalogueChange{}, fmt.Errorf("version %d of the catalogue: %w", version, ErrNotFound)
	}
	now, err := s.store.Catalogue(ctx, 0)
	if err != nil {
		return CatalogueChange{}, fmt.Errorf("read catalogue: %w", err)
	}
	then, err := s.store.Catalogue(ctx, version)
	if err != nil {
		return CatalogueChange{}, fmt.Errorf("read catalogue: %w", err)
	}
	c := CatalogueChange{Base: base, Note: fmt.Sprintf("恢复到第 %d 版", version)}
	kept := map[string]bool{}
	for _, e := range then {
		kept[rowKey(e)] = true
	}
	for _, e := range now {
		if key := rowKey(e); kept[key] {
			delete(kept, key)
		} else {
			c.Remove = append(c.Remove, e.ID)
		}
	}
	for _, e := range then {
		if kept[rowKey(e)] {
			c.Add = append(c.Add, e)
		}
	}
	return c, nil
}

// rowKey tells rows with the same content.
func rowKey(e tickets.CatalogueEntry) string {
	e.ID = 0
	return fmt.Sprintf("%q", append([]string{e.Class, e.Area, e.Lead, e.From, e.To, e.Note}, e.Assists...))
}

// catalogueBook is the catalogue with what its rows name.
type catalogueBook struct {
	city    *cityRules
	version int
	entries []tickets.CatalogueEntry
	units   map[string]directory.Unit
	today   time.Time
}

func (s *Service) catalogueBook(ctx context.Context) (*catalogueBook, error) {
	s.rules.forget()
	city, err := s.rules.rules(ctx)
	if err != nil {
		return nil, err
	}
	b := &catalogueBook{city: city, units: map[string]directory.Unit{}, today: s.today()}
	versions, err := s.store.CatalogueVersions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	if len(versions) > 0 {
		b.version = versions[0].N
	}
	if b.entries, err = s.store.Catalogue(ctx, 0); err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	units, err := s.store.Units(ctx)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	for _, u := range units {
		b.units[u.ID] = u
	}
	return b, nil
}

func (b *catalogueBook) unitName(id string) string {
	if u, ok := b.units[id]; ok {
		return u.Name
	}
	return id
}

// areaIDs is the path of the area as codes from the city down.
func (b *catalogueBook) areaIDs(code string) []string {
	var path []string
	for depth := 0; code != "" && depth <= deepest; depth++ {
		path = append(path, code)
		code = b.city.areas[code].Parent
	}
	slices.Reverse(path)
	return path
}

func (b *catalogueBook) areaPath(code string) []string {
	names := []string{}
	for _, id := range b.areaIDs(code) {
		names = append(names, b.city.areas[id].Name)
	}
	return names
}

func (b *catalogueBook) view(e tickets.CatalogueEntry) CatalogueView {
	v := CatalogueView{
		CatalogueEntry: e, ClassPath: orEmpty(b.city.classes.path(e.Class)), AreaPath: b.areaPath(e.Area),
		Unit: UnitRef{ID: e.Lead, Name: b.unitName(e.Lead)}, Others: []UnitRef{}, Valid: e.Valid(b.today.Format(time.DateOnly)),
	}
	for _, id := range e.Assists {
		v.Others = append(v.Others, UnitRef{ID: id, Name: b.unitName(id)})
	}
	return v
}

func (b *catalogueBook) fits(v CatalogueView, f CatalogueFilter) bool {
	text := strings.Join(v.ClassPath, "/") + " " + strings.Join(v.AreaPath, "/") + " " + v.Unit.Name + " " + v.Note
	return (f.Class == "" || slices.Contains(b.city.classes.ids(v.Class), f.Class)) &&
		(f.Area == "" || slices.Contains(b.areaIDs(v.Area), f.Area)) &&
		(f.Unit == "" || slices.Contains(v.Units(), f.Unit)) &&
		(!f.Valid || v.Valid) && (f.Query == "" || strings.Contains(text, strings.TrimSpace(f.Query)))
}

// after are the entries that a change leaves.
func (b *catalogueBook) after(c CatalogueChange) []tickets.CatalogueEntry {
	gone := map[int64]bool{}
	for _, id := range c.Remove {
		gone[id] = true
	}
	left := slices.DeleteFunc(slices.Clone(b.entries), func(e tickets.CatalogueEntry) bool { return gone[e.ID] })
	return append(left, c.Add...)
}

// check lists the faults of a change; a fault's row is the place of the entry in Add, from 1.
func (b *catalogueBook) check(c CatalogueChange) RuleFaults {
	faults := RuleFaults{}
	known := map[int64]bool{}
	for _, e := range b.entries {
		known[e.ID] = true
	}
	for _, id := range c.Remove {
		if !known[id] {
			faults = append(faults, RuleFault{Value: fmt.Sprint(id), Text: "要删除的行已不在目录中"})
		}
	}
	taken := map[[2]string][]tickets.CatalogueEntry{}
	for _, e := range b.after(CatalogueChange{Remove: c.Remove}) {
		taken[[2]string{e.Class, e.Area}] = append(taken[[2]string{e.Class, e.Area}], e)
	}
	for i, e := range c.Add {
		found := b.checkEntry(e)
		key := [2]string{e.Class, e.Area}
		if len(found) == 0 && slices.ContainsFunc(taken[key], e.Overlaps) {
			found = append(found, RuleFault{Column: "生效日期", Text: "同一分类和区域在这段时间已有一行"})
		}
		if len(found) == 0 {
			taken[key] = append(taken[key], e)
		}
		for _, f := range found {
			f.Row = i + 1
			faults = append(faults, f)
		}
	}
	return faults
}

// checkEntry lists the faults of one row by itself.
func (b *catalogueBook) checkEntry(e tickets.CatalogueEntry) RuleFaults {
	var faults RuleFaults
	fault := func(wrong bool, column, value, text string) {
		if wrong {
			faults = append(faults, RuleFault{Column: column, Value: value, Text: text})
		}
	}
	class, ok := b.city.classes.byID[e.Class]
	fault(!ok || class.Disabled, "问题分类", e.Class, "没有这个分类，或已停用")
	_, ok = b.city.areas[e.Area]
	fault(e.Area != "" && !ok, "区域", e.Area, "没有这个区域")
	for i, id := range e.Units() {
		column := "协办单位"
		if i == 0 {
			column = "主办单位"
		}
		u, ok := b.units[id]
		fault(!ok || u.Disabled, column, id, "没有这个单位，或已停用")
		fault(slices.Contains(e.Units()[:i], id), column, u.Name, "单位重复")
	}
	from, err := time.Parse(time.DateOnly, e.From)
	fault(err != nil, "生效日期", e.From, "不是日期，应如 2026-01-01")
	if e.To != "" {
		to, toErr := time.Parse(time.DateOnly, e.To)
		fault(toErr != nil, "失效日期", e.To, "不是日期，应如 2026-12-31")
		fault(err == nil && toErr == nil && to.Before(from), "失效日期", e.To, "早于生效日期")
		fault(toErr == nil && e.To < b.today.Format(time.DateOnly), "失效日期", e.To, "已经过去")
	}
	fault(len([]rune(e.Note)) > 200, "备注", "", "不能超过 200 个字")
	return faults
}
