package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/directory"
)

// Calendar is one year of the calendar; year 0 is the present one.
func (s *Service) Calendar(ctx context.Context, who Identity, year int) (CalendarView, error) {
	if err := who.need(directory.RulesRead); err != nil {
		return CalendarView{}, err
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return CalendarView{}, err
	}
	if year == 0 {
		year = s.today().Year()
	}
	view := CalendarView{
		Year: city.Calendar.Year(year), Official: city.Calendar.Official(year), Years: city.Calendar.Years(), Schedules: city.Calendar.Schedules(),
	}
	view.Days, view.Working = daysOf(city.Calendar, year)
	entered, err := s.store.Years(ctx)
	if err != nil {
		return CalendarView{}, fmt.Errorf("read calendar: %w", err)
	}
	if i := slices.IndexFunc(entered, func(y YearRow) bool { return y.Year.Year == year }); i >= 0 {
		view.Entered = &YearEntry{ByName: entered[i].ByName, At: entered[i].At}
	}
	view.Needed, err = s.YearsNeeded(ctx)
	return view, err
}

// YearsNeeded lists the years that open deadlines fall in and that have no official notice yet.
// Their deadlines are 暂定 until the notice is entered: an alarm for the administrator.
func (s *Service) YearsNeeded(ctx context.Context) ([]int, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	dates, err := s.store.OpenDeadlines(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for deadlines of years without notice: %w", err)
	}
	return orEmpty(rules.Unofficial(dates...)), nil
}

// daysOf lists the days of the year that are not as the week has them, and counts working days.
func daysOf(c calendar.Calendar, year int) ([]CalendarDay, int) {
	days, working := []CalendarDay{}, 0
	first := c.In(time.Date(year, time.January, 1, 12, 0, 0, 0, time.UTC))
	for day := first; day.Year() == year; day = day.AddDate(0, 0, 1) {
		works := c.Working(day)
		if works {
			working++
		}
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		name := c.Holiday(day)
		if name == "" && !works && !weekend {
			name = "元旦" // 暂定
		}
		if name != "" {
			days = append(days, CalendarDay{Day: day.Format(time.DateOnly), Name: name, Working: works})
		}
	}
	return days, working
}

// PreviewYear says what a year's notice would do.
func (s *Service) PreviewYear(ctx context.Context, who Identity, y calendar.Year) (CalendarPreview, error) {
	preview := CalendarPreview{Faults: []RuleFault{}, Days: []CalendarDay{}}
	if err := who.need(directory.AdminRules); err != nil {
		return preview, err
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return preview, err
	}
	if preview.Faults = yearFaults(y); len(preview.Faults) > 0 {
		return preview, nil
	}
	next := city.Rules
	if next.Calendar, err = city.Calendar.With(y); err != nil {
		return preview, fmt.Errorf("preview calendar: %w", err)
	}
	preview.Days, preview.Working = daysOf(next.Calendar, y.Year)
	impact, err := s.impact(ctx, city.Rules, next)
	preview.Impact = &impact
	return preview, err
}

// yearFields are the names of a notice's fields on the page.
var yearFields = map[string]string{"year": "年份", "holidays": "放假", "workdays": "调休上班"}

func yearFaults(y calendar.Year) RuleFaults {
	faults := RuleFaults{}
	if strings.TrimSpace(y.Notice) == "" {
		faults = append(faults, RuleFault{Column: "文号", Text: "文号不能为空：没有正式通知的年份自动为暂定"})
	}
	if len(y.Holidays) == 0 {
		faults = append(faults, RuleFault{Column: "放假", Text: "没有一天放假"})
	}
	for _, f := range y.Faults() {
		faults = append(faults, RuleFault{Column: yearFields[f.Field], Value: f.Value, Text: "“" + f.Value + "”" + f.Text})
	}
	return faults
}

// ApplyYear enters a year's notice and moves the deadlines of open legs. RuleFaults.
func (s *Service) ApplyYear(ctx context.Context, who Identity, y calendar.Year) (CalendarView, error) {
	if err := who.need(directory.AdminRules); err != nil {
		return CalendarView{}, err
	}
	if faults := yearFaults(y); len(faults) > 0 {
		return CalendarView{}, faults
	}
	city, err := s.rules.rules(ctx)
	if err != nil {
		return CalendarView{}, err
	}
	old, err := s.ownRules(ctx, city)
	if err != nil {
		return CalendarView{}, err
	}
	next := old
	next.Years = append(slices.DeleteFunc(slices.Clone(old.Years), func(o calendar.Year) bool { return o.Year == y.Year }), y)
	now := s.clock()
	err = s.store.ApplyYear(ctx, YearRow{Year: y, By: who.Account, ByName: who.Name, At: now}, RecomputeRun{
		Cause: fmt.Sprintf("%d 年放假安排（%s）", y.Year, y.Notice), By: who.Account, ByName: who.Name, At: now, Old: old, New: next,
	})
	if err != nil {
		return CalendarView{}, fmt.Errorf("apply calendar: %w", err)
	}
	s.rules.forget()
	if err := s.Audit(ctx, who, "calendar.apply", fmt.Sprint(y.Year), y.Notice); err != nil {
		return CalendarView{}, err
	}
	return s.Calendar(ctx, who, y.Year)
}

// Bounds of a preview: it looks at so many open tickets and shows so many examples.
const (
	impactBatch    = 500
	impactTickets  = 100_000
	impactExamples = 20
)

// impact counts whose deadlines would move.
func (s *Service) impact(ctx context.Context, old, next tickets.Rules) (Impact, error) {
	impact := Impact{Examples: []MovedSample{}, Unofficial: []int{}}
	units, err := s.house.units(ctx)
	if err != nil {
		return impact, err
	}
	var dates []time.Time
	now, after := s.clock(), ""
	for {
		list, err := s.store.OpenLegs(ctx, after, impactBatch)
		if err != nil {
			return impact, fmt.Errorf("look at open deadlines: %w", err)
		}
		for _, t := range list {
			after = t.ID
			dates = append(dates, impact.add(t, next.Recompute(t, old, now), units)...)
		}
		impact.Partial = impact.Open >= impactTickets
		if len(list) < impactBatch || impact.Partial {
			break
		}
	}
	impact.Unofficial = orEmpty(next.Unofficial(dates...))
	return impact, nil
}

// add counts a ticket and returns its deadlines after the change.
func (i *Impact) add(t tickets.Ticket, moves []tickets.Moved, units map[string]tickets.Unit) []time.Time {
	i.Open++
	if len(moves) > 0 {
		i.Moved++
	}
	due := map[int]time.Time{}
	for _, leg := range t.Legs {
		if leg.State.Open() {
			due[leg.N] = leg.DueAt
		}
	}
	for _, m := range moves {
		due[m.Leg] = m.Now.Due
		switch {
		case m.Now.Due.Before(m.Was.Due):
			i.Earlier++
		case m.Now.Due.After(m.Was.Due):
			i.Later++
		}
		if len(i.Examples) < impactExamples && !m.Now.Due.Equal(m.Was.Due) {
			leg, _ := t.Leg(m.Leg)
			i.Examples = append(i.Examples, MovedSample{ID: t.ID, Number: t.Number, Title: t.Title, Unit: units[leg.Unit].Name, Was: m.Was.Due, Now: m.Now.Due})
		}
	}
	dates := make([]time.Time, 0, len(due))
	for _, d := range due {
		dates = append(dates, d)
	}
	return dates
}
