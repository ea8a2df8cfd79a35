package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/redis/go-redis/v9"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/acd/livestate"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/cti/asterisk"
	"github.com/open12345/hotline/cti/recording"
	"github.com/open12345/hotline/tickets/attachment"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

// Server is one process of the hotline: it waits for the lease, then serves calls and pages.
type Server struct {
	cfg     config.Config
	log     *slog.Logger
	pages   fs.FS
	version string
	metrics *prometheus.Registry

	keys     *privacy.KeyRing
	store    *postgres.Store
	desk     *service.Service
	clock    *demoClock
	calendar calendar.Calendar
	redis    *redis.Client
	presence net.Listener
	lease    *livestate.Lease
	prompts  *promptBook
	guides   *guideBook
	menus    *menuBook
	driver   *asterisk.Driver
	journal  *livestate.Journal
	floor    *floor.Floor
	sounds   *recording.Store
	files    *attachment.Store
	sealer   *recording.Sealer
	flaws    *recordingAlarms
	demo     *demo
	web      *web.Server

	cancel  context.CancelFunc
	workers sync.WaitGroup
	undo    []func(context.Context) error // what Start has done, to be undone last first
	stop    sync.Once
}

// New makes a server of the settings; pages is the built front end.
func New(cfg config.Config, pages fs.FS, version string, log *slog.Logger) *Server {
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return &Server{cfg: cfg, log: log, pages: pages, version: version, metrics: metrics}
}

// Start brings the parts up in the order of their needs and returns when calls and pages are
// served. On an error everything started is stopped again.
func (s *Server) Start(ctx context.Context) error {
	for _, part := range []struct {
		name  string
		start func(context.Context) error
	}{
		{"desk", s.startDesk}, {"prompts", s.startPrompts}, {"recordings", s.startRecordings}, {"attachments", s.startAttachments}, {"demo city", s.loadDemo},
		{"leadership", s.startLeadership}, {"switch", s.startSwitch}, {"menus", s.startMenus}, {"journal", s.startJournal},
		{"floor", s.startFloor}, {"timers", s.startTimers}, {"exports", s.startExports}, {"notices", s.startNotices}, {"suggestions", s.startLearning}, {"rules", s.startRules}, {"web", s.startWeb},
	} {
		began := time.Now()
		if err := part.start(ctx); err != nil {
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
			defer cancel()
			return errors.Join(fmt.Errorf("start the %s: %w", part.name, err), s.Stop(stop))
		}
		s.log.Info("part started", "part", part.name, "took", time.Since(began).Round(time.Millisecond))
	}
	return nil
}

const stopPatience = 15 * time.Second

// Lost is closed when another server leads: this one has to be stopped.
func (s *Server) Lost() <-chan struct{} {
	lost := make(chan struct{})
	go func() {
		select {
		case <-s.lease.Lost():
		case <-s.floor.Lost():
		}
		close(lost)
	}()
	return lost
}

// onStop notes how to undo a step.
func (s *Server) onStop(undo func(context.Context) error) { s.undo = append(s.undo, undo) }

// Stop ends the parts, last started first. Calls go on in the switch for the successor.
func (s *Server) Stop(ctx context.Context) error {
	var errs []error
	s.stop.Do(func() {
		for i := len(s.undo) - 1; i >= 0; i-- {
			errs = append(errs, s.undo[i](ctx))
		}
	})
	return errors.Join(errs...)
}

// startLeadership waits until this process may lead.
func (s *Server) startLeadership(ctx context.Context) error {
	s.redis = redis.NewClient(&redis.Options{
		Addr: s.cfg.Redis.Address, Password: s.cfg.Redis.Password, DialTimeout: 2 * time.Second, ReadTimeout: 2 * time.Second, WriteTimeout: 2 * time.Second,
	})
	s.onStop(func(context.Context) error { return s.redis.Close() })
	// Who looks whether the leader lives knocks here.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Web.Internal)
	if err != nil {
		return fmt.Errorf("open the internal port %s (web.internal, HOTLINE_WEB_INTERNAL): %w", s.cfg.Web.Internal, err)
	}
	s.presence = listener
	var doors sync.WaitGroup
	doors.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	})
	s.onStop(func(context.Context) error {
		err := listener.Close()
		doors.Wait()
		return err
	})
	s.lease, err = livestate.Acquire(ctx, s.redis, s.cfg.Web.Internal, map[string]livestate.EpochStore{
		"database": epochs{s.store}, "switch": switchEpoch{s.driverConfig(0)},
	}, s.log)
	if err != nil {
		return err
	}
	s.onStop(s.lease.Release)
	s.log.Info("leading", "epoch", s.lease.Epoch())
	return nil
}

// epochs lets the database remember the epoch.
type epochs struct{ store *postgres.Store }

func (e epochs) Epoch(ctx context.Context) (uint64, error) {
	n, err := e.store.Epoch(ctx)
	return uint64(max(n, 0)), err
}

func (e epochs) RaiseEpoch(ctx context.Context, epoch uint64) error {
	return e.store.RaiseEpoch(ctx, int64(epoch))
}

// switchEpoch reads the epoch the switch has seen; the driver writes it when it starts.
type switchEpoch struct{ cfg asterisk.Config }

func (e switchEpoch) Epoch(ctx context.Context) (uint64, error) { return asterisk.Epoch(ctx, e.cfg) }

func (e switchEpoch) RaiseEpoch(context.Context, uint64) error { return nil }

func (s *Server) driverConfig(epoch uint64) asterisk.Config {
	loopback := func(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
	return asterisk.Config{
		Node: s.cfg.Switch.Node, URL: "http://" + loopback(s.cfg.Switch.HTTPPort),
		AdminUser: s.cfg.Switch.ARIUser, AdminPassword: s.cfg.Switch.ARIPassword, Epoch: epoch,
		AMI: loopback(s.cfg.Switch.AMIPort), AMIUser: s.cfg.Switch.AMIUser, AMIPassword: s.cfg.Switch.AMIPassword,
		MediaAddress: s.cfg.SIP.MediaAddress, Allow: s.cfg.Outbound.Expressions(), Logger: s.log, Registerer: s.metrics,
	}
}

func (s *Server) startSwitch(ctx context.Context) error {
	cfg := s.driverConfig(s.lease.Epoch())
	driver, err := asterisk.New(cfg)
	if err != nil {
		return err
	}
	if err := driver.Start(ctx); err != nil {
		return err
	}
	s.driver = driver
	s.onStop(func(context.Context) error { driver.Stop(); return nil })
	return nil
}

func (s *Server) startJournal(ctx context.Context) error {
	journal, err := livestate.OpenJournal(livestate.JournalConfig{
		Dir: s.cfg.Path("journal"), Epoch: s.lease.Epoch(), Log: s.log,
		Lagging: func(follower string, behind bool, detail string) {
			s.floor.Raise(floor.Alarm{Code: "journal_behind:" + follower, Detail: detail, On: behind})
		},
	})
	if err != nil {
		return err
	}
	desk := recordingDesk{s.store}
	journal.Follow("redis", livestate.NewStream(s.redis))
	journal.Follow("database", sealingSink{
		EventSink: s.store.Sink(int64(s.lease.Epoch())), desk: desk, seal: s.seal, log: s.log,
	})
	s.journal = journal
	return nil
}
