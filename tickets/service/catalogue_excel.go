package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// Columns of the catalogue's sheet. Classes and areas are paths from the root, 城市管理/市容环卫;
// units are names, assists several with 、 between.
var catalogueColumns = []string{"问题分类", "区域", "主办单位", "协办单位", "生效日期", "失效日期", "备注"}

// Bounds of an import. A sheet that unpacks to more is refused before it is read.
const (
	MaxImportBytes = 10 << 20
	maxImportRows  = 50_000
	unzipLimit     = 200 << 20
	unzipPartLimit = 32 << 20
)

// ImportMode says what becomes of an import.
type ImportMode string

// Modes of an import.
const (
	ImportCheck ImportMode = "check" // a dry run
	ImportAll   ImportMode = "all"   // everything, or nothing when a row is faulty
	ImportGood  ImportMode = "good"  // the rows without fault
)

// ImportRequest says how to import.
type ImportRequest struct {
	Base    int
	Mode    ImportMode
	Replace bool // rows that are not in the file go
	Note    string
}

// ImportReport is what an import did, or would do.
type ImportReport struct {
	Rows      int              `json:"rows"`
	Good      int              `json:"good"`
	Faults    []RuleFault      `json:"faults" doc:"Of every faulty row"`
	FaultyRow int              `json:"faulty_rows"`
	Same      int              `json:"same" doc:"Rows that the catalogue has already"`
	Added     int              `json:"added"`
	Removed   int              `json:"removed"`
	Imported  bool             `json:"imported"`
	Version   int              `json:"version" doc:"The newest version now"`
	Preview   CataloguePreview `json:"preview"`
}

// ErrBadSheet is a file that is no Excel sheet of the catalogue; the wrapping error says why.
var ErrBadSheet = errors.New("bad sheet")

// ImportCatalogue reads an Excel file into the catalogue, or says what it would do. Every faulty
// row is named; ErrBadSheet, ErrStale.
func (s *Service) ImportCatalogue(ctx context.Context, who Identity, file io.Reader, in ImportRequest) (ImportReport, error) {
	report := ImportReport{Faults: []RuleFault{}, Preview: CataloguePreview{Faults: []RuleFault{}, Samples: []ProposalSample{}}}
	if err := who.need(directory.AdminRules); err != nil {
		return report, err
	}
	book, err := s.catalogueBook(ctx)
	if err != nil {
		return report, err
	}
	if report.Version = book.version; in.Base != book.version && in.Mode != ImportCheck {
		return report, fmt.Errorf("import catalogue: %w", ErrStale)
	}
	sheet, err := readSheet(file)
	if err != nil {
		return report, err
	}
	change := book.merge(sheet, in.Replace, &report)
	change.Base, change.Note = book.version, in.Note
	if in.Mode == ImportCheck || in.Mode == ImportAll && report.FaultyRow > 0 || len(change.Add)+len(change.Remove) == 0 {
		report.Preview, err = s.previewEntries(ctx, book, change)
		return report, err
	}
	v, err := s.saveCatalogue(ctx, who, change)
	if err != nil {
		return report, err
	}
	report.Imported, report.Version = true, v.N
	return report, nil
}

// sheetRow is a row of the file with its number there.
type sheetRow struct {
	n     int
	cells []string
}

// readSheet reads the first sheet by its heading; columns may stand in any order.
func readSheet(file io.Reader) ([]sheetRow, error) {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrBadSheet}, args...)...)
	}
	f, err := excelize.OpenReader(io.LimitReader(file, MaxImportBytes), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: unzipLimit, UnzipXMLSizeLimit: unzipPartLimit,
	})
	if err != nil {
		return nil, bad("不是 Excel 文件（.xlsx），或已损坏")
	}
	defer func() { _ = f.Close() }() // it only holds memory and files of its own
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return nil, bad("没有工作表")
	}
	defer func() { _ = rows.Close() }()
	var place []int
	var list []sheetRow
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, bad("第 %d 行无法读取", n)
		}
		if place == nil {
			if place, err = headings(cells); err != nil {
				return nil, bad("%s", err)
			}
			continue
		}
		row := sheetRow{n: n, cells: make([]string, len(catalogueColumns))}
		for i, at := range place {
			if at >= 0 && at < len(cells) {
				row.cells[i] = strings.TrimSpace(cells[at])
			}
		}
		if strings.Join(row.cells, "") == "" {
			continue
		}
		if list = append(list, row); len(list) > maxImportRows {
			return nil, bad("超过 %d 行", maxImportRows)
		}
	}
	if place == nil {
		return nil, bad("第一行须为列名：%s", strings.Join(catalogueColumns, "、"))
	}
	return list, nil
}

// headings finds the columns; the last two may be missing.
func headings(cells []string) ([]int, error) {
	place := make([]int, len(catalogueColumns))
	var missing []string
	for i, name := range catalogueColumns {
		place[i] = slices.IndexFunc(cells, func(c string) bool { return strings.TrimSpace(c) == name })
		if place[i] < 0 && (i == 0 || i == 2) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("第一行缺少列：%s", strings.Join(missing, "、"))
	}
	return place, nil
}

// merge makes a change of the rows: a row in the place of those of the same class and area that
// are in force on the same days. Faulty ones go into the report.
func (b *catalogueBook) merge(rows []sheetRow, replace bool, report *ImportReport) CatalogueChange {
	var c CatalogueChange
	names := b.names()
	at := map[[2]string][]tickets.CatalogueEntry{}
	for _, e := range b.entries {
		key := [2]string{e.Class, e.Area}
		at[key] = append(at[key], e)
	}
	fromFile := map[[2]string][]tickets.CatalogueEntry{}
	gone, same := map[int64]bool{}, map[int64]bool{}
	for _, row := range rows {
		report.Rows++
		e, faults := names.entry(row.cells, b.today)
		if len(faults) == 0 {
			faults = b.checkEntry(e)
		}
		key := [2]string{e.Class, e.Area}
		if len(faults) == 0 && slices.ContainsFunc(fromFile[key], e.Overlaps) {
			faults = append(faults, RuleFault{Column: "生效日期", Text: "文件中同一分类和区域在这段时间已有一行"})
		}
		if len(faults) > 0 {
			report.FaultyRow++
			for _, f := range faults {
				f.Row = row.n
				report.Faults = append(report.Faults, f)
			}
			continue
		}
		report.Good++
		fromFile[key] = append(fromFile[key], e)
		i := slices.IndexFunc(at[key], func(old tickets.CatalogueEntry) bool { return rowKey(old) == rowKey(e) })
		if i >= 0 {
			same[at[key][i].ID] = true
			report.Same++
			continue
		}
		for _, old := range at[key] {
			gone[old.ID] = gone[old.ID] || old.Overlaps(e)
		}
		c.Add = append(c.Add, e)
	}
	for _, e := range b.entries {
		if gone[e.ID] || replace && !same[e.ID] {
			c.Remove = append(c.Remove, e.ID)
		}
	}
	report.Added, report.Removed = len(c.Add), len(c.Remove)
	return c
}

// catalogueNames finds what the cells of a sheet name. An empty id is a name that several have.
type catalogueNames struct {
	classes, areas, units map[string]string
}

func (b *catalogueBook) names() catalogueNames {
	n := catalogueNames{map[string]string{}, map[string]string{}, map[string]string{}}
	add := func(m map[string]string, id string, names ...string) {
		for _, name := range names {
			if other, twice := m[name]; twice && other != id {
				m[name] = ""
				continue
			}
			m[name] = id
		}
	}
	for id := range b.city.classes.byID {
		path := b.city.classes.path(id)
		add(n.classes, id, strings.Join(path, "/"), path[len(path)-1])
	}
	for code := range b.city.areas {
		path := b.areaPath(code)
		add(n.areas, code, strings.Join(path, "/"), path[len(path)-1])
		if len(path) > 1 {
			add(n.areas, code, strings.Join(path[1:], "/"))
		}
	}
	for id, u := range b.units {
		add(n.units, id, id, u.Name)
	}
	return n
}

// entry reads the cells of a row.
func (n catalogueNames) entry(cells []string, today time.Time) (tickets.CatalogueEntry, RuleFaults) {
	e := tickets.CatalogueEntry{Note: cells[6]}
	var faults RuleFaults
	find := func(in map[string]string, column int, name string) string {
		id, ok := in[strings.Trim(strings.ReplaceAll(name, "／", "/"), "/ ")]
		text := ""
		switch {
		case name == "":
			text = "不能为空"
		case !ok:
			text = "没有“" + name + "”"
		case id == "":
			text = "“" + name + "”不止一个，请写全路径"
		}
		if text != "" {
			faults = append(faults, RuleFault{Column: catalogueColumns[column], Value: name, Text: text})
		}
		return id
	}
	e.Class = find(n.classes, 0, cells[0])
	if cells[1] != "" && cells[1] != "全市" {
		e.Area = find(n.areas, 1, cells[1])
	}
	e.Lead = find(n.units, 2, cells[2])
	for _, name := range strings.FieldsFunc(cells[3], func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) }) {
		e.Assists = append(e.Assists, find(n.units, 3, strings.TrimSpace(name)))
	}
	e.From, e.To = sheetDay(cells[4]), sheetDay(cells[5])
	if e.From == "" {
		e.From = today.Format(time.DateOnly)
	}
	return e, faults
}

// sheetDay reads a date as Excel keeps it (a number of days) or as people write it; what is no
// date comes back as it is, for the check to refuse.
func sheetDay(cell string) string {
	if serial, err := strconv.ParseFloat(cell, 64); err == nil && serial > 30000 && serial < 100000 {
		if day, err := excelize.ExcelDateToTime(serial, false); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日"} {
		if day, err := time.Parse(layout, cell); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	return cell
}

// ExportCatalogue writes a version of the catalogue (0: the newest) as an Excel file that
// ImportCatalogue reads back.
func (s *Service) ExportCatalogue(ctx context.Context, who Identity, version int, to io.Writer) error {
	if err := who.need(directory.RulesRead); err != nil {
		return err
	}
	book, err := s.catalogueBook(ctx)
	if err != nil {
		return err
	}
	entries := book.entries
	if version > 0 {
		if entries, err = s.store.Catalogue(ctx, version); err != nil {
			return fmt.Errorf("read catalogue: %w", err)
		}
	}
	if err := writeSheet(book, entries, to); err != nil {
		return fmt.Errorf("write catalogue: %w", err)
	}
	return s.Audit(ctx, who, "catalogue.export", fmt.Sprint(version), fmt.Sprintf("%d rows", len(entries)))
}

func writeSheet(book *catalogueBook, entries []tickets.CatalogueEntry, to io.Writer) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // it only holds memory and files of its own
	const sheet = "派单目录"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, width := range []float64{36, 24, 24, 32, 12, 12, 30} {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	head := make([]any, len(catalogueColumns))
	for i, name := range catalogueColumns {
		head[i] = excelize.Cell{StyleID: bold, Value: name}
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, e := range entries {
		v := book.view(e)
		assists := make([]string, len(v.Others))
		for j, u := range v.Others {
			assists[j] = u.Name
		}
		row := []any{strings.Join(v.ClassPath, "/"), strings.Join(v.AreaPath, "/"), v.Unit.Name, strings.Join(assists, "、"), e.From, e.To, e.Note}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(to)
}
