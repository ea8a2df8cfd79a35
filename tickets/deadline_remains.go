package tickets

import (
	"fmt"
	"time"
)

// Remains is what is left until a deadline, or by how much it is past, in the words of a list.
type Remains struct {
	Past    bool `json:"past"`
	Working bool `json:"working"` // in office time: a day is one day's office hours
	Days    int  `json:"days"`
	Hours   int  `json:"hours"`
	Minutes int  `json:"minutes"`
}

// sameDay is the time under which a remainder is shown by the clock: nobody counts office hours
// until this evening.
const sameDay = 8 * time.Hour

// Remains says what is left at now: by the clock when it is less than a working day or the policy
// counts round the clock, else in office time.
func (r Rules) Remains(now, due time.Time) Remains {
	left := due.Sub(now)
	past := left < 0
	day := 24 * time.Hour
	working := false
	if left.Abs() >= sameDay && r.countsOffice() {
		if open := r.Calendar.OpenTime(r.Policy.Office, now, due); open != 0 {
			left, day, working = open, r.Calendar.DayLength(r.Policy.Office), true
		}
	}
	left = left.Abs().Truncate(time.Minute)
	rest := left % day
	return Remains{
		Past: past, Working: working, Days: int(left / day), Hours: int(rest / time.Hour), Minutes: int(rest % time.Hour / time.Minute),
	}
}

// countsOffice tells whether the policy has limits in office time.
func (r Rules) countsOffice() bool {
	for _, l := range r.Policy.Limits {
		if l.Handle.Unit == WorkingDays || l.Handle.Unit == WorkingHours {
			return true
		}
	}
	return false
}

// String is the remainder in Chinese: 剩 1 工作日 3 小时, 超 2 工作日.
func (r Remains) String() string {
	word, day, hour := "剩", "天", "小时"
	if r.Past {
		word = "超"
	}
	if r.Working {
		day, hour = "工作日", "工作小时"
	}
	switch {
	case r.Days > 0 && r.Hours > 0:
		return fmt.Sprintf("%s %d %s %d 小时", word, r.Days, day, r.Hours)
	case r.Days > 0:
		return fmt.Sprintf("%s %d %s", word, r.Days, day)
	case r.Hours > 0 && r.Minutes > 0:
		return fmt.Sprintf("%s %d %s %d 分钟", word, r.Hours, hour, r.Minutes)
	case r.Hours > 0:
		return fmt.Sprintf("%s %d %s", word, r.Hours, hour)
	case r.Minutes > 0:
		return fmt.Sprintf("%s %d 分钟", word, r.Minutes)
	}
	return word + "不到 1 分钟"
}
