package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
)

// notice2027 is a made-up notice: 春节 from 6 to 12 February, made up on the 14th.
var notice2027 = calendar.Year{
	Year: 2027, Notice: "国办发明电〔2026〕×号",
	Holidays: map[string][]string{
		"元旦": {"2027-01-01"}, "春节": {"2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11", "2027-02-12"},
	},
	Workdays: map[string][]string{"春节": {"2027-02-14"}},
}

func TestDeadlinesFollowTheNotice(t *testing.T) {
	old := rulesOf(t, "通用")
	next := old
	var err error
	next.Calendar, err = old.Calendar.With(notice2027)
	require.NoError(t, err)

	began, now := at(t, "2027-02-04 10:00"), at(t, "2027-02-04 12:00")
	help := tickets.Ticket{State: tickets.Dispatched, Type: tickets.Help, Urgency: tickets.Normal}
	dates := old.ForDispatch(help, tickets.Lead, time.Time{}, began)
	require.Equal(t, "2027-02-11 17:30", local(dates.Due), "暂定: weekends only")
	leg := tickets.Leg{
		N: 1, Role: tickets.Lead, State: tickets.Handling, BeganAt: began, SignDueAt: dates.Sign, ReturnDueAt: dates.Return, DueAt: dates.Due,
	}
	for _, tc := range []struct {
		why    string
		change func(l *tickets.Leg)
		want   string
	}{
		{"a limit of the policy", func(*tickets.Leg) {}, "2027-02-17 17:30"},
		{"an extended one keeps its number of working days", func(l *tickets.Leg) { l.Extensions, l.DueAt = 1, at(t, "2027-02-15 17:30") }, "2027-02-19 17:30"},
		{"one that a suspension moved keeps its hour", func(l *tickets.Leg) { l.DueAt = at(t, "2027-02-09 10:15") }, "2027-02-15 10:15"},
		{"a date chosen by hand stays", func(l *tickets.Leg) { l.DueByHand = true }, "2027-02-11 17:30"},
		{"a suspended leg's clock stands", func(l *tickets.Leg) { l.SuspendedAt = now }, "2027-02-11 17:30"},
		{"an ended leg is left alone", func(l *tickets.Leg) { l.State = tickets.Replied }, "2027-02-11 17:30"},
		{"one that ends before the holiday", func(l *tickets.Leg) { l.DueAt = at(t, "2027-02-05 17:30") }, "2027-02-05 17:30"},
	} {
		k := help
		k.Legs = []tickets.Leg{leg}
		tc.change(&k.Legs[0])
		require.Equal(t, tc.want, local(dueAfter(k, next.Recompute(k, old, now))), tc.why)
	}

	gas := help
	gas.Urgency = tickets.Critical
	urgent := leg
	urgent.BeganAt, urgent.DueAt = at(t, "2027-02-07 10:00"), at(t, "2027-02-08 10:30")
	gas.Legs = []tickets.Leg{urgent}
	require.Empty(t, next.Recompute(gas, old, at(t, "2027-02-07 11:00")), "hours run round the clock")
}

// dueAfter is the first leg's deadline after the moves.
func dueAfter(k tickets.Ticket, moves []tickets.Moved) time.Time {
	for _, m := range moves {
		if m.Leg == k.Legs[0].N {
			return m.Now.Due
		}
	}
	return k.Legs[0].DueAt
}

func TestDeadlinesFollowThePolicy(t *testing.T) {
	old, next := rulesOf(t, "通用"), rulesOf(t, "山东2020")
	began := at(t, "2026-11-24 10:00")
	complaint := tickets.Ticket{State: tickets.Dispatched, Type: tickets.Complaint, Urgency: tickets.Normal}
	dates := old.ForDispatch(complaint, tickets.Lead, time.Time{}, began)
	leg := tickets.Leg{N: 1, Role: tickets.Lead, State: tickets.ToSign, BeganAt: began, SignDueAt: dates.Sign, ReturnDueAt: dates.Return, DueAt: dates.Due}
	require.Equal(t, "2026-12-03 17:30", local(leg.DueAt))

	below := old.ForDelegate(complaint, leg, time.Time{}, began)
	child := tickets.Leg{N: 2, Parent: 1, State: tickets.Handling, BeganAt: began, SignDueAt: below.Sign, ReturnDueAt: below.Return, DueAt: below.Due}
	k := complaint
	k.Legs = []tickets.Leg{leg, child}
	moves := next.Recompute(k, old, at(t, "2026-11-25 09:00"))
	require.Len(t, moves, 2)
	lead := moves[0].Now
	require.Equal(t, []string{"2026-11-25 17:30", "2026-11-26 17:30", "2026-12-01 17:30"}, []string{local(lead.Sign), local(lead.Return), local(lead.Due)})
	require.Equal(t, dates, moves[0].Was)
	require.Equal(t, "2026-11-30 17:30", local(moves[1].Now.Due), "the level below follows the one above")

	late := next.Recompute(k, old, at(t, "2026-12-02 15:30"))
	require.Equal(t, "2026-12-03 09:45", local(late[0].Now.Due), "a deadline that comes earlier leaves half a day")

	extended := complaint
	extended.Legs = []tickets.Leg{leg}
	extended.Legs[0].Extensions, extended.Legs[0].DueAt = 1, at(t, "2026-12-10 17:30")
	require.Empty(t, next.Recompute(extended, old, began), "an extension is kept")
	require.Empty(t, old.Recompute(k, old, began), "the same rules move nothing")
}
