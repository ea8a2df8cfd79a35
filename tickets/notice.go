package tickets

// Notice is something somebody has to be told because of a step. The words are made of a
// template by kind; Vars fill it. A citizen's notice holds no inner word.
type Notice struct {
	Kind NoticeKind
	To   Recipient
	Vars map[string]string
}

// Recipient is who is told: exactly one of the fields is set.
type Recipient struct {
	Citizen bool   // the ticket's citizen, and those of tickets merged into it
	Account string // one person
	Role    Role   // everybody of the hotline who holds it
	Unit    string // clerks of the unit
	Leaders string // leaders of the unit and its 联络员
	Duty    string // duty phone of the unit: rung until the leg is signed
}

// NoticeKind names a template.
type NoticeKind string

// Kinds of notices.
const (
	NoticeAccepted    NoticeKind = "accepted"    // citizen: number and 查询码
	NoticeDispatched  NoticeKind = "dispatched"  // citizen: the unit
	NoticeExtended    NoticeKind = "extended"    // citizen: reason and date
	NoticeSuspended   NoticeKind = "suspended"   // citizen: reason and date
	NoticeReplied     NoticeKind = "replied"     // citizen: link to the public reply
	NoticeClosed      NoticeKind = "closed"      // citizen: link to rate
	NoticeToAdd       NoticeKind = "supplement"  // citizen: what is missing
	NoticeAppointment NoticeKind = "appointment" // citizen: will be called

	NoticeNewLeg      NoticeKind = "new_leg"          // unit: something to sign
	NoticeDelegated   NoticeKind = "delegated"        // unit below
	NoticeRecalled    NoticeKind = "recalled"         // unit: no longer yours
	NoticeSentBack    NoticeKind = "sent_back"        // unit below: to be done again
	NoticeChildLeft   NoticeKind = "child_left"       // unit: the unit below gave it back
	NoticeChildReply  NoticeKind = "child_replied"    // unit: 汇总/待办件
	NoticeRework      NoticeKind = "rework"           // unit
	NoticeDecided     NoticeKind = "decided"          // who asked: granted or denied
	NoticeLapsed      NoticeKind = "lapsed"           // who asked: 已失效
	NoticeToDecide    NoticeKind = "to_decide"        // office, leader
	NoticeToApprove   NoticeKind = "to_approve"       // leaders of the unit
	NoticeSignLate    NoticeKind = "sign_overdue"     // leaders, dispatchers
	NoticeStageLate   NoticeKind = "stage_overdue"    // role of the stage
	NoticeDecideLate  NoticeKind = "decision_overdue" // head of the office
	NoticeDueSoon     NoticeKind = "due_soon"         // unit
	NoticePastDue     NoticeKind = "past_due"         // unit, leaders
	NoticeUrged       NoticeKind = "urged"            // unit
	NoticeCard        NoticeKind = "card"             // leaders
	NoticeCardRevoked NoticeKind = "card_revoked"     // leaders
	NoticeSupervised  NoticeKind = "supervised"       // unit
	NoticeInstructed  NoticeKind = "instructed"       // office
	NoticeReturned    NoticeKind = "returned"         // writer: 退回坐席
	NoticeDueMoved    NoticeKind = "due_moved"        // unit: deadline recomputed
	NoticeDutyPhone   NoticeKind = "duty_phone"       // 特急: ring until signed
	NoticeMaster      NoticeKind = "split"            // dispatchers: 自动拆单
)

// NoticeKinds lists the kinds in the order of a ticket's life.
var NoticeKinds = []NoticeKind{
	NoticeAccepted, NoticeToAdd, NoticeDispatched, NoticeExtended, NoticeSuspended, NoticeReplied, NoticeClosed, NoticeAppointment,
	NoticeNewLeg, NoticeDelegated, NoticeRecalled, NoticeSentBack, NoticeChildLeft, NoticeChildReply, NoticeRework, NoticeDecided,
	NoticeLapsed, NoticeToDecide, NoticeToApprove, NoticeSignLate, NoticeStageLate, NoticeDecideLate, NoticeDueSoon, NoticePastDue,
	NoticeUrged, NoticeCard, NoticeCardRevoked, NoticeSupervised, NoticeInstructed, NoticeReturned, NoticeDueMoved, NoticeMaster,
}
