package tickets

import "time"

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

// After gives the instant at which the span has passed since t. Working days count from the day
// after; with Policy.FromNextDay natural days and hours do too. The end of a day is the
// beginning of the next. A zero span is the zero time.
func (r Rules) After(t time.Time, s Span) time.Time {
	if s.IsZero() {
		return time.Time{}
	}
	switch s.Unit {
	case WorkingDays:
		return r.Calendar.AddWorkingDays(t, int(s.N)).UTC()
	case WorkingHours:
		at, err := r.Calendar.AddOpenTime(r.Policy.Office, t, time.Duration(s.N*float64(time.Hour)))
		if err != nil {
			return t.Add(time.Duration(s.N * float64(time.Hour)))
		}
		return at.UTC()
	case NaturalDays:
		return t.AddDate(0, 0, int(s.N)).UTC()
	}
	return t.Add(time.Duration(s.N * float64(time.Hour))).UTC()
}

// DispatchDue is when a ticket that reached the pool has to be dispatched.
func (r Rules) DispatchDue(t Ticket, at time.Time) time.Time {
	return r.After(at, r.LimitsFor(t).Dispatch)
}

// ForDispatch gives the dates of a leg that the hotline dispatches now: a lead gets the full
// limit, an assist is due earlier by Inner.Assist. due is the limit chosen by hand; zero: by
// policy.
func (r Rules) ForDispatch(t Ticket, role LegRole, due, now time.Time) Deadlines {
	l := r.LimitsFor(t)
	d := Deadlines{Began: now, Sign: r.After(now, l.Sign), Return: r.After(now, l.Return), Due: r.After(now, l.Handle)}
	if !due.IsZero() {
		d.Due = due
	}
	if role == Assist {
		d.Due = r.earlier(d.Due, r.Policy.Inner.Assist, now)
	}
	return d
}

// ForDelegate gives the dates of a leg below the parent, delegated now: due earlier than the
// parent by Inner.Earlier, but with at least Inner.AtLeast from now, never after the parent.
func (r Rules) ForDelegate(t Ticket, parent Leg, due, now time.Time) Deadlines {
	l := r.LimitsFor(t)
	d := Deadlines{Began: now, Sign: r.After(now, l.Sign), Return: r.After(now, l.Return), Due: due}
	if due.IsZero() {
		d.Due = r.earlier(parent.DueAt, r.Policy.Inner.Earlier, now)
	}
	return d
}

// ForRework gives the dates of a further round: by review a short one, by follow-up the
// policy's, by a deliberation the full limit (Span zero).
func (r Rules) ForRework(t Ticket, by Event, now time.Time) Deadlines {
	span := r.Policy.Rework
	if by == ReviewRework {
		span = r.Policy.ReviewRework
	}
	if span.IsZero() {
		span = r.LimitsFor(t).Handle
	}
	return Deadlines{Began: now, Sign: r.After(now, r.LimitsFor(t).Sign), Return: r.After(now, r.LimitsFor(t).Return), Due: r.After(now, span)}
}

// HandDue checks a limit chosen by hand against the policy's least and longest.
func (r Rules) HandDue(t Ticket, due, now time.Time) bool {
	l := r.LimitsFor(t)
	least, most := r.After(now, l.Min), r.After(now, l.Max)
	return due.After(now) && (least.IsZero() || !due.Before(least)) && (most.IsZero() || !due.After(most))
}

// DecisionDue is when a request of the kind has to be decided.
func (r Rules) DecisionDue(kind RequestKind, asked time.Time) time.Time {
	return r.After(asked, r.Policy.Deciders[kind])
}

// Extended is a deadline with working days added to it.
func (r Rules) Extended(due time.Time, days int) time.Time {
	return r.After(due, Span{N: float64(days), Unit: WorkingDays})
}

// MaxExtension is how many working days an extension of the leg may have.
func (r Rules) MaxExtension(t Ticket, leg Leg) int {
	if m := r.Policy.Extend.MaxDays; m > 0 {
		return m
	}
	return int(r.LimitsFor(t).Handle.N)
}

// AfterDenial is the deadline after a request was denied: at least Policy.AfterDenial is left.
func (r Rules) AfterDenial(due, now time.Time) time.Time {
	if least := r.After(now, r.Policy.AfterDenial); least.After(due) {
		return least
	}
	return due
}

// Remainder is the working time between now and due; past due it is negative. Resumed gives it
// back.
func (r Rules) Remainder(now, due time.Time) time.Duration {
	return r.Calendar.OpenTime(r.Policy.Office, now, due)
}

// Resumed is the deadline of a leg whose clock runs again.
func (r Rules) Resumed(now time.Time, left time.Duration) time.Time {
	if left <= 0 {
		return now.Add(left)
	}
	at, err := r.Calendar.AddOpenTime(r.Policy.Office, now, left)
	if err != nil {
		return now.Add(left)
	}
	return at.UTC()
}

// earlier is due less the span, but at least Inner.AtLeast from now and never after due.
func (r Rules) earlier(due time.Time, s Span, now time.Time) time.Time {
	at := r.Before(due, s)
	if least := r.After(now, r.Policy.Inner.AtLeast); least.After(at) {
		at = least
	}
	if at.After(due) {
		return due
	}
	return at
}

// Before is the latest instant after which the span still fits before due.
func (r Rules) Before(due time.Time, s Span) time.Time {
	switch s.Unit {
	case WorkingDays:
		return r.Calendar.AddWorkingDays(due, -int(s.N)).UTC()
	case NaturalDays:
		return due.AddDate(0, 0, -int(s.N))
	}
	return due.Add(-time.Duration(s.N * float64(time.Hour)))
}
