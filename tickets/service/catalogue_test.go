package service_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

var catalogueHead = []string{"问题分类", "区域", "主办单位", "协办单位", "生效日期", "失效日期", "备注"}

// sheet makes an Excel file of the rows.
func sheet(t *testing.T, rows ...[]string) *bytes.Buffer {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return &b
}

// areas gives the desk a city with a district.
func (b *bundle) areas() {
	b.t.Helper()
	require.NoError(b.t, b.store.SaveArea(b.ctx, directory.Area{Code: "99", Name: "和宁市"}, 1))
	require.NoError(b.t, b.store.SaveArea(b.ctx, directory.Area{Code: "9901", Parent: "99", Name: "和平区"}, 2))
}

func TestACatalogueIsImportedAfterADryRun(t *testing.T) {
	b := setup(t)
	b.areas()
	admin := b.as("admin")
	waiting := b.submitted("8001", "13800005678")
	file := sheet(t, catalogueHead,
		[]string{"环境保护/噪音扰民", "", "市信息办", "信息办信息科", "2026/1/1", "", "夜间施工"},
		[]string{"停水", "和平区", "xxb", "", "46023", "2026-12-31", ""},
	)
	dry, err := b.ImportCatalogue(b.ctx, admin, bytes.NewReader(file.Bytes()), service.ImportRequest{Mode: service.ImportCheck})
	require.NoError(t, err)
	require.Equal(t, []int{2, 2, 0, 2, 0}, []int{dry.Rows, dry.Good, dry.FaultyRow, dry.Added, dry.Removed}, "%+v", dry.Faults)
	require.Equal(t, 1, dry.Preview.Pool)
	require.Equal(t, service.ProposalSample{ID: waiting.ID, Number: waiting.Number, Title: waiting.Title, Now: "市信息办"}, dry.Preview.Samples[0])
	require.False(t, dry.Imported)

	done, err := b.ImportCatalogue(b.ctx, admin, file, service.ImportRequest{Mode: service.ImportAll, Note: "首版"})
	require.NoError(t, err)
	require.True(t, done.Imported)
	require.Equal(t, 1, done.Version)
	page, err := b.Catalogue(b.ctx, admin, service.CatalogueFilter{})
	require.NoError(t, err)
	require.Equal(t, 2, page.Total)
	require.Equal(t, []string{"环境保护", "噪音扰民"}, page.Items[0].ClassPath)
	require.Equal(t, "2026-01-01", page.Items[1].From, "a date as Excel keeps it")
	require.Equal(t, []string{"和宁市", "和平区"}, page.Items[1].AreaPath)

	var out bytes.Buffer
	require.NoError(t, b.ExportCatalogue(b.ctx, admin, 0, &out))
	again, err := b.ImportCatalogue(b.ctx, admin, &out, service.ImportRequest{Base: 1, Mode: service.ImportAll, Replace: true})
	require.NoError(t, err)
	require.Equal(t, []int{2, 2, 0, 0}, []int{again.Good, again.Same, again.Added, again.Removed}, "an export comes back as it was")
	require.False(t, again.Imported, "nothing to change")
}

func TestEveryFaultyRowIsReportedAndNothingImported(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	rows := [][]string{catalogueHead}
	for i := range 10_000 {
		rows = append(rows, []string{"没有的分类", "", "市信息办", "", "2026-01-01", "", fmt.Sprint(i)})
	}
	rows = append(rows, []string{"停水", "", "市信息办", "", "2026-01-01", "", ""})
	file := sheet(t, rows...)
	report, err := b.ImportCatalogue(b.ctx, admin, bytes.NewReader(file.Bytes()), service.ImportRequest{Mode: service.ImportAll})
	require.NoError(t, err)
	require.Equal(t, []int{10_001, 1, 10_000, 10_000}, []int{report.Rows, report.Good, report.FaultyRow, len(report.Faults)})
	require.Equal(t, service.RuleFault{Row: 10_001, Column: "问题分类", Value: "没有的分类", Text: "没有“没有的分类”"}, report.Faults[9_999])
	require.False(t, report.Imported)
	page, err := b.Catalogue(b.ctx, admin, service.CatalogueFilter{})
	require.NoError(t, err)
	require.Zero(t, page.Total)

	good, err := b.ImportCatalogue(b.ctx, admin, file, service.ImportRequest{Mode: service.ImportGood})
	require.NoError(t, err)
	require.True(t, good.Imported)
	page, err = b.Catalogue(b.ctx, admin, service.CatalogueFilter{})
	require.NoError(t, err)
	require.Equal(t, 1, page.Total, "only the good ones, when asked for")
}

func TestFaultsOfACataloguesRows(t *testing.T) {
	b := setup(t)
	b.areas()
	admin := b.as("admin")
	require.NoError(t, b.store.SaveUnit(b.ctx, directory.Unit{ID: "old", Name: "撤销的局", Kind: "department", Disabled: true}))
	for text, row := range map[string][]string{
		"问题分类：不能为空":        {"", "", "市信息办"},
		"区域：没有“火星”":        {"停水", "火星", "市信息办"},
		"主办单位：没有“没有的局”":    {"停水", "", "没有的局"},
		"主办单位：没有这个单位，或已停用": {"停水", "", "撤销的局"},
		"协办单位：没有“甲局”":      {"停水", "", "市信息办", "甲局"},
		"协办单位：单位重复":        {"停水", "", "市信息办", "市信息办"},
		"生效日期：不是日期":        {"停水", "", "市信息办", "", "someday"},
		"失效日期：早于生效日期":      {"停水", "", "市信息办", "", "2028-01-01", "2027-01-01"},
		"失效日期：已经过去":        {"停水", "", "市信息办", "", "2020-01-01", "2020-12-31"},
		"备注：不能超过":          {"停水", "", "市信息办", "", "2026-01-01", "", strings.Repeat("长", 201)},
	} {
		report, err := b.ImportCatalogue(b.ctx, admin, sheet(t, catalogueHead, row), service.ImportRequest{Mode: service.ImportCheck})
		require.NoError(t, err)
		require.Contains(t, service.RuleFaults(report.Faults).Error(), text)
		require.Equal(t, 2, report.Faults[0].Row)
	}
	twice, err := b.ImportCatalogue(b.ctx, admin, sheet(t, catalogueHead, []string{"停水", "", "市信息办"}, []string{"停水", "全市", "xxb"}), service.ImportRequest{Mode: service.ImportCheck})
	require.NoError(t, err)
	require.Contains(t, service.RuleFaults(twice.Faults).Error(), "文件中同一分类和区域")
}

func TestAFileThatIsNoSheetIsRefused(t *testing.T) {
	b := setup(t)
	for _, file := range []*bytes.Buffer{bytes.NewBufferString("no zip"), sheet(t), sheet(t, []string{"甲", "乙"})} {
		_, err := b.ImportCatalogue(b.ctx, b.as("admin"), file, service.ImportRequest{Mode: service.ImportCheck})
		require.ErrorIs(t, err, service.ErrBadSheet)
	}
	_, err := b.ImportCatalogue(b.ctx, b.as("paidan"), sheet(t, catalogueHead), service.ImportRequest{Mode: service.ImportCheck})
	require.ErrorIs(t, err, service.ErrForbidden)
}

func TestTheCatalogueHasVersions(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	water := tickets.CatalogueEntry{Class: "stop", Lead: "xxb", From: "2026-01-01"}
	first, err := b.ChangeCatalogue(b.ctx, admin, service.CatalogueChange{Note: "一", Add: []tickets.CatalogueEntry{water}})
	require.NoError(t, err)
	page, err := b.Catalogue(b.ctx, admin, service.CatalogueFilter{Class: "city"})
	require.NoError(t, err)
	require.Equal(t, 1, page.Total, "found by a class above")

	overlap := water
	overlap.From = "2026-06-01"
	preview, err := b.PreviewCatalogue(b.ctx, admin, service.CatalogueChange{Base: 1, Add: []tickets.CatalogueEntry{overlap}})
	require.NoError(t, err)
	require.Equal(t, "同一分类和区域在这段时间已有一行", preview.Faults[0].Text)

	replaced := water
	replaced.Lead, replaced.From = "xxb-xxk", "2026-02-01"
	second, err := b.ChangeCatalogue(b.ctx, admin, service.CatalogueChange{
		Base: first.N, Remove: []int64{page.Items[0].ID}, Add: []tickets.CatalogueEntry{replaced},
	})
	require.NoError(t, err)
	_, err = b.ChangeCatalogue(b.ctx, admin, service.CatalogueChange{Base: first.N, Add: []tickets.CatalogueEntry{{Class: "noise", Lead: "xxb", From: "2026-01-01"}}})
	require.ErrorIs(t, err, service.ErrStale, "somebody was faster")

	old, err := b.Catalogue(b.ctx, admin, service.CatalogueFilter{Version: first.N})
	require.NoError(t, err)
	require.Equal(t, "xxb", old.Items[0].Lead)
	back, err := b.RestoreCatalogue(b.ctx, admin, second.N, first.N)
	require.NoError(t, err)
	require.Equal(t, []int{3, 1, 1}, []int{back.N, back.Added, back.Removed})
	now, err := b.Catalogue(b.ctx, admin, service.CatalogueFilter{})
	require.NoError(t, err)
	require.Equal(t, "xxb", now.Items[0].Lead)
	_, err = b.RestoreCatalogue(b.ctx, admin, back.N, 99)
	require.ErrorIs(t, err, service.ErrNotFound)
	versions, err := b.CatalogueVersions(b.ctx, admin)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, []int{versions[0].Entries, versions[1].Entries, versions[2].Entries})
}

func TestARuleOfTriageIsTriedBeforeItIsSaved(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	ticket := b.submitted("8001", "13800005678")
	rule := tickets.TriageRule{Name: "夜间施工", Classes: []string{"env"}, Words: []string{"工地"}, Urgency: tickets.Urgent}
	preview, err := b.PreviewTriage(b.ctx, admin, rule)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, []int{preview.Looked, preview.Hits, preview.Raised})
	require.Equal(t, service.TriageSample{
		ID: ticket.ID, Number: ticket.Number, Title: ticket.Title, Urgency: tickets.Normal, Why: "内容含“工地”，分类属“环境保护”",
	}, preview.Samples[0])

	id, err := b.SaveTriageRule(b.ctx, admin, rule, 0)
	require.NoError(t, err)
	other, err := b.SaveTriageRule(b.ctx, admin, tickets.TriageRule{Name: "投诉", Types: []tickets.Type{tickets.Complaint}, Place: 1}, 1)
	require.NoError(t, err)
	list, err := b.TriageRules(b.ctx, admin)
	require.NoError(t, err)
	require.Equal(t, []string{other, id}, []string{list.Rules[0].ID, list.Rules[1].ID}, "in the order they are tried")
	require.Equal(t, "环境保护", list.Names["env"])
	b.clock = b.clock.Add(time.Minute)
	require.Len(t, b.submitted("8001", "13800005679").Routing.Rules, 2)

	require.NoError(t, b.DeleteTriageRule(b.ctx, admin, other))
	require.ErrorIs(t, b.DeleteTriageRule(b.ctx, admin, other), service.ErrNotFound)
	faulty := rule
	faulty.Classes = []string{"mars"}
	_, err = b.SaveTriageRule(b.ctx, admin, faulty, 0)
	require.ErrorContains(t, err, "没有分类“mars”")
	faulty = rule
	faulty.ID = "unknown"
	_, err = b.SaveTriageRule(b.ctx, admin, faulty, 0)
	require.ErrorIs(t, err, service.ErrNotFound)
	_, err = b.PreviewTriage(b.ctx, b.as("paidan"), rule)
	require.ErrorIs(t, err, service.ErrForbidden)
}
