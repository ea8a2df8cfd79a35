package acd

// mark notes a time for a call. It is not taken away when it no longer holds: whoever comes to it
// asks whether it does. That spares every leaving call the search for its marks.
type mark struct {
	at   int64 // ns
	seq  uint64
	call *call
}

func (m *mark) before(o *mark) bool { return m.at < o.at || m.at == o.at && m.seq < o.seq }

// markHeap is a heap of marks by time, with four children a node.
type markHeap []mark

func (h *markHeap) push(m mark) {
	*h = append(*h, m)
	s := *h
	i := len(s) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !m.before(&s[parent]) {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = m
}

func (h *markHeap) pop() {
	s := *h
	last := len(s) - 1
	moving := s[last]
	s[last] = mark{}
	s = s[:last]
	*h = s
	if last == 0 {
		return
	}
	i := 0
	for {
		first := 4*i + 1
		if first >= last {
			break
		}
		least := first
		for child := first + 1; child < min(first+4, last); child++ {
			if s[child].before(&s[least]) {
				least = child
			}
		}
		if !s[least].before(&moving) {
			break
		}
		s[i] = s[least]
		i = least
	}
	s[i] = moving
}

// markList is a run of marks that came in order of time.
type markList struct {
	items []mark
	from  int
}

func (l *markList) empty() bool  { return l.from == len(l.items) }
func (l *markList) first() *mark { return &l.items[l.from] }

// fits tells whether m can be appended in order.
func (l *markList) fits(m mark) bool {
	return l.empty() || !m.before(&l.items[len(l.items)-1])
}

func (l *markList) push(m mark) {
	if l.from > 64 && l.from > len(l.items)/2 {
		n := copy(l.items, l.items[l.from:])
		clear(l.items[n:])
		l.items, l.from = l.items[:n], 0
	}
	l.items = append(l.items, m)
}

func (l *markList) pop() {
	l.items[l.from] = mark{}
	l.from++
}

// entries are the marks of a queue's calls by entry; the first that holds waits the longest.
type entries struct {
	inOrder markList
	late    markHeap // those that came out of order
}

func (en *entries) push(c *call) {
	m := mark{c.entered, c.seq, c}
	if en.inOrder.fits(m) {
		en.inOrder.push(m)
	} else {
		en.late.push(m)
	}
}

// longest is the call of q that has waited the longest, or nil.
func (q *queue) longest() *call {
	holds := func(m *mark) bool { return m.call.seq == m.seq && m.call.state == callWaiting && m.call.queue == q }
	en := &q.entries
	for !en.inOrder.empty() && !holds(en.inOrder.first()) {
		en.inOrder.pop()
	}
	for len(en.late) > 0 && !holds(&en.late[0]) {
		en.late.pop()
	}
	switch {
	case en.inOrder.empty() && len(en.late) == 0:
		return nil
	case len(en.late) == 0 || !en.inOrder.empty() && en.inOrder.first().before(&en.late[0]):
		return en.inOrder.first().call
	default:
		return en.late[0].call
	}
}

// tidy drops the marks that don't hold any more once they are the most: one call that waits very
// long would keep those of all that came and went after it.
func (q *queue) tidy() {
	en := &q.entries
	if len(en.inOrder.items)-en.inOrder.from+len(en.late) < 2*q.waiting+256 {
		return
	}
	old := *en
	*en = entries{}
	keep := func(list []mark) {
		for _, m := range list {
			if m.call.seq == m.seq && m.call.state == callWaiting && m.call.queue == q {
				en.push(m.call)
			}
		}
	}
	keep(old.inOrder.items[old.inOrder.from:])
	keep(old.late)
}

// timers are the next times at which a rule applies to each waiting call (call.due). Calls mostly
// come to a rule in the order in which it will apply to them, so each rule has a list, and only
// the lists' heads stand in a heap.
type timers struct {
	heads []*markList // heap by first mark; none is empty
	late  markHeap    // marks that came out of their list's order
}

const noTimer = int64(0)

// set starts the call's timer on a rule's list.
func (t *timers) set(c *call, list *markList, due int64) {
	c.due = due
	m := mark{due, c.seq, c}
	switch {
	case !list.fits(m):
		t.late.push(m)
	case list.empty():
		list.push(m)
		t.heads = append(t.heads, list)
		t.up(len(t.heads) - 1)
	default:
		list.push(m)
	}
}

func (m *mark) isTimer() bool { return m.call.seq == m.seq && m.call.due == m.at }

// next is the first timer that holds, or nil. Those before it that don't are dropped.
func (t *timers) next() *mark {
	for {
		m, late := t.peek()
		if m == nil || m.isTimer() {
			return m
		}
		t.drop(late)
	}
}

// peek is the first mark, and whether it stands in the late heap.
func (t *timers) peek() (m *mark, late bool) {
	switch {
	case len(t.heads) == 0 && len(t.late) == 0:
		return nil, false
	case len(t.late) == 0 || len(t.heads) > 0 && t.heads[0].first().before(&t.late[0]):
		return t.heads[0].first(), false
	default:
		return &t.late[0], true
	}
}

// drop takes the mark that peek gave away.
func (t *timers) drop(late bool) {
	if late {
		t.late.pop()
		return
	}
	list := t.heads[0]
	list.pop()
	if list.empty() {
		last := len(t.heads) - 1
		t.heads[0] = t.heads[last]
		t.heads[last] = nil
		t.heads = t.heads[:last]
		if last == 0 {
			return
		}
	}
	t.down()
}

func (t *timers) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !t.heads[i].first().before(t.heads[parent].first()) {
			return
		}
		t.heads[i], t.heads[parent] = t.heads[parent], t.heads[i]
		i = parent
	}
}

func (t *timers) down() {
	i := 0
	for {
		least := 2*i + 1
		if least >= len(t.heads) {
			return
		}
		if right := least + 1; right < len(t.heads) && t.heads[right].first().before(t.heads[least].first()) {
			least = right
		}
		if !t.heads[least].first().before(t.heads[i].first()) {
			return
		}
		t.heads[i], t.heads[least] = t.heads[least], t.heads[i]
		i = least
	}
}
