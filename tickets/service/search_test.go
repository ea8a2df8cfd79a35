package service_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// letter registers and submits a letter of a caller; each comes a minute after the one before.
func (b *bundle) letter(title, content, phone string) service.TicketView {
	b.t.Helper()
	b.clock = b.clock.Add(time.Minute)
	who := b.as("shouli")
	t, err := b.CreateTicket(b.ctx, who, service.NewTicket{Source: tickets.SourceLetter})
	require.NoError(b.t, err)
	t, err = b.SaveTicket(b.ctx, who, t.ID, service.SaveTicketRequest{Version: t.Version, Fields: tickets.Fields{
		Type: ptr(tickets.Complaint), Title: &title, Content: &content, ClassID: ptr("noise"),
		Caller: &tickets.CallerPatch{Name: ptr("王秀兰"), Phone: &phone}, Place: &tickets.Place{Address: "胜利路12号"},
	}})
	require.NoError(b.t, err)
	t, err = b.Act(b.ctx, who, t.ID, tickets.Submit, service.ActRequest{Version: t.Version})
	require.NoError(b.t, err)
	return t
}

func (b *bundle) search(account string, f service.SearchFilter) []string {
	b.t.Helper()
	page, err := b.SearchTickets(b.ctx, b.as(account), f, service.Paging{})
	require.NoError(b.t, err)
	titles := []string{}
	for _, row := range page.Items {
		titles = append(titles, row.Title)
	}
	require.Equal(b.t, len(titles), page.Total)
	return titles
}

func TestASearchFindsWordsNumbersAndPhones(t *testing.T) {
	b := setup(t)
	first := b.letter("小区停水三天", "自来水公司说管道抢修,一直没来水。", "13800005678")
	b.letter("夜间施工噪音", "工地打桩,停不下来,水泥车进出,住户是𠮷先生。", "13912345678")
	for name, c := range map[string]struct {
		f    service.SearchFilter
		want []string
	}{
		"a word of two letters":            {service.SearchFilter{Query: "停水"}, []string{"小区停水三天"}},
		"its letters apart are not it":     {service.SearchFilter{Query: "水停"}, []string{}},
		"a longer word of the content":     {service.SearchFilter{Query: "管道抢修"}, []string{"小区停水三天"}},
		"pairs of it elsewhere are not it": {service.SearchFilter{Query: "抢修管道"}, []string{}},
		"the place":                        {service.SearchFilter{Query: "胜利路"}, []string{"夜间施工噪音", "小区停水三天"}},
		"every word":                       {service.SearchFilter{Query: "胜利 打桩"}, []string{"夜间施工噪音"}},
		"a rare character":                 {service.SearchFilter{Query: "𠮷先"}, []string{"夜间施工噪音"}},
		"the whole number":                 {service.SearchFilter{Query: first.Number}, []string{"小区停水三天"}},
		"the beginning of a number":        {service.SearchFilter{Number: first.Number[:6]}, []string{"夜间施工噪音", "小区停水三天"}},
		"a phone":                          {service.SearchFilter{Phone: "139 1234 5678"}, []string{"夜间施工噪音"}},
		"a phone among the words":          {service.SearchFilter{Query: "13800005678"}, []string{"小区停水三天"}},
		"a class with those below":         {service.SearchFilter{Class: "env"}, []string{"夜间施工噪音", "小区停水三天"}},
		"another class":                    {service.SearchFilter{Class: "city"}, []string{}},
		"a state":                          {service.SearchFilter{States: []string{"to_dispatch"}, Query: "停水"}, []string{"小区停水三天"}},
		"a flag":                           {service.SearchFilter{Flags: []string{service.FlagSecret}}, []string{}},
		"a span":                           {service.SearchFilter{SubmittedFrom: b.clock}, []string{"夜间施工噪音"}},
	} {
		require.Equal(t, c.want, b.search("rexianban", c.f), name)
	}
	_, err := b.SearchTickets(b.ctx, b.as("rexianban"), service.SearchFilter{Query: "水"}, service.Paging{})
	require.ErrorIs(t, err, directory.ErrInvalid)
}

func TestADraftIsFoundByNobodyUntilItIsSubmitted(t *testing.T) {
	b := setup(t)
	who := b.as("shouli")
	draft, err := b.CreateTicket(b.ctx, who, service.NewTicket{Source: tickets.SourceLetter})
	require.NoError(t, err)
	_, err = b.SaveTicket(b.ctx, who, draft.ID, service.SaveTicketRequest{Version: draft.Version, Fields: tickets.Fields{Title: ptr("还没写完的信")}})
	require.NoError(t, err)
	require.Empty(t, b.search("rexianban", service.SearchFilter{Query: "没写完"}))
	require.Empty(t, b.search("rexianban", service.SearchFilter{}))
}

func TestAUnitFindsOnlyWhatItHadAPartIn(t *testing.T) {
	b := setup(t)
	ours := b.letter("网上平台登录失败", "一直转圈。", "13800005678")
	b.letter("网上平台页面报错", "提示超时。", "13800005678")
	_, err := b.Act(b.ctx, b.as("paidan"), ours.ID, tickets.Dispatch, service.ActRequest{Version: ours.Version, Unit: "xxb", Reason: "职责", Opinion: "请办理"})
	require.NoError(t, err)
	require.Equal(t, []string{"网上平台登录失败"}, b.search("pt-xxb", service.SearchFilter{Query: "网上平台"}))
	require.Equal(t, []string{"网上平台登录失败"}, b.search("pt-xxb", service.SearchFilter{}))
	require.Equal(t, []string{"网上平台登录失败"}, b.search("rexianban", service.SearchFilter{Unit: "xxb"}))
	require.Len(t, b.search("rexianban", service.SearchFilter{Query: "网上平台"}), 2)
	require.Equal(t, []string{"网上平台登录失败"}, b.search("rexianban", service.SearchFilter{Light: "green"}))
	b.clock = b.clock.AddDate(0, 1, 0)
	require.Equal(t, []string{"网上平台登录失败"}, b.search("rexianban", service.SearchFilter{Light: "red"}))
	require.Equal(t, []string{"网上平台登录失败"}, b.search("rexianban", service.SearchFilter{Flags: []string{service.FlagOverdue}}))
	require.Empty(t, b.search("rexianban", service.SearchFilter{Light: "green"}))
}

func TestASecretTicketIsNotFoundByItsCitizensPhoneOutsideTheDesk(t *testing.T) {
	b := setup(t)
	call := b.incoming("13512345678", "8001")
	draft, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: call})
	require.NoError(t, err)
	draft = b.complete("8001", draft)
	draft, err = b.SaveTicket(b.ctx, b.as("8001"), draft.ID, service.SaveTicketRequest{Version: draft.Version, Fields: tickets.Fields{Secret: ptr(true)}})
	require.NoError(t, err)
	sent, err := b.Act(b.ctx, b.as("8001"), draft.ID, tickets.Submit, service.ActRequest{Version: draft.Version})
	require.NoError(t, err)
	_, err = b.Act(b.ctx, b.as("paidan"), sent.ID, tickets.Dispatch, service.ActRequest{Version: sent.Version, Unit: "xxb", Reason: "职责", Opinion: "请办理"})
	require.NoError(t, err)
	byPhone := service.SearchFilter{Phone: "13512345678"}
	require.Len(t, b.search("rexianban", byPhone), 1)
	require.Empty(t, b.search("pt-xxb", byPhone))
	require.Len(t, b.search("pt-xxb", service.SearchFilter{}), 1)
	_, err = b.SearchTickets(b.ctx, b.as("zhijian"), byPhone, service.Paging{})
	require.ErrorIs(t, err, service.ErrForbidden)
}

func TestPagesOfASearchFollowEachOtherWithoutGapsOrRepeats(t *testing.T) {
	b := setup(t)
	for i := range 7 {
		b.letter(fmt.Sprintf("停水反映%d", i), "小区停水。", "13800005678")
	}
	for _, query := range []string{"停水", "停水反映", ""} {
		var seen []string
		cursor := ""
		for {
			page, err := b.SearchTickets(b.ctx, b.as("rexianban"), service.SearchFilter{Query: query}, service.Paging{Limit: 3, Cursor: cursor})
			require.NoError(t, err)
			if cursor == "" {
				require.Equal(t, 7, page.Total)
			}
			for _, row := range page.Items {
				seen = append(seen, row.Title[len(row.Title)-1:])
			}
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		require.Equal(t, "6543210", strings.Join(seen, ""), query)
	}
}

func TestStatisticsSumUpWhatASearchFinds(t *testing.T) {
	b := setup(t)
	one := b.letter("停水一", "小区停水。", "13800005678")
	b.letter("停水二", "小区停水。", "13800005678")
	b.letter("噪音", "太吵,睡不着。", "13800005678")
	_, err := b.Act(b.ctx, b.as("paidan"), one.ID, tickets.Dispatch, service.ActRequest{Version: one.Version, Unit: "xxb", Reason: "职责", Opinion: "请办理"})
	require.NoError(t, err)
	sums, err := b.SearchStatistics(b.ctx, b.as("rexianban"), service.SearchFilter{Query: "停水"})
	require.NoError(t, err)
	require.Equal(t, 2, sums.Total)
	require.ElementsMatch(t, []service.Tally{{Code: "dispatched", Label: "已转办", Count: 1}, {Code: "to_dispatch", Label: "待派单", Count: 1}}, sums.ByState)
	require.Equal(t, []service.Tally{{Code: "noise", Label: "噪音扰民", Count: 2}}, sums.ByClass)
	require.Equal(t, []service.Tally{{Code: "xxb", Label: "市信息办", Count: 1}}, sums.ByUnit)
	require.Equal(t, []service.Tally{{Code: "2026-11-24", Label: "2026-11-24", Count: 2}}, sums.ByDay)
	sums, err = b.SearchStatistics(b.ctx, b.as("pt-xxb"), service.SearchFilter{})
	require.NoError(t, err)
	require.Equal(t, 1, sums.Total)
}

func TestAFilterIsKeptUnderItsNameAndSharedWithARole(t *testing.T) {
	b := setup(t)
	office := b.as("rexianban")
	f := service.SearchFilter{Query: "停水", States: []string{"dispatched"}}
	kept, err := b.SaveFilter(b.ctx, office, "停水在办", f, tickets.Office)
	require.NoError(t, err)
	list, err := b.SavedFilters(b.ctx, office)
	require.NoError(t, err)
	require.Equal(t, f, list[0].Filter)
	list, err = b.SavedFilters(b.ctx, b.as("banzhang"))
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = b.SaveFilter(b.ctx, office, "给别人", f, tickets.Admin)
	require.ErrorIs(t, err, directory.ErrInvalid)
	require.ErrorIs(t, b.DeleteFilter(b.ctx, b.as("banzhang"), kept.ID), service.ErrNotFound)
	require.NoError(t, b.DeleteFilter(b.ctx, office, kept.ID))
}

// shelf keeps the files of exports in memory; while held, a write waits.
type shelf struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (s *shelf) Put(_ context.Context, key string, body io.Reader, _ int64) (int64, error) {
	raw, err := io.ReadAll(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[key] = raw
	return int64(len(raw)), err
}

func (s *shelf) Open(_ context.Context, key string) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return io.NopCloser(bytes.NewReader(s.kept[key])), nil
}

func (s *shelf) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, key)
	return nil
}

func (s *shelf) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.kept)
}

func (b *bundle) exported(account, id string) service.Export {
	b.t.Helper()
	list, err := b.Exports(b.ctx, b.as(account))
	require.NoError(b.t, err)
	for _, e := range list {
		if e.ID == id {
			return e
		}
	}
	b.t.Fatalf("no export %s", id)
	return service.Export{}
}

func TestAnExportIsWrittenInTheBackgroundMaskedAndWithoutFormulas(t *testing.T) {
	b := setup(t)
	b.letter("=HYPERLINK(\"http://evil\")", "@停水了,-1,电话请打。", "13800005678")
	b.letter("+停水", "小区停水。", "13800005678")
	files := &shelf{kept: map[string][]byte{}}
	x := service.NewExporter(b.Service, files, slog.New(slog.DiscardHandler))
	require.NoError(t, x.Start(b.ctx))
	t.Cleanup(x.Stop)
	e, err := b.RequestExport(b.ctx, b.as("rexianban"), service.SearchFilter{Query: "停水"}, "停水")
	require.NoError(t, err)
	require.Eventually(t, func() bool { return b.exported("rexianban", e.ID).State == service.ExportDone }, 20*time.Second, 50*time.Millisecond)
	done := b.exported("rexianban", e.ID)
	require.Equal(t, 2, done.Written)
	key, name, size, err := b.ExportFile(b.ctx, b.as("rexianban"), e.ID)
	require.NoError(t, err)
	require.Equal(t, "工单-20261124-1002.xlsx", name)
	require.Equal(t, done.Size, size)
	_, _, _, err = b.ExportFile(b.ctx, b.as("banzhang"), e.ID)
	require.ErrorIs(t, err, service.ErrNotFound)
	body, err := files.Open(b.ctx, key)
	require.NoError(t, err)
	book, err := excelize.OpenReader(body)
	require.NoError(t, err)
	rows, err := book.GetRows("工单")
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, "'+停水", rows[1][1])
	require.Equal(t, "'=HYPERLINK(\"http://evil\")", rows[2][1])
	require.Equal(t, "138****5678", rows[1][8])
	for _, row := range rows {
		for _, text := range row {
			require.NotContains(t, text, "13800005678")
			require.NotContains(t, "=+-@", (text + " ")[:1])
		}
	}
	log, err := b.AuditLog(b.ctx, b.as("admin"), service.AuditFilter{Act: "ticket.export"})
	require.NoError(t, err)
	require.Len(t, log.Items, 1)

	b.clock = b.clock.Add(service.ExportKept + time.Minute)
	require.NoError(t, x.Sweep(b.ctx))
	require.Zero(t, files.size())
	_, _, _, err = b.ExportFile(b.ctx, b.as("rexianban"), e.ID)
	require.ErrorIs(t, err, service.ErrNotFound)
}

func TestAnExportThatWaitsIsCancelledByItsOwnerAlone(t *testing.T) {
	b := setup(t)
	_, err := b.RequestExport(b.ctx, b.as("8001"), service.SearchFilter{}, "")
	require.ErrorIs(t, err, service.ErrForbidden)
	e, err := b.RequestExport(b.ctx, b.as("rexianban"), service.SearchFilter{}, "全部")
	require.NoError(t, err)
	require.ErrorIs(t, b.CancelExport(b.ctx, b.as("banzhang"), e.ID), service.ErrNotFound)
	require.NoError(t, b.CancelExport(b.ctx, b.as("rexianban"), e.ID))
	require.ErrorIs(t, b.CancelExport(b.ctx, b.as("rexianban"), e.ID), service.ErrNotFound)
	for range 3 {
		_, err = b.RequestExport(b.ctx, b.as("rexianban"), service.SearchFilter{}, "全部")
		require.NoError(t, err)
	}
	_, err = b.RequestExport(b.ctx, b.as("rexianban"), service.SearchFilter{}, "全部")
	require.ErrorIs(t, err, service.ErrTooManyExports)
}

func TestTheWriterOfAnExportHearsThatItWasCancelled(t *testing.T) {
	b := setup(t)
	e, err := b.RequestExport(b.ctx, b.as("rexianban"), service.SearchFilter{}, "全部")
	require.NoError(t, err)
	claimed, err := b.store.ClaimExport(b.ctx, b.clock, b.clock.Add(-time.Minute))
	require.NoError(t, err)
	require.Equal(t, e.ID, claimed.ID)
	_, err = b.store.ClaimExport(b.ctx, b.clock, b.clock.Add(-time.Minute))
	require.ErrorIs(t, err, service.ErrNotFound, "somebody writes it")
	going, err := b.store.BeatExport(b.ctx, e.ID, 10, 20, b.clock)
	require.NoError(t, err)
	require.True(t, going)
	require.Equal(t, [2]int{20, 20}, [2]int{b.exported("rexianban", e.ID).Total, b.exported("rexianban", e.ID).Written})
	again, err := b.store.ClaimExport(b.ctx, b.clock.Add(time.Hour), b.clock.Add(time.Minute))
	require.NoError(t, err, "its writer fell silent")
	require.Equal(t, e.ID, again.ID)
	require.NoError(t, b.CancelExport(b.ctx, b.as("rexianban"), e.ID))
	going, err = b.store.BeatExport(b.ctx, e.ID, 10, 20, b.clock)
	require.NoError(t, err)
	require.False(t, going)
}
