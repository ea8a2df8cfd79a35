package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/goredisstore"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/acd/livestate/redisserver"
	files "github.com/open12345/hotline/configs/demo"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/attachment"
	"github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/postgres/cluster"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

// What all tests of the package share, so that copies of the demo city can be opened and played.
var (
	keyRing = sync.OnceValues(privacy.NewKeyRing)
	blobs   = &blobStore{kept: map[string][]byte{}}
)

// stack is the real handler on the demo city in a real database, with sessions in a real Redis.
// Only the floor, the switch's phones and the files of prompts and menus are doubles.
type stack struct {
	t       *testing.T
	store   *postgres.Store
	desk    *service.Service
	keys    *privacy.KeyRing
	server  *web.Server
	handler http.Handler
	floor   *floorDouble
	redis   *redisserver.Server
	files   *attachment.Store
	seq     int
	cookies map[string]string // by account
}

func zone() *time.Location {
	where, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return where
}

func loadCity(ctx context.Context, url string) error {
	keys, err := keyRing()
	if err != nil {
		return err
	}
	store, err := postgres.Open(ctx, url, keys, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer store.Close()
	if _, err := store.Migrate(ctx); err != nil {
		return err
	}
	_, err = demo.Load(ctx, demo.Config{
		Demo: true, Store: store, Keys: keys, Files: files.Files, Zone: zone(), Now: time.Now(), Node: "sw1",
		Events: store.Sink(0).Store, PutRecording: blobs.put,
		Speak: func(_ context.Context, text string, _ int) ([]int16, error) {
			return make([]int16, len([]rune(text))*400), nil
		},
	})
	return err
}

func setup(t *testing.T, change ...func(*web.Config, *web.Deps)) *stack {
	t.Helper()
	keys, err := keyRing()
	require.NoError(t, err)
	store, err := postgres.Open(t.Context(), cluster.ForTestFrom(t, "city", loadCity), keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	s := &stack{t: t, store: store, keys: keys, floor: &floorDouble{}, redis: redisserver.ForTest(t), files: attachments(t), cookies: map[string]string{}}
	s.desk = service.New(service.Config{
		Store: store, Keys: keys, Zone: zone(), CaptchaAfter: 3, Lock: directory.LockPolicy{After: 5, For: 10 * time.Minute},
		Log: slog.New(slog.DiscardHandler),
	})
	client := redis.NewClient(s.redis.Options())
	t.Cleanup(func() { _ = client.Close() })
	cfg := web.Config{
		Listen: "127.0.0.1:0", Demo: true, Version: "test", Timezone: zone(), Captcha: web.CaptchaAfterFailures,
		SessionIdle: time.Hour, SessionLife: 12 * time.Hour,
	}
	deps := web.Deps{
		Floor: s.floor, Desk: s.desk, Sessions: goredisstore.New(client), Phones: phonesDouble{}, Health: healthDouble{},
		Sounds: blobs, Files: s.files, Bridge: bridgeDouble{}, House: houseDouble{}, Metrics: prometheus.NewRegistry(), Demo: &demoDouble{}, Menus: menusDouble{}, Prompts: promptsDouble{},
		Pages: fstest.MapFS{"index.html": {Data: []byte("<p>console")}, "citizen.html": {Data: []byte("<p>citizen")}},
	}
	for _, c := range change {
		c(&cfg, &deps)
	}
	s.server, err = web.New(cfg, deps)
	require.NoError(t, err)
	s.handler = s.server.Handler()
	return s
}

// identity is an account as the desk knows it.
func (s *stack) identity(account string) service.Identity {
	s.t.Helper()
	who, err := s.desk.Identity(s.t.Context(), account)
	require.NoError(s.t, err)
	return who
}

// cookie is the account's session, begun at the demo's own host of the account.
func (s *stack) cookie(account string) string {
	s.t.Helper()
	if s.cookies[account] == "" {
		s.cookies[account] = s.freshCookie(account)
	}
	return s.cookies[account]
}

func (s *stack) freshCookie(account string) string {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://"+account+".localhost:8080/", nil)
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Sec-Fetch-Dest", "document")
	for _, c := range s.do(r).Cookies() {
		if c.Name == "hotline_session" {
			return c.Value
		}
	}
	s.t.Fatalf("%s is not signed in by its host", account)
	return ""
}

func (s *stack) do(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Result()
}

// request makes a JSON request of the account; "" asks without a session.
func (s *stack) request(account, method, path, body string) *http.Request {
	s.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "http://hotline.test/api/v1"+path, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if account != "" {
		r.AddCookie(&http.Cookie{Name: "hotline_session", Value: s.cookie(account)})
	}
	return r
}

// ask makes the request and returns status and body.
func (s *stack) ask(account, method, path, body string) (int, string) {
	s.t.Helper()
	resp := s.do(s.request(account, method, path, body))
	raw, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp.StatusCode, string(raw)
}

// floorDouble records the commands that reach the floor.
type floorDouble struct {
	mu  sync.Mutex
	got []floor.Command
}

func (f *floorDouble) Do(_ context.Context, cmd floor.Command) (json.RawMessage, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, cmd)
	if cmd.Name == floor.CmdHold {
		return nil, &floor.Refusal{Code: floor.RefusedNoSuchCall, Detail: "the call has ended"}
	}
	return json.RawMessage(`{}`), nil
}

func (f *floorDouble) commands() []floor.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]floor.Command(nil), f.got...)
}

// bridgeDouble begins every call it is asked for.
type bridgeDouble struct{}

func (bridgeDouble) Bridge(_ context.Context, req floor.BridgeRequest) (calls.ID, error) {
	if req.From == "" || req.To == "" {
		return "", &floor.Refusal{Code: floor.RefusedNumber}
	}
	return calls.NewID(time.Now(), "sw1", "bridge."+req.Account), nil
}

// attachments is a real store in a folder of the test.
func attachments(t *testing.T) *attachment.Store {
	t.Helper()
	store, err := attachment.Open(t.Context(), "file://"+filepath.ToSlash(t.TempDir()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

type phonesDouble struct{}

func (phonesDouble) SeatPhone(_ context.Context, seat string) (web.PhoneSecret, error) {
	return web.PhoneSecret{User: "w" + seat, Realm: "asterisk", HA1: "0123", URI: "sip:w" + seat + "@h", WSPath: "/sip"}, nil
}

type healthDouble struct{}

func (healthDouble) Parts(context.Context) (map[string]web.PartHealth, bool) {
	return map[string]web.PartHealth{"switch": {OK: true}, "database": {OK: false, Detail: "slow"}}, true
}

type houseDouble struct{}

func (houseDouble) Reconfigure(context.Context) error { return nil }

type demoDouble struct{ rate int }

func (d *demoDouble) State(context.Context) (web.DemoState, error) {
	return web.DemoState{TrafficPerMinute: d.rate, Now: time.Now(), Citizens: []web.DemoCitizen{{ID: "wang", Name: "王女士"}}}, nil
}
func (d *demoDouble) SetTraffic(_ context.Context, rate int) error { d.rate = rate; return nil }
func (*demoDouble) AdvanceClock(context.Context, int) error        { return nil }
func (*demoDouble) CitizenPhone(_ context.Context, id string) (web.PhoneSecret, error) {
	if id != "wang" {
		return web.PhoneSecret{}, fmt.Errorf("citizen %q: %w", id, service.ErrNotFound)
	}
	return web.PhoneSecret{User: "citizen-wang", WSPath: "/sip?citizen"}, nil
}

type menusDouble struct{}

func (menusDouble) Menus() []web.MenuInfo {
	return []web.MenuInfo{{
		Name: "12345", File: "12345.yaml", Version: "1", Lines: []string{"12345"}, Nodes: []web.MenuNode{{ID: "greet", Kind: "say"}},
		Edges: []web.MenuEdge{}, Faults: []web.MenuFault{}, Live: []web.LiveNode{},
	}}
}
func (m menusDouble) Reload(context.Context) ([]web.MenuInfo, error) { return m.Menus(), nil }

type promptsDouble struct{}

func (promptsDouble) Prompts(context.Context) ([]web.PromptInfo, error) {
	return []web.PromptInfo{{ID: "greet", Text: "您好", Language: "zh", Kind: "synthesised"}}, nil
}

func (promptsDouble) OpenPrompt(_ context.Context, id string) (io.ReadSeekCloser, time.Time, error) {
	if id != "greet" {
		return nil, time.Time{}, service.ErrNotFound
	}
	return closer{bytes.NewReader([]byte("RIFF"))}, time.Now(), nil
}

func (promptsDouble) ReplacePrompt(_ context.Context, _ string, wav []byte) error {
	if !bytes.HasPrefix(wav, []byte("RIFF")) {
		return web.ErrBadSound
	}
	return nil
}
func (promptsDouble) RestorePrompt(context.Context, string) error { return nil }

type closer struct{ io.ReadSeeker }

func (closer) Close() error { return nil }

// blobStore keeps recordings in memory.
type blobStore struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (b *blobStore) put(_ context.Context, key string, wav []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[key] = wav
	return nil
}

func (b *blobStore) Open(_ context.Context, key string, offset int64) (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	wav, ok := b.kept[key]
	if !ok || offset > int64(len(wav)) {
		return nil, errors.New("no such blob")
	}
	return io.NopCloser(bytes.NewReader(wav[offset:])), nil
}

func (b *blobStore) Peaks(context.Context, string, int) ([][]float32, error) {
	return [][]float32{{0.5}, {0.25}}, nil
}

// event stores one event of the floor.
func (s *stack) event(call calls.ID, seat string, kind calls.EventType, data any) {
	s.t.Helper()
	s.seq++
	raw, err := json.Marshal(data)
	require.NoError(s.t, err)
	require.NoError(s.t, s.store.Sink(0).Store(s.t.Context(), []calls.Event{
		{ID: fmt.Sprintf("7-%d", s.seq), Type: kind, At: time.Now().UTC(), Call: call, Seat: seat, Data: raw},
	}))
}

// incoming brings a call of the number to the seat, talking.
func (s *stack) incoming(number, seat string) calls.ID {
	s.t.Helper()
	call := calls.NewID(time.Now(), "sw1", fmt.Sprint("test.", s.seq))
	sealed, err := s.keys.Seal(number)
	require.NoError(s.t, err)
	s.event(call, "", calls.CallStarted, calls.Started{Direction: calls.Inbound, CallerSealed: sealed, Called: "12345",
		Line: "12345", Node: "sw1", UniqueID: string(call), Source: string(call) + ".raw", Menu: "12345"})
	s.event(call, "", calls.CallQueued, calls.Queued{Queue: "general", EnteredAt: time.Now().UTC(), Language: "zh"})
	s.event(call, seat, calls.CallOffered, calls.Offered{Queue: "general", Account: seat})
	s.event(call, seat, calls.CallAnswered, calls.Answered{Queue: "general", Account: seat, WaitedS: 3, RangS: 2})
	return call
}

// hangUp ends the call and the seat's wrap-up.
func (s *stack) hangUp(call calls.ID, seat string) {
	s.t.Helper()
	s.event(call, seat, calls.CallSeatLeft, calls.SeatLeft{Account: seat, TalkS: 60, Why: "citizen_left"})
	s.event(call, "", calls.CallEnded, calls.Ended{
		End:  calls.End{Side: calls.SideCitizen, Stage: calls.StageTalk, Cause: calls.CauseNormal, At: time.Now().UTC()},
		Seat: seat, Account: seat, Recorded: true, AnsweredS: 66,
	})
	s.event("", seat, calls.SeatChanged, calls.SeatChange{Account: seat, From: "wrap_up", To: "idle"})
}
