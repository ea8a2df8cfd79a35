package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/cti/asterisk/node"
)

// The test binary plays the server of a stack under test: what is tested here is
// how a stack starts, watches and stops its parts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "stand-in":
			standInServer()
			return
		case "prompts":
			return // made by ivr/prompts, tested there
		}
	}
	os.Exit(m.Run())
}

// standInServer answers /readyz once it has reached everything it was told of.
func standInServer() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg, err := loadSettings("", os.Environ())
	if err != nil {
		panic(err)
	}
	conn, err := pgx.Connect(ctx, cfg.Postgres.URL)
	if err != nil {
		panic(err)
	}
	store := redis.NewClient(&redis.Options{Addr: cfg.Redis.Address, Password: cfg.Redis.Password})
	if _, err := conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now()); INSERT INTO starts DEFAULT VALUES"); err != nil {
		panic(err)
	}
	if err := store.Incr(ctx, "starts").Err(); err != nil {
		panic(err)
	}
	url := "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(cfg.Switch.HTTPPort)) + "/ari"
	if missing, err := node.MissingModules(ctx, url, cfg.Switch.ARIUser, cfg.Switch.ARIPassword); err != nil || len(missing) > 0 {
		panic(fmt.Sprint(missing, err))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, os.Getpid()) })
	server := &http.Server{Addr: cfg.Web.Listen, Handler: mux}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if cfg.Web.TLS {
		err = server.ListenAndServeTLS(cfg.Web.TLSCertificate, cfg.Web.TLSKey)
	} else {
		err = server.ListenAndServe()
	}
	if ctx.Err() == nil {
		panic(err)
	}
}

// settings gives a stack a folder and ports of its own.
func settings(t *testing.T, dir string, more ...string) config.Config {
	t.Helper()
	ports, err := child.FreePorts(8)
	require.NoError(t, err)
	address := func(i int) string { return "127.0.0.1:" + strconv.Itoa(ports[i]) }
	cfg, err := config.Load("", append([]string{
		"HOTLINE_DATA=" + dir,
		"HOTLINE_WEB_LISTEN=" + address(0), "HOTLINE_WEB_INTERNAL=" + address(1), "HOTLINE_SIP_LISTEN=" + address(2),
		"HOTLINE_SIP_CARRIER=" + address(3),
		"HOTLINE_SWITCH_HTTP_PORT=" + strconv.Itoa(ports[4]), "HOTLINE_SWITCH_AMI_PORT=" + strconv.Itoa(ports[5]),
		"HOTLINE_POSTGRES_PORT=" + strconv.Itoa(ports[6]), "HOTLINE_REDIS_PORT=" + strconv.Itoa(ports[7]),
	}, more...))
	require.NoError(t, err)
	return cfg
}

type running struct {
	*stack
	interrupt context.CancelFunc
	ended     chan error
}

// launchStack runs a stack until the test interrupts it; ports reach the server
// through its environment as in a real run.
func launchStack(t *testing.T, cfg config.Config) *running {
	t.Helper()
	for _, key := range config.Keys() {
		if source := cfg.Source(key); strings.HasPrefix(source, "HOTLINE_") {
			t.Setenv(source, valueOf(t, cfg, key))
		}
	}
	user, err := child.ServiceUser()
	require.NoError(t, err)
	h, err := openHome(cfg.Path(), user)
	require.NoError(t, err)
	ctx, interrupt := context.WithCancel(context.Background())
	r := &running{
		stack:     newStack(&app{ctx: ctx, cfg: cfg, log: slog.New(slog.DiscardHandler)}, h, "stand-in"),
		interrupt: interrupt, ended: make(chan error, 1),
	}
	go func() { r.ended <- r.run() }()
	t.Cleanup(func() {
		interrupt()
		h.close()
		if h.dir != cfg.Path() {
			require.NoError(t, os.RemoveAll(h.dir))
		}
	})
	return r
}

func valueOf(t *testing.T, cfg config.Config, key string) string {
	t.Helper()
	value, ok := map[string]string{
		"data": cfg.Data, "web.listen": cfg.Web.Listen, "web.internal": cfg.Web.Internal, "sip.listen": cfg.SIP.Listen,
		"sip.carrier":      cfg.SIP.Carrier,
		"switch.http_port": strconv.Itoa(cfg.Switch.HTTPPort), "switch.ami_port": strconv.Itoa(cfg.Switch.AMIPort),
		"postgres.port": strconv.Itoa(cfg.Postgres.Port), "redis.port": strconv.Itoa(cfg.Redis.Port),
		"web.tls": strconv.FormatBool(cfg.Web.TLS),
	}[key]
	require.True(t, ok, key)
	return value
}

// serverPID asks the stack's server who it is, 0 while none answers.
func (r *running) serverPID() int {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true,
	}}
	res, err := client.Get(r.baseURL() + "/readyz")
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	var pid int
	if _, err := fmt.Fscan(res.Body, &pid); err != nil {
		return 0
	}
	return pid
}

// awaitServer waits for a server other than the one named.
func (r *running) awaitServer(t *testing.T, other int) int {
	t.Helper()
	select {
	case <-r.serving:
	case err := <-r.ended:
		require.FailNow(t, "the stack ended", "%v", err)
	case <-time.After(60 * time.Second):
		require.FailNow(t, "the stack does not serve")
	}
	var pid int
	require.Eventually(t, func() bool {
		pid = r.serverPID()
		return pid != 0 && pid != other
	}, 30*time.Second, 20*time.Millisecond)
	return pid
}

func (r *running) stopped(t *testing.T) error {
	t.Helper()
	r.interrupt()
	select {
	case err := <-r.ended:
		r.home.close()
		return err
	case <-time.After(60 * time.Second):
		t.Fatal("the stack does not stop")
		return nil
	}
}

func TestStackStartsHealsStopsAndKeepsItsData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	cfg := settings(t, dir)
	first := launchStack(t, cfg)
	pid := first.awaitServer(t, 0)

	// A second one on the same folder is refused.
	_, err := openHome(first.home.dir, nil)
	require.ErrorContains(t, err, "already runs")

	// A server that dies is started again; the switch keeps running meanwhile.
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	again := first.awaitServer(t, pid)

	// So are the switch, the live store and the database, and all others stay.
	for _, one := range first.services {
		part, ok := one.service.(interface{ PID() int })
		if !ok {
			continue
		}
		before := part.PID()
		require.NoError(t, syscall.Kill(before, syscall.SIGKILL))
		require.Eventually(t, func() bool {
			now := part.PID()
			return now != 0 && now != before
		}, 60*time.Second, 20*time.Millisecond, one.name)
	}
	require.Equal(t, again, first.serverPID())
	require.NoError(t, first.stopped(t))
	require.Zero(t, first.serverPID())
	require.Error(t, syscall.Kill(again, 0), "the server is gone")
	require.NoError(t, portsTaken(cfg, false), "every port is free again")
	require.NoFileExists(t, filepath.Join(first.home.dir, runtimeFile))

	began := time.Now()
	second := launchStack(t, cfg)
	second.awaitServer(t, 0)
	require.Less(t, time.Since(began), 10*time.Second)
	written, err := readRuntime(second.home.dir)
	require.NoError(t, err)
	running, err := config.Load("", written)
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), running.Postgres.URL)
	require.NoError(t, err)
	var starts int
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM starts").Scan(&starts))
	require.Equal(t, 3, starts)
	require.NoError(t, conn.Close(t.Context()))

	// The doctor finds all of it in good health.
	for _, examine := range []check{checkARI, checkAMI, checkPostgres, checkRedis} {
		running.Switch.HTTPPort, running.Switch.AMIPort = cfg.Switch.HTTPPort, cfg.Switch.AMIPort
		f := examine(t.Context(), running)
		require.Equal(t, good, f.verdict, "%+v", f)
	}
	require.NoError(t, second.stopped(t))
}

func TestStackServesHTTPSWithACertificateOfItsOwn(t *testing.T) {
	r := launchStack(t, settings(t, filepath.Join(t.TempDir(), "data"), "HOTLINE_WEB_TLS=true"))
	r.awaitServer(t, 0)
	require.True(t, strings.HasPrefix(r.baseURL(), "https://"))
	require.NoError(t, r.stopped(t))
}

func TestPortInUseNamesPortAndVariable(t *testing.T) {
	cfg := settings(t, t.TempDir())
	taken, err := net.Listen("tcp", cfg.Web.Listen)
	require.NoError(t, err)
	defer taken.Close()
	_, port, err := net.SplitHostPort(cfg.Web.Listen)
	require.NoError(t, err)
	err = portsTaken(cfg, false)
	require.ErrorContains(t, err, "port "+port)
	require.ErrorContains(t, err, "HOTLINE_WEB_LISTEN=127.0.0.1:")
}

func TestOnlyAForwardedAddressIsExternal(t *testing.T) {
	nets, external := localNets("127.0.0.1")
	require.False(t, external)
	require.Contains(t, nets, "127.0.0.0/8")
	_, external = localNets("192.0.2.77")
	require.True(t, external)
}

func TestSettingsOfARunningStackAreFoundUnlessSet(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, writeRuntime(dir, nil, []string{"HOTLINE_POSTGRES_URL=postgres://there", "HOTLINE_REDIS_ADDRESS=127.0.0.1:7777"}))
	cfg, err := loadSettings("", []string{"HOTLINE_DATA=" + dir, "HOTLINE_REDIS_ADDRESS=127.0.0.1:8888"})
	require.NoError(t, err)
	require.Equal(t, "postgres://there", cfg.Postgres.URL)
	require.Equal(t, "127.0.0.1:8888", cfg.Redis.Address)
}

func TestDoctorNamesTheRemedy(t *testing.T) {
	cfg := settings(t, t.TempDir())
	cfg.Switch.Dir = t.TempDir()
	cfg.Postgres.URL = "postgres://nobody@127.0.0.1:1/none"
	cfg.Redis.Address = "127.0.0.1:1"
	cfg.Switch.ARIPassword, cfg.Switch.AMIPassword = "x", "x"
	cfg.Recording.Store = "file:///proc/none"
	cfg.Prompts.Dir = filepath.Join(t.TempDir(), "none")
	for part, examine := range map[string]check{
		"install.sh":   checkSwitchInstalled,
		"make run":     checkARI,
		"POSTGRES_URL": checkPostgres, "REDIS_ADDRESS": checkRedis,
		"RECORDING_STORE": checkStore, "PROMPTS_DIR": checkPrompts,
	} {
		f := examine(t.Context(), cfg)
		require.Equal(t, faulty, f.verdict, "%+v", f)
		require.Contains(t, f.remedy, part)
	}
}

func TestDemoResetForgetsDataAndRefusesInEarnest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	cfg := settings(t, dir)
	user, err := child.ServiceUser()
	require.NoError(t, err)
	h, err := openHome(dir, user)
	require.NoError(t, err)
	t.Cleanup(func() {
		if h.dir != dir {
			require.NoError(t, os.RemoveAll(h.dir))
		}
	})
	require.NoError(t, user.MakeDirs(h.path("postgres"), h.path("prompts")))

	a := &app{ctx: t.Context(), cfg: cfg}
	require.ErrorContains(t, DemoResetCmd{}.Run(a), "already runs", "a running demo is not touched")
	h.close()
	a.cfg.Demo = false
	require.ErrorContains(t, DemoResetCmd{}.Run(a), "no demo")
	require.DirExists(t, h.path("postgres"))
	a.cfg.Demo = true
	require.NoError(t, DemoResetCmd{}.Run(a))
	require.NoDirExists(t, h.path("postgres"))
	require.DirExists(t, h.path("prompts"))
}
