package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/goredisstore"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/configs/calendar"
	demofiles "github.com/open12345/hotline/configs/demo"
	"github.com/open12345/hotline/cti/recording"
	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/open12345/hotline/ivr/prompts"
	workdays "github.com/open12345/hotline/tickets/calendar"
	city "github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

const databasePatience = 30 * time.Second

// startDesk opens the database, brings it up to date and puts the use cases on it.
func (s *Server) startDesk(ctx context.Context) error {
	var err error
	if s.keys, err = privacy.LoadKeyRing(s.cfg.Path(privacy.KeyFile)); err != nil {
		return err
	}
	if s.calendar, err = workdays.Load(calendar.Files, s.cfg.Location()); err != nil {
		return err
	}
	open, cancel := context.WithTimeout(ctx, databasePatience)
	defer cancel()
	if s.store, err = postgres.Open(open, s.cfg.Postgres.URL, s.keys, s.log); err != nil {
		return err
	}
	s.onStop(func(context.Context) error { s.store.Close(); return nil })
	if _, err := s.store.Migrate(open); err != nil {
		return err
	}
	if err := s.store.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.onStop(func(context.Context) error { s.store.Stop(); return nil })
	if s.clock, err = openDemoClock(s.cfg.Path("demo-clock.json")); err != nil {
		return err
	}
	now := time.Now
	var barred []string
	if s.cfg.Demo {
		now = s.clock.Now
	} else if barred, err = city.Accounts(open, s.store, demofiles.Files); err != nil {
		return err
	}
	rules, err := service.ShippedRules(s.cfg.Policy, s.cfg.Location())
	if err != nil {
		return err
	}
	s.desk = service.New(service.Config{
		Rules: rules,
		Store: s.store, Keys: s.keys, Zone: s.cfg.Location(), Log: s.log, Now: now, CaptchaAfter: s.cfg.Security.CaptchaAfter, Barred: barred,
		Prefixes: s.cfg.Department.Prefixes,
		Lock:     directory.LockPolicy{After: s.cfg.Security.LockAfter, For: s.cfg.Security.LockFor},
	})
	return nil
}

func (s *Server) startPrompts(ctx context.Context) error {
	last := -1
	var err error
	s.prompts, err = openPrompts(ctx, s.cfg, func(done, total int) {
		if percent := done * 100 / total / 20 * 20; percent != last {
			last = percent
			s.log.Info("making prompts", "done", done, "of", total)
		}
	})
	return err
}

// startRecordings opens the store of sealed recordings.
func (s *Server) startRecordings(ctx context.Context) error {
	address := s.cfg.Recording.Store
	if address == "" {
		folder := s.cfg.Path("recordings")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("folder of recordings: %w", err)
		}
		address = "file://" + filepath.ToSlash(folder)
	}
	store, err := recording.OpenStore(ctx, address)
	if err != nil {
		return err
	}
	s.sounds = store
	s.onStop(func(context.Context) error { return store.Close() })
	return nil
}

// loadDemo loads the demo city once.
func (s *Server) loadDemo(ctx context.Context) error {
	if !s.cfg.Demo {
		return nil
	}
	install, err := asterisk.Find(s.cfg.Switch.Dir)
	if err != nil {
		return err
	}
	result, err := city.Load(ctx, city.Config{
		Demo: true, Store: s.store, Keys: s.keys, Files: demofiles.Files, Zone: s.cfg.Location(), Now: time.Now(),
		Node: s.cfg.Switch.Node, Events: s.store.Sink(0).Store, Speak: speaker(install),
		PutRecording: s.sounds.Put, Log: s.log,
	})
	if errors.Is(err, city.ErrNotEmpty) {
		s.log.Warn("demo city not loaded", "err", err)
		return nil
	}
	if result.Loaded {
		s.log.Info("demo city loaded", "tickets", result.Tickets, "calls", result.Calls, "recordings", result.Recordings)
	}
	return err
}

// speaker reads texts aloud for the demo's past calls: one voice for the agents, variants of it
// for the citizens.
func speaker(install asterisk.Install) func(context.Context, string, int) ([]int16, error) {
	voices := []string{"cmn", "cmn+m3", "cmn+f2", "cmn+m7"}
	return func(ctx context.Context, text string, voice int) ([]int16, error) {
		engine := prompts.Espeak{Command: install.SpeechCommand, Voice: voices[voice%len(voices)], Rate: 170}
		sound, err := engine.Synthesize(ctx, prompts.Utterance{Language: "zh", Text: text})
		if err != nil {
			return nil, err
		}
		return sound.Resampled(prompts.Rate).Samples, nil
	}
}

// startMenus reads the menu files against the house as it is.
func (s *Server) startMenus(ctx context.Context) error {
	house := func() ([]directory.Queue, []directory.Skill) {
		ask, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		queues, err := s.desk.Queues(ask)
		if err != nil {
			s.log.Error("read queues for the menus", "err", err)
		}
		skills, err := s.desk.Skills(ask)
		if err != nil {
			s.log.Error("read skills for the menus", "err", err)
		}
		return queues, skills
	}
	var err error
	s.menus, err = openMenus(s.cfg, s.prompts, s.calendar, house)
	return err
}

// startFloor begins to serve calls.
func (s *Server) startFloor(ctx context.Context) error {
	queues, err := s.desk.Queues(ctx)
	if err != nil {
		return err
	}
	engine, named, err := engineConfig(queues)
	if err != nil {
		return err
	}
	s.startGuides(ctx)
	ports := deskPorts{s.desk}
	line := floor.Line{Called: s.cfg.IVR.Default, Label: "12345", Menu: s.cfg.IVR.Default}
	if len(queues) > 0 {
		line.Queue = queues[0].ID
	}
	s.floor, err = floor.New(floor.Config{
		Nodes: []floor.Node{{Switch: s.driver, Events: s.driver.Events()}}, Engine: engine, Queues: named,
		Menus: s.menus, Sounds: s.guides, Guides: s.guides, Open: s.calendar.Open, Seats: ports, Lines: ports, Line: line,
		History: ports, Progress: ports, Dialable: ports, Blacklist: ports, Sealer: s.keys, Journal: s.journal,
		Live: livestateOf(s), RingTimeout: s.cfg.Seat.RingTimeout, WrapUp: s.cfg.Seat.WrapUp,
		SecondSignIn: s.cfg.Seat.SecondSignIn, CallerID: s.cfg.Outbound.CallerID,
		SpoofedSeat: seatNumber(s.cfg.Seat.Pattern), Log: s.log,
	})
	if err != nil {
		return err
	}
	s.menus.live = func() []floor.CallView { return s.floor.Snapshot().Calls }
	if s.web, err = s.newWeb(); err != nil {
		return err
	}
	s.floor.Watch(s.web.Follower())
	s.floor.Watch(newFloorMetrics(s.metrics))
	s.startSealer()
	if err := s.journal.Start(ctx); err != nil {
		return err
	}
	s.onStop(s.journal.Stop)
	if err := s.sealer.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.onStop(func(context.Context) error { s.sealer.Stop(); return nil })
	if err := s.floor.Start(ctx); err != nil {
		return err
	}
	s.onStop(func(context.Context) error { s.floor.Stop(); return nil })
	return nil
}

// startGuides begins to have the published guides spoken.
func (s *Server) startGuides(ctx context.Context) {
	s.guides = newGuideBook(s.desk, s.prompts.engine, filepath.Join(promptCache(s.cfg), "guides"), s.prompts.files, s.log)
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var speaking sync.WaitGroup
	speaking.Go(func() { s.guides.run(run) })
	s.onStop(func(context.Context) error {
		cancel()
		speaking.Wait()
		return nil
	})
}

func (s *Server) startSealer() {
	s.flaws = &recordingAlarms{raise: s.floor.Raise, log: s.log, since: map[string]time.Time{}}
	s.sealer = recording.New(recording.Config{
		Store: s.sounds, Desk: recordingDesk{s.store},
		Switch: func(node string) (recording.Switch, bool) { return s.driver, node == s.driver.Node() },
		Nodes:  func() []string { return []string{s.driver.Node()} },
		Alarm:  s.flaws.tell, Logger: s.log,
	})
}

func (s *Server) seal(job recording.Job) { s.sealer.Seal(job) }

// newWeb makes the web server with everything it shows.
func (s *Server) newWeb() (*web.Server, error) {
	if s.cfg.Demo {
		if err := s.makeDemo(); err != nil {
			return nil, err
		}
	}
	deps := web.Deps{
		Floor: s.floor, Bridge: s.floor, Desk: s.desk, Sessions: goredisstore.NewWithPrefix(s.redis, "hotline:session:"), Phones: phones{s.floor},
		Health: health{s}, Sounds: storedSounds{s.sounds}, Files: s.files, House: house{s}, Metrics: s.metrics, Pages: s.pages,
		Menus: s.menus, Prompts: s.prompts, Printer: s.printer(),
	}
	if s.demo != nil {
		deps.Demo = s.demo
	}
	return web.New(web.Config{
		Listen: s.cfg.Web.Listen, Certificate: s.cfg.Web.TLSCertificate, Key: s.cfg.Web.TLSKey, Demo: s.cfg.Demo, Version: s.version,
		Timezone: s.cfg.Location(), Captcha: s.cfg.Security.Captcha, SessionIdle: s.cfg.Security.SessionIdle, SessionLife: s.cfg.Security.SessionLife,
		SIPNodes:     map[string]string{"": s.driverConfig(1).URL, s.cfg.Switch.Node: s.driverConfig(1).URL},
		SecureCookie: s.cfg.Web.TLS, GatewayToken: s.cfg.Message.ReceiptToken,
	}, deps)
}

func (s *Server) makeDemo() error {
	people, err := city.Citizens(demofiles.Files)
	if err != nil {
		return err
	}
	install, err := asterisk.Find(s.cfg.Switch.Dir)
	if err != nil {
		return err
	}
	words, env := install.SpeechCommand("-v", "{voice}", "-s", "{rate}", "-w", "{out}", "{text}")
	cfg := demoConfig{
		SIP: onThisMachine(s.cfg.SIP.Listen), Scripts: filepath.Join("configs", "demo", "callsim"), Speech: script.Speech{Dir: s.cfg.Path("speech")},
		Synthesiser: script.Synthesiser{Words: words, Env: env},
		Seats:       []string{"8003", "8004", "8005", "8006", "8007", "8008"}, Password: "hotline-demo",
		AddWorking: func(from time.Time, days int) time.Time { return s.calendar.AddWorkingDays(from, days) }, Log: s.log,
		Reclock: s.store.Reclock,
	}
	for _, c := range people {
		cfg.Citizens = append(cfg.Citizens, web.DemoCitizen{ID: c.ID, Name: c.Title, Number: c.Number, Note: c.Note})
	}
	s.demo = newDemo(cfg, s.clock, s.floor, s.floor)
	s.floor.Watch(s.demo.agents)
	s.onStop(func(context.Context) error { s.demo.stop(); return nil })
	return nil
}

// onThisMachine is how this machine reaches a port that listens on every address.
func onThisMachine(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listen
}

// startWeb opens the port and the streams that feed the pages.
func (s *Server) startWeb(ctx context.Context) error {
	if err := (house{s}).Reconfigure(ctx); err != nil {
		return err
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	s.workers.Go(func() { s.tellChanges(run) })
	s.workers.Go(func() { s.keepHouse(run) })
	s.onStop(func(context.Context) error { cancel(); s.workers.Wait(); return nil })
	if err := s.web.Start(ctx); err != nil {
		return err
	}
	s.onStop(s.web.Stop)
	return nil
}

// tellChanges feeds the desk's changes to the pages.
func (s *Server) tellChanges(ctx context.Context) {
	var cursor service.Cursor
	for ctx.Err() == nil {
		changes, next, err := s.desk.Changes(ctx, cursor, 500)
		switch {
		case errors.Is(err, service.ErrCursorTooOld):
			cursor = ""
			s.web.Changed(web.DeskChange{Kind: "all"})
			continue
		case err != nil:
			if ctx.Err() == nil {
				s.log.Warn("read the desk's changes", "err", err)
				sleep(ctx, time.Second)
			}
			continue
		}
		for _, c := range changes {
			s.web.Changed(web.DeskChange{ID: string(c.ID), Kind: c.Kind, Ticket: c.Ticket, Call: c.Call, Callback: c.Callback, Version: c.Version, Account: c.Account, Units: c.Units})
		}
		cursor = next
		if len(changes) == 0 {
			wait, cancel := context.WithTimeout(ctx, 5*time.Second)
			_ = s.desk.WaitChange(wait)
			cancel()
		}
	}
}

const (
	menuLook  = 2 * time.Second
	deskSweep = time.Hour
)

// keepHouse takes over changed menu files and sweeps what the desk needs no longer.
func (s *Server) keepHouse(ctx context.Context) {
	look, sweep := time.NewTicker(menuLook), time.NewTicker(deskSweep)
	defer look.Stop()
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			s.flaws.clear(time.Now())
			if changed, err := s.menus.Library.Reload(); err != nil {
				s.log.Error("menu file refused, the former one stays", "err", err)
			} else if len(changed) > 0 {
				s.log.Info("menus changed", "menus", changed)
			}
		case <-sweep.C:
			if err := s.store.Sweep(ctx, time.Now()); err != nil {
				s.log.Warn("sweep the desk", "err", err)
			}
			if err := s.store.Anchor(ctx, s.cfg.Path("anchors.jsonl"), time.Now()); err != nil {
				s.log.Error("anchor the desk's chains", "err", err)
			}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// seatNumber tells caller numbers that only seats have, by a dialplan pattern such as _8XXX.
func seatNumber(pattern string) func(string) bool {
	re := regexp.MustCompile("^(?:" + config.Outbound{Allow: []string{pattern}}.Expressions()[0] + ")$")
	return func(number string) bool { return re.MatchString(strings.TrimPrefix(number, "w")) }
}
