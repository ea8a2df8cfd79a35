package tickets

import (
	"math"
	"time"
)

// How limits are counted (民法典 第二百〇一条、第二百〇三条):
//
//   - Hours and minutes run round the clock from the moment itself.
//   - Working hours run in office hours only, from the moment itself.
//   - Days with Policy.FromNextDay: the day of receipt is not counted, whatever its hour (17:31 on
//     a Friday is Friday); a limit of working days ends when the office closes on the last of
//     them, one of natural days at the end of the last.
//   - Days without it: a working day is one day's office hours from the moment itself, a natural
//     day is 24 hours.
//   - Parts of a working day are parts of a day's office hours, from the moment itself.

// LimitsFor is the first rule of the policy that fits the ticket.
func (r Rules) LimitsFor(t Ticket) LimitRule {
	for _, l := range r.Policy.Limits {
		if fits(l.Types, t.Type) && fits(l.Urgencies, t.Urgency) && fits(l.Sources, t.Source) {
			return l
		}
	}
	return LimitRule{}
}

func fits[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return len(list) == 0
}

// After gives the instant at which the span has passed since t; of a zero span it is the zero
// time.
func (r Rules) After(t time.Time, s Span) time.Time {
	if s.IsZero() || t.IsZero() {
		return time.Time{}
	}
	whole := s.N == math.Trunc(s.N)
	switch s.Unit {
	case WorkingDays:
		if whole && r.Policy.FromNextDay {
			day := r.Calendar.AddWorkingDays(t, int(s.N))
			return r.Calendar.Closing(r.Policy.Office, day).UTC()
		}
		return r.addOpen(t, r.openLength(s))
	case WorkingHours:
		return r.addOpen(t, r.openLength(s))
	case NaturalDays:
		if r.Policy.FromNextDay {
			return r.Calendar.Closing("", r.Calendar.In(t).AddDate(0, 0, int(s.N))).UTC()
		}
		return r.Calendar.In(t).AddDate(0, 0, int(s.N)).UTC()
	}
	return t.Add(s.clock()).UTC()
}

// Before is the latest instant after which the span still passes until due. The time of day of
// a deadline is kept: one working day before Monday 17:30 is Friday 17:30.
func (r Rules) Before(due time.Time, s Span) time.Time {
	if s.IsZero() || due.IsZero() {
		return due
	}
	switch s.Unit {
	case WorkingDays:
		if s.N != math.Trunc(s.N) {
			return r.addOpen(due, -r.openLength(s))
		}
		due = r.Calendar.In(due)
		if !r.Calendar.Working(due) {
			due = r.Calendar.Closing(r.Policy.Office, r.Calendar.AddWorkingDays(due, -1))
		}
		return r.Calendar.AddWorkingDays(due, -int(s.N)).UTC()
	case WorkingHours:
		return r.addOpen(due, -r.openLength(s))
	case NaturalDays:
		return r.Calendar.In(due).AddDate(0, 0, -int(s.N)).UTC()
	}
	return due.Add(-s.clock()).UTC()
}

// openLength is how much office time a span of working days or hours is.
func (r Rules) openLength(s Span) time.Duration {
	if s.Unit == WorkingDays {
		return time.Duration(s.N * float64(r.Calendar.DayLength(r.Policy.Office)))
	}
	return time.Duration(s.N * float64(time.Hour))
}

// clock is the length of a span of minutes or hours.
func (s Span) clock() time.Duration {
	if s.Unit == Minutes {
		return time.Duration(s.N * float64(time.Minute))
	}
	return time.Duration(s.N * float64(time.Hour))
}

// addOpen adds office time; a policy without office hours counts round the clock.
func (r Rules) addOpen(t time.Time, d time.Duration) time.Time {
	at, err := r.Calendar.AddOpenTime(r.Policy.Office, t, d)
	if err != nil {
		return t.Add(d).UTC()
	}
	return at.UTC()
}

// DispatchDue is when a ticket that reached the pool has to be dispatched.
func (r Rules) DispatchDue(t Ticket, at time.Time) time.Time {
	return r.After(at, r.LimitsFor(t).Dispatch)
}

// ForDispatch gives the dates of a leg that the hotline dispatches now: a lead gets the full
// limit, an assist is due earlier by Inner.Assist. due is the limit chosen by hand; zero: by
// policy.
func (r Rules) ForDispatch(t Ticket, role LegRole, due, now time.Time) Deadlines {
	if due.IsZero() {
		due = r.After(now, r.LimitsFor(t).Handle)
	}
	if role == Assist {
		due = r.earlier(due, r.Policy.Inner.Assist, now)
	}
	return r.dates(t, due, now)
}

// ForDelegate gives the dates of a leg below the parent, delegated now: due earlier than the
// parent by Inner.Earlier, but with at least Inner.AtLeast from now, never after the parent.
// due is the limit chosen by hand, see HandDelegate.
func (r Rules) ForDelegate(t Ticket, parent Leg, due, now time.Time) Deadlines {
	if due.IsZero() {
		due = r.earlier(parent.DueAt, r.Policy.Inner.Earlier, now)
	}
	return r.dates(t, due, now)
}

// ForRework gives the dates of a further round: by review a short one, by follow-up the
// policy's, otherwise and where the policy has none the full limit.
func (r Rules) ForRework(t Ticket, by Event, now time.Time) Deadlines {
	var span Span
	switch by {
	case ReviewRework:
		span = r.Policy.ReviewRework
	case VisitRework, VisitSupervise:
		span = r.Policy.Rework
	}
	if span.IsZero() {
		span = r.LimitsFor(t).Handle
	}
	return r.dates(t, r.After(now, span), now)
}

// dates adds the limits of signing and returning, which never end after the deadline.
func (r Rules) dates(t Ticket, due, now time.Time) Deadlines {
	l := r.LimitsFor(t)
	return Deadlines{
		Began: now, Due: due, Sign: notAfter(r.After(now, l.Sign), due), Return: notAfter(r.After(now, l.Return), due),
	}
}

func notAfter(at, due time.Time) time.Time {
	if !due.IsZero() && at.After(due) {
		return due
	}
	return at
}

// earlier is due less the span, but at least Inner.AtLeast from now and never after due.
func (r Rules) earlier(due time.Time, s Span, now time.Time) time.Time {
	at := r.Before(due, s)
	if least := r.After(now, r.Policy.Inner.AtLeast); least.After(at) {
		at = least
	}
	return notAfter(at, due)
}

// HandDue checks a limit chosen by hand at dispatch against the policy's least and longest.
func (r Rules) HandDue(t Ticket, due, now time.Time) bool {
	l := r.LimitsFor(t)
	least, most := r.After(now, l.Min), r.After(now, l.Max)
	return due.After(now) && (least.IsZero() || !due.Before(least)) && (most.IsZero() || !due.After(most))
}

// HandDelegate checks a limit chosen by hand for a unit below: to come, and not after the
// parent's.
func (r Rules) HandDelegate(parent Leg, due, now time.Time) bool {
	return due.After(now) && (parent.DueAt.IsZero() || !due.After(parent.DueAt))
}

// DecisionDue is when a request of the kind has to be decided; zero: the policy has no limit.
func (r Rules) DecisionDue(kind RequestKind, asked time.Time) time.Time {
	return r.After(asked, r.Policy.Deciders[kind])
}

// Extended is a deadline with working days added to it: the close of office on the last of them,
// whatever the policy counts in.
func (r Rules) Extended(due time.Time, days int) time.Time {
	return r.Calendar.Closing(r.Policy.Office, r.Calendar.AddWorkingDays(due, days)).UTC()
}

// MaxExtension is how many working days an extension of a leg may have: the policy's, or at most
// the ticket's original limit.
func (r Rules) MaxExtension(t Ticket, _ Leg) int {
	if m := r.Policy.Extend.MaxDays; m > 0 {
		return m
	}
	handle := r.LimitsFor(t).Handle
	switch handle.Unit {
	case WorkingDays, NaturalDays:
		return max(1, int(handle.N))
	case WorkingHours:
		return max(1, int(r.openLength(handle)/r.Calendar.DayLength(r.Policy.Office)))
	}
	return max(1, int(handle.clock()/(24*time.Hour)))
}

// AfterDenial is the deadline after a request was denied: at least Policy.AfterDenial is left.
func (r Rules) AfterDenial(due, now time.Time) time.Time {
	if least := r.After(now, r.Policy.AfterDenial); least.After(due) {
		return least
	}
	return due
}

// Remainder is the office time between now and due, which a suspension keeps; past due it is
// negative. Of a deadline outside office hours, such as that of a 特急 ticket on a Sunday, it is
// the time itself. Resumed gives it back.
func (r Rules) Remainder(now, due time.Time) time.Duration {
	if open := r.Calendar.OpenTime(r.Policy.Office, now, due); open != 0 {
		return open
	}
	return due.Sub(now)
}

// Resumed is the deadline of a leg whose clock runs again.
func (r Rules) Resumed(now time.Time, left time.Duration) time.Time { return r.addOpen(now, left) }
