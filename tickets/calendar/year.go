package calendar

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Year is one year's official notice: the days off and the weekend days that are worked, each
// under the holiday's name, as dates like 2026-10-01.
type Year struct {
	Year     int                 `yaml:"year" json:"year"`
	Notice   string              `yaml:"notice" json:"notice"`
	Holidays map[string][]string `yaml:"holidays" json:"holidays"`
	Workdays map[string][]string `yaml:"workdays" json:"workdays"`
}

// Fault is what is wrong with a day of a notice.
type Fault struct {
	Field string `json:"field"` // year, holidays or workdays
	Value string `json:"value"`
	Text  string `json:"text"` // in Chinese
}

func (f Fault) Error() string { return fmt.Sprintf("%s %q: %s", f.Field, f.Value, f.Text) }

// Faults lists everything that is wrong with the notice; nil: it can be used.
func (y Year) Faults() []Fault {
	var faults []Fault
	if y.Year < 2000 || y.Year > 2100 {
		faults = append(faults, Fault{"year", fmt.Sprint(y.Year), "年份须在 2000 到 2100 之间"})
	}
	seen := map[date]string{}
	check := func(field string, groups map[string][]string, wrong func(time.Time) string) {
		for _, holiday := range slices.Sorted(maps.Keys(groups)) {
			for _, text := range groups[holiday] {
				day, err := time.Parse(time.DateOnly, text)
				fault := ""
				switch {
				case err != nil:
					fault = "不是日期，应如 2026-10-01"
				case day.Year() != y.Year:
					fault = fmt.Sprintf("不在 %d 年", y.Year)
				case seen[dateOf(day)] != "":
					fault = "与“" + seen[dateOf(day)] + "”重复"
				default:
					seen[dateOf(day)] = holiday
					fault = wrong(day)
				}
				if fault != "" {
					faults = append(faults, Fault{field, text, fault})
				}
			}
		}
	}
	check("holidays", y.Holidays, func(time.Time) string { return "" })
	check("workdays", y.Workdays, func(day time.Time) string {
		if !weekend(day) {
			return "不是周末，调休上班日须为周六或周日"
		}
		return ""
	})
	return faults
}

func weekend(day time.Time) bool {
	return day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
}

// days gives the dates of valid groups.
func days(groups map[string][]string) map[date]string {
	list := map[date]string{}
	for holiday, texts := range groups {
		for _, text := range texts {
			day, err := time.Parse(time.DateOnly, text)
			if err == nil {
				list[dateOf(day)] = holiday
			}
		}
	}
	return list
}

// With is the calendar with the years' notices in place of its own ones of those years.
// ErrBadFile when a notice has faults.
func (c Calendar) With(years ...Year) (Calendar, error) {
	c.years = maps.Clone(c.years)
	c.holidays, c.workdays = maps.Clone(c.holidays), maps.Clone(c.workdays)
	if c.years == nil {
		c.years, c.holidays, c.workdays = map[int]Year{}, map[date]string{}, map[date]string{}
	}
	for _, y := range years {
		if faults := y.Faults(); len(faults) > 0 {
			return Calendar{}, fmt.Errorf("%w: %w", ErrBadFile, faults[0])
		}
		ofYear := func(day date, _ string) bool { return day.year == y.Year }
		maps.DeleteFunc(c.holidays, ofYear)
		maps.DeleteFunc(c.workdays, ofYear)
		maps.Copy(c.holidays, days(y.Holidays))
		maps.Copy(c.workdays, days(y.Workdays))
		c.years[y.Year] = y
	}
	return c, nil
}

// Year is the notice of the year; one without notice is 暂定 and has nothing in it.
func (c Calendar) Year(year int) Year {
	y := c.years[year]
	y.Year = year
	if y.Holidays == nil {
		y.Holidays = map[string][]string{}
	}
	if y.Workdays == nil {
		y.Workdays = map[string][]string{}
	}
	return y
}

// Years lists the years with an official notice, sorted.
func (c Calendar) Years() []int {
	var list []int
	for year := range c.years {
		if c.Official(year) {
			list = append(list, year)
		}
	}
	slices.Sort(list)
	return list
}

// Unofficial lists the years that the instants fall in and that have no official notice yet,
// sorted, without repeats. The zero time is left out.
func (c Calendar) Unofficial(instants ...time.Time) []int {
	var list []int
	for _, t := range instants {
		if t.IsZero() {
			continue
		}
		if year := c.In(t).Year(); !c.Official(year) && !slices.Contains(list, year) {
			list = append(list, year)
		}
	}
	slices.Sort(list)
	return list
}
