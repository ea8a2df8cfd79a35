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
)

// Events lists the events with the words on their buttons and in the flow history.
var Events = []Term{
	{string(CreateByCall), "来电建单"}, {string(Register), "登记"}, {string(SubmitOnline), "网络提交"}, {string(Save), "保存"},
	{string(Reassign), "改归属"}, {string(Discard), "废弃"}, {string(Take), "领取"}, {string(Release), "释放"},
	{string(CloseDirect), "直办办结"}, {string(Refuse), "不予受理"}, {string(ToEmergency), "转紧急热线"},
	{string(ReturnForSupplement), "退回补充"}, {string(Resubmit), "补充提交"}, {string(Expire), "逾期关闭"},
	{string(Merge), "并单"}, {string(Split), "拆单"}, {string(Urge), "追加催办"}, {string(Supplement), "追加内容"},
	{string(Progress), "查询进度"}, {string(Submit), "提交派单"}, {string(DirectDispatch), "直派"},
}

// Label is the Chinese name of the event.
func (e Event) Label() string { return Label(Events, string(e)) }
