package ivr

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxSource is the longest menu file that is read; a real one is a few kilobytes.
const maxSource = 1 << 20

// Parse reads a menu file. name is the file's name, for the faults. The menu is nil
// when there is any fault. Faults come in the order of their lines.
func Parse(name string, src []byte, env Environment) (*Menu, []Fault) {
	p := &parser{file: name}
	m := p.menu(src)
	if m != nil {
		c := &checker{parser: p, m: m, env: env}
		c.check()
	}
	if len(p.faults) > 0 {
		slices.SortStableFunc(p.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
		return nil, slices.Compact(p.faults)
	}
	return m, nil
}

func (p *parser) menu(src []byte) *Menu {
	if len(src) > maxSource {
		p.fault(1, FaultSyntax, "the file is longer than %d bytes", maxSource)
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		p.yamlFault(err)
		return nil
	}
	if len(doc.Content) == 0 {
		p.fault(1, FaultSyntax, "the file is empty")
		return nil
	}
	if line := aliasLine(doc.Content[0]); line > 0 {
		p.fault(line, FaultSyntax, "anchors and aliases are not part of the menu language")
		return nil
	}
	f := p.fields("menu", doc.Content[0])
	m := &Menu{
		name: f.need("menu"), title: f.str("title"), numbers: f.strings("numbers"), direct: f.str("direct"),
		version: versionOf(src), source: slices.Clone(src), nodes: map[string]node{},
	}
	m.kind = Kind(f.oneOf("kind", string(KindCall), string(KindRating), string(KindNotice)))
	m.given = f.strings("given")
	m.languages = f.strings("languages")
	if len(m.languages) == 0 {
		m.languages = []string{"zh"}
	}
	languageLine := f.lineOf("language")
	if m.language = f.str("language"); m.language == "" {
		m.language = m.languages[0]
	}
	if !slices.Contains(m.languages, m.language) {
		p.fault(languageLine, FaultUnknownLanguage, "language %q is not among the menu's languages %v", m.language, m.languages)
	}
	p.limits(m, f)
	if n := f.take("waiting"); n != nil {
		g := p.fields("waiting", n)
		p.waiting.parse(g)
		g.done()
	}
	start, fallback := f.needTarget("start"), f.needTarget("fallback")
	m.start, m.fallback = start.node, fallback.node
	p.nodes(m, f)
	f.done()
	for _, t := range []target{start, fallback} {
		if t.set() && m.nodes[t.node] == nil {
			p.fault(t.line, FaultUnknownNode, "there is no node %q", t.node)
		}
	}
	return m
}

func (p *parser) limits(m *Menu, f *fields) {
	m.maxVisits, m.maxTime = 40, 10*time.Minute
	if n := f.take("limits"); n != nil {
		g := p.fields("limits", n)
		m.maxVisits = g.integer("visits", m.maxVisits, 5, 200)
		m.maxTime = g.duration("time", m.maxTime, time.Minute, time.Hour)
		g.done()
	}
}

func (p *parser) nodes(m *Menu, f *fields) {
	if !f.has("nodes") {
		f.missing("nodes")
		return
	}
	for _, e := range f.entries("nodes") {
		g := p.fields("node "+strconv.Quote(e.name), e.value)
		g.line = e.line
		h := header{name: e.name, line: e.line, title: g.str("title"), fallback: m.fallback}
		typeLine := g.lineOf("type")
		h.kind = g.need("type")
		n := newNode(h.kind)
		if n == nil {
			if h.kind != "" {
				p.fault(typeLine, FaultUnknownType, "node %q: there is no type %q", e.name, h.kind)
			}
			// A say node in its place keeps branches to this node from being
			// reported as well.
			n = &sayNode{}
			*n.head() = h
			m.nodes[e.name] = n
			continue
		}
		*n.head() = h
		switch asks := n.(type) {
		case *menuNode:
			asks.implicit = m.kind == KindCall
		case *collectNode:
			asks.implicit = m.kind == KindCall
		}
		n.parse(p, g)
		g.done()
		m.nodes[e.name] = n
		m.order = append(m.order, e.name)
	}
}

func aliasLine(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return max(n.Line, 1)
	}
	for _, c := range n.Content {
		if line := aliasLine(c); line > 0 {
			return line
		}
	}
	return 0
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// yamlFault takes the line out of the YAML reader's own message.
func (p *parser) yamlFault(err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	var types *yaml.TypeError
	if errors.As(err, &types) && len(types.Errors) > 0 {
		message = types.Errors[0]
	}
	line := 1
	if found := yamlLine.FindStringSubmatch(message); found != nil {
		line, _ = strconv.Atoi(found[1])
	}
	p.fault(line, FaultSyntax, "%s", message)
}
