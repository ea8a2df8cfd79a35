package tickets

// Where a ticket can be reported as 疑难, be closed and be reopened.
var (
	hardStates   = []State{ToDispatch, Dispatched, UnderReview, ToFollowUp}
	endedStates  = []State{Closed, Withdrawn, NotAccepted, Shut, Transferred}
	restedStates = []State{Closed, Withdrawn, NotAccepted, Shut, Transferred, Merged, Voided, Discarded}
)

// dispatchRows are rows 13 to 17 and 29: pools, dispatch and deliberation.
var dispatchRows = []Transition{
	{Row: 13, From: []State{ToDispatch}, Event: Take, Who: []Role{Dispatcher},
		Guards: []Guard{inPool}, Next: []State{ToDispatch}, Effect: take, Primary: true},
	{Row: 14, From: []State{ToDispatch}, Event: Dispatch, Who: []Role{Dispatcher},
		Guards: []Guard{freeOrMine, unitsFit, handDueFits, catalogueOrReason}, Next: []State{Dispatched}, Effect: dispatch,
		Needs: []string{NeedUnit, NeedAssists, NeedDueAt, NeedOpinion}, Primary: true},
	{Row: 13, From: []State{ToDispatch}, Event: Release, Who: []Role{Dispatcher, System},
		Guards: []Guard{inHandOrByRule}, Next: []State{ToDispatch}, Effect: release},
	{Row: 13, From: []State{ToDispatch}, Event: Reassign, Who: []Role{Dispatcher},
		Guards: []Guard{targetGiven}, Next: []State{ToDispatch}, Effect: handOver, Needs: []string{NeedAccount}},
	{Row: 15, From: []State{ToDispatch}, Event: ReturnToWriter, Who: []Role{Dispatcher},
		Guards: []Guard{freeOrMine, reasonGiven, hasWriter}, Next: []State{ToSupplement}, Effect: returnToWriter, Needs: []string{NeedReason}},
	{Row: 15, From: []State{ToSupplement}, Event: Reassign, Who: []Role{Supervisor},
		Guards: []Guard{targetGiven}, Next: []State{ToSupplement}, Effect: handOver, Needs: []string{NeedAccount}},

	{Row: 16, From: hardStates, Event: ReportHard, Who: []Role{Dispatcher, Reviewer},
		Guards: []Guard{freeOrMine, reasonGiven, noOpenOf(RequestDeliberation)}, Stays: true,
		Effect: ask(RequestDeliberation), Needs: []string{NeedReason}},
	{Row: 16, From: hardStates, Event: Grant, Who: []Role{Office}, Of: RequestDeliberation, Next: []State{Deliberation}, Effect: deliberate},
	{Row: 17, From: []State{Deliberation}, Event: AssignDuty, Who: []Role{Office},
		Guards: []Guard{textGiven, unitsFit, handDueFits}, Next: []State{Dispatched}, Effect: assignDuty,
		Needs: []string{NeedText, NeedUnit, NeedAssists, NeedDueAt}, Primary: true},
	{Row: 17, From: []State{Deliberation}, Event: Conclude, Who: []Role{Office},
		Guards: []Guard{textGiven, outcomeFits}, Next: []State{NotAccepted, Suspended, ToDispatch}, Choose: concluded,
		Effect: conclude, Needs: []string{NeedText, NeedOutcome, NeedUnit, NeedUntil, NeedPlan}, Confirm: true},

	{Row: 29, From: []State{Received}, Event: Reassign, Who: []Role{Intake},
		Guards: []Guard{targetGiven}, Next: []State{Received}, Effect: handOver, Needs: []string{NeedAccount}},
	{Row: 29, From: []State{UnderReview}, Event: Take, Who: []Role{Reviewer},
		Guards: []Guard{inPool}, Next: []State{UnderReview}, Effect: take, Primary: true},
	{Row: 29, From: []State{UnderReview}, Event: Release, Who: []Role{Reviewer, System},
		Guards: []Guard{inHandOrByRule}, Next: []State{UnderReview}, Effect: release},
	{Row: 29, From: []State{UnderReview}, Event: Reassign, Who: []Role{Reviewer},
		Guards: []Guard{targetGiven}, Next: []State{UnderReview}, Effect: handOver, Needs: []string{NeedAccount}},
	{Row: 29, From: []State{ToFollowUp}, Event: Take, Who: []Role{FollowUp},
		Guards: []Guard{inPool}, Next: []State{ToFollowUp}, Effect: take, Primary: true},
	{Row: 29, From: []State{ToFollowUp}, Event: Release, Who: []Role{FollowUp, System},
		Guards: []Guard{inHandOrByRule}, Next: []State{ToFollowUp}, Effect: release},
	{Row: 29, From: []State{ToFollowUp}, Event: Reassign, Who: []Role{FollowUp},
		Guards: []Guard{targetGiven}, Next: []State{ToFollowUp}, Effect: handOver, Needs: []string{NeedAccount}},
}

// handlingRows are rows 18 to 22: while units have the ticket.
var handlingRows = []Transition{
	{Row: 18, From: []State{Dispatched}, Event: AllReplied, Who: []Role{System},
		Guards: []Guard{everyLegAnswered}, Next: []State{UnderReview}, Effect: toReview},
	{Row: 19, From: []State{Dispatched}, Event: Recall, Who: []Role{Dispatcher},
		Guards: []Guard{nobodySigned, reasonGiven}, Next: []State{ToDispatch}, Effect: recall, Needs: []string{NeedReason}},
	{Row: 19, From: []State{Dispatched}, Event: Recall, Who: []Role{Office},
		Guards: []Guard{reasonGiven}, Next: []State{ToDispatch}, Effect: recall, Needs: []string{NeedReason}},
	{Row: 20, From: []State{Dispatched}, Event: Grant, Who: []Role{Office}, Of: RequestReturn,
		Guards: []Guard{returnsLeft}, Next: []State{ToDispatch}, Effect: returned},
	{Row: 20, From: []State{Dispatched}, Event: Grant, Who: []Role{Office}, Of: RequestReturn, Next: []State{Deliberation}, Effect: deliberate},
	{Row: 21, From: []State{Dispatched}, Event: Grant, Who: []Role{Office}, Of: RequestSuspension,
		Guards: []Guard{untilToCome}, Next: []State{Suspended}, Effect: suspend},
	{Row: 22, From: []State{Suspended}, Event: Resume, Who: []Role{System},
		Guards: []Guard{suspensionOver}, Next: []State{Dispatched}, Effect: resume},
	{Row: 22, From: []State{Suspended}, Event: Resume, Who: []Role{Office},
		Next: []State{Dispatched}, Effect: resume, Primary: true},
	{Row: 22, From: []State{Suspended}, Event: Resume, Who: []Role{UnitClerk, UnitLeader},
		Guards: []Guard{ofLeadUnit}, Next: []State{Dispatched}, Effect: resume, Primary: true},
}

// reviewRows are rows 23 and 24.
var reviewRows = []Transition{
	{Row: 23, From: []State{UnderReview}, Event: Pass, Who: []Role{Reviewer},
		Guards: []Guard{freeOrMine, publicReplyPresent}, Next: []State{ToFollowUp}, Effect: pass,
		Needs: []string{NeedPublic, NeedOpinion}, Primary: true},
	{Row: 23, From: []State{UnderReview}, Event: PassWithoutVisit, Who: []Role{Reviewer},
		Guards: []Guard{freeOrMine, noVisitWanted, notSupervised, publicReplyPresent}, Next: []State{Closed},
		Effect: passWithoutVisit, Needs: []string{NeedPublic, NeedOpinion}, Confirm: true},
	{Row: 24, From: []State{UnderReview}, Event: ReviewRework, Who: []Role{Reviewer},
		Guards: []Guard{freeOrMine, reasonGiven}, Next: []State{Dispatched}, Effect: reviewRework, Needs: []string{NeedReason}},
}

// visitRows are rows 25 to 28: follow-up.
var visitRows = []Transition{
	{Row: 25, From: []State{ToFollowUp}, Event: VisitClose, Who: []Role{FollowUp, System},
		Guards: []Guard{freeOrMine, visitReached, visitContent, notSupervised}, Next: []State{Closed, ToFollowUp}, Choose: whenAllVisited,
		Effect: visitClose, Needs: []string{NeedVisit}, Primary: true, Confirm: true},
	{Row: 26, From: []State{ToFollowUp}, Event: VisitRework, Who: []Role{FollowUp},
		Guards: []Guard{freeOrMine, reasonable, reworksLeft, visitReached, visitDiscontent}, Next: []State{Dispatched, ToDispatch},
		Choose: sameUnitOrAnother, Effect: visitRework, Needs: []string{NeedVisit, NeedReason, NeedProposed}},
	{Row: 26, From: []State{ToFollowUp}, Event: VisitToPhone, Who: []Role{System},
		Guards: []Guard{visitReached, visitDiscontent}, Next: []State{ToFollowUp}, Effect: noteVisit},
	{Row: 27, From: []State{ToFollowUp}, Event: AskCloseAtLimit, Who: []Role{FollowUp},
		Guards: []Guard{freeOrMine, reasonGiven, atLimitOrBasis, noOpenOf(RequestAtLimit)}, Next: []State{ToFollowUp},
		Effect: askAtLimit, Needs: []string{NeedReason, NeedBasis, NeedVisit}},
	{Row: 27, From: []State{ToFollowUp}, Event: Grant, Who: []Role{Office}, Of: RequestAtLimit,
		Guards: []Guard{notSupervised}, Next: []State{Closed}, Effect: closeAtLimit},
	{Row: 27, From: []State{ToFollowUp}, Event: VisitSupervise, Who: []Role{Office},
		Guards: []Guard{textGiven}, Next: []State{Dispatched}, Effect: visitSupervise, Needs: []string{NeedDemand}},
	{Row: 28, From: []State{ToFollowUp}, Event: VisitMissed, Who: []Role{FollowUp, System},
		Guards: []Guard{freeOrMine, visitGiven}, Next: []State{ToFollowUp}, Effect: noteVisit, Needs: []string{NeedVisit}},
	{Row: 28, From: []State{ToFollowUp}, Event: Unreachable, Who: []Role{FollowUp},
		Guards: []Guard{freeOrMine, triedEnough, notSupervised}, Next: []State{Closed}, Effect: unreachable, Confirm: true},
}

// anytimeRows are rows 30 to 34 and what does not depend on the stage.
var anytimeRows = []Transition{
	{Row: 30, From: OpenStates(), Event: CitizenWithdraw, Who: []Role{Agent, FollowUp, Citizen},
		Guards: []Guard{proofGiven, noOpenOf(RequestWithdrawal)}, Next: append([]State{Withdrawn}, OpenStates()...),
		Choose: withdrawnOrConfirmed, Effect: withdraw, Needs: []string{NeedProof, NeedReason}, Confirm: true},
	{Row: 30, From: OpenStates(), Event: Grant, Who: []Role{Office}, Of: RequestWithdrawal, Next: []State{Withdrawn}, Effect: endWithMerged},
	{Row: 31, From: OpenStates(), Event: AskVoid, Who: []Role{Office},
		Guards: []Guard{reasonGiven, noOpenOf(RequestVoid)}, Stays: true, Effect: ask(RequestVoid),
		Needs: []string{NeedReason}},
	{Row: 31, From: OpenStates(), Event: Grant, Who: []Role{Office}, Of: RequestVoid,
		Guards: []Guard{anotherPerson}, Next: []State{Voided}, Effect: endWithMerged},
	{Row: 32, From: endedStates, Event: AskReopen, Who: []Role{Agent, Citizen},
		Guards: []Guard{reopenInTime, reasonGiven, noOpenOf(RequestReopening)}, Stays: true, Effect: ask(RequestReopening),
		Needs: []string{NeedReason}},
	{Row: 32, From: endedStates, Event: Grant, Who: []Role{Reviewer}, Of: RequestReopening, Next: []State{ToDispatch}, Effect: reopen},
	{Row: 33, From: restedStates, Event: Archive, Who: []Role{System, Office},
		Guards: []Guard{nothingPending, restedLongEnough}, Next: []State{Archived}, Effect: archive, Confirm: true},

	{Row: 14, From: []State{ToDispatch}, Event: Overrule, Who: []Role{Dispatcher},
		Guards: []Guard{freeOrMine, urgencyKnown, reasonGiven}, Next: []State{ToDispatch}, Effect: overrule,
		Needs: []string{NeedUrgency, NeedReason}},
	{Row: 29, From: []State{Received, ToSupplement, ToDispatch, UnderReview, ToFollowUp, Deliberation}, Event: StageOverdue, Who: []Role{System},
		Guards: []Guard{stageLate}, Stays: true,
		Effect: tellStageLate},
}
