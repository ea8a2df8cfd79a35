package tickets

import "slices"

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

// Transitions is the state table of the ticket, rows 1 to 34. 重办中 is the label of 已转办 with
// Round 2 and more; 已签收, 办理中 and so on are the legs'.
var Transitions = slices.Concat(intakeRows, dispatchRows, handlingRows, reviewRows, visitRows, anytimeRows)
