package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/configs/aims"
	demofiles "github.com/open12345/hotline/configs/demo"
	"github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/postgres/cluster"
	"github.com/open12345/hotline/tickets/privacy"
	usecases "github.com/open12345/hotline/tickets/service"
)

// BenchTicketsCmd measures the desk on a loaded city: lists, a ticket's page, text search and
// transitions through the HTTP API of a running server.
type BenchTicketsCmd struct {
	City string        `enum:"30k,300k,3m" default:"300k" env:"CITY" help:"Tickets of the city: 30k, 300k or 3m. It is made once and kept; a load that was cut off goes on."`
	Dir  string        `default:"/var/tmp/hotline-bench-tickets" help:"Where cities are kept; outside the checkout." type:"path"`
	For  time.Duration `default:"30s" help:"How long transitions are sustained at most."`
	Only []string      `enum:"pages,search,export,act,verify" help:"Measure these parts only: pages, search, export, act, verify."`
	Aims string        `default:"configs/aims.yaml" type:"path" help:"What it is held to."`
}

// citySizes are tickets and units of each city.
var citySizes = map[string]struct{ tickets, units int }{"30k": {30_000, 200}, "300k": {300_000, 2000}, "3m": {3_000_000, 2000}}

// roomFor3m is the free disk that the large city asks for, in bytes.
const roomFor3m = 60 << 30

// benchSettings suit a database of this size; those that keep what was committed are left alone
// and asserted.
var benchSettings = map[string]string{
	"shared_buffers": "2GB", "effective_cache_size": "8GB", "work_mem": "16MB", "random_page_cost": "1.1", "max_wal_size": "8GB",
	"checkpoint_timeout": "15min", "wal_compression": "on", "jit": "off",
}

// Run measures. A missed aim is an error.
func (c *BenchTicketsCmd) Run(a *app) error {
	sheet, err := aims.Load(c.Aims, os.Stdout)
	if err != nil {
		return err
	}
	if err := c.checkPlace(); err != nil {
		return fmt.Errorf("bench tickets: %w", err)
	}
	w, err := c.openWorld(a, os.Stdout)
	if err != nil {
		return fmt.Errorf("bench tickets: %w", err)
	}
	err = c.measure(a.ctx, w, sheet)
	if err := errors.Join(err, w.stop()); err != nil {
		return fmt.Errorf("bench tickets: %w", err)
	}
	return sheet.Err()
}

// checkPlace refuses a folder in the checkout, and too small a disk for the large city.
func (c *BenchTicketsCmd) checkPlace() error {
	work, err := os.Getwd()
	if err != nil {
		return err
	}
	if rest, err := filepath.Rel(work, c.Dir); err == nil && !strings.HasPrefix(rest, "..") {
		return fmt.Errorf("%s lies in the checkout: name another folder with --dir", c.Dir)
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil { //nolint:gosec // the database runs as another user and must reach its folder
		return err
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(c.Dir, &disk); err != nil {
		return fmt.Errorf("look at the disk of %s: %w", c.Dir, err)
	}
	free := int64(disk.Bavail) * disk.Bsize
	if c.City == "3m" && free < roomFor3m {
		if _, err := os.Stat(filepath.Join(c.Dir, c.City, "whole")); err != nil {
			return fmt.Errorf("the city of 3 million tickets asks for %d GB of free disk, %s has %d GB", int64(roomFor3m)>>30, c.Dir, free>>30)
		}
	}
	return nil
}

// ticketWorld is a loaded city with a server that runs on it.
type ticketWorld struct {
	out    io.Writer
	city   *benchCity
	db     *cluster.Cluster
	store  *postgres.Store
	desk   *usecases.Service
	server *benchServer
}

func (w *ticketWorld) stop() error {
	var errs []error
	if w.server != nil {
		errs = append(errs, w.server.stop())
	}
	if w.store != nil {
		w.store.Close()
	}
	if w.db != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		errs = append(errs, w.db.Stop(ctx))
	}
	return errors.Join(errs...)
}

// openWorld starts the database, loads what is missing of the city and starts the server.
func (c *BenchTicketsCmd) openWorld(a *app, out io.Writer) (_ *ticketWorld, err error) {
	w := &ticketWorld{out: out}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.stop())
		}
	}()
	user, err := child.ServiceUser()
	if err != nil {
		return nil, err
	}
	home := filepath.Join(c.Dir, c.City)
	data := filepath.Join(home, "data")
	if err := user.MakeDirs(home, data); err != nil {
		return nil, err
	}
	if w.db, err = cluster.Start(a.ctx, cluster.Config{Dir: filepath.Join(home, "postgres"), User: user, Settings: benchSettings, Log: a.log}); err != nil {
		return nil, err
	}
	keyFile := filepath.Join(data, privacy.KeyFile)
	keys, err := privacy.LoadKeyRing(keyFile)
	if err != nil {
		return nil, err
	}
	if err := user.Own(keyFile); err != nil {
		return nil, err
	}
	if w.store, err = postgres.Open(a.ctx, w.db.URL(), keys, a.log); err != nil {
		return nil, err
	}
	if _, err := w.store.Migrate(a.ctx); err != nil {
		return nil, err
	}
	if err := assertDurable(a.ctx, w.store); err != nil {
		return nil, err
	}
	end, err := cityEnd(filepath.Join(home, "end"))
	if err != nil {
		return nil, err
	}
	size := citySizes[c.City]
	// Classes, areas, queues and menus are the demo's; its own tickets are older than the city's.
	_, err = demo.Load(a.ctx, demo.Config{
		Demo: true, Store: w.store, Keys: keys, Files: demofiles.Files, Zone: a.cfg.Location(), Now: end.AddDate(0, 0, -cityDays-35), Node: "sw1",
		Events: w.store.Sink(0).Store, Log: a.log,
	})
	if err != nil {
		return nil, err
	}
	w.city = &benchCity{tickets: size.tickets, units: size.units, end: end, store: w.store, files: demofiles.Files, out: out}
	if err := w.city.load(a.ctx); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(home, "whole"), nil, 0o600); err != nil {
		return nil, err
	}
	w.desk = usecases.New(usecases.Config{Store: w.store, Keys: keys, Zone: a.cfg.Location(), Log: a.log})
	w.server, err = startBenchServer(a.ctx, home, w.db.URL(), user)
	return w, err
}

// cityEnd is the first day without tickets: kept, so that a load that is resumed on another day
// makes the same city.
func cityEnd(file string) (time.Time, error) {
	raw, err := os.ReadFile(file)
	if err == nil {
		return time.Parse(time.DateOnly, string(raw))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return time.Time{}, err
	}
	end := time.Now().UTC().Truncate(24 * time.Hour)
	return end, os.WriteFile(file, []byte(end.Format(time.DateOnly)), 0o600)
}

// assertDurable refuses a database that may lose what it said was committed.
func assertDurable(ctx context.Context, store *postgres.Store) error {
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		value, err := store.Setting(ctx, name)
		if err != nil {
			return err
		}
		if value != "on" {
			return fmt.Errorf("%s is %s: the figures would mean nothing", name, value)
		}
	}
	return nil
}

func (c *BenchTicketsCmd) measure(ctx context.Context, w *ticketWorld, sheet *aims.Sheet) error {
	fmt.Fprintf(w.out, "City of %d tickets and %d units up to %s; a server of its own, fsync and synchronous_commit on (%d cores, %s).\n",
		w.city.tickets, w.city.units, w.city.end.Format(time.DateOnly), runtime.NumCPU(), runtime.Version())
	people, err := w.signIn(ctx)
	if err != nil {
		return err
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context, *ticketWorld, benchCrowd, *aims.Sheet) error
	}{
		{"pages", measurePages}, {"search", measureSearch}, {"export", measureExport}, {"act", c.measureTransitions}, {"verify", verifyCity},
	} {
		if len(c.Only) > 0 && !slices.Contains(c.Only, part.name) {
			continue
		}
		if load, err := os.ReadFile("/proc/loadavg"); err == nil {
			fmt.Fprintf(w.out, "load of the machine: %s", load)
		}
		if err := part.measure(ctx, w, people, sheet); err != nil {
			return err
		}
	}
	return nil
}

// settle waits until the timers that came due while no server ran are done.
func (w *ticketWorld) settle(ctx context.Context) error {
	began, first := time.Now(), -1
	for {
		due, err := w.store.TimersDue(ctx)
		if err != nil {
			return err
		}
		if first < 0 {
			first = due
		}
		if due == 0 && time.Since(began) > 10*time.Second {
			fmt.Fprintf(w.out, "timers that had come due are done after %v\n", time.Since(began).Round(time.Second))
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// verifyCity recomputes every seal and chain.
func verifyCity(ctx context.Context, w *ticketWorld, _ benchCrowd, sheet *aims.Sheet) error {
	began, wrong := time.Now(), 0
	count, err := w.store.Verify(ctx, func(m usecases.Mismatch) {
		if wrong++; wrong <= 20 {
			fmt.Fprintf(w.out, "does not match: %+v\n", m)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "verified %d tickets with %d steps in %v\n", count.Tickets, count.Steps, time.Since(began).Round(time.Second))
	return sheet.Result("tickets_verify_mismatches", float64(wrong))
}
