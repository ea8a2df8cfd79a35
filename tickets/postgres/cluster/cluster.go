package cluster

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/asterisk/child"
)

const (
	// Database is made at first start.
	Database = "hotline"
	role     = "hotline"
	// MinMajor is the oldest PostgreSQL that is used.
	MinMajor = 15

	startPatience = 60 * time.Second
	stopPatience  = 30 * time.Second
)

// ErrNotInstalled means that the machine has no PostgreSQL that is new enough.
var ErrNotInstalled = fmt.Errorf("PostgreSQL %d or newer is not installed: run make setup", MinMajor)

// Config says what to run. Only Dir is required.
type Config struct {
	// Dir is the cluster's folder; made if missing, kept between runs.
	Dir string
	// Port on loopback; 0 chooses one.
	Port int
	// Bin is the folder of initdb and postgres; empty finds the newest.
	Bin string
	// Settings are added to the server's, name to value.
	Settings map[string]string
	// User runs the server as somebody else; nil as ourselves, or as
	// child.ServiceUser when we are root, since PostgreSQL refuses root.
	User *child.User
	// Log gets what happens to the server; nil drops it.
	Log *slog.Logger
}

// Cluster is a running server. Its address stays the same through Stop and Restart.
type Cluster struct {
	cfg      Config
	log      *slog.Logger
	password string

	mu   sync.Mutex
	proc *child.Process
}

// Find returns the folder of the newest installed PostgreSQL's programs, or
// ErrNotInstalled.
func Find() (string, error) {
	// The pattern is ours and well formed, so Glob cannot fail.
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	best, bin := MinMajor-1, ""
	for _, path := range found {
		dir := filepath.Dir(path)
		major, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err == nil && major > best {
			best, bin = major, dir
		}
	}
	if bin == "" {
		return "", ErrNotInstalled
	}
	return bin, nil
}

// Start runs the server and returns when it takes connections; a new folder is
// initialised first. The error says what failed with the server's own last
// words; nothing is left running then.
func Start(ctx context.Context, cfg Config) (*Cluster, error) {
	var err error
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	if cfg.Bin == "" {
		if cfg.Bin, err = Find(); err != nil {
			return nil, err
		}
	}
	if cfg.User == nil {
		if cfg.User, err = child.ServiceUser(); err != nil {
			return nil, fmt.Errorf("starting PostgreSQL: %w", err)
		}
	}
	if cfg.Port == 0 {
		ports, err := child.FreePorts(1)
		if err != nil {
			return nil, fmt.Errorf("starting PostgreSQL: %w", err)
		}
		cfg.Port = ports[0]
	}
	if err := child.CheckPort("postgresql", "127.0.0.1", cfg.Port, false); err != nil {
		return nil, err
	}
	c := &Cluster{cfg: cfg, log: cfg.Log}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.User.MakeDirs(cfg.Dir, c.socketDir()); err != nil {
		return nil, fmt.Errorf("folder of PostgreSQL: %w", err)
	}
	if err := c.initialise(ctx); err != nil {
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Cluster) data() string { return filepath.Join(c.cfg.Dir, "data") }

// socketDir is short, because a socket's path may not be longer than 107 bytes.
func (c *Cluster) socketDir() string {
	if len(c.cfg.Dir) < 70 {
		return filepath.Join(c.cfg.Dir, "socket")
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(c.cfg.Dir))
	return filepath.Join(os.TempDir(), fmt.Sprintf("hotline-%x", h.Sum64()))
}

// initialise makes password and data folder once; a folder left half made by an
// interrupted run is made anew.
func (c *Cluster) initialise(ctx context.Context) error {
	secret := filepath.Join(c.cfg.Dir, "password")
	text, err := os.ReadFile(secret)
	if err == nil {
		c.password = strings.TrimSpace(string(text))
		if _, err := os.Stat(filepath.Join(c.data(), "PG_VERSION")); err == nil {
			return nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("password of PostgreSQL: %w", err)
	}
	raw := make([]byte, 18)
	if _, err := rand.Read(raw); err != nil {
		return fmt.Errorf("password of PostgreSQL: %w", err)
	}
	c.password = base64.RawURLEncoding.EncodeToString(raw)
	if err := os.WriteFile(secret, []byte(c.password+"\n"), 0o600); err != nil {
		return fmt.Errorf("password of PostgreSQL: %w", err)
	}
	if err := c.cfg.User.Own(secret); err != nil {
		return fmt.Errorf("password of PostgreSQL: %w", err)
	}
	making := c.data() + ".new"
	if err := os.RemoveAll(making); err != nil {
		return fmt.Errorf("clearing a half-made cluster: %w", err)
	}
	var said bytes.Buffer
	proc, err := child.Start(child.Spec{
		Args: []string{
			filepath.Join(c.cfg.Bin, "initdb"), "-D", making, "-U", role,
			"--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--pwfile=" + secret,
			"--no-sync", "--no-instructions",
		},
		Dir: c.cfg.Dir, User: c.cfg.User, Env: c.env(), Output: &said,
	})
	if err != nil {
		return err
	}
	select {
	case <-proc.Done():
	case <-ctx.Done():
		return errors.Join(ctx.Err(), proc.Kill())
	}
	if proc.Err() != nil {
		return fmt.Errorf("initialising PostgreSQL in %s: %w\n%s", making, proc.Err(), said.Bytes())
	}
	// initdb did not wait for the disk; one sync here makes the cluster whole.
	if c.cfg.Settings["fsync"] != "off" {
		syscall.Sync()
	}
	return os.Rename(making, c.data())
}

// env keeps the machine's own PG… variables away from the private server.
func (c *Cluster) env() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") })
	return append(env, "LC_ALL=C.UTF-8", "TZ=UTC")
}

func (c *Cluster) start(ctx context.Context) error {
	args := []string{filepath.Join(c.cfg.Bin, "postgres"), "-D", c.data()}
	settings := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(c.cfg.Port),
		"unix_socket_directories": c.socketDir(),
		"timezone":                "UTC",
		"max_connections":         "200",
		"shared_buffers":          "128MB",
		"log_min_messages":        "warning",
	}
	for name, value := range c.cfg.Settings {
		settings[name] = value
	}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	logPath := filepath.Join(c.cfg.Dir, "postgres.log")
	out, err := os.OpenFile(logPath, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	defer out.Close() // the child has its own copy
	began := time.Now()
	proc, err := child.Start(child.Spec{
		Args: args, Dir: c.cfg.Dir, User: c.cfg.User, Env: c.env(), Output: out,
		// An immediate shutdown, which takes the server's own children along.
		Death: syscall.SIGQUIT,
	})
	if err != nil {
		return err
	}
	if err := c.awaitReady(ctx, proc); err != nil {
		_ = proc.Stop(syscall.SIGQUIT, stopPatience)
		text, _ := os.ReadFile(logPath)
		return fmt.Errorf("PostgreSQL does not take connections: %w\n  %s ends with:\n%s", err, logPath, text[max(0, len(text)-800):])
	}
	c.mu.Lock()
	c.proc = proc
	c.mu.Unlock()
	c.log.Info("postgresql started", "port", c.cfg.Port, "pid", proc.PID(), "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// awaitReady polls, for the server does not say when it is ready, and makes the
// database at the first start.
func (c *Cluster) awaitReady(ctx context.Context, proc *child.Process) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		err := c.ensureDatabase(ctx)
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

func (c *Cluster) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.DatabaseURL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	var exists bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, Database).Scan(&exists); err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{Database}.Sanitize())
	return err
}

// URL is the address of the database Database.
func (c *Cluster) URL() string { return c.DatabaseURL(Database) }

// DatabaseURL is the address of another database of this cluster.
func (c *Cluster) DatabaseURL(name string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, c.password),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.cfg.Port)), Path: "/" + name,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Port is the loopback port.
func (c *Cluster) Port() int { return c.cfg.Port }

// PID is the server's process id, 0 while none runs.
func (c *Cluster) PID() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		return 0
	}
	return c.proc.PID()
}

// Done is closed when the server that runs now ends, however it ends; it is nil
// while none runs.
func (c *Cluster) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		return nil
	}
	return c.proc.Done()
}

// Stop ends the server in order: open transactions are rolled back, connections
// closed. One that is not running is no error.
func (c *Cluster) Stop(ctx context.Context) error {
	patience := stopPatience
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline))
	}
	return c.end(func(p *child.Process) error { return p.Stop(syscall.SIGINT, patience) })
}

// Kill ends the server at once, as a crash would: it recovers at the next start.
func (c *Cluster) Kill() error {
	return c.end(func(p *child.Process) error { return p.Stop(syscall.SIGQUIT, stopPatience) })
}

func (c *Cluster) end(how func(*child.Process) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		return nil
	}
	err := how(c.proc)
	c.proc = nil
	if err != nil {
		return fmt.Errorf("stopping PostgreSQL: %w", err)
	}
	return nil
}

// Restart stops the server if it runs and starts it on the same port.
func (c *Cluster) Restart(ctx context.Context) error {
	if err := c.Stop(ctx); err != nil {
		c.log.Warn("postgresql did not stop in order", "err", err)
	}
	return c.start(ctx)
}
