package postgres

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/tickets/words"
)

func record(r ticketRow) service.TicketRecord {
	return service.TicketRecord{Ticket: r.ticket, OwnerName: r.ownerName, WriterName: r.writerName, UnitName: r.unitName}
}

// Ticket by UUID or number, with all its parts.
func (s *Store) Ticket(ctx context.Context, id string) (service.TicketRecord, error) {
	row, err := s.readWhole(s.pool.QueryRow(ctx, `SELECT `+wholeColumns+` FROM ticket t WHERE `+ticketBy(id), id))
	return record(row), err
}

func (s *Store) tickets(ctx context.Context, sql string, args ...any) ([]service.TicketRecord, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []service.TicketRecord
	for rows.Next() {
		r, err := s.readTicket(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, record(r))
	}
	return list, rows.Err()
}

// Flow is the ticket's history, oldest first.
func (s *Store) Flow(ctx context.Context, id string) ([]tickets.FlowStep, error) {
	return s.flow(ctx, `ticket = $1`, id)
}

func (s *Store) flow(ctx context.Context, condition string, args ...any) ([]tickets.FlowStep, error) {
	rows, err := s.pool.Query(ctx, `SELECT seq, at, actor, actor_name, unit, event, from_state, to_state, opinion, data
		FROM ticket_flow WHERE `+condition+` ORDER BY seq`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (tickets.FlowStep, error) {
		var f tickets.FlowStep
		var data string
		if err := row.Scan(&f.Seq, &f.At, &f.Actor, &f.ActorName, &f.Unit, &f.Event, &f.From, &f.To, &f.Opinion, &data); err != nil {
			return f, err
		}
		f.At = f.At.UTC()
		return f, json.Unmarshal([]byte(data), &f.Data)
	})
}

// where collects the conditions of a list with their arguments.
type where struct {
	conditions []string
	args       []any
}

// add appends a condition; each ? in it stands for one argument.
func (w *where) add(condition string, args ...any) {
	w.conditions = append(w.conditions, w.bind(condition, args...))
}

// bind numbers the arguments of a condition.
func (w *where) bind(condition string, args ...any) string {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	return condition
}

func (w *where) String() string {
	if len(w.conditions) == 0 {
		return "true"
	}
	return strings.Join(w.conditions, " AND ")
}

// pageCursor is a place in a list ordered by time and id.
type pageCursor struct {
	at time.Time
	id string
}

func (c pageCursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.at.UnixMicro(), 10) + " " + c.id))
}

func parsePageCursor(text string) (pageCursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return pageCursor{}, fmt.Errorf("cursor: %w", service.ErrNotFound)
	}
	micros, id, ok := strings.Cut(string(raw), " ")
	n, err := strconv.ParseInt(micros, 10, 64)
	if !ok || err != nil {
		return pageCursor{}, fmt.Errorf("cursor: %w", service.ErrNotFound)
	}
	return pageCursor{at: time.UnixMicro(n).UTC(), id: id}, nil
}

// Tickets lists, newest first; see service.TicketStore.
func (s *Store) Tickets(ctx context.Context, q service.TicketQuery) ([]service.TicketRecord, string, int, bool, error) {
	var w where
	s.filterTickets(&w, q)
	total, more, err := s.count(ctx, "ticket t", w)
	if err != nil {
		return nil, "", 0, false, err
	}
	if q.Cursor != "" {
		c, err := parsePageCursor(q.Cursor)
		if err != nil {
			return nil, "", 0, false, err
		}
		w.add("(t.created_at, t.id) < (?, ?::uuid)", c.at, c.id)
	}
	size := q.Size()
	list, err := s.tickets(ctx, `SELECT `+ticketColumns+` FROM ticket t WHERE `+w.String()+
		` ORDER BY t.created_at DESC, t.id DESC LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", 0, false, mapError(err)
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = pageCursor{at: list[size-1].CreatedAt, id: list[size-1].ID}.String()
	}
	return list, next, total, more, nil
}

// count stops at service.MaxTotal.
func (s *Store) count(ctx context.Context, from string, w where) (int, bool, error) {
	var n int
	err := s.pool.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+from+` WHERE `+w.String()+
		` LIMIT `+strconv.Itoa(service.MaxTotal+1)+`) AS counted`, w.args...).Scan(&n)
	if err != nil {
		return 0, false, mapError(err)
	}
	return min(n, service.MaxTotal), n > service.MaxTotal, nil
}

func (s *Store) filterTickets(w *where, q service.TicketQuery) {
	w.add("(t.state <> 'draft' OR t.owner = ?)", q.Account)
	if len(q.States) > 0 {
		w.add("t.state = ANY(?)", q.States)
	}
	if q.Units != nil {
		w.add("EXISTS (SELECT 1 FROM ticket_leg x WHERE x.ticket = t.id AND x.unit = ANY(?))", q.Units)
	}
	for column, value := range map[string]string{
		"t.type": string(q.Type), "t.source": string(q.Source), "t.urgency": string(q.Urgency), "t.unit": q.Unit,
	} {
		if value != "" {
			w.add(column+" = ?", value)
		}
	}
	if len(q.Classes) > 0 {
		w.add("t.class = ANY(?)", q.Classes)
	}
	if q.Mine {
		w.add("(t.owner = ? OR t.writer = ?)", q.Account, q.Account)
	}
	if q.Secret {
		w.add("t.secret")
	}
	if q.Overdue {
		w.add("t.due_at < ? AND t.closed_at IS NULL", q.Now)
	}
	if !q.From.IsZero() {
		w.add("t.created_at >= ?", q.From)
	}
	if !q.To.IsZero() {
		w.add("t.created_at < ?", q.To)
	}
	if q.Phone != "" {
		idx := s.keys.Index(privacy.Normalize(q.Phone))
		w.add("(t.caller_idx = ? OR t.contact_idx = ?)", idx, idx)
	}
	for _, word := range strings.Fields(q.Query) {
		switch codes := words.Codes(word); {
		case isDigits(word):
			searchWord(w, word)
		case len(codes) == 0 || slices.Contains(q.States, tickets.Draft): // drafts are in no index of words
			searchWord(w, word)
		default:
			w.add("t.id IN (SELECT x.ticket FROM ticket_search x WHERE x.codes @> ?::int[] AND x.text ILIKE ?)", codes, "%"+likeEscape(word)+"%")
		}
	}
}

// searchWord finds a word in title and content of the tickets at hand. Digits may also be the
// beginning of a ticket number.
func searchWord(w *where, word string) {
	pattern := "%" + likeEscape(word) + "%"
	if isDigits(word) {
		w.add("(t.number LIKE ? OR (t.title || ' ' || t.content) ILIKE ?)", word+"%", pattern)
		return
	}
	w.add("(t.title || ' ' || t.content) ILIKE ?", pattern)
}

func likeEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// LeftOpenDrafts are drafts whose last call ended before the time.
func (s *Store) LeftOpenDrafts(ctx context.Context, before time.Time) ([]service.TicketRecord, error) {
	return s.tickets(ctx, `SELECT `+ticketColumns+` FROM ticket t WHERE t.state = 'draft' AND coalesce(
		(SELECT max(coalesce(c.ended_at, 'infinity')) FROM ticket_call tc JOIN call c ON c.id = tc.call WHERE tc.ticket = t.id),
		t.updated_at) < $1 ORDER BY t.created_at LIMIT 500`, before)
}

// TicketByCode finds a ticket by number and query code.
func (s *Store) TicketByCode(ctx context.Context, number, code string) (tickets.Ticket, error) {
	row, err := s.readWhole(s.pool.QueryRow(ctx, `SELECT `+wholeColumns+` FROM ticket t WHERE t.number = $1 AND t.code_digest = $2`,
		number, s.keys.Digest("query_code", number, code)))
	return row.ticket, err
}

// CountProgressTry counts a try and returns how many the caller had on the day.
func (s *Store) CountProgressTry(ctx context.Context, caller privacy.Phone, day time.Time) (int, error) {
	var n int
	err := s.pool.QueryRow(ctx, `INSERT INTO progress_try (caller_idx, day, tries) VALUES ($1, $2, 1)
		ON CONFLICT (caller_idx, day) DO UPDATE SET tries = progress_try.tries + 1 RETURNING tries`,
		s.keys.Index(caller), day.Format(time.DateOnly)).Scan(&n)
	return n, err
}

// OpenTicketsOf lists the accepted open tickets of a number, newest first.
func (s *Store) OpenTicketsOf(ctx context.Context, number privacy.Phone) ([]service.TicketRecord, error) {
	return s.tickets(ctx, `SELECT `+ticketColumns+` FROM ticket t WHERE t.state = ANY($2)
		AND (t.caller_idx = $1 OR t.contact_idx = $1) ORDER BY t.created_at DESC LIMIT 20`,
		s.keys.Index(number), tickets.OpenStates())
}
