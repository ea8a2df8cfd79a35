package ivr

import "time"

// lookupNode asks the desk a named question and goes on by the code of the answer.
type lookupNode struct {
	header
	query     string
	queryLine int
	args      []argument
	into      string
	say       []line
	tries     int
	patience  time.Duration
	exhausted target
	on        []codeBranch
	otherwise target
}

type argument struct {
	name, from string
	line       int
}

type codeBranch struct {
	code string
	to   target
}

func (n *lookupNode) parse(p *parser, f *fields) {
	n.queryLine = f.lineOf("name")
	n.query = f.need("name")
	for _, e := range f.entries("args") {
		n.args = append(n.args, argument{name: e.name, from: e.value.Value, line: e.line})
	}
	if n.into = f.str("into"); n.into == "" {
		n.into = n.name
	}
	n.say = f.lines("say")
	n.tries = f.integer("tries", 3, 1, 9)
	n.patience = f.duration("timeout", 4*time.Second, time.Second, 30*time.Second)
	n.exhausted = f.target("exhausted")
	for _, e := range f.entries("on") {
		if e.value.Value == "" {
			p.fault(e.line, FaultBadValue, "%s: code %q names no node", f.what, e.name)
			continue
		}
		n.on = append(n.on, codeBranch{code: e.name, to: target{node: e.value.Value, line: e.line}})
	}
	n.otherwise = f.target("otherwise")
}

func (n *lookupNode) branches() []branch {
	var out []branch
	for _, b := range n.on {
		out = append(out, n.out(b.to, b.code))
	}
	return append(out, n.out(n.otherwise, "其他"), n.out(n.exhausted, "次数用完"))
}

func (n *lookupNode) spoken() []line { return n.say }

func (n *lookupNode) enter(w *walk) {
	if w.count(n.name+countTries) > n.tries {
		w.enter(n.or(n.exhausted))
		return
	}
	n.again(w)
}

func (n *lookupNode) again(w *walk) {
	args := make(map[string]string, len(n.args))
	for _, a := range n.args {
		args[a.name] = w.s.Vars[a.from]
	}
	w.lookup(n.query, args, n.say, n.patience)
}

func (n *lookupNode) silent(w *walk, _ Input) { n.answered(w, Result{Code: ResultError}) }

func (n *lookupNode) answered(w *walk, r Result) {
	w.forgetSecrets()
	if r.Fields != nil {
		w.know(n.into, r.Fields)
	}
	w.gave(r.Code)
	for _, b := range n.on {
		if b.code == r.Code {
			w.enter(b.to.node)
			return
		}
	}
	w.enter(n.or(n.otherwise))
}
