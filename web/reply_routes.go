package web

import (
	"context"
	"net/http"

	"github.com/open12345/hotline/configs/replies"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// replyTemplate is a template under a name of its own in the description.
type replyTemplate replies.Template

// replyRoutes registers what helps a unit to answer and to stand in.
func (s *Server) replyRoutes() {
	route(s, operation("list-reply-templates", http.MethodGet, "/reply-templates", directory.TicketAct, "答复模板: texts that a reply often begins with"),
		func(context.Context, Identity, *none) (list[replyTemplate], error) {
			shipped, err := replies.Templates()
			items := make([]replyTemplate, len(shipped))
			for i, t := range shipped {
				items[i] = replyTemplate(t)
			}
			return listOf(items), err
		})
	route(s, operation("list-unit-clerks", http.MethodGet, "/department/clerks", directory.TicketAct, "Clerks of the leader's unit, who can stand in for him"),
		func(ctx context.Context, who Identity, _ *none) (list[service.Clerk], error) {
			items, err := s.desk.Clerks(ctx, who)
			return listOf(items), err
		})
}
