package tickets

import (
	"slices"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// LegRole is what a unit is to a ticket.
type LegRole string

// Roles of legs.
const (
	Lead   LegRole = "lead"
	Assist LegRole = "assist"
)

// LegRoles lists the roles of legs with their labels.
var LegRoles = []Term{{string(Lead), "主办"}, {string(Assist), "协办"}}

// LegState is where one unit's part of a ticket is in its life. The empty state is "not there
// yet".
type LegState string

// States of a leg.
const (
	NoLeg         LegState = ""
	ToSign        LegState = "to_sign"      // 待签收
	Handling      LegState = "handling"     // 办理中
	Delegated     LegState = "delegated"    // 已交办: units below have it
	ToCompile     LegState = "to_compile"   // 待汇总: a unit below replied
	ReturnAsked   LegState = "return_asked" // 退单待审
	ToLeaderState LegState = "with_leader"  // 待领导审核
	Replied       LegState = "replied"      // 已反馈
	Left          LegState = "left"         // 已退出: returned
	Terminated    LegState = "terminated"   // 已终止
	LegArchived   LegState = "archived"     // 已归档
)

// LegStates lists the states of a leg with their labels, in the order of its life.
var LegStates = []Term{
	{string(ToSign), "待签收"}, {string(Handling), "办理中"}, {string(Delegated), "已交办"}, {string(ToCompile), "待汇总"},
	{string(ReturnAsked), "退单待审"}, {string(ToLeaderState), "待领导审核"}, {string(Replied), "已反馈"}, {string(Left), "已退出"},
	{string(Terminated), "已终止"}, {string(LegArchived), "已归档"},
}

// Label is the Chinese name of the state.
func (s LegState) Label() string { return Label(LegStates, string(s)) }

// Open tells whether the unit still has to act.
func (s LegState) Open() bool {
	switch s {
	case ToSign, Handling, Delegated, ToCompile, ReturnAsked, ToLeaderState:
		return true
	}
	return false
}

// Leg is one unit's part of a ticket in one round. N counts within the ticket from 1 and is
// never used again; Parent is the N of the leg of the level above, 0 for a unit that the
// hotline dispatched to. The leg's state changes by Apply alone.
type Leg struct {
	N      int
	Round  int // rounds of this leg begun, from 1; 重办 and 退回 begin another
	Role   LegRole
	Unit   string
	Parent int
	Level  int // 1 the hotline dispatched to it, 2 below that, …
	State  LegState
	Before LegState // where 退单待审 and 待领导审核 go back to

	Opinion string // 派单意见 or 交办意见
	SentBy  string // account
	SentAt  time.Time

	FirstViewedAt time.Time // the title is red until then
	SignedAt      time.Time
	Clerk         string // account that signed or last acted for the unit

	SignDueAt   time.Time // 签收时限
	ReturnDueAt time.Time // 回退截止
	DueAt       time.Time // 回复截止
	BeganAt     time.Time // when the limit of this round began to run: lights measure by it
	DueByHand   bool      // DueAt was chosen by a person, not by the policy
	DueVersion  int       // counts the moves of DueAt; timers carry it
	Extensions  int       // granted in this round

	SuspendedAt time.Time     // zero: its clock runs
	Remainder   time.Duration // working time that was left when it was suspended; past due is negative

	Contacts  []Contact // contacts with the citizen (联系群众), proof of 响应
	Draft     Reply     // 储存: not yet reported
	Interim   []Interim // 阶段性答复
	Reply     Reply     // as reported last
	RepliedAt time.Time
	EndedAt   time.Time // left, terminated, archived

	// The deadline that somebody was told of: equal to DueAt when the timer has fired for it, so
	// that a moved deadline is told of anew.
	ToldSoon   time.Time // 将到期
	ToldPast   time.Time // 已超期
	ToldRemind time.Time // 催办通知书
	DutyRungAt time.Time // when the duty phone was rung last, 特急

	SignedLate  bool          // 超时签收
	RepliedLate bool          // 超期
	NoReturn    bool          // 定责 after deliberation: no 退单 any more
	Returns     int           // 退单 asked for by this leg
	Excluded    bool          // 不合理 or 申诉 upheld: not in the rates
	Overstayed  time.Duration // waiting for decisions past their limit: not counted against the unit
}

// Contact is a contact of a unit with the citizen.
type Contact struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`             // account
	Call calls.ID  `json:"call,omitempty"` // by the hotline's bridge; its recording is the proof
	Way  string    `json:"way"`            // call, visit, other
	Text string    `json:"text,omitempty"`
}

// Interim is an answer given on the way (阶段性答复), shown to hotline and citizen.
type Interim struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// Reply is a unit's reply form. An edit is a new version in the flow; the old one stays there.
type Reply struct {
	Answer    string     `json:"answer"`               // 答复内容, public
	Handling  string     `json:"handling,omitempty"`   // 办理情况, internal
	Person    string     `json:"person,omitempty"`     // 承办人
	Phone     string     `json:"phone,omitempty"`      // 联系电话
	Basis     string     `json:"basis,omitempty"`      // 政策依据
	Solved    Solved     `json:"solved,omitempty"`     // 是否解决
	Unsolved  string     `json:"unsolved,omitempty"`   // 未解决原因
	NoContact string     `json:"no_contact,omitempty"` // why the citizen was not contacted
	Files     []string   `json:"files,omitempty"`      // ids of attachments
	By        string     `json:"by,omitempty"`
	At        *time.Time `json:"at,omitempty"`
}

// Empty tells whether nothing was written.
func (r Reply) Empty() bool {
	return r.Answer == "" && r.Handling == "" && r.Person == "" && r.Phone == ""
}

// Solved is whether the matter was solved, in the coding of follow-ups: 0 no, 1 yes, 2 the
// citizen takes no position.
type Solved string

// Codes of Solved.
const (
	SolvedNo      Solved = "0"
	SolvedYes     Solved = "1"
	SolvedUnknown Solved = "2"
)

// SolvedTerms lists the codes with their labels.
var SolvedTerms = []Term{{string(SolvedNo), "未解决"}, {string(SolvedYes), "已解决"}, {string(SolvedUnknown), "未表态"}}

// Leg returns the leg with the number.
func (t Ticket) Leg(n int) (Leg, bool) {
	if i := t.legIndex(n); i >= 0 {
		return t.Legs[i], true
	}
	return Leg{}, false
}

func (t Ticket) legIndex(n int) int {
	return slices.IndexFunc(t.Legs, func(l Leg) bool { return l.N == n })
}

// LeadLeg is the lead leg that the hotline dispatched last.
func (t Ticket) LeadLeg() (Leg, bool) {
	for i := len(t.Legs) - 1; i >= 0; i-- {
		if l := t.Legs[i]; l.Role == Lead && l.Parent == 0 {
			return l, true
		}
	}
	return Leg{}, false
}

// LegOf is the newest leg of the unit, an open one before one that ended.
func (t Ticket) LegOf(unit string) (Leg, bool) {
	var found Leg
	for _, l := range t.Legs {
		if l.Unit == unit && (found.N == 0 || l.State.Open() || !found.State.Open()) {
			found = l
		}
	}
	return found, found.N != 0
}

// Below lists the legs of the units below a leg, oldest first.
func (t Ticket) Below(n int) []Leg {
	var list []Leg
	for _, l := range t.Legs {
		if l.Parent == n {
			list = append(list, l)
		}
	}
	return list
}
