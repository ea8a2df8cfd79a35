package postgres

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/tickets/words"
)

// drive is what a search begins with; the rest is looked up for each ticket it finds.
type drive int

const (
	driveTime   drive = iota // newest first, until the page is full
	driveWords               // the index of words, month by month
	driveUnits               // the tickets of the units
	driveFilter              // the ticket's own columns: the database chooses
)

// Costs in steps of reading a row in the order of time; a row of an index elsewhere is read out
// of order. A search that would read fewer than enoughRows is not worth a thought.
const (
	costOutOfOrder = 3.0
	enoughRows     = 3000
)

// chances are the shares of all tickets that fit each part of a search; 1: it has no such part.
type chances struct {
	total                float64 // tickets
	words, units, filter float64
}

// choose picks the cheapest drive for a page. The parts are taken as independent.
func (c chances) choose(page int) drive {
	all := max(c.words*c.units*c.filter, 1e-9)
	costs := map[drive]float64{driveTime: min(float64(page)/all, c.total)}
	if costs[driveTime] <= enoughRows {
		return driveTime
	}
	if c.words < 1 {
		// Months are read until the page is full.
		costs[driveWords] = min(c.words*c.total, max(float64(page)/(c.units*c.filter), monthShare*c.words*c.total)) * costOutOfOrder
	}
	if c.units < 1 {
		costs[driveUnits] = c.units * c.total * costOutOfOrder
	}
	if c.filter < 1 {
		costs[driveFilter] = c.filter * c.total * costOutOfOrder
	}
	best := driveTime
	for _, d := range []drive{driveWords, driveUnits, driveFilter} {
		if cost, ok := costs[d]; ok && cost < costs[best] {
			best = d
		}
	}
	return best
}

// monthShare is the part of a year's tickets that a month has.
const monthShare = 1.0 / 12

// wordStats are how often codes occur, from the database's own statistics.
type wordStats struct {
	mu    sync.Mutex
	at    time.Time
	share map[int32]float32
	least float32 // of a code that is in the statistics
	total float64 // rows of ticket_search
}

// How long statistics serve.
const statsAge = 5 * time.Minute

func (s *Store) wordShares(ctx context.Context) (share map[int32]float32, least float32, total float64, err error) {
	w := &s.words
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.share != nil && time.Since(w.at) < statsAge {
		return w.share, w.least, w.total, nil
	}
	if err = s.pool.QueryRow(ctx, `SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'ticket_search'::regclass`).Scan(&total); err != nil {
		return nil, 0, 0, err
	}
	var codes []int32
	var shares []float32
	rows, err := s.pool.Query(ctx, `SELECT most_common_elems::text::int[], most_common_elem_freqs FROM pg_stats
		WHERE schemaname = current_schema() AND tablename = 'ticket_search' AND attname = 'codes' AND most_common_elems IS NOT NULL`)
	if err != nil {
		return nil, 0, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&codes, &shares); err != nil {
			return nil, 0, 0, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, 0, 0, err
	}
	share, least = make(map[int32]float32, len(codes)), 1
	for i, c := range codes {
		share[c] = shares[i]
		least = min(least, shares[i])
	}
	if len(codes) == 0 {
		least = 0.01 // nothing is known
	}
	w.at, w.share, w.least, w.total = time.Now(), share, least, total
	return share, least, total, nil
}

// shareOf is how many of all tickets may have every word: of each its rarest pair.
func shareOf(list []string, share map[int32]float32, least float32) float64 {
	p := 1.0
	for _, word := range list {
		rarest := 1.0
		for _, c := range words.Codes(word) {
			if f, ok := share[c]; ok {
				rarest = min(rarest, float64(f))
			} else {
				rarest = min(rarest, float64(least)/2)
			}
		}
		p *= rarest
	}
	return p
}

// rarest lists the n codes of the text that occur least.
func rarest(text string, n int, share map[int32]float32) []int32 {
	codes := words.Codes(text)
	slices.SortStableFunc(codes, func(a, b int32) int {
		switch {
		case share[a] < share[b]:
			return -1
		case share[a] > share[b]:
			return 1
		}
		return 0
	})
	return codes[:min(n, len(codes))]
}

// estimate is how many rows of the query the database expects.
func (s *Store) estimate(ctx context.Context, sql string, args ...any) (float64, error) {
	var plan []struct {
		Plan struct {
			Rows float64 `json:"Plan Rows"`
		} `json:"Plan"`
	}
	if err := s.pool.QueryRow(ctx, `EXPLAIN (FORMAT JSON) `+sql, args...).Scan(&plan); err != nil {
		return 0, err
	}
	if len(plan) == 0 {
		return math.Inf(1), nil
	}
	return plan[0].Plan.Rows, nil
}

// isDigits tells a ticket's number, or its beginning, from a word.
func isDigits(word string) bool {
	return len(word) >= 6 && len(word) <= 12 && strings.Trim(word, "0123456789") == ""
}
