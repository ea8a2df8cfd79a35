package ivr

// node is one place in a menu. The walk calls enter when the caller arrives, and then
// one of the other methods for each thing that happens to him there.
type node interface {
	head() *header
	// parse reads the node's own fields.
	parse(p *parser, f *fields)
	// branches are all ways out, for the graph and the checks.
	branches() []branch
	// spoken are all lines the node may say.
	spoken() []line
	// enter begins the node.
	enter(w *walk)
	// again repeats what stands, for a successor server.
	again(w *walk)
	// played is told that the Play has ended.
	played(w *walk)
	// key is told of a digit.
	key(w *walk, digit byte)
	// silent is told that the Wait has run out.
	silent(w *walk, in Input)
	// ended is told the outcome of a hand-off.
	ended(w *walk, name, outcome string)
	// answered is told the result of a lookup.
	answered(w *walk, r Result)
}

// header is what every node has; it ignores everything that happens.
type header struct {
	name  string
	kind  string
	title string
	line  int
	// fallback is the menu's own, where a branch is left out.
	fallback string
}

func (h *header) head() *header                  { return h }
func (h *header) spoken() []line                 { return nil }
func (h *header) played(*walk)                   {}
func (h *header) key(*walk, byte)                {}
func (h *header) silent(*walk, Input)            {}
func (h *header) ended(*walk, string, string)    {}
func (h *header) answered(*walk, Result)         {}
func (h *header) or(t target) string             { return orElse(t, h.fallback) }
func (h *header) auto(to target) branch          { return h.branch(to, branchAuto, "") }
func (h *header) out(to target, l string) branch { return h.branch(to, branchOutcome, l) }

func (h *header) branch(to target, kind branchKind, label string) branch {
	return branch{to: h.or(to), label: label, kind: kind, line: h.lineOr(to)}
}

func (h *header) lineOr(t target) int {
	if t.line > 0 {
		return t.line
	}
	return h.line
}

func orElse(t target, fallback string) string {
	if t.set() {
		return t.node
	}
	return fallback
}

// branchKind says what takes a caller along a branch.
type branchKind int

const (
	branchAuto    branchKind = iota // nothing: the node goes on by itself
	branchOutcome                   // something outside: the hour, a result, a hand-off
	branchSilence                   // the caller pressed nothing
	branchInvalid                   // the caller pressed wrong keys too often
	branchKey                       // the caller pressed a key
)

// branch is one way out of a node.
type branch struct {
	to    string
	label string
	kind  branchKind
	line  int
	// off is a branch switched off by configuration: nobody goes there, and the
	// node behind it is no mistake.
	off bool
}

// newNode makes an empty node of a type, or nil where there is none such.
func newNode(kind string) node {
	switch kind {
	case "say":
		return &sayNode{}
	case "menu", "language":
		return &menuNode{}
	case "pick":
		return &pickNode{}
	case "collect":
		return &collectNode{}
	case "hours":
		return &hoursNode{}
	case "lookup":
		return &lookupNode{}
	case "queue":
		return &queueNode{}
	case "voicemail":
		return &voicemailNode{}
	case "callback":
		return &callbackNode{}
	case "transfer":
		return &transferNode{}
	case "rate":
		return &rateNode{}
	case "hangup":
		return &hangupNode{}
	default:
		return nil
	}
}
