package web

import (
	"context"
	"net/http"
	"time"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

type auditInput struct {
	PageInput
	Actor  string    `query:"actor" maxLength:"64"`
	Act    string    `query:"act" maxLength:"64"`
	Object string    `query:"object" maxLength:"100"`
	From   time.Time `query:"from"`
	To     time.Time `query:"to"`
}

func (s *Server) adminRoutes() {
	route(s, operation("list-audit", http.MethodGet, "/admin/audit", directory.AdminAudit, "Audit log, newest first"),
		func(ctx context.Context, who Identity, in *auditInput) (service.Page[service.AuditEntry], error) {
			return s.desk.AuditLog(ctx, who, service.AuditFilter{
				Paging: in.paging(), Actor: in.Actor, Act: in.Act, Object: in.Object, From: in.From, To: in.To,
			})
		})
	route(s, operation("get-health", http.MethodGet, "/admin/health", directory.AdminHealth, "State of each part"),
		func(ctx context.Context, _ Identity, _ *none) (readiness, error) {
			parts, serving := s.health.Parts(ctx)
			answer := readiness{Status: "ok", Parts: parts}
			for _, p := range parts {
				if !p.OK || !serving {
					answer.Status = "degraded"
				}
			}
			return answer, nil
		})
	s.accountRoutes()
	s.houseRoutes()
	if s.menus != nil {
		s.menuRoutes()
	}
	if s.prompts != nil {
		s.promptRoutes()
	}
}
