package asterisk

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/open12345/hotline/cti"
)

// userPrefix names the leaders' ARI users: floor-<epoch>.
const userPrefix = "floor-"

// epochVar is the switch's own memory of the highest epoch it has seen.
const epochVar = "HOTLINE_EPOCH"

// unwanted are the events that make up most of a call's and that nothing here needs.
var unwanted = []string{"ChannelVarset", "ChannelDialplan", "ChannelConnectedLine", "ChannelCreated", "ChannelCallerId",
	"PlaybackStarted", "PlaybackContinuing", "RecordingStarted", "BridgeCreated", "BridgeDestroyed", "BridgeMerged"}

// Besides the application that calls enter there are two on the same socket that only watch:
// the phones' registrations, and the trunk's legs that are dialled into the dialplan.
const (
	phonesSuffix = "-phones"
	trunkSuffix  = "-trunk"
)

var errReplaced = errors.New("another server took over")

// keepConnected holds an event socket open until the context ends or another server takes over.
func (d *Driver) keepConnected(ctx context.Context) {
	const shortest, longest = 50 * time.Millisecond, 2 * time.Second
	wait := shortest
	for ctx.Err() == nil && !d.fenced.Load() {
		up, err := d.session(ctx)
		if errors.Is(err, errReplaced) {
			d.stepDown(err.Error())
		}
		if up {
			wait = shortest
			d.metrics.losses.Inc()
			d.metrics.connected.Set(0)
			d.queue.control(cti.Disconnected{At: time.Now(), Err: err})
			d.log.Error("connection to the switch lost", "err", err)
		} else if ctx.Err() == nil && !d.fenced.Load() {
			d.log.Warn("connecting to the switch", "err", err, "again_in", wait)
		}
		t := time.NewTimer(wait/2 + rand.N(wait/2+1))
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
		wait = min(2*wait, longest)
	}
}

// session opens one socket, sets it up, and reads it to its end. up tells whether it got as
// far as Connected.
func (d *Driver) session(ctx context.Context) (up bool, err error) {
	if err := d.ensureUser(ctx); err != nil {
		return false, err
	}
	ws, err := d.dial(ctx)
	if err != nil {
		return false, err
	}
	var once sync.Once
	shut := func() { once.Do(func() { ws.Close() }) }
	defer shut()
	d.drop.Store(&shut)
	defer d.drop.Store(nil)
	stop := context.AfterFunc(ctx, shut)
	defer stop()

	r := &reader{d: d, ws: ws, done: make(chan struct{})}
	go r.read()
	if err := d.setUp(ctx); err != nil {
		shut()
		<-r.done
		return false, err
	}
	ended, err := d.endedInTheGap(ctx)
	if err != nil {
		shut()
		<-r.done
		return false, err
	}
	d.metrics.connects.Inc()
	d.metrics.connected.Set(1)
	d.mu.Lock()
	clear(d.track.phones) // a change in the gap must be told
	d.mu.Unlock()
	d.queue.control(cti.Connected{At: time.Now()})
	if !d.queue.put(ended...) {
		shut()
	}
	r.open()
	r.ping(d.cfg.PingEvery)
	<-r.done
	return true, r.err
}

// setUp filters the events and fences off older leaders.
func (d *Driver) setUp(ctx context.Context) error {
	type kind struct {
		Type string `json:"type"`
	}
	var off []kind
	for _, u := range unwanted {
		off = append(off, kind{u})
	}
	phones, trunk := d.cfg.App+phonesSuffix, d.cfg.App+trunkSuffix
	for _, r := range []request{
		{op: "filter events", method: http.MethodPut, path: "/applications/" + seg(d.cfg.App) + "/eventFilter", body: map[string]any{"disallowed": off}},
		{op: "filter phones' events", method: http.MethodPut, path: "/applications/" + seg(phones) + "/eventFilter",
			body: map[string]any{"allowed": []kind{{"EndpointStateChange"}}}},
		{op: "watch phones", method: http.MethodPost, path: "/applications/" + seg(phones) + "/subscription", query: url.Values{"eventSource": {"endpoint:PJSIP"}}},
		{op: "filter the trunk's events", method: http.MethodPut, path: "/applications/" + seg(trunk) + "/eventFilter",
			body: map[string]any{"allowed": []kind{{"Dial"}, {"ChannelStateChange"}, {"ChannelDestroyed"}}}},
		{op: "watch the trunk", method: http.MethodPost, path: "/applications/" + seg(trunk) + "/subscription", query: url.Values{"eventSource": {"endpoint:PJSIP/" + d.cfg.Trunk}}},
	} {
		if err := d.do(ctx, r, nil); err != nil {
			return err
		}
	}
	if err := d.checkTransport(ctx); err != nil {
		return err
	}
	return d.deleteOlderUsers(ctx)
}

func (d *Driver) dial(ctx context.Context) (*websocket.Conn, error) {
	target := "ws" + strings.TrimPrefix(strings.TrimSuffix(d.cfg.URL, "/"), "http") + "/ari/events?" +
		url.Values{"app": {d.cfg.App + "," + d.cfg.App + phonesSuffix + "," + d.cfg.App + trunkSuffix}}.Encode()
	auth := base64.StdEncoding.EncodeToString([]byte(d.user + ":" + d.password))
	dialer := websocket.Dialer{HandshakeTimeout: d.cfg.RequestTimeout}
	ws, resp, err := dialer.DialContext(ctx, target, http.Header{"Authorization": {"Basic " + auth}})
	if resp != nil && resp.Body != nil {
		defer resp.Body.Close()
	}
	if err != nil {
		if resp != nil && resp.StatusCode == http.StatusUnauthorized {
			return nil, fmt.Errorf("%w: the switch refuses user %s", errReplaced, d.user)
		}
		return nil, fmt.Errorf("opening the event socket: %w", err)
	}
	return ws, nil
}

// ensureUser makes this leader's ARI user, once for each run of the switch. A user that
// vanished from a run it was made in was deleted by a successor.
func (d *Driver) ensureUser(ctx context.Context) error {
	var info struct {
		Status struct {
			Started string `json:"startup_time"`
		} `json:"status"`
	}
	if err := d.do(ctx, request{op: "ask the switch's start time", method: http.MethodGet, path: "/asterisk/info", admin: true}, &info); err != nil {
		return err
	}
	highest, err := d.readEpoch(ctx)
	if err != nil {
		return err
	}
	if highest > d.cfg.Epoch {
		return fmt.Errorf("%w: its epoch is %d, ours %d", errReplaced, highest, d.cfg.Epoch)
	}
	userPath := "/asterisk/config/dynamic/res_ari/user/" + seg(d.user)
	if d.started == info.Status.Started {
		err := d.do(ctx, request{op: "look for user " + d.user, method: http.MethodGet, path: userPath, admin: true}, nil)
		if errors.Is(err, cti.ErrGone) {
			return fmt.Errorf("%w: it deleted user %s", errReplaced, d.user)
		}
		return err
	}
	if err := d.do(ctx, request{op: "make user " + d.user, method: http.MethodPut, path: userPath, admin: true, body: fields(
		"password", d.password, "password_format", "plain", "read_only", "no")}, nil); err != nil {
		return err
	}
	d.started = info.Status.Started
	// The legs of a former run are gone, and within one second a new one can have their ids again.
	d.mu.Lock()
	clear(d.track.legs)
	d.mu.Unlock()
	return d.do(ctx, request{op: "write the epoch", method: http.MethodPost, path: "/asterisk/variable", admin: true,
		query: url.Values{"variable": {epochVar}, "value": {strconv.FormatUint(d.cfg.Epoch, 10)}}}, nil)
}

// readEpoch asks the switch for the highest epoch it has seen, 0 for none.
func (d *Driver) readEpoch(ctx context.Context) (uint64, error) {
	var v struct{ Value string }
	err := d.do(ctx, request{op: "read the epoch", method: http.MethodGet, path: "/asterisk/variable", admin: true,
		query: url.Values{"variable": {epochVar}}}, &v)
	if err != nil {
		return 0, unlessGone(err)
	}
	n, _ := strconv.ParseUint(v.Value, 10, 64) // anything but a number is no epoch
	return n, nil
}

// Epoch asks a switch for the highest leader's epoch it has seen, 0 for none; the next leader
// takes a higher one. Config.Epoch doesn't matter here.
func Epoch(ctx context.Context, cfg Config) (uint64, error) {
	cfg.Epoch, cfg.Registerer = max(cfg.Epoch, 1), nil
	d, err := New(cfg)
	if err != nil {
		return 0, err
	}
	defer d.http.CloseIdleConnections()
	return d.readEpoch(ctx)
}

// deleteOlderUsers fences off every leader with a lower epoch.
func (d *Driver) deleteOlderUsers(ctx context.Context) error {
	out, err := d.Command(ctx, "ari show users")
	if err != nil {
		return fmt.Errorf("listing ARI users: %w", err)
	}
	for _, line := range out {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		n, isLeader := strings.CutPrefix(f[len(f)-1], userPrefix)
		epoch, err := strconv.ParseUint(n, 10, 64)
		if !isLeader || err != nil || epoch >= d.cfg.Epoch {
			continue
		}
		user := f[len(f)-1]
		err = d.do(ctx, request{op: "delete user " + user, method: http.MethodDelete, path: "/asterisk/config/dynamic/res_ari/user/" + seg(user), admin: true}, nil)
		if unlessGone(err) != nil {
			return err
		}
		d.log.Info("older leader fenced off", "user", user)
	}
	return nil
}

// fields is the body of a push configuration.
func fields(pairs ...string) map[string]any {
	type field struct {
		Attribute string `json:"attribute"`
		Value     string `json:"value"`
	}
	var f []field
	for i := 0; i+1 < len(pairs); i += 2 {
		f = append(f, field{pairs[i], pairs[i+1]})
	}
	return map[string]any{"fields": f}
}
