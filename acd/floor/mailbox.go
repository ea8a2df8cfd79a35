package floor

import "sync"

// mailbox is an unbounded queue with one reader. Putting never blocks, so that neither the
// switch's event reader nor the dispatcher ever waits for a call. What could flood it (keys) is
// bounded by the one who puts.
type mailbox struct {
	mu     sync.Mutex
	queue  []any
	closed bool
	ready  chan struct{} // has one token while the queue is not empty
}

func newMailbox() *mailbox { return &mailbox{ready: make(chan struct{}, 1)} }

// put queues a message; false means that nobody reads any more.
func (m *mailbox) put(msg any) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.queue = append(m.queue, msg)
	select {
	case m.ready <- struct{}{}:
	default:
	}
	return true
}

// take gives the oldest message without waiting.
func (m *mailbox) take() (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return nil, false
	}
	msg := m.queue[0]
	m.queue[0] = nil
	m.queue = m.queue[1:]
	if len(m.queue) > 0 {
		select {
		case m.ready <- struct{}{}:
		default:
		}
	}
	return msg, true
}

// close refuses further messages and gives those that nobody read.
func (m *mailbox) close() []any {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	rest := m.queue
	m.queue = nil
	return rest
}
