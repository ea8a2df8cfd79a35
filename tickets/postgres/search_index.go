package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/words"
)

// searchText is what words are looked for in: what the citizen said, where, and what was
// answered. What units note for themselves is not in it. Drafts, discarded ones too, have none.
func searchText(t tickets.Ticket) string {
	switch t.State {
	case tickets.None, tickets.Draft, tickets.Discarded:
		return ""
	}
	texts := []string{t.Title, t.Content, t.Place.Address, t.Answer, t.PublicReply}
	for _, leg := range t.Legs {
		texts = append(texts, leg.Reply.Answer)
		for _, interim := range leg.Interim {
			texts = append(texts, interim.Text)
		}
	}
	slices.Sort(texts[4:]) // one answer stands in a leg and in the ticket
	return strings.Join(slices.DeleteFunc(slices.Compact(texts), func(text string) bool { return text == "" }), "\n")
}

// SearchRow is the ticket's row of ticket_search (ticket, at, codes, text); ok false: it has
// none. Loaders of many tickets copy it; a change of a ticket keeps it by itself.
func SearchRow(t tickets.Ticket) (row []any, ok bool) {
	text := searchText(t)
	if text == "" {
		return nil, false
	}
	at := t.CreatedAt.UTC().Truncate(time.Microsecond)
	return []any{t.ID, at, append(words.Codes(text), words.Month(at)), text}, true
}

// queueSearch keeps the ticket's row of ticket_search when its text is another than it was.
func queueSearch(batch *pgx.Batch, t, old tickets.Ticket) {
	row, ok := SearchRow(t)
	if !ok || row[3] == searchText(old) {
		return
	}
	batch.Queue(`INSERT INTO ticket_search (ticket, at, codes, text) VALUES ($1,$2,$3,$4)
		ON CONFLICT (ticket) DO UPDATE SET codes = excluded.codes, text = excluded.text`, row...)
}

// markSearchable tells that tickets older than ticket_search have their rows in it.
const markSearchable = "search.filled"

// fillSearch gives tickets that are older than ticket_search their rows, once.
func (s *Store) fillSearch(ctx context.Context) error {
	done, err := s.Marked(ctx, markSearchable)
	if err != nil || done {
		return err
	}
	last := "00000000-0000-0000-0000-000000000000"
	for {
		rows, err := s.pool.Query(ctx, `SELECT `+wholeColumns+` FROM ticket t WHERE t.id > $1 AND t.state <> 'draft'
			AND NOT EXISTS (SELECT FROM ticket_search x WHERE x.ticket = t.id) ORDER BY t.id LIMIT 500`, last)
		if err != nil {
			return fmt.Errorf("make tickets searchable: %w", err)
		}
		batch, n := &pgx.Batch{}, 0
		for rows.Next() {
			row, err := s.readWhole(rows)
			if err != nil {
				rows.Close()
				return fmt.Errorf("make tickets searchable: %w", err)
			}
			last, n = row.ticket.ID, n+1
			queueSearch(batch, row.ticket, tickets.Ticket{})
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("make tickets searchable: %w", err)
		}
		if n == 0 {
			return s.Mark(ctx, markSearchable, time.Now())
		}
		if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("make tickets searchable: %w", err)
		}
	}
}
