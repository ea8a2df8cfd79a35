package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// Values shown of a kind at most, and days.
const (
	tallyMost = 15
	tallyDays = 30
)

// SearchStatistics sums up the newest tickets of a search. One statement sees one moment.
func (s *Store) SearchStatistics(ctx context.Context, q service.SearchQuery, zone *time.Location) (service.Statistics, error) {
	q.Cursor = ""
	f, err := s.plan(ctx, q)
	if err != nil {
		return service.Statistics{}, err
	}
	f.size = service.StatisticsMost
	var w where
	found := s.searchSQL(&w, f, f.chance.choose(f.size), nil) + ` LIMIT ` + strconv.Itoa(f.size+1)
	// Units see of a ticket's parts only their own.
	lead := "l.parent = 0 AND l.role = 'lead'"
	if q.Scope != nil {
		lead = w.bind("l.unit = ANY(?)", q.Scope)
	}
	day := w.bind("to_char(t.submitted_at AT TIME ZONE ?, 'YYYY-MM-DD')", zone.String())
	sql := `WITH found (id, at) AS MATERIALIZED (` + found + `),
		m AS MATERIALIZED (SELECT t.id, t.state, t.type, t.class, t.unit, ` + day + ` AS day FROM found JOIN ticket t ON t.id = found.id)
		SELECT 'total', '', count(*) FROM m
		UNION ALL SELECT 'state', state, count(*) FROM m GROUP BY state
		UNION ALL SELECT 'type', type, count(*) FROM m WHERE type <> '' GROUP BY type
		UNION ALL (SELECT 'class', class, count(*) FROM m WHERE class <> '' GROUP BY class ORDER BY count(*) DESC, class LIMIT ` + strconv.Itoa(tallyMost) + `)
		UNION ALL (SELECT 'unit', unit, count(*) FROM m WHERE unit <> '' GROUP BY unit ORDER BY count(*) DESC, unit LIMIT ` + strconv.Itoa(tallyMost) + `)
		UNION ALL (SELECT 'day', day, count(*) FROM m WHERE day IS NOT NULL GROUP BY day ORDER BY day DESC LIMIT ` + strconv.Itoa(tallyDays) + `)
		UNION ALL SELECT 'leg', CASE WHEN l.replied_late THEN 'late' ELSE 'in_time' END, count(*) FROM m JOIN ticket_leg l ON l.ticket = m.id
			WHERE ` + lead + ` AND l.replied_at IS NOT NULL AND NOT l.excluded GROUP BY l.replied_late
		UNION ALL SELECT 'visit', CASE WHEN v.result BETWEEN 1 AND 3 THEN 'satisfied' ELSE 'dissatisfied' END, count(*) FROM m
			JOIN LATERAL (SELECT result FROM ticket_visit v WHERE v.ticket = m.id AND v.reached AND v.result > 0 ORDER BY v.n DESC LIMIT 1) v ON true
			GROUP BY v.result BETWEEN 1 AND 3`
	rows, err := s.pool.Query(ctx, sql, w.args...)
	if err != nil {
		return service.Statistics{}, fmt.Errorf("sum up: %w", mapError(err))
	}
	out := service.Statistics{
		ByState: []service.Tally{}, ByType: []service.Tally{}, ByClass: []service.Tally{}, ByUnit: []service.Tally{}, ByDay: []service.Tally{},
	}
	var kind, code string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&kind, &code, &n}, func() error {
		addTally(&out, kind, code, n)
		return nil
	})
	return out, mapError(err)
}

func addTally(out *service.Statistics, kind, code string, n int) {
	tally := service.Tally{Code: code, Label: code, Count: n}
	switch kind {
	case "total":
		out.Total, out.Cut = min(n, service.StatisticsMost), n > service.StatisticsMost
	case "state":
		tally.Label = tickets.State(code).Label()
		out.ByState = append(out.ByState, tally)
	case "type":
		tally.Label = tickets.Label(tickets.Types, code)
		out.ByType = append(out.ByType, tally)
	case "class":
		out.ByClass = append(out.ByClass, tally)
	case "unit":
		out.ByUnit = append(out.ByUnit, tally)
	case "day":
		out.ByDay = append(out.ByDay, tally)
	case "leg":
		out.Replied += n
		if code == "in_time" {
			out.InTime = n
		}
	case "visit":
		out.Visited += n
		if code == "satisfied" {
			out.Satisfied = n
		}
	}
}
