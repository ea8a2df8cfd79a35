package testcall

import (
	"encoding/binary"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// askReceiveTimes makes the kernel note when each datagram arrived, so that a gap
// in a stream is the network's and not this process's scheduling. Without it the
// time of reading is used.
func askReceiveTimes(conn *net.UDPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	})
}

// receiveTime reads the kernel's time from the datagram's control messages.
func receiveTime(control []byte) time.Time {
	for len(control) > 0 {
		header, data, rest, err := unix.ParseOneSocketControlMessage(control)
		if err != nil {
			break
		}
		if header.Level == unix.SOL_SOCKET && header.Type == unix.SCM_TIMESTAMPNS && len(data) >= 16 {
			seconds, nanos := binary.NativeEndian.Uint64(data), binary.NativeEndian.Uint64(data[8:])
			return time.Unix(int64(seconds), int64(nanos))
		}
		control = rest
	}
	return time.Now()
}
