package directory

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Rota says who answers a unit's duty phone. A dated turn goes before a weekly one, and that
// before the usual number.
type Rota struct {
	Phone  string `json:"phone,omitempty"` // usual number
	Weekly []Turn `json:"weekly,omitempty"`
	Dates  []Turn `json:"dates,omitempty"`
}

// Turn is a time on duty. Weekly turns have Days (1 Monday to 7 Sunday), dated ones Date
// (2006-01-02). From and To are times of the day; To before From goes past midnight, and both
// empty is the whole day.
type Turn struct {
	Days  []int  `json:"days,omitempty"`
	Date  string `json:"date,omitempty"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// mostTurns bounds a rota.
const mostTurns = 200

var (
	clockTime  = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
	dutyNumber = regexp.MustCompile(`^[0-9]{3,20}$`)
)

// Validate tells what is wrong with a rota. ErrInvalid.
func (r Rota) Validate() error {
	if r.Phone != "" && !dutyNumber.MatchString(r.Phone) {
		return fmt.Errorf("%w: 值班电话 %q 只能是数字", ErrInvalid, r.Phone)
	}
	if len(r.Weekly)+len(r.Dates) > mostTurns {
		return fmt.Errorf("%w: 值班表超过 %d 条", ErrInvalid, mostTurns)
	}
	for i, t := range slices.Concat(r.Weekly, r.Dates) {
		dated := i >= len(r.Weekly)
		if err := t.validate(dated); err != nil {
			return fmt.Errorf("%w: 值班表第 %d 条：%w", ErrInvalid, i+1, err)
		}
	}
	return nil
}

func (t Turn) validate(dated bool) error {
	if !dutyNumber.MatchString(t.Phone) {
		return fmt.Errorf("电话 %q 只能是数字", t.Phone)
	}
	if (t.From == "") != (t.To == "") || t.From != "" && (!clockTime.MatchString(t.From) || !clockTime.MatchString(t.To)) {
		return fmt.Errorf("时间须如 08:30 到 17:30")
	}
	if dated {
		if _, err := time.Parse(time.DateOnly, t.Date); err != nil {
			return fmt.Errorf("日期 %q 须如 2026-10-01", t.Date)
		}
		return nil
	}
	if len(t.Days) == 0 || slices.ContainsFunc(t.Days, func(d int) bool { return d < 1 || d > 7 }) {
		return fmt.Errorf("请选择星期几")
	}
	return nil
}

// On is who is on duty at now, in now's own zone. Empty: nobody can be rung.
func (r Rota) On(now time.Time) (phone, name string) {
	for _, list := range [][]Turn{r.Dates, r.Weekly} {
		for _, t := range list {
			if t.covers(now) {
				return t.Phone, t.Name
			}
		}
	}
	return r.Phone, ""
}

// covers tells whether the turn is on at now; one past midnight belongs to the day it begins.
func (t Turn) covers(now time.Time) bool {
	clock := now.Format("15:04")
	yesterday := now.AddDate(0, 0, -1)
	switch {
	case t.From == "":
		return t.on(now)
	case t.From <= t.To:
		return t.on(now) && clock >= t.From && clock < t.To
	}
	return t.on(now) && clock >= t.From || t.on(yesterday) && clock < t.To
}

func (t Turn) on(day time.Time) bool {
	if t.Date != "" {
		return day.Format(time.DateOnly) == t.Date
	}
	weekday := int(day.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	return slices.Contains(t.Days, weekday)
}

// UnitInfo is 部门信息 beyond the tree.
type UnitInfo struct {
	Address      string `json:"address,omitempty"`
	Liaison      string `json:"liaison,omitempty"` // 联络员
	LiaisonPhone string `json:"liaison_phone,omitempty"`
	Leader       string `json:"leader,omitempty"` // 分管领导
}

// Prefixes are the beginnings that sign-in names have by district. A prefix is a check and tells
// nothing: two districts may share one.
type Prefixes map[string]string

// Check tells whether the name begins as names of the district do. ErrInvalid.
func (p Prefixes) Check(district, account string) error {
	prefix, ok := p[district]
	if !ok || len(account) > len(prefix) && account[:len(prefix)] == prefix {
		return nil
	}
	return fmt.Errorf("%w: %s的登录账号须以 %s 开头", ErrInvalid, district, prefix)
}
