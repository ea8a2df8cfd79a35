package script

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/open12345/hotline/cti/testcall"
	"go.yaml.in/yaml/v3"
)

// Step is one thing a citizen does. In YAML it is a map of one key:
//
//	wait_answer: 30s      until the far side picks up
//	wait_ringing: 10s     until the far phone rings
//	wait: 2s              do nothing, stay in the call
//	wait_tone: {tone: seat, within: 60s}
//	wait_silence: {quiet: 800ms, within: 30s}
//	wait_sound: 10s
//	wait_person: 120s     until a seat's tone is heard, or the music has stopped for
//	                      2.5 s; so press a key before where a menu waits for one
//	wait_end: 30s         until the far side hangs up
//	press: "1"            keys by RFC 4733
//	press_info: "1"       keys by SIP INFO
//	say: 文字              speech of this text
//	play: noise.wav       a file beside the script
//	tone: citizen         send a tone from now on: a leg, hertz, or off
//	hold: 10s             hold the line (re-INVITE) and come back
//	rate: 1               wait for the seat to go, press the key when asked, wait for the end
//	hangup:               end the call now
type Step struct {
	Name string
	Line int
	act  act
}

// act is what a step does in a call.
type act interface {
	do(ctx context.Context, r *run) error
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *Step) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode || len(node.Content) != 2 {
		return fmt.Errorf("line %d: a step is one word and its value", node.Line)
	}
	name, value := node.Content[0].Value, node.Content[1]
	parse, ok := acts[name]
	if !ok {
		return fmt.Errorf("line %d: unknown step %q", node.Line, name)
	}
	act, err := parse(value)
	if err != nil {
		return fmt.Errorf("line %d: %s: %w", node.Line, name, err)
	}
	*s = Step{Name: name, Line: node.Line, act: act}
	return nil
}

var acts = map[string]func(*yaml.Node) (act, error){
	"wait_answer":  within(func(d time.Duration) act { return waitAnswer(d) }),
	"wait_ringing": within(func(d time.Duration) act { return waitRinging(d) }),
	"wait":         within(func(d time.Duration) act { return wait(d) }),
	"wait_sound":   within(func(d time.Duration) act { return waitSound(d) }),
	"wait_person":  within(func(d time.Duration) act { return waitPerson(d) }),
	"wait_end":     within(func(d time.Duration) act { return waitEnd(d) }),
	"hold":         within(func(d time.Duration) act { return hold(d) }),
	"wait_tone":    parseWaitTone,
	"wait_silence": parseWaitSilence,
	"press":        text(func(s string) act { return press{s, false} }),
	"press_info":   text(func(s string) act { return press{s, true} }),
	"say":          text(func(s string) act { return say(s) }),
	"play":         text(func(s string) act { return play(s) }),
	"tone":         parseTone,
	"rate":         text(func(s string) act { return rate(s) }),
	"hangup":       func(*yaml.Node) (act, error) { return hangup{}, nil },
}

func within(make func(time.Duration) act) func(*yaml.Node) (act, error) {
	return func(node *yaml.Node) (act, error) {
		var d time.Duration
		if err := node.Decode(&d); err != nil {
			return nil, err
		}
		if d <= 0 {
			return nil, fmt.Errorf("%v is no time to wait", d)
		}
		return make(d), nil
	}
}

func text(make func(string) act) func(*yaml.Node) (act, error) {
	return func(node *yaml.Node) (act, error) {
		if node.Kind != yaml.ScalarNode || node.Value == "" {
			return nil, fmt.Errorf("a text is wanted")
		}
		return make(node.Value), nil
	}
}

func parseWaitTone(node *yaml.Node) (act, error) {
	var fields struct {
		Tone   string        `yaml:"tone"`
		Within time.Duration `yaml:"within"`
	}
	if node.Kind == yaml.ScalarNode {
		fields.Tone = node.Value
	} else if err := node.Decode(&fields); err != nil {
		return nil, err
	}
	freqs, err := frequencies(fields.Tone)
	if err != nil {
		return nil, err
	}
	return waitTone{freqs, orDefault(fields.Within, time.Minute)}, nil
}

func parseWaitSilence(node *yaml.Node) (act, error) {
	var fields struct {
		Quiet  time.Duration `yaml:"quiet"`
		Within time.Duration `yaml:"within"`
	}
	var err error
	if node.Kind == yaml.ScalarNode {
		err = node.Decode(&fields.Quiet)
	} else {
		err = node.Decode(&fields)
	}
	if err != nil {
		return nil, err
	}
	return waitSilence{orDefault(fields.Quiet, 800*time.Millisecond), orDefault(fields.Within, time.Minute)}, nil
}

func parseTone(node *yaml.Node) (act, error) {
	if node.Value == "off" {
		return sendTone(0), nil
	}
	freqs, err := frequencies(node.Value)
	if err != nil {
		return nil, err
	}
	return sendTone(freqs[0]), nil
}

func orDefault(d, fallback time.Duration) time.Duration {
	if d <= 0 {
		return fallback
	}
	return d
}

var legs = map[string]testcall.Leg{
	"citizen": testcall.LegCitizen, "consulted": testcall.LegConsulted, "supervisor": testcall.LegSupervisor,
	"department": testcall.LegDepartment, "interpreter": testcall.LegInterpreter,
	"outbound": testcall.LegOutbound, "emergency": testcall.LegEmergency,
}

// frequencies reads the name of a leg or a number of hertz. A seat has one of
// several tones.
func frequencies(name string) ([]float64, error) {
	if name == "seat" {
		return testcall.SeatTones(), nil
	}
	if leg, ok := legs[name]; ok {
		return []float64{testcall.ToneOf(leg)}, nil
	}
	freq, err := strconv.ParseFloat(name, 64)
	if err != nil || freq < 100 || freq > 3400 {
		return nil, fmt.Errorf("%q is neither a leg nor a frequency between 100 and 3400", name)
	}
	return []float64{freq}, nil
}
