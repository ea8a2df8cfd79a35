package tickets_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

var now = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

// ends are the states that nothing leads out of, by machine; byTimerOnly those that by intent no
// person leaves: what happens to the ticket takes such a leg along.
var (
	ends = map[string][]string{
		"ticket": {"archived"}, "leg": {"archived"}, "request": {"granted", "denied", "withdrawn", "lapsed"}, "supervision": {"closed", "released"},
	}
	byTimerOnly = map[string][]string{"leg": {"replied", "left", "terminated"}}
)

// defects tells what is wrong with the form of the four tables.
func defects() []string {
	return slices.Concat(
		defectsOf("ticket", tickets.Transitions, tickets.States),
		defectsOf("leg", tickets.LegTransitions, tickets.LegStates),
		defectsOf("request", tickets.RequestTransitions, tickets.RequestStates),
		defectsOf("supervision", tickets.SupervisionTransitions, tickets.SupervisionStates),
	)
}

func defectsOf[S ~string](name string, rows []tickets.TransitionOf[S], states []tickets.Term) []string {
	var found []string
	left, leftByPerson, reached := map[S]bool{}, map[S]bool{}, map[S]bool{}
	for _, r := range rows {
		row := fmt.Sprintf("%s row %d %s", name, r.Row, r.Event)
		switch {
		case len(r.From) == 0 || len(r.Who) == 0 || (len(r.Next) == 0) != r.Stays:
			found = append(found, row+": incomplete")
			continue
		case r.Event.Label() == string(r.Event):
			found = append(found, row+": no words for the event")
		case (r.Choose != nil) != (len(r.Next) > 1):
			found = append(found, row+": one next state wants no choice, more want one")
		}
		person := slices.ContainsFunc(r.Who, func(w tickets.Role) bool { return w != tickets.System })
		for _, from := range r.From {
			for _, to := range r.Targets(from) {
				if from != to {
					left[from], reached[to] = true, true
					leftByPerson[from] = leftByPerson[from] || person
				}
			}
		}
	}
	for _, term := range states {
		s := S(term.Code)
		end := slices.Contains(ends[name], term.Code)
		switch {
		case left[s] == end:
			found = append(found, fmt.Sprintf("%s %s: way out %v", name, s, left[s]))
		case !reached[s]:
			found = append(found, fmt.Sprintf("%s %s: nothing leads to it", name, s))
		case !end && leftByPerson[s] == slices.Contains(byTimerOnly[name], term.Code):
			found = append(found, fmt.Sprintf("%s %s: left by people %v", name, s, leftByPerson[s]))
		}
	}
	return found
}

func TestEveryStateIsReachedAndLeftByPeople(t *testing.T) {
	require.Empty(t, defects())
}

func TestNoEventBelongsToTwoMachines(t *testing.T) {
	for _, r := range tickets.RequestTransitions {
		if r.From[0] == tickets.NoRequest {
			continue
		}
		require.Contains(t, requestEvents, string(r.Event))
	}
	for _, r := range tickets.LegTransitions {
		if r.From[0] != tickets.NoLeg && !slices.Contains(requestEvents, string(r.Event)) {
			require.Contains(t, legEvents, string(r.Event))
		}
	}
}

func TestEveryButtonHasAtMostOnePrimary(t *testing.T) {
	for _, state := range codes(tickets.States) {
		for _, role := range everyRole {
			primary := 0
			for _, a := range tickets.Allowed(ticketIn(tickets.State(state)), tickets.Actor{Account: "8001", Unit: "xxb", Roles: []tickets.Role{role}}, tickets.Facts{}) {
				require.NotEqual(t, string(a.Name), a.Label)
				if a.Primary {
					primary++
				}
			}
			require.LessOrEqual(t, primary, 1, "%s by %s", state, role)
		}
	}
}

// goodTicket passes every guard of rows 1 to 12 for the event; taking wants one in the pool.
func goodTicket(state tickets.State, event tickets.Event) tickets.Ticket {
	t := ticketIn(state)
	if event == tickets.Take {
		t.Owner = ""
	}
	return t
}

func goodArgs(event tickets.Event) (tickets.Args, tickets.Facts) {
	s := sceneOf(atCell{machine: "ticket", event: string(event)}, tickets.Agent)
	s.facts.Rules = tickets.Rules{}
	return s.args, s.facts
}
