package floor

import (
	"context"
	"encoding/json"
	"fmt"
)

// Commander takes commands to the floor. The floor itself is one; a process that is not the
// leader has one that posts to the leader.
type Commander interface {
	// Do carries out one command and answers within 2 s. A refusal is *Refusal.
	Do(ctx context.Context, cmd Command) (json.RawMessage, error)
}

// Command is one wish of a person or a client program. The same ID twice is done once.
type Command struct {
	ID      string          `json:"id"`
	Name    CommandName     `json:"name"`
	Account string          `json:"account"` // who asks
	Seat    string          `json:"seat"`    // the asker's seat, if any
	Role    string          `json:"role"`    // agent, supervisor: checked by web, repeated for the audit
	Args    json.RawMessage `json:"args,omitempty"`
}

// CommandName names a command; the comment gives its Args.
type CommandName string

// Commands of a seat about itself.
const (
	CmdSignIn       CommandName = "seat.sign_in"        // SignInArgs
	CmdSignOut      CommandName = "seat.sign_out"       // none
	CmdWish         CommandName = "seat.wish"           // Wish
	CmdWrapUpExtend CommandName = "seat.wrap_up_extend" // SecondsArgs
	CmdWrapUpDone   CommandName = "seat.wrap_up_done"   // none; refused while the call note is missing
	CmdAutoAnswer   CommandName = "seat.auto_answer"    // OnArgs
)

// Commands of a seat about its call. All take the call id, so that a late click can't hit the next call.
const (
	CmdHangup        CommandName = "call.hangup"         // HangupArgs
	CmdHold          CommandName = "call.hold"           // CallArgs
	CmdResume        CommandName = "call.resume"         // CallArgs
	CmdConsult       CommandName = "call.consult"        // PartyArgs: citizen on music, seat talks to the party
	CmdConsultCancel CommandName = "call.consult_cancel" // CallArgs: drop the party, back to the citizen
	CmdTransfer      CommandName = "call.transfer"       // CallArgs: party and citizen go on, the seat leaves
	CmdThreeWay      CommandName = "call.three_way"      // CallArgs: join citizen, seat and party
	CmdPartyDrop     CommandName = "call.party_drop"     // PartyDropArgs
	CmdEmergency     CommandName = "call.emergency"      // PartyArgs with Number 110, 119, 120 or 122: warm three-way at once
	CmdDial          CommandName = "call.dial"           // DialArgs
	CmdDTMF          CommandName = "call.dtmf"           // DTMFArgs
	CmdNote          CommandName = "call.note"           // NoteArgs
)

// Commands of a supervisor.
const (
	CmdForce CommandName = "seat.force" // ForceArgs: during a call it takes effect after it
)

// SignInArgs signs the account in at a seat. The desk says which seat an account owns.
type SignInArgs struct {
	Seat   string `json:"seat"`
	Device string `json:"device"` // browser, phone
}

// SecondsArgs is a duration.
type SecondsArgs struct {
	Seconds int `json:"seconds"`
}

// OnArgs switches something.
type OnArgs struct {
	On bool `json:"on"`
}

// CallArgs names the call meant.
type CallArgs struct {
	Call string `json:"call"`
}

// HangupArgs ends the seat's part. Rating true: the citizen is asked for a rating (挂机并邀评).
type HangupArgs struct {
	Call   string `json:"call"`
	Rating bool   `json:"rating"`
	Reason string `json:"reason,omitempty"` // required when Rating is false and the citizen is still there
}

// PartyArgs names a third party: exactly one of Seat and Number.
type PartyArgs struct {
	Call   string `json:"call"`
	Seat   string `json:"seat,omitempty"`
	Number string `json:"number,omitempty"`
	Label  string `json:"label,omitempty"`
}

// PartyDropArgs drops one third party.
type PartyDropArgs struct {
	Call  string `json:"call"`
	Party string `json:"party"`
}

// DialArgs dials a citizen: exactly one of Ticket, Callback and Number. For Ticket and
// Callback the desk gives the number; the page never holds it.
type DialArgs struct {
	Ticket   string `json:"ticket,omitempty"`
	Callback string `json:"callback,omitempty"`
	Number   string `json:"number,omitempty"`
	Purpose  string `json:"purpose,omitempty"` // click_to_call, or follow_up of a ticket
}

// DTMFArgs sends keys.
type DTMFArgs struct {
	Call   string `json:"call"`
	Digits string `json:"digits"`
}

// NoteArgs is the call note.
type NoteArgs struct {
	Call string `json:"call"`
	Note string `json:"note"`
	Text string `json:"text,omitempty"`
}

// ForceArgs forces another seat's state: idle, not_ready or signed_out.
type ForceArgs struct {
	Seat  string    `json:"seat"`
	State SeatState `json:"state"`
}

// Refusal is a command the floor does not carry out. Code is stable and translated by the
// page; Detail is for logs.
type Refusal struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Codes of refusals.
const (
	RefusedBadArgs        = "bad_args"
	RefusedUnknownCommand = "unknown_command"
	RefusedNotSignedIn    = "not_signed_in"
	RefusedSeatTaken      = "seat_taken"
	RefusedNotYourSeat    = "not_your_seat"
	RefusedNotRegistered  = "phone_not_registered"
	RefusedNoSuchCall     = "no_such_call" // unknown, ended, or another seat's: not told apart
	RefusedWrongStage     = "wrong_stage"
	RefusedSeatBusy       = "seat_busy"
	RefusedTargetNotReady = "target_not_ready"
	RefusedNumber         = "number_not_allowed"
	RefusedNoteMissing    = "note_missing"
	RefusedReasonMissing  = "reason_missing"
	RefusedSwitchDown     = "switch_unavailable"
	RefusedNoLeader       = "no_leader"
	RefusedNotFound       = "not_found"
	RefusedCalling        = "already_calling" // an earlier call of the same person, or to the same phone, still goes on
)

func (r *Refusal) Error() string { return fmt.Sprintf("refused (%s): %s", r.Code, r.Detail) }
