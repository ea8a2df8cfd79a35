package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/web/print"
)

// printDeadline is how long a batch may take to be set and sent.
const printDeadline = time.Minute

// printRoutes registers the papers of tickets.
func (s *Server) printRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/tickets/{id}/print/{file}", func(w http.ResponseWriter, r *http.Request) {
		s.servePrint(w, r, []string{r.PathValue("id")})
	})
	one := operation("print-ticket", http.MethodGet, "/tickets/{id}/print/{file}", directory.TicketList,
		"A paper of a ticket as PDF: intake.pdf 受理单, dispatch.pdf 派单, supervision.pdf 督办单, flow.pdf 流转明细")
	s.document(one, "application/pdf", pathParam("id"), pathParam("file"))
	mux.HandleFunc("GET /api/v1/print/{file}", func(w http.ResponseWriter, r *http.Request) {
		s.servePrint(w, r, strings.Split(r.URL.Query().Get("ids"), ","))
	})
	many := operation("print-tickets", http.MethodGet, "/print/{file}", directory.TicketList, "Papers of many tickets in one PDF, each on a new sheet")
	ids := &huma.Param{Name: "ids", In: "query", Required: true, Description: "Ids or numbers, separated by commas", Schema: &huma.Schema{Type: huma.TypeString}}
	s.document(many, "application/pdf", pathParam("file"), ids)
}

// servePrint prints a form of the tickets.
func (s *Server) servePrint(w http.ResponseWriter, r *http.Request, ids []string) {
	who, ok := IdentityOf(r.Context())
	switch {
	case !ok:
		writeProblem(w, problem(http.StatusUnauthorized, "not_signed_in", "sign in first"))
		return
	case !who.Can(directory.TicketList):
		writeProblem(w, problem(http.StatusForbidden, "forbidden", "this role may not do that"))
		return
	}
	form, ok := strings.CutSuffix(r.PathValue("file"), ".pdf")
	if !ok {
		writeProblem(w, problem(http.StatusNotFound, "not_found", "papers are named like intake.pdf"))
		return
	}
	pdf, err := s.printed(r, who, print.Form(form), ids)
	if err != nil {
		var p *Problem
		if !errors.As(failed("print", err), &p) {
			p = problem(http.StatusInternalServerError, "internal", "the paper could not be printed")
		}
		writeProblem(w, p)
		return
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(printDeadline))
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", form+".pdf"))
	w.Header().Set("Cache-Control", "no-store")
	if _, err := w.Write(pdf); err != nil {
		slog.Debug("paper not sent", "form", form, "err", err)
	}
}

func (s *Server) printed(r *http.Request, who Identity, form print.Form, ids []string) ([]byte, error) {
	if s.printer == nil {
		return nil, problem(http.StatusServiceUnavailable, "no_printer", "没有安装打印组件（Chromium），请联系系统管理员")
	}
	if !print.Known(form) {
		return nil, problem(http.StatusNotFound, "not_found", "no such form")
	}
	outs, err := s.desk.Printouts(r.Context(), who, string(form), ids)
	if err != nil {
		return nil, err
	}
	page, err := print.House{Name: "12345 政务服务便民热线", Zone: s.cfg.Timezone}.Page(form, outs)
	if err != nil {
		return nil, err
	}
	pdf, err := s.printer.PDF(r.Context(), page)
	if err != nil {
		slog.Error("paper not printed", "form", string(form), "tickets", len(ids), "err", err)
		return nil, problem(http.StatusServiceUnavailable, "print_failed", "打印失败，请稍后再试")
	}
	return pdf, nil
}
