package service

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// ReportStore counts for reports.
type ReportStore interface {
	// DayCounts counts a span; units nil: the whole city.
	DayCounts(ctx context.Context, from, to, now time.Time, units []string) (DayCounts, error)
}

// DayCounts are the plain counts of a day.
type DayCounts struct {
	Offered, Answered, Answered15, Abandoned int // inbound calls that reached a queue
	Rated, RatedGood                         int
	Submitted, Direct, Dispatched            int
	Closed, Satisfied, Judged                int
	Reworked, Returned, Extended             int
	DueSoon, PastDue, Open                   int
	ByState, ByType, ByClass, ByUnit         []NamedCount
}

// NamedCount is a count of one code: of a state, a class, a unit.
type NamedCount struct {
	Code  string
	Name  string
	Count int
}

// Figure is one figure of a report. Link opens the list it was counted from; empty: there is no
// list of it.
type Figure struct {
	Label string   `json:"label"`
	Value string   `json:"value"`
	Was   string   `json:"was,omitempty"` // the day before
	Share *float64 `json:"share,omitempty"`
	Link  string   `json:"link,omitempty"`
	Alarm bool     `json:"alarm,omitempty"` // misses the aim of the trade
}

// Section is a part of a report.
type Section struct {
	Title   string   `json:"title"`
	Figures []Figure `json:"figures"`
}

// DailyReport is 日报: one page.
type DailyReport struct {
	Day      string    `json:"day"` // 2006-01-02
	Unit     *UnitRef  `json:"unit,omitempty"`
	Made     time.Time `json:"made"`
	Whole    bool      `json:"whole"` // the day is over
	Sections []Section `json:"sections"`
}

// dayReach is how far back a daily report may look.
const dayReach = 3 * 366 * 24 * time.Hour

// Daily makes the report of a day, which is 2006-01-02 in the hotline's zone; empty: today. Who
// sees all gets the city's, others their unit's and those below. directory.ErrInvalid.
func (s *Service) Daily(ctx context.Context, who Identity, day string) (DailyReport, error) {
	if err := who.need(directory.ReportsRead); err != nil {
		return DailyReport{}, err
	}
	now := s.today()
	from := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, s.zone)
	if day != "" {
		asked, err := time.ParseInLocation(time.DateOnly, day, s.zone)
		if err != nil || asked.After(now) || now.Sub(asked) > dayReach {
			return DailyReport{}, fmt.Errorf("%w: 日期 %q", directory.ErrInvalid, day)
		}
		from = asked
	}
	var units []string
	if who.Scope(directory.ReportsRead) != directory.ScopeAll {
		var err error
		if units, err = s.unitsOf(ctx, who); err != nil {
			return DailyReport{}, err
		}
	}
	to := from.AddDate(0, 0, 1)
	counts, err := s.store.DayCounts(ctx, from, to, s.clock(), units)
	if err != nil {
		return DailyReport{}, fmt.Errorf("count the day: %w", err)
	}
	before, err := s.store.DayCounts(ctx, from.AddDate(0, 0, -1), from, s.clock(), units)
	if err != nil {
		return DailyReport{}, fmt.Errorf("count the day before: %w", err)
	}
	r := DailyReport{Day: from.Format(time.DateOnly), Made: s.clock(), Whole: !to.After(now), Sections: dailySections(counts, before, from, to, units == nil)}
	if units != nil {
		r.Unit = who.Unit
	}
	return r, nil
}

func dailySections(c, was DayCounts, from, to time.Time, city bool) []Section {
	submitted := func(pairs ...string) string { return listLink("/search", "submitted_", from, to, pairs...) }
	closed := func(pairs ...string) string { return listLink("/search", "closed_", from, to, pairs...) }
	count := func(label string, n, before int, link string) Figure {
		return Figure{Label: label, Value: fmt.Sprint(n), Was: fmt.Sprint(before), Link: link}
	}
	var sections []Section
	if city {
		calls := listLink("/calls", "", from, to, "direction", "inbound")
		sections = append(sections, Section{"话务", []Figure{
			count("人工呼入请求", c.Offered, was.Offered, calls), count("人工接通", c.Answered, was.Answered, calls),
			count("放弃", c.Abandoned, was.Abandoned, calls),
			rate("人工接通率", c.Answered, c.Offered, was.Answered, was.Offered, 0.95),
			rate("15 秒接通率", c.Answered15, c.Offered, was.Answered15, was.Offered, 0),
			rate("满意率（评价）", c.RatedGood, c.Rated, was.RatedGood, was.Rated, 0),
		}})
	}
	sections = append(sections, Section{"工单", []Figure{
		count("受理", c.Submitted, was.Submitted, submitted()), count("直办办结", c.Direct, was.Direct, closed("result", "direct")),
		count("转办", c.Dispatched, was.Dispatched, ""), count("办结", c.Closed, was.Closed, closed()),
		count("重办", c.Reworked, was.Reworked, ""),
		count("退单", c.Returned, was.Returned, ""), count("延期", c.Extended, was.Extended, ""),
		rate("满意率（回访）", c.Satisfied, c.Judged, was.Satisfied, was.Judged, 0),
	}}, Section{"当前在办", []Figure{
		{Label: "在办", Value: fmt.Sprint(c.Open), Link: "/search?open=true"},
		{Label: "将超期", Value: fmt.Sprint(c.DueSoon), Link: "/search?light=yellow", Alarm: c.DueSoon > 0},
		{Label: "已超期", Value: fmt.Sprint(c.PastDue), Link: "/search?light=red", Alarm: c.PastDue > 0},
	}})
	for _, part := range []struct {
		title, key string
		counts     []NamedCount
		terms      []tickets.Term
	}{{"按状态", "state", c.ByState, tickets.States}, {"按类型", "type", c.ByType, tickets.Types}, {"问题分类", "class", c.ByClass, nil}, {"承办单位", "unit", c.ByUnit, nil}} {
		section := Section{Title: part.title, Figures: []Figure{}}
		for _, n := range part.counts {
			name := n.Name
			if name == "" {
				name = tickets.Label(part.terms, n.Code)
			}
			section.Figures = append(section.Figures, Figure{Label: name, Value: fmt.Sprint(n.Count), Link: submitted(part.key, n.Code)})
		}
		if len(section.Figures) > 0 {
			sections = append(sections, section)
		}
	}
	return sections
}

// rate is a share of what there was; without anything there is none. aim 0 is none.
func rate(label string, n, of, nBefore, ofBefore int, aim float64) Figure {
	f := Figure{Label: label, Value: "—"}
	if of > 0 {
		share := float64(n) / float64(of)
		f.Share, f.Value, f.Alarm = &share, fmt.Sprintf("%.1f%%", share*100), share < aim
	}
	if ofBefore > 0 {
		f.Was = fmt.Sprintf("%.1f%%", float64(nBefore)/float64(ofBefore)*100)
	}
	return f
}

// listLink opens the list of a span; field begins the names of its two filters.
func listLink(path, field string, from, to time.Time, pairs ...string) string {
	q := url.Values{field + "from": {from.UTC().Format(time.RFC3339)}, field + "to": {to.UTC().Format(time.RFC3339)}}
	for pair := range slices.Chunk(pairs, 2) {
		q.Set(pair[0], pair[1])
	}
	return path + "?" + q.Encode()
}
