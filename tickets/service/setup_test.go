package service_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/postgres/cluster"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

// keyRing is one for the package, so that a copied database can be opened.
var keyRing = sync.OnceValues(privacy.NewKeyRing)

// bundle is a desk on a real database with a few people, a house and a clock that stands.
type bundle struct {
	*service.Service
	t     *testing.T
	ctx   context.Context
	store *postgres.Store
	keys  *privacy.KeyRing
	url   string
	clock time.Time
	seq   int
}

const password = "a-long-password"

var start = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

func setup(t *testing.T) *bundle {
	t.Helper()
	t.Parallel()
	ctx := t.Context()
	keys, err := keyRing()
	require.NoError(t, err)
	url := cluster.ForTestFrom(t, "desk", func(ctx context.Context, url string) error {
		store, err := postgres.Open(ctx, url, keys, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer store.Close()
		if _, err := store.Migrate(ctx); err != nil {
			return err
		}
		return seed(ctx, store)
	})
	store, err := postgres.Open(ctx, url, keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	b := &bundle{t: t, ctx: ctx, store: store, keys: keys, url: url, clock: start}
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	b.Service = service.New(service.Config{
		Store: store, Keys: keys, Zone: zone, Now: func() time.Time { return b.clock },
		Lock: directory.LockPolicy{After: 5, For: 10 * time.Minute}, CaptchaAfter: 3,
	})
	return b
}

func seed(ctx context.Context, store *postgres.Store) error {
	hash, err := directory.HashPassword(password)
	if err != nil {
		return err
	}
	steps := []func() error{
		func() error {
			return store.SaveUnit(ctx, directory.Unit{ID: "xxb", Name: "市信息办", Kind: "department", Initials: "sxxb"})
		},
		func() error {
			return store.SaveUnit(ctx, directory.Unit{ID: "xxb-xxk", Parent: "xxb", Name: "信息办信息科", Kind: "department"})
		},
		func() error {
			return store.SaveUnit(ctx, directory.Unit{ID: "xxb-wlk", Parent: "xxb", Name: "信息办网络科", Kind: "department"})
		},
		func() error {
			return store.SaveUnit(ctx, directory.Unit{ID: "zjj", Name: "市住建局", Kind: "department", Initials: "szjj", Duties: "施工噪音的监管"})
		},
		func() error {
			return store.SaveUnit(ctx, directory.Unit{ID: "hbj", Name: "市环保局", Kind: "department", Approval: true})
		},
		func() error { return store.SaveQueue(ctx, queueOf("general", "综合")) },
		func() error {
			return store.SaveLine(ctx, directory.Line{Called: "12345", Label: "12345热线", Menu: "12345", Queue: "general"})
		},
		func() error {
			return store.SaveSkill(ctx, directory.Skill{ID: "general", Name: "综合", Kind: "domain"})
		},
	}
	for _, c := range []directory.Class{
		{ID: "env", Name: "环境保护"}, {ID: "noise", Parent: "env", Name: "噪音扰民", Words: "装修 广场舞"},
		{ID: "city", Name: "城乡建设"}, {ID: "water", Parent: "city", Name: "供水服务"}, {ID: "stop", Parent: "water", Name: "停水"},
	} {
		c.Initials = directory.Initials(c.Name)
		steps = append(steps, func() error { return store.SaveClass(ctx, c) })
	}
	for name, roles := range map[string][]tickets.Role{
		"8001": {tickets.Agent}, "8002": {tickets.Agent}, "banzhang": {tickets.Supervisor}, "shouli": {tickets.Intake},
		"paidan": {tickets.Dispatcher}, "rexianban": {tickets.Office}, "admin": {tickets.Admin}, "zhijian": {tickets.Quality},
		"paidan2": {tickets.Dispatcher}, "rexianban2": {tickets.Office}, "shenhe": {tickets.Reviewer}, "huifang": {tickets.FollowUp},
		"shizhang": {tickets.CityLeader},
		"pt-xxb":   {tickets.UnitLeader}, "xxbjb": {tickets.UnitClerk}, "xxk": {tickets.UnitClerk}, "wlk": {tickets.UnitClerk},
		"zjj": {tickets.UnitClerk}, "zjj-ld": {tickets.UnitLeader}, "hbj": {tickets.UnitClerk}, "hbj-ld": {tickets.UnitLeader}, "nobody": nil,
	} {
		unit := map[string]string{
			"pt-xxb": "xxb", "xxbjb": "xxb", "xxk": "xxb-xxk", "wlk": "xxb-wlk", "zjj": "zjj", "zjj-ld": "zjj", "hbj": "hbj", "hbj-ld": "hbj",
		}[name]
		steps = append(steps, func() error {
			return store.SaveAccount(ctx, directory.Account{
				Name: name, PersonName: "人" + name, UnitID: unit, Roles: roles, PasswordHash: hash, CreatedAt: start,
			}, true, "test")
		})
	}
	for _, seat := range []string{"8001", "8002"} {
		steps = append(steps, func() error {
			return store.SaveSeat(ctx, directory.Seat{ID: seat, Account: seat, Group: "一组", Skills: map[string]int{"general": 5},
				Queues: []string{"general"}, WrapUpS: 30}, true)
		}, func() error { return store.SetSeatPassword(ctx, seat, "secret") })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func queueOf(id, name string) directory.Queue {
	return directory.Queue{ID: id, Name: name, Skills: map[string]int{"general": 1}, TargetS: 15, Strategy: directory.LongestIdle}
}

func (b *bundle) as(account string) service.Identity {
	b.t.Helper()
	who, err := b.Identity(b.ctx, account)
	require.NoError(b.t, err)
	who.Remote = "10.0.0.9"
	return who
}

// event makes the next event of the floor.
func (b *bundle) event(call calls.ID, seat string, kind calls.EventType, data any) calls.Event {
	b.t.Helper()
	b.seq++
	e := calls.Event{ID: fmt.Sprintf("1-%d", b.seq), Type: kind, At: b.clock, Call: call, Seat: seat}
	if data != nil {
		raw, err := json.Marshal(data)
		require.NoError(b.t, err)
		e.Data = raw
	}
	return e
}

func (b *bundle) floor(events ...calls.Event) {
	b.t.Helper()
	require.NoError(b.t, b.store.Sink(0).Store(b.ctx, events))
}

func (b *bundle) seal(number string) string {
	b.t.Helper()
	sealed, err := b.keys.Seal(number)
	require.NoError(b.t, err)
	return sealed
}

// incoming brings a call of the number to the seat: started, menu, queued, offered, answered.
func (b *bundle) incoming(number, seat string) calls.ID {
	b.t.Helper()
	b.seq++
	call := calls.NewID(b.clock, "sw1", fmt.Sprintf("%d.%d", b.clock.Unix(), b.seq))
	b.floor(
		b.event(call, "", calls.CallStarted, calls.Started{Direction: calls.Inbound, CallerSealed: b.seal(number), Called: "12345",
			Line: "12345热线", Node: "sw1", UniqueID: "u" + string(call), Source: "2026/11/24/" + string(call) + ".raw", Menu: "12345@1"}),
		b.event(call, "", calls.CallMenuVisited, calls.MenuVisit{Node: "main", Label: "市民", Input: "1"}),
		b.event(call, "", calls.CallQueued, calls.Queued{Queue: "general", EnteredAt: b.clock, Language: "zh"}),
		b.event(call, seat, calls.CallOffered, calls.Offered{Queue: "general", Account: seat}),
		b.event(call, seat, calls.CallAnswered, calls.Answered{Queue: "general", Account: seat, WaitedS: 3, RangS: 2}),
	)
	return call
}

// hangUp ends a talking call; the seat goes into wrap-up.
func (b *bundle) hangUp(call calls.ID, seat string) {
	b.t.Helper()
	b.floor(
		b.event(call, seat, calls.CallSeatLeft, calls.SeatLeft{Account: seat, TalkS: 60, Why: "citizen_left"}),
		b.event(call, "", calls.CallEnded, calls.Ended{
			End:  calls.End{Side: calls.SideCitizen, Stage: calls.StageTalk, Cause: calls.CauseNormal, At: b.clock},
			Seat: seat, Account: seat, Recorded: true, AnsweredS: 66,
		}),
		b.event("", seat, calls.SeatChanged, calls.SeatChange{Account: seat, From: "talking", To: "wrap_up"}),
	)
}

func (b *bundle) wrapUpOver(seat string) {
	b.t.Helper()
	b.floor(b.event("", seat, calls.SeatChanged, calls.SeatChange{Account: seat, From: "wrap_up", To: "idle"}))
}

func ptr[T any](v T) *T { return &v }

// complete fills a draft with what a submission needs.
func (b *bundle) complete(account string, t service.TicketView) service.TicketView {
	b.t.Helper()
	saved, err := b.SaveTicket(b.ctx, b.as(account), t.ID, service.SaveTicketRequest{Version: t.Version, Fields: tickets.Fields{
		Type: ptr(tickets.Complaint), Title: ptr("小区夜间施工噪音扰民"), Content: ptr("每天晚上十一点以后工地还在施工,噪音很大,影响休息,已持续一周。"),
		ClassID: ptr("noise"), Caller: &tickets.CallerPatch{Name: ptr("王秀兰"), Gender: ptr("female")},
		Place: &tickets.Place{Address: "城厢区胜利路12号"},
	}})
	require.NoError(b.t, err)
	return saved
}

// submitted makes a whole ticket of a call of the number at the account's seat.
func (b *bundle) submitted(account, number string) service.TicketView {
	b.t.Helper()
	call := b.incoming(number, account)
	draft, err := b.CreateTicket(b.ctx, b.as(account), service.NewTicket{Call: call})
	require.NoError(b.t, err)
	draft = b.complete(account, draft)
	done, err := b.Act(b.ctx, b.as(account), draft.ID, tickets.Submit, service.ActRequest{Version: draft.Version})
	require.NoError(b.t, err)
	b.hangUp(call, account)
	b.wrapUpOver(account)
	return done
}
