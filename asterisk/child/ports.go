package child

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports are taken below the range that the kernel hands to outgoing connections
// (32768 and up), so that none of those can be in the way later.
const (
	lowestPort  = 15000
	highestPort = 32000
)

// PortError is a port that a child needs and another program has.
type PortError struct {
	Use  string // what the child is and needs it for, as in "switch http"
	Port int
}

// Error names port and use.
func (e *PortError) Error() string {
	return fmt.Sprintf("port %d (%s) is in use by another program", e.Port, e.Use)
}

// CheckPort returns a *PortError when the port of host is taken for TCP, or for
// UDP if that is asked.
func CheckPort(use, host string, port int, udp bool) error {
	if !freeOn(host, port, udp) {
		return &PortError{Use: use, Port: port}
	}
	return nil
}

// FreePorts returns n different ports that are free on 127.0.0.1 for both TCP
// and UDP at this moment.
func FreePorts(n int) ([]int, error) {
	var found []int
	seen := map[int]bool{}
	for range 200 * n {
		port := lowestPort + rand.IntN(highestPort-lowestPort)
		if seen[port] || !freeOn("127.0.0.1", port, true) {
			continue
		}
		seen[port] = true
		if found = append(found, port); len(found) == n {
			return found, nil
		}
	}
	return nil, fmt.Errorf("no %d free ports between %d and %d on this machine", n, lowestPort, highestPort)
}

// FreeRange returns the even first port of n ports in a row that seem unused;
// single ones may be taken.
func FreeRange(n int) (int, error) {
	for range 200 {
		start := (lowestPort + rand.IntN(highestPort-lowestPort-n)) &^ 1
		if freeOn("127.0.0.1", start, true) && freeOn("127.0.0.1", start+n/2, true) && freeOn("127.0.0.1", start+n-1, true) {
			return start, nil
		}
	}
	return 0, fmt.Errorf("no %d free ports in a row between %d and %d on this machine", n, lowestPort, highestPort)
}

func freeOn(host string, port int, udp bool) bool {
	address := net.JoinHostPort(host, strconv.Itoa(port))
	if err := probe(net.Listen("tcp", address)); err != nil {
		return false
	}
	return !udp || probe(net.ListenPacket("udp", address)) == nil
}

// probe gives back at once what could be opened.
func probe(opened io.Closer, err error) error {
	if err != nil {
		return err
	}
	return opened.Close()
}
