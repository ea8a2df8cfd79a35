package ivr

import (
	"slices"
	"time"
)

// maxHops bounds the nodes entered in one step: a file that passed the checks never
// gets near it.
const maxHops = 100

// walk is one step of the interpreter.
type walk struct {
	m    *Menu
	s    State
	now  time.Time
	open func(schedule string, t time.Time) bool
	out  []Action
	// ahead is a key pressed during an announcement, for the next question.
	ahead byte
	// locals are values known during this step only.
	locals map[string]any
	hops   int
	bumped bool
}

// Step takes a caller one input further. It returns the state to keep and what to do,
// in order. The state given is not changed. Inputs that mean nothing where the caller
// stands (late, duplicate, unknown) return the state as it was and no action.
func (m *Menu) Step(s State, in Input, now time.Time, open func(schedule string, t time.Time) bool) (State, []Action) {
	w := &walk{m: m, s: s.clone(), now: now, open: open}
	switch {
	case in.Kind == InputStart:
		w.start(in)
	case s.Done || s.Node == "":
	case in.Kind == InputHangup:
		w.s.Done, w.s.Phase = true, phaseDone
	case w.adopt():
	case in.Seq != 0 && in.Seq != s.Seq:
	default:
		w.handle(in)
	}
	return w.s, w.out
}

func (w *walk) start(in Input) {
	w.s = State{
		Menu: w.m.name, Version: w.m.version, Started: w.now, Language: w.m.language,
		Counts: map[string]int{}, Vars: map[string]string{varCaller: in.Caller, varCalled: in.Called},
	}
	for _, name := range w.m.given {
		w.s.Vars[name] = in.Given[name]
	}
	if slices.Contains(w.m.languages, in.Language) {
		w.s.Language = in.Language
	}
	w.enter(w.m.start)
}

// adopt carries a walk begun on another version of the file on: at the same node where
// there still is one, else at a person.
func (w *walk) adopt() bool {
	if w.m.nodes[w.s.Node] != nil {
		return false
	}
	w.s.Version = w.m.version
	w.enter(w.m.fallback)
	return true
}

func (w *walk) handle(in Input) {
	n := w.m.nodes[w.s.Node]
	switch in.Kind {
	case InputResume:
		n.again(w)
	case InputDigit:
		if containsByte(allKeys, in.Digit) && w.s.Phase != phaseLookup {
			n.key(w, in.Digit)
		}
	case InputPlaybackDone, InputPlaybackFailed:
		if w.s.Phase == phasePlaying {
			n.played(w)
		}
	case InputTimeout:
		if w.s.Phase == phaseWaiting || w.s.Phase == phaseLookup {
			n.silent(w, in)
		}
	case InputLookupResult:
		if w.s.Phase == phaseLookup {
			n.answered(w, in.Result)
		}
	case InputRecorded:
		n.ended(w, "voicemail", OutcomeDone)
	case InputActionDone:
		w.actionDone(n, in)
	}
}

// actionDone tells the node, and for a queue the node that the caller waits at, even
// where he is in another dialogue.
func (w *walk) actionDone(n node, in Input) {
	if in.Name != "queue" {
		n.ended(w, in.Name, in.Outcome)
		return
	}
	if q := w.m.nodes[w.s.Queued]; q != nil {
		q.ended(w, in.Name, in.Outcome)
	}
}

// enter moves the caller to a node.
func (w *walk) enter(name string) {
	if w.hops++; w.hops > maxHops {
		w.hangup("fault")
		return
	}
	if w.s.Visits >= 2*w.m.maxVisits && w.s.Queued == "" {
		w.hangup("limit")
		return
	}
	if w.tooLong() && !w.s.Diverted {
		w.s.Diverted = true
		w.ahead = 0
		name = w.m.fallback
	}
	n := w.m.nodes[name]
	h := n.head()
	w.s.Node, w.s.Stage, w.s.Digits = name, "", ""
	w.s.Visits++
	w.s.Path = append(w.s.Path, Visit{Node: name, Title: h.title, At: w.now})
	if over := len(w.s.Path) - maxPath; over > 0 {
		w.s.Path = slices.Delete(w.s.Path, 0, over)
	}
	n.enter(w)
}

// tooLong says that the caller has been in the menu past its limits. One who waits in
// a queue is where he should be.
func (w *walk) tooLong() bool {
	return w.s.Queued == "" &&
		(w.s.Visits >= w.m.maxVisits || w.now.Sub(w.s.Started) > w.m.maxTime)
}

// act adds an action; the first of a step begins a new Seq.
func (w *walk) act(a Action) {
	w.out = append(w.out, a)
}

func (w *walk) seq() int {
	if !w.bumped {
		w.bumped = true
		w.s.Seq++
	}
	return w.s.Seq
}

// say plays lines; nothing to say is said at once.
func (w *walk) say(lines []line, interruptible bool) {
	w.sayPrompts(w.scope().speak(lines, w.s.Language), interruptible)
}

func (w *walk) sayPrompts(prompts []Prompt, interruptible bool) {
	w.s.Phase = phasePlaying
	if len(prompts) == 0 {
		w.m.nodes[w.s.Node].played(w)
		return
	}
	w.act(Play{Seq: w.seq(), Prompts: prompts, Interruptible: interruptible})
}

func (w *walk) scope() scope {
	return scope{vars: w.s.Vars, data: w.s.Data, locals: w.locals}
}

// stop silences what plays.
func (w *walk) stop() {
	if w.s.Phase == phasePlaying {
		w.act(StopPlayback{})
		w.s.Phase = phaseNone
	}
}

func (w *walk) wait(d time.Duration) {
	w.s.Phase = phaseWaiting
	w.act(Wait{Seq: w.seq(), For: d})
}

func (w *walk) lookup(name string, args map[string]string, say []line, patience time.Duration) {
	seq := w.seq()
	if prompts := w.scope().speak(say, w.s.Language); len(prompts) > 0 {
		w.act(Play{Seq: seq, Prompts: prompts})
	}
	w.s.Phase = phaseLookup
	w.act(Lookup{Seq: seq, Name: name, Args: args})
	w.act(Wait{Seq: seq, For: patience})
}

// handOff gives the caller away, out of any queue.
func (w *walk) handOff(a Action) {
	w.seq()
	w.s.Queued = ""
	w.s.Phase = phaseHandOff
	w.act(a)
}

// queueOr is the queue that a node names, or the one the caller was in, or the one
// that the menu falls back to.
func (w *walk) queueOr(name string) string {
	if name == "" {
		name = w.s.Queue
	}
	if name == "" {
		name = w.m.lastQueue
	}
	return name
}

func (w *walk) hangup(cause string) {
	w.s.Queued = ""
	w.s.Phase, w.s.Done = phaseDone, true
	w.act(Hangup{Cause: cause})
}

// count adds one to a counter and returns it.
func (w *walk) count(name string) int {
	w.setCount(name, w.s.Counts[name]+1)
	return w.s.Counts[name]
}

func (w *walk) setCount(name string, to int) {
	if w.s.Counts == nil {
		w.s.Counts = map[string]int{}
	}
	w.s.Counts[name] = to
}

// takeAhead answers a question by a key that was pressed before it was asked.
func (w *walk) takeAhead(n node) bool {
	digit := w.ahead
	w.ahead = 0
	if digit == 0 || w.swallows(digit) {
		return false
	}
	w.s.Phase = phaseWaiting
	n.key(w, digit)
	return true
}

// swallows drops the # that people press after a number which had ended by itself.
func (w *walk) swallows(digit byte) bool {
	swallow := w.s.SwallowHash && digit == '#'
	w.s.SwallowHash = false
	return swallow
}

// gave notes on the path what the caller entered at this node.
func (w *walk) gave(input string) {
	if last := len(w.s.Path) - 1; last >= 0 {
		w.s.Path[last].Input = input
	}
}

func (w *walk) keep(name, digits string, secret bool) {
	if w.s.Vars == nil {
		w.s.Vars = map[string]string{}
	}
	w.s.Vars[name] = digits
	if secret && !slices.Contains(w.s.Secret, name) {
		w.s.Secret = append(w.s.Secret, name)
	}
}

func (w *walk) forgetSecrets() {
	for _, name := range w.s.Secret {
		delete(w.s.Vars, name)
	}
	w.s.Secret = nil
}

func (w *walk) know(name string, fields map[string]any) {
	if w.s.Data == nil {
		w.s.Data = map[string]any{}
	}
	w.s.Data[name] = fields
}
