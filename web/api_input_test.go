package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBadInputIsToldWhatIsWrongAndWhere sends what no page sends; each answer is a problem with a
// code that names what was wrong, and where.
func TestBadInputIsToldWhatIsWrongAndWhere(t *testing.T) {
	s := play(t)
	tests := map[string]struct {
		method, path, body string
		status             int
		code               string
		says               []string
	}{
		"malformed JSON":              {"POST", "/floor/commands", `{"type":`, 400, "bad_request", []string{"body"}},
		"no body":                     {"POST", "/floor/commands", ``, 400, "bad_request", []string{"body"}},
		"a number for a text":         {"POST", "/floor/commands", `{"type":7}`, 422, "invalid", []string{"body.type", "expected string"}},
		"a list for an object":        {"POST", "/tickets", `[]`, 422, "invalid", []string{"body", "expected object"}},
		"an unknown field":            {"POST", "/callbacks/{heldtoo}/done", `{"result":"contacted","nonsense":1}`, 422, "invalid", []string{"body.nonsense", "unexpected property"}},
		"a missing field":             {"POST", "/callbacks/{heldtoo}/done", `{}`, 422, "invalid", []string{"result"}},
		"a text for a number":         {"GET", "/tickets?limit=many", ``, 422, "invalid", []string{"query.limit", "invalid integer"}},
		"a page too long":             {"GET", "/tickets?limit=100000", ``, 422, "invalid", []string{"query.limit"}},
		"a time that is none":         {"GET", "/calls?from=yesterday", ``, 422, "invalid", []string{"query.from"}},
		"a choice that isn't one":     {"GET", "/callbacks?state=lost", ``, 422, "invalid", []string{"query.state"}},
		"a cursor made up":            {"GET", "/tickets?cursor=made-up", ``, 404, "not_found", []string{"cursor"}},
		"a cursor of calls made up":   {"GET", "/calls?cursor=made-up", ``, 404, "not_found", []string{"cursor"}},
		"an unknown ticket":           {"GET", "/tickets/nonsense", ``, 404, "not_found", nil},
		"an unknown ticket number":    {"GET", "/tickets/269999999999", ``, 404, "not_found", nil},
		"an unknown call":             {"GET", "/calls/nonsense", ``, 404, "not_found", nil},
		"an id with zero bytes":       {"GET", "/tickets/%00", ``, 422, "invalid", nil},
		"an unknown recording":        {"GET", "/recordings/nonsense/audio", ``, 404, "not_found", nil},
		"an unknown callback":         {"POST", "/callbacks/nonsense/take", ``, 404, "not_found", nil},
		"an id of 100 characters":     {"GET", "/tickets/" + strings.Repeat("9", 100), ``, 422, "invalid", []string{"path.id"}},
		"another agent's call":        {"GET", "/calls/{elsewherecall}", ``, 404, "not_found", nil},
		"another agent's call's past": {"GET", "/callers/history?call={elsewherecall}", ``, 404, "not_found", nil},
		"a ticket of another's call":  {"POST", "/tickets", `{"call":"{elsewherecall}"}`, 409, "call_not_yours", nil},
		"an urge by another's call":   {"POST", "/tickets/{secret}/urge", `{"call":"{elsewherecall}"}`, 409, "call_not_yours", nil},
		"an action that isn't one":    {"POST", "/tickets/{draft}/actions/explode", `{"version":{draftversion}}`, 409, "wrong_state", nil},
		"a class that isn't one":      {"PATCH", "/tickets/{draft}", `{"version":{draftversion},"class_id":"nonsense"}`, 409, "", []string{"问题分类"}},
		"no such path":                {"GET", "/nonsense", ``, 404, "not_found", nil},
		"a command that isn't one":    {"POST", "/floor/commands", `{"type":"call.explode"}`, 422, "unknown_command", nil},
		"a body of 10 MB":             {"POST", "/floor/commands", `{"type":"` + strings.Repeat("x", 10<<20) + `"}`, 413, "too_large", nil},
	}
	other := s.incoming("13911112222", "8002")
	s.ids["elsewherecall"] = string(other)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := s.ask("8001", tt.method, s.fill(tt.path), s.fill(tt.body))
			require.Equal(t, tt.status, status, body)
			var p struct {
				Status int    `json:"status"`
				Title  string `json:"title"`
				Detail string `json:"detail"`
				Code   string `json:"code"`
			}
			require.NoError(t, json.Unmarshal([]byte(body), &p))
			require.Equal(t, status, p.Status)
			require.NotEmpty(t, p.Title)
			require.NotEmpty(t, p.Detail)
			if tt.code != "" {
				require.Equal(t, tt.code, p.Code, body)
			}
			for _, text := range tt.says {
				require.Contains(t, body, text)
			}
			require.NotContains(t, body, "13911112222")
		})
	}
	require.Empty(t, s.floor.commands(), "nothing reached the floor")
	status, _ := s.ask("8001", http.MethodGet, "/session", "")
	require.Equal(t, http.StatusOK, status, "and the server goes on")
}
