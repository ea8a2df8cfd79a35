package tickets

import "time"

// YellowAt is when the leg's light turns yellow: when what remains is at most the policy's span
// or share of the limit, whichever is smaller. Limits of up to a day are measured by the clock,
// longer ones in office time.
func (r Rules) YellowAt(leg Leg) time.Time {
	if leg.DueAt.IsZero() {
		return time.Time{}
	}
	rule := r.Policy.Light
	bySpan := r.Before(leg.DueAt, rule.Yellow)
	if rule.Share == 0 || leg.BeganAt.IsZero() {
		return bySpan
	}
	byShare := r.beforeShare(leg, rule.Share)
	if rule.Yellow.IsZero() {
		return byShare
	}
	return later(bySpan, byShare)
}

func (r Rules) beforeShare(leg Leg, share float64) time.Time {
	limit := leg.DueAt.Sub(leg.BeganAt)
	if limit <= 24*time.Hour || !r.countsOffice() {
		return leg.DueAt.Add(-time.Duration(float64(limit) * share))
	}
	open := r.Calendar.OpenTime(r.Policy.Office, leg.BeganAt, leg.DueAt)
	if open <= 0 {
		return leg.DueAt.Add(-time.Duration(float64(limit) * share))
	}
	return r.addOpen(leg.DueAt, -time.Duration(float64(open)*share))
}

// Light is the light of the leg now. A leg that ended or is suspended has none.
func (r Rules) Light(leg Leg, now time.Time) Light {
	switch {
	case leg.DueAt.IsZero() || !leg.State.Open() || !leg.SuspendedAt.IsZero():
		return NoLight
	case now.After(leg.DueAt):
		return Red
	case !now.Before(r.YellowAt(leg)):
		return Yellow
	}
	return Green
}
