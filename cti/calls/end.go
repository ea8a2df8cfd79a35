package calls

import "time"

// Direction tells who began the call.
type Direction string

// Directions of a call.
const (
	Inbound  Direction = "inbound"  // a citizen dialled the hotline
	Outbound Direction = "outbound" // the hotline dialled: call-back, click-to-call, follow-up, duty phone
)

// Side is the party a call's end came from.
type Side string

// Sides that can end a call.
const (
	SideCitizen Side = "citizen"
	SideSeat    Side = "seat"
	SideClerk   Side = "clerk"  // who is no seat: the clerk of 联系群众, a unit's duty phone
	SideSystem  Side = "system" // the menu or the floor, by rule
	SideSwitch  Side = "switch" // the switch or the network failed
)

// Stage is where in its script a call is, or was when it ended.
type Stage string

// Stages of a call.
const (
	StageIncoming  Stage = "incoming"
	StageMenu      Stage = "menu"
	StageQueue     Stage = "queue"
	StageRinging   Stage = "ringing" // a seat's phone rings; the caller still hears music
	StageTalk      Stage = "talk"
	StageHold      Stage = "hold"
	StageConsult   Stage = "consult"
	StageThreeWay  Stage = "three_way"
	StageRating    Stage = "rating"
	StageVoicemail Stage = "voicemail"
	StageCallback  Stage = "callback"
	StageDialling  Stage = "dialling" // outbound: the citizen's phone rings
	StageTransfer  Stage = "transfer" // given to an outside number, our part is over
	StageEnded     Stage = "ended"
)

// Cause says why a call ended; it is chosen where the end is born, never guessed later.
// The loss causes (domain.md §4.1) add up to 呼损: a call that asked for a person and got none.
type Cause string

// Causes of a call's end.
const (
	CauseNormal           Cause = "normal"             // talked and hung up
	CauseSelfServed       Cause = "self_served"        // the menu answered the caller
	CauseMenuAbandoned    Cause = "menu_abandoned"     // caller hung up in the menu
	CauseQueueAbandoned   Cause = "queue_abandoned"    // loss: 用户放弃 while queued
	CauseRingAbandoned    Cause = "ring_abandoned"     // loss: 用户放弃 while a seat rang
	CauseQueueCleared     Cause = "queue_cleared"      // loss: 排队拆线, the queue's rule ended it
	CausePlatformFailed   Cause = "platform_failed"    // loss: 平台中断
	CauseNoConversation   Cause = "no_conversation"    // loss: 应答无通话, answered but no talk
	CauseSeatHungUpEarly  Cause = "seat_hung_up_early" // loss: 座席挂机 before a conversation
	CauseVoicemailLeft    Cause = "voicemail_left"
	CauseCallbackWanted   Cause = "callback_wanted"
	CauseTransferred      Cause = "transferred"
	CauseRefused          Cause = "refused" // blacklist, not admitted, spoofed seat number
	CauseBusy             Cause = "busy"    // outbound: the line of End.Side is busy
	CauseNoAnswer         Cause = "no_answer"
	CauseUnreachable      Cause = "unreachable"
	CauseNumberNotAllowed Cause = "number_not_allowed" // outbound: not on the allow-list
	CauseCancelled        Cause = "cancelled"          // outbound: the seat or clerk gave up before answer
	CauseSwitchLost       Cause = "switch_lost"        // the channel vanished with its node
	CauseHeard            Cause = "heard"              // a duty phone: the message was confirmed by key
	CauseNotHeard         Cause = "not_heard"          // a duty phone: answered, but not confirmed
)

// Lost tells whether the cause counts as 呼损 of domain.md §4.1.
func (c Cause) Lost() bool {
	switch c {
	case CauseQueueAbandoned, CauseRingAbandoned, CauseQueueCleared, CausePlatformFailed, CauseNoConversation, CauseSeatHungUpEarly, CauseSwitchLost:
		return true
	}
	return false
}

// End is the typed end of a call.
type End struct {
	Side   Side      `json:"side"`
	Stage  Stage     `json:"stage"`
	Cause  Cause     `json:"cause"`
	Detail string    `json:"detail,omitempty"` // the switch's cause text or the seat's reason, for people
	At     time.Time `json:"at"`
}
