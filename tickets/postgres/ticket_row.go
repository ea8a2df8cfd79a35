package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
)

// ticketRow is a ticket as the table holds it.
type ticketRow struct {
	ticket tickets.Ticket
	sealed sealedFields
	steps  int
	head   []byte
	seal   []byte

	ownerName, writerName, unitName string

	// Of a whole ticket only, see wholeColumns:
	files   []file
	digests map[string]string // of its parts as they were read, by name; see sum
	marks   map[string]string // beginnings of the digests, as the table holds them
}

// bodyFields are those that nobody searches by.
type bodyFields struct {
	External     tickets.ExternalRef `json:"external"`
	Gender       string              `json:"gender"`
	Kind         tickets.CallerKind  `json:"kind"`
	Company      string              `json:"company"`
	ContactSame  bool                `json:"contact_same"`
	Place        tickets.Place       `json:"place"`
	HappenedAt   string              `json:"happened_at"`
	ClassPath    []string            `json:"class_path"`
	NeedReply    bool                `json:"need_reply"`
	NeedFollowUp bool                `json:"need_follow_up"`
	Tags         []string            `json:"tags"`
	ReturnTo     tickets.State       `json:"return_to"`
	Missing      string              `json:"missing"`
	RefersTo     string              `json:"refers_to"`

	// Tickets sealed before these came have none of them: left out when empty, their seals hold.
	Routing      tickets.Routing   `json:"routing,omitzero"`
	PublicReply  string            `json:"public_reply,omitempty"`
	HardAt       time.Time         `json:"hard_at,omitzero"`
	Unreasonable bool              `json:"unreasonable,omitempty"`
	Reworks      int               `json:"reworks,omitempty"`
	Reopened     int               `json:"reopened,omitempty"`
	Notice       tickets.NoticeWay `json:"notice,omitempty"`
	ToldStage    time.Time         `json:"told_stage,omitzero"`
	RemindedAt   time.Time         `json:"reminded_at,omitzero"`
}

// sealedFields are personal, each encrypted.
type sealedFields struct {
	Name         string `json:"name,omitempty"`
	Number       string `json:"number,omitempty"`
	Contact      string `json:"contact,omitempty"`
	Email        string `json:"email,omitempty"`
	SubjectName  string `json:"subject_name,omitempty"`
	SubjectPhone string `json:"subject_phone,omitempty"`
	QueryCode    string `json:"query_code,omitempty"`
}

func bodyOf(t tickets.Ticket) bodyFields {
	t.Routing.Place = 0 // a column
	return bodyFields{
		External: t.External, Gender: t.Caller.Gender, Kind: t.Caller.Kind, Company: t.Caller.Company,
		ContactSame: t.Caller.ContactSame, Place: t.Place, HappenedAt: t.HappenedAt, ClassPath: t.ClassPath,
		NeedReply: t.NeedReply, NeedFollowUp: t.NeedFollowUp, Tags: t.Tags, ReturnTo: t.ReturnTo, Missing: t.Missing,
		RefersTo: t.RefersTo, Routing: t.Routing, PublicReply: t.PublicReply, HardAt: t.HardAt, Unreasonable: t.Unreasonable,
		Reworks: t.Reworks, Reopened: t.Reopened, Notice: t.Notice, ToldStage: t.ToldStage, RemindedAt: t.RemindedAt,
	}
}

func (b bodyFields) fill(t *tickets.Ticket) {
	t.External, t.Place, t.HappenedAt, t.ClassPath = b.External, b.Place, b.HappenedAt, b.ClassPath
	t.NeedReply, t.NeedFollowUp, t.Tags, t.ReturnTo, t.Missing, t.RefersTo = b.NeedReply, b.NeedFollowUp, b.Tags, b.ReturnTo, b.Missing, b.RefersTo
	t.Caller.Gender, t.Caller.Kind, t.Caller.Company, t.Caller.ContactSame = b.Gender, b.Kind, b.Company, b.ContactSame
	t.Routing, t.PublicReply, t.HardAt, t.Unreasonable = b.Routing, b.PublicReply, b.HardAt.UTC(), b.Unreasonable
	t.Reworks, t.Reopened, t.Notice = b.Reworks, b.Reopened, b.Notice
	t.ToldStage, t.RemindedAt = b.ToldStage.UTC(), b.RemindedAt.UTC()
}

// personal pairs each sealed field with its clear text.
func personal(t *tickets.Ticket, s *sealedFields) []struct {
	clear  *string
	phone  *privacy.Phone
	sealed *string
} {
	type pair = struct {
		clear  *string
		phone  *privacy.Phone
		sealed *string
	}
	return []pair{
		{clear: &t.Caller.Name, sealed: &s.Name},
		{phone: &t.Caller.Number, sealed: &s.Number},
		{phone: &t.Caller.Contact, sealed: &s.Contact},
		{clear: &t.Caller.Email, sealed: &s.Email},
		{clear: &t.Subject.Name, sealed: &s.SubjectName},
		{phone: &t.Subject.Phone, sealed: &s.SubjectPhone},
		{clear: &t.QueryCode, sealed: &s.QueryCode},
	}
}

// reseal encrypts the personal fields that differ from old; an unchanged one keeps its
// ciphertext and so its digest.
func (s *Store) reseal(t, old tickets.Ticket, oldSealed sealedFields) (sealedFields, error) {
	fresh := sealedFields{}
	before := personal(&old, &oldSealed)
	for i, p := range personal(&t, &fresh) {
		clear, was := text(p.clear, p.phone), text(before[i].clear, before[i].phone)
		if clear == was && (*before[i].sealed != "" || clear == "") {
			*p.sealed = *before[i].sealed
			continue
		}
		sealed, err := s.keys.Seal(clear)
		if err != nil {
			return fresh, err
		}
		*p.sealed = sealed
	}
	return fresh, nil
}

func text(clear *string, phone *privacy.Phone) string {
	if phone != nil {
		return phone.Clear()
	}
	return *clear
}

func (s *Store) open(t *tickets.Ticket, sealed sealedFields) error {
	for _, p := range personal(t, &sealed) {
		clear, err := s.keys.Open(*p.sealed)
		if err != nil {
			return fmt.Errorf("open ticket %s: %w", t.ID, err)
		}
		if p.phone != nil {
			*p.phone = privacy.Phone(clear)
		} else {
			*p.clear = clear
		}
	}
	return nil
}

// canonical is the one form of a ticket that seals are computed over. A personal field stands
// as the digest of its ciphertext, so that it can be erased and the chain still holds.
type canonical struct {
	ID          string            `json:"id"`
	Number      string            `json:"number"`
	State       tickets.State     `json:"state"`
	Version     int               `json:"version"`
	Round       int               `json:"round"`
	Type        tickets.Type      `json:"type"`
	Urgency     tickets.Urgency   `json:"urgency"`
	Source      tickets.Source    `json:"source"`
	Secret      bool              `json:"secret"`
	Class       string            `json:"class"`
	Unit        string            `json:"unit"`
	Writer      string            `json:"writer"`
	Owner       string            `json:"owner"`
	Title       string            `json:"title"`
	Content     string            `json:"content"`
	Answer      string            `json:"answer"`
	Result      tickets.Result    `json:"result"`
	Master      string            `json:"master"`
	DueAt       string            `json:"due_at"`
	CreatedAt   string            `json:"created_at"`
	UpdatedAt   string            `json:"updated_at"`
	SubmittedAt string            `json:"submitted_at"`
	ClosedAt    string            `json:"closed_at"`
	Body        bodyFields        `json:"body"`
	Personal    map[string]string `json:"personal"`
	Calls       []canonicalCall   `json:"calls"`

	StageAt    string            `json:"stage_at,omitempty"`
	StageDueAt string            `json:"stage_due_at,omitempty"`
	Place      int               `json:"place,omitempty"`
	Hard       bool              `json:"hard,omitempty"`
	Portfolio  string            `json:"portfolio,omitempty"`
	Parts      map[string]string `json:"parts,omitempty"` // digests of legs, requests, … and files
}

type canonicalCall struct {
	ID   calls.ID         `json:"id"`
	Role tickets.CallRole `json:"role"`
	At   string           `json:"at"`
}

// canonicalOf gives the form; parts are the digests of the ticket's parts.
func canonicalOf(t tickets.Ticket, sealed sealedFields, parts map[string]string) ([]byte, error) {
	c := canonical{
		ID: t.ID, Number: t.Number, State: t.State, Version: t.Version, Round: t.Round, Type: t.Type, Urgency: t.Urgency,
		Source: t.Source, Secret: t.Secret, Class: t.ClassID, Unit: t.Unit, Writer: t.Writer, Owner: t.Owner,
		Title: t.Title, Content: t.Content, Answer: t.Answer, Result: t.Result, Master: t.Master,
		DueAt: stamp(t.DueAt), CreatedAt: stamp(t.CreatedAt), UpdatedAt: stamp(t.UpdatedAt),
		SubmittedAt: stamp(t.SubmittedAt), ClosedAt: stamp(t.ClosedAt), Body: bodyOf(t), Personal: map[string]string{},
		StageAt: stamp(t.StageAt), StageDueAt: stamp(t.StageDueAt), Place: t.Routing.Place, Hard: t.Hard, Portfolio: t.Portfolio,
		Parts: parts,
	}
	raw, err := json.Marshal(sealed)
	if err != nil {
		return nil, err
	}
	var fields map[string]string
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	for name, value := range fields {
		c.Personal[name] = digest([]byte(value))
	}
	for _, ref := range t.Calls {
		c.Calls = append(c.Calls, canonicalCall{ID: ref.ID, Role: ref.Role, At: stamp(ref.At)})
	}
	return json.Marshal(c)
}

// stamp is a time as the database keeps it: UTC, whole microseconds.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

const ticketColumns = `t.id, coalesce(t.number, ''), t.state, t.version, t.round, t.type, t.urgency, t.source, t.secret, t.class,
	t.unit, t.writer, t.owner, t.title, t.content, t.answer, t.result, t.master, t.due_at, t.created_at, t.updated_at,
	t.submitted_at, t.closed_at, t.stage_at, t.stage_due_at, t.place, t.hard, t.portfolio, t.body, t.sealed, t.steps, t.head, t.seal,
	(SELECT coalesce(json_agg(json_build_object('id', c.call, 'role', c.role, 'at', c.at) ORDER BY c.at, c.call, c.role), '[]')
		FROM ticket_call c WHERE c.ticket = t.id),
	coalesce((SELECT person_name FROM account WHERE name = t.owner), ''),
	coalesce((SELECT person_name FROM account WHERE name = t.writer), ''),
	coalesce((SELECT name FROM unit WHERE id = t.unit), '')`

// wholeColumns reads a ticket with all its parts, in one statement. Lists leave the parts out.
var wholeColumns = func() string {
	list := ticketColumns + `, t.parts, ` + filesOfTicket
	for _, pt := range partTables {
		list += ", " + pt.sql()
	}
	return list
}()

type callRefJSON struct {
	ID   calls.ID         `json:"id"`
	Role tickets.CallRole `json:"role"`
	At   time.Time        `json:"at"`
}

// scanTicket reads ticketColumns without opening the personal fields; more are further columns.
func scanTicket(row pgx.Row, more ...any) (ticketRow, error) {
	var r ticketRow
	var body bodyFields
	var refs []callRefJSON
	var due, submitted, closed, stage, stageDue *time.Time
	var place int
	t := &r.ticket
	err := row.Scan(append([]any{
		&t.ID, &t.Number, &t.State, &t.Version, &t.Round, &t.Type, &t.Urgency, &t.Source, &t.Secret, &t.ClassID,
		&t.Unit, &t.Writer, &t.Owner, &t.Title, &t.Content, &t.Answer, &t.Result, &t.Master, &due, &t.CreatedAt, &t.UpdatedAt,
		&submitted, &closed, &stage, &stageDue, &place, &t.Hard, &t.Portfolio, &body, &r.sealed, &r.steps, &r.head, &r.seal, &refs,
		&r.ownerName, &r.writerName, &r.unitName,
	}, more...)...)
	if err != nil {
		return r, mapError(err)
	}
	t.CreatedAt, t.UpdatedAt = t.CreatedAt.UTC(), t.UpdatedAt.UTC()
	t.DueAt, t.SubmittedAt, t.ClosedAt = goTime(due), goTime(submitted), goTime(closed)
	t.StageAt, t.StageDueAt = goTime(stage), goTime(stageDue)
	body.fill(t)
	t.Routing.Place = place
	for _, ref := range refs {
		t.Calls = append(t.Calls, tickets.CallRef{ID: ref.ID, Role: ref.Role, At: ref.At.UTC()})
	}
	return r, nil
}

// scanWhole reads wholeColumns without opening the personal fields; further are columns after them.
func scanWhole(row pgx.Row, further ...any) (ticketRow, error) {
	var marks map[string]string
	var files []file
	rows := make([][]map[string]json.RawMessage, len(partTables))
	more := []any{&marks, &files}
	for i := range rows {
		more = append(more, &rows[i])
	}
	r, err := scanTicket(row, append(more, further...)...)
	if err != nil {
		return r, err
	}
	for i, pt := range partTables {
		if err := pt.decode(&r.ticket, rows[i]); err != nil {
			return r, err
		}
	}
	for i := range files {
		files[i].At = files[i].At.UTC()
	}
	r.files, r.marks = files, marks
	return r, nil
}

// sum computes the digests of the parts, which only a change and Verify need.
func (r *ticketRow) sum() error {
	parts, err := partsOf(&r.ticket, r.files)
	r.digests = parts.digests
	return err
}

// readTicket reads ticketColumns and opens the personal fields.
func (s *Store) readTicket(row pgx.Row) (ticketRow, error) {
	r, err := scanTicket(row)
	if err != nil {
		return r, err
	}
	return r, s.open(&r.ticket, r.sealed)
}

// readWhole reads wholeColumns and opens the personal fields.
func (s *Store) readWhole(row pgx.Row) (ticketRow, error) {
	r, err := scanWhole(row)
	if err != nil {
		return r, err
	}
	return r, s.open(&r.ticket, r.sealed)
}
