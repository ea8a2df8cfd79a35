package tickets

import "time"

// Recomputed gives the dates of an open leg by these rules, where old are the ones it was made
// by; equal to the leg's own when nothing moves it. A date that a person chose stays. A limit
// that the policy gave follows a new policy; one that an extension, a suspension or a further
// round gave keeps its number of working days and follows the calendar alone. A deadline that
// comes earlier leaves at least Policy.AfterDenial to act.
func (r Rules) Recomputed(t Ticket, leg Leg, old Rules, now time.Time) Deadlines {
	was := Deadlines{Began: leg.BeganAt, Sign: leg.SignDueAt, Return: leg.ReturnDueAt, Due: leg.DueAt}
	if !leg.State.Open() || !leg.SuspendedAt.IsZero() || leg.DueAt.IsZero() || leg.DueByHand {
		return was
	}
	next := was
	switch byOld := old.given(t, leg); {
	case byOld.Due.Equal(leg.DueAt):
		next = r.given(t, leg)
	case leg.Extensions > 0 || old.countsWorking(t):
		next.Due = r.recount(old, leg)
	}
	if next.Due.Before(was.Due) {
		next.Due = later(next.Due, earliest(was.Due, later(r.After(now, r.Policy.AfterDenial), now)))
	}
	if leg.State != ToSign || leg.SignedLate {
		next.Sign = was.Sign
	}
	return next
}

// given is what the policy alone gives the leg.
func (r Rules) given(t Ticket, leg Leg) Deadlines {
	if leg.Parent == 0 {
		return r.ForDispatch(t, leg.Role, time.Time{}, leg.BeganAt)
	}
	parent, _ := t.Leg(leg.Parent)
	return r.ForDelegate(t, parent, time.Time{}, leg.BeganAt)
}

func (r Rules) countsWorking(t Ticket) bool {
	unit := r.LimitsFor(t).Handle.Unit
	return unit == WorkingDays || unit == WorkingHours
}

// recount moves the deadline to where as many working days have passed by this calendar as did
// by the old one.
func (r Rules) recount(old Rules, leg Leg) time.Time {
	due, days := old.Calendar.In(leg.DueAt), 0
	if !old.Calendar.Working(due) {
		return leg.DueAt
	}
	for day := old.Calendar.AddWorkingDays(leg.BeganAt, 1); !afterDay(day, due); day = old.Calendar.AddWorkingDays(day, 1) {
		days++
	}
	day := r.Calendar.AddWorkingDays(leg.BeganAt, days)
	return time.Date(day.Year(), day.Month(), day.Day(), due.Hour(), due.Minute(), due.Second(), due.Nanosecond(), due.Location()).UTC()
}

// afterDay tells whether the day of a comes after that of b, both of one zone.
func afterDay(a, b time.Time) bool {
	return a.Format(time.DateOnly) > b.Format(time.DateOnly)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
