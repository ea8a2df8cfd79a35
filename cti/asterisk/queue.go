package asterisk

import (
	"context"
	"sync"

	"github.com/open12345/hotline/cti"
)

// queue stands between the socket's reader, which must never wait (the switch cuts off slow
// readers), and the consumer.
type queue struct {
	out   chan cti.Event
	limit int

	mu    sync.Mutex
	items []cti.Event
	wake  chan struct{}
}

func newQueue(limit int) *queue {
	return &queue{out: make(chan cti.Event), limit: limit, wake: make(chan struct{}, 1)}
}

// put adds events, and tells whether there was room; without room nothing is added.
func (q *queue) put(events ...cti.Event) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items)+len(events) > q.limit {
		return false
	}
	q.items = append(q.items, events...)
	q.signal()
	return true
}

// control adds an event about the connection; there is always room for one.
func (q *queue) control(e cti.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, e)
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue) run(ctx context.Context) {
	defer close(q.out)
	for {
		q.mu.Lock()
		batch := q.items
		q.items = nil
		q.mu.Unlock()
		for _, e := range batch {
			select {
			case q.out <- e:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
			return
		}
	}
}
