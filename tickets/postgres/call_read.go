package postgres

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

const callColumns = `c.id, c.direction, c.caller_sealed, c.called, c.line, c.node, c.menu, c.language, c.purpose, c.started_at,
	c.path, c.waits, c.queue, coalesce((SELECT name FROM queue WHERE id = c.queue), ''), c.entered_at, c.answered_at, c.waited_s,
	c.ended_at, c.end_side, c.end_stage, c.end_cause, c.end_detail, c.lost, c.rating, c.note, c.note_text,
	(SELECT coalesce(json_agg(json_build_object('seat', p.seat, 'account', p.account, 'name', coalesce(a.person_name, p.account),
			'offered_at', p.offered_at, 'answered_at', p.answered_at, 'left_at', p.left_at, 'closed_at', p.closed_at,
			'talk_s', p.talk_s, 'hold_s', p.hold_s, 'rang_s', p.rang_s, 'why', p.why) ORDER BY p.n), '[]')
		FROM call_seat p LEFT JOIN account a ON a.name = p.account WHERE p.call = c.id),
	(SELECT coalesce(json_agg(json_build_object('id', r.id, 'call', r.call, 'kind', r.kind, 'status', r.status,
			'duration_s', r.duration_s, 'channels', r.channels, 'flaws', r.flaws) ORDER BY r.kind), '[]')
		FROM recording r WHERE r.call = c.id),
	(SELECT coalesce(json_agg(json_build_object('id', t.id, 'number', coalesce(t.number, ''), 'title', t.title,
			'state', t.state, 'role', tc.role) ORDER BY tc.at), '[]')
		FROM ticket_call tc JOIN ticket t ON t.id = tc.ticket WHERE tc.call = c.id)`

func (s *Store) scanCall(row pgx.Row) (service.CallRecord, error) {
	var r service.CallRecord
	var sealed string
	var entered, answered, ended *time.Time
	var end calls.End
	err := row.Scan(&r.ID, &r.Direction, &sealed, &r.Called, &r.Line, &r.Node, &r.Menu, &r.Language, &r.Purpose, &r.StartedAt,
		&r.Path, &r.Waits, &r.Queue, &r.QueueName, &entered, &answered, &r.WaitedS, &ended, &end.Side, &end.Stage, &end.Cause,
		&end.Detail, &r.Lost, &r.Rating, &r.Note.Note, &r.Note.Text, &r.Seats, &r.Recordings, &r.Tickets)
	if err != nil {
		return r, mapError(err)
	}
	r.StartedAt, r.EnteredAt, r.AnsweredAt, r.EndedAt = r.StartedAt.UTC(), goTime(entered), goTime(answered), goTime(ended)
	if !r.EndedAt.IsZero() {
		end.At = r.EndedAt
		r.End = &end
	}
	for i := range r.Tickets {
		r.Tickets[i].StateLabel = tickets.State(r.Tickets[i].State).Label()
	}
	clear, err := s.keys.Open(sealed)
	if err != nil {
		return r, err
	}
	r.Caller, r.CallerMasked = clear, privacy.Phone(clear).Masked()
	return r, nil
}

func (s *Store) calls(ctx context.Context, sql string, args ...any) ([]service.CallRecord, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []service.CallRecord
	for rows.Next() {
		r, err := s.scanCall(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// Call with everything but the timeline.
func (s *Store) Call(ctx context.Context, id calls.ID) (service.CallRecord, error) {
	return s.scanCall(s.pool.QueryRow(ctx, `SELECT `+callColumns+` FROM call c WHERE c.id = $1`, id))
}

// Calls lists, newest first.
func (s *Store) Calls(ctx context.Context, q service.CallQuery) ([]service.CallRecord, string, int, bool, error) {
	var w where
	s.filterCalls(&w, q)
	total, more, err := s.count(ctx, "call c", w)
	if err != nil {
		return nil, "", 0, false, err
	}
	if q.Cursor != "" {
		c, err := parsePageCursor(q.Cursor)
		if err != nil {
			return nil, "", 0, false, err
		}
		w.add("(c.started_at, c.id) < (?, ?::uuid)", c.at, c.id)
	}
	size := q.Size()
	list, err := s.calls(ctx, `SELECT `+callColumns+` FROM call c WHERE `+w.String()+
		` ORDER BY c.started_at DESC, c.id DESC LIMIT `+strconv.Itoa(size+1), w.args...)
	if err != nil {
		return nil, "", 0, false, mapError(err)
	}
	next := ""
	if len(list) > size {
		list = list[:size]
		next = pageCursor{at: list[size-1].StartedAt, id: string(list[size-1].ID)}.String()
	}
	return list, next, total, more, nil
}

func (s *Store) filterCalls(w *where, q service.CallQuery) {
	const part = "EXISTS (SELECT 1 FROM call_seat p WHERE p.call = c.id AND p.account = ?)"
	if q.OnlyAccount != "" {
		w.add(part, q.OnlyAccount)
	}
	if q.Account != "" {
		w.add(part, q.Account)
	}
	if !q.From.IsZero() {
		w.add("c.started_at >= ?", q.From)
	}
	if !q.To.IsZero() {
		w.add("c.started_at < ?", q.To)
	}
	if q.Queue != "" {
		w.add("c.queue = ?", q.Queue)
	}
	if q.Caller != "" {
		w.add("c.caller_idx = ?", s.keys.Index(privacy.Normalize(q.Caller)))
	}
	if q.Cause != "" {
		w.add("c.end_cause = ?", q.Cause)
	}
	if q.Lost != nil {
		w.add("c.lost = ?", *q.Lost)
	}
	if q.Noted != nil {
		w.add("(c.note <> '') = ?", *q.Noted)
	}
	for _, word := range strings.Fields(q.Query) {
		w.add(`(c.called = ? OR c.note_text ILIKE ? OR EXISTS (SELECT 1 FROM call_seat p WHERE p.call = c.id AND p.seat = ?)
			OR EXISTS (SELECT 1 FROM ticket_call tc JOIN ticket t ON t.id = tc.ticket WHERE tc.call = c.id AND t.number = ?))`,
			word, "%"+likeEscape(word)+"%", word, word)
	}
}

// Timeline is the call's events without numbers.
func (s *Store) Timeline(ctx context.Context, id calls.ID) ([]service.TimelineEntry, error) {
	rows, err := s.pool.Query(ctx, `SELECT at, type, seat, coalesce(data, '{}') FROM call_event WHERE call = $1 ORDER BY epoch, seq`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.TimelineEntry, error) {
		var e service.TimelineEntry
		var data []byte
		if err := row.Scan(&e.At, &e.Type, &e.Seat, &data); err != nil {
			return e, err
		}
		e.At = e.At.UTC()
		var shown struct {
			Label string `json:"label"`
			Queue string `json:"queue"`
			Input string `json:"input"`
			Why   string `json:"why"`
			Score int    `json:"score"`
			Cause string `json:"cause"`
			Note  string `json:"note"`
			// Reason is a seat's of not answering, Party and To name who else is there.
			Reason string `json:"reason"`
			To     struct {
				Label string `json:"label"`
				Seat  string `json:"seat"`
			} `json:"to"`
		}
		if json.Unmarshal(data, &shown) == nil {
			e.Label, e.Queue, e.Input, e.Score = shown.Label, shown.Queue, shown.Input, shown.Score
			for _, why := range []string{shown.Why, shown.Cause, shown.Reason, shown.Note} {
				if e.Why == "" {
					e.Why = why
				}
			}
			if e.Label == "" {
				e.Label = shown.To.Label + shown.To.Seat
			}
		}
		return e, nil
	})
}

// TicketCalls gives the calls of a ticket with their recordings.
func (s *Store) TicketCalls(ctx context.Context, ids []calls.ID) (map[calls.ID]service.CallRecord, error) {
	byID := map[calls.ID]service.CallRecord{}
	if len(ids) == 0 {
		return byID, nil
	}
	list, err := s.calls(ctx, `SELECT `+callColumns+` FROM call c WHERE c.id = ANY($1::uuid[])`, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		byID[r.ID] = r
	}
	return byID, nil
}

type queryer interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func (s *Store) callPart(ctx context.Context, db queryer, call calls.ID, account string) (service.CallPart, error) {
	var part service.CallPart
	var sealed string
	err := db.QueryRow(ctx, `SELECT c.caller_sealed,
			EXISTS (SELECT 1 FROM call_seat p WHERE p.call = c.id AND p.account = $2),
			EXISTS (SELECT 1 FROM call_seat p WHERE p.call = c.id AND p.account = $2 AND p.closed_at IS NULL)
		FROM call c WHERE c.id = $1`, call, account).Scan(&sealed, &part.Took, &part.Open)
	if err != nil {
		return part, mapError(err)
	}
	clear, err := s.keys.Open(sealed)
	part.Caller = privacy.Phone(clear)
	return part, err
}

// CallPart tells what the account has to do with the call.
func (s *Store) CallPart(ctx context.Context, call calls.ID, account string) (service.CallPart, error) {
	return s.callPart(ctx, s.pool, call, account)
}

// OpenCalls lists the calls that the account has in hand.
func (s *Store) OpenCalls(ctx context.Context, account string) ([]calls.ID, error) {
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT call FROM call_seat WHERE account = $1 AND closed_at IS NULL`, account)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[calls.ID])
}

// Recording is where a recording is kept.
func (s *Store) Recording(ctx context.Context, id string) (service.SealedRecording, error) {
	return scanRecording(s.pool.QueryRow(ctx, `SELECT id, call, kind, status, duration_s, channels, flaws, blob_key, sha256, size, rate
		FROM recording WHERE id = $1`, id))
}

// How much of a caller's past the screen pop shows, and how many days count as repeated.
const (
	historyRows = 10
	repeatDays  = 7
)

// CallerFacts is what is known of a number, its place left out.
func (s *Store) CallerFacts(ctx context.Context, number privacy.Phone, now time.Time) (service.History, error) {
	idx := s.keys.Index(number)
	h := service.History{Tags: []string{}, Tickets: []service.HistoryTicket{}, Calls: []service.HistoryCall{}}
	var name string
	err := s.pool.QueryRow(ctx, `SELECT coalesce(z.name_sealed, ''), coalesce(z.gender, ''), coalesce(z.kind, ''), coalesce(z.tags, '{}'),
			coalesce(z.regular, false) OR (SELECT count(*) FROM (SELECT 1 FROM ticket t
				WHERE (t.caller_idx = $1 OR t.contact_idx = $1) AND t.number IS NOT NULL LIMIT 3) AS three) >= 3,
			(SELECT count(*) FROM call WHERE caller_idx = $1 AND direction = 'inbound' AND started_at > $2),
			EXISTS (SELECT 1 FROM blacklist b WHERE b.idx = $1 AND b.until > $3),
			(SELECT count(*) FROM ticket t WHERE (t.caller_idx = $1 OR t.contact_idx = $1) AND t.state = ANY($4))
		FROM (SELECT 1) AS one LEFT JOIN citizen z ON z.idx = $1`,
		idx, now.AddDate(0, 0, -repeatDays), now, tickets.OpenStates()).Scan(&name, &h.Gender, &h.Kind, &h.Tags, &h.Regular, &h.Repeats,
		&h.Blacklisted, &h.OpenTickets)
	if err != nil {
		return h, err
	}
	if h.Name, err = s.keys.Open(name); err != nil {
		return h, err
	}
	if h.Tickets, err = s.callerTickets(ctx, idx); err != nil {
		return h, err
	}
	h.Calls, err = s.callerCalls(ctx, idx)
	return h, err
}

func (s *Store) callerTickets(ctx context.Context, idx string) ([]service.HistoryTicket, error) {
	rows, err := s.pool.Query(ctx, `SELECT t.id, coalesce(t.number, ''), t.title, t.type, t.state,
			coalesce((SELECT name FROM unit WHERE id = t.unit), ''), t.created_at, t.due_at
		FROM ticket t WHERE (t.caller_idx = $1 OR t.contact_idx = $1) AND t.state NOT IN ('draft', 'discarded')
		ORDER BY t.created_at DESC LIMIT $2`, idx, historyRows)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.HistoryTicket, error) {
		var t service.HistoryTicket
		var due *time.Time
		err := row.Scan(&t.ID, &t.Number, &t.Title, &t.Type, &t.State, &t.Unit, &t.CreatedAt, &due)
		t.CreatedAt, t.Due, t.Open = t.CreatedAt.UTC(), goTime(due), tickets.State(t.State).Open()
		return t, err
	})
	if list == nil {
		list = []service.HistoryTicket{}
	}
	return list, err
}

func (s *Store) callerCalls(ctx context.Context, idx string) ([]service.HistoryCall, error) {
	rows, err := s.pool.Query(ctx, `SELECT c.id, c.started_at, coalesce((SELECT name FROM queue WHERE id = c.queue), c.queue),
			coalesce((SELECT a.person_name FROM call_seat p JOIN account a ON a.name = p.account
				WHERE p.call = c.id AND p.answered_at IS NOT NULL ORDER BY p.n DESC LIMIT 1), ''),
			coalesce((SELECT sum(p.talk_s) FROM call_seat p WHERE p.call = c.id), 0), c.note,
			EXISTS (SELECT 1 FROM recording r WHERE r.call = c.id AND r.status = 'sealed')
		FROM call c WHERE c.caller_idx = $1 AND c.ended_at IS NOT NULL ORDER BY c.started_at DESC LIMIT $2`, idx, historyRows)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.HistoryCall, error) {
		var c service.HistoryCall
		err := row.Scan(&c.ID, &c.At, &c.Queue, &c.Agent, &c.TalkS, &c.Note, &c.Recorded)
		c.At = c.At.UTC()
		return c, err
	})
	if list == nil {
		list = []service.HistoryCall{}
	}
	return list, err
}

// Blacklisted tells whether the number is refused now.
func (s *Store) Blacklisted(ctx context.Context, number privacy.Phone, now time.Time) (bool, error) {
	var listed bool
	err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM blacklist WHERE idx = $1 AND until > $2)`,
		s.keys.Index(number), now).Scan(&listed)
	return listed, err
}
