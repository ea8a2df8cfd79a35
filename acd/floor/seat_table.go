package floor

import (
	"fmt"
	"slices"
	"strings"
)

// seatEvent is what can happen to a seat.
type seatEvent string

// Events of a seat.
const (
	evSignIn       seatEvent = "sign_in"
	evSettle       seatEvent = "settle"       // free to do what was wished last
	evOffered      seatEvent = "offered"      // a call of the queue is given to it
	evConsulted    seatEvent = "consulted"    // another seat asks it
	evNoAnswer     seatEvent = "no_answer"    // its phone rang in vain
	evRejected     seatEvent = "rejected"     // the agent refused
	evPhoneFailed  seatEvent = "phone_failed" // its phone can't be reached
	evCallerGone   seatEvent = "caller_gone"  // the caller hung up, or another took him
	evAnswered     seatEvent = "answered"
	evJoined       seatEvent = "joined" // answered as the third party
	evHold         seatEvent = "hold"
	evConsult      seatEvent = "consult"
	evThreeWay     seatEvent = "three_way"
	evBack         seatEvent = "back" // to a conversation of two
	evLeft         seatEvent = "left" // its part in an answered call is over
	evDial         seatEvent = "dial"
	evWrapUpOver   seatEvent = "wrap_up_over" // the note is given, and the timer ended or the agent is done
	evUnregistered seatEvent = "unregistered"
	evRegistered   seatEvent = "registered"
)

// asWished in a row's To stands for the state the agent wished last; ready with a phone that is
// not registered is faulty.
const asWished SeatState = "as_wished"

// seatRow is one row of the seat's table: in one of the states From, the event On leads To,
// if the guard allows it. What holds for no row does not happen.
type seatRow struct {
	From    []SeatState
	On      seatEvent
	Guard   string // in words; "" none
	allowed func(s *seat) bool
	To      SeatState
	Reason  string
	Effects []string // in words, for the drawing
}

var inCall = []SeatState{SeatTalking, SeatHolding, SeatConsult, SeatThreeWay}

// seatTable is the whole behaviour of a seat's state.
var seatTable = []seatRow{
	{From: []SeatState{SeatSignedOut}, On: evSignIn, To: SeatNotReady, Reason: ReasonSignedIn, Effects: []string{"engine: signed in"}},

	{From: []SeatState{SeatIdle, SeatNotReady, SeatRest, SeatFaulty}, On: evSettle, To: asWished, Effects: []string{"engine: free, away or signed out"}},
	{From: []SeatState{SeatIdle}, On: evUnregistered, To: SeatFaulty, Reason: ReasonUnregistered, Effects: []string{"engine: away"}},
	{From: []SeatState{SeatFaulty}, On: evRegistered, To: asWished, Effects: []string{"engine: free"}},

	{From: []SeatState{SeatIdle}, On: evOffered, Guard: "phone registered", allowed: func(s *seat) bool { return s.registered() }, To: SeatRinging},
	{From: []SeatState{SeatIdle}, On: evConsulted, Guard: "phone registered", allowed: func(s *seat) bool { return s.registered() }, To: SeatRinging, Effects: []string{"engine: away"}},
	{From: []SeatState{SeatRinging}, On: evNoAnswer, To: SeatNotReady, Reason: ReasonNoAnswer, Effects: []string{"wish: not ready", "call: head of its queue"}},
	{From: []SeatState{SeatRinging}, On: evRejected, To: SeatNotReady, Reason: ReasonRejected, Effects: []string{"wish: not ready", "call: head of its queue"}},
	{From: []SeatState{SeatIdle, SeatRinging}, On: evPhoneFailed, To: SeatFaulty, Reason: ReasonUnregistered, Effects: []string{"call: head of its queue"}},
	{From: []SeatState{SeatRinging, SeatDialling}, On: evCallerGone, To: asWished, Effects: []string{"engine: free"}},
	{From: []SeatState{SeatRinging, SeatDialling}, On: evAnswered, To: SeatTalking, Effects: []string{"engine: answered"}},
	{From: []SeatState{SeatRinging}, On: evJoined, To: SeatConsult},

	{From: inCall, On: evHold, To: SeatHolding},
	{From: inCall, On: evConsult, To: SeatConsult},
	{From: inCall, On: evThreeWay, To: SeatThreeWay},
	{From: inCall, On: evBack, To: SeatTalking},
	{From: inCall, On: evLeft, To: SeatWrapUp, Effects: []string{"timer: wrap-up", "call note wanted"}},
	{From: []SeatState{SeatWrapUp}, On: evWrapUpOver, Guard: "call note given", allowed: func(s *seat) bool { return !s.needNote }, To: asWished, Effects: []string{"engine: free"}},

	{From: []SeatState{SeatIdle, SeatNotReady, SeatRest}, On: evDial, Guard: "phone registered", allowed: func(s *seat) bool { return s.registered() }, To: SeatDialling, Effects: []string{"engine: away"}},
}

// rowFor finds the row of an event in a state whose guard allows it.
func rowFor(s *seat, on seatEvent) (seatRow, bool) {
	for _, row := range seatTable {
		if row.On == on && slices.Contains(row.From, s.state) && (row.allowed == nil || row.allowed(s)) {
			return row, true
		}
	}
	return seatRow{}, false
}

// SeatDiagram draws the seat's table as a Mermaid state diagram.
func SeatDiagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	fmt.Fprintf(&b, "    [*] --> %s\n", SeatSignedOut)
	fmt.Fprintf(&b, "    state %s <<choice>>\n", asWished)
	for _, row := range seatTable {
		label := string(row.On)
		if row.Guard != "" {
			label += " [" + row.Guard + "]"
		}
		if row.Reason != "" {
			label += " (" + row.Reason + ")"
		}
		if len(row.Effects) > 0 {
			label += " / " + strings.Join(row.Effects, ", ")
		}
		for _, from := range row.From {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, row.To, label)
		}
	}
	for _, to := range []SeatState{SeatIdle, SeatNotReady, SeatRest, SeatSignedOut} {
		fmt.Fprintf(&b, "    %s --> %s: wished\n", asWished, to)
	}
	fmt.Fprintf(&b, "    %s --> %s: ready wished, phone not registered\n", asWished, SeatFaulty)
	return b.String()
}
