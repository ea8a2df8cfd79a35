package acd

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// profile is every signed-in seat with the same skills, levels and queues.
type profile struct {
	index   int
	key     string
	like    Seat    // without id: skills and queues
	size    int     // how many skills: fewer is more of a specialist
	levels  []uint8 // by skill number; past the end is 0
	queues  []QueueID
	classes bitset // that fit
	seats   int    // signed in
	idle    [seatOrders]seatHeap
	present int       // of seats: free or with a call
	service rateMeter // calls ended, by busy seats
}

func (p *profile) level(skill int) uint8 {
	if skill < len(p.levels) {
		return p.levels[skill]
	}
	return 0
}

// serves tells whether the profile's seats are not kept from the queue.
func (p *profile) serves(q *queue) bool {
	return len(p.queues) == 0 || slices.Contains(p.queues, q.cfg.ID)
}

// fits tells whether the profile's seats may serve the class's calls, excluded seats aside.
func (p *profile) fits(c *class) bool {
	if !p.serves(c.queue) {
		return false
	}
	for _, n := range c.wish.all {
		if p.level(n.skill) < n.min {
			return false
		}
	}
	meets := func(n need) bool { return p.level(n.skill) >= n.min }
	return len(c.wish.any) == 0 || slices.ContainsFunc(c.wish.any, meets)
}

// grade is how good the profile's seats are at what the class wants: the sum of the levels of
// the all-of skills and the best level of the any-of skills.
func (p *profile) grade(w *wish) int {
	sum := 0
	for _, n := range w.all {
		sum += int(p.level(n.skill))
	}
	best := uint8(0)
	for _, n := range w.any {
		best = max(best, p.level(n.skill))
	}
	return sum + int(best)
}

// profile finds or makes the profile of a seat, and which classes fit it.
func (e *Engine) profile(seat *Seat) *profile {
	skills := make([]Skill, 0, len(seat.Skills))
	for s, level := range seat.Skills {
		if level > 0 {
			skills = append(skills, s)
		}
	}
	slices.Sort(skills)
	queues := slices.Clone(seat.Queues)
	slices.Sort(queues)
	queues = slices.Compact(queues)
	var key strings.Builder
	part := func(s string) {
		key.Write(binary.AppendUvarint(nil, uint64(len(s))))
		key.WriteString(s)
	}
	for _, s := range skills {
		part(string(s))
		key.WriteByte(byte(min(seat.Skills[s], MaxLevel)))
	}
	key.WriteByte(0)
	for _, q := range queues {
		part(string(q))
	}
	if p, ok := e.profileKeys[key.String()]; ok {
		return p
	}
	p := &profile{
		index: e.freeProfile(), key: key.String(), size: len(skills), queues: queues,
		like: Seat{Skills: maps.Clone(seat.Skills), Queues: queues}, service: rateMeter{at: e.now},
	}
	for _, s := range skills {
		n := e.skill(s)
		if n >= len(p.levels) {
			p.levels = append(p.levels, make([]uint8, n+1-len(p.levels))...)
		}
		p.levels[n] = uint8(min(seat.Skills[s], MaxLevel))
	}
	e.profiles[p.index] = p
	e.profileKeys[p.key] = p
	for _, c := range e.classes {
		if c != nil && p.fits(c) {
			c.profiles.set(p.index)
			p.classes.set(c.index)
		}
	}
	return p
}

// freeProfile gives the lowest unused profile number.
func (e *Engine) freeProfile() int {
	if n := slices.Index(e.profiles, nil); n >= 0 {
		return n
	}
	e.profiles = append(e.profiles, nil)
	return len(e.profiles) - 1
}

// leaveProfile takes a seat out of its profile. A profile without seats is kept while what it
// measured is worth something: agents come back.
func (e *Engine) leaveProfile(s *seat) {
	s.profile.seats--
	s.profile = nil
}

// dropProfile forgets a profile without seats.
func (e *Engine) dropProfile(p *profile) {
	p.classes.each(func(i int) { e.classes[i].profiles.clear(p.index) })
	delete(e.profileKeys, p.key)
	e.profiles[p.index] = nil
}

// freed puts a free seat among its profile's idle seats.
func (e *Engine) freed(s *seat) {
	p := s.profile
	if len(p.idle[0].seats) == 0 {
		e.idle.set(p.index)
		for p.size >= len(e.idleBySize) {
			e.idleBySize = append(e.idleBySize, nil)
		}
		e.idleBySize[p.size].set(p.index)
	}
	if e.ordersUsed[byOccupied] {
		s.occupied = s.occupation()
	}
	for order := range p.idle {
		if order == 0 || e.ordersUsed[order] {
			p.idle[order].push(s, seatOrder(order))
		}
	}
}

// taken takes a seat out of its profile's idle seats.
func (e *Engine) taken(s *seat) {
	p := s.profile
	for order := range p.idle {
		if order == 0 || e.ordersUsed[order] {
			p.idle[order].remove(s, seatOrder(order))
		}
	}
	if len(p.idle[0].seats) == 0 {
		e.idle.clear(p.index)
		e.idleBySize[p.size].clear(p.index)
	}
}
