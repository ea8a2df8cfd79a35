package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/testcall"
)

const (
	patience     = 15 * time.Second
	demoPassword = "hotline-demo"
)

// person is somebody signed in by the API, with a live socket once it is opened.
type person struct {
	t       *testing.T
	stack   *stack
	account string
	http    *http.Client

	mu      sync.Mutex
	conn    *websocket.Conn
	frames  []received
	arrived chan struct{}
	ref     int
}

type received struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

func signIn(t *testing.T, s *stack, account string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	p := &person{t: t, stack: s, account: account, http: &http.Client{Jar: jar, Timeout: 10 * time.Second}, arrived: make(chan struct{}, 1)}
	p.post("/api/v1/session", map[string]string{"account": account, "password": demoPassword}, nil)
	return p
}

// call sends a request and decodes a 2xx answer into out.
func (p *person) call(method, path string, body, out any) (int, string) {
	p.t.Helper()
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(p.t, err)
		sent = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, p.stack.url+path, sent)
	require.NoError(p.t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := p.http.Do(req)
	require.NoError(p.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	if res.StatusCode/100 == 2 && out != nil {
		require.NoError(p.t, json.Unmarshal(raw, out), "%s %s: %s", method, path, raw)
	}
	return res.StatusCode, string(raw)
}

func (p *person) get(path string, out any) {
	p.t.Helper()
	status, body := p.call(http.MethodGet, path, nil, out)
	require.Equal(p.t, http.StatusOK, status, "GET %s: %s", path, body)
}

func (p *person) post(path string, body, out any) {
	p.t.Helper()
	status, answer := p.call(http.MethodPost, path, body, out)
	require.Equal(p.t, 2, status/100, "POST %s: %d %s", path, status, answer)
}

// connect opens the live socket.
func (p *person) connect() {
	p.t.Helper()
	u, err := url.Parse(p.stack.url)
	require.NoError(p.t, err)
	header := http.Header{}
	for _, c := range p.http.Jar.Cookies(u) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	conn, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.stack.url, "http")+"/ws", header)
	require.NoError(p.t, err)
	res.Body.Close()
	p.mu.Lock()
	p.conn = conn
	p.mu.Unlock()
	p.t.Cleanup(func() { conn.Close() })
	go func() {
		for {
			_, raw, err := conn.ReadMessage()
			if err != nil {
				return
			}
			var f received
			if json.Unmarshal(raw, &f) != nil {
				return
			}
			p.mu.Lock()
			p.frames = append(p.frames, f)
			p.mu.Unlock()
			select {
			case p.arrived <- struct{}{}:
			default:
			}
		}
	}()
}

// wait returns the first frame not seen yet of the type for which ok holds; frames before it are
// dropped.
func (p *person) wait(what, kind string, ok func(json.RawMessage) bool) received {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		for i, f := range p.frames {
			if f.Type == kind && ok(f.Data) {
				p.frames = p.frames[i+1:]
				p.mu.Unlock()
				return f
			}
		}
		seen := len(p.frames)
		p.mu.Unlock()
		select {
		case <-p.arrived:
		case <-deadline:
			p.mu.Lock()
			defer p.mu.Unlock()
			var kinds []string
			for _, f := range p.frames {
				kinds = append(kinds, f.Type+string(f.Data[:min(len(f.Data), 160)]))
			}
			p.t.Fatalf("%s: no %s frame for %s in %s (%d frames)\n%s", p.account, kind, what, patience, seen, strings.Join(kinds, "\n"))
		}
	}
}

// command sends a floor command and returns its reply.
func (p *person) command(name floor.CommandName, args any) (ok bool, code string, data json.RawMessage) {
	p.t.Helper()
	p.mu.Lock()
	p.ref++
	ref := p.ref
	err := p.conn.WriteJSON(map[string]any{"ref": ref, "type": name, "data": args})
	p.mu.Unlock()
	require.NoError(p.t, err)
	var reply struct {
		Ref   int             `json:"ref"`
		OK    bool            `json:"ok"`
		Data  json.RawMessage `json:"data"`
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		for i, f := range p.frames {
			if f.Type != "reply" || json.Unmarshal(f.Data, &reply) != nil || reply.Ref != ref {
				continue
			}
			p.frames = append(p.frames[:i:i], p.frames[i+1:]...)
			p.mu.Unlock()
			return reply.OK, reply.Error.Code, reply.Data
		}
		p.mu.Unlock()
		select {
		case <-p.arrived:
		case <-deadline:
			p.t.Fatalf("%s: no reply to %s", p.account, name)
		}
	}
}

func (p *person) do(name floor.CommandName, args any) {
	p.t.Helper()
	ok, code, _ := p.command(name, args)
	require.True(p.t, ok, "%s %s was refused: %s", p.account, name, code)
}

// waitSeat waits until the own seat is in the state.
func (p *person) waitSeat(state floor.SeatState) floor.SeatView {
	p.t.Helper()
	var view floor.SeatView
	p.wait("seat "+string(state), "seat", func(raw json.RawMessage) bool {
		view = floor.SeatView{}
		return json.Unmarshal(raw, &view) == nil && view.State == state
	})
	return view
}

func (p *person) waitPop() floor.Pop {
	p.t.Helper()
	var pop floor.Pop
	p.wait("the screen pop", "pop", func(raw json.RawMessage) bool { return json.Unmarshal(raw, &pop) == nil && pop.Complete })
	return pop
}

// seatPhone registers the seat's SIP phone.
func seatPhone(t *testing.T, s *stack, seat string) *testcall.Phone {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	phone, err := testcall.StartPhone(context.Background(), testcall.Config{Number: seat, Registrar: s.sip, Password: demoPassword})
	require.NoError(t, err)
	t.Cleanup(phone.Stop)
	require.NoError(t, phone.Register(ctx))
	return phone
}

// agentAt signs an agent in at its seat with its SIP phone and makes it ready.
func agentAt(t *testing.T, s *stack, seat string) (*person, *testcall.Phone) {
	t.Helper()
	phone := seatPhone(t, s, seat)
	p := signIn(t, s, seat)
	p.connect()
	p.do(floor.CmdSignIn, floor.SignInArgs{Seat: seat, Device: "phone"})
	t.Cleanup(func() { p.command(floor.CmdSignOut, nil) })
	p.do(floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	p.waitSeat(floor.SeatIdle)
	return p, phone
}

// citizen opens a phone with the number.
func citizen(t *testing.T, number string) *testcall.Phone {
	t.Helper()
	phone, err := testcall.StartPhone(context.Background(), testcall.Config{Number: number})
	require.NoError(t, err)
	t.Cleanup(phone.Stop)
	return phone
}

// dial calls the hotline; the citizen sends its own tone.
func dial(t *testing.T, s *stack, phone *testcall.Phone, called string) *testcall.Call {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	call, err := phone.Dial(ctx, fmt.Sprintf("sip:%s@%s", called, s.sip), testcall.Sends(testcall.Tone(testcall.ToneOf(testcall.LegCitizen))))
	require.NoError(t, err)
	require.NoError(t, call.WaitAnswered(ctx))
	return call
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}
