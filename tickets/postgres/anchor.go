package postgres

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/service"
)

// anchor is one line of the anchors' file: the Merkle root over the last link of every ticket's
// flow up to a step. A chain cut and its ticket's row set back together, or a draft deleted
// with its flow, fit their own seals; they do not fit a root written before.
type anchor struct {
	At      string `json:"at"`
	Through int64  `json:"through"` // last step contained
	Tickets int    `json:"tickets"`
	Root    string `json:"root"`
}

// settled is how long ago a step must have been written to be in a root: by then every
// transaction that took an earlier id has ended.
const settled = 5 * time.Minute

// Anchor appends a root to the file. Call it hourly; keep the file where the database's
// administrator cannot write.
func (s *Store) Anchor(ctx context.Context, file string, now time.Time) error {
	var through int64
	err := s.pool.QueryRow(ctx, `SELECT coalesce((SELECT id FROM ticket_flow
		WHERE recorded_at < now() - $1::interval ORDER BY id DESC LIMIT 1), 0)`, settled).Scan(&through)
	if err != nil {
		return fmt.Errorf("anchor: %w", err)
	}
	if through == 0 {
		return nil
	}
	a, err := s.root(ctx, through)
	if err != nil {
		return fmt.Errorf("anchor: %w", err)
	}
	a.At = stamp(now)
	line, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("anchor: %w", err)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("anchor: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("anchor: %w", err)
	}
	return nil
}

func (s *Store) root(ctx context.Context, through int64) (anchor, error) {
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT ON (ticket) link FROM ticket_flow WHERE id <= $1 ORDER BY ticket, seq DESC`, through)
	if err != nil {
		return anchor{}, err
	}
	heads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return anchor{}, err
	}
	return anchor{Through: through, Tickets: len(heads), Root: hex.EncodeToString(merkle(heads))}, nil
}

// merkle is the root of a binary tree; leaves and nodes are hashed apart.
func merkle(leaves [][]byte) []byte {
	level := make([][]byte, len(leaves))
	for i, l := range leaves {
		sum := sha256.Sum256(append([]byte{0}, l...))
		level[i] = sum[:]
	}
	for len(level) > 1 {
		var up [][]byte
		for i := 0; i < len(level); i += 2 {
			if i+1 == len(level) {
				up = append(up, level[i])
				continue
			}
			sum := sha256.Sum256(append(append([]byte{1}, level[i]...), level[i+1]...))
			up = append(up, sum[:])
		}
		level = up
	}
	if len(level) == 0 {
		return nil
	}
	return level[0]
}

// VerifyAnchors recomputes every root of the file and returns how many there are. A file that
// isn't there has none.
func (s *Store) VerifyAnchors(ctx context.Context, file string, found func(service.Mismatch)) (int, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("verify roots: %w", err)
	}
	defer f.Close()
	n := 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		n++
		var kept anchor
		if err := json.Unmarshal(lines.Bytes(), &kept); err != nil {
			found(service.Mismatch{Kind: "anchor", Object: fmt.Sprintf("line %d", n), Detail: "cannot be read"})
			continue
		}
		now, err := s.root(ctx, kept.Through)
		if err != nil {
			return n, fmt.Errorf("verify roots: %w", err)
		}
		if now.Tickets != kept.Tickets || now.Root != kept.Root {
			found(service.Mismatch{Kind: "anchor", Object: kept.At, Detail: fmt.Sprintf(
				"a step up to %d was changed or removed since (%d tickets then, %d now)", kept.Through, kept.Tickets, now.Tickets)})
		}
	}
	if err := lines.Err(); err != nil {
		return n, fmt.Errorf("verify roots: %w", err)
	}
	return n, nil
}
