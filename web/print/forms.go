package print

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

//go:embed forms/*.html
var files embed.FS

// Form is a paper that can be printed of a ticket.
type Form string

// Forms.
const (
	Intake      Form = "intake"      // 受理单
	DispatchOf  Form = "dispatch"    // 派单
	Supervision Form = "supervision" // 督办单
	Flow        Form = "flow"        // 流转明细
)

// Forms lists the papers with their titles.
var Forms = []tickets.Term{
	{Code: string(Intake), Label: "受理单"}, {Code: string(DispatchOf), Label: "派单"}, {Code: string(Supervision), Label: "督办单"},
	{Code: string(Flow), Label: "流转明细"},
}

// Known tells whether the form is there.
func Known(f Form) bool { return tickets.Label(Forms, string(f)) != string(f) }

// ErrNoForm is a form that isn't there.
var ErrNoForm = errors.New("no such form")

// Paper is what is printed on one or more sheets.
type Paper struct {
	service.Printout
	Form  Form
	Title string
}

// House is what stands on every paper.
type House struct {
	Name string // of the hotline
	Zone *time.Location
}

// Page makes one HTML page of the papers, each beginning on a new sheet. ErrNoForm.
func (h House) Page(form Form, outs []service.Printout) ([]byte, error) {
	title := tickets.Label(Forms, string(form))
	if !Known(form) {
		return nil, fmt.Errorf("%w: %q", ErrNoForm, form)
	}
	t, err := template.New("page.html").Funcs(h.functions()).ParseFS(files, "forms/*.html")
	if err != nil {
		return nil, fmt.Errorf("read forms: %w", err)
	}
	papers := make([]Paper, len(outs))
	for i, out := range outs {
		papers[i] = Paper{Printout: out, Form: form, Title: title}
	}
	var page bytes.Buffer
	err = t.ExecuteTemplate(&page, "page.html", map[string]any{"House": h.Name, "Papers": papers})
	if err != nil {
		return nil, fmt.Errorf("fill form %s: %w", form, err)
	}
	return page.Bytes(), nil
}

func (h House) functions() template.FuncMap {
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	return template.FuncMap{
		"time": func(t time.Time) string {
			if t.IsZero() {
				return ""
			}
			return t.In(zone).Format("2006-01-02 15:04")
		},
		"number": func(n string) string {
			if len(n) != 12 {
				return n
			}
			return n[:6] + " " + n[6:11] + " " + n[11:]
		},
		"type":    func(c tickets.Type) string { return tickets.Label(tickets.Types, string(c)) },
		"urgency": func(c tickets.Urgency) string { return tickets.Label(tickets.Urgencies, string(c)) },
		"source":  func(c tickets.Source) string { return tickets.Label(tickets.Sources, string(c)) },
		"role":    func(c tickets.LegRole) string { return tickets.Label(tickets.LegRoles, string(c)) },
		"solved":  func(c tickets.Solved) string { return tickets.Label(tickets.SolvedTerms, string(c)) },
		"join":    func(list []string) string { return strings.Join(list, " / ") },
		"yes": func(b bool) string {
			if b {
				return "是"
			}
			return "否"
		},
	}
}
