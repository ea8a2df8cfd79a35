package ivr

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// parser collects the faults of one file while it is read.
type parser struct {
	file   string
	faults []Fault
	// waiting is the menu's default for its queue nodes.
	waiting waiting
}

func (p *parser) fault(line int, code Code, format string, args ...any) {
	p.faults = append(p.faults, Fault{File: p.file, Line: line, Code: code, Message: fmt.Sprintf(format, args...)})
}

// fields reads the mapping of one node or menu: each reader takes a field away, and
// done reports what nobody took.
type fields struct {
	p    *parser
	what string
	line int
	keys []string
	key  map[string]*yaml.Node
	val  map[string]*yaml.Node
}

// fields opens a mapping. Anything else is a fault and reads as an empty mapping.
func (p *parser) fields(what string, n *yaml.Node) *fields {
	f := &fields{p: p, what: what, key: map[string]*yaml.Node{}, val: map[string]*yaml.Node{}}
	n = resolveAlias(n)
	if n == nil {
		return f
	}
	f.line = n.Line
	if n.Kind != yaml.MappingNode {
		p.fault(n.Line, FaultSyntax, "%s must be a mapping of fields", what)
		return f
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if f.key[k.Value] != nil {
			p.fault(k.Line, FaultDuplicate, "%s gives %q twice", what, k.Value)
			continue
		}
		f.keys = append(f.keys, k.Value)
		f.key[k.Value], f.val[k.Value] = k, resolveAlias(n.Content[i+1])
	}
	return f
}

// resolveAlias follows a YAML alias to what it stands for.
func resolveAlias(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// take returns the value of a field and marks it as known.
func (f *fields) take(name string) *yaml.Node {
	n := f.val[name]
	delete(f.val, name)
	return n
}

// lineOf is the line of a field, or of the mapping where the field is absent.
func (f *fields) lineOf(name string) int {
	if k := f.key[name]; k != nil {
		return k.Line
	}
	return f.line
}

func (f *fields) has(name string) bool { return f.key[name] != nil }

// done reports the fields that nobody asked for.
func (f *fields) done() {
	for _, name := range f.keys {
		if f.val[name] != nil {
			f.p.fault(f.key[name].Line, FaultUnknownField, "%s has no field %q", f.what, name)
		}
	}
}

func (f *fields) missing(name string) {
	f.p.fault(f.line, FaultMissingField, "%s needs the field %q", f.what, name)
}

func (f *fields) str(name string) string {
	n := f.take(name)
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		f.p.fault(n.Line, FaultSyntax, "%s: %q must be a single value", f.what, name)
		return ""
	}
	return n.Value
}

// need is str for a field that must be there.
func (f *fields) need(name string) string {
	if !f.has(name) {
		f.missing(name)
		return ""
	}
	line := f.lineOf(name)
	s := f.str(name)
	if s == "" {
		f.p.fault(line, FaultBadValue, "%s: %q is empty", f.what, name)
	}
	return s
}

func (f *fields) strings(name string) []string {
	n := f.take(name)
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var out []string
	if err := n.Decode(&out); err != nil {
		f.p.fault(n.Line, FaultSyntax, "%s: %q must be a list of words", f.what, name)
	}
	return out
}

// integer reads a whole number between low and high.
func (f *fields) integer(name string, def, low, high int) int {
	n := f.take(name)
	if n == nil {
		return def
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < low || v > high {
		f.p.fault(n.Line, FaultBadValue, "%s: %q must be a whole number from %d to %d", f.what, name, low, high)
		return def
	}
	return v
}

// duration reads a time such as 5s or 3m between low and high.
func (f *fields) duration(name string, def, low, high time.Duration) time.Duration {
	n := f.take(name)
	if n == nil {
		return def
	}
	v, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < low || v > high {
		f.p.fault(n.Line, FaultBadValue, "%s: %q must be a time from %v to %v, such as 5s", f.what, name, low, high)
		return def
	}
	return v
}

func (f *fields) boolean(name string, def bool) bool {
	n := f.take(name)
	if n == nil {
		return def
	}
	v, err := strconv.ParseBool(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		f.p.fault(n.Line, FaultBadValue, "%s: %q must be true or false", f.what, name)
		return def
	}
	return v
}

// oneOf reads a word out of a fixed set; the first is the default.
func (f *fields) oneOf(name string, words ...string) string {
	if !f.has(name) {
		return words[0]
	}
	line := f.lineOf(name)
	s := f.str(name)
	if !slices.Contains(words, s) {
		f.p.fault(line, FaultBadValue, "%s: %q must be one of %v", f.what, name, words)
		return words[0]
	}
	return s
}

// target is a branch to a node by name, with the line it stands on.
type target struct {
	node string
	line int
}

func (t target) set() bool { return t.node != "" }

// target reads a branch; an absent one is unset.
func (f *fields) target(name string) target {
	line := f.lineOf(name)
	return target{node: f.str(name), line: line}
}

// needTarget reads a branch that must be there.
func (f *fields) needTarget(name string) target {
	line := f.lineOf(name)
	return target{node: f.need(name), line: line}
}

// entry is one pair of a mapping with free keys.
type entry struct {
	name  string
	line  int
	value *yaml.Node
}

// entries reads a mapping with free keys, in order, reporting keys given twice.
func (f *fields) entries(name string) []entry {
	return f.p.entries(f.what+": "+strconv.Quote(name), f.take(name))
}

func (p *parser) entries(what string, n *yaml.Node) []entry {
	n = resolveAlias(n)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		p.fault(n.Line, FaultSyntax, "%s must be a mapping", what)
		return nil
	}
	var out []entry
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if seen[k.Value] {
			p.fault(k.Line, FaultDuplicate, "%s names %q twice", what, k.Value)
			continue
		}
		seen[k.Value] = true
		out = append(out, entry{name: k.Value, line: k.Line, value: resolveAlias(n.Content[i+1])})
	}
	return out
}

// needs reads a mapping of skills to least levels.
func (f *fields) needs(name string) []skillNeed {
	var out []skillNeed
	for _, e := range f.entries(name) {
		level, err := strconv.Atoi(e.value.Value)
		if err != nil || level < 1 || level > 10 {
			f.p.fault(e.line, FaultBadValue, "%s: the level of skill %q must be from 1 to 10", f.what, e.name)
			continue
		}
		out = append(out, skillNeed{Need: Need{Skill: e.name, Level: level}, line: e.line})
	}
	return out
}

type skillNeed struct {
	Need
	line int
}
