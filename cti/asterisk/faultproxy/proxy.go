// Package faultproxy stands between a driver and the switch's ARI in tests and makes faults:
// wrong answers, slow answers, lost answers, a silent or broken event socket, events twice,
// late, or that the switch never said.
package faultproxy

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Fault is what happens to matching requests.
type Fault struct {
	Method string        // "" any
	Path   string        // part of the path, e.g. "/answer"; "" any
	Times  int           // how many requests; 0 all until Clear
	Delay  time.Duration // before the request goes on to the switch
	Status int           // answer this instead of asking the switch; 0: ask it
	Body   string
	Lose   bool // ask the switch, then break the connection without an answer
}

// Proxy is one running proxy.
type Proxy struct {
	switchHost string
	ln         net.Listener
	srv        *http.Server
	reverse    *httputil.ReverseProxy

	mu      sync.Mutex
	faults  []*Fault
	seen    []string
	down    bool
	silent  bool
	twice   bool
	late    time.Duration
	sockets map[*link]struct{}
	wg      sync.WaitGroup
}

// link is one event socket: the driver's end and the switch's.
type link struct {
	p        *Proxy
	down, up *websocket.Conn
	write    sync.Mutex
}

// Start listens on a free loopback port before the switch's HTTP server at hostport.
func Start(hostport string) (*Proxy, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the faulty proxy: %w", err)
	}
	p := &Proxy{switchHost: hostport, ln: ln, sockets: map[*link]struct{}{}}
	p.reverse = httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: hostport})
	p.reverse.Transport = &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: 20 * time.Second}
	p.reverse.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	p.srv = &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	p.wg.Go(func() { _ = p.srv.Serve(ln) }) // ends with Stop
	return p, nil
}

// URL is what the driver is told to be the switch.
func (p *Proxy) URL() string { return "http://" + p.ln.Addr().String() }

// Stop ends the proxy and everything through it.
func (p *Proxy) Stop() {
	p.Cut()
	_ = p.srv.Close() // nothing is left to lose
	p.wg.Wait()
	p.reverse.Transport.(*http.Transport).CloseIdleConnections()
}

// Add makes a fault.
func (p *Proxy) Add(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, &f)
}

// Clear ends all faults.
func (p *Proxy) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.down, p.silent, p.twice, p.late = nil, false, false, false, 0
}

// Requests lists "METHOD /path" of the requests so far.
func (p *Proxy) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.seen...)
}

// Down breaks the event sockets and refuses everything until Clear.
func (p *Proxy) Down() {
	p.mu.Lock()
	p.down = true
	p.mu.Unlock()
	p.Cut()
}

// Cut breaks the event sockets that are open now.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.sockets {
		l.down.NetConn().Close()
		l.up.Close()
	}
}

// Silence stops the open event sockets without closing them: no event, no pong.
func (p *Proxy) Silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = true
}

// Duplicate sends every event twice, the second one `late` after the first.
func (p *Proxy) Duplicate(late time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.twice, p.late = true, late
}

// Inject sends a frame to the driver as if the switch had said it.
func (p *Proxy) Inject(frame []byte) error {
	p.mu.Lock()
	links := make([]*link, 0, len(p.sockets))
	for l := range p.sockets {
		links = append(links, l)
	}
	p.mu.Unlock()
	for _, l := range links {
		if err := l.send(websocket.TextMessage, frame); err != nil {
			return err
		}
	}
	return nil
}

// fault finds the fault of a request.
func (p *Proxy) fault(r *http.Request) (f Fault, down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, r.Method+" "+r.URL.Path)
	for i, c := range p.faults {
		if (c.Method != "" && c.Method != r.Method) || !strings.Contains(r.URL.Path, c.Path) {
			continue
		}
		f = *c
		if c.Times == 1 {
			p.faults = append(p.faults[:i], p.faults[i+1:]...)
		} else if c.Times > 1 {
			c.Times--
		}
		break
	}
	return f, p.down
}

func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, down := p.fault(r)
	if down {
		breakOff(w)
		return
	}
	if websocket.IsWebSocketUpgrade(r) {
		p.socket(w, r)
		return
	}
	if f.Delay > 0 {
		t := time.NewTimer(f.Delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
			return
		}
	}
	switch {
	case f.Status != 0:
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(f.Status)
		fmt.Fprint(w, f.Body)
	case f.Lose:
		p.reverse.ServeHTTP(&lost{header: http.Header{}}, r)
		breakOff(w)
	default:
		p.reverse.ServeHTTP(w, r)
	}
}

// lost is an answer that nobody hears.
type lost struct{ header http.Header }

func (l *lost) Header() http.Header         { return l.header }
func (l *lost) Write(b []byte) (int, error) { return len(b), nil }
func (l *lost) WriteHeader(int)             {}

func breakOff(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		c.Close()
	}
}

// socket joins the driver's event socket with one of its own to the switch.
func (p *Proxy) socket(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	up, resp, err := websocket.DefaultDialer.DialContext(ctx, "ws://"+p.switchHost+r.URL.RequestURI(), http.Header{"Authorization": r.Header["Authorization"]})
	if resp != nil && resp.Body != nil {
		defer resp.Body.Close()
	}
	if err != nil {
		status := http.StatusBadGateway
		if resp != nil {
			status = resp.StatusCode
		}
		http.Error(w, err.Error(), status)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	down, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		up.Close()
		return
	}
	l := &link{p: p, down: down, up: up}
	p.mu.Lock()
	p.sockets[l] = struct{}{}
	p.silent = false // a fresh socket talks again
	p.mu.Unlock()
	p.wg.Go(l.fromDriver)
	p.wg.Go(l.fromSwitch)
}

// fromDriver answers the driver's pings while the link is not silent.
func (l *link) fromDriver() {
	defer l.close()
	l.down.SetPingHandler(func(data string) error {
		if l.p.isSilent() {
			return nil
		}
		return l.down.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	for {
		if _, _, err := l.down.ReadMessage(); err != nil {
			return
		}
	}
}

func (l *link) fromSwitch() {
	defer l.close()
	for {
		kind, frame, err := l.up.ReadMessage()
		if err != nil {
			return
		}
		l.p.mu.Lock()
		silent, twice, late := l.p.silent, l.p.twice, l.p.late
		l.p.mu.Unlock()
		if silent {
			continue
		}
		if err := l.send(kind, frame); err != nil {
			return
		}
		if twice {
			again := bytes.Clone(frame)
			time.AfterFunc(late, func() { _ = l.send(kind, again) }) // the link may be gone by then
		}
	}
}

func (l *link) send(kind int, frame []byte) error {
	l.write.Lock()
	defer l.write.Unlock()
	return l.down.WriteMessage(kind, frame)
}

func (l *link) close() {
	l.down.Close()
	l.up.Close()
	l.p.mu.Lock()
	defer l.p.mu.Unlock()
	delete(l.p.sockets, l)
}

func (p *Proxy) isSilent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.silent
}
