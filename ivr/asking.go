package ivr

import (
	"time"

	"go.yaml.in/yaml/v3"
)

// asking is what all nodes that wait for keys share: how long, how often, and where to
// when nothing or nothing sensible comes.
type asking struct {
	noInput retry
	invalid retry
}

// retry is one kind of failure to answer.
type retry struct {
	after time.Duration // silence before it counts; no-input only
	tries int           // the failure with this number leaves the node
	say   []line        // said before the question is repeated
	next  target
}

const (
	countNoInput = ".no_input"
	countInvalid = ".invalid"
	countTries   = ".tries"
)

func (a *asking) parse(f *fields, noInputTries, invalidTries int) {
	a.noInput = retry{after: 5 * time.Second, tries: noInputTries}
	a.invalid = retry{tries: invalidTries}
	if n := f.take("no_input"); n != nil {
		g := f.p.fields(f.what+": no_input", n)
		a.noInput.after = g.duration("after", a.noInput.after, time.Second, time.Minute)
		a.noInput.read(g)
	}
	if n := f.take("invalid"); n != nil {
		a.invalid.read(f.p.fields(f.what+": invalid", n))
	}
}

func (r *retry) read(g *fields) {
	r.tries = g.integer("tries", r.tries, 1, 9)
	r.say = g.lines("say")
	r.next = g.target("next")
	g.done()
}

func (a *asking) branches(h *header) []branch {
	return []branch{
		h.branch(a.noInput.next, branchSilence, "无按键"),
		h.branch(a.invalid.next, branchInvalid, "错键"),
	}
}

func (a *asking) spoken() []line {
	return append(append([]line(nil), a.noInput.say...), a.invalid.say...)
}

// fail counts a failure and either leaves the node or asks again.
func (w *walk) fail(h *header, r retry, kind string, question []line) {
	if w.count(h.name+kind) >= r.tries {
		w.answeredWell(h)
		w.enter(h.or(r.next))
		return
	}
	w.say(append(append([]line(nil), r.say...), question...), true)
}

// answeredWell forgets the failures at a node.
func (w *walk) answeredWell(h *header) {
	delete(w.s.Counts, h.name+countNoInput)
	delete(w.s.Counts, h.name+countInvalid)
}

// option is one key of a question.
type option struct {
	key      byte
	line     int
	say      []line
	language string
	score    int
	next     target
	off      bool
}

// optionShape says which fields the options of a node have beyond key, say and enabled.
type optionShape struct {
	keys     string // keys allowed
	language bool   // each has a language and is said in it
	score    bool   // each has a score
	needNext bool   // each names its node; otherwise the node's own next serves
}

const allKeys = "0123456789*#"

// options reads the list of keys, reporting two branches on one key.
func (f *fields) options(shape optionShape) []option {
	n := f.take("options")
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		f.p.fault(n.Line, FaultSyntax, "%s: \"options\" must be a list", f.what)
		return nil
	}
	var out []option
	taken := map[byte]int{}
	for _, c := range n.Content {
		o := f.p.option(f.what, c, shape)
		if o.key == 0 {
			continue
		}
		if first := taken[o.key]; first != 0 && !o.off {
			f.p.fault(o.line, FaultDuplicateKey, "%s has two branches on key %c, the first on line %d", f.what, o.key, first)
			continue
		}
		if !o.off {
			taken[o.key] = o.line
		}
		out = append(out, o)
	}
	return out
}

func (p *parser) option(what string, n *yaml.Node, shape optionShape) option {
	g := p.fields(what+": option", n)
	defer g.done()
	o := option{line: g.line}
	keyLine := g.lineOf("key")
	if k := g.need("key"); len(k) == 1 && containsByte(shape.keys, k[0]) {
		o.key = k[0]
	} else if k != "" {
		p.fault(keyLine, FaultBadValue, "%s: key %q must be one of %s", what, k, shape.keys)
	}
	o.say = g.lines("say")
	if shape.language {
		o.language = g.need("language")
	}
	if shape.score {
		o.score = g.integer("score", int(o.key-'0'), 0, 99)
	}
	if shape.needNext {
		o.next = g.needTarget("next")
	} else {
		o.next = g.target("next")
	}
	o.off = !g.boolean("enabled", true)
	return o
}

func containsByte(s string, b byte) bool {
	for i := range len(s) {
		if s[i] == b {
			return true
		}
	}
	return false
}

func pick(options []option, key byte) (option, bool) {
	for _, o := range options {
		if o.key == key && !o.off {
			return o, true
		}
	}
	return option{}, false
}

func optionBranches(h *header, options []option, next target) []branch {
	var out []branch
	for _, o := range options {
		to := o.next
		if !to.set() {
			to = next
		}
		out = append(out, branch{to: h.or(to), label: string(o.key), kind: branchKey, line: o.line, off: o.off})
	}
	return out
}

// optionLines are the lines of the options that are switched on, each in its own
// language where it has one.
func optionLines(options []option) []line {
	var out []line
	for _, o := range options {
		if o.off {
			continue
		}
		for _, l := range o.say {
			if o.language != "" && l.kind == linePrompt && l.prompt.Language == "" {
				l.prompt.Language = o.language
			}
			out = append(out, l)
		}
	}
	return out
}
