package tickets

import "time"

// PublicState is what a citizen is told; never an inner word.
type PublicState string

// Public states.
const (
	PublicAccepted    PublicState = "accepted"
	PublicInProgress  PublicState = "in_progress"
	PublicSuspended   PublicState = "suspended"
	PublicReplied     PublicState = "replied"
	PublicClosed      PublicState = "closed"
	PublicWithdrawn   PublicState = "withdrawn"
	PublicNotAccepted PublicState = "not_accepted"
	PublicMerged      PublicState = "merged"
)

// Public tells a citizen about a ticket: the state and, where the state has one, the unit and
// the date of the expected answer, next report or closing.
type Public struct {
	State PublicState
	Unit  string
	Date  time.Time
}

// PublicOf is the public side of a ticket.
func PublicOf(t Ticket) Public {
	switch t.State {
	case Dispatched, UnderReview:
		return Public{State: PublicInProgress, Unit: t.Unit, Date: t.DueAt}
	case Suspended:
		return Public{State: PublicSuspended, Date: t.DueAt}
	case ToFollowUp:
		return Public{State: PublicReplied, Unit: t.Unit}
	case Closed, Archived:
		return Public{State: PublicClosed, Date: t.ClosedAt}
	case NotAccepted, Transferred, Shut:
		return Public{State: PublicNotAccepted, Date: t.ClosedAt}
	case Merged:
		return Public{State: PublicMerged, Date: t.ClosedAt}
	case Withdrawn, Voided, Discarded:
		return Public{State: PublicWithdrawn, Date: t.ClosedAt}
	}
	return Public{State: PublicAccepted}
}
