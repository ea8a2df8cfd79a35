package acd

// seatOrder is an order in which idle seats of a profile are kept.
type seatOrder int

const (
	byIdle     seatOrder = iota // longest idle first; always kept
	byOccupied                  // least occupied first
	byTurn                      // last given a call the longest ago first
	seatOrders
)

func (c SeatChoice) order() seatOrder {
	switch c {
	case LeastOccupied:
		return byOccupied
	case RoundRobin:
		return byTurn
	default:
		return byIdle
	}
}

// before tells whether a goes before b. Both are idle. Equal seats go by their sign-in.
func (o seatOrder) before(a, b *seat) bool {
	switch o {
	case byOccupied:
		if a.occupied != b.occupied {
			return a.occupied < b.occupied
		}
	case byTurn:
		if a.lastCall != b.lastCall {
			return a.lastCall < b.lastCall
		}
	}
	if a.freeSince != b.freeSince {
		return a.freeSince < b.freeSince
	}
	return a.seq < b.seq
}

// seatHeap is a binary heap of idle seats which know their place in it.
type seatHeap struct{ seats []*seat }

func (h *seatHeap) push(s *seat, o seatOrder) {
	h.seats = append(h.seats, s)
	s.heapAt[o] = len(h.seats) - 1
	h.up(len(h.seats)-1, o)
}

func (h *seatHeap) remove(s *seat, o seatOrder) {
	at, last := s.heapAt[o], len(h.seats)-1
	if at != last {
		h.swap(at, last, o)
	}
	h.seats[last] = nil
	h.seats = h.seats[:last]
	if at != last {
		h.down(at, o)
		h.up(at, o)
	}
}

// best gives the first seat that is not excluded, or nil.
func (h *seatHeap) best(o seatOrder, exclude []SeatID) *seat {
	if len(h.seats) == 0 {
		return nil
	}
	if len(exclude) == 0 || !excludes(exclude, h.seats[0].id) {
		return h.seats[0]
	}
	// Excluded seats are few; set them aside and put them back.
	var aside []*seat
	for len(h.seats) > 0 && excludes(exclude, h.seats[0].id) {
		aside = append(aside, h.seats[0])
		h.remove(h.seats[0], o)
	}
	var found *seat
	if len(h.seats) > 0 {
		found = h.seats[0]
	}
	for _, s := range aside {
		h.push(s, o)
	}
	return found
}

func excludes(list []SeatID, id SeatID) bool {
	for _, x := range list {
		if x == id {
			return true
		}
	}
	return false
}

func (h *seatHeap) swap(i, j int, o seatOrder) {
	h.seats[i], h.seats[j] = h.seats[j], h.seats[i]
	h.seats[i].heapAt[o], h.seats[j].heapAt[o] = i, j
}

func (h *seatHeap) up(i int, o seatOrder) {
	for i > 0 {
		parent := (i - 1) / 2
		if !o.before(h.seats[i], h.seats[parent]) {
			return
		}
		h.swap(i, parent, o)
		i = parent
	}
}

func (h *seatHeap) down(i int, o seatOrder) {
	for {
		first := 2*i + 1
		if first >= len(h.seats) {
			return
		}
		if next := first + 1; next < len(h.seats) && o.before(h.seats[next], h.seats[first]) {
			first = next
		}
		if !o.before(h.seats[first], h.seats[i]) {
			return
		}
		h.swap(i, first, o)
		i = first
	}
}
