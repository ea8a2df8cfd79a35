package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/open12345/hotline/cti/calls"
)

// BenchLiveClientsCmd opens the sockets of bench live and notes when each complete pop was read.
// It says "ready", then works until its input ends, and says what came.
type BenchLiveClientsCmd struct {
	Server string `arg:"" help:"host:port"`
	Seats  int    `arg:""`
	Boards int    `arg:""`
}

// liveClients is all sockets together.
type liveClients struct {
	mu      sync.Mutex
	pops    map[calls.ID]time.Time
	changes atomic.Int64
	ending  atomic.Bool
	lost    []error // sockets that ended by themselves
	reading sync.WaitGroup
	conns   []*websocket.Conn
}

// Run serves one measurement.
func (c *BenchLiveClientsCmd) Run(a *app) error {
	l := &liveClients{pops: map[calls.ID]time.Time{}}
	defer l.close()
	for i := range c.Seats {
		if err := l.open(a.ctx, c.Server, benchSeat(i), false); err != nil {
			return err
		}
	}
	for range c.Boards {
		if err := l.open(a.ctx, c.Server, benchSupervisor, true); err != nil {
			return err
		}
	}
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return fmt.Errorf("wait for the end of the measurement: %w", err)
	}
	l.close()
	out := bufio.NewWriter(os.Stdout)
	for id, at := range l.pops {
		fmt.Fprintf(out, "pop %s %d\n", id, at.UnixNano())
	}
	fmt.Fprintf(out, "changes boards %d\n", l.changes.Load())
	if len(l.lost) > 0 {
		return errors.Join(out.Flush(), fmt.Errorf("%d sockets were lost, the first: %w", len(l.lost), l.lost[0]))
	}
	return out.Flush()
}

// open connects a socket, waits for its first frame and reads on in the background.
func (l *liveClients) open(ctx context.Context, server, account string, board bool) error {
	dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second}
	conn, resp, err := dialer.DialContext(ctx, "ws://"+server+"/ws", http.Header{"Authorization": {"Bearer " + benchToken(account)}})
	if err != nil {
		return fmt.Errorf("open a socket of %s: %w", account, err)
	}
	resp.Body.Close()
	l.conns = append(l.conns, conn)
	if _, _, err := conn.ReadMessage(); err != nil {
		return fmt.Errorf("greet %s: %w", account, err)
	}
	if board {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"ref":1,"type":"board.watch"}`)); err != nil {
			return fmt.Errorf("watch the board: %w", err)
		}
	}
	l.reading.Go(func() {
		if board {
			l.watch(conn)
		} else {
			l.read(conn)
		}
	})
	return nil
}

// watch reads a board's frames: after the snapshot they are changes.
func (l *liveClients) watch(conn *websocket.Conn) {
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			l.lose(err)
			return
		}
		l.changes.Add(1)
	}
}

func (l *liveClients) read(conn *websocket.Conn) {
	var noted calls.ID
	for {
		_, body, err := conn.ReadMessage()
		at := time.Now()
		if err != nil {
			l.lose(err)
			return
		}
		var f struct {
			Type string          `json:"type"`
			Data json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(body, &f); err != nil {
			l.lose(err)
			return
		}
		switch f.Type {
		case "pop":
			l.popped(f.Data, at)
		case "seat":
			if noted, err = wrapUp(conn, f.Data, noted); err != nil {
				l.lose(err)
				return
			}
		}
	}
}

func (l *liveClients) lose(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ending.Load() {
		l.lost = append(l.lost, err)
	}
}

// wrapUp writes the call note once the call is over, as the seat's agent would; without it the seat
// stays in wrap-up. It returns the call whose note was written last.
func wrapUp(conn *websocket.Conn, data json.RawMessage, noted calls.ID) (calls.ID, error) {
	var seat struct {
		State string   `json:"state"`
		Call  calls.ID `json:"call"`
	}
	if err := json.Unmarshal(data, &seat); err != nil || seat.State != "wrap_up" || seat.Call == "" || seat.Call == noted {
		return noted, err
	}
	return seat.Call, conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"ref":"note","type":"call.note","data":{"call":%q,"note":"answered"}}`, seat.Call))
}

func (l *liveClients) popped(data json.RawMessage, at time.Time) {
	var pop struct {
		Call     struct{ ID calls.ID } `json:"call"`
		Complete bool                  `json:"complete"`
	}
	if err := json.Unmarshal(data, &pop); err != nil || !pop.Complete {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, again := l.pops[pop.Call.ID]; !again {
		l.pops[pop.Call.ID] = at
	}
}

func (l *liveClients) close() {
	l.ending.Store(true)
	for _, conn := range l.conns {
		conn.Close()
	}
	l.reading.Wait()
}
