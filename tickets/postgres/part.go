package postgres

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/open12345/hotline/tickets"
)

// partTable keeps one kind of a ticket's parts: legs, requests and so on. A row has the columns
// that queries look at and the rest of the part in body; read back, both are one JSON object
// with the names of the part's fields in snake case.
type partTable struct {
	table   string
	kind    string // as Verify names it
	columns []string
	in      func(*tickets.Ticket) any // the ticket's slice of these parts
}

var partTables = []partTable{
	{
		"ticket_leg", "leg",
		[]string{
			"n", "unit", "role", "parent", "level", "state", "round", "clerk", "sent_at", "first_viewed_at", "signed_at", "sign_due_at",
			"due_at", "began_at", "suspended_at", "replied_at", "ended_at", "signed_late", "replied_late", "excluded",
		},
		func(t *tickets.Ticket) any { return &t.Legs },
	},
	{
		"ticket_request", "request",
		[]string{"n", "kind", "state", "leg", "asked_unit", "asked_at", "decide_due_at", "decided_at"},
		func(t *tickets.Ticket) any { return &t.Requests },
	},
	{
		"ticket_supervision", "supervision",
		[]string{"n", "kind", "state", "unit", "due_at", "filed_at", "issued_at", "closed_at"},
		func(t *tickets.Ticket) any { return &t.Supervisions },
	},
	{
		"ticket_card", "card",
		[]string{"n", "kind", "leg", "unit", "issued_at", "revoked_at"},
		func(t *tickets.Ticket) any { return &t.Cards },
	},
	{
		"ticket_visit", "visit",
		[]string{"n", "round", "at", "reached", "contacted", "solved", "result"},
		func(t *tickets.Ticket) any { return &t.Visits },
	},
}

// part is one row of a partTable.
type part struct {
	n       int
	columns []any
	body    []byte
	form    []byte // the part's fields that are not zero, by name: what its digest is made of
}

// partsOf gives the rows of the ticket's parts of the kind.
func (pt partTable) partsOf(t *tickets.Ticket) ([]part, error) {
	list := reflect.ValueOf(pt.in(t)).Elem()
	parts := make([]part, list.Len())
	for i := range parts {
		var err error
		if parts[i], err = pt.encode(list.Index(i)); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func (pt partTable) encode(v reflect.Value) (part, error) {
	p := part{columns: make([]any, len(pt.columns))}
	form, body := []byte{'{'}, []byte{'{'}
	for _, f := range fieldsOf(v.Type()) {
		field := v.Field(f.index)
		column := slices.Index(pt.columns, f.name)
		if column >= 0 {
			p.columns[column] = columnValue(field)
		}
		if f.name == "n" {
			p.n = int(field.Int())
		}
		if field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0 {
			continue
		}
		value, err := json.Marshal(field.Interface())
		if err != nil {
			return p, err
		}
		form = appendMember(form, f.name, value)
		if column < 0 {
			body = appendMember(body, f.name, value)
		}
	}
	form, body = append(form, '}'), append(body, '}')
	p.form, p.body = form, body
	return p, nil
}

func appendMember(object []byte, name string, value []byte) []byte {
	if len(object) > 1 {
		object = append(object, ',')
	}
	object = append(object, '"')
	object = append(object, name...)
	object = append(object, '"', ':')
	return append(object, value...)
}

func columnValue(v reflect.Value) any {
	if at, ok := v.Interface().(time.Time); ok {
		return nullTime(at)
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	}
	return v.Int()
}

// decode fills the ticket's parts of the kind from the rows' JSON objects.
func (pt partTable) decode(t *tickets.Ticket, rows []map[string]json.RawMessage) error {
	if len(rows) == 0 {
		return nil
	}
	list := reflect.ValueOf(pt.in(t)).Elem()
	made := reflect.MakeSlice(list.Type(), len(rows), len(rows))
	for i, row := range rows {
		v := made.Index(i)
		for _, f := range fieldsOf(v.Type()) {
			raw, ok := row[f.name]
			if !ok {
				continue
			}
			if err := json.Unmarshal(raw, v.Field(f.index).Addr().Interface()); err != nil {
				return fmt.Errorf("read %s of ticket %s: %w", pt.kind, t.ID, err)
			}
		}
	}
	wholeMicros(made)
	list.Set(made)
	return nil
}

// ticketParts are all parts of a ticket.
type ticketParts struct {
	rows    map[string][]part // by table
	digests map[string]string // by name, such as "leg 2"
}

func partsOf(t *tickets.Ticket, files []file) (ticketParts, error) {
	all := ticketParts{rows: map[string][]part{}, digests: map[string]string{}}
	for _, pt := range partTables {
		rows, err := pt.partsOf(t)
		if err != nil {
			return all, fmt.Errorf("%ss of ticket %s: %w", pt.kind, t.ID, err)
		}
		all.rows[pt.table] = rows
		for _, p := range rows {
			all.digests[partName(pt.kind, p.n)] = digest(p.form)
		}
	}
	for _, f := range files {
		form, err := json.Marshal(f)
		if err != nil {
			return all, err
		}
		all.digests["file "+f.ID] = digest(form)
	}
	return all, nil
}

func partName(kind string, n int) string { return kind + " " + strconv.Itoa(n) }

// markLength is how much of a digest a mark holds: it only has to name what was changed, the
// seal proves it.
const markLength = 16

// marksOf are the beginnings of the digests.
func marksOf(digests map[string]string) map[string]string {
	marks := make(map[string]string, len(digests))
	for name, d := range digests {
		marks[name] = d[:markLength]
	}
	return marks
}

// sql reads the parts of ticket t.id as a JSON array.
func (pt partTable) sql() string {
	return `(SELECT json_agg(to_jsonb(p) - 'ticket' - 'body' || p.body ORDER BY p.n) FROM ` + pt.table + ` p WHERE p.ticket = t.id)`
}

// upsert writes one part: ticket, body and the columns.
func (pt partTable) upsert() string {
	var names, places, sets strings.Builder
	for i, c := range pt.columns {
		fmt.Fprintf(&names, ", %s", c)
		fmt.Fprintf(&places, ", $%d", i+3)
		if c != "n" {
			fmt.Fprintf(&sets, ", %s = excluded.%s", c, c)
		}
	}
	return `INSERT INTO ` + pt.table + ` (ticket, body` + names.String() + `) VALUES ($1, $2` + places.String() + `)
		ON CONFLICT (ticket, n) DO UPDATE SET body = excluded.body` + sets.String()
}

// partField is a field of a part with its name in the database.
type partField struct {
	name  string
	index int
}

// partFields holds the fields of each kind of part, by name.
var partFields = func() map[reflect.Type][]partField {
	known := map[reflect.Type][]partField{}
	for _, pt := range partTables {
		t := reflect.TypeOf(pt.in(&tickets.Ticket{})).Elem().Elem()
		for i := range t.NumField() {
			known[t] = append(known[t], partField{snake(t.Field(i).Name), i})
		}
		slices.SortFunc(known[t], func(a, b partField) int { return strings.Compare(a.name, b.name) })
	}
	return known
}()

func fieldsOf(t reflect.Type) []partField { return partFields[t] }

// snake turns FirstViewedAt into first_viewed_at.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

var timeType = reflect.TypeFor[time.Time]()

// wholeMicros brings every time in v to what the database keeps: UTC, whole microseconds.
func wholeMicros(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			wholeMicros(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			wholeMicros(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == timeType {
			at := v.Interface().(time.Time)
			if !at.IsZero() {
				at = at.UTC().Truncate(time.Microsecond)
			} else {
				at = time.Time{}
			}
			v.Set(reflect.ValueOf(at))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				wholeMicros(v.Field(i))
			}
		}
	}
}
