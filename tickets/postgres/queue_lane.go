package postgres

import (
	"regexp"
	"strings"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// lane says in SQL where the rows of a queue come from. States stand in it as they are, not as
// arguments: the partial indexes on open rows are found by them.
type lane struct {
	from   string // the table whose rows lie in the queue
	join   string // what joins the ticket t and others to it
	id     string // of the ticket
	n      string // number of the part; of a ticket, the rank of equal limits
	holds  string // what lies in the queue
	at     string // when it came in
	due    string
	began  string // when the limit began to run
	runs   string // whether its clock runs; empty: always
	unit   string // whose it is
	mine   string // the asker's, with ? for the account; empty: nobody's
	unread string
	newest bool // the newest first, where nothing is due
	part   string
}

const (
	openLeg         = "l.state IN ('to_sign', 'handling', 'delegated', 'to_compile', 'return_asked', 'with_leader')"
	openSupervision = "s.state IN ('filed', 'issued', 'return_asked', 'to_review', 'done')"
)

func ticketLane(holds string) lane {
	return lane{
		from: "ticket t", id: "t.id", n: "-t.place", holds: holds, at: "coalesce(t.stage_at, t.created_at)", due: "t.stage_due_at",
		began: "t.stage_at", unit: "t.unit", mine: "t.owner = ?", unread: "false",
	}
}

func legLane(holds string) lane {
	return lane{
		from: "ticket_leg l", join: " JOIN ticket t ON t.id = l.ticket", id: "l.ticket", n: "l.n", holds: holds, at: "l.sent_at",
		due: "l.due_at", began: "l.began_at", runs: "l.suspended_at IS NULL", unit: "l.unit", mine: "l.clerk = ?",
		unread: "(l.state = 'to_sign' AND l.first_viewed_at IS NULL)", part: "leg",
	}
}

func requestLane(holds string) lane {
	return lane{
		from: "ticket_request r LEFT JOIN ticket_leg l ON l.ticket = r.ticket AND l.n = r.leg", join: " JOIN ticket t ON t.id = r.ticket",
		id: "r.ticket", n: "r.n", holds: "r.state = 'open' AND " + holds, at: "r.asked_at", due: "r.decide_due_at", began: "r.asked_at",
		unit: "r.asked_unit", unread: "false", part: "request",
	}
}

func supervisionLane(holds string) lane {
	return lane{
		from: "ticket_supervision s", join: " JOIN ticket t ON t.id = s.ticket", id: "s.ticket", n: "s.n", holds: holds, at: "s.filed_at",
		due: "s.due_at", began: "coalesce(s.issued_at, s.filed_at)", unit: "s.unit", unread: "false", part: "supervision",
	}
}

// latest shows the newest first by the column; nothing is due any more.
func (l lane) latest(column string) lane {
	l.newest, l.at, l.due, l.began, l.unread = true, column, "NULL::timestamptz", "NULL::timestamptz", "false"
	return l
}

// receivedLane has the intake limit, which is the ticket's deadline while it lies there.
func receivedLane() lane {
	l := ticketLane("t.state = 'received'")
	l.at, l.due, l.began = "t.created_at", "t.due_at", "t.created_at"
	return l
}

// suspendedLane has the date of the next report.
func suspendedLane() lane {
	l := ticketLane("t.state = 'suspended'")
	l.due = "t.due_at"
	return l
}

// decideLane is of the unit above the one that asks.
func decideLane() lane {
	l := requestLane("l.parent > 0")
	l.from += " JOIN ticket_leg p ON p.ticket = r.ticket AND p.n = l.parent"
	l.unit = "p.unit"
	return l
}

func cardLane() lane {
	return lane{
		from: "ticket_card c", join: " JOIN ticket t ON t.id = c.ticket", id: "c.ticket", n: "c.n", holds: "true", unit: "c.unit", part: "card",
	}.latest("c.issued_at")
}

// doneLane looks at the ticket of the latest only: with its archive the leg says so itself.
func doneLane() lane {
	l := legLane("true").latest("l.replied_at")
	l.from = `(SELECT l.* FROM ticket_leg l WHERE l.state = 'archived' AND l.replied_at IS NOT NULL
		UNION ALL SELECT l.* FROM ticket_leg l JOIN ticket c ON c.id = l.ticket
			WHERE l.state = 'replied' AND c.state IN ('closed', 'archived')) AS l`
	return l
}

// lanes are what lies in each queue; laneFor adds what needs an argument.
var lanes = map[service.DeskQueue]lane{
	service.QueueReceived:      receivedLane(),
	service.QueueSuspended:     suspendedLane(),
	service.QueueUnitDecide:    decideLane(),
	service.QueueUnitCards:     cardLane(),
	service.QueueToDispatch:    ticketLane("t.state = 'to_dispatch'"),
	service.QueueReturned:      ticketLane("t.state = 'to_dispatch' AND EXISTS (SELECT 1 FROM ticket_leg x WHERE x.ticket = t.id AND x.state = 'left')"),
	service.QueueReview:        ticketLane("t.state = 'under_review'"),
	service.QueueFollowUp:      ticketLane("t.state = 'to_follow_up'"),
	service.QueueDeliberation:  ticketLane("t.state = 'deliberation'"),
	service.QueueSupplement:    ticketLane("t.state = 'supplement'"),
	service.QueueSupervisions:  supervisionLane(openSupervision),
	service.QueueUnitSupervise: supervisionLane(openSupervision + " AND s.state <> 'filed'"),
	service.QueueDecisions:     requestLane("coalesce(l.parent, 0) = 0"),
	service.QueueUnitInbox:     legLane("l.state IN ('to_sign', 'handling', 'return_asked', 'with_leader')"),
	service.QueueUnitBelow:     legLane("l.state = 'delegated'"),
	service.QueueUnitCompile:   legLane("l.state = 'to_compile'"),
	service.QueueUnitApprove:   legLane("l.state = 'with_leader'"),
	service.QueueUnitSent:      legLane("l.state = 'replied' AND t.state IN ('dispatched', 'under_review', 'to_follow_up', 'suspended', 'deliberation')").latest("l.replied_at"),
	service.QueueUnitDone:      doneLane(),
	service.QueueOverdue:       legLane(openLeg),
	service.QueueDueSoon:       legLane(openLeg),
}

// laneFor is the queue's lane with the conditions of the filter and the asker's scope.
func (s *Store) laneFor(q service.QueueQuery) (lane, where) {
	l := lanes[q.Queue]
	var w where
	if l.from == "" {
		l = ticketLane("false")
	}
	w.add(l.holds)
	switch q.Queue {
	case service.QueueReceived, service.QueueToDispatch, service.QueueReturned, service.QueueReview, service.QueueFollowUp:
		w.add("t.owner IN ('', ?)", q.Account)
	case service.QueueSupplement:
		w.add("(t.owner = ? OR t.owner = '' AND t.writer = ?)", q.Account, q.Account)
	case service.QueueDecisions:
		w.add("r.kind = ANY(?)", q.Kinds)
	case service.QueueOverdue:
		w.add(l.light(&w, tickets.Red, q))
	case service.QueueDueSoon:
		w.add(l.light(&w, tickets.Yellow, q))
	}
	switch {
	case q.Units != nil:
		w.add(l.unit+" = ANY(?)", q.Units)
	case q.Queue == service.QueueOverdue || q.Queue == service.QueueDueSoon:
		w.add("l.parent = 0") // what a unit below owes is its unit's matter
	}
	s.narrow(&w, l, q)
	return l, w
}

// narrow adds the filter's conditions.
func (s *Store) narrow(w *where, l lane, q service.QueueQuery) {
	for column, value := range map[string]string{"t.type": string(q.Type), "t.urgency": string(q.Urgency), l.unit: q.Unit} {
		if value != "" {
			w.add(column+" = ?", value)
		}
	}
	if q.Class != "" {
		w.add(`t.class IN (WITH RECURSIVE below AS (SELECT id FROM class WHERE id = ?
			UNION ALL SELECT c.id FROM class c JOIN below ON c.parent = below.id) SELECT id FROM below)`, q.Class)
	}
	if q.Light != tickets.NoLight {
		w.add(l.light(w, q.Light, q))
	}
	if q.Mine && l.mine != "" {
		w.add(l.mine, q.Account)
	}
	if q.Unsigned && l.part == "leg" {
		w.add("l.state = 'to_sign'")
	}
	for _, word := range strings.Fields(q.Query) {
		searchWord(w, word)
	}
}

// light is the condition that the row's light is the colour.
func (l lane) light(w *where, colour tickets.Light, q service.QueueQuery) string {
	condition := "false"
	switch colour {
	case tickets.Red:
		condition = w.bind(l.due+" < ?", q.Now)
	case tickets.Yellow:
		condition = w.bind(l.due+" >= ? AND "+l.due+" <= ? AND "+l.due+" - ("+l.due+" - "+l.began+") * ?::float8 <= ?",
			q.Now, q.YellowBefore, q.YellowShare, q.Now)
	case tickets.Green:
		condition = l.due + " IS NOT NULL AND NOT (" + l.light(w, tickets.Red, q) + ") AND NOT (" + l.light(w, tickets.Yellow, q) + ")"
	}
	if l.runs != "" {
		condition = l.runs + " AND " + condition
	}
	return "(" + condition + ")"
}

// numbers are the columns that name the part of the ticket.
func (l lane) numbers() string {
	var columns []string
	for _, part := range []string{"leg", "request", "supervision", "card"} {
		n := "0"
		if part == l.part {
			n = l.n
		}
		columns = append(columns, n+" AS "+part)
	}
	return strings.Join(columns, ", ")
}

// order is what the rows are ordered by.
func (l lane) order(sort string) (column string, descending bool) {
	switch {
	case sort == "newest":
		return "t.created_at", true
	case sort == "sent" || l.newest:
		return l.at, true
	}
	return l.due, false
}

// ofTicket finds a column of the ticket in a condition.
var ofTicket = regexp.MustCompile(`\bt\.`)

// counted is where rows are counted from: without the ticket, unless a condition is about it.
func (l lane) counted(w where, more ...string) string {
	if ofTicket.MatchString(w.String() + " " + strings.Join(more, " ")) {
		return l.from + l.join
	}
	return l.from
}
