package tickets

// RequestTransitions is the state table of a request (domain rules of requests and overlays). Its
// beginnings are caused by rows of legs and tickets. What a decision does to leg and ticket stands
// in their tables under the same event. Row is the number of the rule.
var RequestTransitions = []RequestTransition{
	{Row: 1, From: []RequestState{NoRequest}, Event: AskReturn, Who: unitPeople, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: AskExtension, Who: unitPeople, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: AskSuspension, Who: unitPeople, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: AskUnreasonable, Who: unitPeople, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: AskAppeal, Who: unitPeople, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: ReportHard, Who: []Role{Dispatcher, Reviewer}, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: AskCloseAtLimit, Who: []Role{FollowUp}, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: CitizenWithdraw, Who: []Role{Agent, FollowUp, Citizen}, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: AskVoid, Who: []Role{Office}, Next: []RequestState{RequestOpen}},
	{Row: 1, From: []RequestState{NoRequest}, Event: AskReopen, Who: []Role{Agent, Citizen}, Next: []RequestState{RequestOpen}},

	{Row: 2, From: []RequestState{RequestOpen}, Event: Grant, Who: []Role{Office, Reviewer, UnitClerk, UnitLeader},
		Guards: []Guard{decides, grantable}, Next: []RequestState{RequestGranted}, Effect: grant,
		Needs: []string{NeedOpinion, NeedKeep}, Primary: true},
	{Row: 2, From: []RequestState{RequestOpen}, Event: Deny, Who: []Role{Office, Reviewer, UnitClerk, UnitLeader},
		Guards: []Guard{decides, reasonGiven}, Next: []RequestState{RequestDenied}, Effect: deny, Needs: []string{NeedReason}},
	{Row: 1, From: []RequestState{RequestOpen}, Event: WithdrawRequest,
		Who:    []Role{UnitClerk, UnitLeader, Agent, Dispatcher, Reviewer, FollowUp, Office, Citizen},
		Guards: []Guard{asked}, Next: []RequestState{RequestWithdrawn}, Effect: withdrawRequest},
	{Row: 3, From: []RequestState{RequestOpen}, Event: DecisionOverdue, Who: []Role{System},
		Guards: []Guard{decisionLate}, Next: []RequestState{RequestOpen}, Effect: decisionOverdue},
	{Row: 9, From: []RequestState{RequestOpen}, Event: LapseRequest, Who: []Role{System},
		Next: []RequestState{RequestLapsed}, Effect: lapse},
}
