package acd

import "time"

// WaitingCall is a call in a queue as a board shows it.
type WaitingCall struct {
	Call      CallID        `json:"call"`
	Queue     QueueID       `json:"queue"`
	Place     int           `json:"place"` // 1 is next
	EnteredAt time.Time     `json:"entered_at"`
	Waited    time.Duration `json:"waited"`
	Priority  int           `json:"priority"`
	Score     float64       `json:"score"` // priority + waited/target
	Step      int           `json:"step"`  // relaxation steps taken
	// Reasons say why it stands where it stands, and what it waits for.
	Reasons []Reason `json:"reasons"`
	// SeatsFit is how many working seats could serve it as it stands.
	SeatsFit int `json:"seats_fit"`
	// Due is when a rule (relaxation, overflow, maximum wait) next applies; zero is never.
	Due time.Time `json:"due,omitzero"`
}

// Waiting lists at most limit calls of a queue in the order in which a seat that fits them all
// would get them.
func (e *Engine) Waiting(id QueueID, limit int, now time.Time) []WaitingCall {
	e.setNow(now)
	q := e.queues[id]
	if q == nil || limit <= 0 {
		return nil
	}
	var calls []placed
	for _, c := range q.classes {
		if c.line.count > 0 {
			calls = mergeFirst(calls, &c.line, limit)
		}
	}
	out := make([]WaitingCall, 0, len(calls))
	for i, p := range calls {
		out = append(out, e.describe(p.call, i+1))
	}
	return out
}

// mergeFirst gives the first limit calls of a sorted list and a line.
func mergeFirst(list []placed, l *line, limit int) []placed {
	merged := make([]placed, 0, min(limit, len(list)+l.count))
	l.each(func(p placed) bool {
		for len(list) > 0 && len(merged) < limit && list[0].before(p.rank) {
			merged, list = append(merged, list[0]), list[1:]
		}
		if len(merged) == limit {
			return false
		}
		merged = append(merged, p)
		return true
	})
	return append(merged, list[:min(len(list), limit-len(merged))]...)
}

func (e *Engine) describe(c *call, place int) WaitingCall {
	q, class := c.queue, c.class
	w := WaitingCall{
		Call: c.id, Queue: q.cfg.ID, Place: place, EnteredAt: instant(c.entered),
		Waited: time.Duration(e.now - c.entered), Priority: int(c.priority),
		Score: float64(c.priority) + float64(e.now-c.entered)*q.perNano, Step: int(c.step), Due: instant(c.due),
	}
	class.profiles.each(func(i int) { w.SeatsFit += e.profiles[i].present })
	switch {
	case c.atHead:
		w.Reasons = append(w.Reasons, ReasonReturned)
	case c.priority > 0:
		w.Reasons = append(w.Reasons, ReasonPriority)
	case q.longest() == c:
		w.Reasons = append(w.Reasons, ReasonLongest)
	default:
		w.Reasons = append(w.Reasons, ReasonOrder)
	}
	switch {
	case c.step == 0:
	case q.steps[c.step-1].ceiling:
		w.Reasons = append(w.Reasons, ReasonCeiling)
	default:
		w.Reasons = append(w.Reasons, ReasonRelaxed)
	}
	if w.SeatsFit == 0 {
		w.Reasons = append(w.Reasons, ReasonNoSeat)
	} else {
		w.Reasons = append(w.Reasons, ReasonBusy)
	}
	return w
}
