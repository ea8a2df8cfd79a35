package ivr

import (
	"slices"
	"strings"
	"time"
)

// callbackNode takes down where to call the caller back: his own number or one he
// enters, confirmed by a key.
type callbackNode struct {
	header
	asking
	queue      string
	queueLine  int
	into       string
	sayOffer   []line
	sayEnter   []line
	sayConfirm []line
	next       target
	failed     target
}

// Stages of a callback node.
const (
	stageOffer   = "offer"   // the caller's own number is read out
	stageEnter   = "enter"   // he enters another
	stageConfirm = "confirm" // the one he entered is read out
)

// Keys of a callback node; * gives up, where he came from.
const (
	keyConfirm = '1'
	keyAnother = '2'
)

// A number to call back has this many digits: a subscriber's number at least, a
// mobile number behind a trunk prefix or an area code at most.
const (
	minCallback = 7
	maxCallback = 12
)

func (n *callbackNode) parse(_ *parser, f *fields) {
	n.queueLine = f.lineOf("queue")
	n.queue = f.str("queue")
	if n.into = f.str("into"); n.into == "" {
		n.into = "callback_number"
	}
	for _, l := range []struct {
		name string
		to   *[]line
	}{{"offer", &n.sayOffer}, {"enter", &n.sayEnter}, {"confirm", &n.sayConfirm}} {
		if !f.has(l.name) {
			f.missing(l.name)
		}
		*l.to = f.lines(l.name)
	}
	n.next, n.failed = f.needTarget("next"), f.target("failed")
	n.asking.parse(f, 2, 3)
}

func (n *callbackNode) branches() []branch {
	return append([]branch{
		n.out(n.next, "已登记"),
		n.out(n.failed, "失败"),
		{to: n.or(n.failed), label: string(keyLeave), kind: branchKey, line: n.line},
	}, n.asking.branches(&n.header)...)
}

func (n *callbackNode) spoken() []line {
	return slices.Concat(n.sayOffer, n.sayEnter, n.sayConfirm, n.asking.spoken())
}

func (n *callbackNode) enter(w *walk) {
	delete(w.s.Vars, n.into)
	w.s.Digits = ""
	w.s.Stage = stageEnter
	if callable(w.s.Vars[varCaller]) {
		w.s.Stage = stageOffer
	}
	w.say(n.question(w), true)
}

func (n *callbackNode) again(w *walk) {
	switch {
	case w.s.Phase == phaseHandOff:
		n.confirm(w)
	case w.s.Digits != "":
		w.wait(betweenDigits)
	default:
		w.say(n.question(w), true)
	}
}

const betweenDigits = 4 * time.Second

// callable says whether a number may be dialled as it is.
func callable(number string) bool {
	number = strings.TrimPrefix(number, "+")
	if len(number) < minCallback || len(number) > maxCallback+2 {
		return false
	}
	return strings.Trim(number, "0123456789") == ""
}

func (n *callbackNode) question(w *walk) []line {
	switch w.s.Stage {
	case stageOffer:
		return n.sayOffer
	case stageConfirm:
		return n.sayConfirm
	default:
		return n.sayEnter
	}
}

func (n *callbackNode) played(w *walk) { w.wait(n.noInput.after) }

func (n *callbackNode) key(w *walk, digit byte) {
	if w.s.Phase == phaseHandOff || w.swallows(digit) {
		return
	}
	w.stop()
	switch {
	case digit == keyLeave:
		w.gave(string(digit))
		n.giveUp(w, n.failed)
	case w.s.Stage == stageEnter:
		n.collect(w, digit)
	case digit == keyConfirm:
		n.confirm(w)
	case digit == keyAnother:
		w.s.Stage = stageEnter
		w.say(n.sayEnter, true)
	default:
		n.fail(w, n.invalid, countInvalid)
	}
}

func (n *callbackNode) collect(w *walk, digit byte) {
	if digit != '#' {
		w.s.Digits += string(digit)
		if len(w.s.Digits) < maxCallback {
			w.wait(betweenDigits)
			return
		}
	}
	n.check(w)
}

func (n *callbackNode) check(w *walk) {
	number := w.s.Digits
	w.s.Digits = ""
	if !callable(number) {
		n.fail(w, n.invalid, countInvalid)
		return
	}
	w.keep(n.into, number, false)
	w.s.SwallowHash = len(number) == maxCallback
	w.s.Stage = stageConfirm
	w.say(n.sayConfirm, true)
}

func (n *callbackNode) silent(w *walk, _ Input) {
	if w.s.Digits != "" {
		n.check(w)
		return
	}
	n.fail(w, n.noInput, countNoInput)
}

func (n *callbackNode) fail(w *walk, r retry, kind string) {
	if w.s.Counts[n.name+kind]+1 >= r.tries {
		n.giveUp(w, r.next)
		return
	}
	w.fail(&n.header, r, kind, n.question(w))
}

func (n *callbackNode) confirm(w *walk) {
	number := w.s.Vars[n.into]
	if number == "" {
		number = w.s.Vars[varCaller]
	}
	w.answeredWell(&n.header)
	w.handOff(Callback{Number: number, Queue: w.queueOr(n.queue), Language: w.s.Language})
}

// giveUp goes where the file says, and otherwise back to the queue he waits in.
func (n *callbackNode) giveUp(w *walk, to target) {
	w.answeredWell(&n.header)
	delete(w.s.Vars, n.into)
	w.s.Digits = ""
	switch {
	case to.set():
		w.enter(to.node)
	case w.s.Queued != "":
		w.enter(w.s.Queued)
	default:
		w.enter(n.or(n.failed))
	}
}

func (n *callbackNode) ended(w *walk, name, outcome string) {
	w.afterHandOff(&n.header, name == "callback", outcome, n.next, n.failed)
}
