package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

// writer is a transaction that changes tickets; it implements service.Tx.
type writer struct {
	store   *Store
	tx      pgx.Tx
	locks   *locks
	pending *pending
}

// pending is what a change asked for that is written when its ticket is saved.
type pending struct {
	files map[string][]fileLink // by ticket
}

// locks are the tickets a transaction locks from its beginning, in the order of their ids, so
// that two transactions over the same tickets cannot wait for each other. Which they are shows
// in the first try: one that finds another ticket locked gives up and begins with both.
type locks struct {
	first []string
}

// errLocked is a further ticket that another transaction has locked.
var errLocked = errors.New("another ticket is locked")

var _ service.Tx = writer{}

// CreateTicket saves what fn returns as a new ticket with its first step.
func (s *Store) CreateTicket(ctx context.Context, fn func(context.Context, service.Tx) (tickets.Outcome, error)) (string, error) {
	var id string
	err := s.writeTx(ctx, nil, func(w writer) error {
		out, err := fn(ctx, w)
		if err != nil {
			return err
		}
		id = out.Ticket.ID
		return w.save(ctx, ticketRow{}, out)
	})
	if err != nil {
		return "", fmt.Errorf("create ticket: %w", mapError(err))
	}
	return id, nil
}

// UpdateTicket is the one write path of tickets; see service.TicketStore.
func (s *Store) UpdateTicket(ctx context.Context, id string, version int, fn func(context.Context, service.Tx, tickets.Ticket) (tickets.Outcome, error)) error {
	found, err := ticketID(ctx, s.pool, id)
	if err != nil {
		return fmt.Errorf("update ticket: %w", err)
	}
	err = s.writeTx(ctx, []string{found}, func(w writer) error {
		row, err := w.read(ctx, found)
		if err != nil {
			return err
		}
		if version != service.AnyVersion && row.ticket.Version != version {
			return service.ErrStale
		}
		out, err := fn(ctx, w, row.ticket)
		if err != nil {
			return err
		}
		return w.save(ctx, row, out)
	})
	if err != nil {
		return fmt.Errorf("update ticket: %w", err)
	}
	return nil
}

// writeTx runs fn in a transaction that has locked the tickets named, and again with those it
// met locked.
func (s *Store) writeTx(ctx context.Context, first []string, fn func(writer) error) error {
	held := &locks{first: first}
	for {
		known := len(held.first)
		err := s.inTx(ctx, func(tx pgx.Tx) error {
			w := writer{store: s, tx: tx, locks: held, pending: &pending{files: map[string][]fileLink{}}}
			_, err := tx.Exec(ctx, `SELECT 1 FROM ticket WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`, held.first)
			if err != nil {
				return err
			}
			return fn(w)
		})
		if !errors.Is(err, errLocked) || len(held.first) == known {
			return err
		}
	}
}

// isNumber tells a ticket number from a UUID.
func isNumber(id string) bool { return tickets.CheckNumber(id) == nil }

func ticketBy(id string) string {
	if isNumber(id) {
		return "t.number = $1"
	}
	return "t.id = $1"
}

// ticketID is the UUID of a ticket named by UUID or number.
func ticketID(ctx context.Context, db queryer, id string) (string, error) {
	if !isNumber(id) {
		if _, err := uuid.Parse(id); err != nil {
			return "", fmt.Errorf("ticket %q: %w", id, service.ErrNotFound)
		}
		return id, nil
	}
	var found string
	err := db.QueryRow(ctx, `SELECT t.id::text FROM ticket t WHERE t.number = $1`, id).Scan(&found)
	return found, mapError(err)
}

func (w writer) read(ctx context.Context, id string) (ticketRow, error) {
	row, err := w.store.readWhole(w.tx.QueryRow(ctx, `SELECT `+wholeColumns+` FROM ticket t WHERE t.id = $1`, id))
	if err != nil {
		return row, err
	}
	return row, row.sum()
}

// lock locks a further ticket and reads it. errLocked when another transaction has it.
func (w writer) lock(ctx context.Context, id string) (ticketRow, error) {
	found, err := ticketID(ctx, w.tx, id)
	if err != nil {
		return ticketRow{}, err
	}
	_, err = w.tx.Exec(ctx, `SELECT 1 FROM ticket WHERE id = $1 FOR UPDATE NOWAIT`, found)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "55P03" && !slices.Contains(w.locks.first, found) {
		w.locks.first = append(w.locks.first, found)
		return ticketRow{}, errLocked
	}
	if err != nil {
		return ticketRow{}, mapError(err)
	}
	return w.read(ctx, found)
}

// Other reads another ticket and keeps it from changing.
func (w writer) Other(ctx context.Context, id string) (tickets.Ticket, error) {
	row, err := w.lock(ctx, id)
	return row.ticket, err
}

// UpdateOther changes another ticket in the same transaction.
func (w writer) UpdateOther(ctx context.Context, id string, fn func(tickets.Ticket) (tickets.Outcome, error)) error {
	row, err := w.lock(ctx, id)
	if err != nil {
		return err
	}
	out, err := fn(row.ticket)
	if err != nil {
		return err
	}
	return w.save(ctx, row, out)
}

// save writes the outcome over the old row; an old row without an id is a new ticket. Of legs,
// requests and the like it writes those that changed.
func (w writer) save(ctx context.Context, old ticketRow, out tickets.Outcome) error {
	t := out.Ticket
	t.Version = old.ticket.Version + 1
	t.Calls = slices.Clone(t.Calls)
	wholeMicros(reflect.ValueOf(&t))
	sortCalls(t.Calls)
	sealed, err := w.store.reseal(t, old.ticket, old.sealed)
	if err != nil {
		return err
	}
	row := ticketRow{ticket: t, sealed: sealed, steps: old.steps, head: old.head, files: slices.Clone(old.files)}
	if err := row.link(w.pending.files[t.ID]); err != nil {
		return err
	}
	parts, err := partsOf(&t, row.files)
	if err != nil {
		return err
	}
	form, err := canonicalOf(t, sealed, parts.digests)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	steps, err := w.store.chain(&row, out.Steps, form)
	if err != nil {
		return err
	}
	row.digests, row.seal = parts.digests, w.store.rowSeal(row, form)
	w.store.queueRow(batch, row, old.ticket.ID == "")
	queueSteps(batch, steps)
	queueCalls(batch, t, old.ticket.Calls)
	queueParts(batch, row, parts, old.digests)
	queueNotices(batch, row, out)
	queueSearch(batch, t, old.ticket)
	whom := ""
	if t.State == tickets.Draft {
		whom = t.Owner
	}
	queueChange(batch, service.Change{Kind: "ticket", Ticket: t.ID, Version: t.Version, Account: whom, Units: unitsOf(t)})
	return w.tx.SendBatch(ctx, batch).Close()
}

// queueParts writes the parts whose digest is another than it was.
func queueParts(batch *pgx.Batch, row ticketRow, parts ticketParts, before map[string]string) {
	for _, pt := range partTables {
		for _, p := range parts.rows[pt.table] {
			if name := partName(pt.kind, p.n); parts.digests[name] != before[name] {
				batch.Queue(pt.upsert(), append([]any{row.ticket.ID, p.body}, p.columns...)...)
			}
		}
	}
	for _, f := range row.files {
		if name := "file " + f.ID; parts.digests[name] != before[name] {
			batch.Queue(`UPDATE ticket_file SET leg = $2 WHERE id = $1`, f.ID, f.Leg)
		}
	}
}

func sortCalls(refs []tickets.CallRef) {
	slices.SortFunc(refs, func(a, b tickets.CallRef) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		if c := strings.Compare(string(a.ID), string(b.ID)); c != 0 {
			return c
		}
		return strings.Compare(string(a.Role), string(b.Role))
	})
}

// rowSeal covers the ticket's fields and where its chain stands.
func (s *Store) rowSeal(row ticketRow, form []byte) []byte {
	return s.keys.Link(row.head, fmt.Appendf(nil, "row:%d:%s", row.steps, form))
}

// stepForm is the canonical form of a step: with the digest of the ticket as it was then.
type stepForm struct {
	Ticket    string `json:"ticket"`
	Seq       int    `json:"seq"`
	At        string `json:"at"`
	Actor     string `json:"actor"`
	ActorName string `json:"actor_name"`
	Unit      string `json:"unit"`
	Event     string `json:"event"`
	From      string `json:"from"`
	To        string `json:"to"`
	Opinion   string `json:"opinion"`
	Data      string `json:"data"`
	Version   int    `json:"version"`
	Snapshot  string `json:"snapshot"` // digest
}

func (s *Store) stepLink(previous []byte, f stepForm) ([]byte, error) {
	form, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return s.keys.Link(previous, form), nil
}

// chainedStep is a step ready to be written.
type chainedStep struct {
	form stepForm
	at   time.Time
	link []byte
}

// chain links the steps to the row's chain and moves its head.
func (s *Store) chain(row *ticketRow, steps []tickets.FlowStep, snapshot []byte) ([]chainedStep, error) {
	chained := make([]chainedStep, 0, len(steps))
	for _, step := range steps {
		data, err := json.Marshal(step.Data)
		if err != nil {
			return nil, err
		}
		f := stepForm{
			Ticket: row.ticket.ID, Seq: row.steps + 1, At: stamp(step.At), Actor: step.Actor, ActorName: step.ActorName,
			Unit: step.Unit, Event: string(step.Event), From: string(step.From), To: string(step.To), Opinion: step.Opinion,
			Data: string(data), Version: row.ticket.Version, Snapshot: digest(snapshot),
		}
		link, err := s.stepLink(row.head, f)
		if err != nil {
			return nil, err
		}
		chained = append(chained, chainedStep{f, step.At.UTC().Truncate(time.Microsecond), link})
		row.head = link
		row.steps++
	}
	return chained, nil
}

// flowColumns are the columns of a step's row, in the order of values.
var flowColumns = []string{
	"ticket", "seq", "at", "actor", "actor_name", "unit", "event", "from_state", "to_state", "opinion", "data", "version", "snapshot", "link",
}

func (s chainedStep) values() []any {
	f := s.form
	return []any{
		f.Ticket, f.Seq, s.at, f.Actor, f.ActorName, f.Unit, f.Event, f.From, f.To, f.Opinion, f.Data, f.Version, f.Snapshot, s.link,
	}
}

var insertStep = insertInto("ticket_flow", flowColumns)

func insertInto(table string, columns []string) string {
	places := make([]string, len(columns))
	for i := range columns {
		places[i] = "$" + strconv.Itoa(i+1)
	}
	return `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES (` + strings.Join(places, ", ") + `)`
}

func queueSteps(batch *pgx.Batch, steps []chainedStep) {
	for _, s := range steps {
		batch.Queue(insertStep, s.values()...)
	}
}

// rowColumns are the columns of a ticket's row, in the order of rowValues.
var rowColumns = []string{
	"id", "number", "state", "version", "round", "type", "urgency", "source", "secret", "class", "unit", "writer", "owner", "title",
	"content", "answer", "result", "master", "due_at", "created_at", "updated_at", "submitted_at", "closed_at", "stage_at",
	"stage_due_at", "place", "hard", "portfolio", "caller_idx", "contact_idx", "last4_idx", "body", "sealed", "code_digest",
	"parts", "steps", "head", "seal",
}

var insertRow = insertInto("ticket", rowColumns)

var updateRow = func() string {
	var sets []string
	for i, c := range rowColumns[1:] {
		sets = append(sets, c+" = $"+strconv.Itoa(i+2))
	}
	return `UPDATE ticket SET ` + strings.Join(sets, ", ") + ` WHERE id = $1`
}()

func (s *Store) rowValues(row ticketRow) []any {
	t := row.ticket
	var number *string
	var code []byte
	if t.Number != "" {
		number = &t.Number
	}
	if t.QueryCode != "" {
		code = s.keys.Digest("query_code", t.Number, t.QueryCode)
	}
	return []any{
		t.ID, number, t.State, t.Version, t.Round, t.Type, t.Urgency, t.Source, t.Secret, t.ClassID, t.Unit, t.Writer, t.Owner, t.Title,
		t.Content, t.Answer, t.Result, t.Master, nullTime(t.DueAt), t.CreatedAt, t.UpdatedAt, nullTime(t.SubmittedAt),
		nullTime(t.ClosedAt), nullTime(t.StageAt), nullTime(t.StageDueAt), t.Routing.Place, t.Hard, t.Portfolio,
		s.keys.Index(t.Caller.Number), s.keys.Index(t.Caller.Contact), s.keys.LastFourIndex(t.ID, t.Caller.Reach()), bodyOf(t),
		row.sealed, code, marksOf(row.digests), row.steps, row.head, row.seal,
	}
}

func (s *Store) queueRow(batch *pgx.Batch, row ticketRow, fresh bool) {
	sql := updateRow
	if fresh {
		sql = insertRow
	}
	batch.Queue(sql, s.rowValues(row)...)
}

func queueCalls(batch *pgx.Batch, t tickets.Ticket, before []tickets.CallRef) {
	for _, ref := range t.Calls {
		if slices.Contains(before, ref) {
			continue
		}
		batch.Queue(`INSERT INTO ticket_call (ticket, call, role, at) VALUES ($1,$2,$3,$4)`, t.ID, ref.ID, ref.Role, ref.At)
		queueChange(batch, service.Change{Kind: "call", Call: string(ref.ID), Ticket: t.ID, Units: unitsOf(t)})
	}
}

// NextNumber takes the next number of the day. The row's lock, held to the end of the
// transaction, keeps the numbers of a day without a gap.
func (w writer) NextNumber(ctx context.Context, day time.Time) (string, error) {
	var n int
	err := w.tx.QueryRow(ctx, `INSERT INTO ticket_day (day, last) VALUES ($1, 1)
		ON CONFLICT (day) DO UPDATE SET last = ticket_day.last + 1 RETURNING last`, day.Format(time.DateOnly)).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("take a ticket number: %w", err)
	}
	return tickets.NumberOf(day, n)
}

// CallOf tells what the account has to do with the call.
func (w writer) CallOf(ctx context.Context, call calls.ID, account string) (service.CallPart, error) {
	return w.store.callPart(ctx, w.tx, call, account)
}

// Remember keeps the key of a request with its ticket.
func (w writer) Remember(ctx context.Context, account, key, ticket string, at time.Time) error {
	_, err := w.tx.Exec(ctx, `INSERT INTO idempotency (account, key, ticket, at) VALUES ($1,$2,$3,$4)`, account, key, ticket, at)
	return err
}

// Meet notes what the ticket tells of the citizen; an empty field leaves what is known.
func (w writer) Meet(ctx context.Context, number privacy.Phone, c tickets.Caller, at time.Time) error {
	name, err := w.store.keys.Seal(c.Name)
	if err != nil {
		return err
	}
	sealed, err := w.store.keys.Seal(number.Clear())
	if err != nil {
		return err
	}
	_, err = w.tx.Exec(ctx, `INSERT INTO citizen (idx, number_sealed, name_sealed, gender, kind, company, first_seen, last_seen)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$7)
		ON CONFLICT (idx) DO UPDATE SET
			name_sealed = CASE WHEN excluded.name_sealed = '' THEN citizen.name_sealed ELSE excluded.name_sealed END,
			gender = CASE WHEN excluded.gender = '' THEN citizen.gender ELSE excluded.gender END,
			company = CASE WHEN excluded.company = '' THEN citizen.company ELSE excluded.company END,
			kind = excluded.kind,
			first_seen = least(citizen.first_seen, excluded.first_seen),
			last_seen = greatest(citizen.last_seen, excluded.last_seen)`,
		w.store.keys.Index(number), sealed, name, c.Gender, c.Kind, c.Company, at)
	return err
}

// RecallAct finds the ticket of an earlier request with the same key.
func (s *Store) RecallAct(ctx context.Context, account, key string) (string, error) {
	var ticket string
	err := s.pool.QueryRow(ctx, `SELECT ticket::text FROM idempotency WHERE account = $1 AND key = $2`, account, key).Scan(&ticket)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("recall request: %w", err)
	}
	return ticket, mapError(err)
}

// Keys of requests are kept this long; a client repeats within seconds.
const keepKeys = 48 * time.Hour

// Sweep removes what is kept for a while only: keys of requests, outbox rows, counters of
// progress queries. Call it now and then.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	for sql, before := range map[string]time.Time{
		`DELETE FROM idempotency WHERE at < $1`:   now.Add(-keepKeys),
		`DELETE FROM desk_event WHERE at < $1`:    now.Add(-keepChanges),
		`DELETE FROM progress_try WHERE day < $1`: now.Add(-keepKeys),
	} {
		if _, err := s.pool.Exec(ctx, sql, before); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}
