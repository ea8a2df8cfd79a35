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
	notices   map[int]string  // year → official notice
	holidays  map[date]string // days off, with the holiday's name
	workdays  map[date]string // days off by the week that are worked
	schedules map[string]Schedule
}

// yearFile is one year's file; scheduleFile names opening hours.
type yearFile struct {
	Year      int                      `yaml:"year"`
	Notice    string                   `yaml:"notice"`
	Holidays  map[string][]string      `yaml:"holidays"`
	Workdays  map[string][]string      `yaml:"workdays"`
	Schedules map[string]scheduleHours `yaml:"schedules"`
}

type scheduleHours struct {
	Working []string `yaml:"working"`
	Off     []string `yaml:"off"`
}

// Load reads every YAML file at the root of files. Days are days of zone. ErrBadFile.
func Load(files fs.FS, zone *time.Location) (Calendar, error) {
	c := Calendar{
		zone: zone, notices: map[int]string{}, holidays: map[date]string{}, workdays: map[date]string{}, schedules: map[string]Schedule{},
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
		if err := c.add(raw); err != nil {
			return c, fmt.Errorf("%w: %s: %w", ErrBadFile, path.Base(name), err)
		}
	}
	return c, nil
}

func (c Calendar) add(raw []byte) error {
	var f yearFile
	if err := yaml.Unmarshal(raw, &f); err != nil {
		return err
	}
	if f.Year != 0 {
		if _, twice := c.notices[f.Year]; twice {
			return fmt.Errorf("year %d is there twice", f.Year)
		}
		c.notices[f.Year] = f.Notice
	}
	for target, groups := range map[*map[date]string]map[string][]string{&c.holidays: f.Holidays, &c.workdays: f.Workdays} {
		for holiday, days := range groups {
			for _, text := range days {
				day, err := time.Parse(time.DateOnly, text)
				if err != nil {
					return err
				}
				if day.Year() != f.Year {
					return fmt.Errorf("%s is not in %d", text, f.Year)
				}
				(*target)[dateOf(day)] = holiday
			}
		}
	}
	for day := range c.workdays {
		if _, both := c.holidays[day]; both {
			return fmt.Errorf("%d-%02d-%02d is both off and worked", day.year, day.month, day.day)
		}
	}
	for name, hours := range f.Schedules {
		s, err := parseSchedule(hours)
		if err != nil {
			return fmt.Errorf("schedule %s: %w", name, err)
		}
		c.schedules[name] = s
	}
	return nil
}

func (c Calendar) in(t time.Time) time.Time {
	if c.zone == nil {
		return t
	}
	return t.In(c.zone)
}

// Official tells whether the year has its official notice; without one its days are 暂定:
// weekends and 元旦 only.
func (c Calendar) Official(year int) bool { return c.notices[year] != "" }

// Working tells whether the day of t is worked.
func (c Calendar) Working(t time.Time) bool {
	t = c.in(t)
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
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Holiday is the name of the holiday the day of t is off for, or of the one it makes up for.
func (c Calendar) Holiday(t time.Time) string {
	day := dateOf(c.in(t))
	if name, ok := c.holidays[day]; ok {
		return name
	}
	return c.workdays[day]
}

// AddWorkingDays gives the end of the n-th working day after the day of t: a matter received
// today with five working days is due at the end of the fifth working day from tomorrow. The
// end of a day is the beginning of the next; n under 1 is the end of the day of t.
func (c Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	t = c.in(t)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if c.Working(day) {
			n--
		}
	}
	return day.AddDate(0, 0, 1)
}
