package node

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

// FreePorts returns n different ports that are free on 127.0.0.1 for both TCP
// and UDP at this moment.
func FreePorts(n int) ([]int, error) {
	var found []int
	seen := map[int]bool{}
	for range 200 * n {
		port := lowestPort + rand.IntN(highestPort-lowestPort)
		if seen[port] || !free(port) {
			continue
		}
		seen[port] = true
		if found = append(found, port); len(found) == n {
			return found, nil
		}
	}
	return nil, fmt.Errorf("no %d free ports between %d and %d on this machine", n, lowestPort, highestPort)
}

// freeRange returns the even first port of a range of n that seems unused; the
// switch itself passes over single ports that are taken.
func freeRange(n int) (int, error) {
	for range 200 {
		start := (lowestPort + rand.IntN(highestPort-lowestPort-n)) &^ 1
		if free(start) && free(start+n/2) && free(start+n-1) {
			return start, nil
		}
	}
	return 0, fmt.Errorf("no %d free media ports between %d and %d on this machine", n, lowestPort, highestPort)
}

// PortError is a port that the switch needs and somebody else has.
type PortError struct {
	Use  string // sip, http or ami
	Port int
}

// Error names port and use.
func (e *PortError) Error() string {
	return fmt.Sprintf("port %d, which the switch needs for %s, is in use by another program", e.Port, e.Use)
}

// check finds ports that are taken, which the switch itself would only log.
func (p Ports) check(sipHost string) error {
	for _, need := range []struct {
		use, host string
		port      int
	}{{"sip", sipHost, p.SIP}, {"http", "127.0.0.1", p.HTTP}, {"ami", "127.0.0.1", p.AMI}} {
		if !freeOn(need.host, need.port, need.use == "sip") {
			return &PortError{Use: need.use, Port: need.port}
		}
	}
	return nil
}

func free(port int) bool { return freeOn("127.0.0.1", port, true) }

func freeOn(host string, port int, withUDP bool) bool {
	address := net.JoinHostPort(host, strconv.Itoa(port))
	if err := probe(net.Listen("tcp", address)); err != nil {
		return false
	}
	return !withUDP || probe(net.ListenPacket("udp", address)) == nil
}

// probe gives back at once what could be opened.
func probe(opened io.Closer, err error) error {
	if err != nil {
		return err
	}
	return opened.Close()
}
