package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// recentSteps is how many steps of the flow a process that starts learns from.
const recentSteps = 200_000

// Lessons lists, in order, what was dispatched and returned after the step; see
// service.SuggestStore. Steps of transactions that may still be open are left for later.
func (s *Store) Lessons(ctx context.Context, after int64, limit int) ([]service.Lesson, int64, error) {
	if after == 0 {
		err := s.pool.QueryRow(ctx, `SELECT greatest(coalesce(max(id), 0) - $1, 0) FROM ticket_flow`, recentSteps).Scan(&after)
		if err != nil {
			return nil, 0, fmt.Errorf("find where to learn from: %w", err)
		}
	}
	rows, err := s.pool.Query(ctx, `SELECT f.id, f.event, l.unit, t.title, t.content, t.class,
			EXISTS (SELECT 1 FROM ticket_request r WHERE r.ticket = t.id AND r.kind = 'return' AND r.state = 'granted' AND r.decided_at < f.at)
		FROM (SELECT * FROM ticket_flow WHERE id > $1 AND recorded_at < now() - $3::interval AND event IN ($4, $5, $6) ORDER BY id LIMIT $2) f
		JOIN ticket t ON t.id = f.ticket
		JOIN ticket_leg l ON l.ticket = f.ticket AND l.n = (f.data::jsonb ->> 'leg')::int AND l.role = 'lead' AND l.parent = 0
		WHERE f.event <> $6 OR f.data::jsonb ->> 'request_kind' = 'return'
		ORDER BY f.id`, after, limit, 2*time.Second, tickets.Dispatch, tickets.DirectDispatch, tickets.Grant)
	if err != nil {
		return nil, after, fmt.Errorf("read lessons: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.Lesson, error) {
		var l service.Lesson
		var event tickets.Event
		var title, content string
		err := row.Scan(&l.Step, &event, &l.Unit, &title, &content, &l.Class, &l.Corrected)
		l.Text, l.Returned = title+"\n"+content, event == tickets.Grant
		return l, err
	})
	if err != nil {
		return nil, after, fmt.Errorf("read lessons: %w", err)
	}
	if len(list) > 0 {
		after = list[len(list)-1].Step
	}
	return list, after, nil
}
