package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/postgres/cluster"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

func TestASearchBeginsWithWhatCostsLeast(t *testing.T) {
	t.Parallel()
	const million = 3e6
	for name, c := range map[string]struct {
		chances
		want drive
	}{
		"nothing asked":                     {chances{million, 1, 1, 1}, driveTime},
		"a word in half of all":             {chances{million, 0.5, 1, 1}, driveTime},
		"in a twentieth":                    {chances{million, 0.05, 1, 1}, driveTime},
		"in two of a thousand":              {chances{million, 0.002, 1, 1}, driveWords},
		"in one of a hundred thousand":      {chances{million, 0.00001, 1, 1}, driveWords},
		"a common word of a small unit":     {chances{million, 0.5, 0.0005, 1}, driveUnits},
		"a rare word of a large unit":       {chances{million, 0.00001, 0.05, 1}, driveWords},
		"a common word with one number":     {chances{million, 0.5, 1, 1 / million}, driveFilter},
		"few tickets at all, a rare word":   {chances{500, 0.00001, 1, 1}, driveTime},
		"a common word in a common state":   {chances{million, 0.05, 1, 0.5}, driveTime},
		"a rare word in a small unit":       {chances{million, 0.00001, 0.0005, 1}, driveWords},
		"a phone of three tickets, no word": {chances{million, 1, 1, 1e-6}, driveFilter},
	} {
		require.Equal(t, c.want, c.choose(51), name)
	}
}

// TestEveryDriveFindsTheSame searches from each beginning: they differ in cost alone.
func TestEveryDriveFindsTheSame(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	keys, err := privacy.NewKeyRing()
	require.NoError(t, err)
	s, err := Open(ctx, cluster.ForTest(t), keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(s.Close)
	_, err = s.Migrate(ctx)
	require.NoError(t, err)
	start := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	var past []Past
	for i := range 60 {
		at := start.AddDate(0, 0, 7*i)
		content := "小区停水。"
		if i%3 == 0 {
			content = "停水以后管道抢修,水压不足。"
		}
		unit := []string{"a", "b"}[i%2]
		past = append(past, Past{Ticket: tickets.Ticket{
			ID: uuid.NewString(), State: tickets.Dispatched, Title: fmt.Sprint("第", i), Content: content, CreatedAt: at, UpdatedAt: at, Unit: unit,
			Type: tickets.Complaint, Urgency: tickets.Normal, Source: tickets.SourcePhone,
			Legs: []tickets.Leg{{N: 1, Round: 1, Role: tickets.Lead, Unit: unit, Level: 1, State: tickets.Handling, SentAt: at}},
		}, Steps: []tickets.FlowStep{{Event: tickets.Dispatch, At: at, To: tickets.Dispatched}}})
	}
	require.NoError(t, s.CopyPast(ctx, past, "loaded"))
	for name, c := range map[string]struct {
		q     service.SearchQuery
		count int
	}{
		"a word":               {service.SearchQuery{Words: []string{"抢修"}}, 20},
		"a longer word":        {service.SearchQuery{Words: []string{"管道抢修"}}, 20},
		"pairs, not the word":  {service.SearchQuery{Words: []string{"抢修水压管道"}}, 0},
		"two words":            {service.SearchQuery{Words: []string{"停水", "水压"}}, 20},
		"a word of a unit":     {service.SearchQuery{Words: []string{"停水"}, Scope: []string{"a"}}, 30},
		"a word with a filter": {service.SearchQuery{Words: []string{"抢修"}, Scope: []string{"b"}, SearchFilter: service.SearchFilter{States: []string{"dispatched"}}}, 10},
	} {
		t.Run(name, func(t *testing.T) {
			want := all(ctx, t, s, c.q, driveTime)
			require.Len(t, want, c.count)
			for _, d := range []drive{driveWords, driveUnits, driveFilter} {
				if d == driveUnits && c.q.Scope == nil {
					continue
				}
				require.Equal(t, want, all(ctx, t, s, c.q, d), d)
			}
		})
	}
}

// all pages through a search that begins with d; the index of words is read by months.
func all(ctx context.Context, t *testing.T, s *Store, q service.SearchQuery, d drive) []string {
	t.Helper()
	q.Limit = 7
	var ids []string
	for {
		f, err := s.plan(ctx, q)
		require.NoError(t, err)
		var hits []hit
		if d == driveWords {
			hits, err = s.findByMonths(ctx, f)
		} else {
			hits, err = s.findFrom(ctx, f, d, nil)
		}
		require.NoError(t, err)
		for _, h := range hits[:min(len(hits), f.size)] {
			ids = append(ids, h.id)
		}
		if len(hits) <= f.size {
			return ids
		}
		q.Cursor = pageCursor{at: hits[f.size-1].at, id: hits[f.size-1].id}.String()
	}
}
