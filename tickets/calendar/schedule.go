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
	t = c.in(t)
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

// AddOpenTime gives the instant at which d of the schedule's open time has passed since t.
// ErrNoSchedule when the schedule is unknown, or not open for years.
func (c Calendar) AddOpenTime(schedule string, t time.Time, d time.Duration) (time.Time, error) {
	s, ok := c.schedules[schedule]
	if !ok {
		return time.Time{}, fmt.Errorf("%w: %q", ErrNoSchedule, schedule)
	}
	t = c.in(t)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	for range longestSearch {
		for _, span := range c.spans(s, day) {
			from := day.Add(time.Duration(span.From) * time.Minute)
			to := day.Add(time.Duration(span.To) * time.Minute)
			if from.Before(t) {
				from = t
			}
			if open := to.Sub(from); open > 0 {
				if d <= open {
					return from.Add(d), nil
				}
				d -= open
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}, fmt.Errorf("%w: %q is not open for two years", ErrNoSchedule, schedule)
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
	from, to = c.in(from), c.in(to)
	var open time.Duration
	for day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location()); day.Before(to); day = day.AddDate(0, 0, 1) {
		for _, span := range c.spans(s, day) {
			begin := day.Add(time.Duration(span.From) * time.Minute)
			end := day.Add(time.Duration(span.To) * time.Minute)
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
