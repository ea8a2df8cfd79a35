package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

func TestALightTurnsYellowWithADayOrAQuarterLeft(t *testing.T) {
	r := rulesOf(t, "通用")
	for _, tc := range []struct{ why, began, due, want string }{
		{"a day is less than a quarter of seven", "2026-11-24 10:00", "2026-12-03 17:30", "2026-12-02 17:30"},
		{"a quarter of two days is less than a day", "2026-11-23 17:30", "2026-11-25 17:30", "2026-11-25 11:45"},
		{"a quarter of what the office had left", "2026-11-24 10:00", "2026-11-25 17:30", "2026-11-25 14:37"},
		{"a quarter of a night", "2026-11-28 01:00", "2026-11-28 05:00", "2026-11-28 04:00"},
		{"over 国庆", "2026-09-23 10:00", "2026-10-08 17:30", "2026-09-30 17:30"},
	} {
		leg := tickets.Leg{BeganAt: at(t, tc.began), DueAt: at(t, tc.due)}
		require.Equal(t, tc.want, local(r.YellowAt(leg)), tc.why)
	}
	require.True(t, r.YellowAt(tickets.Leg{}).IsZero())
}

func TestEitherRuleOfTheLightCanBeLeftOut(t *testing.T) {
	r := rulesOf(t, "通用")
	leg := tickets.Leg{BeganAt: at(t, "2026-11-23 17:30"), DueAt: at(t, "2026-11-25 17:30")}
	policy := *r.Policy
	r.Policy = &policy
	policy.Light = tickets.LightRule{Yellow: tickets.Span{N: 1, Unit: tickets.WorkingDays}}
	require.Equal(t, "2026-11-24 17:30", local(r.YellowAt(leg)))
	policy.Light = tickets.LightRule{Share: 0.5}
	require.Equal(t, "2026-11-25 08:30", local(r.YellowAt(leg)))
}

func TestTheLightOfALeg(t *testing.T) {
	r := rulesOf(t, "通用")
	leg := tickets.Leg{State: tickets.Handling, BeganAt: at(t, "2026-11-24 10:00"), DueAt: at(t, "2026-12-01 17:30")}
	for when, want := range map[string]tickets.Light{
		"2026-11-24 10:00": tickets.Green,
		"2026-11-30 17:29": tickets.Green,
		"2026-11-30 17:30": tickets.Yellow,
		"2026-12-01 17:30": tickets.Yellow, // not yet past
		"2026-12-01 17:31": tickets.Red,
	} {
		require.Equal(t, want, r.Light(leg, at(t, when)), when)
	}
	late := at(t, "2026-12-05 12:00")
	ended, suspended, open := leg, leg, leg
	ended.State = tickets.Replied
	suspended.SuspendedAt = at(t, "2026-11-25 10:00")
	open.DueAt = time.Time{}
	for _, dark := range []tickets.Leg{ended, suspended, open} {
		require.Equal(t, tickets.NoLight, r.Light(dark, late))
	}
}
