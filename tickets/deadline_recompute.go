package tickets

import (
	"slices"
	"time"
)

// Moved is a leg whose dates a new policy or calendar moves.
type Moved struct {
	Leg int
	Was Deadlines
	Now Deadlines
}

// Recompute lists the open legs whose dates these rules move, where old are the ones that the
// dates were made by. A date that a person chose stays. A limit that the policy gave follows a
// new policy; one that an extension, a suspension or a further round gave keeps its number of
// working days and follows the calendar alone. A deadline that comes earlier leaves at least
// Policy.AfterDenial to act.
func (r Rules) Recompute(t Ticket, old Rules, now time.Time) []Moved {
	next := t
	next.Legs = slices.Clone(t.Legs)
	var list []Moved
	for i, leg := range t.Legs { // a parent comes before its children
		if !leg.State.Open() || !leg.SuspendedAt.IsZero() || leg.DueAt.IsZero() || leg.DueByHand {
			continue
		}
		was := Deadlines{Began: leg.BeganAt, Sign: leg.SignDueAt, Return: leg.ReturnDueAt, Due: leg.DueAt}
		dates := r.recomputed(next, leg, was, old.given(t, leg), old)
		if dates.Due.Before(was.Due) {
			dates.Due = later(dates.Due, earliest(was.Due, later(r.After(now, r.Policy.AfterDenial), now)))
		}
		if leg.State != ToSign || leg.SignedLate {
			dates.Sign = was.Sign
		}
		dates.Sign, dates.Return = notAfter(dates.Sign, dates.Due), notAfter(dates.Return, dates.Due)
		next.Legs[i].DueAt = dates.Due
		if !dates.equal(was) {
			list = append(list, Moved{Leg: leg.N, Was: was, Now: dates})
		}
	}
	return list
}

func (d Deadlines) equal(o Deadlines) bool {
	return d.Sign.Equal(o.Sign) && d.Return.Equal(o.Return) && d.Due.Equal(o.Due)
}

func (r Rules) recomputed(t Ticket, leg Leg, was, byOld Deadlines, old Rules) Deadlines {
	switch {
	case byOld.Due.Equal(leg.DueAt):
		return r.given(t, leg)
	case leg.Extensions > 0 || old.countsWorking(t):
		was.Due = r.recount(old, leg)
	}
	return was
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
