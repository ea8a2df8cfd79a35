package ivr

import "time"

// Action is something the floor has to do for the caller. The package comment says
// what it answers to each.
type Action interface{ action() }

// Play plays prompts in order, in place of whatever is playing.
type Play struct {
	// Seq is repeated in the InputPlaybackDone that answers it.
	Seq     int
	Prompts []Prompt
	// Interruptible is false where keys are not even read before the end.
	Interruptible bool
}

// StopPlayback silences the current Play.
type StopPlayback struct{}

// Wait starts a timer, answered by InputTimeout.
type Wait struct {
	// Seq is repeated in the InputTimeout that answers it.
	Seq int
	// For is how long to wait from now.
	For time.Duration
}

// Lookup asks a named question of the desk, answered by InputLookupResult.
type Lookup struct {
	// Seq is repeated in the InputLookupResult that answers it.
	Seq  int
	Name string
	Args map[string]string
}

// Need is a skill with the lowest level that will do, 1 to 10.
type Need struct {
	Skill string `json:"skill"`
	Level int    `json:"level"`
}

// Request is what the caller wants of a queue.
type Request struct {
	Queue    string `json:"queue"`
	Language string `json:"language"`
	// Needs are all wanted; of AnyOf at least one, where there is any.
	Needs    []Need `json:"needs,omitempty"`
	AnyOf    []Need `json:"any_of,omitempty"`
	Priority int    `json:"priority,omitempty"`
	// Intent is the caller's wish in words for the seat's screen, such as 企业服务.
	Intent string `json:"intent,omitempty"`
	// Inputs are the digits he gave, by name, secret ones left out.
	Inputs map[string]string `json:"inputs,omitempty"`
}

// Queue puts the caller into a queue. He stays in it while the menu goes on.
type Queue struct{ Request Request }

// Voicemail records the caller after a beep, until he hangs up, presses # or the
// time is over.
type Voicemail struct {
	// MaxSeconds is the longest recording.
	MaxSeconds int
	// Queue is whose list of messages it goes to.
	Queue    string
	Language string
}

// Callback takes down the wish to be called back on a number that the caller has
// confirmed.
type Callback struct {
	Number   string
	Queue    string
	Language string
}

// Transfer connects the caller to an outside number, such as 110.
type Transfer struct {
	Number string
	// Label names the other side in words.
	Label string
}

// Rate records the caller's answer to a question.
type Rate struct {
	// Question is "satisfaction" or the node's own name for it.
	Question string
	// Score is 1 非常满意 to 5 非常不满意 for satisfaction, else the option's number.
	Score int
}

// Hangup ends the call from our side.
type Hangup struct {
	// Cause is a word for the record, such as "served" or "rated".
	Cause string
}

func (Play) action()         {}
func (StopPlayback) action() {}
func (Wait) action()         {}
func (Lookup) action()       {}
func (Queue) action()        {}
func (Voicemail) action()    {}
func (Callback) action()     {}
func (Transfer) action()     {}
func (Rate) action()         {}
func (Hangup) action()       {}
