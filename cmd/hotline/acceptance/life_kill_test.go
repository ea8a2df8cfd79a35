package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/privacy"
)

// gatewayDouble is a provider of short messages that keeps what it was sent: it delivers a key
// once and drops its repeats, which it counts.
type gatewayDouble struct {
	*httptest.Server
	mu      sync.Mutex
	got     map[string]string // key → text
	repeats int
}

func newGateway(t *testing.T) *gatewayDouble {
	g := &gatewayDouble{got: map[string]string{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m struct{ Key, To, Text string }
		if json.NewDecoder(r.Body).Decode(&m) != nil || m.Key != r.Header.Get("Idempotency-Key") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		if _, seen := g.got[m.Key]; seen {
			g.repeats++
			w.WriteHeader(http.StatusConflict)
			return
		}
		g.got[m.Key] = m.To + " " + m.Text
		fmt.Fprintf(w, `{"id":"g%d"}`, len(g.got))
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gatewayDouble) counts() (delivered, repeats int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.got), g.repeats
}

// ownStack is an installation of the test's own, for what would disturb the others.
func ownStack(t *testing.T, settings ...string) *stack {
	t.Helper()
	dir, err := os.MkdirTemp("", "hl")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	s, err := newStack(dir)
	require.NoError(t, err)
	s.extra = settings
	require.NoError(t, s.start())
	t.Cleanup(func() {
		require.NoError(t, s.stop())
		if t.Failed() {
			t.Logf("the stack said:\n%s", s.out.tail(6000))
		}
	})
	return s
}

// database is the address of the stack's own database.
func (s *stack) database(t *testing.T) string {
	t.Helper()
	password, err := os.ReadFile(filepath.Join(s.data(), "postgres/password"))
	require.NoError(t, err)
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword("hotline", strings.TrimSpace(string(password))),
		Host: net.JoinHostPort("127.0.0.1", s.postgres), Path: "/hotline",
	}
	return address.String()
}

// fill puts tickets into the pool of 待派单, as if a thousand letters had been registered.
func (s *stack) fill(t *testing.T, n int) []string {
	t.Helper()
	keys, err := privacy.LoadKeyRing(filepath.Join(s.data(), "keys.json"))
	require.NoError(t, err)
	store, err := postgres.Open(t.Context(), s.database(t), keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer store.Close()
	classes, err := store.Classes(t.Context())
	require.NoError(t, err)
	ids := make([]string, n)
	list := make([]postgres.Past, n)
	for i := range list {
		list[i] = letterTo(t, i+1, classes[len(classes)-1].ID)
		ids[i] = list[i].Ticket.ID
	}
	require.NoError(t, store.CopyPast(t.Context(), list, "test.letters"))
	return ids
}

// letterTo is a registered and submitted ticket. Its number is of a day that has no others.
func letterTo(t *testing.T, n int, class string) postgres.Past {
	t.Helper()
	now := time.Now().UTC().Add(-time.Minute).Truncate(time.Microsecond)
	who := tickets.Actor{Account: "shouli", Name: "受理员", Roles: []tickets.Role{tickets.Intake}}
	kind, title, content := tickets.Help, fmt.Sprintf("第 %d 封来信", n), "小区路灯不亮，请维修"
	phone := fmt.Sprintf("139%08d", n)
	p := postgres.Past{}
	for _, act := range []struct {
		event tickets.Event
		args  tickets.Args
	}{
		{tickets.Register, tickets.Args{ID: uuid.Must(uuid.NewV7()).String(), Source: tickets.SourceLetter}},
		{tickets.Save, tickets.Args{Fields: tickets.Fields{
			Type: &kind, Title: &title, Content: &content, ClassID: &class, Caller: &tickets.CallerPatch{Phone: &phone},
		}}},
		{tickets.Submit, tickets.Args{}},
	} {
		out, err := tickets.Apply(p.Ticket, act.event, who, act.args, tickets.Facts{}, now)
		require.NoError(t, err)
		p.Ticket, p.Steps = out.Ticket, append(p.Steps, out.Steps...)
	}
	number, err := tickets.NumberOf(time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), n)
	require.NoError(t, err)
	p.Ticket.Number, p.Ticket.QueryCode = number, "123456"
	return p
}

const (
	letters    = 1000
	dispatches = 48 // at once
)

func TestAKillInTheMiddleOfAThousandTransitionsLosesAndDoublesNothing(t *testing.T) {
	gateway := newGateway(t)
	s := ownStack(t, "HOTLINE_MESSAGE_GATEWAY=http", "HOTLINE_MESSAGE_URL="+gateway.URL)
	ids := s.fill(t, letters)
	dispatcher := signIn(t, s, "paidan")

	var begun atomic.Int64
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for begun.Load() < letters/3 {
			time.Sleep(time.Millisecond)
		}
		if pid, err := s.serverPID(); err == nil {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}()
	first := dispatchAll(t, dispatcher, ids, &begun)
	<-killed
	require.Eventually(t, s.ready, 4*patience, 100*time.Millisecond, "the server is back")
	require.Positive(t, first.Load(), "some went through before the kill")
	require.Less(t, first.Load(), int64(letters), "and some did not")
	requireWholeOrNotAtAll(t, s, first.Load())

	begun.Store(0)
	require.EqualValues(t, letters, dispatchAll(t, dispatcher, ids, &begun).Load(), "each request, repeated under its key, is answered")
	requireEachDispatchedOnce(t, s)
	requireTimersOnce(t, s)
	requireMessagesOnce(t, s, gateway)
	requireVerified(t, s)
}

// dispatchAll sends every ticket to a unit, many at once; it gives how many were answered with success.
func dispatchAll(t *testing.T, who *person, ids []string, begun *atomic.Int64) *atomic.Int64 {
	t.Helper()
	var done atomic.Int64
	var refused atomic.Pointer[string] // the first, to explain a failure
	work := make(chan string)
	var workers sync.WaitGroup
	for range dispatches {
		workers.Go(func() {
			for id := range work {
				begun.Add(1)
				if said := dispatchOnce(who, id); said == "" {
					done.Add(1)
				} else {
					refused.CompareAndSwap(nil, &said)
				}
			}
		})
	}
	for _, id := range ids {
		work <- id
	}
	close(work)
	workers.Wait()
	if said := refused.Load(); said != nil {
		t.Logf("not every request was answered with success, such as: %s", *said)
	}
	return &done
}

// dispatchOnce is empty when it was answered with success, else what was said.
func dispatchOnce(who *person, id string) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	body := []byte(`{"version":2,"unit":"csj","reason":"按职责","opinion":"请办理"}`)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, who.stack.url+"/api/v1/tickets/"+id+"/actions/dispatch", bytes.NewReader(body))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", "dispatch-"+id)
	res, err := who.http.Do(req)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK {
		return ""
	}
	said, _ := io.ReadAll(io.LimitReader(res.Body, 500))
	return res.Status + " " + string(said)
}

// query counts in the stack's database.
func (s *stack) query(t *testing.T, sql string, into ...any) {
	t.Helper()
	db, err := pgx.Connect(within(t), s.database(t))
	require.NoError(t, err)
	defer db.Close(context.WithoutCancel(t.Context()))
	require.NoError(t, db.QueryRow(within(t), sql).Scan(into...), sql)
}

// ofLetters are the tickets that the test made.
const ofLetters = ` (SELECT id FROM ticket WHERE number LIKE '200102%') `

func requireWholeOrNotAtAll(t *testing.T, s *stack, answered int64) {
	t.Helper()
	var done, torn int64
	s.query(t, `SELECT count(*) FILTER (WHERE state = 'dispatched'),
		count(*) FILTER (WHERE NOT CASE state
			WHEN 'dispatched' THEN legs = 1 AND steps = 1 AND told >= 2 AND version = 3
			WHEN 'to_dispatch' THEN legs = 0 AND steps = 0 AND told = 0 AND version = 2 ELSE false END)
		FROM (SELECT t.state, t.version,
			(SELECT count(*) FROM ticket_leg l WHERE l.ticket = t.id) AS legs,
			(SELECT count(*) FROM ticket_flow f WHERE f.ticket = t.id AND f.event = 'dispatch') AS steps,
			(SELECT count(*) FROM notice n WHERE n.ticket = t.id AND n.kind IN ('dispatched', 'new_leg')) AS told
			FROM ticket t WHERE t.id IN`+ofLetters+`) x`, &done, &torn)
	require.Zero(t, torn, "tickets that are half dispatched")
	require.GreaterOrEqual(t, done, answered, "what was answered is there")
	t.Logf("at the kill: %d answered, %d kept, %d not begun", answered, done, letters-done)
}

func requireEachDispatchedOnce(t *testing.T, s *stack) {
	t.Helper()
	var once int
	s.query(t, `SELECT count(*) FROM (SELECT ticket FROM ticket_flow WHERE event = 'dispatch' AND ticket IN`+ofLetters+`
		GROUP BY ticket HAVING count(*) = 1) x`, &once)
	require.Equal(t, letters, once)
}

// requireTimersOnce lets every sign limit pass, kills the server while the timers work, and finds
// each of their effects once.
func requireTimersOnce(t *testing.T, s *stack) {
	t.Helper()
	signIn(t, s, "admin").post("/api/v1/demo/clock", map[string]int{"working_days": 2}, nil)
	late := func() (legs, steps int) {
		s.query(t, `SELECT (SELECT count(*) FROM ticket_leg WHERE signed_late AND ticket IN`+ofLetters+`),
			(SELECT count(*) FROM ticket_flow WHERE event = 'sign_overdue' AND ticket IN`+ofLetters+`)`, &legs, &steps)
		return legs, steps
	}
	require.Eventually(t, func() bool { legs, _ := late(); return legs > letters/10 }, 4*patience, tick, "timers work")
	pid, err := s.serverPID()
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	require.Eventually(t, func() bool { now, err := s.serverPID(); return err == nil && now != pid && s.ready() }, 4*patience, 100*time.Millisecond)
	require.Eventually(t, func() bool { legs, _ := late(); return legs == letters }, 8*patience, 10*tick, "every limit that passed is noted")
	legs, steps := late()
	require.Equal(t, letters, legs)
	require.Equal(t, letters, steps, "once each")
}

// requireMessagesOnce waits until nothing is left to tell: each message was delivered once.
func requireMessagesOnce(t *testing.T, s *stack, gateway *gatewayDouble) {
	t.Helper()
	var waiting, citizens int
	require.Eventually(t, func() bool {
		s.query(t, `SELECT (SELECT count(*) FROM notice WHERE state IN ('waiting', 'failed')) + (SELECT count(*) FROM message WHERE state IN ('waiting', 'sending')),
			(SELECT count(*) FROM message m JOIN notice n ON n.id = m.notice WHERE n.kind = 'dispatched' AND m.ticket IN`+ofLetters+`)`, &waiting, &citizens)
		return waiting == 0
	}, 10*patience, 10*tick, "everybody is told in the end")
	require.Equal(t, letters, citizens, "one message a citizen")
	var messages int
	s.query(t, `SELECT count(*) FROM message WHERE state <> 'over_quota'`, &messages)
	delivered, repeats := gateway.counts()
	require.Equal(t, messages, delivered, "each message left")
	t.Logf("the gateway took %d messages and dropped %d repeats by their keys", delivered, repeats)
}

func requireVerified(t *testing.T, s *stack) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(s.bin, "hotline"), "verify")
	cmd.Dir, cmd.Env = s.dir, append(append([]string{}, s.env...), "HOTLINE_POSTGRES_URL="+s.database(t))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), " 0 mismatches")
}
