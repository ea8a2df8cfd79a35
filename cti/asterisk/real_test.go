package asterisk_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	templates "github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/asterisk"
	"github.com/open12345/hotline/cti/asterisk/faultproxy"
	"github.com/open12345/hotline/cti/asterisk/node"
	"github.com/open12345/hotline/cti/switchtest"
	"github.com/open12345/hotline/cti/testcall"
)

// lab is a real switch with a faulty proxy before its ARI, and real phones around it.
type lab struct {
	node    *node.Node
	proxy   *faultproxy.Proxy
	driver  *asterisk.Driver
	citizen *testcall.Phone
	seat    *handset
	carrier *handset
	sound   string
}

const patience = 10 * time.Second

// startLab starts a switch, and the driver unless told otherwise.
func startLab(t *testing.T, change func(*asterisk.Config)) *lab {
	t.Helper()
	l := &lab{
		citizen: startPhone(t, testcall.Config{}),
		carrier: newHandset(startPhone(t, testcall.Config{}), ""),
	}
	var err error
	l.node, err = node.Start(t.Context(), node.Config{Dir: t.TempDir(), SkipProof: true, Params: func(p *templates.Params) {
		p.Guard = switchtest.Guard
		p.Carrier = l.carrier.phone.Addr().String()
	}})
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			var said bytes.Buffer
			l.node.Console(&said)
			t.Log(said.String())
		}
		if err := l.node.Stop(context.Background()); err != nil {
			t.Log(err) // 22.10.1 sometimes hangs at its own end; that is not what is tested here
		}
	})
	l.sound = filepath.Join(l.node.Dir(), "short")
	require.NoError(t, os.WriteFile(l.sound+".sln", make([]byte, 1600), 0o644)) // 0.1 s at 8 kHz
	l.proxy, err = faultproxy.Start(l.node.HTTPAddr())
	require.NoError(t, err)
	t.Cleanup(l.proxy.Stop)
	l.seat = newHandset(startPhone(t, testcall.Config{Number: "8001", Password: switchtest.SeatSecret, Registrar: l.node.SIPAddr()}), "8001")
	l.driver = l.startDriver(t, 1, change)
	return l
}

// startDriver starts the driver of a leader with this epoch.
func (l *lab) startDriver(t *testing.T, epoch uint64, change func(*asterisk.Config)) *asterisk.Driver {
	t.Helper()
	cfg := asterisk.Config{
		Node: l.node.Name(), URL: l.proxy.URL(), AdminUser: l.node.ARIUser(), AdminPassword: l.node.ARIPassword(), Epoch: epoch,
		AMI: l.node.AMIAddr(), AMIUser: l.node.AMIUser(), AMIPassword: l.node.AMIPassword(),
		MediaAddress: "127.0.0.1", Allow: []string{`1[3-9]\d{9}`, `0\d{9,11}`},
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	if change != nil {
		change(&cfg)
	}
	d, err := asterisk.New(cfg)
	require.NoError(t, err)
	require.NoError(t, d.Start(context.Background()))
	t.Cleanup(d.Stop)
	return d
}

func (l *lab) Switch() cti.Switch       { return l.driver }
func (l *lab) Events() <-chan cti.Event { return l.driver.Events() }
func (l *lab) Allowed() string          { return "13800138000" }
func (l *lab) Refused() string          { return "0018005551234" }
func (l *lab) Sound() string            { return l.sound }
func (l *lab) Lose(*testing.T)          { l.proxy.Down() }
func (l *lab) Restore(*testing.T)       { l.proxy.Clear() }

func (l *lab) Dial(t *testing.T, number, dialled string) switchtest.Party {
	t.Helper()
	who := testcall.From(number)
	if number == "" {
		who = testcall.Anonymous()
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	call, err := l.citizen.Dial(ctx, fmt.Sprintf("sip:%s@%s", dialled, l.node.SIPAddr()), who)
	require.NoError(t, err)
	return &party{call}
}

func (l *lab) Seat(*testing.T) switchtest.Handset    { return l.seat }
func (l *lab) Carrier(*testing.T) switchtest.Handset { return l.carrier }

func startPhone(t *testing.T, cfg testcall.Config) *testcall.Phone {
	t.Helper()
	cfg.Log = slog.New(slog.DiscardHandler)
	p, err := testcall.StartPhone(context.Background(), cfg)
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	return p
}

type party struct{ call *testcall.Call }

func (p *party) Hangup(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, p.call.Hangup(ctx))
}

func (p *party) Press(t *testing.T, keys string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, p.call.WaitAnswered(ctx))
	require.NoError(t, p.call.Press(ctx, keys))
}

// handset is a phone that reacts by itself.
type handset struct {
	phone *testcall.Phone
	id    string

	mu       sync.Mutex
	reaction switchtest.Reaction
	newest   *testcall.Call
	sends    testcall.Source
}

func newHandset(p *testcall.Phone, id string) *handset {
	h := &handset{phone: p, id: id, reaction: switchtest.Rings}
	p.OnInvite(h.react)
	return h
}

func (h *handset) react(c *testcall.Call) {
	h.mu.Lock()
	h.newest = c
	r, sends := h.reaction, h.sends
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// Errors here mean that the caller gave up first; the test sees that from the switch.
	switch r {
	case switchtest.Rejects:
		_ = c.Reject(486, "Busy Here")
	case switchtest.Rings:
		_ = c.Ring()
	case switchtest.Answers:
		_ = c.Ring()
		_ = c.Answer(ctx)
		if sends != nil {
			c.Send(sends)
		}
	}
}

func (h *handset) ID() string { return h.id }

func (h *handset) Register(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, h.phone.Register(ctx))
}

func (h *handset) Unregister(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, h.phone.Unregister(ctx))
}

func (h *handset) Will(r switchtest.Reaction) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reaction = r
}

// speaks sets what it sends in its next calls.
func (h *handset) speaks(s testcall.Source) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sends = s
}

func (h *handset) call(t *testing.T) *testcall.Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	require.NotNil(t, h.newest)
	return h.newest
}

func (h *handset) Hangup(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, h.call(t).Hangup(ctx))
}

func (h *handset) Header(t *testing.T, name string) string { return h.call(t).Header(name) }

func (h *handset) Keys(t *testing.T, n int) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	keys, err := h.call(t).WaitKeys(ctx, n)
	require.NoError(t, err)
	return keys
}
