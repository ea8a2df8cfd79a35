// Package ivr is the hotline's menu language: it parses a menu file, checks it
// and walks a caller through it.
//
// A menu is a YAML file of named nodes (say, menu, pick, collect, hours, language,
// lookup, queue, voicemail, callback, transfer, rate, hangup). Parse turns it
// into an immutable *Menu or into a list of Faults with file and line. Step is
// the interpreter: it takes the caller's State and one Input and returns the
// next State and the Actions the floor has to carry out. State is plain data
// that survives JSON, so a successor server continues at the same node with the
// inputs given so far (send InputResume).
//
// The package is pure: no I/O, no clock, no goroutine, no randomness. Time comes
// in as an argument, the calendar as a function, the names that exist outside
// (prompts, queues, skills, schedules, lookups) as an Environment.
//
// # What the floor does with the actions
//
//   - Play replaces what is playing to the caller. When its last prompt ends send
//     InputPlaybackDone with the action's Seq, or InputPlaybackFailed when it
//     can't be played: an unplayable prompt never holds a caller. A Play none of
//     whose prompts has a sound is done at once. Optional prompts without a sound
//     are left out.
//   - StopPlayback stops it; no InputPlaybackDone is needed afterwards.
//   - Wait starts a timer: when it runs out send InputTimeout with its Seq. A new
//     Play or Wait replaces a running timer, and a step that returns no actions
//     leaves it running. Inputs with an old Seq are ignored, so late and duplicate
//     events do no harm; Seq 0 stands for "the current one".
//   - Lookup asks the desk; send InputLookupResult. The Wait beside it bounds the
//     answer: its timeout counts as the result code "error".
//   - Rate is recorded and needs no answer.
//   - Queue puts the caller into a queue, and the walk goes on while he waits:
//     the Wait that follows it is the rhythm of the announcements, and the
//     InputTimeout that answers it carries Position and Estimate. Keys pressed in
//     the queue go to Step as everywhere. The caller keeps his place until a seat
//     takes him or a Voicemail, Callback, Transfer or Hangup takes him out. Where
//     the queue gives him up, send InputActionDone{Name: "queue", Outcome: …}
//     with OutcomeOverflow, OutcomeClosed or OutcomeFull.
//   - Voicemail, Callback and Transfer are hand-offs: when one ends send
//     InputActionDone with Name "voicemail", "callback", "transfer" and
//     OutcomeDone or OutcomeFailed (InputRecorded stands for a voicemail that is
//     done). Then the caller walks on in the menu.
//   - Hangup ends the call.
//
// InputHangup ends the walk at any moment; State.Done is then true.
//
// # Lookups
//
// The floor answers a Lookup with a Result{Code, Fields}. The lookup "guides" takes
// nothing and answers found, none or error, with the field items: each guide has title
// and text, which name prompts. The two lookups of a ticket's progress speak the public
// state and a date and nothing else.
//
//	progress_by_caller  args: caller
//	progress_by_number  args: number (12 digits), code (the 6-digit 查询码)
//
//	code     found   fields below
//	         none    no ticket for this caller (by_caller only)
//	         wrong   no such number, or the code does not fit: the two are
//	                 told apart to nobody (by_number only)
//	         limited more than 10 queries by this number today; the desk counts
//	         error   the desk does not answer
//	fields   count   how many open or recently closed tickets, a number
//	         items   at most five, newest first, each with
//	                 number  12 digits, a string
//	                 state   accepted handling suspended replied closed
//	                         withdrawn rejected merged
//	                 date    "2006-01-02" or RFC 3339; the day of the expected
//	                         answer (handling), of the next word (suspended), of
//	                         closing (closed); empty where there is none
//
// by_number returns the same fields with exactly one item. A unit's name is
// not among the fields: it is not spoken.
//
// # Personal data
//
// State.Vars holds the caller's number and the digits he entered. Whoever stores a
// State encrypts it as the call's caller number is. Digits of a secret collect node
// never appear in the Path and are forgotten once a lookup has used them.
package ivr
