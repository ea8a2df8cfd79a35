package acd

import "math"

// pickSeat chooses a free seat for the class by its queue's rule, or nil.
func (e *Engine) pickSeat(c *class) *seat {
	order := c.queue.cfg.Choice.order()
	if c.queue.cfg.Choice != SpecialistsFirst {
		var found *seat
		both(c.profiles, e.idle, func(i int) {
			s := e.profiles[i].idle[order].best(order, c.wish.exclude)
			if s != nil && (found == nil || order.before(s, found)) {
				found = s
			}
		})
		return found
	}
	for _, idle := range e.idleBySize {
		var found *seat
		grade := math.MinInt
		both(c.profiles, idle, func(i int) {
			p := e.profiles[i]
			g := p.grade(&c.wish)
			if g < grade {
				return
			}
			s := p.idle[order].best(order, c.wish.exclude)
			if s != nil && (g > grade || order.before(s, found)) {
				found, grade = s, g
			}
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// pickCall chooses the waiting call for a freed seat, by score, then wait; or nil.
func (e *Engine) pickCall(s *seat) *call {
	var best *class
	var bestScore float64
	both(s.profile.classes, e.waiting, func(i int) {
		h := &e.heads[i]
		score := h.score(e.now)
		if best != nil && score < bestScore {
			return
		}
		c := e.classes[i]
		if len(c.wish.exclude) > 0 && excludes(c.wish.exclude, s.id) {
			return
		}
		if best != nil && score == bestScore && !c.sooner(best) {
			return
		}
		best, bestScore = c, score
	})
	if best == nil {
		return nil
	}
	return best.line.head().call
}

// sooner breaks a tie of scores between the heads of two classes.
func (c *class) sooner(o *class) bool {
	a, b := c.line.head().rank, o.line.head().rank
	if c.queue != o.queue {
		a.start, b.start = 0, 0
	}
	return a.before(b)
}
