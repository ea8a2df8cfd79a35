package cti

import (
	"context"
	"io"
	"time"
)

// LegID names one channel of the switch: ours are "<call>.<role>.<n>", the citizen's inbound
// leg has the switch's own unique id.
type LegID string

// BridgeID names one bridge of the switch.
type BridgeID string

// PlaybackID names one running playback.
type PlaybackID string

// Variables that the dialplan sets on a leg; they come in Leg.Vars.
const (
	VarRecording = "HOTLINE_RECORDING" // name of the leg's own recording below spool/recording
	VarCalled    = "HOTLINE_CALLED"    // number that the citizen dialled
)

// Switch drives one node. Every method has the deadline of its context and at most its own
// (2 s); errors are *Error. ErrGone from any leg method is ordinary: the other side hung up.
type Switch interface {
	// Node is the configured name of this node.
	Node() string

	// Answer answers the leg without waiting for its first media.
	Answer(ctx context.Context, leg LegID) error
	// Ring signals ringing to an unanswered leg.
	Ring(ctx context.Context, leg LegID) error
	// Hangup ends the leg. A leg that is gone is no error.
	Hangup(ctx context.Context, leg LegID, why HangupCause) error
	// Continue gives the leg back to the dialplan (last resort).
	Continue(ctx context.Context, leg LegID, dialplanContext, extension string) error

	// Originate asks for a new leg; LegStarted follows when it answers, LegEnded when it does not.
	Originate(ctx context.Context, call Originate) error

	// Play plays sounds in order to one leg; PlaybackFinished follows. On a leg in a holding
	// bridge the music resumes afterwards.
	Play(ctx context.Context, leg LegID, id PlaybackID, sounds []string) error
	// StopPlayback ends a playback; one that is done is no error.
	StopPlayback(ctx context.Context, id PlaybackID) error
	// Record records the leg into a stored recording; RecordingFinished follows.
	Record(ctx context.Context, leg LegID, rec Record) error
	// StopRecording ends a running recording and keeps it.
	StopRecording(ctx context.Context, name string) error
	// SendDTMF sends keys to the leg's far end.
	SendDTMF(ctx context.Context, leg LegID, digits string) error

	// CreateBridge makes a bridge; one that exists already with this id is no error.
	CreateBridge(ctx context.Context, id BridgeID, kind BridgeKind) error
	// Join moves the leg into the bridge, out of any other. What plays on the leg is stopped:
	// the switch would not move it before the end of the sound.
	Join(ctx context.Context, id BridgeID, leg LegID) error
	// Leave takes the leg out of the bridge; a leg that is not in it is no error. What plays
	// on the leg is stopped.
	Leave(ctx context.Context, id BridgeID, leg LegID) error
	// DestroyBridge removes the bridge; one that is gone is no error.
	DestroyBridge(ctx context.Context, id BridgeID) error

	// Snoop makes a listening leg on another leg; LegStarted with role snoop follows.
	Snoop(ctx context.Context, target, id LegID, hear, speak Direction) error

	// SetVars sets variables on the leg that ride on every later event of it and on List.
	SetVars(ctx context.Context, leg LegID, vars map[string]string) error
	// Claim clears the dialplan's guard timer: from now on this server owns the leg.
	Claim(ctx context.Context, leg LegID) error
	// Stats reads a leg's media quality.
	Stats(ctx context.Context, leg LegID) (MediaStats, error)

	// List takes the whole picture: legs, bridges, running recordings.
	List(ctx context.Context) (Picture, error)

	// OpenRecording streams a finished file below spool/recording; size -1: unknown.
	OpenRecording(ctx context.Context, name string) (body io.ReadCloser, size int64, err error)
	// DeleteRecording removes it; one that is gone is no error.
	DeleteRecording(ctx context.Context, name string) error
	// Recordings lists finished files (names as in OpenRecording).
	Recordings(ctx context.Context) ([]string, error)

	// PutPhone makes or changes a seat's phone; it survives neither removal nor is it needed
	// twice. Put all again after every Connected event.
	PutPhone(ctx context.Context, p Phone) error
	// RemovePhone removes it and its registration.
	RemovePhone(ctx context.Context, id string) error
	// Phones tells for each phone whether it is registered.
	Phones(ctx context.Context) (map[string]bool, error)
	// SetGlobal sets a global variable of the dialplan, e.g. HOTLINE_ADMIT.
	SetGlobal(ctx context.Context, name, value string) error
}

// Originate describes a leg to make. Exactly one of Phone and Number is set.
type Originate struct {
	Leg      LegID
	Phone    string // registered phone of a seat: w8001, 8001
	Number   string // outside number, over the trunk; recorded from its answer
	CallerID string // number shown to the far end
	Name     string // name shown to the far end
	Timeout  time.Duration
	Args     []string          // come back in LegStarted.Args
	Vars     map[string]string // set before ringing; ride on events as in SetVars
	Headers  map[string]string // SIP headers of the INVITE, e.g. X-Call-Id, Call-Info for auto-answer
}

// Record describes a recording of one leg.
type Record struct {
	Name        string        // below spool/recording, without extension
	Format      string        // wav, sln
	MaxDuration time.Duration // whole seconds
	MaxSilence  time.Duration // whole seconds; 0: never
	StopOn      string        // key that ends it: "#", "any" or ""
	Beep        bool
}

// BridgeKind is the behaviour of a bridge.
type BridgeKind string

// Kinds of bridges.
const (
	Mixing  BridgeKind = "mixing"
	Holding BridgeKind = "holding" // members hear music, not each other
)

// Direction of sound relative to a leg.
type Direction string

// Directions of sound.
const (
	None Direction = "none"
	In   Direction = "in"  // from the leg's far end
	Out  Direction = "out" // to the leg's far end
	Both Direction = "both"
)

// HangupCause tells the far end why.
type HangupCause string

// Hang-up causes.
const (
	HangupNormal     HangupCause = "normal"
	HangupBusy       HangupCause = "busy"
	HangupNoAnswer   HangupCause = "no_answer"
	HangupCongestion HangupCause = "congestion"
	HangupRejected   HangupCause = "rejected"
)

// Phone is a seat's phone on the node.
type Phone struct {
	ID       string // user name: w8001 (browser), 8001 (SIP)
	Browser  bool   // WebRTC over WebSocket, else SIP over UDP or TCP
	HA1      string // MD5(user:asterisk:secret), hex
	CallerID string
	Citizen  bool // its calls are citizens' calls, as from the trunk: the demo's browser phone
}

// MediaStats is a leg's media quality so far.
type MediaStats struct {
	RxPackets, TxPackets int64
	RxLost, TxLost       int64
	RxJitter, TxJitter   time.Duration
	RTT                  time.Duration
}

// Picture is what the node holds now.
type Picture struct {
	Legs       []Leg
	Bridges    []Bridge
	Recordings []string // running, by name
}

// Leg is one channel.
type Leg struct {
	ID       LegID
	UniqueID string // the switch's own id
	Name     string // technology and peer, for logs
	Up       bool   // answered
	Ours     bool   // under our control; else still or again in the dialplan
	Caller   string // number, "" when anonymous
	Dialled  string // extension
	Created  time.Time
	Vars     map[string]string
	Phone    string // the seat phone it belongs to, if any
}

// Bridge is one bridge.
type Bridge struct {
	ID      BridgeID
	Kind    BridgeKind
	Members []LegID
}
