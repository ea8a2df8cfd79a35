package ivr

import "time"

// voicemailNode records the caller.
type voicemailNode struct {
	header
	say       []line
	queue     string
	queueLine int
	max       time.Duration
	next      target
	failed    target
}

func (n *voicemailNode) parse(_ *parser, f *fields) {
	n.say = f.lines("say")
	n.queueLine = f.lineOf("queue")
	n.queue = f.str("queue")
	n.max = f.duration("max", 3*time.Minute, 5*time.Second, 3*time.Minute)
	n.next, n.failed = f.needTarget("next"), f.target("failed")
}

func (n *voicemailNode) branches() []branch {
	return []branch{n.out(n.next, "留言完成"), n.out(n.failed, "失败")}
}

func (n *voicemailNode) spoken() []line { return n.say }
func (n *voicemailNode) enter(w *walk)  { w.say(n.say, true) }
func (n *voicemailNode) played(w *walk) { n.record(w) }

func (n *voicemailNode) key(w *walk, _ byte) {
	if w.s.Phase == phasePlaying {
		w.stop()
		n.record(w)
	}
}

func (n *voicemailNode) again(w *walk) {
	if w.s.Phase == phaseHandOff {
		n.record(w)
		return
	}
	n.enter(w)
}

func (n *voicemailNode) record(w *walk) {
	w.handOff(Voicemail{MaxSeconds: int(n.max / time.Second), Queue: w.queueOr(n.queue), Language: w.s.Language})
}

func (n *voicemailNode) ended(w *walk, name, outcome string) {
	w.afterHandOff(&n.header, name == "voicemail", outcome, n.next, n.failed)
}

// transferNode connects the caller to an outside number.
type transferNode struct {
	header
	say    []line
	number string
	label  string
	next   target
	failed target
}

func (n *transferNode) parse(p *parser, f *fields) {
	n.say = f.lines("say")
	line := f.lineOf("number")
	n.number = f.need("number")
	for i := range len(n.number) {
		if !containsByte("0123456789", n.number[i]) {
			p.fault(line, FaultBadValue, "%s: number %q must be digits", f.what, n.number)
			break
		}
	}
	n.label = f.str("label")
	n.next, n.failed = f.target("next"), f.target("failed")
}

func (n *transferNode) branches() []branch {
	out := []branch{n.out(n.failed, "未接通")}
	if n.next.set() {
		out = append(out, n.out(n.next, "通话结束"))
	}
	return out
}

func (n *transferNode) spoken() []line { return n.say }
func (n *transferNode) enter(w *walk)  { w.say(n.say, true) }
func (n *transferNode) played(w *walk) { n.connect(w) }

func (n *transferNode) again(w *walk) {
	if w.s.Phase == phaseHandOff {
		n.connect(w)
		return
	}
	n.enter(w)
}

func (n *transferNode) connect(w *walk) { w.handOff(Transfer{Number: n.number, Label: n.label}) }

func (n *transferNode) ended(w *walk, name, outcome string) {
	if name == "transfer" && outcome == OutcomeDone && !n.next.set() {
		w.gave(outcome)
		w.hangup("transferred")
		return
	}
	w.afterHandOff(&n.header, name == "transfer", outcome, n.next, n.failed)
}

// afterHandOff goes on after a voicemail, callback or transfer.
func (w *walk) afterHandOff(h *header, mine bool, outcome string, next, failed target) {
	if !mine || w.s.Phase != phaseHandOff {
		return
	}
	w.gave(outcome)
	if outcome == OutcomeDone {
		w.enter(h.or(next))
		return
	}
	w.enter(h.or(failed))
}
