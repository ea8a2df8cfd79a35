package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// MenuInfo is one menu with its graph, for the administrator's page.
type MenuInfo struct {
	Name    string      `json:"name"`
	File    string      `json:"file"`
	Version string      `json:"version"`
	Lines   []string    `json:"lines" doc:"Called numbers that use it"`
	Nodes   []MenuNode  `json:"nodes"`
	Edges   []MenuEdge  `json:"edges"`
	Faults  []MenuFault `json:"faults" doc:"Of a newer file that was refused; the running menu has none"`
	Live    []LiveNode  `json:"live" doc:"Calls at each node now"`
}

// MenuNode is one node of a menu.
type MenuNode struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Label string `json:"label"`
}

// MenuEdge leads from one node to another.
type MenuEdge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Label string `json:"label"`
}

// MenuFault is a fault of a menu file.
type MenuFault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// LiveNode counts the calls at a node.
type LiveNode struct {
	Node  string `json:"node"`
	Calls int    `json:"calls"`
}

// MenuBook holds the running menus.
type MenuBook interface {
	Menus() []MenuInfo
	// Reload reads the files again; a faulty one is refused, named in Faults, and the old stays.
	Reload(ctx context.Context) ([]MenuInfo, error)
}

// PromptInfo is one spoken line.
type PromptInfo struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Language string `json:"lang"`
	Kind     string `json:"kind" doc:"synthesised or recorded"`
	AudioURL string `json:"audio_url,omitempty"`
}

// PromptBook holds the spoken lines.
type PromptBook interface {
	Prompts(ctx context.Context) ([]PromptInfo, error)
	// OpenPrompt reads the sound as WAV. service.ErrNotFound.
	OpenPrompt(ctx context.Context, id string) (io.ReadSeekCloser, time.Time, error)
	// ReplacePrompt takes a WAV file that is heard from the next call on.
	ReplacePrompt(ctx context.Context, id string, wav []byte) error
	// RestorePrompt goes back to the synthesised line.
	RestorePrompt(ctx context.Context, id string) error
}

func (s *Server) menuRoutes() {
	route(s, operation("list-menus", http.MethodGet, "/admin/menus", directory.AdminMenus, "Running menus with their graphs"),
		func(_ context.Context, _ Identity, _ *none) (list[MenuInfo], error) {
			return listOf(s.menus.Menus()), nil
		})
	route(s, operation("reload-menus", http.MethodPost, "/admin/menus/reload", directory.AdminMenus, "Read the menu files again"),
		func(ctx context.Context, who Identity, _ *none) (list[MenuInfo], error) {
			menus, err := s.menus.Reload(ctx)
			if err != nil {
				return list[MenuInfo]{}, err
			}
			return listOf(menus), s.desk.Audit(ctx, who, "menus.reload", "", "")
		})
}

const promptLimit = 8 << 20 // bytes: eight minutes of 8 kHz 16-bit mono

func (s *Server) promptRoutes() {
	route(s, operation("list-prompts", http.MethodGet, "/admin/prompts", directory.AdminPrompts, "Spoken lines"),
		func(ctx context.Context, _ Identity, _ *none) (list[PromptInfo], error) {
			items, err := s.prompts.Prompts(ctx)
			for i := range items {
				items[i].AudioURL = "/api/v1/admin/prompts/" + items[i].ID + "/audio"
			}
			return listOf(items), err
		})
	type replaceInput struct {
		IDInput
		RawBody huma.MultipartFormFiles[struct {
			File huma.FormFile `form:"file" required:"true"`
		}]
	}
	replace := operation("replace-prompt", http.MethodPut, "/admin/prompts/{id}", directory.AdminPrompts, "Replace a line by a recorded WAV file")
	replace.MaxBodyBytes = promptLimit
	routeDone(s, replace, func(ctx context.Context, who Identity, in *replaceInput) error {
		wav, err := io.ReadAll(io.LimitReader(in.RawBody.Data().File, promptLimit))
		if err != nil {
			return problem(http.StatusBadRequest, "bad_request", "the file did not arrive whole")
		}
		if err := s.prompts.ReplacePrompt(ctx, in.ID, wav); err != nil {
			return promptProblem(err)
		}
		return s.desk.Audit(ctx, who, "prompt.replace", in.ID, fmt.Sprintf("%d bytes", len(wav)))
	})
	routeDone(s, operation("restore-prompt", http.MethodDelete, "/admin/prompts/{id}", directory.AdminPrompts, "Go back to the synthesised line"),
		func(ctx context.Context, who Identity, in *IDInput) error {
			if err := s.prompts.RestorePrompt(ctx, in.ID); err != nil {
				return promptProblem(err)
			}
			return s.desk.Audit(ctx, who, "prompt.restore", in.ID, "")
		})
}

// ErrBadSound is a prompt file that is no sound the switch can play.
var ErrBadSound = errors.New("not a PCM WAV file")

func promptProblem(err error) error {
	if errors.Is(err, ErrBadSound) {
		return problem(http.StatusUnprocessableEntity, "bad_sound", err.Error())
	}
	return err
}

// servePrompt plays a spoken line to an administrator.
func (s *Server) servePrompt(w http.ResponseWriter, r *http.Request) {
	who, ok := IdentityOf(r.Context())
	if !ok {
		writeProblem(w, problem(http.StatusUnauthorized, "not_signed_in", "sign in first"))
		return
	}
	if !who.Can(directory.AdminPrompts) {
		writeProblem(w, problem(http.StatusForbidden, "forbidden", "this role may not do that"))
		return
	}
	sound, changed, err := s.prompts.OpenPrompt(r.Context(), r.PathValue("id"))
	if err != nil {
		p := problem(http.StatusNotFound, "not_found", "no such prompt")
		if !errors.Is(err, service.ErrNotFound) {
			p = problem(http.StatusServiceUnavailable, "unavailable", "the prompt cannot be read now")
		}
		writeProblem(w, p)
		return
	}
	defer sound.Close()
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", changed, sound)
}
