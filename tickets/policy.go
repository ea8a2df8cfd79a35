package tickets

import "time"

// Policy is a city's rules of time: everything that differs from city to city. It is read from
// a policy file and never changed by the program.
type Policy struct {
	ID     string `yaml:"id" json:"id"`
	Name   string `yaml:"name" json:"name"`
	Source string `yaml:"source" json:"source"` // the regulation it comes from

	Office      string      `yaml:"office" json:"office"`               // schedule of working hours, of the calendar
	FromNextDay bool        `yaml:"from_next_day" json:"from_next_day"` // days count from the day after receipt
	Limits      []LimitRule `yaml:"limits" json:"limits"`               // the first that fits is taken

	Inner        InnerRule            `yaml:"inner" json:"inner"`
	Extend       ExtendRule           `yaml:"extension" json:"extension"`
	Returns      int                  `yaml:"max_returns" json:"max_returns"` // per ticket; then 疑难会商
	Reworks      int                  `yaml:"max_reworks" json:"max_reworks"`
	Rework       Span                 `yaml:"rework" json:"rework"`               // limit of a round begun by follow-up; zero: the full limit
	ReviewRework Span                 `yaml:"review_rework" json:"review_rework"` // 审核退回
	Deciders     map[RequestKind]Span `yaml:"deciders" json:"deciders"`           // limit of each decision
	AfterDenial  Span                 `yaml:"after_denial" json:"after_denial"`   // at least left to act
	Stages       StageRule            `yaml:"stages" json:"stages"`
	FollowUp     FollowUpRule         `yaml:"follow_up" json:"follow_up"`
	Light        LightRule            `yaml:"light" json:"light"`
	Card         CardRule             `yaml:"card" json:"card"`
	Archive      Span                 `yaml:"archive" json:"archive"`       // after closing
	Reopen       Span                 `yaml:"reopen" json:"reopen"`         // how long after closing it may be asked for
	Supplement   Span                 `yaml:"supplement" json:"supplement"` // 待补充 closes after it
	Remind       Span                 `yaml:"remind" json:"remind"`         // 催办通知书 so long after due
	LeftOpen     Span                 `yaml:"left_open" json:"left_open"`   // a draft so long after its call is shown to 班长
	DutyRing     Span                 `yaml:"duty_ring" json:"duty_ring"`   // 特急: the duty phone rings again so often
	Depth        int                  `yaml:"depth" json:"depth"`           // levels of units
	UrgeAlarm    int                  `yaml:"urge_alarm" json:"urge_alarm"` // urges a day from one number shown to 班长
}

// LimitRule gives the limits of what fits it; empty lists fit everything.
type LimitRule struct {
	Types     []Type    `yaml:"types,omitempty" json:"types,omitempty"`
	Urgencies []Urgency `yaml:"urgencies,omitempty" json:"urgencies,omitempty"`
	Sources   []Source  `yaml:"sources,omitempty" json:"sources,omitempty"`
	Dispatch  Span      `yaml:"dispatch" json:"dispatch"`
	Sign      Span      `yaml:"sign" json:"sign"`
	Return    Span      `yaml:"return" json:"return"`
	Handle    Span      `yaml:"handle" json:"handle"`
	Min       Span      `yaml:"min,omitempty" json:"min,omitzero"` // of a limit chosen by hand
	Max       Span      `yaml:"max,omitempty" json:"max,omitzero"`
}

// InnerRule is what the level below and assists get of the deadline.
type InnerRule struct {
	Earlier Span `yaml:"earlier" json:"earlier"`   // a unit below is due so long before the unit above
	Assist  Span `yaml:"assist" json:"assist"`     // an assist is due so long before the lead
	AtLeast Span `yaml:"at_least" json:"at_least"` // but gets at least this
}

// ExtendRule bounds extensions.
type ExtendRule struct {
	Times   int `yaml:"times" json:"times"`
	MaxDays int `yaml:"max_days" json:"max_days"` // working days each; 0: at most the original limit
}

// StageRule are the hotline's own limits.
type StageRule struct {
	Review       Span `yaml:"review" json:"review"`
	FollowUp     Span `yaml:"follow_up" json:"follow_up"`
	Deliberation Span `yaml:"deliberation" json:"deliberation"`
}

// FollowUpRule says how citizens are followed up.
type FollowUpRule struct {
	Tries    int    `yaml:"tries" json:"tries"`         // on different half-days
	Hours    string `yaml:"hours" json:"hours"`         // schedule of allowed hours
	LinkDays int    `yaml:"link_days" json:"link_days"` // how long the link in the message is open
}

// LightRule says when a light turns yellow: when what remains is at most the smaller one.
type LightRule struct {
	Yellow Span    `yaml:"yellow" json:"yellow"`
	Share  float64 `yaml:"share" json:"share"` // of the limit
}

// CardRule says when cards are issued. A zero span with Yellow set is "at due".
type CardRule struct {
	Yellow      bool `yaml:"yellow" json:"yellow"`               // 黄牌 at due
	RedAfter    Span `yaml:"red_after" json:"red_after"`         // 红牌 so long after due; zero: none
	RedOnSecond bool `yaml:"red_on_second" json:"red_on_second"` // a second yellow is a red
}

// Light is the state of a deadline (灯).
type Light string

// Lights.
const (
	NoLight Light = ""
	Green   Light = "green"
	Yellow  Light = "yellow"
	Red     Light = "red"
)

// Lights lists the lights with their labels.
var Lights = []Term{{string(Green), "绿灯"}, {string(Yellow), "黄灯"}, {string(Red), "红灯"}}

// Deadlines are the three dates of a leg. Began is when the limit began to run.
type Deadlines struct {
	Began  time.Time
	Sign   time.Time
	Return time.Time
	Due    time.Time
}
