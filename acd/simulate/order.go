package simulate

import (
	"slices"

	"github.com/open12345/hotline/acd"
)

// callers are calls in the order in which they entered.
type callers []*caller

func (l *callers) enter(c *caller) {
	n := len(*l)
	for n > 0 && c.entered.Before((*l)[n-1].entered) {
		n--
	}
	*l = slices.Insert(*l, n, c)
}

// first drops those that don't wait in the queue any more off the front, and gives the first.
func (l *callers) first(queue acd.QueueID) *caller {
	for len(*l) > 0 && (!(*l)[0].waiting || (*l)[0].queue != queue) {
		*l = (*l)[1:]
	}
	if len(*l) == 0 {
		return nil
	}
	return (*l)[0]
}

// orderWatch notices who is served before an earlier caller.
type orderWatch struct {
	streams map[streamQueue]*callers // calls that want the same, with the same priority
	queues  map[acd.QueueID]*callers
}

type streamQueue struct {
	stream int
	queue  acd.QueueID
}

func newOrderWatch() orderWatch {
	return orderWatch{streams: make(map[streamQueue]*callers), queues: make(map[acd.QueueID]*callers)}
}

// enter notes that c waits in its queue from now.
func (w *orderWatch) enter(c *caller) {
	key := streamQueue{c.stream, c.queue}
	if w.streams[key] == nil {
		w.streams[key] = new(callers)
	}
	w.streams[key].enter(c)
	if w.queues[c.queue] == nil {
		w.queues[c.queue] = new(callers)
	}
	w.queues[c.queue].enter(c)
}

// leave tells whether an earlier caller still waits when c, which doesn't any more, is given to a
// seat: one that wants the same, or any of its queue.
func (w *orderWatch) leave(c *caller) (sameWish, sameQueue bool) {
	before := func(l *callers) bool {
		first := l.first(c.queue)
		return first != nil && first.entered.Before(c.entered)
	}
	return before(w.streams[streamQueue{c.stream, c.queue}]), before(w.queues[c.queue])
}
