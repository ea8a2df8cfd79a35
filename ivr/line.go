package ivr

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// line is one thing a node says: a prompt, a spoken value, or a choice among lines by
// what is known of the caller.
type line struct {
	at     int
	prompt Prompt
	// value is set for a spoken value; ref says where it comes from.
	value ValueKind
	ref   string
	// choose, each and ifSet say which compound this is; all use ref.
	kind lineKind
	of   []choice
	say  []line
	els  []line
	as   string
	max  int
}

type lineKind int

const (
	linePrompt lineKind = iota
	lineValue
	lineSpoken // the prompt that a value names
	lineChoose
	lineEach
	lineIf
)

type choice struct {
	value string
	say   []line
}

// lines reads what a node says: one line or a list.
func (f *fields) lines(name string) []line {
	return f.p.lines(f.what, f.take(name))
}

func (p *parser) lines(what string, n *yaml.Node) []line {
	n = resolveAlias(n)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		if l, ok := p.line(what, n); ok {
			return []line{l}
		}
		return nil
	}
	var out []line
	for _, c := range n.Content {
		if l, ok := p.line(what, resolveAlias(c)); ok {
			out = append(out, l)
		}
	}
	return out
}

var valueKinds = []ValueKind{
	ValueDigits, ValueTicket, ValuePhone, ValueNumber, ValueCount,
	ValueDate, ValueDateYear, ValueDuration, ValueMoney,
}

func (p *parser) line(what string, n *yaml.Node) (line, bool) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Value != "":
		return line{at: n.Line, prompt: Prompt{ID: n.Value}}, true
	case n.Kind != yaml.MappingNode:
		p.fault(n.Line, FaultSyntax, "%s: a line is the name of a prompt or a mapping", what)
		return line{}, false
	}
	f := p.fields(what+": line", n)
	defer f.done()
	l := line{at: n.Line}
	switch {
	case f.has("prompt"):
		l.prompt = Prompt{ID: f.need("prompt"), Language: f.str("language"), Optional: f.boolean("optional", false)}
	case f.has("spoken"):
		l.kind, l.ref = lineSpoken, f.need("spoken")
	case f.has("choose"):
		l.kind, l.ref = lineChoose, f.need("choose")
		for _, e := range f.entries("of") {
			l.of = append(l.of, choice{value: e.name, say: p.lines(what, e.value)})
		}
		l.els = f.lines("otherwise")
	case f.has("each"):
		l.kind, l.ref = lineEach, f.need("each")
		l.as, l.max, l.say = f.need("as"), f.integer("max", 5, 1, 20), f.lines("say")
	case f.has("if"):
		l.kind, l.ref = lineIf, f.need("if")
		l.say, l.els = f.lines("then"), f.lines("else")
	default:
		for _, k := range valueKinds {
			if f.has(string(k)) {
				l.kind, l.value, l.ref = lineValue, k, f.need(string(k))
				return l, true
			}
		}
		p.fault(n.Line, FaultSyntax, "%s: a line is a prompt, spoken, choose, each, if, or one of %v", what, valueKinds)
		return line{}, false
	}
	return l, true
}

// scope is where a line's references are looked up: innermost names first.
type scope struct {
	vars   map[string]string
	data   map[string]any
	locals map[string]any
}

// look finds a dotted reference such as item.date.
func (s scope) look(ref string) (any, bool) {
	name, rest, dotted := strings.Cut(ref, ".")
	value, ok := s.locals[name]
	if !ok {
		if value, ok = s.data[name]; !ok {
			text, found := s.vars[name]
			return text, found && !dotted
		}
	}
	for dotted {
		fields, isMap := value.(map[string]any)
		if !isMap {
			return nil, false
		}
		name, rest, dotted = strings.Cut(rest, ".")
		if value, ok = fields[name]; !ok {
			return nil, false
		}
	}
	return value, value != nil
}

// text is a reference as a word: what choose compares and digits read.
func (s scope) text(ref string) string {
	v, ok := s.look(ref)
	if !ok {
		return ""
	}
	if f, isFloat := v.(float64); isFloat {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// speak turns lines into prompts, each in the caller's language unless it has one of
// its own. A value that is not known is left out.
func (s scope) speak(lines []line, language string) []Prompt {
	var out []Prompt
	for _, l := range lines {
		switch l.kind {
		case linePrompt:
			p := l.prompt
			if p.Language == "" {
				p.Language = language
			}
			out = append(out, p)
		case lineValue:
			if p, ok := s.value(l); ok {
				out = append(out, p.In(language))
			}
		case lineSpoken:
			if id := s.text(l.ref); id != "" {
				out = append(out, Line(id).In(language))
			}
		case lineChoose:
			out = append(out, s.speak(l.chosen(s.text(l.ref)), language)...)
		case lineEach:
			items, _ := s.look(l.ref)
			out = append(out, s.speakEach(l, items, language)...)
		case lineIf:
			branch := l.els
			if t := s.text(l.ref); t != "" && t != "0" && t != "false" {
				branch = l.say
			}
			out = append(out, s.speak(branch, language)...)
		}
	}
	return out
}

func (l line) chosen(value string) []line {
	for _, c := range l.of {
		if c.value == value {
			return c.say
		}
	}
	return l.els
}

func (s scope) speakEach(l line, items any, language string) []Prompt {
	var out []Prompt
	for i, item := range asList(items) {
		if i == l.max {
			break
		}
		inner := s
		inner.locals = map[string]any{l.as: item}
		for k, v := range s.locals {
			if k != l.as {
				inner.locals[k] = v
			}
		}
		out = append(out, inner.speak(l.say, language)...)
	}
	return out
}

func asList(v any) []any {
	switch list := v.(type) {
	case []any:
		return list
	case []map[string]any:
		out := make([]any, len(list))
		for i := range list {
			out[i] = list[i]
		}
		return out
	default:
		return nil
	}
}

// value reads a spoken value out of what a lookup or a collection gave, which may
// have been through JSON.
func (s scope) value(l line) (Prompt, bool) {
	raw, ok := s.look(l.ref)
	if !ok {
		return Prompt{}, false
	}
	v := Value{Kind: l.value}
	switch l.value {
	case ValueDigits, ValueTicket, ValuePhone:
		v.Text = s.text(l.ref)
		ok = v.Text != ""
	case ValueNumber, ValueCount, ValueMoney:
		v.Number, ok = asInt(raw)
	case ValueDate, ValueDateYear:
		v.Time, ok = asTime(raw)
	case ValueDuration:
		var seconds int64
		if d, isDuration := raw.(time.Duration); isDuration {
			v.Duration = d
		} else if seconds, ok = asInt(raw); ok {
			v.Duration = time.Duration(seconds) * time.Second
		}
	}
	return Prompt{Value: &v}, ok
}

func asInt(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case float64:
		return int64(n), true
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	case string:
		i, err := strconv.ParseInt(n, 10, 64)
		return i, err == nil
	default:
		return 0, false
	}
}

func asTime(v any) (time.Time, bool) {
	switch t := v.(type) {
	case time.Time:
		return t, !t.IsZero()
	case string:
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if parsed, err := time.Parse(layout, t); err == nil {
				return parsed, true
			}
		}
	}
	return time.Time{}, false
}

// walkLines visits every line, the nested ones too.
func walkLines(lines []line, visit func(line)) {
	for _, l := range lines {
		visit(l)
		for _, c := range l.of {
			walkLines(c.say, visit)
		}
		walkLines(l.say, visit)
		walkLines(l.els, visit)
	}
}

// plainIDs are the lines that are said whatever is known, for timing.
func plainPrompts(lines []line) []Prompt {
	var out []Prompt
	for _, l := range lines {
		if l.kind == linePrompt && !l.prompt.Optional {
			out = append(out, l.prompt)
		}
	}
	return slices.Clip(out)
}
