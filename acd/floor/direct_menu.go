package floor

import (
	"time"

	"github.com/open12345/hotline/ivr"
)

// directMenu serves a line without a menu: straight to the queue, and to a message when the
// queue gives the caller up.
type directMenu struct{ queue string }

// Nodes of a directMenu.
const (
	directQueue     = "queue"
	directVoicemail = "voicemail"
)

// Step implements Walker.
func (d directMenu) Step(s ivr.State, in ivr.Input, now time.Time, _ func(string, time.Time) bool) (ivr.State, []ivr.Action) {
	toQueue := []ivr.Action{ivr.Queue{Request: ivr.Request{Queue: d.queue, Language: "zh"}}}
	voicemail := []ivr.Action{ivr.Voicemail{MaxSeconds: 180, Queue: d.queue, Language: "zh"}}
	switch {
	case s.Done:
		return s, nil
	case in.Kind == ivr.InputStart:
		return ivr.State{Node: directQueue, Started: now, Language: "zh", Queued: directQueue}, toQueue
	case in.Kind == ivr.InputHangup:
		s.Done = true
		return s, nil
	case in.Kind == ivr.InputResume && s.Node == directQueue:
		return s, toQueue
	case in.Kind == ivr.InputResume:
		return s, voicemail
	case in.Kind == ivr.InputActionDone && in.Name == actionQueue:
		s.Node, s.Queued = directVoicemail, ""
		return s, voicemail
	case in.Kind == ivr.InputRecorded, in.Kind == ivr.InputActionDone && in.Name == actionVoicemail:
		s.Done = true
		return s, []ivr.Action{ivr.Hangup{Cause: "served"}}
	}
	return s, nil
}
