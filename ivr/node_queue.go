package ivr

import (
	"cmp"
	"slices"
	"time"
)

// queueNode hands the caller to a queue and talks to him while he waits.
type queueNode struct {
	header
	queue     string
	queueLine int
	say       []line
	needs     []skillNeed
	anyOf     []skillNeed
	priority  int
	intent    string
	languages []languageQueue
	waiting
}

// languageQueue is what differs for callers of one language: another queue, or more
// skills.
type languageQueue struct {
	language string
	line     int
	queue    string
	needs    []skillNeed
}

func (n *queueNode) parse(p *parser, f *fields) {
	n.queueLine = f.lineOf("queue")
	n.queue = f.need("queue")
	n.say = f.lines("say")
	n.needs, n.anyOf = f.needs("needs"), f.needs("any_of")
	n.priority = f.integer("priority", 0, 0, 100)
	n.intent = f.str("intent")
	for _, e := range f.entries("languages") {
		g := p.fields(f.what+": language "+e.name, e.value)
		n.languages = append(n.languages, languageQueue{
			language: e.name, line: e.line, queue: g.str("queue"), needs: g.needs("needs"),
		})
		g.done()
	}
	n.waiting = p.waiting
	n.waiting.parse(f)
	if !n.otherwise.set() && (!n.overflow.set() || !n.closed.set() || !n.full.set()) {
		f.p.fault(f.line, FaultMissingField, "%s needs overflow, closed and full, or otherwise: where to when the queue gives the caller up", f.what)
	}
}

// waiting is what a caller hears and may press while he waits, and where he goes when
// the queue gives him up. The menu's own is the default of all its queue nodes.
type waiting struct {
	first     time.Duration
	every     time.Duration
	announce  []line
	options   []option
	overflow  target
	closed    target
	full      target
	otherwise target
}

func (q *waiting) parse(f *fields) {
	if a := f.take("announce"); a != nil {
		g := f.p.fields(f.what+": announce", a)
		q.every = g.duration("every", 30*time.Second, 10*time.Second, 10*time.Minute)
		q.first = g.duration("first", q.every, 5*time.Second, 10*time.Minute)
		q.announce = g.lines("say")
		g.done()
	}
	if f.has("options") {
		q.options = f.options(optionShape{keys: allKeys, needNext: true})
	}
	for _, t := range []struct {
		name string
		to   *target
	}{{"overflow", &q.overflow}, {"closed", &q.closed}, {"full", &q.full}, {"otherwise", &q.otherwise}} {
		if f.has(t.name) {
			*t.to = f.target(t.name)
		}
	}
}

func (n *queueNode) givenUp(outcome string) target {
	t := map[string]target{OutcomeOverflow: n.overflow, OutcomeClosed: n.closed, OutcomeFull: n.full}[outcome]
	if t.set() {
		return t
	}
	return n.otherwise
}

func (n *queueNode) branches() []branch {
	out := optionBranches(&n.header, n.options, target{})
	for _, o := range []struct{ outcome, label string }{
		{OutcomeOverflow, "久等"}, {OutcomeClosed, "非工作时间"}, {OutcomeFull, "队列已满"},
	} {
		if t := n.givenUp(o.outcome); t.set() {
			out = append(out, n.out(t, o.label))
		}
	}
	return out
}

func (n *queueNode) spoken() []line {
	return append(append(append([]line(nil), n.say...), n.announce...), optionLines(n.options)...)
}

func (n *queueNode) enter(w *walk) {
	if w.s.Queued == n.name {
		n.listen(w, n.every)
		return
	}
	n.join(w)
	w.say(n.say, true)
}

func (n *queueNode) again(w *walk) {
	n.join(w)
	n.listen(w, n.every)
}

func (n *queueNode) join(w *walk) {
	queue, needs := n.queue, n.needs
	for _, l := range n.languages {
		if l.language == w.s.Language {
			queue, needs = cmp.Or(l.queue, queue), slices.Concat(needs, l.needs)
		}
	}
	w.s.Queued, w.s.Queue = n.name, queue
	w.act(Queue{Request: Request{
		Queue: queue, Language: w.s.Language, Needs: plainNeeds(needs), AnyOf: plainNeeds(n.anyOf),
		Priority: n.priority, Intent: n.intent, Inputs: w.s.Inputs(),
	}})
}

func plainNeeds(needs []skillNeed) []Need {
	var out []Need
	for _, n := range needs {
		out = append(out, n.Need)
	}
	return out
}

// listen waits for a key or for the next announcement.
func (n *queueNode) listen(w *walk, until time.Duration) {
	if until == 0 {
		w.s.Phase = phaseWaiting
		return
	}
	w.wait(until)
}

func (n *queueNode) played(w *walk) {
	if w.s.Stage == stageAnnounced {
		n.listen(w, n.every)
		return
	}
	n.listen(w, n.first)
}

// stageAnnounced marks that the first announcement has been made.
const stageAnnounced = "announced"

func (n *queueNode) silent(w *walk, in Input) {
	w.s.Stage = stageAnnounced
	w.locals = map[string]any{varWaitBand: WaitBand(in.Estimate)}
	if in.Position > 0 {
		w.locals[varPosition] = in.Position
	}
	w.say(slices.Concat(n.announce, optionLines(n.options)), true)
}

func (n *queueNode) key(w *walk, digit byte) {
	if o, ok := pick(n.options, digit); ok {
		w.stop()
		w.gave(string(digit))
		w.enter(n.or(o.next))
	}
}

func (n *queueNode) ended(w *walk, name, outcome string) {
	if name != "queue" {
		return
	}
	w.stop()
	w.s.Queued = ""
	w.gave(outcome)
	if t := n.givenUp(outcome); t.set() {
		w.enter(t.node)
		return
	}
	w.hangup("queue_" + outcome)
}
