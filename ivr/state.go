package ivr

import (
	"maps"
	"slices"
	"time"
)

// phase is what the walk waits for.
type phase string

const (
	phaseNone    phase = ""
	phasePlaying phase = "playing" // the end of a Play, or a key
	phaseWaiting phase = "waiting" // a key, or the end of a Wait
	phaseLookup  phase = "lookup"  // an InputLookupResult, or the end of a Wait
	phaseHandOff phase = "handoff" // an InputActionDone
	phaseDone    phase = "done"
)

// State is where a caller stands in a menu. It is plain data: it survives JSON, and
// Step never changes the one it is given.
type State struct {
	// Menu and Version name the menu file this walk began on.
	Menu    string `json:"menu"`
	Version string `json:"version"`
	// Node is the name of the node the caller is at.
	Node  string `json:"node"`
	Phase phase  `json:"phase,omitempty"`
	// Stage is the step inside a node that has several, such as callback.
	Stage string `json:"stage,omitempty"`
	// Seq is the number of the last Play, Wait or Lookup.
	Seq     int       `json:"seq"`
	Started time.Time `json:"started"`
	// Language is the caller's language.
	Language string `json:"language"`
	// Counts are no-input, invalid and lookup tries by node and kind.
	Counts map[string]int `json:"counts,omitempty"`
	// Digits are those of the collection that is going on.
	Digits string `json:"digits,omitempty"`
	// Vars are caller, called, and what was collected, by name. Personal data.
	Vars map[string]string `json:"vars,omitempty"`
	// Secret names those of Vars that are to be forgotten after use.
	Secret []string `json:"secret,omitempty"`
	// Data are the results of lookups, by name.
	Data map[string]any `json:"data,omitempty"`
	// Path is every node visited, in order.
	Path []Visit `json:"path,omitempty"`
	// Visits counts the nodes entered; Path keeps the last of them only.
	Visits int `json:"visits,omitempty"`
	// Queued is the queue node the caller waits at, also while he is in a
	// dialogue that he chose from there.
	Queued string `json:"queued,omitempty"`
	// Queue is the queue he was last put into: that of his voicemail or call-back.
	Queue string `json:"queue,omitempty"`
	// Diverted is set once the walk was cut short and sent to the fallback.
	Diverted bool `json:"diverted,omitempty"`
	// SwallowHash is set after a collection that ended by its length: the # many
	// people press out of habit then means nothing.
	SwallowHash bool `json:"swallow_hash,omitempty"`
	// Done is true when nothing more will happen.
	Done bool `json:"done,omitempty"`
}

// Visit is one node on the caller's path.
type Visit struct {
	Node  string `json:"node"`
	Title string `json:"title,omitempty"`
	// Input is the key or digits given there; "******" where they are secret.
	Input string    `json:"input,omitempty"`
	At    time.Time `json:"at"`
}

// maxPath is how many visits a State keeps, so that it can't grow without end.
const maxPath = 64

func (s State) clone() State {
	s.Counts = maps.Clone(s.Counts)
	s.Vars = maps.Clone(s.Vars)
	s.Data = maps.Clone(s.Data)
	s.Path = slices.Clone(s.Path)
	s.Secret = slices.Clone(s.Secret)
	return s
}

// Inputs are the digits the caller gave, by name, secret ones and his own number
// left out.
func (s State) Inputs() map[string]string {
	out := make(map[string]string, len(s.Vars))
	for name, value := range s.Vars {
		if name == varCaller || name == varCalled || slices.Contains(s.Secret, name) {
			continue
		}
		out[name] = value
	}
	return out
}

// Names of variables that are always there.
const (
	varCaller   = "caller"
	varCalled   = "called"
	varPosition = "position"  // place in the queue, while announcing
	varWaitBand = "wait_band" // see WaitBand, while announcing
)

// WaitBand is the band in which an expected wait is announced: "unknown" (0), "1"
// (up to a minute), "3", "5", "10" or "more" minutes.
func WaitBand(d time.Duration) string {
	switch {
	case d <= 0:
		return "unknown"
	case d <= time.Minute:
		return "1"
	case d <= 3*time.Minute:
		return "3"
	case d <= 5*time.Minute:
		return "5"
	case d <= 10*time.Minute:
		return "10"
	default:
		return "more"
	}
}
