package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
)

// listed is a timer as the tests write it.
type listed struct {
	kind tickets.TimerKind
	n    int
	at   string
}

func timersOf(r tickets.Rules, k tickets.Ticket) []listed {
	list := []listed{}
	for _, m := range tickets.Timers(k, r) {
		list = append(list, listed{m.Kind, m.N, local(m.At)})
	}
	return list
}

// dispatched is a ticket that lies with one unit since Tuesday morning, due a week later.
func dispatched(t *testing.T) tickets.Ticket {
	return tickets.Ticket{
		State: tickets.Dispatched, Type: tickets.Help, Urgency: tickets.Normal,
		Legs: []tickets.Leg{{
			N: 1, Role: tickets.Lead, Unit: "csj", State: tickets.ToSign, DueVersion: 1, SentAt: at(t, "2026-11-24 10:00"),
			BeganAt: at(t, "2026-11-24 10:00"), SignDueAt: at(t, "2026-11-25 17:30"), DueAt: at(t, "2026-12-01 17:30"),
		}},
	}
}

func TestTimersOfALeg(t *testing.T) {
	r := rulesOf(t, "通用")
	sign := listed{tickets.TimerSign, 1, "2026-11-25 17:30"}
	soon := listed{tickets.TimerDueSoon, 1, "2026-11-30 17:30"}
	past := listed{tickets.TimerPastDue, 1, "2026-12-01 17:30"}
	yellow := listed{tickets.TimerYellowCard, 1, "2026-12-01 17:30"}
	remind := listed{tickets.TimerRemind, 1, "2026-12-02 08:30"}
	red := listed{tickets.TimerRedCard, 1, "2026-12-04 17:30"}
	redAtDue := listed{tickets.TimerRedCard, 1, "2026-12-01 17:30"}
	for _, tc := range []struct {
		why    string
		change func(k *tickets.Ticket, leg *tickets.Leg)
		want   []listed
	}{
		{"all of a leg that was just sent", func(*tickets.Ticket, *tickets.Leg) {}, []listed{sign, soon, yellow, past, remind, red}},
		{"signed", func(_ *tickets.Ticket, l *tickets.Leg) { l.State = tickets.Handling }, []listed{soon, yellow, past, remind, red}},
		{"sign limit passed", func(_ *tickets.Ticket, l *tickets.Leg) { l.SignedLate = true }, []listed{soon, yellow, past, remind, red}},
		{"told that it is soon", func(_ *tickets.Ticket, l *tickets.Leg) { l.ToldSoon = l.DueAt }, []listed{sign, yellow, past, remind, red}},
		{"told that it is past", func(_ *tickets.Ticket, l *tickets.Leg) { l.ToldPast = l.DueAt }, []listed{sign, yellow, remind, red}},
		{"told of an earlier deadline", func(_ *tickets.Ticket, l *tickets.Leg) { l.ToldSoon, l.ToldPast = l.SentAt, l.SentAt },
			[]listed{sign, soon, yellow, past, remind, red}},
		{"reminded", func(_ *tickets.Ticket, l *tickets.Leg) { l.ToldRemind = l.DueAt }, []listed{sign, soon, yellow, past, red}},
		{"carded", func(k *tickets.Ticket, l *tickets.Leg) {
			k.Cards = []tickets.Card{{N: 1, Kind: tickets.YellowCard, Leg: 1, Unit: "csj", IssuedAt: l.DueAt}}
		}, []listed{sign, soon, past, remind, red}},
		{"carded and revoked: not again", func(k *tickets.Ticket, l *tickets.Leg) {
			k.Cards = []tickets.Card{{N: 1, Kind: tickets.YellowCard, Leg: 1, Unit: "csj", IssuedAt: l.DueAt, RevokedAt: l.DueAt.Add(time.Hour)}}
		}, []listed{sign, soon, past, remind, red}},
		{"a second yellow is red", func(k *tickets.Ticket, l *tickets.Leg) {
			k.Cards = []tickets.Card{{N: 1, Kind: tickets.YellowCard, Leg: 1, Unit: "csj", IssuedAt: l.BeganAt}}
		}, []listed{sign, soon, redAtDue, past, remind}},
		{"asked in time: no card while it waits", func(k *tickets.Ticket, _ *tickets.Leg) {
			k.Requests = []tickets.Request{{N: 1, Kind: tickets.RequestExtension, State: tickets.RequestOpen, Leg: 1, InTime: true, Escalated: true}}
		}, []listed{sign, soon, past, remind}},
		{"out of the rates: no card", func(_ *tickets.Ticket, l *tickets.Leg) { l.Excluded = true }, []listed{sign, soon, past, remind}},
		{"suspended: its clock stands", func(_ *tickets.Ticket, l *tickets.Leg) { l.SuspendedAt = l.SentAt }, []listed{}},
		{"terminated: no card after", func(_ *tickets.Ticket, l *tickets.Leg) { l.State = tickets.Terminated }, []listed{}},
		{"replied in time", func(_ *tickets.Ticket, l *tickets.Leg) { l.State = tickets.Replied }, []listed{}},
		{"replied late while no timer could fire: its card is still due", func(_ *tickets.Ticket, l *tickets.Leg) {
			l.State, l.RepliedLate, l.RepliedAt = tickets.Replied, true, l.DueAt.Add(time.Hour)
		}, []listed{yellow}},
		{"without a deadline", func(_ *tickets.Ticket, l *tickets.Leg) { l.DueAt, l.SignDueAt = time.Time{}, time.Time{} }, []listed{}},
		{"特急: the duty phone rings until it is signed", func(k *tickets.Ticket, l *tickets.Leg) {
			k.Urgency, l.DutyRungAt, l.DueAt = tickets.Critical, at(t, "2026-11-24 10:05"), time.Time{}
		}, []listed{{tickets.TimerDuty, 1, "2026-11-24 10:10"}, sign}},
	} {
		k := dispatched(t)
		tc.change(&k, &k.Legs[0])
		require.Equal(t, tc.want, timersOf(r, k), tc.why)
	}
}

func TestTimersOfATicket(t *testing.T) {
	r := rulesOf(t, "通用")
	begun := at(t, "2026-11-24 10:00")
	limit := at(t, "2026-11-24 16:30")
	for _, tc := range []struct {
		why    string
		ticket tickets.Ticket
		want   []listed
	}{
		{"a draft, half an hour after its call", tickets.Ticket{State: tickets.Draft, CreatedAt: begun, Calls: []tickets.CallRef{{ID: calls.ID("c"), At: begun.Add(time.Hour)}}},
			[]listed{{tickets.TimerLeftOpen, 0, "2026-11-24 11:30"}}},
		{"a draft that 班长 was told of", tickets.Ticket{State: tickets.Draft, CreatedAt: begun, ToldStage: begun.Add(30 * time.Minute)}, []listed{}},
		{"待受理", tickets.Ticket{State: tickets.Received, DueAt: limit}, []listed{{tickets.TimerStage, 0, "2026-11-24 16:30"}}},
		{"待派单", tickets.Ticket{State: tickets.ToDispatch, StageDueAt: limit}, []listed{{tickets.TimerStage, 0, "2026-11-24 16:30"}}},
		{"待派单 that was told of", tickets.Ticket{State: tickets.ToDispatch, StageDueAt: limit, ToldStage: limit}, []listed{}},
		{"待审核 without a limit", tickets.Ticket{State: tickets.UnderReview}, []listed{}},
		{"待补充, by the network", tickets.Ticket{State: tickets.ToSupplement, Source: tickets.SourceWeb, StageAt: begun},
			[]listed{{tickets.TimerRemind, 0, "2026-11-27 05:00"}, {tickets.TimerExpire, 0, "2026-11-30 00:00"}}},
		{"待补充, reminded", tickets.Ticket{State: tickets.ToSupplement, Source: tickets.SourceWeb, StageAt: begun, RemindedAt: begun.Add(time.Hour)},
			[]listed{{tickets.TimerExpire, 0, "2026-11-30 00:00"}}},
		{"待补充, by telephone: 班长", tickets.Ticket{State: tickets.ToSupplement, Source: tickets.SourcePhone, StageAt: begun},
			[]listed{{tickets.TimerStage, 0, "2026-11-30 00:00"}}},
		{"挂起", tickets.Ticket{State: tickets.Suspended, DueAt: limit}, []listed{{tickets.TimerResume, 0, "2026-11-24 16:30"}}},
		{"已办结", tickets.Ticket{State: tickets.Closed, ClosedAt: begun}, []listed{{tickets.TimerArchive, 0, "2026-12-10 00:00"}}},
		{"已办结 with an open appeal", tickets.Ticket{State: tickets.Closed, ClosedAt: begun,
			Requests: []tickets.Request{{N: 1, Kind: tickets.RequestAppeal, State: tickets.RequestOpen, DecideDueAt: limit}}},
			[]listed{{tickets.TimerDecision, 1, "2026-11-24 16:30"}}},
		{"a request whose limit the head was told of", tickets.Ticket{State: tickets.Closed, ClosedAt: begun,
			Requests: []tickets.Request{{N: 1, Kind: tickets.RequestAppeal, State: tickets.RequestOpen, DecideDueAt: limit, Escalated: true}}}, []listed{}},
		{"已办结 under supervision", tickets.Ticket{State: tickets.Closed, ClosedAt: begun,
			Supervisions: []tickets.Supervision{{N: 2, State: tickets.SupervisionIssued, DueAt: limit}}},
			[]listed{{tickets.TimerSupervise, 2, "2026-11-24 16:30"}}},
		{"a 督办 that was told of", tickets.Ticket{State: tickets.Dispatched,
			Supervisions: []tickets.Supervision{{N: 2, State: tickets.SupervisionIssued, DueAt: limit, ToldPast: limit}}}, []listed{}},
		{"已并单 goes with its master", tickets.Ticket{State: tickets.Merged, ClosedAt: begun}, []listed{}},
		{"已归档 rests", tickets.Ticket{State: tickets.Archived, ClosedAt: begun}, []listed{}},
	} {
		require.Equal(t, tc.want, timersOf(r, tc.ticket), tc.why)
	}
}

func TestATimerIsLookedAtAgainBeforeItFires(t *testing.T) {
	r := rulesOf(t, "通用")
	k := dispatched(t)
	m := tickets.Timer{Kind: tickets.TimerPastDue, N: 1, Version: 1, At: k.Legs[0].DueAt}
	require.False(t, m.Due(k, r, m.At.Add(-time.Second)), "too early")
	require.True(t, m.Due(k, r, m.At))
	require.True(t, m.Due(k, r, m.At.AddDate(0, 0, 1)), "after a day of downtime")
	moved := dispatched(t)
	moved.Legs[0].DueVersion, moved.Legs[0].DueAt = 2, m.At.AddDate(0, 0, 7)
	require.False(t, m.Due(moved, r, m.At.AddDate(0, 0, 30)), "of a deadline that was moved")
	fired := dispatched(t)
	fired.Legs[0].ToldPast = m.At
	require.False(t, m.Due(fired, r, m.At.AddDate(0, 0, 1)), "twice")
}

func TestEveryTimerHasItsEvent(t *testing.T) {
	for kind, want := range map[tickets.TimerKind]struct {
		event tickets.Event
		args  tickets.Args
	}{
		tickets.TimerSign:       {tickets.SignOverdue, tickets.Args{Leg: 3}},
		tickets.TimerStage:      {tickets.StageOverdue, tickets.Args{}},
		tickets.TimerLeftOpen:   {tickets.StageOverdue, tickets.Args{}},
		tickets.TimerDueSoon:    {tickets.DueSoon, tickets.Args{Leg: 3}},
		tickets.TimerPastDue:    {tickets.PastDue, tickets.Args{Leg: 3}},
		tickets.TimerYellowCard: {tickets.IssueCard, tickets.Args{Leg: 3, Kind: "yellow"}},
		tickets.TimerRedCard:    {tickets.IssueCard, tickets.Args{Leg: 3, Kind: "red"}},
		tickets.TimerRemind:     {tickets.Remind, tickets.Args{Leg: 3}},
		tickets.TimerDecision:   {tickets.DecisionOverdue, tickets.Args{Request: 3}},
		tickets.TimerResume:     {tickets.Resume, tickets.Args{}},
		tickets.TimerExpire:     {tickets.Expire, tickets.Args{}},
		tickets.TimerArchive:    {tickets.Archive, tickets.Args{}},
		tickets.TimerDuty:       {tickets.RingDuty, tickets.Args{Leg: 3}},
		tickets.TimerSupervise:  {tickets.StageOverdue, tickets.Args{Supervision: 3}},
	} {
		event, args := tickets.TimerEvent(tickets.Timer{Kind: kind, N: 3})
		require.Equal(t, want.event, event, kind)
		require.Equal(t, want.args, args, kind)
	}
}
