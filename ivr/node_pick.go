package ivr

import (
	"maps"
	"strconv"
)

// Keys of a pick node beside those of its items.
const (
	keyMore = '9'
	keyBack = '*'
)

// maxPicks is how many items a page has at most: keys 1 to 8.
const maxPicks = 8

// countPage is the page a caller is at, from 0.
const countPage = ".page"

// pickNode reads a list that a lookup gave, a page at a time, and lets the caller choose one
// item by its key.
type pickNode struct {
	header
	asking
	say      []line
	list     string
	listLine int
	as       string
	each     []line
	perPage  int
	more     []line
	back     target
	backSay  []line
	into     string
	next     target
}

func (n *pickNode) parse(_ *parser, f *fields) {
	n.say = f.lines("say")
	n.listLine = f.lineOf("list")
	n.list = f.need("list")
	if n.as = f.str("as"); n.as == "" {
		n.as = "item"
	}
	if !f.has("each") {
		f.missing("each")
	}
	n.each = f.lines("each")
	n.perPage = f.integer("per_page", 5, 1, maxPicks)
	n.more = f.lines("more")
	if b := f.take("back"); b != nil {
		g := f.p.fields(f.what+": back", b)
		n.backSay, n.back = g.lines("say"), g.needTarget("next")
		g.done()
	}
	n.into = f.need("into")
	n.next = f.needTarget("next")
	n.asking.parse(f, 1, 3)
}

func (n *pickNode) branches() []branch {
	out := []branch{
		n.branch(n.next, branchKey, "1–"+strconv.Itoa(n.perPage)),
		{to: n.name, label: string(keyMore), kind: branchKey, line: n.line},
		{to: n.fallback, label: string(keyPerson), kind: branchKey, line: n.line},
	}
	if n.back.set() {
		out = append(out, n.branch(n.back, branchKey, string(keyBack)))
	}
	return append(out, n.asking.branches(&n.header)...)
}

func (n *pickNode) spoken() []line {
	each := line{at: n.line, kind: lineEach, ref: n.list, as: n.as, say: n.each}
	out := append(append([]line(nil), n.say...), each)
	return append(append(append(out, n.more...), n.backSay...), n.asking.spoken()...)
}

// page are the items that are offered now, each with its key, and whether more follow.
func (n *pickNode) page(w *walk) (items []map[string]any, more bool) {
	value, _ := w.scope().look(n.list)
	all := asList(value)
	first := w.s.Counts[n.name+countPage] * n.perPage
	for i := first; i < min(first+n.perPage, len(all)); i++ {
		item, ok := all[i].(map[string]any)
		if !ok {
			continue
		}
		item = maps.Clone(item)
		item["key"] = len(items) + 1
		items = append(items, item)
	}
	return items, first+n.perPage < len(all)
}

func (n *pickNode) enter(w *walk) {
	w.setCount(n.name+countPage, 0)
	if items, _ := n.page(w); len(items) == 0 {
		w.enter(n.fallback)
		return
	}
	if !w.takeAhead(n) {
		n.again(w)
	}
}

func (n *pickNode) again(w *walk) { w.sayPrompts(n.question(w), true) }

// question is what is said of the page, after what was said of a wrong key.
func (n *pickNode) question(w *walk, before ...line) []Prompt {
	s := w.scope()
	out := append(s.speak(before, w.s.Language), s.speak(n.say, w.s.Language)...)
	items, more := n.page(w)
	for _, item := range items {
		inner := s
		inner.locals = map[string]any{n.as: item}
		out = append(out, inner.speak(n.each, w.s.Language)...)
	}
	if more {
		out = append(out, s.speak(n.more, w.s.Language)...)
	}
	return append(out, s.speak(n.backSay, w.s.Language)...)
}

func (n *pickNode) played(w *walk) { w.wait(n.noInput.after) }

func (n *pickNode) key(w *walk, digit byte) {
	if w.swallows(digit) {
		return
	}
	w.stop()
	items, more := n.page(w)
	chosen := int(digit - '1')
	switch {
	case digit >= '1' && chosen < len(items):
		delete(items[chosen], "key")
		w.know(n.into, items[chosen])
		n.leave(w, digit, n.or(n.next))
	case digit == keyMore && more:
		w.answeredWell(&n.header)
		w.setCount(n.name+countPage, w.s.Counts[n.name+countPage]+1)
		n.again(w)
	case digit == keyBack && n.back.set():
		n.leave(w, digit, n.back.node)
	case digit == keyPerson:
		n.leave(w, digit, n.fallback)
	default:
		n.fail(w, n.invalid, countInvalid)
	}
}

func (n *pickNode) leave(w *walk, digit byte, to string) {
	w.gave(string(digit))
	w.answeredWell(&n.header)
	w.enter(to)
}

func (n *pickNode) silent(w *walk, _ Input) { n.fail(w, n.noInput, countNoInput) }

// fail counts a failure and either leaves the node or asks again.
func (n *pickNode) fail(w *walk, r retry, kind string) {
	if w.count(n.name+kind) >= r.tries {
		w.answeredWell(&n.header)
		w.enter(n.or(r.next))
		return
	}
	w.sayPrompts(n.question(w, r.say...), true)
}
