package web

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// pages serves the built front end. Paths that are no file belong to the console's router,
// those below /demo/citizen to the citizen's phone.
type pages struct {
	files fs.FS
	serve http.Handler
	demo  bool // pages below /demo exist
}

func newPages(dist fs.FS, demo bool) *pages {
	return &pages{files: dist, serve: http.FileServerFS(dist), demo: demo}
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		writeProblem(w, problem(http.StatusMethodNotAllowed, "bad_request", "this path takes GET"))
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if !p.demo && (name == "demo" || strings.HasPrefix(name, "demo/")) {
		writeProblem(w, problem(http.StatusNotFound, "not_found", "this installation runs no demo"))
		return
	}
	if info, err := fs.Stat(p.files, name); err == nil && !info.IsDir() && name != ".keep" && !strings.HasSuffix(name, ".html") {
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // names carry a hash
		}
		p.serve.ServeHTTP(w, r)
		return
	}
	page := "index.html"
	switch {
	case strings.HasPrefix(name, "demo/citizen"):
		page = "citizen.html"
	case strings.HasPrefix(name, "r/"), strings.HasPrefix(name, "p/"):
		page = "portal.html" // links in messages to citizens
		w.Header().Set("Referrer-Policy", "no-referrer")
	}
	body, err := fs.ReadFile(p.files, page)
	if err != nil {
		http.Error(w, "The pages are not built: run make build.", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(body)
}

// securityHeaders sets the headers every answer carries.
func securityHeaders(next http.Handler) http.Handler {
	const csp = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
		"connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=(self)")
		next.ServeHTTP(w, r)
	})
}
