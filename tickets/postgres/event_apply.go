package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/service"
)

// errPayload is an event whose payload can't be read.
var errPayload = errors.New("payload")

// apply turns one event into rows, inside the transaction that stores it.
type apply struct {
	store *Store
	tx    pgx.Tx
}

func decode[T any](e calls.Event) (T, error) {
	var v T
	if len(e.Data) == 0 {
		return v, fmt.Errorf("%w: missing", errPayload)
	}
	if err := json.Unmarshal(e.Data, &v); err != nil {
		return v, fmt.Errorf("%w: %w", errPayload, err)
	}
	return v, nil
}

// with decodes the payload and hands it on.
func with[T any](ctx context.Context, e calls.Event, fn func(context.Context, calls.Event, T) error) error {
	v, err := decode[T](e)
	if err != nil {
		return err
	}
	return fn(ctx, e, v)
}

func (a apply) event(ctx context.Context, e calls.Event, epoch, seq int64) error {
	if e.Type == calls.SeatChanged {
		return with(ctx, e, func(ctx context.Context, e calls.Event, c calls.SeatChange) error {
			return a.seatChanged(ctx, e, c, epoch, seq)
		})
	}
	if e.Type != calls.CallStarted {
		// A call whose beginning was lost still gets its record.
		err := a.exec(ctx, `INSERT INTO call (id, started_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, e.Call, e.At)
		if err != nil {
			return err
		}
	}
	switch e.Type {
	case calls.CallStarted:
		return with(ctx, e, a.started)
	case calls.CallMenuVisited:
		return with(ctx, e, a.menu)
	case calls.CallQueued:
		return with(ctx, e, a.queued)
	case calls.CallOffered:
		return with(ctx, e, a.offered)
	case calls.CallNotAnswered:
		return with(ctx, e, a.notAnswered)
	case calls.CallAnswered:
		return with(ctx, e, a.answered)
	case calls.CallThreeWay:
		return with(ctx, e, a.threeWay)
	case calls.CallPartyLeft:
		return with(ctx, e, a.partyLeft)
	case calls.CallTransferred:
		return with(ctx, e, a.transferred)
	case calls.CallSeatLeft:
		return with(ctx, e, a.seatLeft)
	case calls.CallRated:
		return with(ctx, e, a.rated)
	case calls.CallVoicemail:
		return with(ctx, e, a.voicemail)
	case calls.CallCallbackWanted:
		return with(ctx, e, a.callbackWanted)
	case calls.CallNoted:
		return with(ctx, e, a.noted)
	case calls.CallEnded:
		return with(ctx, e, a.ended)
	}
	return nil
}

func (a apply) exec(ctx context.Context, sql string, args ...any) error {
	_, err := a.tx.Exec(ctx, sql, args...)
	return err
}

func (a apply) started(ctx context.Context, e calls.Event, p calls.Started) error {
	idx, sealed := a.store.number(p.CallerSealed)
	err := a.exec(ctx, `INSERT INTO call (id, direction, caller_idx, caller_sealed, called, line, node, unique_id, source, menu, purpose,
			for_ticket, callback_of, started_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)
		ON CONFLICT (id) DO UPDATE SET direction=excluded.direction, caller_idx=excluded.caller_idx, caller_sealed=excluded.caller_sealed,
			called=excluded.called, line=excluded.line, node=excluded.node, unique_id=excluded.unique_id, source=excluded.source,
			menu=excluded.menu, purpose=excluded.purpose, for_ticket=excluded.for_ticket, callback_of=excluded.callback_of,
			started_at=excluded.started_at`,
		e.Call, p.Direction, idx, sealed, p.Called, p.Line, p.Node, p.UniqueID, p.Source, p.Menu, p.Purpose, p.Ticket, p.CallbackOf, e.At)
	if err != nil || p.Direction != calls.Outbound {
		return err
	}
	if p.CallbackOf != "" {
		if err := tellDesk(ctx, a.tx, service.Change{Kind: "callback", Callback: p.CallbackOf}); err != nil {
			return err
		}
	}
	return nil
}

func (a apply) menu(ctx context.Context, e calls.Event, p calls.MenuVisit) error {
	step, err := json.Marshal([]service.PathStep{{Node: p.Node, Label: p.Label, Input: p.Input}})
	if err != nil {
		return err
	}
	return a.exec(ctx, `UPDATE call SET path = path || $2::jsonb WHERE id = $1`, e.Call, string(step))
}

func (a apply) queued(ctx context.Context, e calls.Event, p calls.Queued) error {
	why := "moved"
	if p.Again {
		why = "not_answered"
	}
	return a.changeWaits(ctx, e.Call, func(waits []service.Wait) []service.Wait {
		waits = leaveQueue(waits, e.At, why)
		return append(waits, service.Wait{Queue: p.Queue, EnteredAt: p.EnteredAt.UTC(), QueuedAt: e.At.UTC(), Again: p.Again})
	}, `queue = $3, language = $4, entered_at = coalesce(entered_at, $5)`, p.Queue, p.Language, p.EnteredAt)
}

func leaveQueue(waits []service.Wait, at time.Time, why string) []service.Wait {
	if n := len(waits); n > 0 && waits[n-1].LeftAt.IsZero() {
		waits[n-1].LeftAt, waits[n-1].Why = at.UTC(), why
	}
	return waits
}

// changeWaits rewrites the list of waits and sets further columns, whose arguments begin at $3.
func (a apply) changeWaits(ctx context.Context, call calls.ID, fn func([]service.Wait) []service.Wait, set string, args ...any) error {
	var waits []service.Wait
	if err := a.tx.QueryRow(ctx, `SELECT waits FROM call WHERE id = $1 FOR UPDATE`, call).Scan(&waits); err != nil {
		return err
	}
	waits = fn(waits)
	if waits == nil {
		waits = []service.Wait{}
	}
	return a.exec(ctx, `UPDATE call SET waits = $2, `+set+` WHERE id = $1`, append([]any{call, waits}, args...)...)
}

// offered opens the seat's part; what the seat still had open from an earlier call is over,
// also of one whose end was never told.
func (a apply) offered(ctx context.Context, e calls.Event, p calls.Offered) error {
	err := a.exec(ctx, `UPDATE call_seat SET closed_at = $2, left_at = coalesce(left_at, $2)
		WHERE seat = $1 AND closed_at IS NULL AND (call <> $3 OR left_at IS NOT NULL)`, e.Seat, e.At, e.Call)
	if err != nil {
		return err
	}
	return a.exec(ctx, `INSERT INTO call_seat (call, n, seat, account, offered_at)
		SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4 FROM call_seat WHERE call = $1`, e.Call, e.Seat, p.Account, e.At)
}

// latestPart picks the seat's latest part of the call.
const latestPart = `call = $1 AND n = (SELECT max(n) FROM call_seat WHERE call = $1 AND seat = $2)`

func (a apply) notAnswered(ctx context.Context, e calls.Event, p calls.NotAnswered) error {
	return a.exec(ctx, `UPDATE call_seat SET left_at = $3, closed_at = $3, why = $4 WHERE `+latestPart+` AND left_at IS NULL`,
		e.Call, e.Seat, e.At, p.Reason)
}

func (a apply) answered(ctx context.Context, e calls.Event, p calls.Answered) error {
	if e.Seat == "" { // no seat is in it: 联系群众, a duty phone
		if err := a.exec(ctx, `UPDATE call SET answered_at = coalesce(answered_at, $2) WHERE id = $1`, e.Call, e.At); err != nil {
			return err
		}
		return a.tookPart(ctx, e, p.Account)
	}
	tag, err := a.tx.Exec(ctx, `UPDATE call_seat SET answered_at = $3, rang_s = $4 WHERE `+latestPart+` AND left_at IS NULL`,
		e.Call, e.Seat, e.At, p.RangS)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		if err := a.join(ctx, e.Call, e.Seat, p.Account, e.At); err != nil {
			return err
		}
	}
	return a.changeWaits(ctx, e.Call, func(w []service.Wait) []service.Wait { return leaveQueue(w, e.At, "answered") },
		`answered_at = coalesce(answered_at, $3), waited_s = CASE WHEN answered_at IS NULL THEN $4 ELSE waited_s END`, e.At, p.WaitedS)
}

// tookPart notes who talked by a telephone of his own. His part is closed at once: he never sees
// the citizen's number.
func (a apply) tookPart(ctx context.Context, e calls.Event, account string) error {
	if account == "" {
		return nil
	}
	return a.exec(ctx, `INSERT INTO call_seat (call, n, seat, account, offered_at, answered_at, closed_at)
		SELECT $1, coalesce(max(n), 0) + 1, '', $2, $3, $3, $3 FROM call_seat WHERE call = $1`, e.Call, account, e.At)
}

// join opens the part of a seat that was not offered the call but talks in it.
func (a apply) join(ctx context.Context, call calls.ID, seat, account string, at time.Time) error {
	return a.exec(ctx, `INSERT INTO call_seat (call, n, seat, account, offered_at, answered_at)
		SELECT $1, coalesce(max(n), 0) + 1, $2, coalesce(nullif($3, ''), (SELECT account FROM seat WHERE id = $2), ''), $4, $4
		FROM call_seat WHERE call = $1`, call, seat, account, at)
}

// threeWay lets a colleague who was taken into the talk have a part in the call.
func (a apply) threeWay(ctx context.Context, e calls.Event, p calls.Party) error {
	if p.Seat == "" {
		return nil
	}
	var there bool
	err := a.tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM call_seat WHERE call = $1 AND seat = $2 AND left_at IS NULL)`, e.Call, p.Seat).Scan(&there)
	if err != nil || there {
		return err
	}
	return a.join(ctx, e.Call, p.Seat, "", e.At)
}

func (a apply) partyLeft(ctx context.Context, e calls.Event, p calls.Party) error {
	if p.Seat == "" {
		return nil
	}
	return a.exec(ctx, `UPDATE call_seat SET left_at = $3, why = 'party_left', talk_s = extract(epoch FROM $3 - answered_at)
		WHERE `+latestPart+` AND left_at IS NULL`, e.Call, p.Seat, e.At)
}

func (a apply) transferred(ctx context.Context, e calls.Event, p calls.Transferred) error {
	if p.To.Seat == "" {
		return nil
	}
	var there bool // in a three-way talk before
	err := a.tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM call_seat WHERE call = $1 AND seat = $2 AND left_at IS NULL)`, e.Call, p.To.Seat).Scan(&there)
	if err != nil || there {
		return err
	}
	return a.join(ctx, e.Call, p.To.Seat, p.Account, e.At)
}

func (a apply) seatLeft(ctx context.Context, e calls.Event, p calls.SeatLeft) error {
	return a.exec(ctx, `UPDATE call_seat SET left_at = $3, talk_s = $4, hold_s = $5, why = $6 WHERE `+latestPart,
		e.Call, e.Seat, e.At, p.TalkS, p.HoldS, p.Why)
}

func (a apply) rated(ctx context.Context, e calls.Event, p calls.Rated) error {
	return a.exec(ctx, `UPDATE call SET rating = $2 WHERE id = $1`, e.Call, p.Score)
}

func (a apply) noted(ctx context.Context, e calls.Event, p calls.Noted) error {
	if err := a.exec(ctx, `UPDATE call SET note = $2, note_text = $3 WHERE id = $1`, e.Call, p.Note, p.Text); err != nil {
		return err
	}
	return tellDesk(ctx, a.tx, service.Change{Kind: "call", Call: string(e.Call), Account: p.Account})
}

func (a apply) voicemail(ctx context.Context, e calls.Event, p calls.Voicemail) error {
	err := a.exec(ctx, `INSERT INTO recording (id, call, kind, node, source, status, expected_s, since)
		SELECT $2, c.id, 'voicemail', c.node, $3, 'pending', $4, $5 FROM call c WHERE c.id = $1 ON CONFLICT DO NOTHING`,
		e.Call, uuid.NewString(), p.Source, p.DurationS, e.At)
	if err != nil {
		return err
	}
	return a.callback(ctx, e.Call, service.KindVoicemail, p.Queue, "", p.EnteredAt)
}

func (a apply) callbackWanted(ctx context.Context, e calls.Event, p calls.CallbackWish) error {
	return a.callback(ctx, e.Call, service.KindCallback, p.Queue, p.NumberSealed, p.EnteredAt)
}

// callback opens a row of 留言与回拨; without a number of its own it gets the caller's.
func (a apply) callback(ctx context.Context, call calls.ID, kind, queue, sealed string, entered time.Time) error {
	idx, sealed := a.store.number(sealed)
	var id string
	err := a.tx.QueryRow(ctx, `INSERT INTO callback (id, kind, call, queue, number_idx, number_sealed, entered_at)
		SELECT $2, $3, c.id, $4, CASE WHEN $6 = '' THEN c.caller_idx ELSE $5 END, CASE WHEN $6 = '' THEN c.caller_sealed ELSE $6 END, $7
		FROM call c WHERE c.id = $1 ON CONFLICT DO NOTHING RETURNING id::text`,
		call, uuid.NewString(), kind, queue, idx, sealed, entered).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return tellDesk(ctx, a.tx, service.Change{Kind: "callback", Callback: id, Call: string(call)})
}

func (a apply) ended(ctx context.Context, e calls.Event, p calls.Ended) error {
	lost := p.Cause.Lost()
	err := a.changeWaits(ctx, e.Call, func(w []service.Wait) []service.Wait { return leaveQueue(w, e.At, "ended") },
		`ended_at = $3, end_side = $4, end_stage = $5, end_cause = $6, end_detail = $7, lost = $8`,
		e.At, p.Side, p.Stage, p.Cause, p.Detail, lost)
	if err != nil {
		return err
	}
	err = a.exec(ctx, `UPDATE call_seat SET left_at = coalesce(left_at, $2),
			closed_at = CASE WHEN answered_at IS NULL THEN coalesce(closed_at, $2) ELSE closed_at END,
			talk_s = CASE WHEN seat = '' THEN extract(epoch FROM $2 - answered_at) ELSE talk_s END WHERE call = $1`, e.Call, e.At)
	if err != nil {
		return err
	}
	if p.Recorded {
		err := a.exec(ctx, `INSERT INTO recording (id, call, kind, node, source, status, expected_s, since)
			SELECT $2, c.id, 'call', c.node, c.source, 'pending', $3, $4 FROM call c WHERE c.id = $1
			ON CONFLICT (call, kind) DO UPDATE SET expected_s = excluded.expected_s`, e.Call, uuid.NewString(), p.AnsweredS, e.At)
		if err != nil {
			return err
		}
	}
	if err := a.missedOrMadeGood(ctx, e, lost); err != nil {
		return err
	}
	var ticket string
	if err := a.tx.QueryRow(ctx, `SELECT for_ticket FROM call WHERE id = $1`, e.Call).Scan(&ticket); err != nil {
		return err
	}
	return tellDesk(ctx, a.tx, service.Change{Kind: "call", Call: string(e.Call), Ticket: ticket, Account: p.Account})
}

// missedOrMadeGood opens a row for a caller who asked for a person and got none (漏接), unless
// he left a message or is called back anyway; and closes the missed rows of a caller who was
// answered now.
func (a apply) missedOrMadeGood(ctx context.Context, e calls.Event, lost bool) error {
	var direction calls.Direction
	var queue, idx, callbackOf string
	var entered, answered *time.Time
	err := a.tx.QueryRow(ctx, `SELECT direction, queue, caller_idx, callback_of, entered_at, answered_at FROM call WHERE id = $1`, e.Call).
		Scan(&direction, &queue, &idx, &callbackOf, &entered, &answered)
	if err != nil {
		return err
	}
	if callbackOf != "" {
		return tellDesk(ctx, a.tx, service.Change{Kind: "callback", Callback: callbackOf})
	}
	if direction != calls.Inbound || idx == "" {
		return nil
	}
	if lost && answered == nil && entered != nil {
		var exists bool
		err := a.tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM callback WHERE number_idx = $1 AND state <> 'done')`, idx).Scan(&exists)
		if err != nil || exists {
			return err
		}
		return a.callback(ctx, e.Call, service.KindMissed, queue, "", *entered)
	}
	if answered == nil {
		return nil
	}
	tag, err := a.tx.Exec(ctx, `UPDATE callback SET state = 'done', done_at = $2, result = 'called_again'
		WHERE number_idx = $1 AND kind = 'missed' AND state = 'waiting' AND entered_at < $3`, idx, e.At, *answered)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return tellDesk(ctx, a.tx, service.Change{Kind: "callback"})
}

// seatChanged logs the change; a seat that is done with wrap-up has no call in hand any more.
func (a apply) seatChanged(ctx context.Context, e calls.Event, p calls.SeatChange, epoch, seq int64) error {
	err := a.exec(ctx, `INSERT INTO seat_event (epoch, seq, seat, account, at, from_state, to_state, reason, by_account, device)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT DO NOTHING`,
		epoch, seq, e.Seat, p.Account, e.At, p.From, p.To, p.Reason, p.By, p.Device)
	if err != nil {
		return err
	}
	switch p.To {
	case "idle", "not_ready", "rest", "signed_out", "faulty":
		return a.exec(ctx, `UPDATE call_seat SET closed_at = $2 WHERE seat = $1 AND closed_at IS NULL AND left_at IS NOT NULL`, e.Seat, e.At)
	}
	return nil
}
