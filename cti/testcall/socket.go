package testcall

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// socket is the phone's UDP socket as the SIP stack sees it. It tells when the
// stack begins to read: from then on the stack knows the socket and sends from it;
// a request before that would open another one. And it can stop handing messages
// over while it can still send: a message that is handled after the close would
// open another one as well, and nobody would close that.
type socket struct {
	net.PacketConn
	once    sync.Once
	reading chan struct{}
	shut    atomic.Bool
	handed  atomic.Int64 // when the last message was handed over, in Unix nanoseconds
}

// handlingTime is more than a message takes from the socket to its transaction.
const handlingTime = 50 * time.Millisecond

func newSocket(conn net.PacketConn) *socket {
	return &socket{PacketConn: conn, reading: make(chan struct{})}
}

// ReadFrom implements net.PacketConn.
func (s *socket) ReadFrom(b []byte) (int, net.Addr, error) {
	s.once.Do(func() { close(s.reading) })
	for {
		n, from, err := s.PacketConn.ReadFrom(b)
		if err != nil || !s.shut.Load() {
			s.handed.Store(time.Now().UnixNano())
			return n, from, err
		}
	}
}

// quiesce hands nothing more over and returns when what was handed over is being
// handled.
func (s *socket) quiesce() {
	s.shut.Store(true)
	if rest := handlingTime - time.Since(time.Unix(0, s.handed.Load())); rest > 0 {
		time.Sleep(rest)
	}
}
