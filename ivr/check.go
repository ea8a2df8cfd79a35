package ivr

import (
	"slices"
	"time"
)

// firstKeyWithin is how soon the first key has to be offered.
const firstKeyWithin = 20 * time.Second

// checker looks for what no single node shows.
type checker struct {
	*parser
	m   *Menu
	env Environment
}

func (c *checker) check() {
	complete := c.names()
	c.prompts()
	c.variables()
	// What follows walks the branches; with some of them leading nowhere it would
	// only report consequences.
	if !complete || len(c.m.nodes) == 0 || c.m.nodes[c.m.start] == nil || c.m.nodes[c.m.fallback] == nil {
		return
	}
	if len(c.m.order) < len(c.m.nodes) {
		return
	}
	c.reach()
	c.loops()
	for _, name := range c.m.reachable(c.m.fallback, noKey) {
		if q, ok := c.m.nodes[name].(*queueNode); ok {
			c.m.lastQueue = q.queue
			break
		}
	}
	if c.m.kind == KindCall {
		c.persons()
		c.firstKey()
	}
}

// names checks that all that is named exists. It returns whether all branches lead to
// a node.
func (c *checker) names() bool {
	complete := true
	for _, name := range c.m.order {
		n := c.m.nodes[name]
		for _, b := range n.branches() {
			if b.to != "" && c.m.nodes[b.to] == nil {
				complete = false
				// A missing fallback is reported where it is named.
				if b.to != c.m.fallback {
					c.fault(b.line, FaultUnknownNode, "node %q leads to %q, which is not there", name, b.to)
				}
			}
			complete = complete && b.to != ""
		}
		c.outside(n)
	}
	return complete
}

// outside checks the names that live outside the file.
func (c *checker) outside(n node) {
	h := n.head()
	queue := func(name string, line int) {
		if name != "" && c.env.Queue != nil && !c.env.Queue(name) {
			c.fault(line, FaultUnknownQueue, "node %q: there is no queue %q", h.name, name)
		}
	}
	switch n := n.(type) {
	case *queueNode:
		queue(n.queue, n.queueLine)
		needs := slices.Concat(n.needs, n.anyOf)
		for _, l := range n.languages {
			queue(l.queue, l.line)
			c.language(n.name, l.language, l.line)
			needs = append(needs, l.needs...)
		}
		for _, need := range needs {
			if c.env.Skill != nil && !c.env.Skill(need.Skill) {
				c.fault(need.line, FaultUnknownSkill, "node %q: there is no skill %q", h.name, need.Skill)
			}
		}
	case *voicemailNode:
		queue(n.queue, n.queueLine)
	case *callbackNode:
		queue(n.queue, n.queueLine)
	case *hoursNode:
		if n.schedule != "" && c.env.Schedule != nil && !c.env.Schedule(n.schedule) {
			c.fault(n.scheduleLine, FaultUnknownSchedule, "node %q: there is no schedule %q", h.name, n.schedule)
		}
	case *lookupNode:
		c.lookup(n)
	case *menuNode:
		c.languages(n)
	}
}

func (c *checker) languages(n *menuNode) {
	c.language(n.name, n.set, n.setLine)
	for _, o := range n.options {
		c.language(n.name, o.language, o.line)
	}
}

func (c *checker) language(node, language string, line int) {
	if language != "" && !slices.Contains(c.m.languages, language) {
		c.fault(line, FaultUnknownLanguage, "node %q: language %q is not among the menu's languages %v", node, language, c.m.languages)
	}
}

func (c *checker) lookup(n *lookupNode) {
	specs := c.env.Lookups
	if specs == nil {
		specs = Lookups()
	}
	spec, ok := specs[n.query]
	if !ok {
		if n.query != "" {
			c.fault(n.queryLine, FaultUnknownLookup, "node %q: there is no lookup %q", n.name, n.query)
		}
		return
	}
	for _, arg := range spec.Args {
		if !slices.ContainsFunc(n.args, func(a argument) bool { return a.name == arg }) {
			c.fault(n.line, FaultMissingField, "node %q: lookup %q needs the argument %q", n.name, n.query, arg)
		}
	}
	for _, a := range n.args {
		if !slices.Contains(spec.Args, a.name) {
			c.fault(a.line, FaultUnknownField, "node %q: lookup %q has no argument %q", n.name, n.query, a.name)
		}
	}
	for _, b := range n.on {
		if !slices.Contains(spec.Codes, b.code) {
			c.fault(b.to.line, FaultBadValue, "node %q: lookup %q never answers %q, only %v", n.name, n.query, b.code, spec.Codes)
		}
	}
}

// prompts checks that every line exists in every language it may be said in.
func (c *checker) prompts() {
	for _, name := range c.m.order {
		walkLines(c.m.nodes[name].spoken(), func(l line) {
			if l.kind != linePrompt {
				return
			}
			languages := c.m.languages
			if l.prompt.Language != "" {
				languages = []string{l.prompt.Language}
			}
			for _, language := range languages {
				c.language(name, language, l.at)
				if c.env.Prompt != nil && !c.env.Prompt(l.prompt.ID, language) {
					c.fault(l.at, FaultMissingPrompt, "node %q: there is no prompt %q in %q", name, l.prompt.ID, language)
				}
			}
		})
	}
}

// variables checks that each value spoken, chosen by or asked with is given by some
// node or always known.
func (c *checker) variables() {
	known := map[string]bool{varCaller: true, varCalled: true}
	for _, name := range c.m.given {
		known[name] = true
	}
	for _, name := range c.m.order {
		switch n := c.m.nodes[name].(type) {
		case *collectNode:
			known[n.into] = true
		case *callbackNode:
			known[n.into] = true
		case *lookupNode:
			known[n.into] = true
		case *pickNode:
			known[n.into] = true
		}
	}
	for _, name := range c.m.order {
		n := c.m.nodes[name]
		if q, ok := n.(*lookupNode); ok {
			for _, a := range q.args {
				if !known[a.from] {
					c.fault(a.line, FaultUnknownVariable, "node %q: nothing gives %q", name, a.from)
				}
			}
		}
		_, queued := n.(*queueNode)
		c.references(name, n.spoken(), func(ref string) bool {
			return known[ref] || queued && (ref == varPosition || ref == varWaitBand)
		})
	}
}

func (c *checker) references(name string, lines []line, known func(string) bool) {
	for _, l := range lines {
		inner := known
		if l.kind != linePrompt && !known(firstOf(l.ref)) {
			c.fault(l.at, FaultUnknownVariable, "node %q: nothing gives %q", name, l.ref)
		}
		if l.kind == lineEach {
			inner = func(ref string) bool { return ref == l.as || known(ref) }
		}
		for _, choice := range l.of {
			c.references(name, choice.say, inner)
		}
		c.references(name, l.say, inner)
		c.references(name, l.els, inner)
	}
}

func firstOf(ref string) string {
	for i := range len(ref) {
		if ref[i] == '.' {
			return ref[:i]
		}
	}
	return ref
}
