package testcall

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Config describes one phone. The zero value is an anonymous phone on loopback.
type Config struct {
	// LocalIP is the address for SIP and RTP; 127.0.0.1 if empty.
	LocalIP string
	// Port is the UDP port for SIP; any free one if 0.
	Port int
	// Number is the user part of From and Contact; empty sends neither.
	Number string
	// DisplayName goes with the number; may be empty.
	DisplayName string
	// Registrar is host:port of the switch that a seat registers with; empty for
	// a citizen's phone.
	Registrar string
	// Username and Password answer digest challenges; Username is Number if empty.
	Username, Password string
	// Expiry is the life of a registration; two minutes if 0.
	Expiry time.Duration
	// Codecs in the order of preference; PCMA, then PCMU if empty.
	Codecs []Codec
	// Log gets what goes wrong on the wire; slog.Default() if nil.
	Log *slog.Logger
}

// Phone is one SIP user agent. It makes and takes any number of calls at once.
type Phone struct {
	config Config
	log    *slog.Logger
	addr   netip.AddrPort
	conn   *socket
	ua     *sipgo.UserAgent
	client *sipgo.Client
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup // calls, handlers, registration
	reader sync.WaitGroup // of the socket

	registration registration

	stopOnce sync.Once

	mu       sync.Mutex
	stopped  bool
	calls    map[dialogKey]*Call
	handler  func(*Call)
	incoming chan *Call
}

// dialogKey finds the call of a request within a dialog: Call-ID and our tag.
type dialogKey struct {
	callID, localTag string
}

// ErrStopped is returned by a phone that was stopped.
var ErrStopped = errors.New("the phone is stopped")

// waitingCalls is how many incoming calls wait for Accept; more are busy (486).
const waitingCalls = 64

// byeTime bounds the goodbye to each call and to the registrar when a phone stops.
const byeTime = 2 * time.Second

// StartPhone opens the socket and serves it until Stop, or until ctx is done.
func StartPhone(ctx context.Context, config Config) (*Phone, error) {
	config = config.withDefaults()
	conn, err := net.ListenPacket("udp", net.JoinHostPort(config.LocalIP, strconv.Itoa(config.Port)))
	if err != nil {
		return nil, fmt.Errorf("opening the phone's SIP port: %w", err)
	}
	p := &Phone{
		config: config, log: config.Log.With("phone", config.Number), conn: newSocket(conn),
		addr:     conn.LocalAddr().(*net.UDPAddr).AddrPort(),
		calls:    map[dialogKey]*Call{},
		incoming: make(chan *Call, waitingCalls),
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	if err := p.serve(); err != nil {
		_ = conn.Close()
		return nil, err
	}
	context.AfterFunc(ctx, p.Stop)
	return p, nil
}

func (c Config) withDefaults() Config {
	if c.LocalIP == "" {
		c.LocalIP = "127.0.0.1"
	}
	if c.Username == "" {
		c.Username = c.Number
	}
	if c.Expiry == 0 {
		c.Expiry = 2 * time.Minute
	}
	if len(c.Codecs) == 0 {
		c.Codecs = []Codec{PCMA, PCMU}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

func (p *Phone) serve() error {
	// The library tells each retransmission and stray as an error; to a phone that
	// tests bad lines these are everyday events.
	quiet := slog.New(demoted{p.log.Handler()})
	ua, err := sipgo.NewUA(
		sipgo.WithUserAgent("testcall"),
		sipgo.WithUserAgentHostname(p.config.LocalIP),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet)),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(quiet),
			sip.WithTransactionLayerUnhandledResponseHandler(p.strayResponse),
		),
	)
	if err != nil {
		return fmt.Errorf("starting the SIP stack: %w", err)
	}
	server, err := sipgo.NewServer(ua, sipgo.WithServerLogger(quiet))
	if err != nil {
		return fmt.Errorf("starting the SIP server: %w", err)
	}
	p.client, err = sipgo.NewClient(ua, sipgo.WithClientLogger(quiet), sipgo.WithClientNAT(),
		sipgo.WithClientHostname(p.config.LocalIP), sipgo.WithClientPort(int(p.addr.Port())))
	if err != nil {
		return fmt.Errorf("starting the SIP client: %w", err)
	}
	p.ua = ua
	p.route(server)
	p.reader.Go(func() {
		if err := server.ServeUDP(p.conn); err != nil && !errors.Is(err, net.ErrClosed) {
			p.log.Error("SIP socket closed", "error", err)
		}
	})
	<-p.conn.reading
	return nil
}

// Stop hangs up every call, takes the registration back and closes the socket. It
// is safe to call again.
func (p *Phone) Stop() { p.stopOnce.Do(p.stop) }

func (p *Phone) stop() {
	p.mu.Lock()
	p.stopped = true
	calls := make([]*Call, 0, len(p.calls))
	for _, c := range p.calls {
		calls = append(calls, c)
	}
	p.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), byeTime)
	defer cancel()
	var goodbyes sync.WaitGroup
	for _, c := range calls {
		goodbyes.Go(func() {
			if err := c.Hangup(ctx); err != nil {
				p.log.Debug("hanging up at stop", "call", c.ID(), "error", err)
			}
		})
	}
	goodbyes.Go(func() { p.endRegistration(ctx) })
	goodbyes.Wait()

	p.cancel()
	p.wg.Wait()
	p.conn.quiesce()
	p.closeStack()
	_ = p.conn.Close() // lets the reader go
	p.reader.Wait()
	p.closeStack()
}

// closeStack ends all transactions and closes what the stack opened by itself.
func (p *Phone) closeStack() {
	if err := p.ua.Close(); err != nil {
		p.log.Debug("closing the SIP stack", "error", err)
	}
}

// Addr is the phone's SIP address.
func (p *Phone) Addr() netip.AddrPort { return p.addr }

// URI is the SIP URI under which this phone can be dialled directly.
func (p *Phone) URI() string {
	user := p.config.Number
	if user != "" {
		user += "@"
	}
	return "sip:" + user + p.addr.String()
}

// Number is the phone's own number.
func (p *Phone) Number() string { return p.config.Number }

// Calls gives how many calls are up or being set up.
func (p *Phone) Calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.calls)
}

// SendRaw sends bytes from the phone's SIP socket as they are: for messages that
// no SIP stack would build.
func (p *Phone) SendRaw(to netip.AddrPort, message []byte) error {
	if _, err := p.conn.WriteTo(message, net.UDPAddrFromAddrPort(to)); err != nil {
		return fmt.Errorf("sending raw message: %w", err)
	}
	return nil
}

func (p *Phone) add(c *Call) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return ErrStopped
	}
	p.calls[c.key()] = c
	return nil
}

func (p *Phone) remove(c *Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, c.key())
}

func (p *Phone) find(key dialogKey) *Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[key]
}

// contact is where the peer reaches us within a dialog.
func (p *Phone) contact() *sip.ContactHeader {
	return &sip.ContactHeader{Address: sip.Uri{
		Scheme: "sip", User: p.config.Number, Host: p.config.LocalIP, Port: int(p.addr.Port()),
	}}
}

// prepare completes a request that has its dialog headers already: it leaves from
// this phone's own socket.
func (p *Phone) prepare(client *sipgo.Client, req *sip.Request) error {
	if req.Via() == nil {
		if err := sipgo.ClientRequestAddVia(client, req); err != nil {
			return err
		}
	}
	if req.Body() == nil {
		req.SetBody(nil)
	}
	req.Laddr = sip.Addr{IP: net.ParseIP(p.config.LocalIP), Port: int(p.addr.Port())}
	return nil
}

// do sends a request and waits for its final response; a challenge is answered
// once if the phone has a password.
func (p *Phone) do(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	if p.ctx.Err() != nil {
		return nil, ErrStopped
	}
	res, err := p.client.Do(ctx, req, p.prepare)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", req.Method, err)
	}
	if res == nil {
		return nil, fmt.Errorf("%s: %w", req.Method, sip.ErrTransactionTerminated)
	}
	if p.challenged(res) {
		res, err = p.client.DoDigestAuth(ctx, req, res, p.credentials())
		if err != nil {
			return nil, fmt.Errorf("%s with credentials: %w", req.Method, err)
		}
	}
	return res, nil
}

func (p *Phone) challenged(res *sip.Response) bool {
	return p.config.Password != "" &&
		(res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired)
}

func (p *Phone) credentials() sipgo.DigestAuth {
	return sipgo.DigestAuth{Username: p.config.Username, Password: p.config.Password}
}

// demoted hands the SIP library's records on as debug records.
type demoted struct{ slog.Handler }

// Enabled implements slog.Handler.
func (d demoted) Enabled(ctx context.Context, _ slog.Level) bool {
	return d.Handler.Enabled(ctx, slog.LevelDebug)
}

// Handle implements slog.Handler.
func (d demoted) Handle(ctx context.Context, record slog.Record) error {
	record.Level = slog.LevelDebug
	return d.Handler.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (d demoted) WithAttrs(attrs []slog.Attr) slog.Handler {
	return demoted{d.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (d demoted) WithGroup(name string) slog.Handler { return demoted{d.Handler.WithGroup(name)} }
