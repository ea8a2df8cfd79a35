package node

import "github.com/open12345/hotline/asterisk/child"

// FreePorts returns n different ports that are free on 127.0.0.1 for both TCP
// and UDP at this moment.
func FreePorts(n int) ([]int, error) { return child.FreePorts(n) }

// FreeRange returns the even first port of n ports in a row that seem unused,
// for media.
func FreeRange(n int) (int, error) { return child.FreeRange(n) }

// check finds ports that are taken, which the switch itself would only log; the
// error is a *child.PortError.
func (p Ports) check(sipHost string) error {
	if err := child.CheckPort("switch sip", sipHost, p.SIP, true); err != nil {
		return err
	}
	if err := child.CheckPort("switch http", "127.0.0.1", p.HTTP, false); err != nil {
		return err
	}
	return child.CheckPort("switch ami", "127.0.0.1", p.AMI, false)
}
