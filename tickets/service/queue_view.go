package service

import (
	"time"

	"github.com/open12345/hotline/tickets"
)

// DeskQueue names a list of work. What lies in it follows from states alone; who may see it and
// which rows says the role and its unit.
type DeskQueue string

// Queues of the hotline and of the units.
const (
	QueueReceived     DeskQueue = "received"     // 待受理
	QueueToDispatch   DeskQueue = "to_dispatch"  // 待派单 (pool and own)
	QueueReturned     DeskQueue = "returned"     // 待派单 again after a 退单
	QueueReview       DeskQueue = "review"       // 待审核
	QueueFollowUp     DeskQueue = "follow_up"    // 待回访
	QueueDecisions    DeskQueue = "decisions"    // 待决定: every open request (热线办, 审核员: reopening)
	QueueSupervisions DeskQueue = "supervisions" // 督办
	QueueSuspended    DeskQueue = "suspended"    // 挂起
	QueueDeliberation DeskQueue = "deliberation" // 疑难会商
	QueueOverdue      DeskQueue = "overdue"      // 已超期, hotline-wide or of the unit
	QueueDueSoon      DeskQueue = "due_soon"     // 将超期
	QueueSupplement   DeskQueue = "supplement"   // 待补充, own

	QueueUnitInbox     DeskQueue = "unit_inbox"     // 一级部门件 / 二级部门件: to sign or being handled
	QueueUnitBelow     DeskQueue = "unit_below"     // 已交办: the units below have it
	QueueUnitCompile   DeskQueue = "unit_compile"   // 一级部门汇总/待办件
	QueueUnitApprove   DeskQueue = "unit_approve"   // 待我审批 (leader, deputy)
	QueueUnitDecide    DeskQueue = "unit_decide"    // requests of the units below, decided by level 1
	QueueUnitSupervise DeskQueue = "unit_supervise" // 督办件
	QueueUnitSent      DeskQueue = "unit_sent"      // 已上报, under review or in follow-up
	QueueUnitDone      DeskQueue = "unit_done"      // 已办结
	QueueUnitCards     DeskQueue = "unit_cards"     // 黄红牌
)

// QueueCount is how much lies in a queue.
type QueueCount struct {
	Queue  DeskQueue `json:"queue"`
	Label  string    `json:"label"`
	Count  int       `json:"count"`  // stops at MaxTotal
	Mine   int       `json:"mine"`   // in the asker's hands
	Unread int       `json:"unread"` // titles never viewed
	Yellow int       `json:"yellow"`
	Red    int       `json:"red"`
}

// QueueFilter narrows a queue. Sort is due (default), newest or sent.
type QueueFilter struct {
	Paging
	Queue    DeskQueue
	Query    string
	Type     tickets.Type
	Class    string
	Unit     string
	Light    tickets.Light
	Urgency  tickets.Urgency
	Mine     bool
	Unsigned bool
	Sort     string
}

// QueueItem is a row of a queue: a ticket, and where the queue is of legs, requests,
// supervisions or cards the one that lies there.
type QueueItem struct {
	ID          string           `json:"id"`
	Number      string           `json:"number"`
	Version     int              `json:"version"`
	Title       string           `json:"title"`
	Type        tickets.Type     `json:"type"`
	Urgency     tickets.Urgency  `json:"urgency"`
	Source      tickets.Source   `json:"source"`
	ClassPath   []string         `json:"class_path"`
	Place       string           `json:"place"`
	State       tickets.State    `json:"state"`
	StateLabel  string           `json:"state_label"`
	Round       int              `json:"round"`
	Secret      bool             `json:"secret"`
	Hard        bool             `json:"hard,omitempty"`
	Urges       int              `json:"urges,omitempty"`
	Returns     int              `json:"returns,omitempty"`
	Supervised  bool             `json:"supervised,omitempty"`
	SubmittedAt time.Time        `json:"submitted_at,omitzero"`
	At          time.Time        `json:"at"`             // when it came into the queue
	From        string           `json:"from,omitempty"` // who sent it
	Owner       string           `json:"owner,omitempty"`
	OwnerName   string           `json:"owner_name,omitempty"`
	DueAt       time.Time        `json:"due_at,omitzero"` // of what lies in the queue
	Light       tickets.Light    `json:"light,omitempty"`
	Remains     string           `json:"remains,omitempty"`
	Unit        *UnitRef         `json:"unit,omitempty"`
	Leg         *LegView         `json:"leg,omitempty"`
	Below       *LegView         `json:"below,omitempty"` // the leg below with the nearest deadline
	Request     *RequestView     `json:"request,omitempty"`
	Supervision *SupervisionView `json:"supervision,omitempty"`
	Card        *CardView        `json:"card,omitempty"`
	Actions     []tickets.Action `json:"allowed_actions"`
}

// BatchRequest does one event to many tickets (签收, 业务交办 …). Each is tried by itself.
type BatchRequest struct {
	Items   []BatchItem `json:"items" minItems:"1" maxItems:"200"`
	Version int         `json:"version,omitempty" doc:"Not used: each item has its own"`
	ActRequest
}

// BatchItem names a ticket of a batch as it was seen.
type BatchItem struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Leg     int    `json:"leg,omitempty"`
}

// BatchResult is what became of one ticket of a batch.
type BatchResult struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Done   bool   `json:"done"`
	Code   string `json:"code,omitempty"`   // of the refusal
	Detail string `json:"detail,omitempty"` // in Chinese, fit to show
}
