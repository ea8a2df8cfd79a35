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
	return bodyFields{
		External: t.External, Gender: t.Caller.Gender, Kind: t.Caller.Kind, Company: t.Caller.Company,
		ContactSame: t.Caller.ContactSame, Place: t.Place, HappenedAt: t.HappenedAt, ClassPath: t.ClassPath,
		NeedReply: t.NeedReply, NeedFollowUp: t.NeedFollowUp, Tags: t.Tags, ReturnTo: t.ReturnTo, Missing: t.Missing,
		RefersTo: t.RefersTo,
	}
}

func (b bodyFields) fill(t *tickets.Ticket) {
	t.External, t.Place, t.HappenedAt, t.ClassPath = b.External, b.Place, b.HappenedAt, b.ClassPath
	t.NeedReply, t.NeedFollowUp, t.Tags, t.ReturnTo, t.Missing, t.RefersTo = b.NeedReply, b.NeedFollowUp, b.Tags, b.ReturnTo, b.Missing, b.RefersTo
	t.Caller.Gender, t.Caller.Kind, t.Caller.Company, t.Caller.ContactSame = b.Gender, b.Kind, b.Company, b.ContactSame
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
}

type canonicalCall struct {
	ID   calls.ID         `json:"id"`
	Role tickets.CallRole `json:"role"`
	At   string           `json:"at"`
}

func canonicalOf(t tickets.Ticket, sealed sealedFields) ([]byte, error) {
	c := canonical{
		ID: t.ID, Number: t.Number, State: t.State, Version: t.Version, Round: t.Round, Type: t.Type, Urgency: t.Urgency,
		Source: t.Source, Secret: t.Secret, Class: t.ClassID, Unit: t.Unit, Writer: t.Writer, Owner: t.Owner,
		Title: t.Title, Content: t.Content, Answer: t.Answer, Result: t.Result, Master: t.Master,
		DueAt: stamp(t.DueAt), CreatedAt: stamp(t.CreatedAt), UpdatedAt: stamp(t.UpdatedAt),
		SubmittedAt: stamp(t.SubmittedAt), ClosedAt: stamp(t.ClosedAt), Body: bodyOf(t), Personal: map[string]string{},
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
	t.submitted_at, t.closed_at, t.body, t.sealed, t.steps, t.head, t.seal,
	(SELECT coalesce(json_agg(json_build_object('id', c.call, 'role', c.role, 'at', c.at) ORDER BY c.at, c.call, c.role), '[]')
		FROM ticket_call c WHERE c.ticket = t.id),
	coalesce((SELECT person_name FROM account WHERE name = t.owner), ''),
	coalesce((SELECT person_name FROM account WHERE name = t.writer), ''),
	coalesce((SELECT name FROM unit WHERE id = t.unit), '')`

type callRefJSON struct {
	ID   calls.ID         `json:"id"`
	Role tickets.CallRole `json:"role"`
	At   time.Time        `json:"at"`
}

// scanTicket reads ticketColumns without opening the personal fields.
func scanTicket(row pgx.Row) (ticketRow, error) {
	var r ticketRow
	var body bodyFields
	var refs []callRefJSON
	var due, submitted, closed *time.Time
	t := &r.ticket
	err := row.Scan(&t.ID, &t.Number, &t.State, &t.Version, &t.Round, &t.Type, &t.Urgency, &t.Source, &t.Secret, &t.ClassID,
		&t.Unit, &t.Writer, &t.Owner, &t.Title, &t.Content, &t.Answer, &t.Result, &t.Master, &due, &t.CreatedAt, &t.UpdatedAt,
		&submitted, &closed, &body, &r.sealed, &r.steps, &r.head, &r.seal, &refs, &r.ownerName, &r.writerName, &r.unitName)
	if err != nil {
		return r, mapError(err)
	}
	t.CreatedAt, t.UpdatedAt = t.CreatedAt.UTC(), t.UpdatedAt.UTC()
	t.DueAt, t.SubmittedAt, t.ClosedAt = goTime(due), goTime(submitted), goTime(closed)
	body.fill(t)
	for _, ref := range refs {
		t.Calls = append(t.Calls, tickets.CallRef{ID: ref.ID, Role: ref.Role, At: ref.At.UTC()})
	}
	return r, nil
}

// readTicket reads ticketColumns and opens the personal fields.
func (s *Store) readTicket(row pgx.Row) (ticketRow, error) {
	r, err := scanTicket(row)
	if err != nil {
		return r, err
	}
	return r, s.open(&r.ticket, r.sealed)
}
