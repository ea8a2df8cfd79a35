package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

// letTimePass fires every timer that is due at the instant, in the order of time, as the desk does,
// and says which fired.
func letTimePass(t *testing.T, r tickets.Rules, k tickets.Ticket, at time.Time) (tickets.Ticket, []tickets.TimerKind) {
	t.Helper()
	fired := []tickets.TimerKind{}
	facts := tickets.Facts{Rules: r, Units: map[string]tickets.Unit{"csj": {ID: "csj", Name: "城管局", Level: 1}}}
	for range 50 {
		var due *tickets.Timer
		for _, m := range tickets.Timers(k, r) {
			if !m.At.After(at) {
				due = &m
				break
			}
		}
		if due == nil {
			return k, fired
		}
		event, args := tickets.TimerEvent(*due)
		out, err := tickets.Apply(k, event, tickets.ByRule, args, facts, at)
		require.NoError(t, err, "timer %s", due.Kind)
		k = out.Ticket
		fired = append(fired, due.Kind)
	}
	require.Fail(t, "timers never end")
	return k, fired
}

// TestEveryTimerFiresOnce lets a ticket lie for long: what time brings about is accepted by the
// tables, leaves its mark and does not come again.
func TestEveryTimerFiresOnce(t *testing.T) {
	r := rulesOf(t, "通用")
	begun := at(t, "2026-11-24 10:00")
	for _, tc := range []struct {
		why    string
		ticket tickets.Ticket
		till   string
		want   []tickets.TimerKind
		state  tickets.State
	}{
		{"a leg that nobody touches", dispatched(t), "2027-01-15 12:00", []tickets.TimerKind{
			tickets.TimerSign, tickets.TimerDueSoon, tickets.TimerYellowCard, tickets.TimerPastDue, tickets.TimerRemind, tickets.TimerRedCard,
		}, tickets.Dispatched},
		{"a draft", tickets.Ticket{State: tickets.Draft, Source: tickets.SourcePhone, Writer: "8001", Owner: "8001", CreatedAt: begun}, "2026-12-24 12:00",
			[]tickets.TimerKind{tickets.TimerLeftOpen}, tickets.Draft},
		{"待受理", tickets.Ticket{State: tickets.Received, Source: tickets.SourceWeb, DueAt: begun.Add(2 * time.Hour)}, "2026-12-24 12:00",
			[]tickets.TimerKind{tickets.TimerStage}, tickets.Received},
		{"待派单", tickets.Ticket{State: tickets.ToDispatch, StageAt: begun, StageDueAt: begun.Add(time.Hour)}, "2026-12-24 12:00",
			[]tickets.TimerKind{tickets.TimerStage}, tickets.ToDispatch},
		{"待审核", tickets.Ticket{State: tickets.UnderReview, StageAt: begun, StageDueAt: begun.Add(time.Hour)}, "2026-12-24 12:00",
			[]tickets.TimerKind{tickets.TimerStage}, tickets.UnderReview},
		{"待回访", tickets.Ticket{State: tickets.ToFollowUp, StageAt: begun, StageDueAt: begun.Add(time.Hour)}, "2026-12-24 12:00",
			[]tickets.TimerKind{tickets.TimerStage}, tickets.ToFollowUp},
		{"疑难会商", tickets.Ticket{State: tickets.Deliberation, StageAt: begun, StageDueAt: begun.Add(time.Hour)}, "2026-12-24 12:00",
			[]tickets.TimerKind{tickets.TimerStage}, tickets.Deliberation},
		{"待补充 by the network, then closed and archived", tickets.Ticket{State: tickets.ToSupplement, Source: tickets.SourceWeb, StageAt: begun, UpdatedAt: begun},
			"2027-01-15 12:00", []tickets.TimerKind{tickets.TimerRemind, tickets.TimerExpire}, tickets.Shut},
		{"待补充 by telephone", tickets.Ticket{State: tickets.ToSupplement, Source: tickets.SourcePhone, StageAt: begun, UpdatedAt: begun}, "2027-01-15 12:00",
			[]tickets.TimerKind{tickets.TimerStage}, tickets.ToSupplement},
		{"已办结", tickets.Ticket{State: tickets.Closed, ClosedAt: begun}, "2027-01-15 12:00", []tickets.TimerKind{tickets.TimerArchive}, tickets.Archived},
	} {
		k, fired := letTimePass(t, r, tc.ticket, at(t, tc.till))
		require.Equal(t, tc.want, fired, tc.why)
		require.Equal(t, tc.state, k.State, tc.why)
	}
}

// TestADayOfDowntimeLosesNothing compares a server that fires each timer in its minute with one
// that comes back after all of them.
func TestADayOfDowntimeLosesNothing(t *testing.T) {
	r := rulesOf(t, "通用")
	steady, late := dispatched(t), dispatched(t)
	var steadily []tickets.TimerKind
	for now := at(t, "2026-11-24 10:00"); now.Before(at(t, "2026-12-07 12:00")); now = now.Add(30 * time.Minute) {
		var fired []tickets.TimerKind
		steady, fired = letTimePass(t, r, steady, now)
		steadily = append(steadily, fired...)
	}
	_, atOnce := letTimePass(t, r, late, at(t, "2026-12-07 12:00"))
	require.Equal(t, steadily, atOnce)
	require.Len(t, steady.Cards, 2)
}

// TestTheDutyPhoneRingsUntilSigned rings again and again, and stops at the signature.
func TestTheDutyPhoneRingsUntilSigned(t *testing.T) {
	r := rulesOf(t, "通用")
	k := dispatched(t)
	k.Urgency = tickets.Critical
	rings := 0
	for now := k.Legs[0].SentAt; now.Before(k.Legs[0].SentAt.Add(16 * time.Minute)); now = now.Add(time.Minute) {
		var fired []tickets.TimerKind
		k, fired = letTimePass(t, r, k, now)
		rings += len(fired)
	}
	require.Equal(t, 3, rings, "every five minutes")
	k.Legs[0].State = tickets.Handling
	_, fired := letTimePass(t, r, k, k.Legs[0].SentAt.Add(17*time.Minute))
	require.Empty(t, fired)
}

// TestASupervisionAndARequestPastTheirLimits are told of once.
func TestASupervisionAndARequestPastTheirLimits(t *testing.T) {
	r := rulesOf(t, "通用")
	k := dispatched(t)
	k.Legs[0].State = tickets.Handling
	limit := at(t, "2026-11-25 17:30")
	k.Requests = []tickets.Request{{N: 1, Kind: tickets.RequestExtension, State: tickets.RequestOpen, Leg: 1, AskedUnit: "csj", DecideDueAt: limit, InTime: true}}
	k.Supervisions = []tickets.Supervision{{N: 1, Kind: tickets.SuperviseWritten, State: tickets.SupervisionIssued, Unit: "csj", DueAt: limit}}
	k, fired := letTimePass(t, r, k, at(t, "2026-11-26 12:00"))
	require.Equal(t, []tickets.TimerKind{tickets.TimerDecision, tickets.TimerSupervise}, fired)
	_, fired = letTimePass(t, r, k, at(t, "2026-11-27 12:00"))
	require.Empty(t, fired)
}
