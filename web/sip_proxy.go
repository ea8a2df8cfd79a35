package web

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// sipProxy carries a browser phone's SIP over WebSocket to the switch on the page's own origin
// and session. The switch itself never checks who comes: this does.
type sipProxy struct {
	nodes map[string]*httputil.ReverseProxy // by node name; "" is the default node

	mu    sync.Mutex
	next  uint64
	lines map[uint64]sipLine
}

type sipLine struct {
	session string
	cancel  context.CancelFunc
}

func newSIPProxy(nodes map[string]string) *sipProxy {
	p := &sipProxy{nodes: map[string]*httputil.ReverseProxy{}, lines: map[uint64]sipLine{}}
	for name, base := range nodes {
		target, err := url.Parse(base)
		if err != nil {
			continue
		}
		p.nodes[name] = &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.URL.Path = "/ws"
				r.Out.URL.RawQuery = "" // nothing of ours reaches the switch
				r.Out.Header.Del("Cookie")
				r.Out.Header.Del("Authorization")
			},
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
				writeProblem(w, problem(http.StatusBadGateway, "switch_unavailable", "the switch does not answer"))
			},
		}
	}
	return p
}

// serve carries one phone's line until either side ends it or kick is called for its session.
func (p *sipProxy) serve(w http.ResponseWriter, r *http.Request, node, session string) {
	proxy, ok := p.nodes[node]
	if !ok {
		writeProblem(w, problem(http.StatusNotFound, "not_found", "no switch node of this name"))
		return
	}
	// A line lives as long as the page: the server's write deadline is not for it.
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Time{})
	_ = rc.SetReadDeadline(time.Time{})
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	p.mu.Lock()
	p.next++
	id := p.next
	p.lines[id] = sipLine{session: session, cancel: cancel}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.lines, id)
		p.mu.Unlock()
	}()
	proxy.ServeHTTP(w, r.WithContext(ctx))
}

// kick ends the lines of a session, e.g. at sign-out.
func (p *sipProxy) kick(session string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.lines {
		if l.session == session {
			l.cancel()
		}
	}
}

// stop ends all lines.
func (p *sipProxy) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.lines {
		l.cancel()
	}
}
