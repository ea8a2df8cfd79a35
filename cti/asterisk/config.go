package asterisk

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config is what the driver needs to know of its node. Fields without a comment on their
// default must be set.
type Config struct {
	Node string // configured name of the node

	URL           string // of the switch's HTTP server: http://127.0.0.1:8088
	AdminUser     string // ARI user of ari.conf; it only makes and deletes the leaders' users
	AdminPassword string
	Epoch         uint64 // of this leader; the ARI user is floor-<epoch>

	AMI         string // address of the manager interface: 127.0.0.1:5038
	AMIUser     string
	AMIPassword string

	App              string // ARI application; default "hotline"
	Trunk            string // endpoint of the carrier; default "trunk"
	OutboundContext  string // where answered outside numbers start in the dialplan; default "outbound"
	SeatContext      string // where seats' own calls start; default "from-seat"
	TrunkContext     string // where citizens' calls start; default "from-trunk"
	BrowserTransport string // transport of browser phones; default "transport-ws"
	MediaAddress     string // IP that phones are told to send media to; default: the switch's own choice

	BrowserRTPTimeout time.Duration // whole seconds; default 10 s, negative: never
	SIPRTPTimeout     time.Duration // default 30 s, negative: never
	MaxRegistration   time.Duration // longest registration of a phone; default 2 min

	Allow []string // regular expressions of outside numbers that may be dialled, matched whole; empty: none

	RequestTimeout time.Duration // default 2 s
	PingEvery      time.Duration // default 1 s
	SilentAfter    time.Duration // silence after which the socket counts as lost; default 2.5 s
	WatchEvery     time.Duration // between checks that requests are answered; default 5 s
	TrimEvery      time.Duration // memory trim of the switch; default 10 min
	QueueLimit     int           // events waiting for the consumer before the connection is given up; default 50,000

	Logger     *slog.Logger          // default slog.Default()
	Registerer prometheus.Registerer // default: metrics are counted, not registered
}

func (c *Config) fill() {
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	def(&c.App, "hotline")
	def(&c.Trunk, "trunk")
	def(&c.OutboundContext, "outbound")
	def(&c.SeatContext, "from-seat")
	def(&c.TrunkContext, "from-trunk")
	def(&c.BrowserTransport, "transport-ws")
	dur := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	dur(&c.BrowserRTPTimeout, 10*time.Second)
	dur(&c.SIPRTPTimeout, 30*time.Second)
	dur(&c.MaxRegistration, 2*time.Minute)
	dur(&c.RequestTimeout, 2*time.Second)
	dur(&c.PingEvery, time.Second)
	dur(&c.SilentAfter, 2500*time.Millisecond)
	dur(&c.WatchEvery, 5*time.Second)
	dur(&c.TrimEvery, 10*time.Minute)
	if c.QueueLimit == 0 {
		c.QueueLimit = 50_000
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
}

// check names every fault of the configuration and compiles the allow-list.
func (c *Config) check() ([]*regexp.Regexp, error) {
	var faults []error
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		faults = append(faults, fmt.Errorf("URL %q is not http://host:port", c.URL))
	}
	for name, v := range map[string]string{"Node": c.Node, "AdminUser": c.AdminUser, "AdminPassword": c.AdminPassword,
		"AMI": c.AMI, "AMIUser": c.AMIUser, "AMIPassword": c.AMIPassword} {
		if v == "" {
			faults = append(faults, fmt.Errorf("%s is empty", name))
		}
	}
	if c.Epoch == 0 {
		faults = append(faults, errors.New("Epoch is 0; the first leader has 1"))
	}
	var allow []*regexp.Regexp
	for _, a := range c.Allow {
		re, err := regexp.Compile("^(?:" + a + ")$")
		if err != nil {
			faults = append(faults, fmt.Errorf("allowed number %q: %w", a, err))
			continue
		}
		allow = append(allow, re)
	}
	return allow, errors.Join(faults...)
}
