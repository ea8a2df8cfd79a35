package recording

import (
	"context"
	"io"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// Job is one finished recording on a switch.
type Job struct {
	Call     calls.ID
	Kind     calls.RecordingKind
	Node     string
	Source   string        // name below spool/recording on the node, with its extension
	Began    time.Time     // of the call; its UTC day is part of the key
	Ended    time.Time     // hang-up
	Expected time.Duration // answer to end by the clock; of a voicemail, its own length; 0 unknown
}

// key is the final key: YYYY/MM/DD/<call>.wav; a call's voicemail stands beside it.
func (j Job) key() string {
	name := string(j.Call)
	if j.Kind == calls.RecordingVoicemail {
		name += "-voicemail"
	}
	return j.Began.UTC().Format("2006/01/02/") + name + ".wav"
}

func (j Job) id() string { return j.Node + "/" + j.Source }

// Switch is what sealing needs of a node; cti.Switch has it.
type Switch interface {
	// OpenRecording streams a finished file; size -1: unknown.
	OpenRecording(ctx context.Context, name string) (io.ReadCloser, int64, error)
	// DeleteRecording removes it; one that is gone is no error.
	DeleteRecording(ctx context.Context, name string) error
	// Recordings lists finished and running files.
	Recordings(ctx context.Context) ([]string, error)
}

// Desk is the record of recordings.
type Desk interface {
	// Link stores the recording, its link to the call and its seal in one transaction. Doing it
	// again for the same call and kind changes nothing.
	Link(ctx context.Context, r calls.Recording) error
	// Pending lists recordings of ended calls that are not linked yet.
	Pending(ctx context.Context) ([]Job, error)
	// Standing tells for each source of a node how it stands with its call.
	Standing(ctx context.Context, node string, sources []string) (map[string]Standing, error)
}

// Standing is how a file on the switch stands with its call.
type Standing string

// Standings of a file.
const (
	StandingUnknown Standing = ""       // no call names it
	StandingOpen    Standing = "open"   // its call goes on, or waits for sealing
	StandingLinked  Standing = "linked" // sealed and linked; may be deleted
)

// Alarm is something people must see.
type Alarm struct {
	Job    Job
	Flaws  []string // of a sealed recording
	Orphan bool     // a file on the switch that belongs to no call
	Err    error    // why sealing fails again and again
}
