package ivr

import (
	"slices"
	"strings"
	"time"
)

// reachable are the nodes that the given branches lead to from a node, itself first.
func (m *Menu) reachable(from string, follow func(branch) bool) []string {
	seen := map[string]bool{from: true}
	order := []string{from}
	for i := 0; i < len(order); i++ {
		for _, b := range m.nodes[order[i]].branches() {
			if follow(b) && !seen[b.to] {
				seen[b.to] = true
				order = append(order, b.to)
			}
		}
	}
	return order
}

func anyBranch(b branch) bool { return !b.off }

// noKey are the branches taken without the caller doing anything.
func noKey(b branch) bool {
	return b.kind == branchAuto || b.kind == branchOutcome || b.kind == branchSilence
}

// isPerson says whether the caller meets a person at a node.
func (m *Menu) isPerson(name string) bool {
	switch m.nodes[name].(type) {
	case *queueNode, *transferNode:
		return true
	default:
		return false
	}
}

// reach reports nodes that nothing leads to. A node behind a branch that is switched
// off is no mistake.
func (c *checker) reach() {
	everything := func(branch) bool { return true }
	found := c.m.reachable(c.m.start, everything)
	found = append(found, c.m.reachable(c.m.fallback, everything)...)
	for _, name := range c.m.order {
		if !slices.Contains(found, name) {
			c.fault(c.m.nodes[name].head().line, FaultUnreachable, "nothing leads to node %q", name)
		}
	}
}

// loops reports the circles in which a caller who does nothing goes round for ever,
// and those that no key leads out of.
func (c *checker) loops() {
	reported := map[string]bool{}
	for _, name := range c.m.order {
		if reported[name] || c.holds(name) {
			continue
		}
		if circle := c.circle(name, c.goesOn); circle != nil {
			c.loopFault(circle, reported, "a caller who presses nothing goes round for ever")
		}
	}
	for _, name := range c.m.order {
		if reported[name] || c.escapes(name) {
			continue
		}
		if circle := c.circle(name, anyBranch); circle != nil {
			c.loopFault(circle, reported, "no key leads out of it to a person or an end")
		}
	}
}

func (c *checker) loopFault(circle []string, reported map[string]bool, why string) {
	line := c.m.nodes[circle[0]].head().line
	for _, name := range circle {
		reported[name] = true
	}
	c.fault(line, FaultEndlessLoop, "%s → %s: %s", strings.Join(circle, " → "), circle[0], why)
}

// holds says whether a caller stays at a node or is done there.
func (c *checker) holds(name string) bool {
	switch c.m.nodes[name].(type) {
	case *queueNode, *transferNode, *voicemailNode, *hangupNode:
		return true
	default:
		return false
	}
}

// goesOn is noKey without the branches that hang on the desk's answer, which the
// count of tries bounds.
func (c *checker) goesOn(b branch) bool { return noKey(b) && !b.off && !c.holds(b.to) }

// escapes says whether some way from a node leads to a person or an end.
func (c *checker) escapes(name string) bool {
	return slices.ContainsFunc(c.m.reachable(name, anyBranch), c.holds)
}

// circle is a way from a node back to itself along the given branches.
func (c *checker) circle(name string, follow func(branch) bool) []string {
	before := map[string]string{}
	queue := []string{name}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, b := range c.m.nodes[at].branches() {
			if !follow(b) {
				continue
			}
			if b.to == name {
				way := []string{at}
				for at != name {
					at = before[at]
					way = append(way, at)
				}
				slices.Reverse(way)
				return way
			}
			if _, seen := before[b.to]; !seen {
				before[b.to] = at
				queue = append(queue, b.to)
			}
		}
	}
	return nil
}

// persons reports places without a way to a person: none at all, none by key 0, none
// by pressing nothing.
func (c *checker) persons() {
	found := c.m.reachable(c.m.start, anyBranch)
	for _, name := range c.m.order {
		if !slices.Contains(found, name) {
			continue
		}
		n := c.m.nodes[name]
		switch n := n.(type) {
		case *menuNode:
			if n.set == "" {
				c.personByKey(n)
			}
		case *pickNode:
			c.personBySilence(&n.header, n.asking)
		case *collectNode, *hoursNode, *lookupNode, *sayNode:
		default:
			continue
		}
		if !slices.ContainsFunc(c.m.reachable(name, anyBranch), c.m.isPerson) && !c.lastWords(name) {
			c.fault(n.head().line, FaultNoPerson, "no way leads from node %q to a person", name)
		}
	}
	if !c.leadsToPerson(c.m.fallback) {
		c.fault(c.m.nodes[c.m.fallback].head().line, FaultNoPerson, "fallback %q does not lead to a person", c.m.fallback)
	}
	switch c.m.nodes[c.m.fallback].(type) {
	case *queueNode, *transferNode, *hoursNode, *sayNode:
	default:
		c.fault(c.m.nodes[c.m.fallback].head().line, FaultNoPerson, "fallback %q may not ask: it must be a queue, a transfer, hours or say", c.m.fallback)
	}
}

// lastWords says whether a node only speaks on the way to the end, after the caller
// has been served.
func (c *checker) lastWords(name string) bool {
	for _, at := range c.m.reachable(name, anyBranch) {
		switch c.m.nodes[at].(type) {
		case *sayNode, *hangupNode:
		default:
			return false
		}
	}
	return name != c.m.start
}

func (c *checker) personByKey(n *menuNode) {
	if i := slices.IndexFunc(n.options, func(o option) bool { return o.key == keyPerson && !o.off }); i >= 0 {
		o := n.options[i]
		if !c.leadsToPerson(n.or(o.next)) {
			c.fault(o.line, FaultNoPerson, "node %q: key 0 does not lead to a person", n.name)
		}
		first := slices.IndexFunc(n.options, func(o option) bool { return !o.off })
		if i != first {
			c.fault(o.line, FaultPersonNotFirst, "node %q: key 0 must be the first line said", n.name)
		}
	}
	c.personBySilence(&n.header, n.asking)
}

func (c *checker) personBySilence(h *header, a asking) {
	for _, r := range []retry{a.noInput, a.invalid} {
		if to := h.or(r.next); !c.leadsToPerson(to) {
			c.fault(h.lineOr(r.next), FaultNoPerson, "node %q: a caller who presses nothing or the wrong keys comes to %q and not to a person", h.name, to)
		}
	}
}

// leadsToPerson says whether a caller who does nothing more meets a person.
func (c *checker) leadsToPerson(name string) bool {
	return slices.ContainsFunc(c.m.reachable(name, noKey), c.m.isPerson)
}

// firstKey reports when the first key is offered too late, where the lengths of the
// lines are known, and a first question that does not offer key 0.
func (c *checker) firstKey() {
	var before []Prompt
	for name, hops := c.m.start, 0; hops < maxHops; hops++ {
		switch n := c.m.nodes[name].(type) {
		case *sayNode:
			before = append(before, plainPrompts(n.say)...)
			name = n.or(n.next)
			continue
		case *hoursNode:
			name = n.or(n.open)
			continue
		case *menuNode:
			if n.set != "" {
				name = n.or(n.next)
				continue
			}
			c.offered(n, append(before, plainPrompts(n.say)...))
		}
		return
	}
}

func (c *checker) offered(n *menuNode, before []Prompt) {
	first := slices.IndexFunc(n.options, func(o option) bool { return !o.off })
	if first < 0 {
		return
	}
	o := n.options[first]
	if o.key != keyPerson && n.kind == "menu" {
		c.fault(o.line, FaultPersonNotFirst, "node %q is the first question: key 0 must be offered, and first", n.name)
	}
	if c.env.PromptLength == nil {
		return
	}
	var total time.Duration
	for _, p := range append(before, plainPrompts(optionLines([]option{o}))...) {
		if p.Language == "" {
			p.Language = c.m.language
		}
		length, known := c.env.PromptLength(p.ID, p.Language)
		if !known {
			return
		}
		total += length
	}
	if total > firstKeyWithin {
		c.fault(n.line, FaultFirstKeyLate, "the first key is offered after %v, later than %v", total.Round(time.Second), firstKeyWithin)
	}
}
