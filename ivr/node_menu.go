package ivr

// keyPerson reaches a person from every menu, whether it is listed or not.
const keyPerson = '0'

// menuNode asks for one key. As type "language" it also sets the caller's language:
// at once by "set", or by the option he chooses.
type menuNode struct {
	header
	asking
	say     []line
	options []option
	set     string
	setLine int
	next    target
	// implicit is false in a rating menu, where no key has a meaning of its own.
	implicit bool
}

func (n *menuNode) parse(p *parser, f *fields) {
	n.say = f.lines("say")
	language := n.kind == "language"
	if language && f.has("set") {
		n.setLine = f.lineOf("set")
		n.set, n.next = f.need("set"), f.needTarget("next")
		return
	}
	if language {
		n.next = f.needTarget("next")
	}
	if !f.has("options") {
		f.missing("options")
	}
	n.options = f.options(optionShape{keys: allKeys, language: language, needNext: !language})
	n.asking.parse(f, 1, 3)
}

func (n *menuNode) branches() []branch {
	if n.set != "" {
		return []branch{n.auto(n.next)}
	}
	out := optionBranches(&n.header, n.options, n.next)
	if _, listed := pick(n.options, keyPerson); !listed && n.implicit {
		out = append(out, branch{to: n.fallback, label: string(keyPerson), kind: branchKey, line: n.line})
	}
	return append(out, n.asking.branches(&n.header)...)
}

func (n *menuNode) question() []line {
	return append(append([]line(nil), n.say...), optionLines(n.options)...)
}
func (n *menuNode) spoken() []line { return append(n.question(), n.asking.spoken()...) }
func (n *menuNode) again(w *walk)  { w.say(n.question(), true) }
func (n *menuNode) played(w *walk) { w.wait(n.noInput.after) }

func (n *menuNode) enter(w *walk) {
	if n.set != "" {
		w.s.Language = n.set
		w.enter(n.or(n.next))
		return
	}
	if !w.takeAhead(n) {
		w.say(n.question(), true)
	}
}

func (n *menuNode) key(w *walk, digit byte) {
	if w.swallows(digit) {
		return
	}
	w.stop()
	o, ok := pick(n.options, digit)
	switch {
	case ok:
		w.gave(string(digit))
		w.answeredWell(&n.header)
		if o.language != "" {
			w.s.Language = o.language
		}
		if !o.next.set() {
			o.next = n.next
		}
		w.enter(n.or(o.next))
	case digit == keyPerson && n.implicit:
		w.gave(string(digit))
		w.answeredWell(&n.header)
		w.enter(n.fallback)
	default:
		w.fail(&n.header, n.invalid, countInvalid, n.question())
	}
}

func (n *menuNode) silent(w *walk, _ Input) {
	w.fail(&n.header, n.noInput, countNoInput, n.question())
}

// rateNode asks for a score.
type rateNode struct {
	header
	asking
	say      []line
	question string
	options  []option
	next     target
}

func (n *rateNode) parse(_ *parser, f *fields) {
	if n.question = f.str("question"); n.question == "" {
		n.question = "satisfaction"
	}
	n.say = f.lines("say")
	n.next = f.needTarget("next")
	if f.has("options") {
		n.options = f.options(optionShape{keys: allKeys, score: true})
	} else {
		for score := range f.integer("scale", 5, 2, 9) {
			n.options = append(n.options, option{key: byte('1' + score), line: n.line, score: score + 1})
		}
	}
	n.asking.parse(f, 1, 2)
	if !n.noInput.next.set() {
		n.noInput.next = n.next
	}
	if !n.invalid.next.set() {
		n.invalid.next = n.next
	}
}

func (n *rateNode) branches() []branch {
	return append(optionBranches(&n.header, n.options, n.next), n.asking.branches(&n.header)...)
}

func (n *rateNode) ask() []line {
	return append(append([]line(nil), n.say...), optionLines(n.options)...)
}
func (n *rateNode) spoken() []line { return append(n.ask(), n.asking.spoken()...) }
func (n *rateNode) again(w *walk)  { w.say(n.ask(), true) }
func (n *rateNode) played(w *walk) { w.wait(n.noInput.after) }

func (n *rateNode) enter(w *walk) {
	if !w.takeAhead(n) {
		w.say(n.ask(), true)
	}
}

func (n *rateNode) key(w *walk, digit byte) {
	if w.swallows(digit) {
		return
	}
	w.stop()
	o, ok := pick(n.options, digit)
	if !ok {
		w.fail(&n.header, n.invalid, countInvalid, n.ask())
		return
	}
	w.gave(string(digit))
	w.answeredWell(&n.header)
	w.act(Rate{Question: n.question, Score: o.score})
	if !o.next.set() {
		o.next = n.next
	}
	w.enter(n.or(o.next))
}

func (n *rateNode) silent(w *walk, _ Input) {
	w.fail(&n.header, n.noInput, countNoInput, n.ask())
}
