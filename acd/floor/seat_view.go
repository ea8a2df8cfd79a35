package floor

import (
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// SeatState is what a seat does now (domain.md §5.1).
type SeatState string

// States of a seat.
const (
	SeatSignedOut SeatState = "signed_out" // 签出
	SeatIdle      SeatState = "idle"       // 空闲
	SeatRinging   SeatState = "ringing"    // 振铃
	SeatTalking   SeatState = "talking"    // 通话
	SeatHolding   SeatState = "holding"    // 保持
	SeatConsult   SeatState = "consult"    // 咨询
	SeatThreeWay  SeatState = "three_way"  // 三方
	SeatWrapUp    SeatState = "wrap_up"    // 整理 (话后)
	SeatNotReady  SeatState = "not_ready"  // 示忙 (+reason)
	SeatRest      SeatState = "rest"       // 小休 (+type)
	SeatDialling  SeatState = "dialling"   // 外呼
	SeatFaulty    SeatState = "faulty"     // 故障 (分机未注册)
)

// Reasons of not_ready and rest.
const (
	ReasonSelf         = "self"         // 自己示忙
	ReasonNoAnswer     = "no_answer"    // 久不应答
	ReasonRejected     = "rejected"     // 拒接
	ReasonForced       = "forced"       // 被强制
	ReasonSignedIn     = "signed_in"    // 签入后默认
	ReasonMeal         = "meal"         // 就餐
	ReasonMeeting      = "meeting"      // 会议
	ReasonTraining     = "training"     // 培训
	ReasonCoaching     = "coaching"     // 辅导
	ReasonUnregistered = "unregistered" // 分机未注册
	ReasonRest         = "rest"         // 普通小休
)

// Wish is the state the agent last asked for; it takes effect when the seat is free to change.
// There is one wish, never a queue of wishes.
type Wish struct {
	State  SeatState `json:"state"` // idle, not_ready, rest, signed_out
	Reason string    `json:"reason,omitempty"`
}

// SeatView is a seat as the seat itself and a board see it. It holds no caller's number.
type SeatView struct {
	Seat       string    `json:"seat"`
	Account    string    `json:"account,omitempty"`
	Name       string    `json:"name,omitempty"`
	Group      string    `json:"group,omitempty"`
	Device     string    `json:"device,omitempty"` // browser, phone
	State      SeatState `json:"state"`
	Reason     string    `json:"reason,omitempty"`
	Since      time.Time `json:"since"`
	Wish       *Wish     `json:"wish,omitempty"`
	Registered bool      `json:"registered"` // its chosen phone is registered with the switch
	AutoAnswer bool      `json:"auto_answer"`
	Call       calls.ID  `json:"call,omitempty"`
	Queue      string    `json:"queue,omitempty"`         // of the current call
	CallSince  time.Time `json:"call_since,omitzero"`     // answer of the current call
	Masked     string    `json:"caller_masked,omitempty"` // 138****5678
	WrapUpEnds time.Time `json:"wrap_up_ends,omitzero"`
}
