package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets/attachment"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// Files keeps attachments; attachment.Store is one.
type Files interface {
	// Write streams at most limit bytes of body into the store; attachment.ErrTooLarge, ErrEmpty.
	Write(ctx context.Context, key, name string, body io.Reader, limit int64) (attachment.Stored, error)
	// Read opens what is stored from offset to its end.
	Read(ctx context.Context, key string, offset int64) (io.ReadCloser, error)
	Delete(ctx context.Context, key string) error
}

// How long a file may be on its way, and what a form may weigh beside its file.
const (
	fileDeadline = 10 * time.Minute
	formSlack    = 64 << 10
)

// fileRoutes registers the attachments.
func (s *Server) fileRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/v1/tickets/{id}/files", s.receiveFile)
	add := operation("add-file", http.MethodPost, "/tickets/{id}/files", directory.TicketAct,
		"Attach a file (50 MB at most): form fields leg and public come before the field file")
	add.Parameters = []*huma.Param{pathParam("id")}
	add.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"leg":    {Type: huma.TypeInteger, Description: "Of which unit's part; left out: the asker's unit's own, or the ticket's"},
			"public": {Type: huma.TypeBoolean, Description: "The citizen may have it"},
			"file":   {Type: huma.TypeString, Format: "binary"},
		},
	}}}}
	add.Responses["201"] = &huma.Response{Description: "Attached", Content: map[string]*huma.MediaType{
		"application/json": {Schema: s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[service.FileView](), true, "FileView")},
	}}
	s.api.OpenAPI().AddOperation(&add)

	mux.HandleFunc("GET /api/v1/files/{id}", s.serveFile)
	s.document(operation("get-file", http.MethodGet, "/files/{id}", directory.TicketList, "An attachment; every one that is opened is audited"),
		"*/*", pathParam("id"))
	mux.HandleFunc("GET /api/v1/public/files/{token}/{id}", s.servePublicFile)
	s.document(operation("get-public-file", http.MethodGet, "/public/files/{token}/{id}", public, "An attachment that the citizen with the link may have"),
		"*/*", pathParam("token"), pathParam("id"))
}

// allowed checks a plain handler's permission and answers for it when it is missing.
func allowed(w http.ResponseWriter, r *http.Request, need Permission) (Identity, bool) {
	who, ok := IdentityOf(r.Context())
	switch {
	case !ok:
		writeProblem(w, problem(http.StatusUnauthorized, "not_signed_in", "sign in first"))
		return who, false
	case !who.Can(need):
		writeProblem(w, problem(http.StatusForbidden, "forbidden", "this role may not do that"))
		return who, false
	}
	return who, true
}

// writeFailure answers a plain handler's request with the problem of an error.
func writeFailure(w http.ResponseWriter, doing string, err error) {
	var p *Problem
	if !errors.As(failed(doing, err), &p) {
		p = problem(http.StatusInternalServerError, "internal", "the server failed; the error is logged")
	}
	writeProblem(w, p)
}

// tooLarge is told before the first byte of a body that says its size.
func tooLarge() *Problem {
	return problem(http.StatusRequestEntityTooLarge, "too_large", fmt.Sprintf("附件不能超过 %d MB", service.MaxFile>>20))
}

func (s *Server) receiveFile(w http.ResponseWriter, r *http.Request) {
	who, ok := allowed(w, r, directory.TicketAct)
	if !ok {
		return
	}
	if r.ContentLength > service.MaxFile+formSlack {
		w.Header().Set("Connection", "close") // the body is not read
		writeProblem(w, tooLarge())
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(fileDeadline))
	_ = control.SetWriteDeadline(time.Now().Add(fileDeadline))
	r.Body = http.MaxBytesReader(w, r.Body, service.MaxFile+formSlack)
	form, err := r.MultipartReader()
	if err != nil {
		writeProblem(w, problem(http.StatusUnprocessableEntity, "invalid", "a multipart form with a field file is needed"))
		return
	}
	view, err := s.attach(r, who, form)
	if err != nil {
		writeFailure(w, "add-file", fileProblem(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	writeJSON(w, view)
}

func fileProblem(err error) error {
	var limit *http.MaxBytesError
	switch {
	case errors.Is(err, attachment.ErrTooLarge), errors.As(err, &limit):
		return tooLarge()
	case errors.Is(err, attachment.ErrEmpty):
		return problem(http.StatusUnprocessableEntity, "invalid", "附件是空的")
	}
	return err
}

// attach reads the form part by part; the file goes straight into the store.
func (s *Server) attach(r *http.Request, who Identity, form *multipart.Reader) (service.FileView, error) {
	leg, open := 0, false
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return service.FileView{}, problem(http.StatusUnprocessableEntity, "invalid", "the form has no field file")
		}
		if err != nil {
			return service.FileView{}, fmt.Errorf("%w: %w", directory.ErrInvalid, err)
		}
		if part.FormName() == "file" {
			return s.store(r.Context(), who, r.PathValue("id"), leg, open, part)
		}
		value, err := io.ReadAll(io.LimitReader(part, 64))
		if err != nil {
			return service.FileView{}, fmt.Errorf("%w: %w", directory.ErrInvalid, err)
		}
		switch part.FormName() {
		case "leg":
			leg, err = strconv.Atoi(string(value))
		case "public":
			open, err = strconv.ParseBool(string(value))
		}
		if err != nil {
			return service.FileView{}, fmt.Errorf("%w: %s", directory.ErrInvalid, part.FormName())
		}
	}
}

func (s *Server) store(ctx context.Context, who Identity, ticket string, leg int, open bool, part *multipart.Part) (service.FileView, error) {
	f, err := s.desk.PlanFile(ctx, who, ticket, leg, part.FileName(), open)
	if err != nil {
		return service.FileView{}, err
	}
	stored, err := s.files.Write(ctx, f.Key, f.Name, part, service.MaxFile)
	if err != nil {
		return service.FileView{}, err
	}
	f.Size, f.SHA256, f.Type = stored.Size, stored.SHA256, stored.Type
	view, err := s.desk.AddFile(ctx, who, f)
	if err != nil {
		if gone := s.files.Delete(context.WithoutCancel(ctx), f.Key); gone != nil {
			slog.Error("a file without a row was left behind", "key", f.Key, "err", gone)
		}
		return service.FileView{}, err
	}
	return view, nil
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	who, ok := allowed(w, r, directory.TicketList)
	if !ok {
		return
	}
	f, err := s.desk.File(r.Context(), who, r.PathValue("id"))
	if err != nil {
		writeFailure(w, "get-file", err)
		return
	}
	s.sendFile(w, r, f)
}

func (s *Server) servePublicFile(w http.ResponseWriter, r *http.Request) {
	f, err := s.desk.PublicFile(r.Context(), r.PathValue("token"), r.PathValue("id"))
	if err != nil {
		writeFailure(w, "get-public-file", err)
		return
	}
	s.sendFile(w, r, f)
}

// sendFile sends an attachment so that nothing in it can run in our pages: what is no picture of
// points is only saved, and even that is in a sandbox.
func (s *Server) sendFile(w http.ResponseWriter, r *http.Request, f service.FileRecord) {
	body, err := s.files.Read(r.Context(), f.Key, 0)
	if err != nil {
		slog.Error("attachment not read", "file", f.ID, "err", err)
		writeProblem(w, problem(http.StatusServiceUnavailable, "unavailable", "the file cannot be read now"))
		return
	}
	defer func() { _ = body.Close() }() // only read
	how := "attachment"
	if attachment.Inline(f.Type) {
		how = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(fileDeadline))
	if _, err := io.Copy(w, body); err != nil {
		slog.Debug("attachment not sent", "file", f.ID, "err", err)
	}
}
