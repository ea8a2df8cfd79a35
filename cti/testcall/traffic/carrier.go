package traffic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path"
	"strconv"
	"sync"
	"time"

	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/cti/testcall/script"
	"go.yaml.in/yaml/v3"
)

// Rule says what a number does that is called through the carrier. The first rule
// whose pattern fits (* any digits, ? one digit) is taken.
type Rule struct {
	Pattern string `yaml:"pattern"`
	// Reject refuses with this SIP status; NoAnswer rings until the caller gives up.
	Reject   int  `yaml:"reject"`
	NoAnswer bool `yaml:"no_answer"`
	// After is how long it rings before the answer; Says is spoken, then the tone
	// of Leg is sent; after Talk the number hangs up (0: never).
	After time.Duration `yaml:"after"`
	Says  string        `yaml:"says"`
	Voice string        `yaml:"voice"` // that says it; the Speech's own if empty
	Leg   testcall.Leg  `yaml:"-"`
	Role  string        `yaml:"role"` // citizen, department, interpreter, emergency
	Talk  time.Duration `yaml:"talk"`
}

// DefaultRules are the numbers of the demo: emergency services, a few endings
// with a fault each, and citizens or departments who answer.
func DefaultRules() []Rule {
	return []Rule{
		{Pattern: "110", Role: "emergency", After: time.Second, Says: "你好，这里是110报警服务台，请讲。"},
		{Pattern: "119", Role: "emergency", After: time.Second, Says: "你好，这里是119，请问哪里发生火灾？"},
		{Pattern: "120", Role: "emergency", After: time.Second, Says: "你好，这里是120急救中心，请说明您的地址。"},
		{Pattern: "122", Role: "emergency", After: time.Second, Says: "你好，这里是122交通事故报警台，请讲。"},
		{Pattern: "*0000", Reject: 486},
		{Pattern: "*0001", NoAnswer: true},
		{Pattern: "*0002", Reject: 404},
		{Pattern: "*0003", Role: "citizen", After: 2 * time.Second, Says: "喂，我现在不方便，先挂了。", Talk: 5 * time.Second},
		{Pattern: "1??????????", Role: "citizen", After: 2 * time.Second, Says: "喂，你好，我是刚才打12345的。"},
		{Pattern: "960???", Role: "interpreter", After: 2 * time.Second, Says: "Hello, this is the interpreter speaking.", Voice: "en"},
		{Pattern: "0599881????", Role: "department", After: 2 * time.Second, Says: "你好，我是承办单位，关于您反映的事情，向您了解一下情况。", Talk: 20 * time.Second},
		{Pattern: "*", Role: "department", After: 2 * time.Second, Says: "你好，这里是值班室，请讲。"},
	}
}

var roles = map[string]testcall.Leg{
	"": testcall.LegOutbound, "citizen": testcall.LegOutbound, "department": testcall.LegDepartment,
	"interpreter": testcall.LegInterpreter, "emergency": testcall.LegEmergency,
}

// ParseRules reads rules from YAML, a list of maps.
func ParseRules(source []byte) ([]Rule, error) {
	var rules []Rule
	if err := yaml.Unmarshal(source, &rules); err != nil {
		return nil, fmt.Errorf("carrier's rules: %w", err)
	}
	return rules, checkRules(rules)
}

func checkRules(rules []Rule) error {
	for i := range rules {
		r := &rules[i]
		if _, err := path.Match(r.Pattern, "0"); err != nil || r.Pattern == "" {
			return fmt.Errorf("carrier's rule %d: pattern %q: %w", i+1, r.Pattern, path.ErrBadPattern)
		}
		leg, ok := roles[r.Role]
		if !ok {
			return fmt.Errorf("carrier's rule %d: unknown role %q", i+1, r.Role)
		}
		r.Leg = leg
		if r.Reject != 0 && (r.Reject < 300 || r.Reject > 699) {
			return fmt.Errorf("carrier's rule %d: %d refuses nothing", i+1, r.Reject)
		}
	}
	return nil
}

// CarrierConfig describes the far end of the trunk.
type CarrierConfig struct {
	Listen string // host:port of SIP
	Rules  []Rule // DefaultRules if empty
	Speech script.Speech
	// CallLimit bounds each call; ten minutes if 0.
	CallLimit time.Duration
	// OnCall hears of each call that has ended; may be nil.
	OnCall func(number string, end testcall.End, heard time.Duration)
	Log    *slog.Logger
}

// Carrier answers what the hotline dials through its trunk.
type Carrier struct {
	config CarrierConfig
	phone  *testcall.Phone
	ctx    context.Context
	cancel context.CancelFunc

	mu    sync.Mutex
	calls int
}

// StartCarrier opens the trunk's far end.
func StartCarrier(ctx context.Context, config CarrierConfig) (*Carrier, error) {
	host, portText, err := net.SplitHostPort(config.Listen)
	if err != nil {
		return nil, fmt.Errorf("carrier's address: %w", err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("carrier's port: %w", err)
	}
	if len(config.Rules) == 0 {
		config.Rules = DefaultRules()
	}
	if err := checkRules(config.Rules); err != nil {
		return nil, err
	}
	if config.CallLimit == 0 {
		config.CallLimit = 10 * time.Minute
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	phone, err := testcall.StartPhone(context.Background(), testcall.Config{LocalIP: host, Port: port, Number: "carrier", Log: config.Log})
	if err != nil {
		return nil, fmt.Errorf("starting the carrier: %w", err)
	}
	c := &Carrier{config: config, phone: phone}
	c.ctx, c.cancel = context.WithCancel(ctx)
	phone.OnInvite(c.take)
	return c, nil
}

// Addr is the carrier's SIP address, host:port.
func (c *Carrier) Addr() string { return c.phone.Addr().String() }

// Calls is how many calls have come.
func (c *Carrier) Calls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

// Stop hangs up and closes the phone. It is safe to call again.
func (c *Carrier) Stop() {
	c.cancel()
	c.phone.Stop()
}

// take plays the number that was dialled.
func (c *Carrier) take(call *testcall.Call) {
	c.mu.Lock()
	c.calls++
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(c.ctx, c.config.CallLimit)
	defer cancel()
	if err := c.play(ctx, call, c.rule(call.Dialled())); err != nil && !errors.Is(err, testcall.ErrCallEnded) {
		c.config.Log.Debug("carrier's call", "number", call.Dialled(), "error", err)
	}
	goodbye, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := call.Hangup(goodbye); err != nil {
		c.config.Log.Debug("carrier's goodbye", "number", call.Dialled(), "error", err)
	}
	if c.config.OnCall != nil {
		c.config.OnCall(call.Dialled(), call.End(), call.Heard())
	}
}

// rule finds what the number does; one that no rule names does not exist.
func (c *Carrier) rule(number string) Rule {
	for _, r := range c.config.Rules {
		if fits, err := path.Match(r.Pattern, number); err == nil && fits {
			return r
		}
	}
	return Rule{Reject: 404}
}

func (c *Carrier) play(ctx context.Context, call *testcall.Call, r Rule) error {
	if r.Reject != 0 {
		return call.Reject(r.Reject, "Carrier")
	}
	if err := call.Ring(); err != nil {
		return err
	}
	if r.NoAnswer {
		_, err := call.WaitEnded(ctx)
		return err
	}
	if err := lasting(ctx, call, r.After); err != nil {
		return err
	}
	if err := call.Answer(ctx); err != nil {
		return err
	}
	if voiced := c.config.Speech.In(r.Voice); r.Says != "" && voiced.Has(r.Says) {
		if err := call.Play(ctx, voiced.Say(r.Says)); err != nil {
			return err
		}
	}
	call.Send(testcall.Tone(testcall.ToneOf(r.Leg)))
	if r.Talk > 0 {
		return lasting(ctx, call, r.Talk)
	}
	_, err := call.WaitEnded(ctx)
	return err
}

// lasting waits while the call is up.
func lasting(ctx context.Context, call *testcall.Call, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-call.Ended():
		return testcall.ErrCallEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Sentences lists what the rules say, to be synthesised ahead.
func Sentences(rules []Rule) []script.Sentence {
	var all []script.Sentence
	for _, r := range rules {
		if r.Says != "" {
			all = append(all, script.Sentence{Text: r.Says, Voice: r.Voice})
		}
	}
	return all
}
