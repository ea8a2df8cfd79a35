package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web/print"
)

// Config says how the server listens and signs people in.
type Config struct {
	Listen       string
	Certificate  string // PEM files; both empty: plain http
	Key          string
	Demo         bool
	Version      string
	Timezone     *time.Location
	Captcha      string // always, after_failures, never
	SessionIdle  time.Duration
	SessionLife  time.Duration
	SIPNodes     map[string]string // node name → base address of its WebSocket; "" is the default
	SecureCookie bool
	GatewayToken string // of the message gateway's receipts; empty: none are taken
}

// Deps are the parts the server stands on.
type Deps struct {
	Floor    floor.Commander
	Bridge   Bridger
	Desk     *service.Service
	Sessions scs.Store
	Phones   PhoneSecrets
	Health   HealthCheck
	Sounds   Sounds
	Files    Files // attachments
	House    Reconfigure
	Metrics  prometheus.Gatherer
	Pages    fs.FS
	Demo     DemoControl // nil unless Config.Demo
	Menus    MenuBook
	Prompts  PromptBook
	Printer  print.Printer // nil: nothing can be printed
}

// Bridger connects a clerk and a citizen by telephone (联系群众). It answers at once with the id of
// the call; what can't be tried is a *floor.Refusal.
type Bridger interface {
	Bridge(ctx context.Context, req floor.BridgeRequest) (calls.ID, error)
}

// Server is the HTTP server. Start it once; Stop ends every request and socket it serves.
type Server struct {
	cfg      Config
	floor    floor.Commander
	bridge   Bridger
	desk     *service.Service
	phones   PhoneSecrets
	health   HealthCheck
	sounds   Sounds
	files    Files
	house    Reconfigure
	demo     DemoControl
	menus    MenuBook
	prompts  PromptBook
	printer  print.Printer
	sessions *scs.SessionManager
	hub      *hub
	sip      *sipProxy
	limits   *signInLimits
	ended    endedSessions
	handler  http.Handler
	api      huma.API

	http     *http.Server
	listener net.Listener
	live     sync.WaitGroup
	cancel   context.CancelFunc
	draining chan struct{}
	stopOnce sync.Once
}

// New builds the server and its routes; it opens no port.
func New(cfg Config, deps Deps) (*Server, error) {
	if cfg.Timezone == nil {
		return nil, errors.New("web: no time zone configured")
	}
	s := &Server{
		cfg: cfg, floor: deps.Floor, bridge: deps.Bridge, desk: deps.Desk, phones: deps.Phones, health: deps.Health, sounds: deps.Sounds, files: deps.Files, house: deps.House, demo: deps.Demo,
		menus: deps.Menus, prompts: deps.Prompts, printer: deps.Printer,
		hub: newHub(), sip: newSIPProxy(cfg.SIPNodes), limits: newSignInLimits(), ended: endedSessions{at: map[string]time.Time{}}, draining: make(chan struct{}),
	}
	s.sessions = newSessions(cfg, deps.Sessions)
	mux := http.NewServeMux()
	s.api = humago.New(mux, apiConfig(cfg.Version))
	s.api.UseMiddleware(s.authorise)
	s.routes()
	mux.Handle("GET /metrics", promhttp.HandlerFor(deps.Metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	live, err := describeLive(cfg.Version)
	if err != nil {
		return nil, err
	}
	mux.HandleFunc("GET /asyncapi.json", serveDescription(live))
	mux.HandleFunc("GET /ws", s.serveSocket)
	mux.HandleFunc("GET /sip", s.serveSIP)
	mux.HandleFunc("GET /sip/{node}", s.serveSIP)
	s.soundRoutes(mux)
	s.printRoutes(mux)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, problem(http.StatusNotFound, "not_found", "no such path in this API"))
	})
	mux.Handle("/", newPages(deps.Pages, cfg.Demo))
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, problem(http.StatusForbidden, "cross_origin", "requests from other sites are refused"))
	}))
	s.handler = securityHeaders(recovered(s.withSession(s.signedIn(cross.Handler(mux)))))
	return s, nil
}

// Follower is where the floor sends its updates.
func (s *Server) Follower() floor.Follower { return s.hub }

// Changed is where the desk's outbox sends its changes.
func (s *Server) Changed(c DeskChange) { s.hub.changed(c) }

// SetSeats names the seats of the house, as they look while nobody is signed in at them.
func (s *Server) SetSeats(seats []floor.SeatView) { s.hub.setHouse(seats) }

// Handler is the whole server as one handler, for tests.
func (s *Server) Handler() http.Handler { return s.handler }

// Start listens and serves. It returns once the port is open.
func (s *Server) Start(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("open the web port %s (web.listen, HOTLINE_WEB_LISTEN): %w", s.cfg.Listen, err)
	}
	run, cancel := context.WithCancel(context.Background())
	s.cancel, s.listener = cancel, listener
	s.live.Go(func() { s.hub.run(run) })
	s.http = &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
	}
	s.live.Go(func() {
		var err error
		if s.cfg.Certificate != "" {
			err = s.http.ServeTLS(listener, s.cfg.Certificate, s.cfg.Key)
		} else {
			err = s.http.Serve(listener)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			slog.Error("web server ended", "error", err)
		}
	})
	return nil
}

// Addr is the address the server listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Stop drains: /readyz turns 503, sockets hear bye, open requests get until ctx ends.
func (s *Server) Stop(ctx context.Context) error {
	var err error
	s.stopOnce.Do(func() {
		close(s.draining)
		s.hub.dismiss(func(*socket) bool { return true }, "restart")
		err = s.http.Shutdown(ctx)
		s.sip.stop()
		s.cancel()
		s.live.Wait()
	})
	return err
}

// recovered turns a panic of one request into a 500 of that request.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				slog.Error("request panicked", "method", r.Method, "path", r.URL.Path, "panic", v)
				writeProblem(w, problem(http.StatusInternalServerError, "internal", "the server failed; the error is logged"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
