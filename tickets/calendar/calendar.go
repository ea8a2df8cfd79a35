package calendar

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// Errors of a calendar.
var (
	// ErrNoSchedule is a schedule that no file names.
	ErrNoSchedule = errors.New("no such schedule")
	// ErrBadFile is a calendar file that can't be used; the wrapping error says where and why.
	ErrBadFile = errors.New("bad calendar file")
)

// date is a day without a zone.
type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

// Calendar tells working days from others. The zero Calendar knows weekends only.
type Calendar struct {
	zone      *time.Location
	years     map[int]Year    // notices, as they were read
	holidays  map[date]string // days off, with the holiday's name
	workdays  map[date]string // days off by the week that are worked
	schedules map[string]Schedule
}

// file is a calendar file: one year's notice, opening hours by name, or both.
type file struct {
	Year      `yaml:",inline"`
	Schedules map[string]scheduleHours `yaml:"schedules"`
}

type scheduleHours struct {
	Working []string `yaml:"working"`
	Off     []string `yaml:"off"`
}

// Load reads every YAML file at the root of files. Days are days of zone. ErrBadFile.
func Load(files fs.FS, zone *time.Location) (Calendar, error) {
	c := Calendar{
		zone: zone, years: map[int]Year{}, holidays: map[date]string{}, workdays: map[date]string{}, schedules: map[string]Schedule{},
	}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return c, fmt.Errorf("list calendar files: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return c, fmt.Errorf("read calendar file: %w", err)
		}
		if c, err = c.add(raw); err != nil {
			return c, fmt.Errorf("%w: %s: %w", ErrBadFile, path.Base(name), err)
		}
	}
	return c, nil
}

func (c Calendar) add(raw []byte) (Calendar, error) {
	var f file
	if err := yaml.Unmarshal(raw, &f); err != nil {
		return c, err
	}
	if _, twice := c.years[f.Year.Year]; twice {
		return c, fmt.Errorf("year %d is there twice", f.Year.Year)
	}
	for name, hours := range f.Schedules {
		s, err := parseSchedule(hours)
		if err != nil {
			return c, fmt.Errorf("schedule %s: %w", name, err)
		}
		c.schedules[name] = s
	}
	if f.Year.Year == 0 && f.Notice == "" && len(f.Holidays)+len(f.Workdays) == 0 {
		return c, nil
	}
	return c.With(f.Year)
}

// In is the instant in the calendar's zone.
func (c Calendar) In(t time.Time) time.Time {
	if c.zone == nil {
		return t
	}
	return t.In(c.zone)
}

// Official tells whether the year has its official notice; without one its days are 暂定:
// weekends and 元旦 only.
func (c Calendar) Official(year int) bool { return c.years[year].Notice != "" }

// Working tells whether the day of t is worked.
func (c Calendar) Working(t time.Time) bool {
	t = c.In(t)
	day := dateOf(t)
	if _, worked := c.workdays[day]; worked {
		return true
	}
	if _, off := c.holidays[day]; off {
		return false
	}
	if !c.Official(day.year) && day.month == time.January && day.day == 1 {
		return false
	}
	return !weekend(t)
}

// Holiday is the name of the holiday the day of t is off for, or of the one it makes up for.
func (c Calendar) Holiday(t time.Time) string {
	day := dateOf(c.In(t))
	if name, ok := c.holidays[day]; ok {
		return name
	}
	return c.workdays[day]
}

// AddWorkingDays goes n working days on from the day of t, back when n is negative, and keeps the
// time of day: the day of t itself is not counted, whatever it is. n 0 is t.
func (c Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	t = c.In(t)
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if c.Working(t) {
			n--
		}
	}
	return t
}
