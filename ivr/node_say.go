package ivr

// What a key does while a say node speaks.
const (
	keysAhead = "ahead" // it is taken for the next question
	keysSkip  = "skip"  // it ends the announcement and means nothing more
	keysNone  = "none"  // it is not read: the announcement has to be heard
)

// sayNode speaks and goes on.
type sayNode struct {
	header
	say  []line
	keys string
	next target
}

func (n *sayNode) parse(_ *parser, f *fields) {
	if !f.has("say") {
		f.missing("say")
	}
	n.say = f.lines("say")
	n.keys = f.oneOf("keys", keysAhead, keysSkip, keysNone)
	n.next = f.needTarget("next")
}

func (n *sayNode) branches() []branch { return []branch{n.auto(n.next)} }
func (n *sayNode) spoken() []line     { return n.say }
func (n *sayNode) again(w *walk)      { n.enter(w) }
func (n *sayNode) played(w *walk)     { w.enter(n.or(n.next)) }

func (n *sayNode) enter(w *walk) {
	if w.ahead != 0 && n.keys == keysAhead {
		w.enter(n.or(n.next))
		return
	}
	w.say(n.say, n.keys != keysNone)
}

func (n *sayNode) key(w *walk, digit byte) {
	switch n.keys {
	case keysAhead:
		w.ahead = digit
	case keysNone:
		return
	}
	w.stop()
	w.enter(n.or(n.next))
}

// hangupNode says a last word and ends the call.
type hangupNode struct {
	header
	say   []line
	cause string
}

func (n *hangupNode) parse(_ *parser, f *fields) {
	n.say = f.lines("say")
	if n.cause = f.str("cause"); n.cause == "" {
		n.cause = "served"
	}
}

func (n *hangupNode) branches() []branch { return nil }
func (n *hangupNode) spoken() []line     { return n.say }
func (n *hangupNode) enter(w *walk)      { w.say(n.say, false) }
func (n *hangupNode) again(w *walk)      { n.enter(w) }
func (n *hangupNode) played(w *walk)     { w.hangup(n.cause) }

// hoursNode goes on by the calendar.
type hoursNode struct {
	header
	schedule     string
	scheduleLine int
	open, closed target
}

func (n *hoursNode) parse(_ *parser, f *fields) {
	n.scheduleLine = f.lineOf("schedule")
	n.schedule = f.need("schedule")
	n.open, n.closed = f.needTarget("open"), f.needTarget("closed")
}

func (n *hoursNode) branches() []branch {
	return []branch{n.out(n.open, n.schedule+" 内"), n.out(n.closed, n.schedule+" 外")}
}

func (n *hoursNode) again(w *walk) { n.enter(w) }

func (n *hoursNode) enter(w *walk) {
	if w.open == nil || w.open(n.schedule, w.now) {
		w.enter(n.or(n.open))
		return
	}
	w.enter(n.or(n.closed))
}
