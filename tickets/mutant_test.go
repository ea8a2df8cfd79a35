package tickets_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

// mutant is one cell of one table gone wrong.
type mutant struct {
	name    string
	machine string
	spoil   func()
}

// unguarded takes a guard away and leaves the original be.
func unguarded(list []tickets.Guard, name string) []tickets.Guard {
	return slices.DeleteFunc(slices.Clone(list), func(g tickets.Guard) bool { return g.Name == name })
}

// spoilt changes the one row of the event that starts in the state.
func spoilt[S ~string](rows *[]tickets.TransitionOf[S], event tickets.Event, from S, change func(*tickets.TransitionOf[S])) func() {
	return func() {
		*rows = slices.Clone(*rows)
		i := slices.IndexFunc(*rows, func(r tickets.TransitionOf[S]) bool { return r.Event == event && slices.Contains(r.From, from) })
		change(&(*rows)[i])
	}
}

var mutants = []mutant{
	{"a dispatcher can't dispatch", "ticket", spoilt(&tickets.Transitions, tickets.Dispatch, tickets.ToDispatch,
		func(r *tickets.Transition) { r.Who = []tickets.Role{tickets.Office} })},
	{"an agent dispatches from the pool", "ticket", spoilt(&tickets.Transitions, tickets.Dispatch, tickets.ToDispatch,
		func(r *tickets.Transition) { r.Who = append(slices.Clone(r.Who), tickets.Agent) })},
	{"a refused ticket is closed", "ticket", spoilt(&tickets.Transitions, tickets.Refuse, tickets.ToDispatch,
		func(r *tickets.Transition) { r.Next = []tickets.State{tickets.Closed} })},
	{"a recalled ticket goes back to 待受理", "ticket", spoilt(&tickets.Transitions, tickets.Recall, tickets.Dispatched,
		func(r *tickets.Transition) { r.Next = []tickets.State{tickets.Received} })},
	{"a dispatcher recalls what is signed", "ticket", spoilt(&tickets.Transitions, tickets.Recall, tickets.Dispatched,
		func(r *tickets.Transition) { r.Guards = unguarded(r.Guards, "nobody signed") })},
	{"a ticket is void by one person", "ticket", func() {
		tickets.Transitions = slices.Clone(tickets.Transitions)
		for i, r := range tickets.Transitions {
			tickets.Transitions[i].Guards = unguarded(r.Guards, "a second person")
		}
	}},
	{"closing does not wait for supervision", "ticket", spoilt(&tickets.Transitions, tickets.VisitClose, tickets.ToFollowUp,
		func(r *tickets.Transition) { r.Guards = unguarded(r.Guards, "no supervision open") })},
	{"the dissatisfied are closed", "ticket", spoilt(&tickets.Transitions, tickets.VisitClose, tickets.ToFollowUp,
		func(r *tickets.Transition) { r.Guards = unguarded(r.Guards, "not dissatisfied") })},
	{"rework without end", "ticket", spoilt(&tickets.Transitions, tickets.VisitRework, tickets.ToFollowUp,
		func(r *tickets.Transition) { r.Guards = unguarded(r.Guards, "fewer reworks than the policy's most") })},
	{"merged tickets can't be split", "ticket", spoilt(&tickets.Transitions, tickets.Split, tickets.Merged,
		func(r *tickets.Transition) { r.From = []tickets.State{tickets.Closed} })},
	{"a suspended ticket never resumes by itself", "ticket", spoilt(&tickets.Transitions, tickets.Resume, tickets.Suspended,
		func(r *tickets.Transition) { r.Who = []tickets.Role{tickets.Admin} })},
	{"a ticket is archived the day it closes", "ticket", spoilt(&tickets.Transitions, tickets.Archive, tickets.Closed,
		func(r *tickets.Transition) {
			r.Guards = unguarded(r.Guards, "days after the end passed; a merged one with its master")
		})},
	{"the second level replies to the hotline", "leg", spoilt(&tickets.LegTransitions, tickets.ReportReply, tickets.Handling,
		func(r *tickets.LegTransition) { r.Guards = unguarded(r.Guards, "dispatched by the hotline") })},
	{"another unit signs", "leg", spoilt(&tickets.LegTransitions, tickets.Sign, tickets.ToSign,
		func(r *tickets.LegTransition) { r.Guards = unguarded(r.Guards, "of the leg's unit") })},
	{"a return granted goes back to work", "leg", spoilt(&tickets.LegTransitions, tickets.Grant, tickets.ReturnAsked,
		func(r *tickets.LegTransition) { r.Next = []tickets.LegState{tickets.Handling} })},
	{"a clerk approves his own reply", "leg", spoilt(&tickets.LegTransitions, tickets.LeaderApprove, tickets.ToLeaderState,
		func(r *tickets.LegTransition) { r.Guards = unguarded(r.Guards, "the unit's leader or his deputy") })},
	{"a unit acts on what it has not signed, and does not sign", "leg", spoilt(&tickets.LegTransitions, tickets.SaveReply, tickets.ToSign,
		func(r *tickets.LegTransition) { r.Signs = false })},
	{"nobody reaches 待汇总", "leg", spoilt(&tickets.LegTransitions, tickets.ChildReplied, tickets.Delegated,
		func(r *tickets.LegTransition) { r.Next = []tickets.LegState{tickets.Handling} })},
	{"a second request beside the first", "leg", spoilt(&tickets.LegTransitions, tickets.AskExtension, tickets.Handling,
		func(r *tickets.LegTransition) { r.Guards = unguarded(r.Guards, "no request open") })},
	{"a silent assist in time is not waited for", "leg", spoilt(&tickets.LegTransitions, tickets.ReportReply, tickets.Handling,
		func(r *tickets.LegTransition) { r.Guards = unguarded(r.Guards, "assists in time answered") })},
	{"a unit decides its own request", "request", spoilt(&tickets.RequestTransitions, tickets.Grant, tickets.RequestOpen,
		func(r *tickets.RequestTransition) { r.Guards = unguarded(r.Guards, "decides requests of the kind") })},
	{"requests never lapse", "request", spoilt(&tickets.RequestTransitions, tickets.LapseRequest, tickets.RequestOpen,
		func(r *tickets.RequestTransition) { r.Next = []tickets.RequestState{tickets.RequestWithdrawn} })},
	{"supervision is over with its reply", "supervision", spoilt(&tickets.SupervisionTransitions, tickets.ReplySupervise, tickets.SupervisionIssued,
		func(r *tickets.SupervisionTransition) { r.Next = []tickets.SupervisionState{tickets.SupervisionClosed} })},
	{"a clerk of the hotline instructs", "supervision", spoilt(&tickets.SupervisionTransitions, tickets.Instruct, tickets.NoSupervision,
		func(r *tickets.SupervisionTransition) { r.Who = append(slices.Clone(r.Who), tickets.Reviewer) })},
}

func TestASingleCellGoneWrongIsFound(t *testing.T) {
	m, guards := readMatrix(t), readGuards(t)
	ticket, leg, request, supervision := tickets.Transitions, tickets.LegTransitions, tickets.RequestTransitions, tickets.SupervisionTransitions
	restore := func() {
		tickets.Transitions, tickets.LegTransitions = ticket, leg
		tickets.RequestTransitions, tickets.SupervisionTransitions = request, supervision
	}
	require.GreaterOrEqual(t, len(mutants), 20)
	for _, mutant := range mutants {
		t.Run(mutant.name, func(t *testing.T) {
			defer restore()
			mutant.spoil()
			if len(defects()) > 0 {
				return
			}
			if found, _ := holes(guards, 1); len(found) > 0 {
				return
			}
			found, _, _ := m.faults(1, mutant.machine)
			require.NotEmpty(t, found, "nothing finds it")
		})
	}
}
