package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/open12345/hotline/tickets"
)

// errCancelled is an export that its owner cancelled while it was written.
var errCancelled = errors.New("export cancelled")

// exportColumns are the columns of the file: heading, width in letters and value. What a role may
// not see in a list is not in the file either.
var exportColumns = []struct {
	heading string
	width   float64
	value   func(*Service, SearchRow, FoundTicket) string
}{
	{"工单编号", 15, func(_ *Service, r SearchRow, _ FoundTicket) string { return r.Number }},
	{"标题", 36, func(_ *Service, r SearchRow, _ FoundTicket) string { return r.Title }},
	{"诉求类型", 9, func(_ *Service, r SearchRow, _ FoundTicket) string {
		return tickets.Label(tickets.Types, string(r.Type))
	}},
	{"紧急程度", 9, func(_ *Service, r SearchRow, _ FoundTicket) string {
		return tickets.Label(tickets.Urgencies, string(r.Urgency))
	}},
	{"受理渠道", 9, func(_ *Service, r SearchRow, _ FoundTicket) string {
		return tickets.Label(tickets.Sources, string(r.Source))
	}},
	{"问题分类", 28, func(_ *Service, r SearchRow, _ FoundTicket) string { return strings.Join(r.ClassPath, "/") }},
	{"事发地", 24, func(_ *Service, r SearchRow, _ FoundTicket) string { return r.Place }},
	{"诉求人", 9, func(_ *Service, r SearchRow, _ FoundTicket) string { return r.CallerName }},
	{"联系电话", 14, func(_ *Service, r SearchRow, _ FoundTicket) string { return r.PhoneMasked }},
	{"主要内容", 60, func(_ *Service, _ SearchRow, t FoundTicket) string { return t.Content }},
	{"状态", 9, func(_ *Service, r SearchRow, _ FoundTicket) string { return r.StateLabel }},
	{"主办单位", 20, func(_ *Service, r SearchRow, _ FoundTicket) string {
		if r.Unit == nil {
			return ""
		}
		return r.Unit.Name
	}},
	{"受理时间", 17, func(s *Service, r SearchRow, _ FoundTicket) string { return s.localTime(r.SubmittedAt) }},
	{"办理期限", 17, func(s *Service, r SearchRow, _ FoundTicket) string { return s.localTime(r.DueAt) }},
	{"办结时间", 17, func(s *Service, r SearchRow, _ FoundTicket) string { return s.localTime(r.ClosedAt) }},
	{"办结结果", 9, func(_ *Service, r SearchRow, _ FoundTicket) string {
		return tickets.Label(tickets.Results, string(r.Result))
	}},
	{"轮次", 6, func(_ *Service, r SearchRow, _ FoundTicket) string { return number(r.Round) }},
	{"催办", 6, func(_ *Service, r SearchRow, _ FoundTicket) string { return number(r.Urges) }},
	{"标记", 20, func(_ *Service, r SearchRow, _ FoundTicket) string { return flagNames(r.Flags) }},
	{"公开答复", 60, func(_ *Service, _ SearchRow, t FoundTicket) string {
		if t.PublicReply != "" {
			return t.PublicReply
		}
		return t.Answer
	}},
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// SearchFlags lists the flags with their labels.
var SearchFlags = []tickets.Term{
	{Code: FlagSupervised, Label: "督办"}, {Code: FlagHard, Label: "疑难"}, {Code: FlagRework, Label: "重办"}, {Code: FlagSecret, Label: "保密"},
	{Code: FlagUnreasonable, Label: "不合理诉求"}, {Code: FlagOverdue, Label: "超期"}, {Code: FlagReturned, Label: "退过单"}, {Code: FlagUrged, Label: "催办过"},
}

func flagNames(flags []string) string {
	names := make([]string, len(flags))
	for i, f := range flags {
		names[i] = tickets.Label(SearchFlags, f)
	}
	return strings.Join(names, " ")
}

func (s *Service) localTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(s.zone).Format("2006-01-02 15:04")
}

// cell is a text as it goes into a sheet: a spreadsheet must not take it for a formula, also
// when it is saved as CSV and opened again, and holds no more than 32,767 letters in one.
func cell(text string) string {
	if letters := []rune(text); len(letters) > excelize.TotalCellChars-1 {
		text = string(letters[:excelize.TotalCellChars-2]) + "…"
	}
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// write streams the export's rows into its file. errCancelled.
func (x *Exporter) write(ctx context.Context, e *Export) error {
	who, err := x.desk.Identity(ctx, e.Account)
	if err != nil {
		return fmt.Errorf("whose export it is: %w", err)
	}
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // removes its temporary files
	const sheet = "工单"
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	stream, err := book.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	if err := heading(book, stream); err != nil {
		return fmt.Errorf("write the heading: %w", err)
	}
	if err := x.rows(ctx, who, e, stream); err != nil {
		return err
	}
	if err := stream.Flush(); err != nil {
		return fmt.Errorf("end the sheet: %w", err)
	}
	reader, writer := io.Pipe()
	var zipping sync.WaitGroup
	zipping.Go(func() { // ends with the write, or when the reader is closed
		_, err := book.WriteTo(writer)
		writer.CloseWithError(err)
	})
	e.Size, err = x.files.Put(ctx, exportKey(e.ID), reader, exportBytes)
	reader.CloseWithError(io.ErrClosedPipe)
	zipping.Wait()
	if err != nil {
		return fmt.Errorf("keep the file: %w", err)
	}
	return nil
}

func heading(book *excelize.File, stream *excelize.StreamWriter) error {
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	row := make([]any, len(exportColumns))
	for i, c := range exportColumns {
		if err := stream.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		row[i] = excelize.Cell{StyleID: bold, Value: c.heading}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return stream.SetRow("A1", row)
}

// rows writes page after page; the asker's rights are those of now.
func (x *Exporter) rows(ctx context.Context, who Identity, e *Export, stream *excelize.StreamWriter) error {
	place, q, err := x.desk.searchQuery(ctx, who, e.Filter)
	if err != nil {
		return err
	}
	q.Whole = exportPage
	var beat time.Time
	for {
		found, next, err := x.desk.store.SearchTickets(ctx, q)
		if err != nil {
			return fmt.Errorf("read a page: %w", err)
		}
		for _, t := range found {
			row := make([]any, len(exportColumns))
			shown := x.desk.searchRow(who, place, t, nil)
			for i, c := range exportColumns {
				row[i] = cell(c.value(x.desk, shown, t))
			}
			e.Written++
			if err := stream.SetRow(fmt.Sprintf("A%d", e.Written+1), row); err != nil {
				return fmt.Errorf("write row %d: %w", e.Written, err)
			}
		}
		if next == "" || e.Written >= exportMost {
			return nil
		}
		q.Cursor = next
		if time.Since(beat) >= exportBeat {
			beat = time.Now()
			going, err := x.desk.store.BeatExport(ctx, e.ID, e.Total, e.Written, beat.UTC())
			if err != nil {
				return fmt.Errorf("note the progress: %w", err)
			}
			if !going {
				return errCancelled
			}
		}
	}
}
