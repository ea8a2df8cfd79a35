package tickets

import "time"

// YellowAt is when the leg's light turns yellow: when what remains is at most the policy's span
// or share of the limit, whichever is smaller.
func (r Rules) YellowAt(leg Leg) time.Time {
	if leg.DueAt.IsZero() {
		return time.Time{}
	}
	bySpan := r.Before(leg.DueAt, r.Policy.Light.Yellow)
	limit := leg.DueAt.Sub(leg.BeganAt)
	byShare := leg.DueAt.Add(-time.Duration(float64(limit) * r.Policy.Light.Share))
	if byShare.After(bySpan) {
		return byShare
	}
	return bySpan
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
