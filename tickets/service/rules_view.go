package service

import (
	"fmt"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
)

// RuleFault is one thing that is wrong with a rule that was sent, in words for who sent it.
type RuleFault struct {
	Row    int    `json:"row,omitempty" doc:"Line of a file or row of a sheet; 0: as a whole"`
	Column string `json:"column,omitempty" doc:"Key of a file or column of a sheet"`
	Value  string `json:"value,omitempty"`
	Text   string `json:"text"`
}

// RuleFaults is every fault of a change that was refused.
type RuleFaults []RuleFault

func (f RuleFaults) Error() string {
	texts := make([]string, 0, len(f))
	for _, fault := range f {
		text := fault.Text
		if fault.Column != "" {
			text = fault.Column + "：" + text
		}
		if fault.Row > 0 {
			text = fmt.Sprintf("第 %d 行 %s", fault.Row, text)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "；")
}

// Impact is what a change of the rules would do to tickets in hand.
type Impact struct {
	Open       int           `json:"open" doc:"Tickets with open legs"`
	Moved      int           `json:"moved" doc:"Tickets whose deadlines move"`
	Earlier    int           `json:"earlier" doc:"Legs due earlier"`
	Later      int           `json:"later" doc:"Legs due later"`
	Examples   []MovedSample `json:"examples"`
	Unofficial []int         `json:"unofficial" doc:"Years that deadlines fall in and that have no official notice"`
	Partial    bool          `json:"partial,omitempty" doc:"There are more open tickets than were looked at"`
}

// MovedSample is a leg whose deadline would move.
type MovedSample struct {
	ID     string    `json:"id"`
	Number string    `json:"number"`
	Title  string    `json:"title"`
	Unit   string    `json:"unit"` // name
	Was    time.Time `json:"was"`
	Now    time.Time `json:"now"`
}

// PolicyView is a policy in force with what else could be.
type PolicyView struct {
	N        int             `json:"n" doc:"Version; 0: the shipped policy of the settings file"`
	Policy   *tickets.Policy `json:"policy"`
	Content  string          `json:"content" doc:"The file, YAML"`
	Note     string          `json:"note"`
	ByName   string          `json:"by_name"`
	At       time.Time       `json:"at,omitzero"`
	Versions []PolicyRow     `json:"versions"`
	Presets  []PolicyPreset  `json:"presets"`
}

// PolicyPreset is a shipped policy.
type PolicyPreset struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Source  string `json:"source"`
	Content string `json:"content"`
}

// PolicyPreview is what a policy file would do.
type PolicyPreview struct {
	Faults  []RuleFault     `json:"faults"`
	Policy  *tickets.Policy `json:"policy,omitempty"`
	Changes []PolicyChange  `json:"changes" doc:"Settings that differ from those in force"`
	Impact  *Impact         `json:"impact,omitempty"`
}

// PolicyChange is a setting that differs; an empty side has none.
type PolicyChange struct {
	Key string `json:"key"`
	Was string `json:"was"`
	Now string `json:"now"`
}

// CalendarView is one year of the working-day calendar.
type CalendarView struct {
	calendar.Year
	Official  bool          `json:"official" doc:"false: 暂定, weekends and 元旦 only"`
	Entered   *YearEntry    `json:"entered,omitempty" doc:"By whom, when it was entered by hand; otherwise it is the shipped one"`
	Days      []CalendarDay `json:"days" doc:"Days that are not as the week has them"`
	Years     []int         `json:"years" doc:"With official notice"`
	Needed    []int         `json:"needed" doc:"Years that open deadlines fall in and that have no official notice: an alarm"`
	Working   int           `json:"working" doc:"Working days of the year"`
	Schedules []string      `json:"schedules" doc:"Opening hours by name, that a policy can count by"`
}

// YearEntry is who entered a notice.
type YearEntry struct {
	ByName string    `json:"by_name"`
	At     time.Time `json:"at"`
}

// CalendarDay is a day off in the week, or a day of the weekend that is worked.
type CalendarDay struct {
	Day     string `json:"day"`
	Name    string `json:"name"`
	Working bool   `json:"working"`
}

// CalendarPreview is what a year's notice would do.
type CalendarPreview struct {
	Faults  []RuleFault   `json:"faults"`
	Days    []CalendarDay `json:"days"`
	Working int           `json:"working"`
	Impact  *Impact       `json:"impact,omitempty"`
}
