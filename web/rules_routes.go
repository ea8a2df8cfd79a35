package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// sheetType is an Excel file's.
const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// rulesRoutes registers the city's rules: policy, calendar, dispatch catalogue, triage. Each
// change has a preview that says what it will do.
func (s *Server) rulesRoutes() {
	s.policyRoutes()
	s.calendarRoutes()
	s.catalogueRoutes()
	s.triageRoutes()
	route(s, operation("list-recompute-runs", http.MethodGet, "/rules/runs", directory.RulesRead, "Moves of deadlines after changes of policy or calendar, with progress"),
		func(ctx context.Context, who Identity, _ *none) (list[service.RecomputeRun], error) {
			items, err := s.desk.RecomputeRuns(ctx, who)
			return listOf(items), err
		})
}

// faulty turns the faults of a rule into a problem that lists them.
func faulty(err error) error {
	var faults service.RuleFaults
	if !errors.As(err, &faults) {
		if errors.Is(err, service.ErrBadSheet) {
			return problem(http.StatusUnprocessableEntity, "bad_sheet", err.Error())
		}
		return err
	}
	p := problem(http.StatusUnprocessableEntity, "faulty_rule", faults.Error())
	for _, f := range faults {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Message: f.Text, Location: fmt.Sprintf("%d %s", f.Row, f.Column), Value: f.Value})
	}
	return p
}

func (s *Server) policyRoutes() {
	route(s, operation("get-policy", http.MethodGet, "/policy", directory.RulesRead, "The policy of time limits in force, its versions, the shipped ones"),
		func(ctx context.Context, who Identity, _ *none) (service.PolicyView, error) {
			return s.desk.Policy(ctx, who)
		})
	type versionInput struct {
		N int `path:"n" minimum:"1"`
	}
	route(s, operation("get-policy-version", http.MethodGet, "/policy/versions/{n}", directory.RulesRead, "An earlier policy with its file"),
		func(ctx context.Context, who Identity, in *versionInput) (service.PolicyRow, error) {
			return s.desk.PolicyVersion(ctx, who, in.N)
		})
	type previewInput struct {
		Body struct {
			Content string `json:"content" maxLength:"100000"`
		}
	}
	route(s, operation("preview-policy", http.MethodPost, "/policy/preview", directory.AdminRules, "What a policy file would do: faults by line, or changes and moved deadlines"),
		func(ctx context.Context, who Identity, in *previewInput) (service.PolicyPreview, error) {
			return s.desk.PreviewPolicy(ctx, who, in.Body.Content)
		})
	type applyInput struct {
		Body struct {
			Base    int    `json:"base" minimum:"0" doc:"Version that the asker saw"`
			Content string `json:"content" maxLength:"100000"`
			Note    string `json:"note,omitempty" maxLength:"200"`
		}
	}
	route(s, operation("apply-policy", http.MethodPut, "/policy", directory.AdminRules, "Put a policy file in force; deadlines of open legs move"),
		func(ctx context.Context, who Identity, in *applyInput) (service.PolicyView, error) {
			view, err := s.desk.ApplyPolicy(ctx, who, in.Body.Base, in.Body.Content, in.Body.Note)
			return view, faulty(err)
		})
}

func (s *Server) calendarRoutes() {
	type yearInput struct {
		Year int `query:"year" minimum:"0" maximum:"2100" doc:"Left out: this year"`
	}
	route(s, operation("get-calendar", http.MethodGet, "/calendar", directory.RulesRead, "A year of the working-day calendar, and years whose notice is missing"),
		func(ctx context.Context, who Identity, in *yearInput) (service.CalendarView, error) {
			return s.desk.Calendar(ctx, who, in.Year)
		})
	type noticeInput struct{ Body calendar.Year }
	route(s, operation("preview-calendar", http.MethodPost, "/calendar/preview", directory.AdminRules, "What a year's notice would do"),
		func(ctx context.Context, who Identity, in *noticeInput) (service.CalendarPreview, error) {
			return s.desk.PreviewYear(ctx, who, in.Body)
		})
	route(s, operation("apply-calendar", http.MethodPut, "/calendar", directory.AdminRules, "Enter a year's notice; deadlines of open legs move"),
		func(ctx context.Context, who Identity, in *noticeInput) (service.CalendarView, error) {
			view, err := s.desk.ApplyYear(ctx, who, in.Body)
			return view, faulty(err)
		})
}

func (s *Server) catalogueRoutes() {
	type filterInput struct {
		Class   string `query:"class" maxLength:"64" doc:"And those below it"`
		Area    string `query:"area" maxLength:"64" doc:"And those below it"`
		Unit    string `query:"unit" maxLength:"64" doc:"As lead or assist"`
		Q       string `query:"q" maxLength:"100"`
		Valid   bool   `query:"valid" doc:"In force today only"`
		Version int    `query:"version" minimum:"0" doc:"Left out: the newest"`
	}
	route(s, operation("get-catalogue", http.MethodGet, "/catalogue", directory.RulesRead, "The dispatch catalogue 派单目录: class × area → lead and assists; 1,000 rows at most"),
		func(ctx context.Context, who Identity, in *filterInput) (service.CataloguePage, error) {
			return s.desk.Catalogue(ctx, who, service.CatalogueFilter{Class: in.Class, Area: in.Area, Unit: in.Unit, Query: in.Q, Valid: in.Valid, Version: in.Version})
		})
	route(s, operation("list-catalogue-versions", http.MethodGet, "/catalogue/versions", directory.RulesRead, "Changes of the dispatch catalogue, newest first"),
		func(ctx context.Context, who Identity, _ *none) (list[service.CatalogueVersion], error) {
			items, err := s.desk.CatalogueVersions(ctx, who)
			return listOf(items), err
		})
	type changeInput struct{ Body service.CatalogueChange }
	route(s, operation("preview-catalogue", http.MethodPost, "/catalogue/preview", directory.AdminRules, "What a change of the catalogue would do to waiting tickets"),
		func(ctx context.Context, who Identity, in *changeInput) (service.CataloguePreview, error) {
			return s.desk.PreviewCatalogue(ctx, who, in.Body)
		})
	route(s, operation("change-catalogue", http.MethodPost, "/catalogue", directory.AdminRules, "Add, replace and remove rows as one new version"),
		func(ctx context.Context, who Identity, in *changeInput) (service.CatalogueVersion, error) {
			v, err := s.desk.ChangeCatalogue(ctx, who, in.Body)
			return v, faulty(err)
		})
	type restoreInput struct {
		N    int  `path:"n" minimum:"1"`
		Base int  `query:"base" minimum:"0" doc:"Version that the asker saw"`
		Dry  bool `query:"dry" doc:"Only say what it would do"`
	}
	type restored struct {
		Preview *service.CataloguePreview `json:"preview,omitempty"`
		Version *service.CatalogueVersion `json:"version,omitempty"`
	}
	route(s, operation("restore-catalogue", http.MethodPost, "/catalogue/versions/{n}/restore", directory.AdminRules, "Go back to an earlier version, as a new one"),
		func(ctx context.Context, who Identity, in *restoreInput) (restored, error) {
			if in.Dry {
				p, err := s.desk.PreviewRestore(ctx, who, in.N)
				return restored{Preview: &p}, err
			}
			v, err := s.desk.RestoreCatalogue(ctx, who, in.Base, in.N)
			return restored{Version: &v}, err
		})
	type importInput struct {
		Mode    string `query:"mode" enum:"check,all,good" default:"check" doc:"A dry run, everything or nothing, the rows without fault"`
		Replace bool   `query:"replace" doc:"Rows that are not in the file go"`
		Base    int    `query:"base" minimum:"0" doc:"Version that the asker saw"`
		Note    string `query:"note" maxLength:"200"`
		RawBody huma.MultipartFormFiles[struct {
			File huma.FormFile `form:"file" required:"true"`
		}]
	}
	imports := operation("import-catalogue", http.MethodPost, "/catalogue/import", directory.AdminRules, "Read an Excel file into the catalogue, or say what it would do and what is wrong with each row")
	imports.MaxBodyBytes = service.MaxImportBytes
	route(s, imports, func(ctx context.Context, who Identity, in *importInput) (service.ImportReport, error) {
		report, err := s.desk.ImportCatalogue(ctx, who, in.RawBody.Data().File, service.ImportRequest{
			Base: in.Base, Mode: service.ImportMode(in.Mode), Replace: in.Replace, Note: in.Note,
		})
		return report, faulty(err)
	})
}

// catalogueFile registers the catalogue as an Excel file.
func (s *Server) catalogueFile(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/catalogue/export.xlsx", s.serveCatalogue)
	version := &huma.Param{Name: "version", In: "query", Description: "Left out: the newest", Schema: &huma.Schema{Type: huma.TypeInteger}}
	s.document(operation("export-catalogue", http.MethodGet, "/catalogue/export.xlsx", directory.RulesRead, "The catalogue as an Excel file that the import reads back"),
		sheetType, version)
}

func (s *Server) serveCatalogue(w http.ResponseWriter, r *http.Request) {
	who, ok := allowed(w, r, directory.RulesRead)
	if !ok {
		return
	}
	version, err := strconv.Atoi(r.URL.Query().Get("version"))
	if err != nil {
		version = 0
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	w.Header().Set("Content-Type", sheetType)
	w.Header().Set("Content-Disposition", `attachment; filename="catalogue.xlsx"; filename*=UTF-8''%E6%B4%BE%E5%8D%95%E7%9B%AE%E5%BD%95.xlsx`)
	w.Header().Set("Cache-Control", "no-store")
	if err := s.desk.ExportCatalogue(r.Context(), who, version, w); err != nil {
		slog.Error("catalogue not sent", "error", err)
	}
}

func (s *Server) triageRoutes() {
	route(s, operation("get-triage", http.MethodGet, "/triage", directory.RulesRead, "Rules of triage 分级规则 in the order they are tried"),
		func(ctx context.Context, who Identity, _ *none) (service.TriageView, error) {
			return s.desk.TriageRules(ctx, who)
		})
	type ruleInput struct{ Body tickets.TriageRule }
	route(s, operation("preview-triage", http.MethodPost, "/triage/preview", directory.AdminRules, "Try a rule on the tickets of the last days"),
		func(ctx context.Context, who Identity, in *ruleInput) (service.TriagePreview, error) {
			return s.desk.PreviewTriage(ctx, who, in.Body)
		})
	type saveInput struct {
		Place int `query:"place" minimum:"0" doc:"Where it stands among the rules, from 1; left out: last"`
		Body  tickets.TriageRule
	}
	route(s, operation("save-triage-rule", http.MethodPut, "/triage", directory.AdminRules, "Add (without id) or change a rule of triage"),
		func(ctx context.Context, who Identity, in *saveInput) (saved, error) {
			id, err := s.desk.SaveTriageRule(ctx, who, in.Body, in.Place)
			return saved{id}, faulty(err)
		})
	routeDone(s, operation("delete-triage-rule", http.MethodDelete, "/triage/{id}", directory.AdminRules, "Remove a rule of triage"),
		func(ctx context.Context, who Identity, in *IDInput) error {
			return s.desk.DeleteTriageRule(ctx, who, in.ID)
		})
}
