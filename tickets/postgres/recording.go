package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/service"
)

// recordingForm is the canonical form of a sealed recording's reference.
type recordingForm struct {
	ID       string `json:"id"`
	Call     string `json:"call"`
	Kind     string `json:"kind"`
	Key      string `json:"key"`
	SHA256   string `json:"sha256"`
	Size     int64  `json:"size"`
	Channels int    `json:"channels"`
	Rate     int    `json:"rate"`
	SealedAt string `json:"sealed_at"`
	Flaws    string `json:"flaws"`
}

const recordingSealSQL = `SELECT id::text, call::text, kind, blob_key, sha256, size, channels, rate, sealed_at, flaws, seal FROM recording`

func scanRecordingForm(row pgx.CollectableRow) (recordingForm, []byte, error) {
	var f recordingForm
	var at *time.Time
	var flaws []string
	var seal []byte
	err := row.Scan(&f.ID, &f.Call, &f.Kind, &f.Key, &f.SHA256, &f.Size, &f.Channels, &f.Rate, &at, &flaws, &seal)
	f.SealedAt, f.Flaws = stamp(goTime(at)), strings.Join(flaws, ",")
	return f, seal, err
}

func (s *Store) recordingSeal(f recordingForm) ([]byte, error) {
	form, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return s.keys.Link(nil, form), nil
}

// LinkRecording notes, in one transaction, where a call's recording is kept, seals the
// reference and tells the desk. Repeating it with the same recording changes nothing; a
// different one for a call that has a sealed recording of this kind is refused.
func (s *Store) LinkRecording(ctx context.Context, r calls.Recording) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		var id, sha string
		err := tx.QueryRow(ctx, `INSERT INTO recording (id, call, kind, node, source, status, since) VALUES ($1,$2,$3,$4,$5,'pending',$6)
			ON CONFLICT (call, kind) DO UPDATE SET node = excluded.node RETURNING id::text, sha256`,
			uuid.NewString(), r.Call, r.Kind, r.Node, r.Source, r.SealedAt).Scan(&id, &sha)
		if err != nil {
			return mapError(err)
		}
		if sha == r.SHA256 {
			return nil
		}
		if sha != "" {
			return fmt.Errorf("call %s has another sealed recording: %w", r.Call, service.ErrExists)
		}
		flaws := r.Flaws
		if flaws == nil {
			flaws = []string{}
		}
		at := r.SealedAt.UTC().Truncate(time.Microsecond)
		seal, err := s.recordingSeal(recordingForm{
			ID: id, Call: string(r.Call), Kind: string(r.Kind), Key: r.Key, SHA256: r.SHA256, Size: r.Size, Channels: r.Channels,
			Rate: r.Rate, SealedAt: stamp(at), Flaws: strings.Join(flaws, ","),
		})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE recording SET status='sealed', source=$2, blob_key=$3, sha256=$4, size=$5, channels=$6, rate=$7,
			duration_s=$8, expected_s=$9, flaws=$10, sealed_at=$11, seal=$12, failure='' WHERE id=$1`,
			id, r.Source, r.Key, r.SHA256, r.Size, r.Channels, r.Rate, r.Duration.Seconds(), r.Expected.Seconds(), flaws, at, seal)
		if err != nil {
			return err
		}
		return tellRecording(ctx, tx, r.Call)
	})
	if err != nil {
		return fmt.Errorf("link recording of call %s: %w", r.Call, err)
	}
	return nil
}

// tellRecording tells the pages of the call and of its tickets.
func tellRecording(ctx context.Context, tx pgx.Tx, call calls.ID) error {
	rows, err := tx.Query(ctx, `SELECT DISTINCT ticket::text FROM ticket_call WHERE call = $1`, call)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		ids = []string{""}
	}
	for _, ticket := range ids {
		if err := tellDesk(ctx, tx, service.Change{Kind: "recording", Call: string(call), Ticket: ticket}); err != nil {
			return err
		}
	}
	return nil
}

// PendingRecording is a recording that is expected on a node and not sealed yet.
type PendingRecording struct {
	Call     calls.ID
	Kind     calls.RecordingKind
	Node     string
	Source   string // name on the switch, below spool/recording
	Expected time.Duration
	Since    time.Time // when the call ended
}

// PendingRecordings lists what still has to be fetched from the switches, oldest first.
func (s *Store) PendingRecordings(ctx context.Context) ([]PendingRecording, error) {
	return collect(ctx, s, func(row pgx.CollectableRow, p *PendingRecording) error {
		var expected float64
		err := row.Scan(&p.Call, &p.Kind, &p.Node, &p.Source, &expected, &p.Since)
		p.Expected, p.Since = time.Duration(expected*float64(time.Second)), p.Since.UTC()
		return err
	}, `SELECT call, kind, node, source, expected_s, since FROM recording WHERE status = 'pending' ORDER BY since LIMIT 1000`)
}

// FailRecording marks a recording that cannot be had any more, with the reason; it stays
// visible at the call and its tickets.
func (s *Store) FailRecording(ctx context.Context, call calls.ID, kind calls.RecordingKind, reason string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE recording SET status='failed', failure=$3 WHERE call=$1 AND kind=$2 AND status='pending'`, call, kind, reason)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return tellRecording(ctx, tx, call)
	})
	if err != nil {
		return fmt.Errorf("mark recording of call %s as failed: %w", call, err)
	}
	return nil
}

// EachRecording hands every sealed recording to fn, oldest first, until fn fails.
func (s *Store) EachRecording(ctx context.Context, fn func(service.SealedRecording) error) error {
	rows, err := s.pool.Query(ctx, `SELECT id, call, kind, status, duration_s, channels, flaws, blob_key, sha256, size, rate
		FROM recording WHERE status = 'sealed' ORDER BY sealed_at`)
	if err != nil {
		return fmt.Errorf("list recordings: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.SealedRecording, error) { return scanRecording(row) })
	if err != nil {
		return fmt.Errorf("list recordings: %w", err)
	}
	for _, r := range list {
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

func scanRecording(row pgx.Row) (service.SealedRecording, error) {
	var r service.SealedRecording
	ref := &r.Ref
	err := row.Scan(&ref.ID, &ref.Call, &ref.Kind, &ref.Status, &ref.DurationS, &ref.Channels, &ref.Flaws, &r.Key, &r.SHA256, &r.Size, &r.Rate)
	return r, mapError(err)
}

// RecordingStanding tells of each source of a node whether its recording is sealed ("linked") or
// still to come ("open"). One of a call that ended unanswered counts as sealed: there is nothing
// to keep. Sources that no call names are left out.
func (s *Store) RecordingStanding(ctx context.Context, node string, sources []string) (map[string]string, error) {
	rows, err := s.pool.Query(ctx, `SELECT source, CASE WHEN status = 'sealed' THEN 'linked' ELSE 'open' END FROM recording WHERE node = $1 AND source = ANY($2)
		UNION SELECT source, 'open' FROM call WHERE node = $1 AND source = ANY($2) AND ended_at IS NULL
		UNION SELECT source, 'linked' FROM call c WHERE node = $1 AND source = ANY($2) AND ended_at < now() - interval '2 minutes'
			AND NOT EXISTS (SELECT 1 FROM recording r WHERE r.call = c.id AND r.kind = 'call')`, node, sources)
	if err != nil {
		return nil, fmt.Errorf("look up recordings of node %s: %w", node, err)
	}
	defer rows.Close()
	standing := map[string]string{}
	for rows.Next() {
		var source, how string
		if err := rows.Scan(&source, &how); err != nil {
			return nil, fmt.Errorf("look up recordings of node %s: %w", node, err)
		}
		if standing[source] != "linked" {
			standing[source] = how
		}
	}
	return standing, rows.Err()
}
