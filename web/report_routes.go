package web

import (
	"context"
	"net/http"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// reportRoutes registers the reports.
func (s *Server) reportRoutes() {
	type dayInput struct {
		Day string `query:"day" maxLength:"10" doc:"2006-01-02; left out: today"`
	}
	route(s, operation("get-daily-report", http.MethodGet, "/reports/daily", directory.ReportsRead, "日报: calls, rates and tickets of a day, each figure with its list"),
		func(ctx context.Context, who Identity, in *dayInput) (service.DailyReport, error) {
			return s.desk.Daily(ctx, who, in.Day)
		})
}
