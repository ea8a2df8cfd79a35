package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // business days must not depend on the machine's own zone files

	"github.com/open12345/hotline/configs/policy"
)

// applyPublic derives from Public what has not been set by its own key.
func (c *Config) applyPublic() {
	if c.Public == "" {
		return
	}
	// The shipped file names every key at its default: that alone is nobody's decision.
	usual := Default()
	set := func(key string, changed bool) bool {
		return changed || strings.HasPrefix(c.sources[key], prefix)
	}
	if !set("web.listen", c.Web.Listen != usual.Web.Listen) {
		c.Web.Listen = anyAddress(c.Web.Listen)
	}
	if !set("web.tls", c.Web.TLS != usual.Web.TLS) {
		c.Web.TLS = true
	}
	if !set("sip.listen", c.SIP.Listen != usual.SIP.Listen) {
		c.SIP.Listen = anyAddress(c.SIP.Listen)
	}
	if !set("sip.media_address", c.SIP.MediaAddress != usual.SIP.MediaAddress) {
		c.SIP.MediaAddress = c.Public
	}
	if addr, err := netip.ParseAddr(c.Public); err == nil && !set("sip.trunk_match", !slices.Equal(c.SIP.TrunkMatch, usual.SIP.TrunkMatch)) {
		bits := 24
		if addr.Is6() {
			bits = 64
		}
		if neighbours, err := addr.Prefix(bits); err == nil {
			c.SIP.TrunkMatch = append(slices.Clone(c.SIP.TrunkMatch), neighbours.String())
		}
	}
}

func anyAddress(listen string) string {
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	return net.JoinHostPort("0.0.0.0", port)
}

var (
	dialPattern = regexp.MustCompile(`^_?(?:[0-9XZN*#+]|\[[0-9-]+\])+\.?$`)
	phoneName   = regexp.MustCompile(`^[0-9A-Za-z]+$`)
	nodeName    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)
)

func (c Config) validate() error {
	var problems []error
	check := func(ok bool, key, format string, args ...any) {
		if !ok {
			problems = append(problems, &FieldError{Key: key, Source: c.sources[key], Problem: fmt.Sprintf(format, args...)})
		}
	}
	oneOf := func(key, value string, allowed ...string) {
		check(slices.Contains(allowed, value), key, "%q is none of %s", value, strings.Join(allowed, ", "))
	}
	address := func(key, value string) {
		_, port, err := net.SplitHostPort(value)
		n, perr := strconv.Atoi(port)
		check(err == nil && perr == nil && validPort(n), key, "%q is not an address such as 127.0.0.1:8080", value)
	}
	port := func(key string, value int) {
		check(validPort(value), key, "%d is not a port (1–65535)", value)
	}
	positive := func(key string, d time.Duration) {
		check(d > 0, key, "must be more than nothing, not %s", d)
	}

	_, err := time.LoadLocation(c.Timezone)
	check(err == nil && c.Timezone != "", "timezone", "%q is not a time zone such as Asia/Shanghai", c.Timezone)
	_, err = policy.Named(c.Policy)
	check(err == nil, "policy", "%q is none of 通用, 山东2020, 北京DB11", c.Policy)
	check(c.Data != "", "data", "must name a folder")
	if c.Public != "" {
		_, err := netip.ParseAddr(c.Public)
		check(err == nil, "public", "%q is not an IP address", c.Public)
	}
	oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	oneOf("log.format", c.Log.Format, "text", "json")
	address("web.listen", c.Web.Listen)
	address("web.internal", c.Web.Internal)
	check((c.Web.TLSCertificate == "") == (c.Web.TLSKey == ""), "web.tls_certificate", "certificate and key go together")
	address("sip.listen", c.SIP.Listen)
	address("sip.carrier", c.SIP.Carrier)
	_, err = netip.ParseAddr(c.SIP.MediaAddress)
	check(err == nil, "sip.media_address", "%q is not an IP address", c.SIP.MediaAddress)
	for _, m := range c.SIP.TrunkMatch {
		_, perr := netip.ParsePrefix(m)
		_, aerr := netip.ParseAddr(m)
		check(perr == nil || aerr == nil, "sip.trunk_match", "%q is neither an address nor a CIDR such as 10.1.0.0/16", m)
	}
	check(nodeName.MatchString(c.Switch.Node), "switch.node", "%q may hold small letters, digits and hyphens only", c.Switch.Node)
	port("switch.http_port", c.Switch.HTTPPort)
	port("switch.ami_port", c.Switch.AMIPort)
	port("switch.rtp_start", c.Switch.RTPStart)
	port("switch.rtp_end", c.Switch.RTPEnd)
	check(c.Switch.RTPEnd-c.Switch.RTPStart >= 99, "switch.rtp_end", "%d–%d is too narrow: two ports a leg, at least 100", c.Switch.RTPStart, c.Switch.RTPEnd)
	port("postgres.port", c.Postgres.Port)
	port("redis.port", c.Redis.Port)
	for _, p := range c.Outbound.Allow {
		check(dialPattern.MatchString(p), "outbound.allow", "%q is not a pattern of digits, X, Z, N, [sets] and a final dot", p)
	}
	check(dialPattern.MatchString(c.Seat.Pattern), "seat.pattern", "%q is not a dialplan pattern such as _8XXX", c.Seat.Pattern)
	for _, phone := range c.Seat.LastResort {
		check(phoneName.MatchString(phone), "seat.last_resort", "%q is not a phone's name", phone)
	}
	oneOf("message.gateway", c.Message.Gateway, GatewayFile, GatewayHTTP)
	if c.Message.Gateway == GatewayHTTP {
		u, uerr := url.Parse(c.Message.URL)
		check(uerr == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "", "message.url", "%q is not an address of http or https", c.Message.URL)
	}
	check(c.Message.Quota >= 0, "message.quota", "must not be negative")
	oneOf("security.captcha", c.Security.Captcha, CaptchaAlways, CaptchaAfterFailures, CaptchaNever)
	check(c.Security.LockAfter > 0, "security.lock_after", "must be at least 1")
	positive("security.lock_for", c.Security.LockFor)
	positive("security.session_idle", c.Security.SessionIdle)
	positive("security.session_life", c.Security.SessionLife)
	positive("seat.ring_timeout", c.Seat.RingTimeout)
	check(c.Seat.WrapUp >= 0, "seat.wrap_up", "must not be negative")
	oneOf("seat.second_sign_in", c.Seat.SecondSignIn, SecondSignInTakeOver, SecondSignInRefuse)
	check(c.Prompts.Rate >= 80 && c.Prompts.Rate <= 450, "prompts.rate", "%d is not between 80 and 450 words a minute", c.Prompts.Rate)
	return errors.Join(problems...)
}

func validPort(n int) bool { return n >= 1 && n <= 65535 }
