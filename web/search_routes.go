package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

type searchInput struct {
	PageInput
	service.SearchFilter
}

func (s *Server) searchRoutes() {
	list := directory.TicketList
	route(s, operation("search-tickets", http.MethodGet, "/tickets/search", list, "Search everything one may see, newest first; words of two letters and more"),
		func(ctx context.Context, who Identity, in *searchInput) (service.SearchPage, error) {
			return s.desk.SearchTickets(ctx, who, in.SearchFilter, in.paging())
		})
	route(s, operation("sum-up-tickets", http.MethodGet, "/tickets/search/statistics", list, "Statistics of what a search finds"),
		func(ctx context.Context, who Identity, in *struct{ service.SearchFilter }) (service.Statistics, error) {
			return s.desk.SearchStatistics(ctx, who, in.SearchFilter)
		})
	s.filterRoutes()
	s.exportRoutes()
}

func (s *Server) filterRoutes() {
	route(s, operation("list-filters", http.MethodGet, "/filters", directory.TicketList, "Saved filters: own ones, and those shared with one's roles"),
		func(ctx context.Context, who Identity, _ *none) (list[service.SavedFilter], error) {
			items, err := s.desk.SavedFilters(ctx, who)
			return listOf(items), err
		})
	type saveInput struct {
		Body struct {
			Name   string               `json:"name" minLength:"1" maxLength:"40"`
			Filter service.SearchFilter `json:"filter"`
			Shared tickets.Role         `json:"shared,omitempty" maxLength:"32" doc:"Role of one's own that it is shown to as well"`
		}
	}
	route(s, operation("save-filter", http.MethodPut, "/filters", directory.TicketList, "Keep a filter under a name; the same name replaces"),
		func(ctx context.Context, who Identity, in *saveInput) (service.SavedFilter, error) {
			return s.desk.SaveFilter(ctx, who, in.Body.Name, in.Body.Filter, in.Body.Shared)
		})
	routeDone(s, operation("delete-filter", http.MethodDelete, "/filters/{id}", directory.TicketList, "Remove a filter of one's own"),
		func(ctx context.Context, who Identity, in *IDInput) error {
			return s.desk.DeleteFilter(ctx, who, in.ID)
		})
}

func (s *Server) exportRoutes() {
	route(s, operation("list-exports", http.MethodGet, "/exports", directory.ExportLists, "Own exports with their progress, newest first"),
		func(ctx context.Context, who Identity, _ *none) (list[service.Export], error) {
			items, err := s.desk.Exports(ctx, who)
			return listOf(items), err
		})
	type exportInput struct {
		Body struct {
			Filter service.SearchFilter `json:"filter"`
			Label  string               `json:"label,omitempty" maxLength:"200" doc:"What is exported, in words"`
		}
	}
	create := operation("create-export", http.MethodPost, "/exports", directory.ExportLists, "Write what a search finds into an Excel file, in the background")
	create.DefaultStatus = http.StatusAccepted
	route(s, create, func(ctx context.Context, who Identity, in *exportInput) (service.Export, error) {
		return s.desk.RequestExport(ctx, who, in.Body.Filter, in.Body.Label)
	})
	routeDone(s, operation("cancel-export", http.MethodDelete, "/exports/{id}", directory.ExportLists, "Cancel an export that waits or runs"),
		func(ctx context.Context, who Identity, in *IDInput) error {
			return s.desk.CancelExport(ctx, who, in.ID)
		})
}

// exportFileRoute registers the download of an export.
func (s *Server) exportFileRoute(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/exports/{id}/file", s.serveExport)
	s.document(operation("get-export-file", http.MethodGet, "/exports/{id}/file", directory.ExportLists, "The Excel file of an export, kept for a day"),
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", pathParam("id"))
}

func (s *Server) serveExport(w http.ResponseWriter, r *http.Request) {
	who, ok := allowed(w, r, directory.ExportLists)
	if !ok {
		return
	}
	key, name, size, err := s.desk.ExportFile(r.Context(), who, r.PathValue("id"))
	if err != nil {
		writeFailure(w, "export", err)
		return
	}
	body, err := s.files.Read(r.Context(), key, 0)
	if err != nil {
		writeFailure(w, "export", fmt.Errorf("%w: %w", service.ErrNotFound, err))
		return
	}
	defer func() { _ = body.Close() }()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(fileDeadline))
	h := w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, body); err != nil {
		slog.Debug("export not sent", "export", r.PathValue("id"), "error", err)
	}
}
