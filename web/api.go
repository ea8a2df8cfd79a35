package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

const permissionKey = "permission"

// public marks an operation that needs no sign-in, signedInOnly one that needs nothing more.
const (
	public       Permission = "public"
	signedInOnly Permission = "signed_in"
)

func apiConfig(version string) huma.Config {
	cfg := huma.DefaultConfig("12345 hotline", version)
	cfg.Info.Description = "Calls, tickets and administration of a 12345 government hotline. Errors are RFC 9457 problems with a stable `code`."
	cfg.OpenAPIPath = "/openapi"
	cfg.DocsPath = "" // the viewer is part of our own pages: huma's loads from the web
	cfg.SchemasPath = ""
	cfg.CreateHooks = nil // no $schema links in answers
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "hotline_session"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	return cfg
}

// operation declares a route with the permission it takes.
func operation(id, method, path string, need Permission, summary string) huma.Operation {
	op := huma.Operation{
		OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary,
		Metadata: map[string]any{permissionKey: need}, MaxBodyBytes: 256 << 10,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	}
	if need != public {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	return op
}

// authorise is the one place where a route's permission is checked.
func (s *Server) authorise(ctx huma.Context, next func(huma.Context)) {
	need, _ := ctx.Operation().Metadata[permissionKey].(Permission)
	if need == public {
		next(ctx)
		return
	}
	id, ok := IdentityOf(ctx.Context())
	switch {
	case !ok:
		s.refuse(ctx, problem(http.StatusUnauthorized, "not_signed_in", "sign in first"))
	case need == "" || need != signedInOnly && !id.Can(need):
		s.refuse(ctx, problem(http.StatusForbidden, "forbidden", "this role may not do that"))
	default:
		next(ctx)
	}
}

func (s *Server) refuse(ctx huma.Context, p *Problem) {
	ctx.SetStatus(p.Status)
	ctx.SetHeader("Content-Type", "application/problem+json")
	_ = s.api.Marshal(ctx.BodyWriter(), "application/json", p)
}
