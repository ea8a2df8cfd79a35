package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	files "github.com/open12345/hotline/configs/demo"
	"github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

// signIn tries account and password; cookie is the session before, if any.
func (s *stack) signIn(account, password, cookie string) (status int, body, session string) {
	s.t.Helper()
	raw, err := json.Marshal(map[string]string{"account": account, "password": password})
	require.NoError(s.t, err)
	r := s.request("", http.MethodPost, "/session", string(raw))
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: "hotline_session", Value: cookie})
	}
	resp := s.do(r)
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	for _, c := range resp.Cookies() {
		if c.Name == "hotline_session" {
			session = c.Value
			require.True(s.t, c.HttpOnly)
			require.Equal(s.t, http.SameSiteStrictMode, c.SameSite)
		}
	}
	return resp.StatusCode, string(text), session
}

// whoami asks who the session is; "" is nobody.
func (s *stack) whoami(session string) string {
	s.t.Helper()
	r := s.request("", http.MethodGet, "/session", "")
	r.AddCookie(&http.Cookie{Name: "hotline_session", Value: session})
	var who struct {
		Account string `json:"account"`
	}
	require.NoError(s.t, json.NewDecoder(s.do(r).Body).Decode(&who))
	return who.Account
}

func captchaIs(policy string) func(*web.Config, *web.Deps) {
	return func(c *web.Config, _ *web.Deps) { c.Captcha = policy }
}

func TestSignInBeginsANewSession(t *testing.T) {
	s := setup(t)
	status, body, first := s.signIn("8001", demo.Password, "")
	require.Equal(t, http.StatusOK, status, body)
	require.Equal(t, "8001", s.whoami(first))
	status, body, second := s.signIn("8002", demo.Password, first)
	require.Equal(t, http.StatusOK, status, body)
	require.NotEqual(t, first, second, "the token changes with the person")
	require.Empty(t, s.whoami(first), "the former token is worth nothing")
	require.Equal(t, "8002", s.whoami(second))
	require.Empty(t, s.whoami("made-up"))
}

func TestCaptchaPolicies(t *testing.T) {
	tests := map[string]struct {
		policy   string
		failures int
		status   int
	}{
		"always asks at the first try":             {web.CaptchaAlways, 0, http.StatusUnauthorized},
		"after_failures lets the first tries pass": {web.CaptchaAfterFailures, 2, http.StatusOK},
		"after_failures asks then":                 {web.CaptchaAfterFailures, 3, http.StatusUnauthorized},
		"never asks":                               {web.CaptchaNever, 3, http.StatusOK},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := setup(t, captchaIs(tt.policy))
			for range tt.failures {
				status, _, _ := s.signIn("8001", "wrong-password", "")
				require.Equal(t, http.StatusUnauthorized, status)
			}
			status, body, _ := s.signIn("8001", demo.Password, "")
			require.Equal(t, tt.status, status, body)
			if tt.status != http.StatusOK {
				require.Contains(t, body, `"code":"bad_captcha"`)
				require.Contains(t, body, `"captcha_required":true`)
			}
		})
	}
}

func TestCaptchaIsAPictureAndIsSpoken(t *testing.T) {
	s := setup(t)
	_, body := s.ask("", http.MethodPost, "/captcha", "")
	var c struct {
		Image string `json:"image_url"`
		Audio string `json:"audio_url"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &c))
	for path, begin := range map[string]string{c.Image: "\x89PNG", c.Audio: "RIFF"} {
		status, body := s.ask("", http.MethodGet, strings.TrimPrefix(path, "/api/v1"), "")
		require.Equal(t, http.StatusOK, status)
		require.True(t, strings.HasPrefix(body, begin), path)
	}
}

func TestFiveWrongPasswordsLockTheAccount(t *testing.T) {
	s := setup(t, captchaIs(web.CaptchaNever))
	for range 4 {
		status, body, _ := s.signIn("8001", "wrong-password", "")
		require.Equal(t, http.StatusUnauthorized, status, body)
	}
	for _, password := range []string{"wrong-password", demo.Password} {
		status, body, _ := s.signIn("8001", password, "")
		require.Equal(t, http.StatusLocked, status, body)
		require.Contains(t, body, `"code":"locked"`)
	}
	status, _ := s.ask("admin", http.MethodPost, "/admin/accounts/8001/unlock", "")
	require.Equal(t, http.StatusNoContent, status)
	status, body, _ := s.signIn("8001", demo.Password, "")
	require.Equal(t, http.StatusOK, status, body)
}

func TestGuessingFromOneAddressIsSlowedDown(t *testing.T) {
	s := setup(t, captchaIs(web.CaptchaAlways))
	statuses := map[int]int{}
	for range 70 {
		status, _, _ := s.signIn("nobody", "wrong-password", "")
		statuses[status]++
	}
	require.Positive(t, statuses[http.StatusTooManyRequests])
}

func TestRequestsFromOtherSitesAreRefused(t *testing.T) {
	s := setup(t)
	for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
		r := s.request("8001", http.MethodPost, "/floor/commands", `{"type":"seat.wish","data":{"state":"idle"}}`)
		r.Header.Set(header, value)
		resp := s.do(r)
		require.Equal(t, http.StatusForbidden, resp.StatusCode, header)
		require.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
	}
	require.Empty(t, s.floor.commands(), "nothing reached the floor")
}

func TestDisabledAccountIsOutAtOnce(t *testing.T) {
	s := setup(t)
	session := s.cookie("8002")
	require.Equal(t, "8002", s.whoami(session))
	status, body := s.ask("admin", http.MethodPatch, "/admin/accounts/8002", `{"disabled":true}`)
	require.Equal(t, http.StatusNoContent, status, body)
	require.Empty(t, s.whoami(session))
	status, _, _ = s.signIn("8002", demo.Password, "")
	require.Equal(t, http.StatusUnauthorized, status)
}

func TestSessionsStayWhenTheDatabaseIsAway(t *testing.T) {
	s := setup(t)
	session := s.cookie("8001")
	s.store.Close()
	status, body := s.ask("8001", http.MethodGet, "/session", "")
	require.Equal(t, http.StatusServiceUnavailable, status, body)
	require.Contains(t, body, `"code":"unavailable"`)
	r := httptest.NewRequest(http.MethodGet, "http://hotline.test/", nil)
	r.AddCookie(&http.Cookie{Name: "hotline_session", Value: session})
	resp := s.do(r)
	require.Equal(t, http.StatusOK, resp.StatusCode, "the page still opens")
	for _, c := range resp.Cookies() {
		require.Equal(t, session, c.Value, "nobody is signed out by it")
	}
}

func TestSessionStoreAwayIsToldPlainly(t *testing.T) {
	s := setup(t)
	s.cookie("8001")
	require.NoError(t, s.redis.Kill())
	status, body := s.ask("8001", http.MethodGet, "/session", "")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, `"code":"unavailable"`)
}

// open serves the stack on a real port and opens a live socket of the session.
func (s *stack) open(base, session string) *websocket.Conn {
	s.t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(base, "http")+"/ws", http.Header{"Cookie": {"hotline_session=" + session}})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { conn.Close() })
	return conn
}

// ends reads until the socket ends and returns its last words.
func (s *stack) ends(conn *websocket.Conn) string {
	s.t.Helper()
	require.NoError(s.t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	last := ""
	for {
		_, body, err := conn.ReadMessage()
		if err != nil {
			require.True(s.t, websocket.IsCloseError(err, 4002), "%v", err)
			return last
		}
		last = string(body)
	}
}

func TestSignOutEndsItsSocketsAndItsSeat(t *testing.T) {
	s := setup(t)
	srv := httptest.NewServer(s.handler)
	defer srv.Close()
	mine, other := s.open(srv.URL, s.cookie("8001")), s.open(srv.URL, s.cookie("8002"))
	status, _ := s.ask("8001", http.MethodDelete, "/session", "")
	require.Equal(t, http.StatusNoContent, status)
	require.Contains(t, s.ends(mine), "signed_out")
	require.Equal(t, "seat.sign_out", string(s.floor.commands()[0].Name))
	require.Empty(t, s.whoami(s.cookie("8001")))
	require.NoError(t, other.WriteMessage(websocket.TextMessage, []byte(`{"ref":1,"type":"ping"}`)), "the other's page goes on")
	for {
		_, body, err := other.ReadMessage()
		require.NoError(t, err)
		if strings.Contains(string(body), `"reply"`) {
			break
		}
	}
}

func TestSignOutLeavesASeatThatAnotherPageHas(t *testing.T) {
	s := setup(t)
	srv := httptest.NewServer(s.handler)
	defer srv.Close()
	first, second := s.cookie("8001"), s.freshCookie("8001")
	socket := s.open(srv.URL, second)
	_, _, err := socket.ReadMessage()
	require.NoError(t, err)
	require.NoError(t, socket.WriteMessage(websocket.TextMessage, []byte(`{"ref":1,"type":"ping"}`)))
	require.Eventually(t, func() bool {
		_, body, err := socket.ReadMessage()
		return err == nil && strings.Contains(string(body), `"reply"`)
	}, 5*time.Second, time.Millisecond)
	r := s.request("", http.MethodDelete, "/session", "")
	r.AddCookie(&http.Cookie{Name: "hotline_session", Value: first})
	require.Equal(t, http.StatusNoContent, s.do(r).StatusCode)
	require.Empty(t, s.floor.commands(), "the seat stays on the floor")
}

func TestSocketOfAnotherSiteIsRefused(t *testing.T) {
	s := setup(t)
	srv := httptest.NewServer(s.handler)
	defer srv.Close()
	header := http.Header{"Cookie": {"hotline_session=" + s.cookie("8001")}, "Origin": {"https://evil.example"}}
	_, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+"/ws", header)
	require.Error(t, err)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
}

func TestDemoHostSignsInOnlyWhoOpensAPageHere(t *testing.T) {
	s := setup(t)
	tests := map[string]struct {
		host, remote, dest string
		in                 bool
	}{
		"a page opened on this machine":  {"8001.localhost:8080", "127.0.0.1:4000", "document", true},
		"the same over IPv6":             {"8001.localhost:8080", "[::1]:4000", "document", true},
		"a script's request":             {"8001.localhost:8080", "127.0.0.1:4000", "empty", false},
		"another machine":                {"8001.localhost:8080", "10.0.0.7:4000", "document", false},
		"a host that is no account":      {"nobody.localhost:8080", "127.0.0.1:4000", "document", false},
		"the plain host":                 {"localhost:8080", "127.0.0.1:4000", "document", false},
		"a host that only looks like it": {"8001.localhost.example:8080", "127.0.0.1:4000", "document", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "http://"+tt.host+"/", nil)
			r.RemoteAddr = tt.remote
			r.Header.Set("Sec-Fetch-Dest", tt.dest)
			require.Equal(t, tt.in, len(s.do(r).Cookies()) == 1)
		})
	}
}

// TestEarnestInstallationRefusesTheDemo runs a database that held the demo with demo: false.
func TestEarnestInstallationRefusesTheDemo(t *testing.T) {
	s := setup(t, func(c *web.Config, d *web.Deps) {
		c.Demo, d.Demo = false, nil
	})
	barred, err := demo.Accounts(t.Context(), s.store, files.Files)
	require.NoError(t, err)
	everyone, err := s.desk.Accounts(t.Context(), s.identity("admin"), "")
	require.NoError(t, err)
	require.Len(t, barred, len(everyone), "all accounts of the demo city are known by name")
	_, token, err := s.desk.CreateToken(t.Context(), s.identity("admin"), "admin", "old", time.Time{})
	require.NoError(t, err)
	s = setup(t, func(c *web.Config, d *web.Deps) {
		c.Demo, d.Demo = false, nil
		d.Desk = service.New(service.Config{Store: s.store, Keys: s.keys, Zone: zone(), Barred: barred})
	})

	status, body, _ := s.signIn("admin", demo.Password, "")
	require.Equal(t, http.StatusUnauthorized, status, body)
	require.Contains(t, body, `"code":"bad_credentials"`)
	r := s.request("", http.MethodGet, "/session", "")
	r.Header.Set("Authorization", "Bearer "+token)
	require.Equal(t, http.StatusUnauthorized, s.do(r).StatusCode, "an old token of a demo account")

	status, body = s.ask("", http.MethodGet, "/public", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `"demo":false`)
	require.Contains(t, body, `"cards":[]`)
	for _, path := range []string{"/demo", "/demo/traffic", "/demo/citizen-phone", "/demo/clock"} {
		status, _ = s.ask("", http.MethodPost, path, `{}`)
		require.Equal(t, http.StatusNotFound, status, path)
	}
	for _, path := range []string{"/demo", "/demo/citizen", "/x/../demo/citizen", "/sip?citizen"} {
		resp := s.do(httptest.NewRequest(http.MethodGet, "http://hotline.test"+path, nil))
		require.GreaterOrEqual(t, resp.StatusCode, 300, path)
	}
	host := httptest.NewRequest(http.MethodGet, "http://8001.localhost:8080/", nil)
	host.RemoteAddr = "127.0.0.1:4000"
	host.Header.Set("Sec-Fetch-Dest", "document")
	require.Empty(t, s.do(host).Cookies())
}
