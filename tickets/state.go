package tickets

// State is where a ticket is in its life. The empty state is "not there yet".
type State string

// States of a ticket.
const (
	None         State = ""
	Draft        State = "draft"
	Received     State = "received"
	ToSupplement State = "supplement"
	ToDispatch   State = "to_dispatch"
	Dispatched   State = "dispatched"
	UnderReview  State = "under_review"
	ToFollowUp   State = "to_follow_up"
	Suspended    State = "suspended"
	Deliberation State = "deliberation"
	Closed       State = "closed"
	NotAccepted  State = "not_accepted"
	Transferred  State = "transferred"
	Merged       State = "merged"
	Discarded    State = "discarded"
	Withdrawn    State = "withdrawn"
	Voided       State = "voided"
	Shut         State = "shut"
	Archived     State = "archived"
)

// States lists every state with its label, in the order of a ticket's life.
var States = []Term{
	{string(Draft), "草稿"}, {string(Received), "待受理"}, {string(ToSupplement), "待补充"}, {string(ToDispatch), "待派单"},
	{string(Dispatched), "已转办"}, {string(UnderReview), "待审核"}, {string(ToFollowUp), "待回访"}, {string(Suspended), "挂起"},
	{string(Deliberation), "疑难会商"}, {string(Closed), "已办结"}, {string(NotAccepted), "不予受理"}, {string(Transferred), "已转接"},
	{string(Merged), "已并单"}, {string(Discarded), "已废弃"}, {string(Withdrawn), "已撤销"}, {string(Voided), "作废"},
	{string(Shut), "已关闭"}, {string(Archived), "已归档"},
}

// Label is the Chinese name of the state.
func (s State) Label() string { return Label(States, string(s)) }

// Open tells whether somebody still has to act on a ticket of this state.
func (s State) Open() bool {
	switch s {
	case Draft, Received, ToSupplement, ToDispatch, Dispatched, UnderReview, ToFollowUp, Suspended, Deliberation:
		return true
	}
	return false
}

// Accepted tells whether the citizen's matter has left the writer's hands and is still open:
// such a ticket can be urged, supplemented and asked about.
func (s State) Accepted() bool { return s.Open() && s != Draft }

// OpenStates lists the states of tickets somebody still has to act on, drafts left out.
func OpenStates() []State {
	var open []State
	for _, term := range States {
		if s := State(term.Code); s.Accepted() {
			open = append(open, s)
		}
	}
	return open
}
