package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/privacy"
)

// EventSink stores the floor's events and builds the records of calls, seats and callbacks from
// them. It belongs to one leader: when a newer one has raised the epoch it refuses to write.
type EventSink struct {
	store *Store
	epoch int64
	log   *slog.Logger
}

// Sink makes the sink of the leader with the epoch; 0 never refuses.
func (s *Store) Sink(epoch int64) *EventSink { return &EventSink{store: s, epoch: epoch, log: s.log} }

// ErrBadEventID is an event whose id is not "<epoch>-<seq>".
var ErrBadEventID = errors.New("event id is not <epoch>-<seq>")

// ParseEventID splits "<epoch>-<seq>".
func ParseEventID(id string) (epoch, seq int64, err error) {
	e, s, ok := strings.Cut(id, "-")
	epoch, err1 := strconv.ParseInt(e, 10, 64)
	seq, err2 := strconv.ParseInt(s, 10, 64)
	if !ok || err1 != nil || err2 != nil || epoch < 0 || seq < 0 {
		return 0, 0, fmt.Errorf("%q: %w", id, ErrBadEventID)
	}
	return epoch, seq, nil
}

// Store keeps the events, in their order and in one transaction. An event that was stored
// before is passed over, so that any overlap may be sent again. A payload that can't be read is
// kept as it is and logged: one bad event must not stop those behind it.
func (k *EventSink) Store(ctx context.Context, events []calls.Event) error {
	if len(events) == 0 {
		return nil
	}
	err := k.store.inTx(ctx, func(tx pgx.Tx) error {
		if err := k.checkEpoch(ctx, tx); err != nil {
			return err
		}
		for _, e := range events {
			if err := k.storeOne(ctx, tx, e); err != nil {
				return fmt.Errorf("event %s (%s): %w", e.ID, e.Type, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store events: %w", err)
	}
	return nil
}

func (k *EventSink) checkEpoch(ctx context.Context, tx pgx.Tx) error {
	if k.epoch == 0 {
		return nil
	}
	var epoch int64
	if err := tx.QueryRow(ctx, `SELECT epoch FROM floor_epoch FOR SHARE`).Scan(&epoch); err != nil {
		return err
	}
	if epoch > k.epoch {
		return fmt.Errorf("epoch %d: %w", epoch, ErrOldEpoch)
	}
	return nil
}

func (k *EventSink) storeOne(ctx context.Context, tx pgx.Tx, e calls.Event) error {
	epoch, seq, err := ParseEventID(e.ID)
	if err != nil {
		return err
	}
	var call *calls.ID
	if e.Call != "" {
		id, err := calls.ParseID(string(e.Call))
		if err != nil {
			k.log.Warn("event of an impossible call", "event", e.ID, "call", e.Call)
		} else {
			call = &id
			e.Call = id
		}
	}
	e.Data = storable(e.Data)
	tag, err := tx.Exec(ctx, `INSERT INTO call_event (epoch, seq, type, at, call, seat, data) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT DO NOTHING`, epoch, seq, e.Type, e.At, call, e.Seat, e.Data)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if call == nil && e.Type != calls.SeatChanged {
		return nil
	}
	err = apply{k.store, tx}.event(ctx, e, epoch, seq)
	if errors.Is(err, errPayload) {
		k.log.Error("event cannot be read; kept without effect", "event", e.ID, "type", e.Type, "call", e.Call, "err", err)
		return nil
	}
	return err
}

// storable makes a payload that the database takes: JSON without the NUL character.
func storable(data json.RawMessage) json.RawMessage {
	if len(data) == 0 || !json.Valid(data) {
		return nil
	}
	return bytes.ToValidUTF8(bytes.ReplaceAll(data, []byte(`\u0000`), nil), nil)
}

// Last is the id of the newest event stored; empty: none yet.
func (k *EventSink) Last(ctx context.Context) (string, error) {
	var epoch, seq int64
	err := k.store.pool.QueryRow(ctx, `SELECT epoch, seq FROM call_event ORDER BY epoch DESC, seq DESC LIMIT 1`).Scan(&epoch, &seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read last event: %w", err)
	}
	return strconv.FormatInt(epoch, 10) + "-" + strconv.FormatInt(seq, 10), nil
}

// number opens a sealed number and gives its index; a value that can't be opened is kept sealed
// and found by no index.
func (s *Store) number(sealed string) (idx, kept string) {
	clear, err := s.keys.Open(sealed)
	if err != nil {
		return "", sealed
	}
	return s.keys.Index(privacy.Normalize(clear)), sealed
}
