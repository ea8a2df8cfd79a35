package directory

import (
	"errors"
	"fmt"
	"time"
)

// ErrInvalid is a row that cannot be kept as it is; the wrapping error names the field.
var ErrInvalid = errors.New("invalid")

func invalid(field, why string) error { return fmt.Errorf("%w: %s %s", ErrInvalid, field, why) }

// Unit is a department or public-service enterprise; two levels.
type Unit struct {
	ID       string `json:"id"`
	Parent   string `json:"parent,omitempty"` // empty: first level
	Name     string `json:"name"`
	Kind     string `json:"kind"` // hotline, department, district, enterprise
	Phone    string `json:"phone,omitempty"`
	Duties   string `json:"duties,omitempty"`
	Initials string `json:"initials,omitempty"`

	Disabled   bool `json:"disabled,omitempty"`    // gets no more tickets
	Approval   bool `json:"approval,omitempty"`    // its leader approves replies before they are reported
	SignReturn bool `json:"sign_return,omitempty"` // its leader signs returns
}

// Skill is something a seat can have, 1 to 10.
type Skill struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"` // domain, language
}

// Seat is a place with two phones: the browser's w<seat> and the SIP phone <seat>.
type Seat struct {
	ID         string         `json:"id"`
	Account    string         `json:"account,omitempty"` // who owns it; empty: nobody
	Group      string         `json:"group"`
	Skills     map[string]int `json:"skills"`
	Queues     []string       `json:"queues"`
	AutoAnswer bool           `json:"auto_answer"`
	WrapUpS    int            `json:"wrap_up_s"`
	Disabled   bool           `json:"disabled"`
}

// Validate names what is wrong with the seat.
func (s Seat) Validate() error {
	if len(s.ID) < 3 || len(s.ID) > 6 {
		return invalid("id", "is three to six digits")
	}
	for _, r := range s.ID {
		if r < '0' || r > '9' {
			return invalid("id", "is three to six digits")
		}
	}
	if s.WrapUpS < 0 || s.WrapUpS > 3600 {
		return invalid("wrap_up_s", "is 0 to 3600")
	}
	return validLevels("skills", s.Skills)
}

func validLevels(field string, levels map[string]int) error {
	for skill, level := range levels {
		if level < 1 || level > 10 {
			return invalid(field+"."+skill, "is a level from 1 to 10")
		}
	}
	return nil
}

// Strategy is how a queue chooses among free seats.
type Strategy string

// Strategies.
const (
	LongestIdle   Strategy = "longest_idle" // specialists first, best level, then longest idle
	LeastOccupied Strategy = "least_occupied"
	RoundRobin    Strategy = "round_robin"
)

// Relax lowers what a request wants after it has waited AfterS seconds: the minimum of Skill
// becomes Level; 0 drops the skill.
type Relax struct {
	AfterS int    `json:"after_s"`
	Skill  string `json:"skill"`
	Level  int    `json:"level"`
}

// Overflow moves a waiting call elsewhere after AfterS seconds or when Length wait already.
type Overflow struct {
	AfterS int    `json:"after_s,omitempty"`
	Length int    `json:"length,omitempty"`
	To     string `json:"to"` // queue:<id>, callback, voicemail
}

// Queue is a line of waiting callers.
type Queue struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Skills        map[string]int `json:"skills"` // what its calls want at least
	AnyOf         map[string]int `json:"any_of,omitempty"`
	TargetS       int            `json:"target_s"` // service level: answered within
	Priority      int            `json:"priority"`
	Strategy      Strategy       `json:"strategy"`
	Relax         []Relax        `json:"relax"`
	Overflow      []Overflow     `json:"overflow"`
	MaxLength     int            `json:"max_length"` // 0: no limit
	MaxWaitS      int            `json:"max_wait_s"`
	CeilingS      int            `json:"ceiling_s"` // nobody waits longer because of skills
	Schedule      string         `json:"schedule"`  // opening hours; empty: always
	AnnounceEvery int            `json:"announce_every_s"`
	Disabled      bool           `json:"disabled"`
}

// Validate names what is wrong with the queue.
func (q Queue) Validate() error {
	switch {
	case q.ID == "":
		return invalid("id", "is missing")
	case q.Name == "":
		return invalid("name", "is missing")
	case q.TargetS < 1 || q.TargetS > 600:
		return invalid("target_s", "is 1 to 600")
	case q.MaxLength < 0 || q.MaxWaitS < 0 || q.CeilingS < 0 || q.AnnounceEvery < 0:
		return invalid("limits", "are not negative")
	}
	switch q.Strategy {
	case LongestIdle, LeastOccupied, RoundRobin:
	default:
		return invalid("strategy", "is longest_idle, least_occupied or round_robin")
	}
	for _, r := range q.Relax {
		if r.AfterS < 1 || r.Level < 0 || r.Level > 10 {
			return invalid("relax", "needs after_s over 0 and a level from 0 to 10")
		}
	}
	for _, o := range q.Overflow {
		if o.To == "" || o.AfterS <= 0 && o.Length <= 0 {
			return invalid("overflow", "needs a target and a time or a length")
		}
	}
	if err := validLevels("skills", q.Skills); err != nil {
		return err
	}
	return validLevels("any_of", q.AnyOf)
}

// Line is a called number (双号并行).
type Line struct {
	Called   string `json:"called"`
	Label    string `json:"label"`
	Menu     string `json:"menu"` // menu file; empty: straight to the queue
	Queue    string `json:"queue"`
	Disabled bool   `json:"disabled"`
}

// Class is a node of the class tree (问题分类).
type Class struct {
	ID       string `json:"id"`
	Parent   string `json:"parent,omitempty"`
	Name     string `json:"name"`
	Initials string `json:"initials"` // of the pinyin
	Order    int    `json:"order"`
	Disabled bool   `json:"disabled"`
	Words    string `json:"words,omitempty"` // further words it is found by
}

// Area is a node of the city's areas.
type Area struct {
	Code   string `json:"code"`
	Parent string `json:"parent,omitempty"`
	Name   string `json:"name"`
}

// Contact is an outside number that may be consulted.
type Contact struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Kind   string `json:"kind"` // emergency, department, interpreter, utility
	Number string `json:"number"`
}

// BlackEntry is a refused number: with a reason, an approver and an end.
type BlackEntry struct {
	Number   string // in clear; sealed at rest
	Reason   string
	Approver string
	Until    time.Time
	At       time.Time
}
