package web

import (
	"context"
	"encoding/gob"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/time/rate"

	"github.com/open12345/hotline/tickets/service"
)

// What a session holds: whose it is, and when his password was set. A session of an older password
// has ended.
const (
	sessionAccount  = "account"
	sessionPassword = "password_at"
)

func init() { gob.Register(time.Time{}) }

func newSessions(cfg Config, store scs.Store) *scs.SessionManager {
	m := scs.New()
	m.Store = store
	m.IdleTimeout = cfg.SessionIdle
	m.Lifetime = cfg.SessionLife
	m.HashTokenInStore = true
	m.Cookie.Name = "hotline_session"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteStrictMode
	m.Cookie.Secure = cfg.SecureCookie
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, _ error) {
		writeProblem(w, problem(http.StatusServiceUnavailable, "unavailable", "the session store does not answer; try again in a moment"))
	}
	return m
}

// withSession gives a request its session. A socket only reads it: saved when the socket ends, it
// would come back to life after its sign-out.
func (s *Server) withSession(next http.Handler) http.Handler {
	saving := s.sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ws" && !strings.HasPrefix(r.URL.Path, "/sip") {
			saving.ServeHTTP(w, r)
			return
		}
		token := ""
		if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.Load(r.Context(), token)
		if err != nil {
			s.sessions.ErrorFunc(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// endedSessions remembers for a while which sessions were signed out: a request that was under way
// meanwhile saves its session once more.
type endedSessions struct {
	mu sync.Mutex
	at map[string]time.Time
}

const requestLife = 2 * time.Minute // no request takes longer

func (e *endedSessions) add(token string, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for t, at := range e.at {
		if now.Sub(at) > requestLife {
			delete(e.at, t)
		}
	}
	e.at[token] = now
}

func (e *endedSessions) has(token string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, ended := e.at[token]
	return ended
}

// signedIn finds out who makes the request: by bearer token, by session, or, in the demo, by
// the name of the host.
func (s *Server) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			id, err := s.desk.IdentityByToken(ctx, token)
			id.Remote = remoteOf(r)
			if err != nil && !errors.Is(err, service.ErrNotFound) {
				slog.Error("token not read", "error", err)
				writeProblem(w, problem(http.StatusServiceUnavailable, "unavailable", "the desk does not answer; try again in a moment"))
				return
			}
			if err != nil {
				writeProblem(w, problem(http.StatusUnauthorized, "bad_token", "the token is unknown or has ended"))
				return
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, identityKey, id)))
			return
		}
		account := s.sessions.GetString(ctx, sessionAccount)
		if account != "" && s.ended.has(s.sessions.Token(ctx)) {
			_ = s.sessions.Destroy(ctx)
			account = ""
		}
		if account == "" {
			account = s.demoSignIn(r)
		}
		if account != "" {
			id, err := s.desk.Identity(ctx, account)
			switch {
			case errors.Is(err, service.ErrNotFound):
				_ = s.sessions.Destroy(ctx) // the account was disabled meanwhile
			case err != nil && !needsDesk(r.URL.Path):
			case err != nil:
				slog.Error("account of a session not read", "account", account, "error", err)
				writeProblem(w, problem(http.StatusServiceUnavailable, "unavailable", "the desk does not answer; try again in a moment"))
				return
			case !id.PasswordAt.Equal(s.sessions.GetTime(ctx, sessionPassword)):
				_ = s.sessions.Destroy(ctx) // the password was changed elsewhere
			default:
				id.Remote = remoteOf(r)
				ctx = context.WithValue(ctx, identityKey, id)
				ctx = context.WithValue(ctx, sessionKey, s.sessions.Token(ctx))
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// needsDesk tells the paths that are of no use without the desk from pages and health.
func needsDesk(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/sip") || path == "/ws"
}

// demoSignIn signs in the account a demo page's host names: http://8001.localhost:8080. Only
// opening a page does it, only from this machine, and only where the demo is on.
func (s *Server) demoSignIn(r *http.Request) string {
	if !s.cfg.Demo || r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Dest") != "document" {
		return ""
	}
	account, ok := demoHost(r)
	if !ok {
		return ""
	}
	who, err := s.desk.Identity(r.Context(), account)
	if err != nil {
		return ""
	}
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return ""
	}
	s.begin(r.Context(), who)
	return account
}

// begin makes the session that of the person.
func (s *Server) begin(ctx context.Context, who Identity) {
	s.sessions.Put(ctx, sessionAccount, who.Account)
	s.sessions.Put(ctx, sessionPassword, who.PasswordAt)
}

// endOthers ends what the account has open but the session itself, after its password changed.
func (s *Server) endOthers(account, session string) {
	s.hub.dismiss(func(o *socket) bool { return o.identity.Account == account && (session == "" || o.session != session) }, "signed_out")
}

// demoHost returns the account in front of .localhost, for requests from this machine.
func demoHost(r *http.Request) (string, bool) {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	account, ok := strings.CutSuffix(host, ".localhost")
	remote, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !ok || account == "" {
		return "", false
	}
	ip := net.ParseIP(remote)
	return account, ip != nil && ip.IsLoopback()
}

// sameOrigin accepts sockets of our own pages and of programs, which send no Origin.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

// signInLimits slows down guessing from one address.
type signInLimits struct {
	mu   sync.Mutex
	byIP map[string]*signInLimit
}

type signInLimit struct {
	limiter *rate.Limiter
	seen    time.Time
}

func newSignInLimits() *signInLimits { return &signInLimits{byIP: map[string]*signInLimit{}} }

// allow takes one try of the address: two a second, sixty at once.
func (l *signInLimits) allow(remote string, now time.Time) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.byIP) > 10_000 {
		for k, v := range l.byIP {
			if now.Sub(v.seen) > time.Minute {
				delete(l.byIP, k)
			}
		}
	}
	e, ok := l.byIP[host]
	if !ok {
		e = &signInLimit{limiter: rate.NewLimiter(2, 60)}
		l.byIP[host] = e
	}
	e.seen = now
	return e.limiter.AllowN(now, 1)
}
