package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrLocale is a database whose characters are not UTF-8 or whose locale cannot compare and
// search Chinese: it has to be made anew with --encoding=UTF8 --locale=C.UTF-8.
var ErrLocale = errors.New("database is not UTF-8 with C.UTF-8 or ICU")

// Limits of a statement and of a transaction that does nothing: a hung client must not hold
// back the outbox, which is read below the oldest open transaction.
const (
	statementTimeout = "30s"
	idleTimeout      = "30s"
	connectTimeout   = 5 * time.Second
)

// Store is the desk's database. Safe for concurrent use.
type Store struct {
	pool     *pgxpool.Pool
	keys     *privacy.KeyRing
	log      *slog.Logger
	inserter *riverClient     // of timers' jobs
	now      func() time.Time // the desk's clock
	words    wordStats

	mu      sync.Mutex
	changed chan struct{} // closed at the next change
	stop    context.CancelFunc
	stopped chan struct{}
}

var _ service.Store = (*Store)(nil)

// Open connects to the database at url (postgres://…). It does not migrate: see Migrate.
func Open(ctx context.Context, url string, keys *privacy.KeyRing, log *slog.Logger) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	cfg.ConnConfig.ConnectTimeout = connectTimeout
	params := cfg.ConnConfig.RuntimeParams
	params["application_name"] = "hotline"
	params["statement_timeout"] = statementTimeout
	params["idle_in_transaction_session_timeout"] = idleTimeout
	params["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	inserter, err := newInserter(pool, log)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &Store{pool: pool, keys: keys, log: log, inserter: inserter, now: time.Now, changed: make(chan struct{})}, nil
}

// Close ends all connections.
func (s *Store) Close() { s.pool.Close() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Migrate brings the schema up to date and returns the version reached. Several processes may
// start at once: an advisory lock lets one do it. ErrLocale.
func (s *Store) Migrate(ctx context.Context) (int64, error) {
	if err := s.checkLocale(ctx); err != nil {
		return 0, err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	defer conn.Release()
	const lockID = 12345
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lockID); err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, lockID) //nolint:errcheck // the connection's end frees it too
	db := stdlib.OpenDBFromPool(s.pool)
	defer func() { _ = db.Close() }() // the pool stays open
	// Migrations made at the same time land in any order; each stands by itself.
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithAllowOutofOrder(true))
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	if err := s.migrateJobs(ctx); err != nil {
		return 0, fmt.Errorf("migrate jobs: %w", err)
	}
	if err := s.fillSearch(ctx); err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return version, nil
}

func (s *Store) checkLocale(ctx context.Context) error {
	var encoding, ctype, provider string
	err := s.pool.QueryRow(ctx, `SELECT pg_encoding_to_char(encoding), datctype, datlocprovider::text
		FROM pg_database WHERE datname = current_database()`).Scan(&encoding, &ctype, &provider)
	if err != nil {
		return fmt.Errorf("read the database's locale: %w", err)
	}
	utf8 := strings.Contains(strings.ToUpper(strings.ReplaceAll(ctype, "-", "")), "UTF8")
	if encoding != "UTF8" || provider != "i" && !utf8 {
		return fmt.Errorf("%w: encoding %s, ctype %s", ErrLocale, encoding, ctype)
	}
	return nil
}

// Tries of a transaction that the database ended to break a deadlock.
const txTries = 4

// inTx runs fn in a transaction. One that lost a deadlock is run again.
func (s *Store) inTx(ctx context.Context, fn func(pgx.Tx) error) error {
	var err error
	for range txTries {
		err = pgx.BeginFunc(ctx, s.pool, fn)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "40P01" && pg.Code != "40001" {
			return badText(err)
		}
	}
	return err
}

// badText turns a text that the database cannot hold, one with the NUL character, into
// directory.ErrInvalid.
func badText(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "22021" || pg.Code == "22P05") {
		return fmt.Errorf("%w: text with a character that cannot be kept", directory.ErrInvalid)
	}
	return err
}

// mapError turns "no row" into service.ErrNotFound, a taken key into ErrExists and a broken
// reference into ErrNotFound.
func mapError(err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return service.ErrNotFound
	case errors.As(err, &pg) && pg.Code == "23505":
		return fmt.Errorf("%w: %s", service.ErrExists, pg.ConstraintName)
	case errors.As(err, &pg) && (pg.Code == "23503" || pg.Code == "22P02"):
		return fmt.Errorf("%w: %s", service.ErrNotFound, pg.ConstraintName)
	}
	return badText(err)
}

// nullTime keeps the zero time as NULL.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

// goTime is the zero time for NULL.
func goTime(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
