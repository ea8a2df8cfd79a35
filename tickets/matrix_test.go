package tickets_test

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

//go:embed testdata/matrix.csv
var matrixFile string

// cell is one expectation of the matrix: in the state, the event by one of the roles leads to next.
type cell struct {
	row, next string
	roles     []string
}

// at names a cell: which machine, state, event and case.
type atCell struct{ machine, state, event, kase string }

// matrix is everything that moves; what is not in it is refused.
type matrix struct {
	cells map[atCell]cell
	rows  int
}

// anyCase of the file stands for all of them.
var requestCases = []string{
	"return", "extension", "suspension", "unreasonable", "appeal", "deliberation", "reopening", "void", "withdrawal", "at_limit", "extension below",
}

func readMatrix(t *testing.T) matrix {
	t.Helper()
	r := csv.NewReader(strings.NewReader(matrixFile))
	r.Comment = '#'
	lines, err := r.ReadAll()
	require.NoError(t, err)
	m := matrix{cells: map[atCell]cell{}}
	for _, l := range lines[1:] {
		cases := []string{l[6]}
		if l[6] == "*" {
			cases = requestCases
		}
		for _, state := range strings.Fields(l[2]) {
			next := l[5]
			if next == "=" {
				next = state
			}
			for _, kase := range cases {
				at := atCell{l[0], strings.TrimSuffix(state, "none"), l[3], kase}
				require.NotContains(t, m.cells, at, "listed twice")
				m.cells[at] = cell{row: l[1], next: next, roles: strings.Fields(l[4])}
			}
		}
		m.rows++
	}
	return m
}

var everyRole = func() []tickets.Role {
	roles := []tickets.Role{tickets.Citizen, tickets.System}
	for _, r := range tickets.Roles {
		roles = append(roles, tickets.Role(r.Code))
	}
	return roles
}()

func codes(terms []tickets.Term, more ...string) []string {
	list := slices.Clone(more)
	for _, t := range terms {
		list = append(list, t.Code)
	}
	return list
}

// machines are the four tables with the states and events whose cells are tried. Events of other
// tables have their own cells there.
var machines = map[string]struct {
	states []string
	ours   func(state, event string) bool
	cases  map[string][]string // of an event, tried in every state
}{
	"ticket": {codes(tickets.States, ""), func(state, e string) bool {
		return !slices.Contains(slices.Concat(legEvents, requestEvents, supervisionEvents), e) || e == "remind" && state == "supplement"
	}, map[string][]string{"grant": {"return", "suspension", "deliberation", "at_limit", "withdrawal", "void", "reopening"}}},
	"leg": {codes(tickets.LegStates, ""), func(_, e string) bool { return slices.Contains(legEvents, e) }, map[string][]string{
		"grant": {""}, "deny": {""}, "withdraw_request": {""},
	}},
	"request": {codes(tickets.RequestStates, ""), func(string, string) bool { return false }, map[string][]string{
		"grant": requestCases, "deny": requestCases, "withdraw_request": requestCases, "lapse_request": requestCases, "decision_overdue": requestCases,
	}},
	"supervision": {codes(tickets.SupervisionStates, ""), func(state, e string) bool {
		beginning := e == "instruct" || e == "supervise" || e == "visit_supervise"
		if state == "" {
			return beginning
		}
		return !beginning && slices.Contains(supervisionEvents, e) || e == "remind" || e == "stage_overdue"
	}, nil},
}

// The events by table, in the words of the API.
var (
	legEvents = []string{
		"view", "sign", "sign_overdue", "ask_return", "delegate", "recall_delegate", "add_delegate", "hand_back", "handle", "child_replied",
		"child_left", "send_back", "save_reply", "interim_reply", "to_leader", "leader_approve", "leader_return", "take_back", "report_reply",
		"ask_extension", "ask_suspension", "ask_unreasonable", "redo", "terminate", "archive_leg", "ask_appeal", "contact_citizen", "issue_card",
		"revoke_card", "due_soon", "past_due", "ring_duty", "recompute", "remind",
	}
	requestEvents     = []string{"grant", "deny", "withdraw_request", "lapse_request", "decision_overdue"}
	supervisionEvents = []string{
		"instruct", "supervise", "issue_supervise", "reply_supervise", "return_supervise", "keep_supervise", "release_supervise",
		"pass_supervise", "redo_supervise", "close_supervise",
	}
)

// refusedForGood are the codes of refusals that no better filled-in form would have prevented.
var refusedForGood = []string{
	tickets.RefusedState, tickets.RefusedRole, tickets.RefusedDecider, tickets.RefusedNotAsker, tickets.RefusedCard, tickets.RefusedFirstLevel,
	tickets.RefusedLowerLevel, tickets.RefusedSigned,
}

// faults runs every cell of the machines and tells what differs from the matrix, at most so many.
func (m matrix) faults(most int, only ...string) (found []string, tried, moved int) {
	for _, name := range []string{"ticket", "leg", "request", "supervision"} {
		if len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		machine := machines[name]
		for _, state := range machine.states {
			for _, e := range tickets.Events {
				for _, kase := range m.casesOf(name, state, e.Code, machine.ours, machine.cases) {
					for _, role := range everyRole {
						at := atCell{name, state, e.Code, kase}
						tried++
						got, fault := m.try(at, role)
						if got {
							moved++
						}
						if fault != "" {
							found = append(found, fmt.Sprintf("%v by %s: %s", at, role, fault))
						}
						if len(found) >= most {
							return found, tried, moved
						}
					}
				}
			}
		}
	}
	return found, tried, moved
}

func (m matrix) casesOf(name, state, event string, ours func(state, event string) bool, everywhere map[string][]string) []string {
	list := slices.Clone(everywhere[event])
	if ours(state, event) {
		list = append(list, "")
	}
	for at := range m.cells {
		if at.machine == name && at.state == state && at.event == event && !slices.Contains(list, at.kase) {
			list = append(list, at.kase)
		}
	}
	slices.Sort(list)
	return list
}

// try does one cell and says how it differs from what is expected.
func (m matrix) try(at atCell, role tickets.Role) (moved bool, fault string) {
	defer caught(&fault)
	want, listed := m.cells[at]
	listed = listed && slices.Contains(want.roles, string(role))
	s := sceneOf(at, role)
	before := clone(s.ticket)
	out, err := tickets.Apply(s.ticket, tickets.Event(at.event), s.actor, s.args, s.facts, now)
	if !reflect.DeepEqual(before, s.ticket) {
		return false, "the ticket that was given is changed"
	}
	shown := slices.ContainsFunc(tickets.Allowed(s.ticket, s.actor, s.facts), func(a tickets.Action) bool {
		return a.Name == tickets.Event(at.event) && s.about(a)
	})
	if err != nil {
		var r *tickets.Refusal
		switch {
		case !errors.As(err, &r):
			return false, err.Error()
		case listed:
			return false, "refused: " + r.Text()
		case r.Text() == r.Code:
			return false, "no Chinese text: " + r.Code
		case !slices.Contains(refusedForGood, r.Code):
			return false, "refused only because of " + r.Code
		case shown && at.state != "":
			return false, "a button shows it"
		}
		return false, ""
	}
	switch got := s.state(out.Ticket); {
	case !listed:
		return true, "moves to " + got
	case got != want.next:
		return true, fmt.Sprintf("moves to %s, not to %s (row %s)", got, want.next, want.row)
	case !shown && role != tickets.System && at.event != "view" && at.state != "":
		return true, "no button shows it"
	case len(out.Steps) == 0 && at.event != "save":
		return true, "no step tells of it"
	}
	return true, ""
}

func TestEveryCellOfTheMatrixMovesOrIsRefusedWithAReason(t *testing.T) {
	m := readMatrix(t)
	found, tried, moved := m.faults(40)
	require.Empty(t, found, strings.Join(found, "\n"))
	require.Greater(t, tried, 25000, "cells of the full matrix")
	require.Greater(t, moved, 450)
	t.Logf("%d rows, %d cells, of which %d move", m.rows, tried, moved)
}
