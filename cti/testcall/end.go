package testcall

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Side says who ended a call.
type Side string

// The sides of an end. Network stands for silence or a transport that failed.
const (
	SideLocal   Side = "local"
	SideRemote  Side = "remote"
	SideNetwork Side = "network"
)

// Cause says how a call ended, chosen where the end was noticed.
type Cause string

// The causes of an end.
const (
	CauseBye       Cause = "bye"       // an answered call was hung up
	CauseCancel    Cause = "cancel"    // the caller gave up before the answer
	CauseRejected  Cause = "rejected"  // the called side refused with a status
	CauseTimeout   Cause = "timeout"   // no answer within the time given
	CauseTransport Cause = "transport" // the request could not be sent, or nobody replied
	CauseProtocol  Cause = "protocol"  // the peer's messages could not be used
)

// End is how a call ended.
type End struct {
	Side   Side
	Cause  Cause
	Status int    // SIP status of a rejection, else 0
	Reason string // its reason phrase, or what went wrong
	Q850   int    // cause of the Reason header (RFC 3326), 0 if none
	At     time.Time
}

// String is a short form for reports: "remote rejected 486 Busy Here".
func (e End) String() string {
	s := fmt.Sprintf("%s %s", e.Side, e.Cause)
	if e.Status != 0 {
		s += " " + strconv.Itoa(e.Status)
	}
	if e.Reason != "" {
		s += " " + e.Reason
	}
	return s
}

// CallError is returned by waits for a state that the call can no longer reach.
type CallError struct {
	End End
}

// Error implements error.
func (e *CallError) Error() string { return "call ended: " + e.End.String() }

// Is makes errors.Is(err, ErrCallEnded) true for every CallError.
func (e *CallError) Is(target error) bool { return target == ErrCallEnded }

// ErrCallEnded is what media operations and waits return once a call is over.
var ErrCallEnded = errors.New("the call has ended")

// ErrState is returned for an act that the call's state does not allow, such as
// answering an outgoing call.
var ErrState = errors.New("not possible in this state of the call")

// q850 reads the Q.850 cause of a Reason header.
func q850(headers []sip.Header) int {
	for _, h := range headers {
		if !strings.HasPrefix(strings.TrimSpace(h.Value()), "Q.850") {
			continue
		}
		for part := range strings.SplitSeq(h.Value(), ";") {
			if value, ok := strings.CutPrefix(strings.TrimSpace(part), "cause="); ok {
				if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
					return n
				}
			}
		}
	}
	return 0
}
