package calls

import "time"

// Recording refers to the sealed sound of a call.
type Recording struct {
	Call     ID            `json:"call"`
	Kind     RecordingKind `json:"kind"`
	Node     string        `json:"node"`
	Source   string        `json:"source"`   // name on the switch, below spool/recording
	Key      string        `json:"key"`      // key in the blob store
	SHA256   string        `json:"sha256"`   // hex, of what is stored
	Size     int64         `json:"size"`     // bytes stored
	Channels int           `json:"channels"` // 2: left citizen, right seat; 1: voicemail
	Rate     int           `json:"rate"`     // samples a second
	Duration time.Duration `json:"duration"` // of sound
	Expected time.Duration `json:"expected"` // answer → end by the clock
	SealedAt time.Time     `json:"sealed_at"`
	Flaws    []string      `json:"flaws,omitempty"` // length_off (>0.5 s), length_alarm (>2 s or 1 %), empty, silent_left, silent_right
}

// RecordingKind tells what the sound is.
type RecordingKind string

// Kinds of recordings.
const (
	RecordingCall      RecordingKind = "call"
	RecordingVoicemail RecordingKind = "voicemail"
)
