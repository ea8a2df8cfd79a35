package tickets

import (
	"slices"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// RequestKind is what somebody asks another to decide.
type RequestKind string

// Kinds of requests.
const (
	RequestReturn       RequestKind = "return"       // 退单, by a leg
	RequestExtension    RequestKind = "extension"    // 延期, by a leg
	RequestSuspension   RequestKind = "suspension"   // 挂起, by the lead leg
	RequestUnreasonable RequestKind = "unreasonable" // 不合理诉求, by a leg
	RequestAppeal       RequestKind = "appeal"       // 考核申诉, by a leg
	RequestDeliberation RequestKind = "deliberation" // 报疑难, by dispatcher or reviewer
	RequestReopening    RequestKind = "reopening"    // 重开, by agent or citizen
	RequestVoid         RequestKind = "void"         // 作废: a second person decides
	RequestWithdrawal   RequestKind = "withdrawal"   // 公众撤诉 that the hotline office has to confirm
	RequestAtLimit      RequestKind = "at_limit"     // 达上限办结, by follow-up
)

// RequestKinds lists the kinds with their labels.
var RequestKinds = []Term{
	{string(RequestReturn), "退单"}, {string(RequestExtension), "延期"}, {string(RequestSuspension), "挂起"},
	{string(RequestUnreasonable), "不合理诉求"}, {string(RequestAppeal), "考核申诉"}, {string(RequestDeliberation), "疑难会商"},
	{string(RequestReopening), "重开"}, {string(RequestVoid), "作废"}, {string(RequestWithdrawal), "撤诉确认"},
	{string(RequestAtLimit), "达上限办结"},
}

// Label is the Chinese name of the kind.
func (k RequestKind) Label() string { return Label(RequestKinds, string(k)) }

// RequestState is what became of a request.
type RequestState string

// States of a request.
const (
	NoRequest        RequestState = ""
	RequestOpen      RequestState = "open"      // 待决定
	RequestGranted   RequestState = "granted"   // 已同意
	RequestDenied    RequestState = "denied"    // 未同意
	RequestWithdrawn RequestState = "withdrawn" // 已撤回
	RequestLapsed    RequestState = "lapsed"    // 已失效
)

// RequestStates lists the states with their labels.
var RequestStates = []Term{
	{string(RequestOpen), "待决定"}, {string(RequestGranted), "已同意"}, {string(RequestDenied), "未同意"},
	{string(RequestWithdrawn), "已撤回"}, {string(RequestLapsed), "已失效"},
}

// Label is the Chinese name of the state.
func (s RequestState) Label() string { return Label(RequestStates, string(s)) }

// Request is something that waits for another's decision. N counts within the ticket from 1.
type Request struct {
	N     int
	Kind  RequestKind
	State RequestState
	Leg   int // of the leg that asks; 0: it concerns the whole ticket

	Reason    string
	Basis     string    // legal basis
	Unit      string    // proposed unit of a return or a reopening
	Days      int       // working days of an extension
	Until     time.Time // of a suspension
	Plan      string    // of a suspension
	Files     []string
	AskedBy   string
	AskedName string
	AskedUnit string
	AskedAt   time.Time
	InTime    bool // asked before the deadline

	DecideDueAt time.Time // limit of who decides
	Escalated   bool      // the head of the hotline office was told
	DecidedBy   string
	DecidedName string
	DecidedAt   time.Time
	Opinion     string // of the decision
}

// Request returns the request with the number.
func (t Ticket) Request(n int) (Request, bool) {
	if i := slices.IndexFunc(t.Requests, func(r Request) bool { return r.N == n }); i >= 0 {
		return t.Requests[i], true
	}
	return Request{}, false
}

// OpenRequest finds the open request of a leg (0: of the ticket) of one of the kinds; without
// kinds, of any.
func (t Ticket) OpenRequest(leg int, kinds ...RequestKind) (Request, bool) {
	for _, r := range t.Requests {
		if r.State == RequestOpen && r.Leg == leg && (len(kinds) == 0 || slices.Contains(kinds, r.Kind)) {
			return r, true
		}
	}
	return Request{}, false
}

// SupervisionKind is a kind of 督办.
type SupervisionKind string

// Kinds of supervision.
const (
	SuperviseByRule   SupervisionKind = "rule"        // 制度督办
	SuperviseWritten  SupervisionKind = "written"     // 书面督办
	SuperviseSpecial  SupervisionKind = "special"     // 专项督办
	SuperviseByLeader SupervisionKind = "instruction" // 指令督办: a leader's 批示
)

// SupervisionKinds lists the kinds with their labels.
var SupervisionKinds = []Term{
	{string(SuperviseByRule), "制度督办"}, {string(SuperviseWritten), "书面督办"}, {string(SuperviseSpecial), "专项督办"},
	{string(SuperviseByLeader), "指令督办"},
}

// SupervisionState is where a supervision is.
type SupervisionState string

// States of a supervision.
const (
	NoSupervision          SupervisionState = ""
	SupervisionFiled       SupervisionState = "filed"        // 已提交: 批示 or a clerk's proposal, not yet sent out
	SupervisionIssued      SupervisionState = "issued"       // 待处理
	SupervisionReturnAsked SupervisionState = "return_asked" // 申请退回
	SupervisionToReview    SupervisionState = "to_review"    // 待审核
	SupervisionDone        SupervisionState = "done"         // 办理完成
	SupervisionClosed      SupervisionState = "closed"       // 督办办结
	SupervisionReleased    SupervisionState = "released"     // 已退回
)

// SupervisionStates lists the states with their labels.
var SupervisionStates = []Term{
	{string(SupervisionFiled), "已提交"}, {string(SupervisionIssued), "待处理"}, {string(SupervisionReturnAsked), "申请退回"},
	{string(SupervisionToReview), "待审核"}, {string(SupervisionDone), "办理完成"}, {string(SupervisionClosed), "督办办结"},
	{string(SupervisionReleased), "已退回"},
}

// Label is the Chinese name of the state.
func (s SupervisionState) Label() string { return Label(SupervisionStates, string(s)) }

// Open tells whether somebody still has to act; closing a ticket waits for it.
func (s SupervisionState) Open() bool {
	switch s {
	case SupervisionFiled, SupervisionIssued, SupervisionReturnAsked, SupervisionToReview, SupervisionDone:
		return true
	}
	return false
}

// Supervision is a 督办 with its own steps. N counts within the ticket from 1.
type Supervision struct {
	N         int
	Kind      SupervisionKind
	State     SupervisionState
	Unit      string // that is supervised
	Reason    string // what it was begun for
	Demand    string // 督办要求, or the leader's 批示
	DueAt     time.Time
	ToldPast  time.Time // the DueAt that somebody was told of when it passed
	FiledBy   string
	FiledName string
	FiledAt   time.Time
	IssuedAt  time.Time
	Reply     string // of the unit
	ReplyBy   string
	ReplyAt   time.Time
	Opinion   string // of the last review
	ClosedAt  time.Time
}

// Supervision returns the supervision with the number.
func (t Ticket) Supervision(n int) (Supervision, bool) {
	if i := slices.IndexFunc(t.Supervisions, func(s Supervision) bool { return s.N == n }); i >= 0 {
		return t.Supervisions[i], true
	}
	return Supervision{}, false
}

// CardKind is the colour of a card.
type CardKind string

// Kinds of cards.
const (
	YellowCard CardKind = "yellow"
	RedCard    CardKind = "red"
)

// CardKinds lists the kinds with their labels.
var CardKinds = []Term{{string(YellowCard), "黄牌"}, {string(RedCard), "红牌"}}

// Card is a record against a unit (黄牌, 红牌). N counts within the ticket from 1.
type Card struct {
	N            int
	Kind         CardKind
	Leg          int
	Unit         string
	Reason       string
	IssuedAt     time.Time
	RevokedAt    time.Time // zero: it stands
	RevokedBy    string
	RevokeReason string
}

// VisitChannel is how a follow-up was made.
type VisitChannel string

// Channels of follow-ups.
const (
	VisitByPhone VisitChannel = "phone"
	VisitBySMS   VisitChannel = "sms" // link in a short message
	VisitByRobot VisitChannel = "robot"
)

// Visit is one try to follow up (回访), with its answers when the citizen was reached. Five
// levels: 1 非常满意 … 5 非常不满意; 0 拒评 or not asked. N counts within the ticket from 1.
type Visit struct {
	N         int          `json:"n"`
	Round     int          `json:"round"`         // of the ticket
	For       string       `json:"for,omitempty"` // id of the merged ticket whose citizen it was; empty: the ticket's own
	At        time.Time    `json:"at"`
	By        string       `json:"by"`
	ByName    string       `json:"by_name"`
	Channel   VisitChannel `json:"channel"`
	Call      calls.ID     `json:"call,omitempty"`
	Message   string       `json:"message,omitempty"` // id of the short message
	Reached   bool         `json:"reached"`
	Failure   string       `json:"failure,omitempty"` // why not reached
	Contacted bool         `json:"contacted"`         // did the unit contact you?
	Solved    Solved       `json:"solved,omitempty"`
	Result    int          `json:"result,omitempty"` // satisfaction with the result
	Unit      int          `json:"unit,omitempty"`   // with the unit
	Agent     int          `json:"agent,omitempty"`  // with the agent
	Text      string       `json:"text,omitempty"`
}

// Satisfactions lists the five levels of satisfaction.
var Satisfactions = []Term{{"1", "非常满意"}, {"2", "满意"}, {"3", "基本满意"}, {"4", "不满意"}, {"5", "非常不满意"}}

// Dissatisfied tells whether the answers ask for another round.
func (v Visit) Dissatisfied() bool { return v.Solved == SolvedNo || v.Result >= 4 }
