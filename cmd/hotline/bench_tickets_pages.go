package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/open12345/hotline/configs/aims"
	"github.com/open12345/hotline/tickets"
)

// p95 of the times; they are sorted.
func p95(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[min(len(took)-1, len(took)*95/100)]
}

// pageTries is how often each kind of page is asked for.
const pageTries = 300

// measurePages asks for a unit's inbox, the dispatchers' pool and single tickets, one page after
// another, after a warm-up.
func measurePages(ctx context.Context, w *ticketWorld, crowd benchCrowd, sheet *aims.Sheet) error {
	rng := rand.New(rand.NewPCG(1, 2))
	dispatcher := crowd["b-paidan-1"]
	for _, page := range []struct {
		name string
		ask  func() (path, token string)
	}{
		{"tickets_inbox_p95", func() (string, string) {
			return "/desk/queues/unit_inbox", crowd["b-jb-"+benchUnit(rng.IntN(benchBusy)*firstLevel)]
		}},
		{"tickets_queue_counts_p95", func() (string, string) {
			return "/desk/queues", crowd["b-jb-"+benchUnit(rng.IntN(benchBusy)*firstLevel)]
		}},
		{"tickets_pool_p95", func() (string, string) { return "/desk/queues/to_dispatch", dispatcher }},
		{"tickets_overdue_p95", func() (string, string) { return "/desk/queues/overdue", dispatcher }},
		{"tickets_page_p95", func() (string, string) { return "/tickets/" + w.city.number(rng.IntN(w.city.tickets)), dispatcher }},
	} {
		var took []time.Duration
		size := 0
		for i := range pageTries + 20 {
			path, token := page.ask()
			a, err := get(ctx, w.server.url+"/api/v1"+path, token)
			if err != nil {
				return err
			}
			if a.status != http.StatusOK {
				return fmt.Errorf("%s: %d %s", path, a.status, a.body)
			}
			if i >= 20 {
				took, size = append(took, a.took), size+len(a.body)
			}
		}
		high := p95(took)
		fmt.Fprintf(w.out, "%s: %d pages of %d bytes, p50 %.1f ms\n", page.name, len(took), size/len(took), millis(took[len(took)/2]))
		if err := sheet.Result(page.name, millis(high)); err != nil {
			return err
		}
	}
	return nil
}

// number is that of the i-th ticket.
func (c *benchCity) number(i int) string {
	_, day, n := c.created(i)
	number, err := tickets.NumberOf(day, n)
	if err != nil {
		return ""
	}
	return number
}

const (
	searchPath    = "/tickets/search"
	searchClients = 20
	searchEach    = 10
	searchRows    = 50
)

// measureSearch looks for words of known frequencies, of two letters and of more, as 20 people at
// once: the newest 50 rows each.
func measureSearch(ctx context.Context, w *ticketWorld, crowd benchCrowd, sheet *aims.Sheet) error {
	for _, word := range plantedWords {
		var mu sync.Mutex
		var took []time.Duration
		var failed error
		rows := 0
		var clients sync.WaitGroup
		for range searchClients {
			clients.Go(func() {
				for i := range searchEach {
					text := word.two
					if i%2 == 1 {
						text = word.longer
					}
					query := url.Values{"q": {text}, "limit": {strconv.Itoa(searchRows)}}
					a, err := get(ctx, w.server.url+"/api/v1"+searchPath+"?"+query.Encode(), crowd["b-shenhe-1"])
					var page struct {
						Items []json.RawMessage `json:"items"`
					}
					if err == nil && a.status != http.StatusOK {
						err = fmt.Errorf("search %s: %d %s", text, a.status, a.body)
					}
					if err == nil {
						err = json.Unmarshal(a.body, &page)
					}
					mu.Lock()
					took, rows = append(took, a.took), max(rows, len(page.Items))
					if err != nil {
						failed = err
					}
					mu.Unlock()
				}
			})
		}
		clients.Wait()
		if failed != nil {
			return failed
		}
		fmt.Fprintf(w.out, "search for a word in %s %% of the tickets: %d clients, %d rows\n", word.name, searchClients, rows)
		high := p95(took)
		fmt.Fprintf(w.out, "p50 %.1f ms\n", millis(took[len(took)/2]))
		if err := sheet.Result("tickets_search_"+word.name+"_p95", millis(high)); err != nil {
			return err
		}
	}
	return nil
}
