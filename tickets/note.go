package tickets

import "github.com/open12345/hotline/cti/calls"

// Done is what was done during a call, as far as the desk knows.
type Done struct {
	Submitted   bool // a new ticket went out of the agent's hands
	Drafted     bool // a draft is open
	Direct      bool // closed on the call
	Urged       bool
	Added       bool // contents added to an old ticket
	Asked       bool // progress asked
	Transferred bool // given to another number
	TalkS       float64
	CitizenLeft bool // the citizen hung up first
}

// Conversations shorter than this many seconds that left nothing behind were cut off.
const shortTalk = 8

// SuggestNote preselects the call note (来电小结); empty: nothing speaks for any.
func SuggestNote(d Done) calls.Note {
	switch {
	case d.Submitted:
		return calls.NoteTicket
	case d.Direct:
		return calls.NoteAnswered
	case d.Urged:
		return calls.NoteUrge
	case d.Drafted, d.Added:
		return calls.NoteTicket
	case d.Asked:
		return calls.NoteProgress
	case d.Transferred:
		return calls.NoteTransferred
	case d.CitizenLeft && d.TalkS > 0 && d.TalkS < shortTalk:
		return calls.NoteDropped
	}
	return ""
}
