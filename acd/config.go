package acd

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrConfig is the kind of every error in a configuration.
var ErrConfig = errors.New("faulty engine configuration")

// ConfigError names the faulty queue and field.
type ConfigError struct {
	Queue QueueID // empty: the fault is outside the queues
	Field string  // for example "overflow[1].to"
	Fault string
}

// Error says which queue and field is faulty, and why.
func (e *ConfigError) Error() string {
	if e.Queue == "" {
		return fmt.Sprintf("%v: %s: %s", ErrConfig, e.Field, e.Fault)
	}
	return fmt.Sprintf("%v: queue %q: %s: %s", ErrConfig, e.Queue, e.Field, e.Fault)
}

// Unwrap makes errors.Is(err, ErrConfig) true.
func (e *ConfigError) Unwrap() error { return ErrConfig }

// Config is the engine's configuration. Opening hours are not here: the floor asks them before
// it offers a call.
type Config struct {
	Queues []QueueConfig `json:"queues" yaml:"queues"`
	// Bands are the upper bounds of the announced waits, rising; the last band is open. Empty
	// means DefaultBands.
	Bands []time.Duration `json:"bands,omitempty" yaml:"bands"`
}

// DefaultBands are the bounds between which waits are announced.
var DefaultBands = []time.Duration{
	time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 15 * time.Minute, 20 * time.Minute, 30 * time.Minute,
}

// DefaultTarget is the service-level target of GB/T 33358-2016: answered within 15 s.
const DefaultTarget = 15 * time.Second

// SeatChoice is the rule by which a queue chooses among free seats that fit.
type SeatChoice string

// Rules for choosing a seat.
const (
	// SpecialistsFirst takes the seat with the fewest skills, then the best levels for this
	// call, then the longest idle, so that generalists stay free for others. The default.
	SpecialistsFirst SeatChoice = "specialists_first"
	// LongestIdle takes the seat that has been free the longest.
	LongestIdle SeatChoice = "longest_idle"
	// LeastOccupied takes the seat that was busy with calls the least of the last half hour.
	LeastOccupied SeatChoice = "least_occupied"
	// RoundRobin takes the seat whose last call was given to it the longest ago.
	RoundRobin SeatChoice = "round_robin"
)

// QueueConfig is a queue's rules. All durations but OverflowRule.After count from Request.EnteredAt.
type QueueConfig struct {
	ID QueueID `json:"id" yaml:"id"`
	// Target is the service-level target; the score is priority + waited/Target. Zero is
	// DefaultTarget.
	Target time.Duration `json:"target" yaml:"target"`
	Choice SeatChoice    `json:"choice,omitempty" yaml:"choice"`
	// Relax widens the choice of seats for a call that waits long, step by step.
	Relax []RelaxStep `json:"relax,omitempty" yaml:"relax"`
	// Ceiling is the wait after which every seat of the queue will do, whatever its skills.
	// Zero means none.
	Ceiling time.Duration `json:"ceiling,omitempty" yaml:"ceiling"`
	// Overflow moves calls on: at most one rule by time, any number by length.
	Overflow []OverflowRule `json:"overflow,omitempty" yaml:"overflow"`
	// MaxLength is how many may wait at most; the next goes to WhenFull. Zero means no limit.
	MaxLength int    `json:"max_length,omitempty" yaml:"max_length"`
	WhenFull  Target `json:"when_full,omitzero" yaml:"when_full"`
	// MaxWait is how long a call may wait in all; then it goes to AtMaxWait. Zero means no limit.
	MaxWait   time.Duration `json:"max_wait,omitempty" yaml:"max_wait"`
	AtMaxWait Target        `json:"at_max_wait,omitzero" yaml:"at_max_wait"`
	// Announce is carried for the floor, which speaks; the engine only supplies the figures.
	Announce Announce `json:"announce,omitzero" yaml:"announce"`
}

// RelaxStep makes a call's wish smaller once it has waited After. Steps add up.
type RelaxStep struct {
	After time.Duration `json:"after" yaml:"after"`
	// Skill the step is about; empty means every wanted skill.
	Skill Skill `json:"skill,omitempty" yaml:"skill"`
	// LowerBy lowers the minimum level; it never goes below MinLevel. LowerTo lowers it to that
	// level where it is higher.
	LowerBy int `json:"lower_by,omitempty" yaml:"lower_by"`
	LowerTo int `json:"lower_to,omitempty" yaml:"lower_to"`
	// Drop gives up the wish for the skill. If the skill is one of an any-of group, the group is met.
	Drop bool `json:"drop,omitempty" yaml:"drop"`
}

// OverflowRule moves a call to another place after a time in this queue, or at once when the queue is
// long. At least one of After and AtLength is set.
type OverflowRule struct {
	After    time.Duration `json:"after,omitempty" yaml:"after"`         // since the call came into this queue
	AtLength int           `json:"at_length,omitempty" yaml:"at_length"` // calls waiting at the moment of entry
	To       Target        `json:"to" yaml:"to"`
}

// Announce is what a waiting caller hears about the queue.
type Announce struct {
	First    time.Duration `json:"first,omitempty" yaml:"first"` // after entry; zero: at once
	Every    time.Duration `json:"every,omitempty" yaml:"every"` // zero: never again
	Position bool          `json:"position,omitempty" yaml:"position"`
	Wait     bool          `json:"wait,omitempty" yaml:"wait"`
}

// TargetKind is the sort of place a call overflows to.
type TargetKind string

// Places a call overflows to.
const (
	ToNobody    TargetKind = ""          // refused: the floor tells the caller and ends the call
	ToQueue     TargetKind = "queue"     // another queue
	ToCallback  TargetKind = "callback"  // the call-back list 回拨
	ToVoicemail TargetKind = "voicemail" // a message 留言
)

// Target is a place a call overflows to. Its text form is "callback", "voicemail", "queue:ID", or
// empty for refused.
type Target struct {
	Kind  TargetKind
	Queue QueueID // with ToQueue
}

// String is the text form.
func (t Target) String() string {
	if t.Kind == ToQueue {
		return string(ToQueue) + ":" + string(t.Queue)
	}
	return string(t.Kind)
}

// IsZero tells whether the target is nobody; it keeps unset targets out of JSON.
func (t Target) IsZero() bool { return t == Target{} }

// MarshalText writes the text form.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the text form.
func (t *Target) UnmarshalText(text []byte) error {
	kind, queue, hasQueue := strings.Cut(string(text), ":")
	switch k := TargetKind(kind); {
	case hasQueue && k == ToQueue && queue != "":
		*t = Target{Kind: ToQueue, Queue: QueueID(queue)}
	case !hasQueue && (k == ToNobody || k == ToCallback || k == ToVoicemail):
		*t = Target{Kind: k}
	default:
		return fmt.Errorf("overflow target %q: want callback, voicemail or queue:ID", text)
	}
	return nil
}

// Validate reports the first fault as a *ConfigError.
func (cfg Config) Validate() error {
	for i, bound := range cfg.Bands {
		if bound <= 0 || i > 0 && bound <= cfg.Bands[i-1] {
			return &ConfigError{Field: fmt.Sprintf("bands[%d]", i), Fault: "bounds must be positive and rising"}
		}
	}
	known := make(map[QueueID]*QueueConfig, len(cfg.Queues))
	for i := range cfg.Queues {
		q := &cfg.Queues[i]
		switch {
		case q.ID == "":
			return &ConfigError{Field: fmt.Sprintf("queues[%d].id", i), Fault: "is empty"}
		case known[q.ID] != nil:
			return &ConfigError{Queue: q.ID, Field: "id", Fault: "is used twice"}
		}
		known[q.ID] = q
	}
	for i := range cfg.Queues {
		if err := cfg.Queues[i].validate(known); err != nil {
			return err
		}
	}
	return overflowLoop(cfg.Queues, known)
}

func (q *QueueConfig) validate(known map[QueueID]*QueueConfig) error {
	fault := func(field, format string, args ...any) error {
		return &ConfigError{Queue: q.ID, Field: field, Fault: fmt.Sprintf(format, args...)}
	}
	choices := []SeatChoice{"", SpecialistsFirst, LongestIdle, LeastOccupied, RoundRobin}
	switch {
	case q.Target != 0 && (q.Target < time.Second || q.Target > time.Hour):
		return fault("target", "%v is not between 1s and 1h", q.Target)
	case !slices.Contains(choices, q.Choice):
		return fault("choice", "unknown rule %q", q.Choice)
	case q.Ceiling < 0:
		return fault("ceiling", "is negative")
	case q.MaxLength < 0:
		return fault("max_length", "is negative")
	case q.MaxWait < 0:
		return fault("max_wait", "is negative")
	case q.Announce.First < 0 || q.Announce.Every < 0:
		return fault("announce", "is negative")
	}
	for i, step := range q.Relax {
		field := fmt.Sprintf("relax[%d]", i)
		switch {
		case step.After <= 0 || i > 0 && step.After <= q.Relax[i-1].After:
			return fault(field+".after", "must be positive and later than the step before")
		case ways(step) != 1:
			return fault(field, "wants one of drop, lower_by and lower_to")
		case step.LowerBy < 0 || step.LowerBy > MaxLevel:
			return fault(field+".lower_by", "%d is not between 1 and %d", step.LowerBy, MaxLevel)
		case step.LowerTo < 0 || step.LowerTo > MaxLevel:
			return fault(field+".lower_to", "%d is not between 1 and %d", step.LowerTo, MaxLevel)
		}
	}
	timed := false
	for i, over := range q.Overflow {
		field := fmt.Sprintf("overflow[%d]", i)
		switch {
		case over.After < 0 || over.AtLength < 0:
			return fault(field, "is negative")
		case over.After == 0 && over.AtLength == 0:
			return fault(field, "wants after or at_length")
		case over.To.Kind == ToNobody:
			return fault(field+".to", "is missing")
		case over.After > 0 && timed:
			return fault(field+".after", "a queue has one overflow by time; a later one would find no call")
		}
		timed = timed || over.After > 0
	}
	for field, to := range q.targets() {
		if err := to.validate(known); err != "" {
			return fault(field, "%s", err)
		}
	}
	return nil
}

// ways counts how a step relaxes.
func ways(step RelaxStep) int {
	n := 0
	for _, set := range [...]bool{step.Drop, step.LowerBy != 0, step.LowerTo != 0} {
		if set {
			n++
		}
	}
	return n
}

// targets yields every place the queue sends calls to, by field.
func (q *QueueConfig) targets() func(yield func(string, Target) bool) {
	return func(yield func(string, Target) bool) {
		for i, over := range q.Overflow {
			if !yield(fmt.Sprintf("overflow[%d].to", i), over.To) {
				return
			}
		}
		if yield("when_full", q.WhenFull) {
			yield("at_max_wait", q.AtMaxWait)
		}
	}
}

func (t Target) validate(known map[QueueID]*QueueConfig) (fault string) {
	switch t.Kind {
	case ToNobody, ToCallback, ToVoicemail:
		return ""
	case ToQueue:
		if known[t.Queue] == nil {
			return fmt.Sprintf("unknown queue %q", t.Queue)
		}
		return ""
	default:
		return fmt.Sprintf("unknown target %q", t.Kind)
	}
}

// overflowLoop refuses queues that overflow into each other: such calls would go round for ever.
func overflowLoop(queues []QueueConfig, known map[QueueID]*QueueConfig) error {
	const visiting, done = 1, 2
	state := make(map[QueueID]int, len(queues))
	var visit func(q *QueueConfig) error
	visit = func(q *QueueConfig) error {
		state[q.ID] = visiting
		for field, to := range q.targets() {
			if to.Kind != ToQueue {
				continue
			}
			switch state[to.Queue] {
			case visiting:
				return &ConfigError{Queue: q.ID, Field: field, Fault: fmt.Sprintf("closes a loop back to queue %q", to.Queue)}
			case done:
			default:
				if err := visit(known[to.Queue]); err != nil {
					return err
				}
			}
		}
		state[q.ID] = done
		return nil
	}
	for i := range queues {
		if state[queues[i].ID] == 0 {
			if err := visit(&queues[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
