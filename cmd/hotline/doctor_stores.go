package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	_ "gocloud.dev/blob/s3blob"   // s3://

	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/ivr/prompts"
	"github.com/open12345/hotline/tickets/postgres/cluster"
)

func checkPostgresInstalled(_ context.Context, cfg config.Config) finding {
	f := finding{part: "PostgreSQL installed"}
	bin, err := cluster.Find()
	switch {
	case err == nil:
		f.detail = bin
	case cfg.Postgres.URL != "":
		f.detail = "not here, and not needed: postgres.url is set"
	default:
		f.verdict, f.detail, f.remedy = faulty, err.Error(), "install it: make setup (as root)"
	}
	return f
}

func checkPostgres(ctx context.Context, cfg config.Config) finding {
	f := finding{part: "PostgreSQL"}
	if cfg.Postgres.URL == "" {
		f.verdict, f.detail, f.remedy = notUp, "no database of ours runs", remedyRun
		return f
	}
	conn, err := pgx.Connect(ctx, cfg.Postgres.URL)
	if err != nil {
		// pgx leaves the password out of its errors.
		f.verdict, f.detail = faulty, err.Error()
		f.remedy = "check HOTLINE_POSTGRES_URL; a private one is started by: make run"
		return f
	}
	defer func() { _ = conn.Close(ctx) }()
	var number int
	var version, encoding, collation string
	if err := conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'),
		pg_encoding_to_char(encoding), CASE WHEN datlocprovider = 'i' THEN 'icu' ELSE datcollate END
		FROM pg_database WHERE datname = current_database()`).Scan(&number, &version, &encoding, &collation); err != nil {
		f.verdict, f.detail, f.remedy = faulty, err.Error(), fmt.Sprintf("use PostgreSQL %d or newer", cluster.MinMajor)
		return f
	}
	f.detail = fmt.Sprintf("%s, %s, %s", version, encoding, collation)
	switch {
	case number < cluster.MinMajor*10000:
		f.verdict, f.remedy = faulty, fmt.Sprintf("use PostgreSQL %d or newer", cluster.MinMajor)
	case encoding != "UTF8" || collation == "C" || collation == "POSIX":
		f.verdict, f.remedy = faulty, "make the database with ENCODING 'UTF8' and LOCALE 'C.UTF-8' (or ICU), from template0"
	}
	return f
}

func checkRedisInstalled(_ context.Context, cfg config.Config) finding {
	f := finding{part: "Redis installed"}
	path, err := exec.LookPath("redis-server")
	switch {
	case err == nil:
		f.detail = path
	case cfg.Redis.Address != "":
		f.detail = "not here, and not needed: redis.address is set"
	default:
		f.verdict, f.detail, f.remedy = faulty, "no redis-server", "install it: make setup (as root)"
	}
	return f
}

func checkRedis(ctx context.Context, cfg config.Config) finding {
	f := finding{part: "Redis"}
	if cfg.Redis.Address == "" {
		f.verdict, f.detail, f.remedy = notUp, "no live store of ours runs", remedyRun
		return f
	}
	client := redis.NewClient(&redis.Options{Addr: cfg.Redis.Address, Password: cfg.Redis.Password, MaxRetries: -1, DialerRetries: 1})
	defer func() { _ = client.Close() }()
	info, err := client.InfoMap(ctx, "server", "persistence").Result()
	if err != nil {
		f.verdict, f.detail = faulty, fmt.Sprintf("%s: %v", cfg.Redis.Address, err)
		f.remedy = "check HOTLINE_REDIS_ADDRESS and HOTLINE_REDIS_PASSWORD; a private one is started by: make run"
		return f
	}
	f.detail = fmt.Sprintf("%s at %s", info["Server"]["redis_version"], cfg.Redis.Address)
	if info["Persistence"]["aof_enabled"] != "1" {
		f.verdict = doubt
		f.detail += ", without an append-only file"
		f.remedy = "set appendonly yes, or a restart of Redis forgets the live state (the floor writes it again)"
	}
	return f
}

// checkStore writes, reads and deletes one object where recordings go.
func checkStore(ctx context.Context, cfg config.Config) finding {
	f := finding{part: "recording store"}
	address := cfg.Recording.Store
	if address == "" {
		dir := cfg.Path("recordings")
		if !fileExists(dir) {
			f.verdict, f.detail, f.remedy = notUp, dir+" is made at first start", remedyRun
			return f
		}
		address = "file://" + filepath.ToSlash(dir)
	}
	shown := address
	if u, err := url.Parse(address); err == nil {
		u.RawQuery = ""
		shown = u.Redacted()
	}
	f.detail = shown + " can be written, read and deleted"
	if err := tryStore(ctx, address); err != nil {
		f.verdict, f.detail = faulty, fmt.Sprintf("%s: %v", shown, err)
		f.remedy = "check HOTLINE_RECORDING_STORE, its rights and its space"
	}
	return f
}

func tryStore(ctx context.Context, address string) error {
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = bucket.Close() }()
	const key = "doctor/probe"
	if err := bucket.WriteAll(ctx, key, []byte("probe"), nil); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	if _, err := bucket.ReadAll(ctx, key); err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	if err := bucket.Delete(ctx, key); err != nil {
		return fmt.Errorf("deleting: %w", err)
	}
	return nil
}

// A stereo recording of 8 kHz takes 115 MB an hour until it is stored.
const (
	wantedSpace  = 10 << 30
	neededSpace  = 1 << 30
	wantedInodes = 100_000
)

func checkDisk(_ context.Context, cfg config.Config) finding {
	f := finding{part: "disk space"}
	dir := cfg.Path()
	for !fileExists(dir) {
		dir = filepath.Dir(dir)
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		f.verdict, f.detail, f.remedy = faulty, fmt.Sprintf("%s: %v", dir, err), "make the folder of the setting data reachable"
		return f
	}
	free := disk.Bavail * uint64(disk.Bsize)
	f.detail = fmt.Sprintf("%.1f GB free for %s", float64(free)/(1<<30), dir)
	switch {
	case free < neededSpace:
		f.verdict, f.remedy = faulty, "make room, or set data to a larger disk (HOTLINE_DATA)"
	case free < wantedSpace || (disk.Files > 0 && disk.Ffree < wantedInodes):
		f.verdict, f.remedy = doubt, "plan for more room: recordings take 115 MB an hour of talk"
	}
	return f
}

func checkFonts(ctx context.Context, _ config.Config) finding {
	f := finding{part: "Chinese fonts"}
	out, err := exec.CommandContext(ctx, "fc-list", ":lang=zh", "family").Output()
	first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	switch {
	case err == nil && first != "":
		f.detail = first
	default:
		f.verdict, f.detail = doubt, "none found: Chinese in browser tests on this machine is empty boxes"
		f.remedy = "apt-get install fonts-noto-cjk (or make setup)"
	}
	return f
}

func checkBrowser(_ context.Context, _ config.Config) finding {
	f := finding{part: "browser for tests"}
	path, err := exec.LookPath("chromium")
	if err != nil {
		f.verdict, f.detail, f.remedy = doubt, "no chromium: only the browser tests need it", "make setup (as root)"
		return f
	}
	f.detail = path
	return f
}

func checkPrompts(_ context.Context, cfg config.Config) finding {
	f := finding{part: "prompts"}
	if _, err := prompts.ReadManifest(manifestFile(cfg)); err != nil {
		f.verdict, f.detail, f.remedy = faulty, err.Error(), "set prompts.dir (HOTLINE_PROMPTS_DIR) to the folder of the manifest"
		return f
	}
	dir := promptCache(cfg)
	sounds, err := prompts.OpenSounds(dir)
	switch {
	case errors.Is(err, prompts.ErrNotBuilt):
		f.verdict, f.detail, f.remedy = notUp, "none made yet in "+dir, remedyRun
	case err != nil:
		f.verdict, f.detail, f.remedy = faulty, err.Error(), "make them again: hotline prompts build"
	default:
		f.detail = fmt.Sprintf("%d sounds for %s in %s", len(sounds.Entries()), manifestFile(cfg), dir)
	}
	return f
}

// checkPorts looks at the ports only while nothing of ours runs on them.
func checkPorts(_ context.Context, cfg config.Config) finding {
	f := finding{part: "ports"}
	if cfg.Switch.ARIPassword != "" {
		f.detail = "in use by our own stack"
		return f
	}
	if err := portsTaken(cfg, false); err != nil {
		f.verdict, f.detail = faulty, strings.ReplaceAll(err.Error(), "\n", "\n\t\t")
		f.remedy = "stop the other program or set another port as shown"
		return f
	}
	f.detail = "all free"
	return f
}
