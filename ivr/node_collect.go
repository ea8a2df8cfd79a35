package ivr

import (
	"strings"
	"time"
)

// keyLeave reaches a person from every collection, where 0 is a digit.
const keyLeave = '*'

// collectNode collects digits under a name.
type collectNode struct {
	header
	asking
	say      []line
	into     string
	min, max int
	end      byte
	between  time.Duration
	secret   bool
	options  []option
	next     target
	implicit bool
}

func (n *collectNode) parse(p *parser, f *fields) {
	if !f.has("say") {
		f.missing("say")
	}
	n.say = f.lines("say")
	n.into = f.need("into")
	if length := f.integer("length", 0, 1, 32); length > 0 {
		n.min, n.max = length, length
	} else {
		n.min = f.integer("min", 1, 1, 32)
		n.max = f.integer("max", max(n.min, 16), n.min, 32)
	}
	n.end = f.oneOf("end", "#", "*")[0]
	n.between = f.duration("between", 4*time.Second, time.Second, 30*time.Second)
	n.secret = f.boolean("secret", false)
	n.options = f.options(optionShape{keys: "*#", needNext: true})
	for _, o := range n.options {
		if o.key == n.end && !o.off {
			p.fault(o.line, FaultDuplicateKey, "%s has two branches on key %c: it also ends the digits", f.what, o.key)
		}
	}
	n.next = f.needTarget("next")
	n.asking.parse(f, 2, 3)
}

func (n *collectNode) branches() []branch {
	out := append([]branch{n.branch(n.next, branchKey, "号码")}, optionBranches(&n.header, n.options, target{})...)
	if n.leavesByStar() {
		out = append(out, branch{to: n.fallback, label: string(keyLeave), kind: branchKey, line: n.line})
	}
	return append(out, n.asking.branches(&n.header)...)
}

// leavesByStar says whether * reaches a person without being listed.
func (n *collectNode) leavesByStar() bool {
	_, listed := pick(n.options, keyLeave)
	return n.implicit && !listed && n.end != keyLeave
}

func (n *collectNode) spoken() []line {
	return append(append(append([]line(nil), n.say...), optionLines(n.options)...), n.asking.spoken()...)
}

func (n *collectNode) question() []line {
	return append(append([]line(nil), n.say...), optionLines(n.options)...)
}

func (n *collectNode) enter(w *walk) {
	w.s.Digits = ""
	if !w.takeAhead(n) {
		w.say(n.question(), true)
	}
}

func (n *collectNode) again(w *walk) {
	if w.s.Digits != "" {
		w.wait(n.between)
		return
	}
	w.say(n.question(), true)
}

func (n *collectNode) played(w *walk) { w.wait(n.noInput.after) }

func (n *collectNode) key(w *walk, digit byte) {
	if w.swallows(digit) {
		return
	}
	w.stop()
	if digit >= '0' && digit <= '9' {
		w.s.Digits += string(digit)
		if len(w.s.Digits) < n.max {
			w.wait(n.between)
			return
		}
		n.check(w)
		return
	}
	if o, ok := pick(n.options, digit); ok {
		n.leave(w, digit, n.or(o.next))
		return
	}
	switch {
	case digit == n.end:
		n.check(w)
	case digit == keyLeave && n.leavesByStar():
		n.leave(w, digit, n.fallback)
	default:
		w.wait(n.between)
	}
}

func (n *collectNode) leave(w *walk, digit byte, to string) {
	w.s.Digits = ""
	w.gave(string(digit))
	w.answeredWell(&n.header)
	w.enter(to)
}

func (n *collectNode) silent(w *walk, _ Input) {
	if w.s.Digits != "" {
		n.check(w)
		return
	}
	w.fail(&n.header, n.noInput, countNoInput, n.question())
}

// check takes what was entered, or asks again.
func (n *collectNode) check(w *walk) {
	digits := w.s.Digits
	w.s.Digits = ""
	if len(digits) < n.min {
		w.fail(&n.header, n.invalid, countInvalid, n.question())
		return
	}
	w.keep(n.into, digits, n.secret)
	w.answeredWell(&n.header)
	w.s.SwallowHash = len(digits) == n.max
	if n.secret {
		w.gave(strings.Repeat("*", len(digits)))
	} else {
		w.gave(digits)
	}
	w.enter(n.or(n.next))
}
