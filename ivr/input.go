package ivr

import "time"

// InputKind says what happened to the caller.
type InputKind string

// Everything that can happen to a caller in a menu.
const (
	// InputStart begins the walk. Caller, Called and Language are set.
	InputStart InputKind = "start"
	// InputResume asks for the current node's actions again, after a successor
	// took over the call.
	InputResume InputKind = "resume"
	// InputDigit is a key: '0' to '9', '*' or '#'. Any other is ignored.
	InputDigit InputKind = "digit"
	// InputPlaybackDone says that the last prompt of a Play has ended.
	InputPlaybackDone InputKind = "playback_done"
	// InputPlaybackFailed says that a Play can't be heard; the walk goes on.
	InputPlaybackFailed InputKind = "playback_failed"
	// InputTimeout says that a Wait has run out. In a queue Position and Estimate
	// are set.
	InputTimeout InputKind = "timeout"
	// InputLookupResult answers a Lookup with Result.
	InputLookupResult InputKind = "lookup_result"
	// InputRecorded says that a Voicemail has been recorded.
	InputRecorded InputKind = "recorded"
	// InputActionDone says that the hand-off called Name ended with Outcome.
	InputActionDone InputKind = "action_done"
	// InputHangup says that the caller is gone.
	InputHangup InputKind = "hangup"
)

// Outcomes of hand-offs in InputActionDone.
const (
	OutcomeDone   = "done"
	OutcomeFailed = "failed"
	// OutcomeOverflow: the caller waited too long; only of "queue".
	OutcomeOverflow = "overflow"
	// OutcomeClosed: the queue is outside its hours; only of "queue".
	OutcomeClosed = "closed"
	// OutcomeFull: the queue is at its greatest length; only of "queue".
	OutcomeFull = "full"
)

// Codes of lookup results; see the package comment.
const (
	ResultFound   = "found"
	ResultNone    = "none"
	ResultWrong   = "wrong"
	ResultLimited = "limited"
	ResultError   = "error"
)

// Result is the answer to a Lookup.
type Result struct {
	Code   string
	Fields map[string]any
}

// Input is one thing that happened. Which fields count follows from Kind.
type Input struct {
	Kind InputKind
	// Seq is the Seq of the action this answers; 0 stands for the current one.
	Seq   int
	Digit byte
	// Caller is the caller's number, empty when anonymous; Called the number dialled.
	Caller, Called string
	// Language is the language to begin in, where it is known already, as after a
	// call; empty is the menu's own.
	Language string
	// Given are the values of the menu's own variables, by name.
	Given         map[string]string
	Result        Result
	Name, Outcome string
	// Position is the place in the queue from 1; 0 is unknown.
	Position int
	// Estimate is the expected wait that may be announced; 0 is unknown.
	Estimate time.Duration
}
