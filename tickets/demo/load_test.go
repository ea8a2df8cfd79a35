package demo_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	files "github.com/open12345/hotline/configs/demo"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/postgres/cluster"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

func TestThePeopleOneCanCallAs(t *testing.T) {
	people, err := demo.Citizens(files.Files)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(people), 4)
	require.Equal(t, "wang", people[0].ID)
}

func TestDemoCity(t *testing.T) {
	ctx := t.Context()
	keys, err := privacy.NewKeyRing()
	require.NoError(t, err)
	store, err := postgres.Open(ctx, cluster.ForTest(t), keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	_, err = store.Migrate(ctx)
	require.NoError(t, err)
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	now := time.Date(2026, 11, 24, 15, 30, 0, 0, zone)
	blobs := map[string][]byte{}
	cfg := demo.Config{
		Demo: true, Store: store, Keys: keys, Files: files.Files, Zone: zone, Now: now, Node: "sw1", Events: store.Sink(0).Store,
		Speak: func(_ context.Context, text string, _ int) ([]int16, error) {
			return make([]int16, len([]rune(text))*1600), nil
		},
		PutRecording: func(_ context.Context, key string, wav []byte) error {
			blobs[key] = wav
			return nil
		},
	}

	refused := cfg
	refused.Demo = false
	_, err = demo.Load(ctx, refused)
	require.ErrorIs(t, err, demo.ErrNotDemo)
	_, err = demo.Reset(ctx, refused)
	require.ErrorIs(t, err, demo.ErrNotDemo)

	began := time.Now()
	result, err := demo.Load(ctx, cfg)
	require.NoError(t, err)
	t.Logf("loaded in %s: %+v", time.Since(began), result)
	require.True(t, result.Loaded)
	require.GreaterOrEqual(t, result.Tickets, 200)
	require.GreaterOrEqual(t, result.Recordings, 33)
	require.Len(t, blobs, result.Recordings)

	again, err := demo.Load(ctx, cfg)
	require.NoError(t, err)
	require.False(t, again.Loaded, "it loads once")

	desk := service.New(service.Config{Store: store, Keys: keys, Zone: zone, Now: func() time.Time { return now }, Lock: directory.LockPolicy{}})
	office, err := desk.Identity(ctx, "rexianban")
	require.NoError(t, err)
	banzhang, err := desk.Identity(ctx, "banzhang")
	require.NoError(t, err)

	for _, state := range []tickets.State{
		tickets.Received, tickets.ToSupplement, tickets.ToDispatch, tickets.Closed, tickets.NotAccepted, tickets.Transferred,
		tickets.Merged, tickets.Discarded, tickets.Shut,
	} {
		page, err := desk.Tickets(ctx, office, service.TicketFilter{States: []tickets.State{state}})
		require.NoError(t, err)
		require.NotEmpty(t, page.Items, "no ticket is %s", state.Label())
		for _, item := range page.Items {
			require.NotContains(t, item.Title+item.Content+item.Answer, "{", "a word was not filled in")
			require.False(t, item.CreatedAt.After(now), "%s lies in the future", item.Number)
		}
	}
	drafts, err := desk.DraftsLeftOpen(ctx, banzhang)
	require.NoError(t, err)
	require.NotEmpty(t, drafts)

	for _, kind := range []string{service.KindMissed, service.KindCallback, service.KindVoicemail} {
		page, err := desk.Callbacks(ctx, banzhang, service.CallbackFilter{Kind: kind})
		require.NoError(t, err)
		require.NotEmpty(t, page.Items, kind)
	}
	history, err := desk.CallerHistory(ctx, "13800138001")
	require.NoError(t, err)
	require.Equal(t, "王秀兰", history.Name)
	require.True(t, history.Regular)
	require.GreaterOrEqual(t, history.OpenTickets, 2)
	require.GreaterOrEqual(t, len(history.Calls), 6)

	classes, err := desk.Classes(ctx, "")
	require.NoError(t, err)
	leaves := 0
	for _, c := range classes {
		if c.Leaf {
			leaves++
			require.Len(t, c.Path, 3)
		}
	}
	require.GreaterOrEqual(t, leaves, 60)
	units, err := desk.Units(ctx, "")
	require.NoError(t, err)
	first := 0
	for _, u := range units {
		if u.Parent == "" {
			first++
		}
	}
	require.GreaterOrEqual(t, first, 12)
	for _, account := range []string{"8001", "8008", "banzhang", "pt-xxb", "pt-xxb-jb", "pt-xxb-xxk"} {
		_, err := desk.SignIn(ctx, account, demo.Password, "test")
		require.NoError(t, err, account)
	}
	profiles, err := desk.SeatProfiles(ctx)
	require.NoError(t, err)
	require.Len(t, profiles, 10)
	require.Equal(t, service.HA1("8001", "asterisk", demo.Password), profiles[0].PhoneHA1)

	count, err := store.Verify(ctx, func(m service.Mismatch) { t.Errorf("%+v", m) })
	require.NoError(t, err)
	require.Equal(t, result.Recordings, count.Recordings)

	reset, err := demo.Reset(ctx, cfg)
	require.NoError(t, err)
	require.Equal(t, result.Tickets, reset.Tickets, "the same seed makes the same city")
}
