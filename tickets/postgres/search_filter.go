package postgres

import (
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

const (
	openLegs = `('to_sign', 'handling', 'delegated', 'to_compile', 'return_asked', 'with_leader')`
	leadLeg  = `SELECT FROM ticket_leg l WHERE l.ticket = t.id AND l.parent = 0 AND l.role = 'lead'`
	// runs is a leg whose clock runs.
	runs = ` AND l.suspended_at IS NULL AND l.due_at IS NOT NULL AND l.state IN ` + openLegs
)

// columns are the conditions on the ticket's own columns.
func (s *Store) columns(w *where, q service.SearchQuery) {
	states := q.States
	if len(states) == 0 && q.Open {
		for _, state := range tickets.OpenStates() {
			states = append(states, string(state))
		}
	}
	for column, values := range map[string][]string{
		"t.state": states, "t.type": q.Types, "t.urgency": q.Urgencies, "t.source": q.Sources, "t.result": q.Results, "t.class": q.Classes,
	} {
		switch len(values) {
		case 0:
		case 1:
			w.add(column+" = ?", values[0])
		default:
			w.add(column+" = ANY(?)", values)
		}
	}
	switch { // what is looked for by its words is no draft anyway
	case len(q.Words) > 0:
	case len(states) == 0:
		w.add("t.state NOT IN ('draft', 'discarded')")
	default:
		w.add("t.state <> 'draft'")
	}
	if q.NumberIs != "" {
		w.add("t.number >= ? AND t.number < ?", q.NumberIs, q.NumberIs+"~")
	}
	if q.PhoneNo != "" {
		idx := s.keys.Index(q.PhoneNo)
		w.add("(t.caller_idx = ? OR t.contact_idx = ?)", idx, idx)
		if q.HideSecret {
			w.add("NOT t.secret")
		}
	}
	if q.Mine {
		w.add("(t.owner = ? OR t.writer = ?)", q.Account, q.Account)
	}
	times(w, q)
	for _, flag := range q.Flags {
		switch flag {
		case service.FlagHard:
			w.add("t.hard")
		case service.FlagRework:
			w.add("t.round > 1")
		case service.FlagSecret:
			w.add("t.secret")
		}
	}
}

func times(w *where, q service.SearchQuery) {
	if !q.SubmittedFrom.IsZero() {
		w.add("t.submitted_at >= ?", q.SubmittedFrom)
	}
	if !q.SubmittedTo.IsZero() {
		w.add("t.submitted_at < ?", q.SubmittedTo)
	}
	if !q.ClosedFrom.IsZero() {
		w.add("t.closed_at >= ?", q.ClosedFrom)
	}
	if !q.ClosedTo.IsZero() {
		w.add("t.closed_at < ?", q.ClosedTo)
	}
	if !q.DueFrom.IsZero() {
		w.add("t.due_at >= ?", q.DueFrom)
	}
	if !q.DueTo.IsZero() {
		w.add("t.due_at < ?", q.DueTo)
	}
}

// parts are the conditions on the ticket's parts.
func (s *Store) parts(w *where, q service.SearchQuery) {
	exists := func(sql string, args ...any) { w.add("(EXISTS ("+sql+")) IS TRUE", args...) }
	if q.Scope != nil {
		exists("SELECT FROM ticket_leg l WHERE l.ticket = t.id AND l.unit = ANY(?)", q.Scope)
	}
	if q.InUnits != nil {
		exists("SELECT FROM ticket_leg l WHERE l.ticket = t.id AND l.unit = ANY(?)", q.InUnits)
	}
	const yellow = "l.due_at <= ? AND l.due_at - (l.due_at - l.began_at) * ?::float8 <= ?"
	switch tickets.Light(q.Light) {
	case tickets.Red:
		exists(leadLeg+runs+" AND l.due_at < ?", q.Now)
	case tickets.Yellow:
		exists(leadLeg+runs+" AND l.due_at >= ? AND "+yellow, q.Now, q.YellowBefore, q.YellowShare, q.Now)
	case tickets.Green:
		exists(leadLeg+runs+" AND l.due_at >= ? AND NOT ("+yellow+")", q.Now, q.YellowBefore, q.YellowShare, q.Now)
	}
	for _, flag := range q.Flags {
		switch flag {
		case service.FlagSupervised:
			exists("SELECT FROM ticket_supervision p WHERE p.ticket = t.id")
		case service.FlagUnreasonable:
			w.add("(t.body->>'unreasonable') = 'true'")
		case service.FlagOverdue:
			exists(leadLeg+" AND (l.replied_late OR l.suspended_at IS NULL AND l.due_at < ? AND l.state IN "+openLegs+")", q.Now)
		case service.FlagReturned:
			exists("SELECT FROM ticket_request r WHERE r.ticket = t.id AND r.kind = 'return' AND r.state = 'granted'")
		case service.FlagUrged:
			exists("SELECT FROM ticket_call c WHERE c.ticket = t.id AND c.role = 'urge'")
		}
	}
}
