package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/tickets"
)

// commander records what reaches the floor and answers as told.
type commander struct {
	mu   sync.Mutex
	got  []floor.Command
	data json.RawMessage
	err  error
}

func (c *commander) Do(_ context.Context, cmd floor.Command) (json.RawMessage, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, cmd)
	return c.data, c.err
}

type live struct {
	t      *testing.T
	server *Server
	floor  *commander
	url    string
}

func newLive(t *testing.T) *live {
	t.Helper()
	f := &commander{}
	s := &Server{floor: f, hub: newHub(), limits: newSignInLimits(), draining: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.hub.run(ctx) }()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := Identity{Account: r.URL.Query().Get("as"), Seat: r.URL.Query().Get("seat")}
		for _, role := range strings.Split(r.URL.Query().Get("roles"), ",") {
			id.Roles = append(id.Roles, tickets.Role(role))
		}
		c := context.WithValue(r.Context(), identityKey, id)
		s.serveSocket(w, r.WithContext(context.WithValue(c, sessionKey, r.URL.Query().Get("session"))))
	}))
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
		s.live.Wait()
		cancel()
		<-done
	})
	return &live{t: t, server: s, floor: f, url: "ws" + strings.TrimPrefix(srv.URL, "http")}
}

type page struct {
	t    *testing.T
	conn *websocket.Conn
}

func (l *live) open(query string) *page {
	l.t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial(l.url+"/ws?"+query, nil)
	require.NoError(l.t, err)
	l.t.Cleanup(func() { conn.Close() })
	return &page{l.t, conn}
}

type received struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// next reads frames until one of the type comes.
func (p *page) next(kind string) received {
	p.t.Helper()
	for {
		require.NoError(p.t, p.conn.SetReadDeadline(time.Now().Add(5*time.Second)))
		_, body, err := p.conn.ReadMessage()
		require.NoError(p.t, err, "waiting for a %s frame", kind)
		var f received
		require.NoError(p.t, json.Unmarshal(body, &f))
		if f.Type == kind {
			return f
		}
	}
}

func (p *page) send(frame string) {
	p.t.Helper()
	require.NoError(p.t, p.conn.WriteMessage(websocket.TextMessage, []byte(frame)))
}

// settle returns when everything followed so far has been applied.
func (l *live) settle(id string) {
	l.t.Helper()
	require.Eventually(l.t, func() bool {
		l.server.hub.stateMu.Lock()
		defer l.server.hub.stateMu.Unlock()
		return l.server.hub.lastID == id
	}, 5*time.Second, time.Millisecond)
}

func seatUpdate(id, seat string, state floor.SeatState) floor.Update {
	return floor.Update{ID: id, Seat: &floor.SeatView{Seat: seat, State: state, Account: seat}}
}

func TestSocketGreetsAndGivesTheSeatItsState(t *testing.T) {
	l := newLive(t)
	l.server.hub.Follow(seatUpdate("1-1", "8001", floor.SeatIdle))
	l.settle("1-1")
	p := l.open("as=8001&seat=8001&roles=agent")
	require.JSONEq(t, `"8001"`, string(field(t, p.next("hello").Data, "seat")))
	require.JSONEq(t, `"idle"`, string(field(t, p.next("seat").Data, "state")))
}

func TestSocketShowsASeatOnlyItsOwnCall(t *testing.T) {
	l := newLive(t)
	mine := l.open("as=8001&seat=8001&roles=agent")
	other := l.open("as=8002&seat=8002&roles=agent")
	mine.next("seat")
	other.next("seat")
	call := floor.CallView{ID: "c1", Seat: "8001", Caller: "13812345678", Masked: "138****5678"}
	l.server.hub.Follow(floor.Update{ID: "1-1", Pop: &floor.Pop{Call: call}})
	l.server.hub.Follow(floor.Update{ID: "1-2", Call: &call})
	l.server.hub.Follow(seatUpdate("1-3", "8002", floor.SeatIdle))
	require.Contains(t, string(mine.next("pop").Data), "13812345678")
	require.Contains(t, string(mine.next("call").Data), "13812345678")
	f := readAny(t, other)
	require.Equal(t, "seat", f.Type, "the other seat's first frame is its own state, not the call")
	require.NotContains(t, string(f.Data), "13812345678")
}

func TestSocketResumesFromItsCursor(t *testing.T) {
	tests := map[string]struct {
		cursor string
		want   []string // ids of the seat frames that come
	}{
		"what was missed comes in order":        {"1-2", []string{"1-2", "1-3", "1-4"}},
		"only the last event is repeated":       {"1-4", []string{"1-4"}},
		"an unknown cursor gets the state once": {"0-99", []string{"1-4"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := newLive(t)
			for i, st := range []floor.SeatState{floor.SeatNotReady, floor.SeatIdle, floor.SeatRinging, floor.SeatTalking} {
				l.server.hub.Follow(seatUpdate("1-"+string(rune('1'+i)), "8001", st))
			}
			l.settle("1-4")
			p := l.open("as=8001&seat=8001&roles=agent&floor=" + tt.cursor)
			p.next("hello")
			var got []string
			p.send(`{"ref":1,"type":"ping"}`)
			for {
				f := readAny(t, p)
				if f.Type == "reply" {
					break
				}
				if f.Type == "seat" {
					got = append(got, f.ID)
				}
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestBoardGetsOneSnapshotThenChanges(t *testing.T) {
	l := newLive(t)
	l.server.hub.Follow(seatUpdate("1-1", "8001", floor.SeatIdle))
	require.Eventually(t, func() bool { // the change has gone out to the boards there were
		l.server.hub.stateMu.Lock()
		defer l.server.hub.stateMu.Unlock()
		return l.server.hub.lastID == "1-1" && !slices.ContainsFunc(l.server.hub.unsent[:], func(d boardDebt) bool { return !d.none() })
	}, 5*time.Second, time.Millisecond)
	p := l.open("as=banzhang&roles=supervisor")
	p.send(`{"ref":"w","type":"board.watch"}`)
	require.Contains(t, string(p.next("board").Data), `"8001"`)
	l.server.hub.Follow(seatUpdate("1-2", "8002", floor.SeatTalking))
	change := p.next("board.change")
	require.Contains(t, string(change.Data), `"8002"`)
	require.NotContains(t, string(change.Data), `"8001"`, "only what changed is sent")
}

func TestCommandsReachTheFloorWithTheAskersSeat(t *testing.T) {
	l := newLive(t)
	p := l.open("as=8001&seat=8001&roles=agent")
	p.send(`{"ref":7,"type":"call.hold","data":{"call":"c1","seat":"8002"}}`)
	reply := p.next("reply")
	require.JSONEq(t, `7`, string(field(t, reply.Data, "ref")))
	require.JSONEq(t, `true`, string(field(t, reply.Data, "ok")))
	require.Len(t, l.floor.got, 1)
	require.Equal(t, "8001", l.floor.got[0].Seat)
	require.Equal(t, floor.CmdHold, l.floor.got[0].Name)
}

func TestFramesThatAreRefused(t *testing.T) {
	tests := map[string]struct{ query, frame, code string }{
		"no JSON":                      {"as=8001&seat=8001&roles=agent", `hello`, floor.RefusedBadArgs},
		"no type":                      {"as=8001&seat=8001&roles=agent", `{"ref":1}`, floor.RefusedBadArgs},
		"a command that isn't one":     {"as=8001&seat=8001&roles=agent", `{"ref":1,"type":"call.explode"}`, floor.RefusedUnknownCommand},
		"an agent forcing a seat":      {"as=8001&seat=8001&roles=agent", `{"ref":1,"type":"seat.force","data":{}}`, "forbidden"},
		"an agent watching the board":  {"as=8001&seat=8001&roles=agent", `{"ref":1,"type":"board.watch"}`, "forbidden"},
		"an agent who owns no seat":    {"as=8009&roles=agent", `{"ref":1,"type":"call.hold","data":{}}`, floor.RefusedNotYourSeat},
		"a clerk working at the phone": {"as=paidan&roles=dispatcher", `{"ref":1,"type":"seat.sign_in","data":{}}`, "forbidden"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := newLive(t)
			p := l.open(tt.query)
			p.send(tt.frame)
			require.Contains(t, string(p.next("reply").Data), `"code":"`+tt.code+`"`)
			require.Empty(t, l.floor.got, "nothing reached the floor")
		})
	}
}

func TestFrameOfTenMegabytesEndsTheSocketAndNothingElse(t *testing.T) {
	l := newLive(t)
	bad := l.open("as=8001&seat=8001&roles=agent")
	good := l.open("as=8002&seat=8002&roles=agent")
	good.next("seat")
	_ = bad.conn.WriteMessage(websocket.TextMessage, make([]byte, 10<<20))
	require.Eventually(t, func() bool {
		_ = bad.conn.SetReadDeadline(time.Now().Add(time.Second))
		_, _, err := bad.conn.ReadMessage()
		return err != nil
	}, 5*time.Second, time.Millisecond)
	l.server.hub.Follow(seatUpdate("1-1", "8002", floor.SeatIdle))
	require.Equal(t, "1-1", good.next("seat").ID)
}

func TestSecondSignInSaysByeToTheFirstPage(t *testing.T) {
	l := newLive(t)
	first := l.open("as=8001&seat=8001&roles=agent&session=a")
	second := l.open("as=8001&seat=8001&roles=agent&session=b")
	first.next("seat")
	second.send(`{"ref":1,"type":"seat.sign_in","data":{"seat":"8001","device":"browser"}}`)
	require.Contains(t, string(first.next("bye").Data), "replaced")
	second.next("reply")
}

func TestSlowReaderIsCutOffWithoutBlockingTheFloor(t *testing.T) {
	s := &socket{out: make(chan []byte, 2), done: make(chan struct{})}
	for range 10 {
		s.send([]byte("x"))
	}
	require.Equal(t, closeSlowReader, s.code)
}

func TestDeskChangesResumeFromTheDeskCursor(t *testing.T) {
	l := newLive(t)
	l.server.hub.changed(DeskChange{ID: "10", Kind: "ticket", Ticket: "a"})
	l.server.hub.changed(DeskChange{ID: "11", Kind: "ticket", Ticket: "b"})
	p := l.open("as=8001&seat=8001&roles=agent&desk=10")
	f := p.next("desk")
	require.Equal(t, "11", f.ID)
	old := l.open("as=8001&seat=8001&roles=agent&desk=3")
	require.Contains(t, string(old.next("desk").Data), `"kind":"all"`)
}

func field(t *testing.T, data json.RawMessage, name string) json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &m))
	return m[name]
}

func readAny(t *testing.T, p *page) received {
	t.Helper()
	require.NoError(t, p.conn.SetReadDeadline(time.Now().Add(5*time.Second)))
	_, body, err := p.conn.ReadMessage()
	require.NoError(t, err)
	var f received
	require.NoError(t, json.Unmarshal(body, &f))
	return f
}
