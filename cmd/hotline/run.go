package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/acd/livestate/redisserver"
	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/cti/asterisk/node"
	"github.com/open12345/hotline/tickets/postgres/cluster"
)

// RunCmd starts PostgreSQL, Redis and the switch in the data folder, then
// this program's server, and keeps all of them running until interrupted.
type RunCmd struct{}

// Run is called by kong.
func (RunCmd) Run(a *app) error {
	user, err := child.ServiceUser()
	if err != nil {
		return err
	}
	h, err := openHome(a.cfg.Path(), user)
	if err != nil {
		return err
	}
	defer h.close()
	return newStack(a, h, "serve").run()
}

// stack is one private installation, started and stopped as a whole.
type stack struct {
	*app
	home   *home
	server []string // command line of the server

	services []named // in the order of starting
	env      []string
	serving  chan struct{} // closed once the server serves
}

func newStack(a *app, h *home, command string) *stack {
	return &stack{app: a, home: h, server: []string{h.binary, command}, serving: make(chan struct{})}
}

type named struct {
	name string
	service
}

func (s *stack) run() error {
	if err := s.checkPorts(); err != nil {
		return err
	}
	began := time.Now()
	err := s.start()
	if err == nil {
		err = s.announce(began)
	}
	if err == nil {
		close(s.serving)
		s.supervise()
	}
	// An interrupt during the start is no failure.
	if s.ctx.Err() != nil {
		err = nil
	}
	return errors.Join(err, s.stop())
}

// start starts each part and collects what the server must know of it.
func (s *stack) start() error {
	s.env = []string{
		"HOTLINE_DATA=" + s.home.dir,
		"HOTLINE_SWITCH_DIR=" + s.cfg.Switch.Dir,
	}
	for _, part := range []struct {
		says  string
		start func() error
	}{
		{"database", s.startPostgres},
		{"live store", s.startRedis},
		{"switch", s.startSwitch},
		{"certificate", s.certificate},
		{"demo's carrier", s.startCarrier},
		{"server", s.startServer},
	} {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if err := part.start(); err != nil {
			return fmt.Errorf("starting the %s: %w", part.says, err)
		}
	}
	return nil
}

func (s *stack) startPostgres() error {
	if s.cfg.Postgres.URL != "" {
		return nil
	}
	say("database …")
	c, err := cluster.Start(s.ctx, cluster.Config{
		Dir: s.home.path("postgres"), Port: s.cfg.Postgres.Port, User: s.home.user, Log: s.log,
	})
	if err != nil {
		return err
	}
	s.services = append(s.services, named{"database", c})
	s.env = append(s.env, "HOTLINE_POSTGRES_URL="+c.URL())
	return nil
}

func (s *stack) startRedis() error {
	if s.cfg.Redis.Address != "" {
		return nil
	}
	say("live store …")
	password, err := s.secret("redis")
	if err != nil {
		return err
	}
	r, err := redisserver.Start(s.ctx, redisserver.Config{
		Dir: s.home.path("redis"), Port: s.cfg.Redis.Port, Password: password, User: s.home.user, Log: s.log,
	})
	if err != nil {
		return err
	}
	s.services = append(s.services, named{"live store", r})
	s.env = append(s.env, "HOTLINE_REDIS_ADDRESS="+r.Addr(), "HOTLINE_REDIS_PASSWORD="+password)
	return nil
}

// startSwitch runs the switch, unless the settings hold the secret of one that
// is run elsewhere.
func (s *stack) startSwitch() error {
	if s.cfg.Switch.ARIPassword != "" {
		return nil
	}
	say("switch …")
	install, err := asterisk.Find(s.cfg.Switch.Dir)
	if err != nil {
		return err
	}
	host, port, err := hostPort(s.cfg.SIP.Listen)
	if err != nil {
		return err
	}
	n, err := node.Start(s.ctx, node.Config{
		Dir: s.home.path("switch"), Install: install, Name: s.cfg.Switch.Node,
		SIPHost: host,
		Ports: node.Ports{
			SIP: port, HTTP: s.cfg.Switch.HTTPPort, AMI: s.cfg.Switch.AMIPort,
			RTPStart: s.cfg.Switch.RTPStart, RTPEnd: s.cfg.Switch.RTPEnd,
		},
		Params: func(p *asterisk.Params) {
			p.MediaAddress = s.cfg.SIP.MediaAddress
			p.LocalNets, p.External = localNets(s.cfg.SIP.MediaAddress)
			p.TrunkMatch = s.cfg.SIP.TrunkMatch
			p.Carrier = s.cfg.SIP.Carrier
			p.ARIUser, p.AMIUser = s.cfg.Switch.ARIUser, s.cfg.Switch.AMIUser
			p.SeatNumbers = seatNumbers(s.cfg.Seat.Pattern)
			p.LastResortSeats = s.cfg.Seat.LastResort
		},
		User: s.home.user, Log: s.log,
	})
	if err != nil {
		return err
	}
	s.services = append(s.services, named{"switch", n})
	s.env = append(s.env, "HOTLINE_SWITCH_ARI_PASSWORD="+n.ARIPassword(), "HOTLINE_SWITCH_AMI_PASSWORD="+n.AMIPassword())
	return nil
}

// localNets are this machine's own networks. external says that media is another
// machine's address, which forwards to this one: then the switch must name it in
// its signalling too, except towards these networks.
func localNets(media string) (nets []string, external bool) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, false
	}
	external = true
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		nets = append(nets, prefix.Masked().String())
		if prefix.Addr().String() == media {
			external = false
		}
	}
	return nets, external
}

// seatNumbers are the numbers of SIP phones and, with a w before them, of
// browser phones.
func seatNumbers(pattern string) []string {
	return []string{pattern, "_w" + strings.TrimPrefix(pattern, "_")}
}

func (s *stack) certificate() error {
	if err := ensureCertificate(&s.cfg, s.home.dir, s.home.user); err != nil {
		return err
	}
	if s.cfg.Web.TLS {
		s.env = append(s.env, "HOTLINE_WEB_TLS_CERTIFICATE="+s.cfg.Web.TLSCertificate, "HOTLINE_WEB_TLS_KEY="+s.cfg.Web.TLSKey)
	}
	return nil
}

func (s *stack) startServer() error {
	if err := writeRuntime(s.home.dir, s.home.user, s.env); err != nil {
		return err
	}
	environ := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.ContainsFunc(s.env, func(e string) bool { return strings.HasPrefix(e, name+"=") }) ||
			name == "HOME" || name == "HOTLINE_CONFIG"
	})
	environ = append(environ, s.env...)
	environ = append(environ, "HOME="+s.home.dir)
	if file := s.cfg.File(); file != "" {
		environ = append(environ, "HOTLINE_CONFIG="+s.settingsFile(file))
	}
	if err := s.makePrompts(environ); err != nil {
		return err
	}
	say("server …")
	return s.launch("server", s.server, environ)
}

// makePrompts synthesises the spoken lines that have no sound yet; at once when
// all have.
func (s *stack) makePrompts(environ []string) error {
	say("prompts …")
	p, err := child.Start(child.Spec{
		Args: []string{s.home.binary, "prompts", "build"}, Env: environ, Dir: s.home.work, User: s.home.user, Output: os.Stderr,
	})
	if err != nil {
		return fmt.Errorf("making the prompts: %w", err)
	}
	select {
	case <-p.Done():
	case <-s.ctx.Done():
		return errors.Join(s.ctx.Err(), p.Kill())
	}
	if p.Err() != nil {
		return fmt.Errorf("making the prompts (its own words are above): %w", p.Err())
	}
	return nil
}

// startCarrier answers the demo's outbound calls, unless a real carrier is set.
func (s *stack) startCarrier() error {
	if !s.hasDemoCarrier() {
		return nil
	}
	return s.launch("demo carrier", []string{s.callsim(), "carrier", "--listen", s.cfg.SIP.Carrier}, nil)
}

func (s *stack) callsim() string { return filepath.Join(filepath.Dir(s.home.binary), "callsim") }

func (s *stack) hasDemoCarrier() bool {
	host, _, err := hostPort(s.cfg.SIP.Carrier)
	return err == nil && s.cfg.Demo && net.ParseIP(host).IsLoopback() && fileExists(s.callsim())
}

// launch starts one of our own programs as a child of the stack.
func (s *stack) launch(name string, args, environ []string) error {
	p := &program{spec: child.Spec{Args: args, Env: environ, Dir: s.home.work, User: s.home.user, Output: os.Stderr}}
	if err := p.Restart(s.ctx); err != nil {
		return err
	}
	s.services = append(s.services, named{name, p})
	return nil
}

// settingsFile is where the server finds the settings file when the checkout is
// out of its user's reach.
func (s *stack) settingsFile(file string) string {
	abs, err := filepath.Abs(file)
	if err != nil || reachable(s.home.user, filepath.Dir(abs)) {
		return abs
	}
	copied := s.home.path("configs", filepath.Base(file))
	if err := copyFile(s.home.user, abs, copied); err != nil {
		s.log.Warn("settings file not copied", "err", err)
	}
	return copied
}

// supervise restarts what ends by itself, until interrupted.
func (s *stack) supervise() {
	var all sync.WaitGroup
	for _, one := range s.services {
		all.Go(func() { keepRunning(s.ctx, s.log, one.name, one.service) })
	}
	all.Wait()
}

// stopPatience bounds the whole stop; each part has its own patience within.
const stopPatience = 60 * time.Second

// stop ends what was started, last first: the server says good-bye while
// everything it needs still runs.
func (s *stack) stop() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), stopPatience)
	defer cancel()
	var problems []error
	if err := os.Remove(s.home.path(runtimeFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		problems = append(problems, fmt.Errorf("forgetting the stack's addresses: %w", err))
	}
	for _, one := range slices.Backward(s.services) {
		say("stopping the %s …", one.name)
		if err := one.Stop(ctx); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// secret reads or makes a secret that lives in the data folder.
func (s *stack) secret(name string) (string, error) {
	dir := s.home.path("secrets")
	if err := s.home.user.MakeDirs(dir); err != nil {
		return "", fmt.Errorf("folder of secrets: %w", err)
	}
	path := filepath.Join(dir, name)
	text, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading secret %s: %w", name, err)
	}
	raw := make([]byte, 24)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("making secret %s: %w", name, err)
	}
	made := base64.RawURLEncoding.EncodeToString(raw)
	if err := os.WriteFile(path, []byte(made+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keeping secret %s: %w", name, err)
	}
	return made, s.home.user.Own(path)
}

func hostPort(address string) (string, int, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	port, err := strconv.Atoi(text)
	return host, port, err
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "hotline: "+format+"\n", args...) }
