package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/asterisk/child"
)

// ForTest returns the address of an empty database of the test's own, dropped
// after it. The tests of one package share one server, which ends with them.
func ForTest(t testing.TB) string {
	t.Helper()
	return fresh(t, "template1")
}

// ForTestFrom is ForTest with a database that prepare (schema, seed data) has
// filled: prepare runs once for each name in a package's tests, every test gets
// a copy.
func ForTestFrom(t testing.TB, name string, prepare func(ctx context.Context, url string) error) string {
	t.Helper()
	c := shared(t)
	once, _ := templates.LoadOrStore(name, &template{})
	made := once.(*template)
	made.once.Do(func() {
		ctx, cancel := testContext()
		defer cancel()
		if made.err = create(ctx, c, "tpl_"+name, "template1"); made.err == nil {
			made.err = prepare(ctx, c.DatabaseURL("tpl_"+name))
		}
	})
	if made.err != nil {
		t.Fatalf("preparing database %s: %v", name, made.err)
	}
	return fresh(t, "tpl_"+name)
}

// ServerForTest returns a server of the test's own, for tests that stop or kill it.
func ServerForTest(t testing.TB) *Cluster {
	t.Helper()
	c, err := startForTest("on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Kill(); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(filepath.Dir(c.cfg.Dir)); err != nil {
			t.Error(err)
		}
	})
	return c
}

type template struct {
	once sync.Once
	err  error
}

var (
	templates sync.Map // name → *template
	databases atomic.Int64
	server    = sync.OnceValues(func() (*Cluster, error) { return startForTest("off") })
)

func shared(t testing.TB) *Cluster {
	t.Helper()
	c, err := server()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// startForTest runs a server whose data need not survive a power cut; with
// synchronousCommit "off" it need not survive a crash either.
func startForTest(synchronousCommit string) (*Cluster, error) {
	ctx, cancel := testContext()
	defer cancel()
	dir, err := os.MkdirTemp("", "hotline-pg-")
	if err != nil {
		return nil, err
	}
	// The server runs as another user than the tests when those are root.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	c, err := Start(ctx, Config{Dir: filepath.Join(dir, "c"), Settings: map[string]string{
		"fsync": "off", "synchronous_commit": synchronousCommit, "full_page_writes": "off",
		"shared_buffers": "64MB", "max_wal_size": "256MB",
	}})
	if err != nil {
		return nil, err
	}
	return c, child.RemoveAfterUs(dir, c.PID())
}

func fresh(t testing.TB, from string) string {
	t.Helper()
	c := shared(t)
	ctx, cancel := testContext()
	defer cancel()
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := create(ctx, c, name, from); err != nil {
		t.Fatalf("making a database for the test: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := testContext()
		defer cancel()
		if err := execute(ctx, c, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
	return c.DatabaseURL(name)
}

func create(ctx context.Context, c *Cluster, name, from string) error {
	return execute(ctx, c, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", pgx.Identifier{name}.Sanitize(), pgx.Identifier{from}.Sanitize()))
}

// oneAtATime: a template may have no connection while it is copied, and parallel
// tests copy the same one.
var oneAtATime sync.Mutex

func execute(ctx context.Context, c *Cluster, sql string) error {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	conn, err := pgx.Connect(ctx, c.DatabaseURL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, sql)
	return err
}

func testContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 2*time.Minute)
}
