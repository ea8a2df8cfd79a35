package floor

import (
	"slices"
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti/calls"
)

// Devices of a seat.
const (
	deviceBrowser = "browser"
	devicePhone   = "phone"
)

// reasonNoteMissing marks a wrap-up whose time is over while its call note is missing.
const reasonNoteMissing = "note_missing"

// outboundOnly is the queue, which there is not, of a seat without skills and queues: it makes
// calls and gets none.
const outboundOnly acd.QueueID = "-"

// seat is a seat as the dispatcher keeps it. Its exported fields are what a successor needs.
type seat struct {
	Profile   SeatProfile `json:"profile"`
	Device    string      `json:"device"`
	State     SeatState   `json:"state"`
	Reason    string      `json:"reason,omitempty"`
	Since     time.Time   `json:"since"`
	Wished    Wish        `json:"wished"` // what the agent, or a rule after him, asked for last
	Auto      bool        `json:"auto,omitempty"`
	Call      calls.ID    `json:"call,omitempty"` // in wrap-up: the call it is about
	Queue     string      `json:"queue,omitempty"`
	CallSince time.Time   `json:"call_since,omitzero"`
	Masked    string      `json:"masked,omitempty"`
	NeedNote  bool        `json:"need_note,omitempty"`
	WrapEnds  time.Time   `json:"wrap_ends,omitzero"`

	state    SeatState // = State; kept apart by the table's guards
	needNote bool
	phoneUp  map[string]bool // by node: the chosen phone is registered
	failures int             // calls in a row that did not reach its phone
}

// phone is the user name of the chosen device.
func (s *seat) phone() string { return phoneOf(s.Profile.Seat, s.Device) }

func phoneOf(seat, device string) string {
	if device == deviceBrowser {
		return "w" + seat
	}
	return seat
}

func (s *seat) registered() bool {
	for _, up := range s.phoneUp {
		if up {
			return true
		}
	}
	return false
}

// free tells whether the seat may change to what it wishes at once.
func (s *seat) free() bool {
	return slices.Contains([]SeatState{SeatIdle, SeatNotReady, SeatRest, SeatFaulty}, s.state)
}

func (s *seat) engineSeat() acd.Seat {
	e := acd.Seat{ID: acd.SeatID(s.Profile.Seat), Skills: map[acd.Skill]int{}}
	for k, level := range s.Profile.Skills {
		e.Skills[acd.Skill(k)] = level
	}
	for _, q := range s.Profile.Queues {
		e.Queues = append(e.Queues, acd.QueueID(q))
	}
	if len(e.Skills) == 0 && len(e.Queues) == 0 {
		e.Queues = []acd.QueueID{outboundOnly}
	}
	return e
}

func (s *seat) part() seatPart {
	return seatPart{
		Seat: s.Profile.Seat, Account: s.Profile.Account, Name: s.Profile.Name,
		Phone: s.phone(), AutoAnswer: s.Auto && s.Device == deviceBrowser,
	}
}

func (s *seat) view() *SeatView {
	v := &SeatView{
		Seat: s.Profile.Seat, Name: s.Profile.Name, Group: s.Profile.Group, State: s.state, Reason: s.Reason,
		Since: s.Since, Registered: s.registered(), AutoAnswer: s.Auto, Call: s.Call, Queue: s.Queue,
		CallSince: s.CallSince, Masked: s.Masked, WrapUpEnds: s.WrapEnds,
	}
	if s.state == SeatSignedOut {
		return v
	}
	v.Account, v.Device = s.Profile.Account, s.Device
	if s.Wished.State != s.state {
		w := s.Wished
		v.Wish = &w
	}
	return v
}
