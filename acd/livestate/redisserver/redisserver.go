// Package redisserver runs a private Redis: for `hotline run`, and for tests
// that need the real one. It keeps an append-only file, so that a restart loses
// at most the last second.
package redisserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/open12345/hotline/asterisk/child"
)

const (
	startPatience = 30 * time.Second
	stopPatience  = 10 * time.Second
)

// ErrNotInstalled means that the machine has no redis-server.
var ErrNotInstalled = errors.New("redis-server is not installed: run make setup")

// Config says what to run. Only Dir is required.
type Config struct {
	// Dir is the server's folder; made if missing, kept between runs.
	Dir string
	// Port on loopback; 0 chooses one.
	Port int
	// Password of every client; empty asks for none.
	Password string
	// User runs the server as somebody else (root only); nil as ourselves.
	User *child.User
	// Log gets what happens to the server; nil drops it.
	Log *slog.Logger
}

// Server is a running Redis. Its address stays the same through Stop, Kill and
// Restart.
type Server struct {
	cfg Config
	log *slog.Logger

	mu   sync.Mutex
	proc *child.Process
}

// Start runs the server and returns when it answers. The error says what failed
// with the server's own last words; nothing is left running then.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	var err error
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, fmt.Errorf("starting Redis: %w", err)
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		return nil, ErrNotInstalled
	}
	if cfg.Port == 0 {
		ports, err := child.FreePorts(1)
		if err != nil {
			return nil, fmt.Errorf("starting Redis: %w", err)
		}
		cfg.Port = ports[0]
	}
	if err := child.CheckPort("redis", "127.0.0.1", cfg.Port, false); err != nil {
		return nil, err
	}
	if err := cfg.User.MakeDirs(cfg.Dir); err != nil {
		return nil, fmt.Errorf("folder of Redis: %w", err)
	}
	s := &Server{cfg: cfg, log: cfg.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	// In a file, because a command line is everybody's to read.
	conf := filepath.Join(s.cfg.Dir, "redis.conf")
	lines := []string{
		"bind 127.0.0.1", "protected-mode yes", "port " + strconv.Itoa(s.cfg.Port),
		"daemonize no", "dir " + strconv.Quote(s.cfg.Dir), "save \"\"",
		"appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction",
	}
	if s.cfg.Password != "" {
		lines = append(lines, "requirepass "+strconv.Quote(s.cfg.Password))
	}
	if err := os.WriteFile(conf, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("configuring Redis: %w", err)
	}
	if err := s.cfg.User.Own(conf); err != nil {
		return fmt.Errorf("configuring Redis: %w", err)
	}
	logPath := filepath.Join(s.cfg.Dir, "redis.log")
	out, err := os.OpenFile(logPath, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("starting Redis: %w", err)
	}
	defer out.Close() // the child has its own copy
	began := time.Now()
	proc, err := child.Start(child.Spec{
		Args: []string{"redis-server", conf}, Dir: s.cfg.Dir, User: s.cfg.User, Output: out, Death: syscall.SIGTERM,
	})
	if err != nil {
		return err
	}
	if err := s.awaitReady(ctx, proc); err != nil {
		_ = proc.Kill()
		text, _ := os.ReadFile(logPath)
		return fmt.Errorf("redis does not answer: %w\n  %s ends with:\n%s", err, logPath, text[max(0, len(text)-800):])
	}
	s.mu.Lock()
	s.proc = proc
	s.mu.Unlock()
	s.log.Info("redis started", "port", s.cfg.Port, "pid", proc.PID(), "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// awaitReady polls: the server answers LOADING until it has read its file.
func (s *Server) awaitReady(ctx context.Context, proc *child.Process) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	client := redis.NewClient(s.Options())
	defer func() { _ = client.Close() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := client.Ping(ctx).Err()
		if err == nil {
			return nil
		}
		select {
		case <-proc.Done():
			return errors.Join(errors.New("it ended"), proc.Err())
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// Addr is the loopback address.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.cfg.Port)) }

// Port is the loopback port.
func (s *Server) Port() int { return s.cfg.Port }

// Options are what a client needs to connect.
func (s *Server) Options() *redis.Options {
	return &redis.Options{Addr: s.Addr(), Password: s.cfg.Password}
}

// PID is the server's process id, 0 while none runs.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return 0
	}
	return s.proc.PID()
}

// Done is closed when the server that runs now ends, however it ends; it is nil
// while none runs.
func (s *Server) Done() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return nil
	}
	return s.proc.Done()
}

// Stop ends the server after it has written everything to disk; one that is not
// running is no error.
func (s *Server) Stop(ctx context.Context) error {
	patience := stopPatience
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline))
	}
	return s.end(func(p *child.Process) error { return p.Stop(syscall.SIGTERM, patience) })
}

// Kill ends the server at once, as a crash would.
func (s *Server) Kill() error { return s.end((*child.Process).Kill) }

func (s *Server) end(how func(*child.Process) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return nil
	}
	err := how(s.proc)
	s.proc = nil
	if err != nil {
		return fmt.Errorf("stopping Redis: %w", err)
	}
	return nil
}

// Restart stops the server if it runs and starts it on the same port.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.Stop(ctx); err != nil {
		s.log.Warn("redis did not stop in order", "err", err)
	}
	return s.start(ctx)
}

// ForTest runs a server of the test's own, gone after it.
func ForTest(t testing.TB) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	s, err := Start(ctx, Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Kill(); err != nil {
			t.Error(err)
		}
	})
	return s
}
