package web

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets"
)

const permissionKey = "permission"

// public marks an operation that needs no sign-in, signedInOnly one that needs nothing more.
const (
	public       Permission = "public"
	signedInOnly Permission = "signed_in"
)

func init() {
	// A list is never null: handlers answer with empty ones.
	huma.DefaultArrayNullable = false
}

func apiConfig(version string) huma.Config {
	cfg := huma.DefaultConfig("12345 hotline", version)
	cfg.Info.Description = "Calls, tickets and administration of a 12345 government hotline. Errors are RFC 9457 problems with a stable `code`."
	cfg.OpenAPIPath = "/openapi"
	cfg.DocsPath = "" // the viewer is part of our own pages: huma's loads from the web
	cfg.SchemasPath = ""
	cfg.CreateHooks = nil // no $schema links in answers
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "hotline_session"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	return cfg
}

// schemaName is the type's own name, but for a unit's contact with a citizen: the directory's
// contacts are outside numbers.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[tickets.Contact]() {
		return "LegContact"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// operation declares a route with the permission it takes.
func operation(id, method, path string, need Permission, summary string) huma.Operation {
	op := huma.Operation{
		OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary,
		Metadata: map[string]any{permissionKey: need}, MaxBodyBytes: 256 << 10,
		Responses: map[string]*huma.Response{"default": problemResponse()},
		Errors:    []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}
	if need != public {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	}
	return op
}

// problemResponse is the answer of every operation that fails in a way not named apart.
func problemResponse() *huma.Response {
	return &huma.Response{Description: "Problem", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}},
	}}
}

// document adds a route that answers with a file to the description of the API.
func (s *Server) document(op huma.Operation, contentType string, parameters ...*huma.Param) {
	op.Parameters = parameters
	op.Responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		contentType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	s.api.OpenAPI().AddOperation(&op)
}

// pathParam describes a part of a path.
func pathParam(name string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
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
	ctx.SetHeader("Content-Type", "application/problem+json") // SetStatus sends the headers
	ctx.SetStatus(p.Status)
	_ = s.api.Marshal(ctx.BodyWriter(), "application/json", p)
}
