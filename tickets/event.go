package tickets

// Event is what somebody does to a ticket.
type Event string

// Events of a ticket.
const (
	CreateByCall        Event = "create_by_call"
	Register            Event = "register"
	SubmitOnline        Event = "submit_online"
	Save                Event = "save"
	Reassign            Event = "reassign"
	Discard             Event = "discard"
	Take                Event = "take"
	Release             Event = "release"
	CloseDirect         Event = "close_direct"
	Refuse              Event = "refuse"
	ToEmergency         Event = "to_emergency"
	ReturnForSupplement Event = "return_for_supplement"
	Resubmit            Event = "resubmit"
	Expire              Event = "expire"
	Merge               Event = "merge"
	Split               Event = "split"
	Urge                Event = "urge"
	Supplement          Event = "supplement"
	Progress            Event = "progress"
	Submit              Event = "submit"
	DirectDispatch      Event = "direct_dispatch"

	// Of the ticket at the hotline, rows 13 to 34.
	Dispatch         Event = "dispatch"           // 14 派单
	ReturnToWriter   Event = "return_to_writer"   // 15 退回坐席
	ReportHard       Event = "report_hard"        // 16 报疑难
	AssignDuty       Event = "assign_duty"        // 17 定责
	Conclude         Event = "conclude"           // 17 结论
	AllReplied       Event = "all_replied"        // 18 反馈齐
	Recall           Event = "recall"             // 19 撤回
	Resume           Event = "resume"             // 22 恢复
	Pass             Event = "pass"               // 23 审核通过
	PassWithoutVisit Event = "pass_without_visit" // 23 通过,无需回访
	ReviewRework     Event = "review_rework"      // 24 退回重办
	VisitMissed      Event = "visit_missed"       // a try that did not reach the citizen
	VisitClose       Event = "visit_close"        // 25 回访办结
	VisitRework      Event = "visit_rework"       // 26 不满意重办
	AskCloseAtLimit  Event = "ask_close_at_limit" // 27 达上限申请办结
	VisitToPhone     Event = "visit_to_phone"     // 26 a negative answer by message becomes a phone task
	VisitSupervise   Event = "visit_supervise"    // 27 转督办
	Unreachable      Event = "unreachable"        // 28 联系不上
	CitizenWithdraw  Event = "citizen_withdraw"   // 30 公众撤诉
	AskVoid          Event = "ask_void"           // 31 作废
	AskReopen        Event = "ask_reopen"         // 32 申请重开
	Archive          Event = "archive"            // 33 归档
	Overrule         Event = "overrule"           // triage put right by hand

	// Of a leg, rows L1 to L17.
	View            Event = "view"             // L1 查看
	Sign            Event = "sign"             // L1 签收
	SignOverdue     Event = "sign_overdue"     // L2 签收超时
	AskReturn       Event = "ask_return"       // L3 申请退单
	Delegate        Event = "delegate"         // L5 业务交办
	RecallDelegate  Event = "recall_delegate"  // L5 撤回交办
	AddDelegate     Event = "add_delegate"     // L6 加派
	HandBack        Event = "hand_back"        // L7 退回(二级)
	Handle          Event = "handle"           // L8 办理(二级)
	ChildReplied    Event = "child_replied"    // L8 下级已办理
	ChildLeft       Event = "child_left"       // L7 下级已退回
	SendBack        Event = "send_back"        // L9 退回下级
	SaveReply       Event = "save_reply"       // L10 储存
	InterimReply    Event = "interim_reply"    // L10 阶段性答复
	ToLeader        Event = "to_leader"        // L11 提交领导审核
	LeaderApprove   Event = "leader_approve"   // L12 同意
	LeaderReturn    Event = "leader_return"    // L12 退改
	TakeBack        Event = "take_back"        // L12 撤回送审
	ReportReply     Event = "report_reply"     // L13 办理(上报)
	AskExtension    Event = "ask_extension"    // L14 申请延期
	AskSuspension   Event = "ask_suspension"   // L14 申请挂起
	AskUnreasonable Event = "ask_unreasonable" // L14 申请不合理诉求
	Redo            Event = "redo"             // L15 重办
	Terminate       Event = "terminate"        // L16 终止
	ArchiveLeg      Event = "archive_leg"      // L17 归档
	AskAppeal       Event = "ask_appeal"       // 34 考核申诉
	ContactCitizen  Event = "contact_citizen"  // 联系群众, noted with its call

	// Of a request.
	Grant           Event = "grant"            // 同意
	Deny            Event = "deny"             // 不同意
	WithdrawRequest Event = "withdraw_request" // 撤回申请
	LapseRequest    Event = "lapse_request"    // 失效
	DecisionOverdue Event = "decision_overdue" // 决定超时

	// Of supervision, cards and urges.
	Instruct         Event = "instruct"          // 批示
	Supervise        Event = "supervise"         // 督办
	IssueSupervise   Event = "issue_supervise"   // 下发
	ReplySupervise   Event = "reply_supervise"   // 督办反馈
	ReturnSupervise  Event = "return_supervise"  // 申请退回督办
	KeepSupervise    Event = "keep_supervise"    // 驳回退回
	ReleaseSupervise Event = "release_supervise" // 同意退回
	PassSupervise    Event = "pass_supervise"    // 督办审核通过
	RedoSupervise    Event = "redo_supervise"    // 督办审核退回
	CloseSupervise   Event = "close_supervise"   // 督办办结
	Remind           Event = "remind"            // 催办, by the hotline or a timer
	IssueCard        Event = "issue_card"        // 发牌
	RevokeCard       Event = "revoke_card"       // 撤牌
	StageOverdue     Event = "stage_overdue"     // 派单/审核/回访超时
	DueSoon          Event = "due_soon"          // 黄灯
	PastDue          Event = "past_due"          // 红灯
	RingDuty         Event = "ring_duty"         // 特急 not signed: the duty phone rings again
	Recompute        Event = "recompute"         // deadlines moved by a new calendar or policy
)

// Events lists the events with the words on their buttons and in the flow history.
var Events = []Term{
	{string(CreateByCall), "来电建单"}, {string(Register), "登记"}, {string(SubmitOnline), "网络提交"}, {string(Save), "保存"},
	{string(Reassign), "改归属"}, {string(Discard), "废弃"}, {string(Take), "领取"}, {string(Release), "释放"},
	{string(CloseDirect), "直办办结"}, {string(Refuse), "不予受理"}, {string(ToEmergency), "转紧急热线"},
	{string(ReturnForSupplement), "退回补充"}, {string(Resubmit), "补充提交"}, {string(Expire), "逾期关闭"},
	{string(Merge), "并单"}, {string(Split), "拆单"}, {string(Urge), "追加催办"}, {string(Supplement), "追加内容"},
	{string(Progress), "查询进度"}, {string(Submit), "提交派单"}, {string(DirectDispatch), "直派"},
	{string(Dispatch), "派单"}, {string(ReturnToWriter), "退回坐席"}, {string(ReportHard), "报疑难"}, {string(AssignDuty), "定责"},
	{string(Conclude), "会商结论"}, {string(AllReplied), "反馈齐"}, {string(Recall), "撤回"}, {string(Resume), "恢复办理"},
	{string(Pass), "审核通过"}, {string(PassWithoutVisit), "通过，无需回访"}, {string(ReviewRework), "退回重办"},
	{string(VisitMissed), "未联系上"}, {string(VisitClose), "回访办结"}, {string(VisitRework), "不满意重办"},
	{string(VisitToPhone), "转电话回访"}, {string(AskCloseAtLimit), "达上限办结"}, {string(VisitSupervise), "转督办"}, {string(Unreachable), "联系不上办结"},
	{string(CitizenWithdraw), "公众撤诉"}, {string(AskVoid), "作废"}, {string(AskReopen), "申请重开"}, {string(Archive), "归档"},
	{string(Overrule), "更正分级"},
	{string(View), "查看"}, {string(Sign), "签收"}, {string(SignOverdue), "签收超时"}, {string(AskReturn), "退单"},
	{string(Delegate), "业务交办"}, {string(RecallDelegate), "撤回交办"}, {string(AddDelegate), "加派"}, {string(HandBack), "退回"},
	{string(Handle), "办理"}, {string(ChildReplied), "下级已办理"}, {string(ChildLeft), "下级已退回"}, {string(SendBack), "退回下级"}, {string(SaveReply), "储存"},
	{string(InterimReply), "阶段性答复"}, {string(ToLeader), "提交领导审核"}, {string(LeaderApprove), "同意"},
	{string(LeaderReturn), "退改"}, {string(TakeBack), "撤回送审"}, {string(ReportReply), "办理（上报）"},
	{string(AskExtension), "申请延期"}, {string(AskSuspension), "申请挂起"}, {string(AskUnreasonable), "申请不合理诉求"},
	{string(Redo), "重办"}, {string(Terminate), "终止"}, {string(ArchiveLeg), "归档"}, {string(AskAppeal), "考核申诉"},
	{string(ContactCitizen), "联系群众"},
	{string(Grant), "同意"}, {string(Deny), "不同意"}, {string(WithdrawRequest), "撤回申请"}, {string(LapseRequest), "申请失效"},
	{string(DecisionOverdue), "决定超时"},
	{string(Instruct), "批示"}, {string(Supervise), "督办"}, {string(IssueSupervise), "下发督办"}, {string(ReplySupervise), "督办反馈"},
	{string(ReturnSupervise), "申请退回督办"}, {string(KeepSupervise), "驳回退回"}, {string(ReleaseSupervise), "同意退回督办"},
	{string(PassSupervise), "督办审核通过"}, {string(RedoSupervise), "督办审核退回"}, {string(CloseSupervise), "督办办结"},
	{string(Remind), "催办"}, {string(IssueCard), "发牌"}, {string(RevokeCard), "撤牌"}, {string(StageOverdue), "环节超时"},
	{string(RingDuty), "呼叫值班电话"}, {string(DueSoon), "将到期"}, {string(PastDue), "已超期"}, {string(Recompute), "时限重算"},
}

// Label is the Chinese name of the event.
func (e Event) Label() string { return Label(Events, string(e)) }
