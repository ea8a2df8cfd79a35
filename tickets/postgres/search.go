package postgres

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/tickets/words"
)

// search is one search on its way: its conditions, and where it begins.
type search struct {
	q      service.SearchQuery
	size   int
	cursor pageCursor // zero: from the newest
	share  map[int32]float32
	least  float32
	chance chances
}

// hit is a ticket that was found.
type hit struct {
	id string
	at time.Time
}

// SearchTickets finds tickets, newest first; see service.SearchStore.
func (s *Store) SearchTickets(ctx context.Context, q service.SearchQuery) ([]service.FoundTicket, string, error) {
	f, err := s.plan(ctx, q)
	if err != nil {
		return nil, "", err
	}
	hits, err := s.find(ctx, f)
	if err != nil {
		return nil, "", mapError(err)
	}
	next := ""
	if len(hits) > f.size {
		hits = hits[:f.size]
		next = pageCursor{at: hits[f.size-1].at, id: hits[f.size-1].id}.String()
	}
	list, err := s.found(ctx, hits)
	return list, next, err
}

// plan reads the statistics and tells how much each part of the search narrows it.
func (s *Store) plan(ctx context.Context, q service.SearchQuery) (*search, error) {
	f := &search{q: q, size: q.Size(), chance: chances{words: 1, units: 1, filter: 1}}
	if q.Whole > 0 {
		f.size = q.Whole
	}
	if q.Cursor != "" {
		var err error
		if f.cursor, err = parsePageCursor(q.Cursor); err != nil {
			return nil, err
		}
	}
	var err error
	var total float64
	if f.share, f.least, total, err = s.wordShares(ctx); err != nil {
		return nil, err
	}
	f.chance.total = max(total, 1)
	part := func(rows float64) float64 { return min(1, max(rows, 0.5)/f.chance.total) }
	if len(q.Words) > 0 {
		f.chance.words = min(1, shareOf(q.Words, f.share, f.least))
	}
	if units := f.units(); units != nil {
		rows, err := s.estimate(ctx, `SELECT FROM ticket_leg WHERE unit = ANY($1)`, units)
		if err != nil {
			return nil, err
		}
		f.chance.units = part(rows)
	}
	var w where
	if s.columns(&w, q); len(w.conditions) > 0 {
		rows, err := s.estimate(ctx, `SELECT FROM ticket t WHERE `+w.String(), w.args...)
		if err != nil {
			return nil, mapError(err)
		}
		f.chance.filter = part(rows)
	}
	return f, nil
}

// units are those that narrow the search most; nil: every unit.
func (f *search) units() []string {
	if f.q.InUnits != nil {
		return f.q.InUnits
	}
	return f.q.Scope
}

// find lists the page's tickets and one more.
func (s *Store) find(ctx context.Context, f *search) ([]hit, error) {
	d := f.chance.choose(f.size + 1)
	if d == driveWords && f.chance.words*f.chance.total > enoughRows {
		return s.findByMonths(ctx, f)
	}
	return s.findFrom(ctx, f, d, nil)
}

// findByMonths asks the index of words for one month, then for ever more of those before, until
// the page is full.
func (s *Store) findByMonths(ctx context.Context, f *search) ([]hit, error) {
	var oldest, newest *time.Time
	if err := s.pool.QueryRow(ctx, `SELECT min(at), max(at) FROM ticket_search`).Scan(&oldest, &newest); err != nil || oldest == nil {
		return nil, err
	}
	month, last := words.Month(newest.UTC()), words.Month(oldest.UTC())
	if !f.cursor.at.IsZero() {
		month = min(month, words.Month(f.cursor.at))
	}
	var hits []hit
	rest := *f
	for span := int32(1); month >= last && len(hits) <= f.size; span *= 2 {
		var months []int32
		for range span {
			if month >= last {
				months = append(months, month)
			}
			month--
		}
		rest.size = f.size - len(hits)
		more, err := s.findFrom(ctx, &rest, driveWords, months)
		if err != nil {
			return nil, err
		}
		hits = append(hits, more...)
	}
	return hits, nil
}

// findFrom runs the search from one drive. Conditions in brackets with IS TRUE are kept by the
// database from being turned into joins or into the use of another index.
func (s *Store) findFrom(ctx context.Context, f *search, d drive, months []int32) ([]hit, error) {
	var w where
	sql := s.searchSQL(&w, f, d, months) + ` LIMIT ` + strconv.Itoa(f.size+1)
	rows, err := s.pool.Query(ctx, sql, w.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (hit, error) {
		var h hit
		return h, row.Scan(&h.id, &h.at)
	})
}

// searchSQL selects id and time of what is found, newest first.
func (s *Store) searchSQL(w *where, f *search, d drive, months []int32) string {
	before := func(at, id string) string {
		if f.cursor.at.IsZero() {
			return "true"
		}
		return w.bind("("+at+", "+id+") < (?, ?::uuid)", f.cursor.at, f.cursor.id)
	}
	var of where // conditions of the ticket; they share the arguments
	of.args = w.args
	s.columns(&of, f.q)
	s.parts(&of, f.q)
	w.args = of.args
	ticket := of.String()
	text := ""
	if d != driveWords {
		text = f.wordsOf(w, "x")
	}
	switch {
	case d == driveWords:
		narrow := w.bind("x.codes @> ?::int[]", f.allCodes())
		if months != nil {
			narrow += w.bind(" AND x.codes && ?::int[]", months)
		}
		sql := `WITH hit AS MATERIALIZED (SELECT x.ticket, x.at, x.text FROM ticket_search x WHERE ` + narrow + `)
			SELECT x.ticket, x.at FROM hit x`
		if len(of.conditions) > 0 {
			sql += ` JOIN LATERAL (SELECT 1 FROM ticket t WHERE t.id = x.ticket AND ` + ticket + ` OFFSET 0) t ON true`
		}
		return sql + ` WHERE ` + f.recheck(w, "x") + ` AND ` + before("x.at", "x.ticket") + ` ORDER BY x.at DESC, x.ticket DESC`
	case d == driveTime && text != "":
		sql := `SELECT x.ticket, x.at FROM ticket_search x`
		if len(of.conditions) > 0 {
			sql += ` JOIN LATERAL (SELECT 1 FROM ticket t WHERE t.id = x.ticket AND ` + ticket + ` OFFSET 0) t ON true`
		}
		return sql + ` WHERE ` + text + ` AND ` + before("x.at", "x.ticket") + ` ORDER BY x.at DESC, x.ticket DESC`
	}
	exists := ""
	if text != "" {
		exists = ` AND (EXISTS (SELECT FROM ticket_search x WHERE x.ticket = t.id AND ` + text + `)) IS TRUE`
	}
	const order = ` ORDER BY t.created_at DESC, t.id DESC`
	if d == driveUnits {
		return `WITH hit AS MATERIALIZED (SELECT DISTINCT ticket FROM ticket_leg WHERE ` + w.bind("unit = ANY(?)", f.units()) + `)
			SELECT t.id, t.created_at FROM hit JOIN LATERAL (SELECT t.id, t.created_at FROM ticket t WHERE t.id = hit.ticket AND ` + ticket + exists + ` OFFSET 0) t
			ON true WHERE ` + before("t.created_at", "t.id") + order
	}
	return `SELECT t.id, t.created_at FROM ticket t WHERE ` + ticket + exists + ` AND ` + before("t.created_at", "t.id") + order
}

// allCodes are the codes of every word.
func (f *search) allCodes() []int32 { return words.Codes(f.q.Words...) }

// wordsOf is the condition that the row of ticket_search has every word, in a form that uses no
// index of words.
func (f *search) wordsOf(w *where, x string) string {
	if len(f.q.Words) == 0 {
		return ""
	}
	return w.bind("("+x+".codes @> ?::int[]) IS TRUE", f.allCodes()) + " AND " + f.recheck(w, x)
}

// recheck looks for the words that their pairs don't prove.
func (f *search) recheck(w *where, x string) string {
	var c where
	c.args = w.args
	for _, word := range f.q.Words {
		if !words.Exact(word) {
			c.add(x+".text ILIKE ?", "%"+likeEscape(word)+"%")
		}
	}
	w.args = c.args
	return c.String()
}

// found reads the tickets with what a list shows of them, in the order of the hits.
func (s *Store) found(ctx context.Context, hits []hit) ([]service.FoundTicket, error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.id
	}
	records, err := s.tickets(ctx, `SELECT `+ticketColumns+` FROM ticket t WHERE t.id = ANY($1::uuid[]) ORDER BY t.created_at DESC, t.id DESC`, ids)
	if err != nil {
		return nil, err
	}
	list := make([]service.FoundTicket, len(records))
	place := make(map[string]*service.FoundTicket, len(records))
	for i, r := range records {
		list[i].TicketRecord = r
		place[r.ID] = &list[i]
	}
	rows, err := s.pool.Query(ctx, `SELECT t.id, EXISTS (SELECT FROM ticket_supervision p WHERE p.ticket = t.id),
			EXISTS (SELECT FROM ticket_request r WHERE r.ticket = t.id AND r.kind = 'return' AND r.state = 'granted'),
			l.n, l.unit, l.state, l.began_at, l.due_at, l.suspended_at, l.replied_at, l.replied_late
		FROM unnest($1::uuid[]) AS t (id) LEFT JOIN LATERAL (SELECT * FROM ticket_leg l
			WHERE l.ticket = t.id AND l.parent = 0 AND l.role = 'lead' ORDER BY l.n DESC LIMIT 1) l ON true`, ids)
	if err != nil {
		return nil, err
	}
	var id string
	var supervised, returned bool
	var n *int
	var unit, state *string
	var began, due, suspended, replied *time.Time
	var late *bool
	_, err = pgx.ForEachRow(rows, []any{&id, &supervised, &returned, &n, &unit, &state, &began, &due, &suspended, &replied, &late}, func() error {
		found := place[id]
		if found == nil {
			return nil
		}
		found.Supervised, found.Returned = supervised, returned
		if n != nil {
			found.Legs = []tickets.Leg{{
				N: *n, Unit: *unit, Role: tickets.Lead, Level: 1, State: tickets.LegState(*state), BeganAt: goTime(began), DueAt: goTime(due),
				SuspendedAt: goTime(suspended), RepliedAt: goTime(replied), RepliedLate: *late,
			}}
		}
		return nil
	})
	return list, err
}

// How long a search may be counted.
const countTimeout = "200ms"

// CountSearch counts what SearchTickets finds; see service.SearchStore.
func (s *Store) CountSearch(ctx context.Context, q service.SearchQuery) (service.SearchCount, error) {
	q.Cursor = ""
	f, err := s.plan(ctx, q)
	if err != nil {
		return service.SearchCount{}, err
	}
	expected := f.chance.words * f.chance.units * f.chance.filter * f.chance.total
	f.size = service.MaxTotal
	d := f.chance.choose(f.size + 1)
	if d == driveTime && f.chance.filter == 1 && f.chance.units == 1 && expected > 2*service.MaxTotal {
		// Statistics of one word are sure enough to say 1万+.
		return service.SearchCount{Total: service.MaxTotal, More: true}, nil
	}
	var n int
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = '`+countTimeout+`'`); err != nil {
			return err
		}
		var w where
		sql := s.searchSQL(&w, f, d, nil)
		return tx.QueryRow(ctx, `SELECT count(*) FROM (`+sql+` LIMIT `+strconv.Itoa(service.MaxTotal+1)+`) AS counted`, w.args...).Scan(&n)
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "57014" && ctx.Err() == nil {
		return service.SearchCount{Total: int(min(expected, service.MaxTotal)), More: expected > service.MaxTotal, Estimate: true}, nil
	}
	if err != nil {
		return service.SearchCount{}, mapError(err)
	}
	return service.SearchCount{Total: min(n, service.MaxTotal), More: n > service.MaxTotal}, nil
}
