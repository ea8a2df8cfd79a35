package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/cmd/hotline/config"
)

// checkPorts names a port that is taken and the variable that sets another,
// before anything is started.
func (s *stack) checkPorts() error { return portsTaken(s.cfg, s.hasDemoCarrier()) }

func portsTaken(cfg config.Config, demoCarrier bool) error {
	type need struct {
		key, use, host string
		port           int
		udp            bool
		instead        func(port int) string
	}
	number := strconv.Itoa
	address := func(listen string) (string, int, func(int) string) {
		host, port, err := hostPort(listen)
		if err != nil {
			return "127.0.0.1", 0, number
		}
		return host, port, func(p int) string { return net.JoinHostPort(host, number(p)) }
	}
	var needs []need
	listen := func(key, use, value string, udp bool) {
		host, port, instead := address(value)
		needs = append(needs, need{key, use, host, port, udp, instead})
	}
	listen("web.listen", "pages", cfg.Web.Listen, false)
	listen("web.internal", "commands between servers", cfg.Web.Internal, false)
	if cfg.Switch.ARIPassword == "" {
		listen("sip.listen", "SIP", cfg.SIP.Listen, true)
		needs = append(needs,
			need{"switch.http_port", "the switch's ARI", "127.0.0.1", cfg.Switch.HTTPPort, false, number},
			need{"switch.ami_port", "the switch's manager interface", "127.0.0.1", cfg.Switch.AMIPort, false, number})
	}
	if demoCarrier {
		listen("sip.carrier", "the demo's carrier", cfg.SIP.Carrier, true)
	}
	if cfg.Postgres.URL == "" {
		needs = append(needs, need{"postgres.port", "the database", "127.0.0.1", cfg.Postgres.Port, false, number})
	}
	if cfg.Redis.Address == "" {
		needs = append(needs, need{"redis.port", "the live store", "127.0.0.1", cfg.Redis.Port, false, number})
	}
	var problems []error
	for _, n := range needs {
		if err := child.CheckPort(n.use, n.host, n.port, n.udp); err == nil {
			continue
		}
		problem := fmt.Sprintf("port %d, wanted for %s, is in use by another program", n.port, n.use)
		if free, err := child.FreePorts(1); err == nil {
			problem += fmt.Sprintf("; to use another one: %s=%s", config.Variable(n.key), n.instead(free[0]))
		}
		problems = append(problems, errors.New(problem))
	}
	return errors.Join(problems...)
}
