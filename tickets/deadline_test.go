package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	days "github.com/open12345/hotline/configs/calendar"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
)

// rulesOf are the rules of a shipped policy with the shipped calendar.
func rulesOf(t *testing.T, policy string) tickets.Rules {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	c, err := calendar.Load(days.Files, zone)
	require.NoError(t, err)
	return tickets.Rules{Policy: preset(t, policy).Policy, Calendar: c}
}

// at is a time of day in Shanghai.
func at(t require.TestingT, text string) time.Time {
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	require.NoError(t, err)
	return when.UTC()
}

// local is an instant as a clock in Shanghai shows it; empty: the zero time.
func local(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	zone, _ := time.LoadLocation("Asia/Shanghai")
	return t.In(zone).Format("2006-01-02 15:04")
}

func TestALimitEndsWhenTheOfficeCloses(t *testing.T) {
	r := rulesOf(t, "通用")
	for _, tc := range []struct{ why, from, span, want string }{
		{"an ordinary Tuesday", "2026-11-24 10:00", "5 working_days", "2026-12-01 17:30"},
		{"before the office opens", "2026-11-24 03:00", "1 working_days", "2026-11-25 17:30"},
		{"17:31 on a Friday is Friday", "2026-11-27 17:31", "1 working_days", "2026-11-30 17:30"},
		{"17:29 on a Friday is Friday", "2026-11-27 17:29", "1 working_days", "2026-11-30 17:30"},
		{"on a Saturday", "2026-11-28 12:00", "1 working_days", "2026-11-30 17:30"},
		{"the last minute of a day", "2026-11-24 23:59", "1 working_days", "2026-11-25 17:30"},
		{"over 国庆, with the make-up Saturday", "2026-09-29 09:00", "5 working_days", "2026-10-12 17:30"},
		{"on the eve of 国庆", "2026-09-30 17:31", "2 working_days", "2026-10-09 17:30"},
		{"within 国庆", "2026-10-03 09:00", "2 working_days", "2026-10-09 17:30"},
		{"over 春节, with the make-up Saturday", "2026-02-12 17:31", "3 working_days", "2026-02-24 17:30"},
		{"on a make-up Saturday", "2026-02-14 10:00", "1 working_days", "2026-02-24 17:30"},
		{"onto a make-up Saturday", "2026-02-27 10:00", "1 working_days", "2026-02-28 17:30"},
		{"over the end of a year", "2025-12-31 10:00", "1 working_days", "2026-01-04 17:30"},
		{"into a year without its notice: 元旦 is off", "2026-12-31 10:00", "1 working_days", "2027-01-04 17:30"},
		{"half a day", "2026-11-24 09:00", "0.5 working_days", "2026-11-24 14:45"},
		{"half a day from a Friday evening", "2026-11-27 17:31", "0.5 working_days", "2026-11-30 11:45"},
		{"hours of the office, over noon", "2026-11-24 11:00", "4 working_hours", "2026-11-24 17:30"},
		{"hours of the office, over 国庆", "2026-09-30 17:00", "1 working_hours", "2026-10-08 09:00"},
		{"hours round the clock", "2026-10-03 23:00", "2 hours", "2026-10-04 01:00"},
		{"minutes", "2026-10-03 23:50", "15 minutes", "2026-10-04 00:05"},
		{"natural days end at midnight", "2026-10-01 10:00", "7 natural_days", "2026-10-09 00:00"},
		{"none", "2026-10-01 10:00", "", ""},
	} {
		span, err := tickets.ParseSpan(tc.span)
		require.NoError(t, err)
		require.Equal(t, tc.want, local(r.After(at(t, tc.from), span)), tc.why)
	}
}

func TestALimitThatCountsTheDayOfReceipt(t *testing.T) {
	r := rulesOf(t, "通用")
	policy := *r.Policy
	policy.FromNextDay = false
	r.Policy = &policy
	for _, tc := range []struct{ why, from, span, want string }{
		{"a working day is a day's office hours", "2026-11-24 10:00", "1 working_days", "2026-11-25 10:00"},
		{"17:31 on a Friday begins on Monday", "2026-11-27 17:31", "1 working_days", "2026-11-30 17:30"},
		{"over 国庆", "2026-09-30 16:30", "2 working_days", "2026-10-09 16:30"},
		{"a natural day is 24 hours", "2026-10-01 10:00", "7 natural_days", "2026-10-08 10:00"},
	} {
		span, err := tickets.ParseSpan(tc.span)
		require.NoError(t, err)
		require.Equal(t, tc.want, local(r.After(at(t, tc.from), span)), tc.why)
	}
}

func TestSoLongBeforeADeadline(t *testing.T) {
	r := rulesOf(t, "通用")
	for _, tc := range []struct{ why, due, span, want string }{
		{"over a weekend", "2026-11-30 17:30", "1 working_days", "2026-11-27 17:30"},
		{"over 国庆", "2026-10-08 17:30", "1 working_days", "2026-09-30 17:30"},
		{"the make-up Saturday counts", "2026-10-12 17:30", "2 working_days", "2026-10-09 17:30"},
		{"a deadline by hand keeps its hour", "2026-11-25 10:00", "1 working_days", "2026-11-24 10:00"},
		{"of a Saturday, from Friday's close", "2026-11-28 10:00", "1 working_days", "2026-11-26 17:30"},
		{"half a day", "2026-11-30 09:30", "0.5 working_days", "2026-11-27 15:15"},
		{"office hours", "2026-11-30 09:30", "2 working_hours", "2026-11-27 16:30"},
		{"natural days", "2026-10-09 00:00", "1 natural_days", "2026-10-08 00:00"},
		{"minutes", "2026-10-09 00:00", "30 minutes", "2026-10-08 23:30"},
		{"none", "2026-10-09 00:00", "", "2026-10-09 00:00"},
	} {
		span, err := tickets.ParseSpan(tc.span)
		require.NoError(t, err)
		require.Equal(t, tc.want, local(r.Before(at(t, tc.due), span)), tc.why)
	}
}

func TestDatesOfADispatch(t *testing.T) {
	r := rulesOf(t, "通用")
	help := tickets.Ticket{Type: tickets.Help, Urgency: tickets.Normal}
	gas := tickets.Ticket{Type: tickets.Help, Urgency: tickets.Critical}
	now := at(t, "2026-11-27 17:31")
	for _, tc := range []struct {
		why                string
		ticket             tickets.Ticket
		role               tickets.LegRole
		due                time.Time
		sign, back, answer string
	}{
		{"a lead gets the full limit", help, tickets.Lead, time.Time{}, "2026-11-30 17:30", "2026-11-30 17:30", "2026-12-04 17:30"},
		{"an assist is due a day earlier", help, tickets.Assist, time.Time{}, "2026-11-30 17:30", "2026-11-30 17:30", "2026-12-03 17:30"},
		{"特急 runs on a Friday night", gas, tickets.Lead, time.Time{}, "2026-11-27 18:01", "2026-11-27 18:31", "2026-11-28 17:31"},
		{"a limit chosen by hand", help, tickets.Lead, at(t, "2026-12-10 12:00"), "2026-11-30 17:30", "2026-11-30 17:30", "2026-12-10 12:00"},
		{"signing never ends after the deadline", help, tickets.Lead, at(t, "2026-11-30 09:00"), "2026-11-30 09:00", "2026-11-30 09:00", "2026-11-30 09:00"},
	} {
		d := r.ForDispatch(tc.ticket, tc.role, tc.due, now)
		require.Equal(t, []string{tc.sign, tc.back, tc.answer}, []string{local(d.Sign), local(d.Return), local(d.Due)}, tc.why)
		require.Equal(t, now, d.Began)
	}
}

func TestDatesOfADelegation(t *testing.T) {
	r := rulesOf(t, "通用")
	help := tickets.Ticket{Type: tickets.Help, Urgency: tickets.Normal}
	parent := tickets.Leg{DueAt: at(t, "2026-12-04 17:30")}
	for _, tc := range []struct{ why, now, want string }{
		{"a day before the unit above", "2026-11-30 10:00", "2026-12-03 17:30"},
		{"but two office hours at least", "2026-12-03 17:00", "2026-12-04 10:00"},
		{"and never after the unit above", "2026-12-04 17:00", "2026-12-04 17:30"},
	} {
		require.Equal(t, tc.want, local(r.ForDelegate(help, parent, time.Time{}, at(t, tc.now)).Due), tc.why)
	}
	now := at(t, "2026-11-30 10:00")
	require.True(t, r.HandDelegate(parent, at(t, "2026-12-04 17:30"), now))
	require.False(t, r.HandDelegate(parent, at(t, "2026-12-04 17:31"), now), "after the unit above")
	require.False(t, r.HandDelegate(parent, at(t, "2026-11-30 09:00"), now), "past")
}

func TestALimitByHandStaysWithinThePolicy(t *testing.T) {
	r := rulesOf(t, "通用")
	help := tickets.Ticket{Type: tickets.Help, Urgency: tickets.Normal}
	now := at(t, "2026-11-24 10:00")
	for due, want := range map[string]bool{
		"2026-11-23 10:00": false, // past
		"2026-11-24 17:30": false, // under a working day
		"2026-11-25 17:30": true,
		"2027-01-06 17:30": true, // thirty working days
		"2027-01-07 17:30": false,
	} {
		require.Equal(t, want, r.HandDue(help, at(t, due), now), due)
	}
}

func TestDatesOfAFurtherRound(t *testing.T) {
	r := rulesOf(t, "通用")
	help := tickets.Ticket{Type: tickets.Help, Urgency: tickets.Normal}
	now := at(t, "2026-11-24 10:00")
	require.Equal(t, "2026-11-25 17:30", local(r.ForRework(help, tickets.ReviewRework, now).Due))
	require.Equal(t, "2026-11-27 17:30", local(r.ForRework(help, tickets.VisitRework, now).Due))
	require.Equal(t, "2026-12-01 17:30", local(r.ForRework(help, tickets.AssignDuty, now).Due), "the full limit")
}

func TestExtensionsAndDenials(t *testing.T) {
	r := rulesOf(t, "通用")
	help := tickets.Ticket{Type: tickets.Help, Urgency: tickets.Normal}
	require.Equal(t, "2026-10-12 17:30", local(r.Extended(at(t, "2026-09-30 17:30"), 4)), "over 国庆, with the make-up Saturday")
	require.Equal(t, 5, r.MaxExtension(help, tickets.Leg{}), "at most the original limit")
	require.Equal(t, 1, r.MaxExtension(tickets.Ticket{Urgency: tickets.Critical}, tickets.Leg{}))
	require.Equal(t, 10, rulesOf(t, "山东2020").MaxExtension(help, tickets.Leg{}))
	require.Equal(t, "2026-11-25 09:45", local(r.AfterDenial(at(t, "2026-11-24 17:30"), at(t, "2026-11-24 15:30"))), "half a day is left")
	require.Equal(t, "2026-11-30 17:30", local(r.AfterDenial(at(t, "2026-11-30 17:30"), at(t, "2026-11-24 15:30"))), "enough is left")
	require.Equal(t, "2026-11-25 08:45", local(r.DecisionDue(tickets.RequestReturn, at(t, "2026-11-24 14:30"))), "half a day to decide a return")
}

func TestASuspensionKeepsTheRemainderInWorkingTime(t *testing.T) {
	r := rulesOf(t, "通用")
	for _, tc := range []struct{ why, due, suspended, resumed, want string }{
		{"two days before, over 国庆", "2026-09-30 17:30", "2026-09-28 17:30", "2026-10-08 08:30", "2026-10-09 17:30"},
		{"suspended over 春节, resumed within it", "2026-02-25 17:30", "2026-02-13 12:00", "2026-02-20 10:00", "2026-02-27 11:30"},
		{"an hour before the close, resumed at noon", "2026-11-24 17:30", "2026-11-24 16:30", "2026-11-26 12:00", "2026-11-26 15:30"},
		{"past due stays past due", "2026-11-24 17:30", "2026-11-25 09:30", "2026-11-30 09:00", "2026-11-27 17:00"},
		{"特急 outside office hours", "2026-11-28 20:00", "2026-11-28 18:00", "2026-11-30 08:30", "2026-11-30 10:30"},
	} {
		left := r.Remainder(at(t, tc.suspended), at(t, tc.due))
		require.Equal(t, tc.want, local(r.Resumed(at(t, tc.resumed), left)), tc.why)
	}
}

func TestWhatARemainderIsCalled(t *testing.T) {
	r := rulesOf(t, "通用")
	for _, tc := range []struct{ now, due, want string }{
		{"2026-11-27 14:30", "2026-11-30 17:30", "剩 1 工作日 3 小时"},
		{"2026-11-24 08:30", "2026-12-01 17:30", "剩 6 工作日"},
		{"2026-11-24 16:10", "2026-11-24 17:30", "剩 1 小时 20 分钟"},
		{"2026-11-24 17:00", "2026-11-24 17:30", "剩 30 分钟"},
		{"2026-11-24 17:30", "2026-11-24 17:30", "剩不到 1 分钟"},
		{"2026-11-24 17:31", "2026-11-24 17:30", "超 1 分钟"},
		{"2026-11-26 17:30", "2026-11-24 17:30", "超 2 工作日"},
		{"2026-11-29 20:00", "2026-11-30 11:00", "剩 2 工作小时 30 分钟"},
		{"2026-10-01 10:00", "2026-10-02 12:00", "剩 1 天 2 小时"},
		{"2026-09-30 17:30", "2026-10-08 17:30", "剩 1 工作日"},
	} {
		require.Equal(t, tc.want, r.Remains(at(t, tc.now), at(t, tc.due)).String(), "%s at %s", tc.due, tc.now)
	}
	beijing := rulesOf(t, "北京DB11")
	require.Equal(t, "剩 6 天 14 小时", beijing.Remains(at(t, "2026-10-01 10:00"), at(t, "2026-10-08 00:00")).String(), "natural days by the clock")
}

func TestAYearWithoutItsNoticeIsNamed(t *testing.T) {
	r := rulesOf(t, "通用")
	require.Equal(t, []int{2027, 2028}, r.Unofficial(at(t, "2028-01-01 00:00"), at(t, "2027-01-04 17:30"), time.Time{}, at(t, "2026-12-31 17:30"), at(t, "2027-03-01 17:30")))
}

func TestADeadlineNeverComesBeforeItsBeginning(t *testing.T) {
	for _, name := range []string{"通用", "山东2020", "北京DB11"} {
		r := rulesOf(t, name)
		rapid.Check(t, func(t *rapid.T) {
			now := at(t, "2026-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "minute")) * time.Minute)
			k := tickets.Ticket{
				Type:    tickets.Type(rapid.SampledFrom(tickets.Types).Draw(t, "type").Code),
				Urgency: tickets.Urgency(rapid.SampledFrom(tickets.Urgencies).Draw(t, "urgency").Code),
			}
			lead := r.ForDispatch(k, tickets.Lead, time.Time{}, now)
			assist := r.ForDispatch(k, tickets.Assist, time.Time{}, now)
			below := r.ForDelegate(k, tickets.Leg{DueAt: lead.Due}, time.Time{}, now)
			for _, d := range []tickets.Deadlines{lead, assist, below} {
				if !d.Due.After(now) || d.Due.After(lead.Due) || d.Sign.After(d.Due) || d.Return.After(d.Due) || !d.Sign.After(now) {
					t.Fatalf("at %s: %+v, lead %+v", now, d, lead)
				}
			}
			left := r.Remainder(now, lead.Due)
			if got := r.Remainder(now, r.Resumed(now, left)); got != left {
				t.Fatalf("%s is left at %s, after a pause %s", left, now, got)
			}
		})
	}
}
