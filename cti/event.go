package cti

import "time"

// Event is one thing the switch says. Events of one leg come in order; a late or duplicate one
// is possible and must be harmless.
type Event interface{ event() }

// Connected comes after every (re)connect, once events flow: reconcile with List now. The ends
// of sounds and recordings that came meanwhile follow it.
type Connected struct{ At time.Time }

// Disconnected comes when the connection is lost; calls go on without us.
type Disconnected struct {
	At  time.Time
	Err error
}

// Replaced comes when another server took over this application: step down.
type Replaced struct{ Reason string }

// LegStarted is a leg under our control: an inbound call (Args[0] "inbound"), a seat's own call
// ("seat"), an answered leg of Originate (its Args), or a snoop.
type LegStarted struct {
	Leg  Leg
	Args []string
	At   time.Time
}

// LegRinging is an originated leg whose far end rings.
type LegRinging struct {
	Leg LegID
	At  time.Time
}

// LegAnswered is a leg that went up.
type LegAnswered struct {
	Leg LegID
	At  time.Time
}

// LegHangup is the far end's wish to hang up; LegEnded follows.
type LegHangup struct {
	Leg   LegID
	Cause int // Q.850
	At    time.Time
}

// LegEnded is the end of a leg for us: it is gone, or went back to the dialplan.
// It comes exactly once per leg, whatever the switch sent.
type LegEnded struct {
	Leg    LegID
	Cause  int    // Q.850, 0 when unknown
	Text   string // the switch's words
	Status string // of an unanswered Originate: BUSY, NOANSWER, CHANUNAVAIL, CONGESTION
	At     time.Time
}

// Digit is one key pressed.
type Digit struct {
	Leg   LegID
	Digit byte
	At    time.Time
}

// PlaybackFinished ends a playback.
type PlaybackFinished struct {
	ID     PlaybackID
	Leg    LegID
	Failed bool
	At     time.Time
}

// RecordingFinished ends a recording of Record.
type RecordingFinished struct {
	Name     string
	Leg      LegID
	Duration time.Duration
	Failed   bool
	At       time.Time
}

// BridgeChanged is a leg that entered or left a bridge.
type BridgeChanged struct {
	Bridge  BridgeID
	Leg     LegID
	Entered bool
	At      time.Time
}

// PhoneChanged is a seat phone's registration.
type PhoneChanged struct {
	Phone      string
	Registered bool
	At         time.Time
}

func (Connected) event()         {}
func (Disconnected) event()      {}
func (Replaced) event()          {}
func (LegStarted) event()        {}
func (LegRinging) event()        {}
func (LegAnswered) event()       {}
func (LegHangup) event()         {}
func (LegEnded) event()          {}
func (Digit) event()             {}
func (PlaybackFinished) event()  {}
func (RecordingFinished) event() {}
func (BridgeChanged) event()     {}
func (PhoneChanged) event()      {}
