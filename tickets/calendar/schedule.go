package calendar

import (
	"fmt"
	"slices"
	"time"
)

// Schedule is opening hours: one list for working days, one for the others.
type Schedule struct {
	Working []Span
	Off     []Span
}

// Span is an open time of a day, in minutes since midnight; To is not part of it.
type Span struct {
	From, To int
}

const dayMinutes = 24 * 60

func parseSchedule(hours scheduleHours) (Schedule, error) {
	working, err := parseSpans(hours.Working)
	if err != nil {
		return Schedule{}, err
	}
	off, err := parseSpans(hours.Off)
	if err != nil {
		return Schedule{}, err
	}
	if len(working) == 0 && len(off) == 0 {
		return Schedule{}, fmt.Errorf("is never open")
	}
	return Schedule{Working: working, Off: off}, nil
}

func parseSpans(texts []string) ([]Span, error) {
	var spans []Span
	for _, text := range texts {
		var h1, m1, h2, m2 int
		if n, err := fmt.Sscanf(text, "%d:%d-%d:%d", &h1, &m1, &h2, &m2); err != nil || n != 4 {
			return nil, fmt.Errorf("%q is not like 08:30-12:00", text)
		}
		s := Span{From: h1*60 + m1, To: h2*60 + m2}
		if m1 > 59 || m2 > 59 || s.From < 0 || s.To > dayMinutes || s.From >= s.To {
			return nil, fmt.Errorf("%q is no time of a day", text)
		}
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	for i := 1; i < len(spans); i++ {
		if spans[i].From < spans[i-1].To {
			return nil, fmt.Errorf("times overlap")
		}
	}
	return spans, nil
}

// Schedules lists the names of the known schedules, sorted.
func (c Calendar) Schedules() []string {
	names := make([]string, 0, len(c.schedules))
	for name := range c.schedules {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Open tells whether the schedule is open at t. The empty schedule is always open, an unknown
// one too: a caller must not meet a closed door because of a misspelt name.
func (c Calendar) Open(schedule string, t time.Time) bool {
	s, ok := c.schedules[schedule]
	if !ok {
		return true
	}
	t = c.In(t)
	minute := t.Hour()*60 + t.Minute()
	for _, span := range c.spans(s, t) {
		if minute >= span.From && minute < span.To {
			return true
		}
	}
	return false
}

func (c Calendar) spans(s Schedule, day time.Time) []Span {
	if c.Working(day) {
		return s.Working
	}
	return s.Off
}

// longestSearch bounds the walk over days without opening hours.
const longestSearch = 2 * 366

// AddOpenTime gives the instant at which d of the schedule's open time has passed since t; with
// a negative d the latest one after which that much passes until t. ErrNoSchedule when the
// schedule is unknown, or not open for years.
func (c Calendar) AddOpenTime(schedule string, t time.Time, d time.Duration) (time.Time, error) {
	s, ok := c.schedules[schedule]
	if !ok {
		return time.Time{}, fmt.Errorf("%w: %q", ErrNoSchedule, schedule)
	}
	t = c.In(t)
	walk := c.openAfter
	if d < 0 {
		walk, d = c.openBefore, -d
	}
	at, found := walk(s, t, d)
	if !found {
		return time.Time{}, fmt.Errorf("%w: %q is not open for two years", ErrNoSchedule, schedule)
	}
	return at, nil
}

func (c Calendar) openAfter(s Schedule, t time.Time, d time.Duration) (time.Time, bool) {
	day := midnight(t)
	for range longestSearch {
		for _, span := range c.spans(s, day) {
			from, to := span.on(day)
			if from.Before(t) {
				from = t
			}
			if open := to.Sub(from); open > 0 {
				if d <= open {
					return from.Add(d), true
				}
				d -= open
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}, false
}

func (c Calendar) openBefore(s Schedule, t time.Time, d time.Duration) (time.Time, bool) {
	day := midnight(t)
	for range longestSearch {
		for _, span := range slices.Backward(c.spans(s, day)) {
			from, to := span.on(day)
			if to.After(t) {
				to = t
			}
			if open := to.Sub(from); open > 0 {
				if d <= open {
					return to.Add(-d), true
				}
				d -= open
			}
		}
		day = day.AddDate(0, 0, -1)
	}
	return time.Time{}, false
}

// on gives the open time of a day that begins at midnight.
func (s Span) on(midnight time.Time) (from, to time.Time) {
	return midnight.Add(time.Duration(s.From) * time.Minute), midnight.Add(time.Duration(s.To) * time.Minute)
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// Opening is when the schedule opens on the day of t, its midnight when it doesn't open then or
// is unknown.
func (c Calendar) Opening(schedule string, t time.Time) time.Time {
	t = c.In(t)
	if spans := c.spans(c.schedules[schedule], t); len(spans) > 0 {
		from, _ := spans[0].on(midnight(t))
		return from
	}
	return midnight(t)
}

// Closing is when the schedule closes for the day of t: 17:30 of office hours, the next midnight
// when it doesn't open then or is unknown.
func (c Calendar) Closing(schedule string, t time.Time) time.Time {
	t = c.In(t)
	if spans := c.spans(c.schedules[schedule], t); len(spans) > 0 {
		_, to := spans[len(spans)-1].on(midnight(t))
		return to
	}
	return midnight(t).AddDate(0, 0, 1)
}

// DayLength is the open time of one working day, 24 hours when the schedule is unknown.
func (c Calendar) DayLength(schedule string) time.Duration {
	s, ok := c.schedules[schedule]
	if !ok {
		return 24 * time.Hour
	}
	var open time.Duration
	for _, span := range s.Working {
		open += time.Duration(span.To-span.From) * time.Minute
	}
	return open
}

// OpenTime is how much of the schedule's open time lies between from and to; negative when to
// is before from. An unknown schedule is always open.
func (c Calendar) OpenTime(schedule string, from, to time.Time) time.Duration {
	if to.Before(from) {
		return -c.OpenTime(schedule, to, from)
	}
	s, ok := c.schedules[schedule]
	if !ok {
		return to.Sub(from)
	}
	from, to = c.In(from), c.In(to)
	var open time.Duration
	for day := midnight(from); day.Before(to); day = day.AddDate(0, 0, 1) {
		for _, span := range c.spans(s, day) {
			begin, end := span.on(day)
			if begin.Before(from) {
				begin = from
			}
			if end.After(to) {
				end = to
			}
			if end.After(begin) {
				open += end.Sub(begin)
			}
		}
	}
	return open
}
