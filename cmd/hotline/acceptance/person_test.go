package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/tickets/service"
)

const (
	patience     = 15 * time.Second
	tick         = 50 * time.Millisecond
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
	cut     bool // the server is gone
	frames  []received
	seat    floor.SeatView // as last told
	talk    floor.CallView // as last told
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
	p.conn, p.cut = conn, false
	p.mu.Unlock()
	p.t.Cleanup(func() { conn.Close() })
	go func() {
		for {
			_, raw, err := conn.ReadMessage()
			if err != nil {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.cut = p.conn == conn
				return
			}
			var f received
			if json.Unmarshal(raw, &f) != nil {
				return
			}
			p.mu.Lock()
			p.frames = append(p.frames, f)
			switch f.Type {
			case "seat":
				p.seat = floor.SeatView{}
				_ = json.Unmarshal(f.Data, &p.seat)
			case "call":
				p.talk = floor.CallView{}
				_ = json.Unmarshal(f.Data, &p.talk)
			}
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

// seatNow is the own seat as last told.
func (p *person) seatNow() floor.SeatView {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seat
}

// finishCall writes the call note, ends the wrap-up and waits until the seat is ready again.
func (p *person) finishCall(call calls.ID, note calls.Note) {
	p.t.Helper()
	p.waitSeat(floor.SeatWrapUp)
	p.do(floor.CmdNote, floor.NoteArgs{Call: string(call), Note: string(note)})
	p.do(floor.CmdWrapUpDone, nil)
	p.waitSeat(floor.SeatIdle)
}

// leave signs the seat out, whatever it is doing.
func (p *person) leave() {
	p.t.Helper()
	p.mu.Lock()
	cut := p.cut
	p.mu.Unlock()
	if cut {
		p.connect()
	}
	require.Eventually(p.t, func() bool {
		seat := p.seatNow()
		switch seat.State {
		case floor.SeatSignedOut:
			return true
		case floor.SeatWrapUp:
			p.command(floor.CmdNote, floor.NoteArgs{Call: string(seat.Call), Note: string(calls.NoteDropped)})
			p.command(floor.CmdWrapUpDone, nil)
		case floor.SeatTalking, floor.SeatHolding, floor.SeatConsult, floor.SeatThreeWay, floor.SeatRinging, floor.SeatDialling:
			p.command(floor.CmdHangup, floor.HangupArgs{Call: string(seat.Call), Reason: "test over"})
		}
		p.command(floor.CmdSignOut, nil)
		return false
	}, patience, tick, "%s signs out", p.account)
}

// in makes failures be those of a subtest.
func (p *person) in(t *testing.T) *person {
	was := p.t
	p.t = t
	t.Cleanup(func() { p.t = was })
	return p
}

// supervise signs the supervisor in.
func supervise(t *testing.T, s *stack) *person {
	t.Helper()
	return signIn(t, s, "banzhang")
}

// callFrom waits until the newest call of the number is as wanted.
func (p *person) callFrom(number, what string, ok func(service.CallRecord) bool) service.CallRecord {
	p.t.Helper()
	var record service.CallRecord
	require.Eventually(p.t, func() bool {
		var page service.Page[service.CallRecord]
		p.get("/api/v1/calls?limit=1&caller="+number, &page)
		if len(page.Items) == 0 {
			return false
		}
		p.get("/api/v1/calls/"+string(page.Items[0].ID), &record)
		return ok(record)
	}, patience, tick, "the call of %s: %s", number, what)
	return record
}

func ended(r service.CallRecord) bool { return r.End != nil }

func waiting(r service.CallRecord) bool { return len(r.Waits) > 0 && r.End == nil }

// past holds when the caller has left the node of the menu.
func past(node string) func(service.CallRecord) bool {
	return func(r service.CallRecord) bool {
		return slices.ContainsFunc(r.Path, func(s service.PathStep) bool { return s.Node == node })
	}
}

// seatPhone registers the seat's SIP phone.
func seatPhone(t *testing.T, s *stack, seat string) *testcall.Phone {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	phone, err := testcall.StartPhone(context.Background(), testcall.Config{Number: seat, Registrar: s.sip, Password: demoPassword})
	require.NoError(t, err)
	t.Cleanup(phone.Stop)
	// The phones are put on the switch when the floor has found it, moments after the pages serve.
	for {
		err = phone.Register(ctx)
		var refused *testcall.RegisterError
		if !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
			break
		}
	}
	require.NoError(t, err)
	return phone
}

// agentAt signs an agent in at its seat with its SIP phone and makes it ready.
func agentAt(t *testing.T, s *stack, seat string) (*person, *testcall.Phone) {
	t.Helper()
	phone := seatPhone(t, s, seat)
	p := signIn(t, s, seat)
	p.connect()
	p.do(floor.CmdSignIn, floor.SignInArgs{Seat: seat, Device: "phone"})
	t.Cleanup(p.leave)
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

// inputAt is what was pressed at a node of the menu.
func inputAt(r service.CallRecord, node string) string {
	for _, step := range r.Path {
		if step.Node == node {
			return step.Input
		}
	}
	return ""
}
