package acd

import "time"

// Decision is what the floor has to do: an Assign, an Overflow or a Refused.
type Decision interface{ decision() }

// Assign gives a call to a seat. The seat is reserved until the floor reports SeatFree, SeatAway
// or SeatSignedOut; the call until the floor reports Answered, Declined or Abandon.
type Assign struct {
	Call  CallID  `json:"call"`
	Seat  SeatID  `json:"seat"`
	Queue QueueID `json:"queue"`
	// Waited since Request.EnteredAt.
	Waited time.Duration `json:"waited"`
	// Step is how many relaxation steps the call had taken; the ceiling counts as one.
	Step int `json:"step,omitempty"`
}

// Overflow moves a call out of a queue. To another queue the engine has moved it already: the
// call waits there, or its next decision follows in the same answer, and offering it again does
// nothing. To call-back or voicemail the call has left the engine.
type Overflow struct {
	Call   CallID  `json:"call"`
	From   QueueID `json:"from"`
	To     Target  `json:"to"`
	Reason Reason  `json:"reason"`
	// Waited since Request.EnteredAt.
	Waited time.Duration `json:"waited"`
}

// Refused means that the engine doesn't hold the call and no seat will get it.
type Refused struct {
	Call   CallID  `json:"call"`
	Queue  QueueID `json:"queue"`
	Reason Reason  `json:"reason"`
}

func (Assign) decision()   {}
func (Overflow) decision() {}
func (Refused) decision()  {}

// Reason is why a call overflowed, was refused, or stands where it stands; a code for the
// interface to translate.
type Reason string

// Reasons of Overflow and Refused.
const (
	ReasonWaited       Reason = "waited"        // an overflow's After passed
	ReasonLength       Reason = "length"        // an overflow's AtLength was reached
	ReasonFull         Reason = "full"          // MaxLength was reached
	ReasonMaxWait      Reason = "max_wait"      // MaxWait passed
	ReasonUnknownQueue Reason = "unknown_queue" // no such queue, or its configuration was removed
	ReasonNoCall       Reason = "no_call"       // the request has no call id
)

// Reasons of WaitingCall: why this one stands where it stands.
const (
	ReasonReturned Reason = "returned"   // a seat didn't answer it: head of its queue
	ReasonPriority Reason = "priority"   // its priority put it before longer waiting calls, or would
	ReasonLongest  Reason = "longest"    // nobody in the queue has waited longer
	ReasonOrder    Reason = "order"      // by order of entry
	ReasonRelaxed  Reason = "relaxed"    // its wish was relaxed
	ReasonCeiling  Reason = "ceiling"    // every seat of the queue will do by now
	ReasonBusy     Reason = "seats_busy" // seats that fit are signed in, none is free
	ReasonNoSeat   Reason = "no_seat"    // no seat that fits is signed in
)
