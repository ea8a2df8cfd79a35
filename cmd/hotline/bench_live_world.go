package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/acd/livestate"
	"github.com/open12345/hotline/acd/livestate/redisserver"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/switchtest"
	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
	usecases "github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

const benchSupervisor = "banzhang"

func benchSeat(i int) string                   { return fmt.Sprint(2001 + i) }
func benchToken(account string) string         { return "bench-" + account }
func benchQuiet() *slog.Logger                 { return slog.New(slog.DiscardHandler) }
func benchPages() fs.FS                        { return fstest.MapFS{} }
func benchCaller(n int) string                 { return fmt.Sprintf("139%08d", n) }
func benchArgs(v any) (json.RawMessage, error) { return json.Marshal(v) }

// benchWorld is the server side of bench live: the real floor with journal and Redis, and the real
// web server, on the fake switch. The desk is one that knows its people and answers at once.
type benchWorld struct {
	sw        *switchtest.Switch
	floor     *floor.Floor
	web       *web.Server
	decisions *decisions
	undo      []func()
}

func newBenchWorld(ctx context.Context, seats int) (w *benchWorld, err error) {
	w = &benchWorld{sw: switchtest.New(), decisions: &decisions{at: map[calls.ID]time.Time{}}}
	defer func() {
		if err != nil {
			w.stop()
		}
	}()
	dir, err := os.MkdirTemp("", "hotline-bench-")
	if err != nil {
		return nil, err
	}
	w.undo = append(w.undo, func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // Redis may run as another user
		return nil, err
	}
	if err := w.startFloor(ctx, dir); err != nil {
		return nil, err
	}
	if err := w.startWeb(ctx, seats); err != nil {
		return nil, err
	}
	return w, w.signIn(ctx, seats)
}

func (w *benchWorld) startFloor(ctx context.Context, dir string) error {
	store, err := redisserver.Start(ctx, redisserver.Config{Dir: filepath.Join(dir, "redis")})
	if err != nil {
		return err
	}
	w.undo = append(w.undo, func() { _ = store.Kill() })
	client := redis.NewClient(store.Options())
	w.undo = append(w.undo, func() { _ = client.Close() })
	journal, err := livestate.OpenJournal(livestate.JournalConfig{Dir: filepath.Join(dir, "journal"), Epoch: 1, Log: benchQuiet()})
	if err != nil {
		return err
	}
	journal.Follow("redis", livestate.NewStream(client))
	keys, err := privacy.NewKeyRing()
	if err != nil {
		return err
	}
	if err := w.sw.Start(ctx); err != nil {
		return err
	}
	w.undo = append(w.undo, w.sw.Stop)
	desk := benchDesk{}
	w.floor, err = floor.New(floor.Config{
		Nodes:  []floor.Node{{Switch: w.sw, Events: w.sw.Events()}},
		Engine: acd.Config{Queues: []acd.QueueConfig{{ID: "general", Target: 15 * time.Second}}},
		Queues: []floor.Queue{{ID: "general", Name: "综合"}}, Menus: desk, Sounds: desk, Seats: desk, Lines: desk, History: desk,
		Line: floor.Line{Called: "12345", Label: "12345", Queue: "general"}, Sealer: keys, Journal: journal,
		Live: livestate.NewState(client, 1), Followers: []floor.Follower{w.decisions}, WrapUp: benchWrapUp, Log: benchQuiet(),
	})
	if err != nil {
		return err
	}
	if err := journal.Start(ctx); err != nil {
		return err
	}
	w.undo = append(w.undo, func() {
		stop, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = journal.Stop(stop)
	})
	if err := w.floor.Start(ctx); err != nil {
		return err
	}
	w.undo = append(w.undo, w.floor.Stop)
	return nil
}

func (w *benchWorld) startWeb(ctx context.Context, seats int) error {
	keys, err := privacy.NewKeyRing()
	if err != nil {
		return err
	}
	people := &benchPeople{byToken: map[string]string{}}
	for i := range seats {
		people.byToken[string(keys.Digest("token", benchToken(benchSeat(i))))] = benchSeat(i)
	}
	people.byToken[string(keys.Digest("token", benchToken(benchSupervisor)))] = benchSupervisor
	w.web, err = web.New(web.Config{Listen: "127.0.0.1:0", Version: "bench", Timezone: time.UTC, SessionIdle: time.Hour, SessionLife: time.Hour}, web.Deps{
		Floor: w.floor, Desk: usecases.New(usecases.Config{Store: people, Keys: keys, Log: benchQuiet()}), Sessions: memstore.New(),
		Metrics: prometheus.NewRegistry(), Pages: benchPages(),
	})
	if err != nil {
		return err
	}
	w.floor.Watch(w.web.Follower())
	if err := w.web.Start(ctx); err != nil {
		return err
	}
	w.undo = append(w.undo, func() {
		stop, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = w.web.Stop(stop)
	})
	return nil
}

// signIn brings every seat to idle.
func (w *benchWorld) signIn(ctx context.Context, seats int) error {
	for i := range seats {
		seat := benchSeat(i)
		w.sw.Register("w" + seat)
		w.sw.React("w"+seat, switchtest.Answers)
		for _, cmd := range []struct {
			name floor.CommandName
			args any
		}{
			{floor.CmdSignIn, floor.SignInArgs{Seat: seat, Device: "browser"}}, {floor.CmdWish, floor.Wish{State: floor.SeatIdle}},
		} {
			args, err := benchArgs(cmd.args)
			if err != nil {
				return err
			}
			if _, err := w.floor.Do(ctx, floor.Command{ID: seat + string(cmd.name), Name: cmd.name, Account: seat, Seat: seat, Role: "agent", Args: args}); err != nil {
				return fmt.Errorf("sign seat %s in: %w", seat, err)
			}
		}
	}
	return nil
}

// traffic brings calls at the rate for the time, and returns when it began once the last one ended.
// A call that is late is made up for: the load doesn't fall when the machine is slow.
func (w *benchWorld) traffic(ctx context.Context, rate float64, long time.Duration) time.Time {
	began := time.Now()
	var talking sync.WaitGroup
	defer talking.Wait()
	for n := range int(rate * long.Seconds()) {
		due := began.Add(time.Duration(float64(n) / rate * float64(time.Second)))
		select {
		case <-ctx.Done():
			return began
		case <-time.After(time.Until(due)):
		}
		leg := w.sw.Incoming(benchCaller(n), "12345")
		talking.Go(func() {
			wait, cancel := context.WithTimeout(ctx, benchTalk)
			defer cancel()
			<-wait.Done()
			w.sw.FarEndHangsUp(leg)
		})
	}
	return began
}

func (w *benchWorld) stop() {
	for len(w.undo) > 0 {
		last := w.undo[len(w.undo)-1]
		w.undo = w.undo[:len(w.undo)-1]
		last()
	}
}

// benchDesk is what the floor asks of the desk: callers with a long history, known after 5 ms.
type benchDesk struct{}

func (benchDesk) Menu(name string) (floor.Walker, error) { return nil, errors.New("no menu " + name) }

func (d benchDesk) MenuVersion(name, _ string) (floor.Walker, error) { return d.Menu(name) }

func (benchDesk) Sounds(p ivr.Prompt) ([]string, error) { return []string{"sound:" + p.ID}, nil }

func (benchDesk) SeatProfile(_ context.Context, account string) (floor.SeatProfile, error) {
	return floor.SeatProfile{Seat: account, Account: account, Name: "坐席" + account, Group: "一组", Queues: []string{"general"}, WrapUp: benchWrapUp}, nil
}

func (benchDesk) Seats(context.Context) ([]floor.SeatProfile, error) { return nil, nil }

func (benchDesk) Line(_ context.Context, called string) (floor.Line, error) {
	return floor.Line{Called: called, Label: "12345", Queue: "general"}, nil
}

func (benchDesk) CallerHistory(ctx context.Context, _ string) (floor.History, error) {
	select {
	case <-ctx.Done():
		return floor.History{}, ctx.Err()
	case <-time.After(benchHistory):
	}
	h := floor.History{Name: "王秀兰", Gender: "female", Kind: "person", Tags: []string{"老户"}, Regular: true, Province: "江苏", City: "苏州", Carrier: "中国移动", Repeats: 3, OpenTickets: 5}
	for i := range 10 {
		h.Tickets = append(h.Tickets, floor.HistoryTicket{ID: fmt.Sprint(i), Number: fmt.Sprintf("26112500%04d", i), Title: strings.Repeat("夜间施工噪音扰民", 3), State: "to_dispatch"})
		h.Calls = append(h.Calls, floor.HistoryCall{ID: calls.ID(fmt.Sprint(i)), Queue: "general", Agent: "林晓雯", TalkS: 60})
	}
	return h, nil
}

// benchPeople is the part of the desk's store that the web server asks who opens a socket. Nothing
// else of it is called.
type benchPeople struct {
	usecases.Store
	byToken map[string]string
}

func (p *benchPeople) TokenAccount(_ context.Context, digest []byte, _ time.Time) (string, error) {
	account, ok := p.byToken[string(digest)]
	if !ok {
		return "", usecases.ErrNotFound
	}
	return account, nil
}

func (p *benchPeople) Account(_ context.Context, name string) (directory.Account, error) {
	role := tickets.Agent
	if name == benchSupervisor {
		role = tickets.Supervisor
	}
	return directory.Account{Name: name, PersonName: name, Roles: []tickets.Role{role}}, nil
}

func (p *benchPeople) SeatOf(_ context.Context, account string) (directory.Seat, error) {
	if account == benchSupervisor {
		return directory.Seat{}, usecases.ErrNotFound
	}
	return directory.Seat{ID: account, Account: account}, nil
}
