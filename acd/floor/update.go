package floor

import "github.com/open12345/hotline/cti/calls"

// Update is what the floor tells its in-process followers, in order. Exactly one of the
// pointers is set. ID is that of the floor event that caused it ("" for periodic figures).
type Update struct {
	ID    string
	Seat  *SeatView
	Call  *CallView // Call.Seat, if any, is the seat that may see it in full
	Pop   *Pop
	Queue *QueueView
	Event *calls.Event
	Alarm *Alarm
}

// Alarm is something a supervisor or operator has to see.
type Alarm struct {
	Code   string `json:"code"` // switch_down, state_store_down, recording_flaw, journal_slow …
	Detail string `json:"detail"`
	On     bool   `json:"on"` // false: it is over
}

// Snapshot is the whole floor at one instant.
type Snapshot struct {
	ID     string // last floor event id contained
	Seats  []SeatView
	Queues []QueueView
	Calls  []CallView
	Alarms []Alarm
}

// Follower receives every update, in order, without ever blocking the floor: it must queue.
type Follower interface{ Follow(Update) }
