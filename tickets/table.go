package tickets

// Transition is one row of the state table: in each of the From states a holder of one of the
// Who roles may cause the Event when every guard lets it pass.
type Transition struct {
	Row    int // number of the row in the rules of the trade
	From   []State
	Event  Event
	Who    []Role
	Guards []Guard
	Next   []State // where it can lead; more than one: Choose picks
	Choose func(attempt) State
	Effect func(*attempt)
	// Needs names the arguments a page has to ask for before it sends the event.
	Needs []string
	// Primary marks the button of the usual way on.
	Primary bool
	// Numbered gives the ticket its number and query code, where it has none yet.
	Numbered bool
}

// Arguments a page asks for.
const (
	NeedReason    = "reason"
	NeedLawfulWay = "lawful_way"
	NeedMissing   = "missing"
	NeedMaster    = "master"
	NeedOld       = "old"
	NeedText      = "text"
	NeedAccount   = "account"
	NeedEmergency = "emergency"

	NeedUnit     = "unit"     // Args.Unit: one unit; of a dispatch the lead
	NeedAssists  = "assists"  // Args.Units, may be empty
	NeedUnits    = "units"    // Args.Units, at least one
	NeedDueAt    = "due_at"   // may be empty: by policy
	NeedOpinion  = "opinion"  // Args.Text, may be empty
	NeedBasis    = "basis"    // legal basis
	NeedProposed = "proposed" // Args.Unit, may be empty
	NeedDays     = "days"     // working days of an extension
	NeedUntil    = "until"    // date
	NeedPlan     = "plan"     // of a suspension
	NeedReply    = "reply"    // the whole form
	NeedVisit    = "visit"    // answers of a follow-up
	NeedKeep     = "keep"     // the assists go on?
	NeedOutcome  = "outcome"  // of a deliberation
	NeedKind     = "kind"     // of a supervision
	NeedDemand   = "demand"   // Args.Text: what a supervision asks for
	NeedProof    = "proof"    // of a withdrawal
	NeedPublic   = "public"   // the public reply as passed
	NeedUrgency  = "urgency"  // 更正分级
)

// Transitions is the state table of the ticket: rows 1 to 12, intake and what an agent does to
// an old ticket. The rows of dispatch, handling, review and follow-up come with their rooms;
// until then the states are known and nothing leads into them.
var Transitions = []Transition{
	{Row: 1, From: []State{None}, Event: CreateByCall, Who: []Role{Agent},
		Guards: []Guard{callBoundToSeat}, Next: []State{Draft}, Effect: begin},
	{Row: 1, From: []State{None}, Event: Register, Who: []Role{Agent, Intake},
		Guards: []Guard{sourceNotPhone}, Next: []State{Draft}, Effect: begin},
	{Row: 2, From: []State{None}, Event: SubmitOnline, Who: []Role{Citizen},
		Guards: []Guard{sourceOnline, textPresent}, Next: []State{Received}, Effect: receive, Numbered: true},

	{Row: 3, From: []State{Draft, Received, ToSupplement}, Event: Save, Who: []Role{Agent, Intake},
		Guards: []Guard{inHand, validFields}, Next: []State{Draft, Received, ToSupplement}, Choose: stay, Effect: change},
	{Row: 3, From: []State{Draft}, Event: Reassign, Who: []Role{Agent, Supervisor},
		Guards: []Guard{targetGiven, handedOver}, Next: []State{Draft}, Effect: handOver, Needs: []string{NeedAccount}},
	{Row: 3, From: []State{Draft}, Event: Discard, Who: []Role{Agent, Intake, Supervisor},
		Guards: []Guard{inHandOrSupervisor, reasonGiven}, Next: []State{Discarded}, Effect: end, Needs: []string{NeedReason}},
	{Row: 3, From: []State{Received}, Event: Take, Who: []Role{Intake, Agent},
		Guards: []Guard{inPool}, Next: []State{Received}, Effect: take, Primary: true},
	{Row: 3, From: []State{Received}, Event: Release, Who: []Role{Intake, Agent},
		Guards: []Guard{inHand}, Next: []State{Received}, Effect: release},

	{Row: 4, From: []State{Draft, Received, ToSupplement}, Event: CloseDirect, Who: []Role{Agent, Intake},
		Guards: []Guard{inHand, phoneHasCall, requiredFields, answerPresent}, Next: []State{Closed},
		Effect: closeDirect, Numbered: true},
	{Row: 5, From: []State{Draft, Received, ToSupplement}, Event: Refuse, Who: []Role{Agent, Intake},
		Guards: []Guard{inHand, reasonGiven, lawfulWayTold}, Next: []State{NotAccepted},
		Effect: end, Needs: []string{NeedReason, NeedLawfulWay}, Numbered: true},
	{Row: 5, From: []State{ToDispatch}, Event: Refuse, Who: []Role{Dispatcher},
		Guards: []Guard{reasonGiven, lawfulWayTold}, Next: []State{NotAccepted},
		Effect: end, Needs: []string{NeedReason, NeedLawfulWay}},
	{Row: 6, From: []State{Draft}, Event: ToEmergency, Who: []Role{Agent},
		Guards: []Guard{inHand, phoneHasCall, emergencyLine}, Next: []State{Transferred},
		Effect: end, Needs: []string{NeedEmergency}, Numbered: true},

	{Row: 7, From: []State{Received}, Event: ReturnForSupplement, Who: []Role{Intake},
		Guards: []Guard{inHand, sourceOnline, missingTold}, Next: []State{ToSupplement},
		Effect: askForMore, Needs: []string{NeedMissing}},
	{Row: 8, From: []State{ToSupplement}, Event: Resubmit, Who: []Role{Agent, Intake, Citizen},
		Guards: []Guard{inHandOrCitizen, requiredFieldsForDispatch}, Next: []State{Received, ToDispatch}, Choose: whereItCameFrom,
		Effect: comeBack, Primary: true},
	{Row: 8, From: []State{ToSupplement}, Event: Expire, Who: []Role{System},
		Guards: []Guard{sourceOnline}, Next: []State{Shut}, Effect: end},

	{Row: 9, From: []State{Draft, Received}, Event: Merge, Who: []Role{Agent},
		Guards: []Guard{inHand, masterOpen}, Next: []State{Merged}, Effect: merge, Needs: []string{NeedMaster}, Numbered: true},
	{Row: 9, From: []State{Received, ToDispatch}, Event: Merge, Who: []Role{Dispatcher, Reviewer},
		Guards: []Guard{masterOpen}, Next: []State{Merged}, Effect: merge, Needs: []string{NeedMaster}, Numbered: true},
	{Row: 9, From: []State{Merged}, Event: Split, Who: []Role{Dispatcher, Office},
		Guards: []Guard{reasonGiven}, Next: []State{ToDispatch}, Effect: split, Needs: []string{NeedReason}},

	{Row: 10, From: []State{Draft}, Event: Urge, Who: []Role{Agent},
		Guards: []Guard{inHand, phoneHasCall, oldOpen}, Next: []State{Discarded}, Effect: fold, Needs: []string{NeedOld, NeedText}},
	{Row: 10, From: []State{Draft}, Event: Supplement, Who: []Role{Agent},
		Guards: []Guard{inHand, phoneHasCall, oldOpen, textGiven}, Next: []State{Discarded}, Effect: fold, Needs: []string{NeedOld, NeedText}},
	{Row: 10, From: []State{Draft}, Event: Progress, Who: []Role{Agent},
		Guards: []Guard{inHand, phoneHasCall, oldOpen}, Next: []State{Discarded}, Effect: fold, Needs: []string{NeedOld}},
	{Row: 10, From: OpenStates(), Event: Urge, Who: []Role{Agent},
		Guards: []Guard{callBoundToSeat, notUrgedInThisCall}, Next: OpenStates(), Choose: stay, Effect: addCall(CallUrge)},
	{Row: 10, From: OpenStates(), Event: Supplement, Who: []Role{Agent},
		Guards: []Guard{callBoundToSeat, textGiven}, Next: OpenStates(), Choose: stay, Effect: addCall(CallSupplement)},
	{Row: 10, From: OpenStates(), Event: Progress, Who: []Role{Agent},
		Guards: []Guard{callBoundToSeat}, Next: OpenStates(), Choose: stay, Effect: addCall(CallProgress)},

	{Row: 11, From: []State{Draft, Received, ToSupplement}, Event: Submit, Who: []Role{Agent, Intake},
		Guards: []Guard{inHand, phoneHasCall, requiredFields}, Next: []State{ToDispatch},
		Effect: submit, Primary: true, Numbered: true},
	{Row: 12, From: []State{Draft, Received, ToSupplement}, Event: DirectDispatch, Who: []Role{Agent},
		Guards: []Guard{inHand, oneUnitInCatalogue, phoneHasCall, requiredFields}, Next: []State{Dispatched},
		Effect: dispatchDirectly, Numbered: true},
}

func find(state State, event Event) []Transition {
	var rows []Transition
	for _, t := range Transitions {
		if t.Event != event {
			continue
		}
		for _, from := range t.From {
			if from == state {
				rows = append(rows, t)
				break
			}
		}
	}
	return rows
}
