package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/tickets/directory"
)

const (
	socketReadLimit  = 64 << 10 // bytes; a larger frame ends the socket with 1009
	socketQueue      = 1024     // frames; a reader slower than this is cut off and comes back
	socketPing       = 10 * time.Second
	socketSilence    = 25 * time.Second
	socketWrite      = 5 * time.Second
	commandDeadline  = 2 * time.Second
	maxOpenCommands  = 16
	closeSlowReader  = 4001
	closeBye         = 4002
	commandNameLimit = 64
)

// socket is one page's live connection.
type socket struct {
	conn     *websocket.Conn
	identity Identity
	session  string
	out      chan []byte
	units    []string // whose tickets' changes it is told of; nil: all
	board    atomic.Bool
	group    int // of boards; set before board is
	done     chan struct{}
	end      sync.Once
	code     int
	reason   string
}

// sees tells whether the page may hear of a change: the same scope as in lists and by id.
func (s *socket) sees(c DeskChange) bool {
	switch c.Kind {
	case "notice":
		return c.Account == s.identity.Account
	case "ticket":
		if c.Account != "" { // a draft
			return c.Account == s.identity.Account || s.identity.Can(directory.DraftsAll)
		}
	case "call", "recording", "callback":
		if s.identity.Can(directory.CallList) || s.identity.Can(directory.CallbackWork) {
			return true
		}
	default:
		return true
	}
	return s.units == nil || slices.ContainsFunc(c.Units, func(unit string) bool { return slices.Contains(s.units, unit) })
}

func (s *socket) seat() string { return s.identity.Seat }

// send queues a frame; it never blocks.
func (s *socket) send(body []byte) {
	select {
	case s.out <- body:
	case <-s.done:
	default:
		s.close(closeSlowReader, "slow reader")
	}
}

func (s *socket) bye(reason string) {
	if body, err := frame("", "bye", byeData{reason}); err == nil {
		s.send(body)
	}
	s.close(closeBye, reason)
}

// close ends the socket after what is queued has been written.
func (s *socket) close(code int, reason string) {
	s.end.Do(func() {
		s.code, s.reason = code, reason
		close(s.done)
	})
}

// clientFrame is what a page sends.
type clientFrame struct {
	Ref  json.RawMessage `json:"ref"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

type replyData struct {
	Ref   json.RawMessage `json:"ref"`
	OK    bool            `json:"ok"`
	Data  any             `json:"data,omitempty"`
	Error *replyError     `json:"error,omitempty"`
}

type replyError struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// serveSocket upgrades an authenticated request and serves it until it ends.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	id, ok := IdentityOf(r.Context())
	if !ok {
		writeProblem(w, problem(http.StatusUnauthorized, "not_signed_in", "sign in first"))
		return
	}
	units, err := s.desk.UnitsSeen(r.Context(), id)
	if err != nil {
		writeProblem(w, problem(http.StatusServiceUnavailable, "unavailable", "the desk does not answer"))
		return
	}
	up := websocket.Upgrader{ReadBufferSize: 4096, WriteBufferSize: 16384, HandshakeTimeout: 5 * time.Second, CheckOrigin: sameOrigin}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		slog.Warn("socket not upgraded", "account", id.Account, "error", err)
		return
	}
	sock := &socket{conn: conn, identity: id, units: units, session: sessionOf(r.Context()), out: make(chan []byte, socketQueue), done: make(chan struct{})}
	s.live.Add(1)
	defer s.live.Done()
	writer := make(chan struct{})
	go func() { defer close(writer); sock.write() }()
	if err := s.hub.join(sock, r.URL.Query().Get("floor"), r.URL.Query().Get("desk")); err != nil {
		slog.Error("socket not joined", "account", id.Account, "error", err)
	} else {
		s.read(sock)
	}
	s.hub.leave(sock)
	sock.close(websocket.CloseNormalClosure, "")
	<-writer
}

// write is the socket's only writer.
func (s *socket) write() {
	ping := time.NewTicker(socketPing)
	defer ping.Stop()
	defer s.conn.Close()
	for {
		select {
		case body := <-s.out:
			if !s.put(body) {
				return
			}
		case <-ping.C:
			if err := s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(socketWrite)); err != nil {
				s.close(websocket.CloseAbnormalClosure, "ping failed")
				return
			}
		case <-s.done:
			for len(s.out) > 0 && s.code != closeSlowReader {
				if !s.put(<-s.out) {
					return
				}
			}
			_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(s.code, s.reason), time.Now().Add(socketWrite))
			return
		}
	}
}

func (s *socket) put(body []byte) bool {
	_ = s.conn.SetWriteDeadline(time.Now().Add(socketWrite))
	if err := s.conn.WriteMessage(websocket.TextMessage, body); err != nil {
		s.close(websocket.CloseAbnormalClosure, "write failed")
		return false
	}
	return true
}

// read takes the page's frames. Commands run beside it, at most maxOpenCommands at once.
func (s *Server) read(sock *socket) {
	sock.conn.SetReadLimit(socketReadLimit)
	alive := func() { _ = sock.conn.SetReadDeadline(time.Now().Add(socketSilence)) }
	alive()
	sock.conn.SetPongHandler(func(string) error { alive(); return nil })
	slots := make(chan struct{}, maxOpenCommands)
	var open sync.WaitGroup
	defer open.Wait()
	for {
		_, raw, err := sock.conn.ReadMessage()
		if err != nil {
			if errors.Is(err, websocket.ErrReadLimit) {
				slog.Warn("socket frame too large", "account", sock.identity.Account, "limit", socketReadLimit)
			}
			return
		}
		alive()
		var f clientFrame
		if err := json.Unmarshal(raw, &f); err != nil || f.Type == "" || len(f.Type) > commandNameLimit {
			sock.answer(f.Ref, nil, &floor.Refusal{Code: floor.RefusedBadArgs, Detail: "a frame is {ref, type, data}"})
			continue
		}
		select {
		case slots <- struct{}{}:
		default:
			sock.answer(f.Ref, nil, &floor.Refusal{Code: "too_many_requests", Detail: "earlier commands are still open"})
			continue
		}
		open.Add(1)
		go func() {
			defer open.Done()
			defer func() { <-slots }()
			data, err := s.handleFrame(sock, f)
			sock.answer(f.Ref, data, err)
		}()
	}
}

func (s *socket) answer(ref json.RawMessage, data any, err error) {
	reply := replyData{Ref: ref, OK: err == nil, Data: data}
	if len(ref) == 0 {
		reply.Ref = json.RawMessage("null")
	}
	if err != nil {
		var r *floor.Refusal
		if !errors.As(err, &r) {
			r = &floor.Refusal{Code: floor.RefusedSwitchDown, Detail: "the floor did not answer in time"}
			slog.Error("command failed", "account", s.identity.Account, "seat", s.identity.Seat, "error", err)
		}
		reply.Error = &replyError{Code: r.Code, Detail: r.Detail}
	}
	body, encErr := frame("", "reply", reply)
	if encErr != nil {
		slog.Error("reply not encoded", "error", encErr)
		return
	}
	s.send(body)
}

func (s *Server) handleFrame(sock *socket, f clientFrame) (any, error) {
	switch f.Type {
	case "ping":
		return nil, nil
	case "board.watch":
		if !sock.identity.Can(directory.FloorWatch) {
			return nil, &floor.Refusal{Code: "forbidden", Detail: "this role has no board"}
		}
		return nil, s.hub.watch(sock)
	case "board.unwatch":
		sock.board.Store(false)
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandDeadline)
	defer cancel()
	data, err := s.command(ctx, sock.identity, floor.CommandName(f.Type), f.Data)
	if err == nil && floor.CommandName(f.Type) == floor.CmdSignIn {
		s.hub.dismiss(func(o *socket) bool {
			return o.seat() == sock.seat() && o.session != sock.session
		}, "replaced")
	}
	return data, err
}
