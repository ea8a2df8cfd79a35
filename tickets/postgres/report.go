package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/service"
)

// mostNamed is how many classes and units a report lists.
const mostNamed = 12

// DayCounts counts a span; see service.ReportStore. Of a unit's tickets are those it has a part
// in.
func (s *Store) DayCounts(ctx context.Context, from, to, now time.Time, units []string) (service.DayCounts, error) {
	var c service.DayCounts
	batch := &pgx.Batch{}
	ask := func(sql string, into ...any) {
		batch.Queue(sql, from, to, units, now).QueryRow(func(row pgx.Row) error { return row.Scan(into...) })
	}
	mine := ` AND ($3::text[] IS NULL OR EXISTS (SELECT 1 FROM ticket_leg l WHERE l.ticket = t.id AND l.unit = ANY($3))) AND ($4::timestamptz IS NOT NULL)`
	ask(`SELECT count(*) FILTER (WHERE entered_at IS NOT NULL), count(*) FILTER (WHERE answered_at IS NOT NULL),
			count(*) FILTER (WHERE answered_at IS NOT NULL AND waited_s <= 15), count(*) FILTER (WHERE lost),
			count(*) FILTER (WHERE rating > 0), count(*) FILTER (WHERE rating BETWEEN 1 AND 3)
		FROM call WHERE direction = 'inbound' AND started_at >= $1 AND started_at < $2 AND ($3::text[] IS NULL OR true) AND ($4::timestamptz IS NOT NULL)`,
		&c.Offered, &c.Answered, &c.Answered15, &c.Abandoned, &c.Rated, &c.RatedGood)
	ask(`SELECT count(*) FROM ticket t WHERE submitted_at >= $1 AND submitted_at < $2 AND state <> 'draft'`+mine, &c.Submitted)
	ask(`SELECT count(*), count(*) FILTER (WHERE result = 'direct') FROM ticket t WHERE closed_at >= $1 AND closed_at < $2
		AND state IN ('closed', 'archived')`+mine, &c.Closed, &c.Direct)
	ask(`SELECT count(DISTINCT ticket), count(DISTINCT ticket) FILTER (WHERE round > 1) FROM ticket_leg WHERE parent = 0 AND sent_at >= $1 AND sent_at < $2
		AND ($3::text[] IS NULL OR unit = ANY($3)) AND ($4::timestamptz IS NOT NULL)`, &c.Dispatched, &c.Reworked)
	ask(`SELECT count(*) FILTER (WHERE kind = 'return'), count(*) FILTER (WHERE kind = 'extension') FROM ticket_request
		WHERE state = 'granted' AND kind IN ('return', 'extension') AND decided_at >= $1 AND decided_at < $2
		AND ($3::text[] IS NULL OR asked_unit = ANY($3)) AND ($4::timestamptz IS NOT NULL)`, &c.Returned, &c.Extended)
	ask(`SELECT count(*) FILTER (WHERE v.result > 0), count(*) FILTER (WHERE v.result BETWEEN 1 AND 3) FROM ticket_visit v JOIN ticket t ON t.id = v.ticket
		WHERE v.reached AND v.at >= $1 AND v.at < $2`+mine, &c.Judged, &c.Satisfied)
	ask(`SELECT count(DISTINCT ticket), count(DISTINCT ticket) FILTER (WHERE due_at < $4),
			count(DISTINCT ticket) FILTER (WHERE due_at >= $4 AND due_at < $4 + interval '1 day')
		FROM ticket_leg WHERE state IN ('to_sign', 'handling', 'delegated', 'to_compile', 'return_asked', 'with_leader') AND suspended_at IS NULL
		AND CASE WHEN $3::text[] IS NULL THEN parent = 0 ELSE unit = ANY($3) END AND ($1::timestamptz < $2)`, &c.Open, &c.PastDue, &c.DueSoon)
	named := func(sql string, into *[]service.NamedCount) {
		batch.Queue(sql, from, to, units, now).Query(func(rows pgx.Rows) error {
			list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.NamedCount, error) {
				var n service.NamedCount
				err := row.Scan(&n.Code, &n.Name, &n.Count)
				return n, err
			})
			*into = list
			return err
		})
	}
	of := ` FROM ticket t WHERE submitted_at >= $1 AND submitted_at < $2 AND state <> 'draft'` + mine
	named(`SELECT state, '', count(*)`+of+` GROUP BY state ORDER BY 3 DESC`, &c.ByState)
	named(`SELECT type, '', count(*)`+of+` GROUP BY type ORDER BY 3 DESC`, &c.ByType)
	named(`SELECT n.class, coalesce(c.name, n.class), n.n FROM (SELECT class, count(*) AS n`+of+` AND class <> '' GROUP BY class) n
		LEFT JOIN class c ON c.id = n.class ORDER BY 3 DESC, 1 LIMIT `+fmt.Sprint(mostNamed), &c.ByClass)
	named(`SELECT n.unit, coalesce(u.name, n.unit), n.n FROM (SELECT unit, count(*) AS n`+of+` AND unit <> '' GROUP BY unit) n
		LEFT JOIN unit u ON u.id = n.unit ORDER BY 3 DESC, 1 LIMIT `+fmt.Sprint(mostNamed), &c.ByUnit)
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return c, fmt.Errorf("count a day: %w", err)
	}
	return c, nil
}
