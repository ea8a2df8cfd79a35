package web

import (
	"context"
	"net/http"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// suggestRoutes registers the suggestion of units and classes.
func (s *Server) suggestRoutes() {
	type suggestInput struct {
		Ticket string `query:"ticket" maxLength:"64"`
		Text   string `query:"text" maxLength:"2000" doc:"Being typed, in place of a ticket"`
	}
	route(s, operation("suggest", http.MethodGet, "/suggest", directory.TicketAct, "Unit and class guessed from the text, with the words that spoke for them and similar tickets"),
		func(ctx context.Context, who Identity, in *suggestInput) (service.Suggestions, error) {
			return s.desk.Suggest(ctx, who, in.Ticket, in.Text)
		})
}
