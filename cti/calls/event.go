package calls

import (
	"encoding/json"
	"time"
)

// EventType names what happened to a call or a seat.
type EventType string

// Types of events. The comment names the payload in Data.
const (
	CallStarted        EventType = "call.started"         // Started
	CallMenuVisited    EventType = "call.menu"            // MenuVisit
	CallQueued         EventType = "call.queued"          // Queued
	CallOffered        EventType = "call.offered"         // Offered: the screen pop went out, the seat rings next
	CallNotAnswered    EventType = "call.not_answered"    // NotAnswered: the seat did not take it
	CallAnswered       EventType = "call.answered"        // Answered: seat and citizen are joined
	CallHeld           EventType = "call.held"            // no payload
	CallResumed        EventType = "call.resumed"         // no payload
	CallConsulting     EventType = "call.consulting"      // Party
	CallThreeWay       EventType = "call.three_way"       // Party
	CallPartyLeft      EventType = "call.party_left"      // Party
	CallTransferred    EventType = "call.transferred"     // Transferred: the talking seat changed or an outside number took over
	CallSeatLeft       EventType = "call.seat_left"       // SeatLeft: the seat's part is over
	CallRated          EventType = "call.rated"           // Rated
	CallVoicemail      EventType = "call.voicemail"       // Voicemail
	CallCallbackWanted EventType = "call.callback_wanted" // CallbackWish
	CallNoted          EventType = "call.noted"           // Noted: 来电小结
	CallEnded          EventType = "call.ended"           // Ended
	SeatChanged        EventType = "seat.changed"         // SeatChange
)

// Event is one thing that happened on the floor. ID is "<epoch>-<seq>", gapless within an
// epoch, and orders all events of the floor; a consumer that has seen an id ignores it.
type Event struct {
	ID   string          `json:"id"`
	Type EventType       `json:"type"`
	At   time.Time       `json:"at"`
	Call ID              `json:"call,omitempty"`
	Seat string          `json:"seat,omitempty"`
	Data json.RawMessage `json:"data,omitempty"`
}

// Started opens the record of a call. Numbers are sealed (encrypted with a key id in front):
// the journal, Redis and PostgreSQL never hold them in clear.
type Started struct {
	Direction    Direction `json:"direction"`
	CallerSealed string    `json:"caller_sealed,omitempty"` // the citizen's number; empty: anonymous
	Called       string    `json:"called"`                  // number dialled: 12345, 12315 …
	Line         string    `json:"line"`                    // source label of the called number (双号并行)
	Node         string    `json:"node"`                    // switch node
	UniqueID     string    `json:"unique_id"`               // the switch's id of the citizen's channel
	Source       string    `json:"source"`                  // path of the recording below spool/recording on the node
	Ticket       string    `json:"ticket,omitempty"`        // outbound: ticket id it was dialled from
	Purpose      string    `json:"purpose,omitempty"`       // outbound: one of Purpose…
	Account      string    `json:"account,omitempty"`       // outbound without a seat: who asked for it
	Unit         string    `json:"unit,omitempty"`          // its unit
	Clerk        *Party    `json:"clerk,omitempty"`         // who is rung for it beside, or instead of, the citizen
	Menu         string    `json:"menu,omitempty"`          // menu name and version
	CallbackOf   string    `json:"callback_of,omitempty"`   // outbound: id of the 留言与回拨 row it answers
}

// Purposes of outbound calls.
const (
	PurposeClickToCall = "click_to_call" // a seat from a ticket or by number; 联系群众 of a unit's clerk
	PurposeCallback    = "callback"      // 留言与回拨
	PurposeFollowUp    = "follow_up"     // 回访
	PurposeDuty        = "duty"          // a unit's duty phone is told of a 特急 ticket
)

// MenuVisit is one node of the menu the caller went through. A digit of a ticket number or a
// query code is never in it.
type MenuVisit struct {
	Node  string `json:"node"`
	Label string `json:"label,omitempty"` // 市民, 企业 … as the menu file says
	Input string `json:"input,omitempty"` // key pressed; "" none; "***" for collected digits
}

// Queued puts the call into a queue.
type Queued struct {
	Queue     string         `json:"queue"`
	EnteredAt time.Time      `json:"entered_at"` // the original entry; survives re-queueing
	Language  string         `json:"language,omitempty"`
	Skills    map[string]int `json:"skills,omitempty"`
	Priority  int            `json:"priority,omitempty"`
	Again     bool           `json:"again,omitempty"` // back at the head after a seat did not answer
}

// Offered names the seat that will ring.
type Offered struct {
	Queue   string  `json:"queue,omitempty"`
	Account string  `json:"account"`
	WaitedS float64 `json:"waited_s"` // seconds since EnteredAt
}

// NotAnswered says why the seat did not take the call: no_answer, rejected, unregistered, failed.
type NotAnswered struct {
	Account string `json:"account"`
	Reason  string `json:"reason"`
}

// Answered joins seat and citizen.
type Answered struct {
	Queue   string  `json:"queue,omitempty"`
	Account string  `json:"account"`
	WaitedS float64 `json:"waited_s"`           // seconds from entry into the queue to this answer
	RangS   float64 `json:"rang_s"`             // seconds the seat's phone rang
	FrameAt int64   `json:"frame_at,omitempty"` // bytes of the recording at this moment, when known
}

// Party is a third party of a call: a seat, a department, an interpreter, an emergency line.
type Party struct {
	Kind         string `json:"kind"` // seat, number, emergency, clerk, duty
	Seat         string `json:"seat,omitempty"`
	NumberSealed string `json:"number_sealed,omitempty"`
	Label        string `json:"label,omitempty"` // 110, 市水务集团 …
}

// Transferred says who talks to the citizen from now on.
type Transferred struct {
	From    string `json:"from"` // seat
	To      Party  `json:"to"`
	Account string `json:"account,omitempty"` // of the receiving seat
}

// SeatLeft ends a seat's part in the call.
type SeatLeft struct {
	Account string  `json:"account"`
	TalkS   float64 `json:"talk_s"`
	HoldS   float64 `json:"hold_s"`
	Why     string  `json:"why"` // hung_up, hung_up_rating, transferred, citizen_left, phone_lost
	Reason  string  `json:"reason,omitempty"`
}

// Rated is the caller's 好差评, 1 (非常满意) to 5 (非常不满意).
type Rated struct {
	Score   int    `json:"score"`
	Account string `json:"account"`
}

// Voicemail is a message the caller left.
type Voicemail struct {
	Queue     string    `json:"queue,omitempty"`
	EnteredAt time.Time `json:"entered_at"`
	Source    string    `json:"source"` // stored recording's name on the node
	DurationS float64   `json:"duration_s"`
}

// CallbackWish is a caller's wish to be called back.
type CallbackWish struct {
	Queue        string    `json:"queue,omitempty"`
	NumberSealed string    `json:"number_sealed"`
	EnteredAt    time.Time `json:"entered_at"`
}

// Noted is the agent's call note (来电小结).
type Noted struct {
	Account string `json:"account"`
	Note    Note   `json:"note"`
	Text    string `json:"text,omitempty"`
}

// Note is one of the call notes an answered call ends with.
type Note string

// Call notes (来电小结).
const (
	NoteTicket      Note = "ticket"      // 已建单
	NoteUrge        Note = "urge"        // 催办
	NoteProgress    Note = "progress"    // 查询
	NoteAnswered    Note = "answered"    // 解答
	NoteSilent      Note = "silent"      // 无声
	NoteHarassment  Note = "harassment"  // 骚扰
	NoteMisdialled  Note = "misdialled"  // 误拨
	NoteTransferred Note = "transferred" // 转接
	NoteDropped     Note = "dropped"     // 掉线
)

// Ended closes the record of a call.
type Ended struct {
	End
	Seat      string  `json:"seat,omitempty"`       // last seat that talked
	Account   string  `json:"account,omitempty"`    // its agent
	Recorded  bool    `json:"recorded"`             // a recording file is expected on the node
	AnsweredS float64 `json:"answered_s,omitempty"` // from the switch's answer of the citizen to the end
}

// SeatChange is a change of a seat's state.
type SeatChange struct {
	Account string `json:"account,omitempty"`
	From    string `json:"from"`
	To      string `json:"to"`
	Reason  string `json:"reason,omitempty"`
	By      string `json:"by,omitempty"` // account that forced it, if another
	Device  string `json:"device,omitempty"`
}
