package tickets

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// SpanUnit is what a span is counted in.
type SpanUnit string

// Units of spans.
const (
	Minutes      SpanUnit = "minutes"       // round the clock
	Hours        SpanUnit = "hours"         // round the clock
	WorkingHours SpanUnit = "working_hours" // of the office schedule
	WorkingDays  SpanUnit = "working_days"
	NaturalDays  SpanUnit = "natural_days"
)

// SpanUnits lists the units with their labels.
var SpanUnits = []Term{
	{string(Minutes), "分钟"}, {string(Hours), "小时"}, {string(WorkingHours), "工作小时"}, {string(WorkingDays), "个工作日"},
	{string(NaturalDays), "个自然日"},
}

// Span is a length of time in one of the units; in YAML and JSON "5 working_days". The zero
// Span is none.
type Span struct {
	N    float64
	Unit SpanUnit
}

// maxSpan keeps a slip of the keyboard from making a deadline in the next century.
const maxSpan = 1000

// ParseSpan reads "5 working_days" or "0.5 working_days"; "" and "0" are none. The error's text
// is for who writes the policy.
func ParseSpan(text string) (Span, error) {
	text = strings.TrimSpace(text)
	if text == "" || text == "0" {
		return Span{}, nil
	}
	number, unit, _ := strings.Cut(text, " ")
	unit = strings.TrimSpace(unit)
	n, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || math.IsNaN(n):
		return Span{}, fmt.Errorf("“%s”不是时限，应如“5 working_days”", text)
	case n <= 0 || n > maxSpan:
		return Span{}, fmt.Errorf("“%s”须大于 0、不超过 %d", text, maxSpan)
	case !known(SpanUnits, unit):
		return Span{}, fmt.Errorf("“%s”的单位须为 minutes、hours、working_hours、working_days 或 natural_days", text)
	case SpanUnit(unit) == NaturalDays && n != math.Trunc(n):
		return Span{}, fmt.Errorf("“%s”：自然日须为整数", text)
	}
	return Span{N: n, Unit: SpanUnit(unit)}, nil
}

// IsZero tells whether there is no span.
func (s Span) IsZero() bool { return s.N == 0 }

// String is the span as a policy file has it.
func (s Span) String() string {
	if s.IsZero() {
		return ""
	}
	return strconv.FormatFloat(s.N, 'f', -1, 64) + " " + string(s.Unit)
}

// Label is the span in Chinese; empty when there is none.
func (s Span) Label() string {
	if s.IsZero() {
		return ""
	}
	return strconv.FormatFloat(s.N, 'f', -1, 64) + " " + Label(SpanUnits, string(s.Unit))
}

// MarshalText implements encoding.TextMarshaler.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Span) UnmarshalText(text []byte) error {
	parsed, err := ParseSpan(string(text))
	if err == nil {
		*s = parsed
	}
	return err
}

// MarshalYAML implements yaml.Marshaler.
func (s Span) MarshalYAML() (any, error) { return s.String(), nil }

// UnmarshalYAML implements yaml.Unmarshaler; the error carries the line.
func (s *Span) UnmarshalYAML(node *yaml.Node) error {
	parsed, err := ParseSpan(node.Value)
	if node.Kind != yaml.ScalarNode {
		err = fmt.Errorf("应为时限，如“5 working_days”")
	}
	if err != nil {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %s", node.Line, err)}}
	}
	*s = parsed
	return nil
}
