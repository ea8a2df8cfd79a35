package asterisk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open12345/hotline/cti"
)

// Driver is one node under control. Make it with New, then Start; everything the switch says
// comes from Events, which must be read.
type Driver struct {
	cfg      Config
	allow    []*regexp.Regexp
	log      *slog.Logger
	metrics  *metrics
	user     string
	password string
	http     *http.Client
	stream   *http.Client
	ami      *ami
	queue    *queue

	mu      sync.Mutex // guards track
	track   *tracker
	started string      // start time of the switch run in which our user was made
	fenced  atomic.Bool // another leader took over; terminal
	drop    atomic.Pointer[func()]

	cancel context.CancelFunc
	wg     sync.WaitGroup
}

var _ cti.Switch = (*Driver)(nil)

// New checks the configuration; it doesn't connect.
func New(cfg Config) (*Driver, error) {
	cfg.fill()
	allow, err := cfg.check()
	if err != nil {
		return nil, fmt.Errorf("configuration of switch %q: %w", cfg.Node, err)
	}
	secret := make([]byte, 24)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("making an ARI password: %w", err)
	}
	transport := &http.Transport{
		MaxIdleConns: 32, MaxIdleConnsPerHost: 32, MaxConnsPerHost: 32,
		IdleConnTimeout:       20 * time.Second, // below the switch's own, so that no request meets a closing connection
		ResponseHeaderTimeout: 10 * time.Second,
	}
	d := &Driver{
		cfg:      cfg,
		allow:    allow,
		log:      cfg.Logger.With("node", cfg.Node),
		metrics:  newMetrics(cfg.Node),
		user:     fmt.Sprintf("%s%d", userPrefix, cfg.Epoch),
		password: hex.EncodeToString(secret),
		http:     &http.Client{Transport: transport},
		stream:   &http.Client{Transport: &http.Transport{MaxConnsPerHost: 8, ResponseHeaderTimeout: 5 * time.Second, IdleConnTimeout: 20 * time.Second}},
		ami:      &ami{address: cfg.AMI, user: cfg.AMIUser, secret: cfg.AMIPassword, turn: make(chan struct{}, 1)},
		queue:    newQueue(cfg.QueueLimit),
		track:    newTracker(cfg.App, cfg.Trunk),
	}
	if cfg.Registerer != nil {
		if err := d.metrics.register(cfg.Registerer); err != nil {
			return nil, fmt.Errorf("registering metrics of switch %q: %w", cfg.Node, err)
		}
	}
	return d, nil
}

// Node implements cti.Switch.
func (d *Driver) Node() string { return d.cfg.Node }

// Events is where everything arrives that the switch says; it is closed after Stop.
func (d *Driver) Events() <-chan cti.Event { return d.queue.out }

// Start connects, and connects again for ever, until the context ends or Stop is called.
func (d *Driver) Start(ctx context.Context) error {
	if d.cancel != nil {
		return errors.New("the driver was started before")
	}
	ctx, d.cancel = context.WithCancel(ctx)
	for _, run := range []func(context.Context){d.queue.run, d.keepConnected, d.sweep, d.watch} {
		d.wg.Go(func() { run(ctx) })
	}
	return nil
}

// Stop ends the connection; calls on the switch go on.
func (d *Driver) Stop() {
	if d.cancel == nil {
		return
	}
	d.cancel()
	d.wg.Wait()
	d.ami.close()
	d.http.CloseIdleConnections()
	d.stream.CloseIdleConnections()
}

// sweep forgets ended legs and trims the switch's memory.
func (d *Driver) sweep(ctx context.Context) {
	forget := time.NewTicker(30 * time.Second)
	defer forget.Stop()
	trim := time.NewTicker(d.cfg.TrimEvery)
	defer trim.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-forget.C:
			d.mu.Lock()
			d.track.forget(now)
			d.mu.Unlock()
		case <-trim.C:
			// A burst leaves its memory with the allocator: 880 MB after 160 calls a second.
			if _, err := d.Command(ctx, "malloc trim"); err != nil {
				d.log.Warn("trimming the switch's memory", "err", err)
			}
		}
	}
}

// watch makes sure that requests are answered. The switch can deadlock in part: the socket
// lives on and pings are answered, requests are not. Twice in a row counts as a lost connection.
func (d *Driver) watch(ctx context.Context) {
	t := time.NewTicker(d.cfg.WatchEvery)
	defer t.Stop()
	missed := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if d.drop.Load() == nil {
			missed = 0
			continue
		}
		err := d.do(ctx, request{op: "ask for a sign of life", method: http.MethodGet, path: "/asterisk/info", query: url.Values{"only": {"status"}}}, nil)
		if !errors.Is(err, cti.ErrUnavailable) {
			missed = 0
			continue
		}
		if missed++; missed >= 2 {
			d.log.Error("ALARM: the switch's socket lives but requests are not answered", "err", err)
			missed = 0
			d.dropSocket()
		}
	}
}

// stepDown ends this driver for good: another server took over.
func (d *Driver) stepDown(reason string) {
	if d.fenced.Swap(true) {
		return
	}
	d.log.Warn("replaced by another server, stepping down", "reason", reason)
	d.queue.control(cti.Replaced{Reason: reason})
	d.dropSocket()
}

// dropSocket closes the event socket, if one is open; the connection loop then starts again.
func (d *Driver) dropSocket() {
	if f := d.drop.Load(); f != nil {
		(*f)()
	}
}
