package acd

import (
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// CallID names a call; it is the same value on the floor and at the desk.
type CallID = calls.ID

// SeatID names a seat (坐席), for example "8001".
type SeatID string

// QueueID names a queue.
type QueueID string

// Skill is a business domain or a language a seat can serve, for example "social_security", "en".
type Skill string

// Levels of a skill: 1 is the lowest, 10 the highest. Values outside are taken as the nearest.
const (
	MinLevel = 1
	MaxLevel = 10
)

// Need is a wanted skill with the lowest level that will do.
type Need struct {
	Skill Skill `json:"skill" yaml:"skill"`
	Min   int   `json:"min" yaml:"min"` // MinLevel to MaxLevel; 0 is MinLevel
}

// Request is a caller who wants a person.
type Request struct {
	Call  CallID  `json:"call"`
	Queue QueueID `json:"queue"`
	// All must every one be met, and of Any at least one (unless it is empty).
	All []Need `json:"all,omitempty"`
	Any []Need `json:"any,omitempty"`
	// Priority is worth one service-level target of waiting per unit; -100 to 100.
	Priority int `json:"priority,omitempty"`
	// EnteredAt is when the caller first asked for a person. It survives a return after no
	// answer, an overflow to another queue and a restart. Zero is the time of the offer.
	EnteredAt time.Time `json:"entered_at"`
	// QueuedAt is when the call came into this queue, if an overflow moved it; zero is EnteredAt.
	QueuedAt time.Time `json:"queued_at,omitzero"`
	// AtHead puts a call that a seat didn't answer before all others of its queue. It is not
	// counted as a new request.
	AtHead bool `json:"at_head,omitempty"`
	// Exclude are seats that must not get this call.
	Exclude []SeatID `json:"exclude,omitempty"`
}

// Seat is a seat with the skills of the agent who signed in at it.
type Seat struct {
	ID SeatID `json:"id"`
	// Skills with their levels; a level of 0 or less means the skill is absent.
	Skills map[Skill]int `json:"skills"`
	// Queues the seat serves; empty means any whose calls its skills fit.
	Queues []QueueID `json:"queues,omitempty"`
}
