package tickets

// SupervisionTransitions is the state table of 督办: 提交→下发→(申请退回)→待审核→办理完成→督办办结.
// Rows are numbered in this order. It never blocks a unit's act; closing a ticket waits for it.
var SupervisionTransitions = []SupervisionTransition{
	{Row: 1, From: []SupervisionState{NoSupervision}, Event: Instruct, Who: []Role{CityLeader},
		Guards: []Guard{ticketAccepted, textGiven}, Next: []SupervisionState{SupervisionFiled}, Effect: instruct, Needs: []string{NeedText}},
	{Row: 1, From: []SupervisionState{NoSupervision}, Event: Supervise, Who: []Role{Office},
		Guards: []Guard{ticketAccepted, supervisionKindKnown, textGiven}, Next: []SupervisionState{SupervisionFiled}, Effect: fileSupervision,
		Needs: []string{NeedKind, NeedDemand, NeedUnit, NeedDueAt}},
	{Row: 1, From: []SupervisionState{NoSupervision}, Event: VisitSupervise, Who: []Role{Office},
		Next: []SupervisionState{SupervisionIssued}, Effect: fileSupervision},
	{Row: 2, From: []SupervisionState{SupervisionFiled}, Event: IssueSupervise, Who: []Role{Office},
		Guards: []Guard{supervisedUnitNamed, dueToCome}, Next: []SupervisionState{SupervisionIssued}, Effect: issueSupervision,
		Needs: []string{NeedUnit, NeedDueAt, NeedDemand}, Primary: true},
	{Row: 3, From: []SupervisionState{SupervisionIssued}, Event: ReturnSupervise, Who: unitPeople,
		Guards: []Guard{ofSupervisedUnit, reasonGiven}, Next: []SupervisionState{SupervisionReturnAsked}, Effect: tellOffice, Needs: []string{NeedReason}},
	{Row: 3, From: []SupervisionState{SupervisionReturnAsked}, Event: KeepSupervise, Who: []Role{Office},
		Guards: []Guard{reasonGiven}, Next: []SupervisionState{SupervisionIssued}, Effect: reviewSupervision, Needs: []string{NeedReason}},
	{Row: 3, From: []SupervisionState{SupervisionReturnAsked}, Event: ReleaseSupervise, Who: []Role{Office},
		Next: []SupervisionState{SupervisionReleased}, Effect: reviewSupervision, Needs: []string{NeedOpinion}},
	{Row: 4, From: []SupervisionState{SupervisionIssued}, Event: ReplySupervise, Who: unitPeople,
		Guards: []Guard{ofSupervisedUnit, textGiven}, Next: []SupervisionState{SupervisionToReview}, Effect: replySupervision,
		Needs: []string{NeedText}, Primary: true},
	{Row: 5, From: []SupervisionState{SupervisionToReview}, Event: PassSupervise, Who: []Role{Office},
		Next: []SupervisionState{SupervisionDone}, Effect: reviewSupervision, Needs: []string{NeedOpinion}, Primary: true},
	{Row: 5, From: []SupervisionState{SupervisionToReview}, Event: RedoSupervise, Who: []Role{Office},
		Guards: []Guard{reasonGiven}, Next: []SupervisionState{SupervisionIssued}, Effect: redoSupervision, Needs: []string{NeedReason, NeedDueAt}},
	{Row: 6, From: []SupervisionState{SupervisionDone}, Event: CloseSupervise, Who: []Role{Office},
		Next: []SupervisionState{SupervisionClosed}, Effect: reviewSupervision, Needs: []string{NeedOpinion}, Primary: true, Confirm: true},

	{Row: 2, From: []SupervisionState{SupervisionIssued}, Event: Remind, Who: []Role{Office, System},
		Next: []SupervisionState{SupervisionIssued}, Effect: remindSupervision, Needs: []string{NeedOpinion}},
	{Row: 2, From: []SupervisionState{SupervisionIssued}, Event: StageOverdue, Who: []Role{System},
		Guards: []Guard{supervisionLate}, Next: []SupervisionState{SupervisionIssued}, Effect: supervisionOverdue},
	{Row: 6, From: []SupervisionState{SupervisionFiled, SupervisionIssued, SupervisionReturnAsked, SupervisionToReview, SupervisionDone},
		Event: ReleaseSupervise, Who: []Role{System}, Next: []SupervisionState{SupervisionReleased}, Effect: reviewSupervision},
}
