// Package config reads what an operator sets: one YAML file and, above it, the
// environment's HOTLINE_ variables.
//
// Every key has a default that works for a first run on one machine, so both
// may be empty. A variable's name is the key in capitals with dots as
// underscores: sip.listen is HOTLINE_SIP_LISTEN. An unknown key, a value of the
// wrong type or one that cannot work is an error that names the key and the
// line or the variable; nothing is ignored in silence.
package config

import (
	"strings"
	"time"

	"github.com/open12345/hotline/configs/policy"
)

// Config is everything an operator can set. Its zero value is not usable; take
// Default or Load.
type Config struct {
	// Demo loads the demo city, opens the sign-in cards, /demo/ pages, demo
	// traffic and demo clock, and gives the demo accounts their known password.
	// All of these are refused when it is false.
	Demo bool `koanf:"demo"`
	// Timezone is the IANA zone of business days and of every time shown.
	Timezone string `koanf:"timezone"`
	// Policy names the shipped policy of time limits that holds until the city
	// enters its own: 通用, 山东2020 or 北京DB11.
	Policy string `koanf:"policy"`
	// Public is this machine's address as other machines see it. When set, it
	// turns on self-signed TLS, listens on all addresses, sets the media address
	// and lets the address's own /24 (IPv4) or /64 (IPv6) call in by the trunk,
	// each unless its own key says otherwise. Empty: this machine only.
	Public string `koanf:"public"`
	// Data is the folder of everything this installation keeps; relative paths
	// are relative to the folder the program was started in.
	Data string `koanf:"data"`

	Log        Log        `koanf:"log"`
	Web        Web        `koanf:"web"`
	SIP        SIP        `koanf:"sip"`
	Switch     Switch     `koanf:"switch"`
	Postgres   Postgres   `koanf:"postgres"`
	Redis      Redis      `koanf:"redis"`
	Recording  Recording  `koanf:"recording"`
	IVR        IVR        `koanf:"ivr"`
	Prompts    Prompts    `koanf:"prompts"`
	Outbound   Outbound   `koanf:"outbound"`
	Department Department `koanf:"department"`
	Message    Message    `koanf:"message"`
	Security   Security   `koanf:"security"`
	Seat       Seat       `koanf:"seat"`

	// file is the settings file that was read, empty if none.
	file string
	// sources says where each key that is not at its default was set.
	sources map[string]string
}

// Log is what the program writes to its standard error.
type Log struct {
	// Level is debug, info, warn or error.
	Level string `koanf:"level"`
	// Format is text or json.
	Format string `koanf:"format"`
}

// Web is the HTTP server.
type Web struct {
	// Listen is the address of pages, API and live sockets.
	Listen string `koanf:"listen"`
	// Internal is the address by which other servers of this installation hand
	// commands to the floor's leader; never reachable from outside.
	Internal string `koanf:"internal"`
	// TLS serves https. With no certificate named, one is made and signed by
	// itself at first start.
	TLS bool `koanf:"tls"`
	// TLSCertificate and TLSKey are PEM files.
	TLSCertificate string `koanf:"tls_certificate"`
	TLSKey         string `koanf:"tls_key"`
}

// SIP is the side of the switch that faces carriers and SIP phones.
type SIP struct {
	// Listen is the address of SIP over UDP and TCP.
	Listen string `koanf:"listen"`
	// MediaAddress is what the switch tells peers to send media to.
	MediaAddress string `koanf:"media_address"`
	// TrunkMatch are the addresses and CIDRs whose calls are citizens' calls.
	TrunkMatch []string `koanf:"trunk_match"`
	// Carrier is the address that takes our outbound calls.
	Carrier string `koanf:"carrier"`
}

// Switch says how to reach or run the telephone switch.
type Switch struct {
	// Node is the switch's name in call ids: unique among an installation's
	// switches and never changed.
	Node string `koanf:"node"`
	// Dir is the folder Asterisk is installed in; empty finds it.
	Dir string `koanf:"dir"`
	// HTTPPort is the loopback port of ARI and of the phones' WebSocket.
	HTTPPort int `koanf:"http_port"`
	// AMIPort is the loopback port of the manager interface.
	AMIPort int `koanf:"ami_port"`
	// RTPStart and RTPEnd bound the media ports, two a leg.
	RTPStart int `koanf:"rtp_start"`
	RTPEnd   int `koanf:"rtp_end"`
	// ARIUser and ARIPassword sign in to ARI and make the leader's own user
	// there; AMIUser and AMIPassword sign in to the manager interface. `hotline
	// run` generates both secrets and hands them over.
	ARIUser     string `koanf:"ari_user"`
	ARIPassword string `koanf:"ari_password"`
	AMIUser     string `koanf:"ami_user"`
	AMIPassword string `koanf:"ami_password"`
}

// Postgres is the database.
type Postgres struct {
	// URL is a postgres:// address; empty means the private one of `hotline run`.
	URL string `koanf:"url"`
	// Port is the loopback port of the private one.
	Port int `koanf:"port"`
}

// Redis is the store of live state.
type Redis struct {
	// Address is host:port; empty means the private one of `hotline run`.
	Address string `koanf:"address"`
	// Password may be empty.
	Password string `koanf:"password"`
	// Port is the loopback port of the private one.
	Port int `koanf:"port"`
}

// Recording is where finished recordings and attachments are kept.
type Recording struct {
	// Store is a gocloud.dev/blob address: file:///folder or s3://bucket?…;
	// empty means the folder recordings below Data.
	Store string `koanf:"store"`
}

// IVR is the menu.
type IVR struct {
	// Enabled plays the menu; false goes from the welcome straight to the queue.
	Enabled bool `koanf:"enabled"`
	// Dir holds the menu files.
	Dir string `koanf:"dir"`
	// Default is the menu of a called number that names no other.
	Default string `koanf:"default"`
}

// Prompts are the spoken lines.
type Prompts struct {
	// Dir holds the manifest and recorded files that replace synthesised ones.
	Dir string `koanf:"dir"`
	// Cache holds synthesised files; empty means the folder prompts below Data.
	Cache string `koanf:"cache"`
	// Voice and Rate (words a minute) of the synthesiser.
	Voice string `koanf:"voice"`
	Rate  int    `koanf:"rate"`
}

// Outbound is what may be dialled.
type Outbound struct {
	// Allow are dialplan-like patterns of numbers that may be called: digits,
	// X (0–9), Z (1–9), N (2–9), [sets] and a final "." for one or more digits.
	Allow []string `koanf:"allow"`
	// CallerID is the number shown to whom we call.
	CallerID string `koanf:"caller_id"`
}

// Department is how units look after their own people.
type Department struct {
	// Prefixes are the beginnings that sign-in names have, by the unit's district. Two districts
	// may share one.
	Prefixes map[string]string `koanf:"prefixes"`
}

// Kinds of Message.Gateway.
const (
	GatewayFile = "file"
	GatewayHTTP = "http"
)

// Message is how short messages and letters leave.
type Message struct {
	// Gateway is file, which writes them to the file messages.jsonl below Data, or http.
	Gateway string `koanf:"gateway"`
	// URL and Token are of the http gateway.
	URL   string `koanf:"url"`
	Token string `koanf:"token"`
	// ReceiptToken is what the gateway shows with its receipts; empty: none are taken.
	ReceiptToken string `koanf:"receipt_token"`
	// Quota is how many short messages a month a member of staff gets whose account says 0.
	Quota int `koanf:"quota"`
	// Address begins the links in messages; empty: the address of the pages.
	Address string `koanf:"address"`
}

// Captcha policies of Security.Captcha.
const (
	CaptchaAlways        = "always"
	CaptchaAfterFailures = "after_failures"
	CaptchaNever         = "never"
)

// Security is sign-in.
type Security struct {
	// Captcha is always, after_failures or never.
	Captcha string `koanf:"captcha"`
	// CaptchaAfter is the number of failures after which after_failures asks.
	CaptchaAfter int `koanf:"captcha_after"`
	// LockAfter failures in a row lock an account for LockFor.
	LockAfter int           `koanf:"lock_after"`
	LockFor   time.Duration `koanf:"lock_for"`
	// SessionIdle ends a session without requests, SessionLife any session.
	SessionIdle time.Duration `koanf:"session_idle"`
	SessionLife time.Duration `koanf:"session_life"`
}

// What a second sign-in of a seat does, Seat.SecondSignIn.
const (
	SecondSignInTakeOver = "take_over"
	SecondSignInRefuse   = "refuse"
)

// Seat is how seats work unless their own row says otherwise.
type Seat struct {
	// RingTimeout is how long a seat rings before the next one is tried.
	RingTimeout time.Duration `koanf:"ring_timeout"`
	// WrapUp is the time after a call before the next one is offered.
	WrapUp time.Duration `koanf:"wrap_up"`
	// SecondSignIn is take_over or refuse.
	SecondSignIn string `koanf:"second_sign_in"`
	// Pattern is the dialplan pattern of seat numbers: a call from the trunk
	// with such a caller number is refused.
	Pattern string `koanf:"pattern"`
	// LastResort are SIP phones that the switch itself rings when no server answers.
	LastResort []string `koanf:"last_resort"`
}

// Default returns the settings of a first run on one machine.
func Default() Config {
	return Config{
		Demo:     true,
		Timezone: "Asia/Shanghai",
		Policy:   policy.Default,
		Data:     ".run",
		Log:      Log{Level: "info", Format: "text"},
		Web:      Web{Listen: "127.0.0.1:8080", Internal: "127.0.0.1:8081"},
		SIP: SIP{
			Listen:       "127.0.0.1:5060",
			MediaAddress: "127.0.0.1",
			TrunkMatch:   []string{"127.0.0.1/32"},
			Carrier:      "127.0.0.1:5080",
		},
		Switch: Switch{
			Node:     "sw1",
			HTTPPort: 8088,
			AMIPort:  5038,
			RTPStart: 10000,
			RTPEnd:   19999,
			ARIUser:  "hotline",
			AMIUser:  "hotline",
		},
		Postgres: Postgres{Port: 5433},
		Redis:    Redis{Port: 6380},
		IVR:      IVR{Enabled: true, Dir: "configs/ivr", Default: "12345"},
		Prompts:  Prompts{Dir: "configs/prompts", Voice: "cmn", Rate: 165},
		Outbound: Outbound{
			// Mainland fixed and mobile numbers, the emergency and the other
			// government service numbers.
			Allow: []string{
				"110", "119", "120", "122", "12XXX", "95XXX", "96XXX",
				"1[3-9]XXXXXXXXX", "0[1-9]XXXXXXXX.", "[2-8]XXXXXXX", "[2-8]XXXXXX",
			},
			CallerID: "12345",
		},
		Department: Department{Prefixes: map[string]string{
			"市直": "pt-", "仙游": "xy-", "荔城": "lc-", "城厢": "cx-", "秀屿": "xy-", "湄洲岛": "myd-", "北岸": "ba-",
		}},
		Message: Message{Gateway: GatewayFile, Quota: 200},
		Security: Security{
			Captcha:      CaptchaAfterFailures,
			CaptchaAfter: 3,
			LockAfter:    5,
			LockFor:      10 * time.Minute,
			SessionIdle:  2 * time.Hour,
			SessionLife:  14 * time.Hour,
		},
		Seat: Seat{
			RingTimeout:  15 * time.Second,
			WrapUp:       30 * time.Second,
			SecondSignIn: SecondSignInTakeOver,
			Pattern:      "_8XXX",
			LastResort:   []string{"8001", "8002"},
		},
		sources: map[string]string{},
	}
}

// Expressions are Allow as regular expressions that must match a whole number.
func (o Outbound) Expressions() []string {
	list := make([]string, len(o.Allow))
	for i, pattern := range o.Allow {
		pattern = strings.TrimPrefix(pattern, "_")
		rest, open := strings.CutSuffix(pattern, ".")
		list[i] = dialLetters.Replace(rest)
		if open {
			list[i] += "[0-9]+"
		}
	}
	return list
}

var dialLetters = strings.NewReplacer("X", "[0-9]", "Z", "[1-9]", "N", "[2-9]", "*", `\*`, "+", `\+`)
