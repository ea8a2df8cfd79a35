package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// Verify recomputes, in one consistent view of the database, every ticket's seal and chain, the
// day's numbers, the audit log and the seals of recordings.
func (s *Store) Verify(ctx context.Context, found func(service.Mismatch)) (service.VerifyCount, error) {
	var count service.VerifyCount
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		// A large city takes longer than a statement of a page may.
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return err
		}
		for _, part := range []func(context.Context, pgx.Tx, func(service.Mismatch), *service.VerifyCount) error{
			s.verifyTickets, s.verifyOrphans, s.verifyNumbers, s.verifyAudit, s.verifyRecordings,
		} {
			if err := part(ctx, tx, found, &count); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return count, fmt.Errorf("verify: %w", err)
	}
	return count, nil
}

// verifyBatch is how many tickets are held in memory at once.
const verifyBatch = 500

func (s *Store) verifyTickets(ctx context.Context, tx pgx.Tx, found func(service.Mismatch), count *service.VerifyCount) error {
	after := "00000000-0000-0000-0000-000000000000"
	for {
		rows, err := tx.Query(ctx, `SELECT `+wholeColumns+` FROM ticket t WHERE t.id > $1 ORDER BY t.id LIMIT $2`, after, verifyBatch)
		if err != nil {
			return err
		}
		batch, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ticketRow, error) {
			r, err := scanWhole(row)
			if err != nil {
				return r, err
			}
			return r, r.sum()
		})
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			return nil
		}
		flow, err := s.readLinks(ctx, tx, batch)
		if err != nil {
			return err
		}
		for _, row := range batch {
			count.Tickets++
			count.Steps += len(flow[row.ticket.ID])
			s.verifyTicket(row, flow[row.ticket.ID], found)
		}
		after = batch[len(batch)-1].ticket.ID
	}
}

// linkedStep is a step with what it is chained by.
type linkedStep struct {
	form stepForm
	link []byte
}

func (s *Store) readLinks(ctx context.Context, tx pgx.Tx, batch []ticketRow) (map[string][]linkedStep, error) {
	ids := make([]string, len(batch))
	for i, row := range batch {
		ids[i] = row.ticket.ID
	}
	rows, err := tx.Query(ctx, `SELECT ticket::text, seq, at, actor, actor_name, unit, event, from_state, to_state, opinion, data, version,
		snapshot, link FROM ticket_flow WHERE ticket = ANY($1::uuid[]) ORDER BY ticket, seq`, ids)
	if err != nil {
		return nil, err
	}
	flow := map[string][]linkedStep{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		var l linkedStep
		var at time.Time
		f := &l.form
		err := row.Scan(&f.Ticket, &f.Seq, &at, &f.Actor, &f.ActorName, &f.Unit, &f.Event, &f.From, &f.To, &f.Opinion, &f.Data, &f.Version,
			&f.Snapshot, &l.link)
		f.At = stamp(at)
		flow[f.Ticket] = append(flow[f.Ticket], l)
		return struct{}{}, err
	})
	return flow, err
}

// verifyTicket checks the chain step by step, then the row against the chain's end.
func (s *Store) verifyTicket(row ticketRow, steps []linkedStep, found func(service.Mismatch)) {
	name := row.ticket.Number
	if name == "" {
		name = row.ticket.ID
	}
	var head []byte
	for i, step := range steps {
		link, err := s.stepLink(head, step.form)
		switch {
		case step.form.Seq != i+1:
			found(service.Mismatch{Kind: "flow", Object: name, Step: i + 1, Detail: fmt.Sprintf("step %d is missing", i+1)})
			return
		case err != nil || !bytes.Equal(link, step.link):
			found(service.Mismatch{Kind: "flow", Object: name, Step: step.form.Seq, Detail: "step was changed, swapped or hashed anew"})
			return
		}
		head = step.link
	}
	switch {
	case len(steps) < row.steps:
		found(service.Mismatch{Kind: "flow", Object: name, Step: len(steps) + 1, Detail: fmt.Sprintf("%d steps are missing at the end", row.steps-len(steps))})
		return
	case len(steps) > row.steps || !bytes.Equal(head, row.head):
		found(service.Mismatch{Kind: "flow", Object: name, Step: len(steps), Detail: "chain and ticket disagree about its end"})
		return
	}
	form, err := canonicalOf(row.ticket, row.sealed, row.digests)
	if err == nil && bytes.Equal(s.rowSeal(row, form), row.seal) {
		return
	}
	if changed := changedParts(name, row, steps); len(changed) > 0 {
		for _, m := range changed {
			found(m)
		}
		return
	}
	found(service.Mismatch{Kind: "ticket", Object: name, Detail: "a field was changed past the program"})
}

// changedParts names the parts of a ticket whose seal doesn't fit that differ from their marks,
// each with the last step that was about it.
func changedParts(ticket string, row ticketRow, steps []linkedStep) []service.Mismatch {
	var list []service.Mismatch
	tell := func(part, detail string) {
		kind, n, _ := strings.Cut(part, " ")
		list = append(list, service.Mismatch{
			Kind: kind, Object: ticket, Step: lastStepAbout(kind, n, steps), Detail: part + " " + detail,
		})
	}
	for _, part := range slices.Sorted(maps.Keys(row.marks)) {
		switch d, ok := row.digests[part]; {
		case !ok:
			tell(part, "was deleted past the program")
		case !strings.HasPrefix(d, row.marks[part]):
			tell(part, "was changed past the program")
		}
	}
	for _, part := range slices.Sorted(maps.Keys(row.digests)) {
		if _, ok := row.marks[part]; !ok {
			tell(part, "was added past the program")
		}
	}
	return list
}

// lastStepAbout is the last step whose data names the part; 0: none does.
func lastStepAbout(kind, n string, steps []linkedStep) int {
	for _, step := range slices.Backward(steps) {
		var data map[string]any
		if json.Unmarshal([]byte(step.form.Data), &data) != nil {
			continue
		}
		about := data[kind]
		if visit, ok := about.(map[string]any); ok {
			about = visit["n"]
		}
		if about != nil && fmt.Sprint(about) == n {
			return step.form.Seq
		}
	}
	return 0
}

// verifyOrphans finds steps whose ticket is gone.
func (s *Store) verifyOrphans(ctx context.Context, tx pgx.Tx, found func(service.Mismatch), _ *service.VerifyCount) error {
	rows, err := tx.Query(ctx, `SELECT DISTINCT f.ticket::text FROM ticket_flow f
		WHERE NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = f.ticket) LIMIT 1000`)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, id := range ids {
		found(service.Mismatch{Kind: "ticket", Object: id, Detail: "ticket was deleted, its flow is still there"})
	}
	return err
}

// verifyNumbers finds gaps in a day's numbers: a ticket deleted with all its steps.
func (s *Store) verifyNumbers(ctx context.Context, tx pgx.Tx, found func(service.Mismatch), _ *service.VerifyCount) error {
	rows, err := tx.Query(ctx, `SELECT d.day, n FROM ticket_day d CROSS JOIN generate_series(1, d.last) AS n
		LEFT JOIN (SELECT left(number, 11) AS stem FROM ticket WHERE number IS NOT NULL) AS k
			ON k.stem = to_char(d.day, 'YYMMDD') || lpad(n::text, 5, '0')
		WHERE k.stem IS NULL ORDER BY 1, 2 LIMIT 1000`)
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		var day time.Time
		var n int
		if err := row.Scan(&day, &n); err != nil {
			return struct{}{}, err
		}
		number, err := tickets.NumberOf(day, n)
		found(service.Mismatch{Kind: "number", Object: number, Detail: "the number was given and its ticket is gone"})
		return struct{}{}, err
	})
	return err
}

func (s *Store) verifyAudit(ctx context.Context, tx pgx.Tx, found func(service.Mismatch), count *service.VerifyCount) error {
	var want int64
	var head []byte
	if err := tx.QueryRow(ctx, `SELECT count, head FROM chain_head WHERE name = 'audit'`).Scan(&want, &head); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT id, at, actor, act, object, detail, remote, link FROM audit ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var link []byte
	var n int64
	for rows.Next() {
		var e service.AuditEntry
		var stored []byte
		if err := rows.Scan(&e.ID, &e.At, &e.Actor, &e.Act, &e.Object, &e.Detail, &e.Remote, &stored); err != nil {
			return err
		}
		n++
		count.Audit++
		computed, err := s.auditLink(link, e)
		if err != nil {
			return err
		}
		if e.ID != n || !bytes.Equal(computed, stored) {
			found(service.Mismatch{Kind: "audit", Object: fmt.Sprint(n), Detail: "entry was changed, removed or swapped"})
			return nil
		}
		link = stored
	}
	if n != want || n > 0 && !bytes.Equal(s.auditHead(n, link), head) {
		found(service.Mismatch{Kind: "audit", Object: fmt.Sprint(n + 1), Detail: "entries are missing at the end"})
	}
	return rows.Err()
}

func (s *Store) verifyRecordings(ctx context.Context, tx pgx.Tx, found func(service.Mismatch), count *service.VerifyCount) error {
	rows, err := tx.Query(ctx, recordingSealSQL+` WHERE status = 'sealed'`)
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		f, seal, err := scanRecordingForm(row)
		if err != nil {
			return struct{}{}, err
		}
		count.Recordings++
		computed, err := s.recordingSeal(f)
		if err == nil && !bytes.Equal(computed, seal) {
			found(service.Mismatch{Kind: "recording", Object: f.ID, Detail: "the recording's reference was changed (call " + f.Call + ")"})
		}
		return struct{}{}, err
	})
	return err
}
