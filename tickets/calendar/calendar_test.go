package calendar_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	files "github.com/open12345/hotline/configs/calendar"
	"github.com/open12345/hotline/tickets/calendar"
)

func shipped(t *testing.T) (calendar.Calendar, *time.Location) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	c, err := calendar.Load(files.Files, zone)
	require.NoError(t, err)
	return c, zone
}

func TestWorkingDays(t *testing.T) {
	c, zone := shipped(t)
	for _, tc := range []struct {
		day     string
		working bool
		why     string
	}{
		{"2026-11-24", true, "an ordinary Tuesday"},
		{"2026-11-28", false, "an ordinary Saturday"},
		{"2026-02-17", false, "春节"},
		{"2026-02-14", true, "a Saturday made up for 春节"},
		{"2026-02-28", true, "a Saturday made up for 春节"},
		{"2026-09-20", true, "a Sunday made up for 国庆节"},
		{"2026-10-01", false, "国庆节"},
		{"2026-10-10", true, "a Saturday made up for 国庆节"},
		{"2025-10-06", false, "中秋 in the National Day week"},
		{"2024-05-11", true, "a Saturday made up for 劳动节"},
		{"2027-01-01", false, "元旦 of a year without a notice, a Friday"},
		{"2027-02-08", true, "a Monday of a year without a notice"},
	} {
		day, err := time.ParseInLocation(time.DateOnly, tc.day, zone)
		require.NoError(t, err)
		require.Equal(t, tc.working, c.Working(day), "%s: %s", tc.day, tc.why)
	}
	require.True(t, c.Official(2026))
	require.False(t, c.Official(2027))
	day, _ := time.ParseInLocation(time.DateOnly, "2026-02-14", zone)
	require.Equal(t, "春节", c.Holiday(day))
}

func TestADayIsOneOfTheCalendarsZone(t *testing.T) {
	c, _ := shipped(t)
	// 17:00 UTC on Friday is Saturday in Shanghai.
	require.False(t, c.Working(time.Date(2026, 11, 27, 17, 0, 0, 0, time.UTC)))
}

func TestWorkingDaysAreCountedFromTheDayAfter(t *testing.T) {
	c, zone := shipped(t)
	for _, tc := range []struct {
		from string
		days int
		want string
		why  string
	}{
		{"2026-11-24 10:00", 5, "2026-12-01 10:00", "over a weekend"},
		{"2026-09-29 09:00", 5, "2026-10-12 09:00", "over 国庆, with the make-up Saturday counted"},
		{"2026-02-12 17:31", 3, "2026-02-24 17:31", "over 春节, with the make-up Saturday counted"},
		{"2026-11-28 12:00", 1, "2026-11-30 12:00", "from a Saturday"},
		{"2026-11-24 10:00", 0, "2026-11-24 10:00", "the same day"},
		{"2026-11-30 17:30", -1, "2026-11-27 17:30", "back over a weekend"},
		{"2026-10-12 17:30", -2, "2026-10-09 17:30", "back, with the make-up Saturday counted"},
		{"2026-10-08 17:30", -1, "2026-09-30 17:30", "back over 国庆"},
		{"2026-11-29 12:00", -1, "2026-11-27 12:00", "back from a Sunday"},
	} {
		from, err := time.ParseInLocation("2006-01-02 15:04", tc.from, zone)
		require.NoError(t, err)
		require.Equal(t, tc.want, c.AddWorkingDays(from, tc.days).Format("2006-01-02 15:04"), tc.why)
	}
}

func TestADayOpensAndCloses(t *testing.T) {
	c, zone := shipped(t)
	tuesday := time.Date(2026, 11, 24, 20, 0, 0, 0, zone)
	sunday := time.Date(2026, 11, 29, 20, 0, 0, 0, zone)
	at := func(t time.Time) string { return t.Format("01-02 15:04") }
	require.Equal(t, "11-24 08:30", at(c.Opening("office", tuesday)))
	require.Equal(t, "11-24 17:30", at(c.Closing("office", tuesday)))
	require.Equal(t, "11-29 00:00", at(c.Opening("office", sunday)), "not open")
	require.Equal(t, "11-30 00:00", at(c.Closing("office", sunday)), "not open")
	require.Equal(t, "11-25 00:00", at(c.Closing("no such schedule", tuesday)))
	require.Equal(t, 6*time.Hour+30*time.Minute, c.DayLength("office"))
	require.Equal(t, 24*time.Hour, c.DayLength("no such schedule"))
}

func TestOpeningHours(t *testing.T) {
	c, zone := shipped(t)
	for _, tc := range []struct {
		schedule, at string
		open         bool
	}{
		{"office", "2026-11-24 08:29", false},
		{"office", "2026-11-24 08:30", true},
		{"office", "2026-11-24 12:00", false},
		{"office", "2026-11-24 17:29", true},
		{"office", "2026-11-28 10:00", false},
		{"office", "2026-02-14 10:00", true},
		{"office", "2026-10-01 10:00", false},
		{"always", "2026-10-01 03:00", true},
		{"day", "2026-11-28 19:59", true},
		{"day", "2026-11-28 20:00", false},
		{"workday", "2026-11-28 12:00", false},
		{"workday", "2026-11-27 23:59", true},
		{"", "2026-11-28 03:00", true},
		{"no such schedule", "2026-11-28 03:00", true},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", tc.at, zone)
		require.NoError(t, err)
		require.Equal(t, tc.open, c.Open(tc.schedule, at), "%s at %s", tc.schedule, tc.at)
	}
	require.Equal(t, []string{"always", "day", "office", "workday"}, c.Schedules())
}

func TestOpenTimePassesOnlyInOpeningHours(t *testing.T) {
	c, zone := shipped(t)
	for _, tc := range []struct {
		from string
		add  time.Duration
		want string
	}{
		{"2026-11-24 09:00", 2 * time.Hour, "2026-11-24 11:00"},
		{"2026-11-24 11:00", 2 * time.Hour, "2026-11-24 15:30"},
		{"2026-11-27 17:31", time.Hour, "2026-11-30 09:30"},
		{"2026-09-30 17:00", time.Hour, "2026-10-08 09:00"},
		{"2026-11-24 03:00", 30 * time.Minute, "2026-11-24 09:00"},
		{"2026-11-24 15:30", -2 * time.Hour, "2026-11-24 11:00"},
		{"2026-11-30 09:30", -2 * time.Hour, "2026-11-27 16:30"},
		{"2026-10-08 08:30", -time.Hour, "2026-09-30 16:30"},
		{"2026-11-29 12:00", -time.Hour, "2026-11-27 16:30"},
	} {
		from, err := time.ParseInLocation("2006-01-02 15:04", tc.from, zone)
		require.NoError(t, err)
		got, err := c.AddOpenTime("office", from, tc.add)
		require.NoError(t, err)
		require.Equal(t, tc.want, got.Format("2006-01-02 15:04"), "from %s", tc.from)
	}
	_, err := c.AddOpenTime("no such schedule", time.Now(), time.Hour)
	require.ErrorIs(t, err, calendar.ErrNoSchedule)
}

func TestAddedOpenTimeIsTheOpenTimeBetween(t *testing.T) {
	c, zone := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, zone).Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "minute")) * time.Minute)
		d := time.Duration(rapid.IntRange(-5000, 5000).Draw(t, "minutes")) * time.Minute
		to, err := c.AddOpenTime("office", from, d)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.OpenTime("office", from, to); got != d {
			t.Fatalf("%s of open time after %s is %s, but %s lies between", d, from, to, got)
		}
	})
}

func TestFaultyFilesAreRefused(t *testing.T) {
	for name, content := range map[string]string{
		"a day of another year":   "year: 2026\nholidays: {元旦: [2025-01-01]}",
		"a day off and worked":    "year: 2026\nholidays: {元旦: [2026-01-01]}\nworkdays: {元旦: [2026-01-01]}",
		"no date":                 "year: 2026\nholidays: {元旦: [someday]}",
		"a time past midnight":    "schedules: {s: {working: [\"08:00-25:00\"]}}",
		"an end before the start": "schedules: {s: {working: [\"12:00-08:00\"]}}",
		"overlapping times":       "schedules: {s: {working: [\"08:00-12:00\", \"11:00-13:00\"]}}",
		"never open":              "schedules: {s: {}}",
		"no YAML":                 "year: [",
	} {
		_, err := calendar.Load(fstest.MapFS{"f.yaml": {Data: []byte(content)}}, time.UTC)
		require.ErrorIs(t, err, calendar.ErrBadFile, name)
	}
	_, err := calendar.Load(fstest.MapFS{
		"a.yaml": {Data: []byte("year: 2026\nnotice: x")}, "b.yaml": {Data: []byte("year: 2026\nnotice: y")},
	}, time.UTC)
	require.ErrorIs(t, err, calendar.ErrBadFile)
}
