package ivr

import (
	"fmt"
	"strings"
)

// Graph is a menu as a drawing, for the admin page.
type Graph struct {
	Menu    string      `json:"menu"`
	Title   string      `json:"title"`
	Version string      `json:"version"`
	Start   string      `json:"start"`
	Nodes   []GraphNode `json:"nodes"`
	Edges   []GraphEdge `json:"edges"`
}

// GraphNode is one node of the drawing.
type GraphNode struct {
	ID    string `json:"id"`
	Type  string `json:"type"`
	Title string `json:"title"`
	// Person is true where the caller meets a person.
	Person bool `json:"person"`
	// Detail is what the node is about: its queue, number, schedule or lookup.
	Detail string `json:"detail,omitempty"`
	Line   int    `json:"line"`
}

// GraphEdge is one branch of the drawing.
type GraphEdge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Label string `json:"label,omitempty"`
	// Kind is auto, outcome, silence, invalid or key.
	Kind string `json:"kind"`
}

var kindNames = map[branchKind]string{
	branchAuto: "auto", branchOutcome: "outcome", branchSilence: "silence",
	branchInvalid: "invalid", branchKey: "key",
}

// Graph draws the menu as it is in force: branches switched off, and what only they
// lead to, are left out. Branches between the same two nodes are one edge for each
// kind.
func (m *Menu) Graph() Graph {
	g := Graph{Menu: m.name, Title: m.title, Version: m.version, Start: m.start}
	live := map[string]bool{}
	for _, from := range []string{m.start, m.fallback} {
		for _, name := range m.reachable(from, anyBranch) {
			live[name] = true
		}
	}
	for _, name := range m.order {
		if !live[name] {
			continue
		}
		h := m.nodes[name].head()
		g.Nodes = append(g.Nodes, GraphNode{
			ID: name, Type: h.kind, Title: m.NodeTitle(name), Person: m.isPerson(name),
			Detail: detail(m.nodes[name]), Line: h.line,
		})
		index := map[GraphEdge]int{}
		for _, b := range m.nodes[name].branches() {
			if b.off {
				continue
			}
			e := GraphEdge{From: name, To: b.to, Kind: kindNames[b.kind]}
			if i, seen := index[e]; seen {
				g.Edges[i].Label += " / " + b.label
				continue
			}
			index[e] = len(g.Edges)
			e.Label = b.label
			g.Edges = append(g.Edges, e)
		}
	}
	return g
}

func detail(n node) string {
	switch n := n.(type) {
	case *queueNode:
		return n.queue
	case *voicemailNode:
		return n.queue
	case *callbackNode:
		return n.queue
	case *transferNode:
		return n.number
	case *hoursNode:
		return n.schedule
	case *lookupNode:
		return n.query
	case *collectNode:
		return n.into
	case *pickNode:
		return n.list
	case *menuNode:
		return n.set
	default:
		return ""
	}
}

// shapes are Mermaid's brackets for each type of node.
var shapes = map[string][2]string{
	"say": {"[", "]"}, "menu": {"{{", "}}"}, "language": {"{{", "}}"}, "pick": {"{{", "}}"}, "collect": {"[/", "/]"},
	"hours": {"{", "}"}, "lookup": {"[(", ")]"}, "queue": {"([", "])"}, "transfer": {"([", "])"},
	"voicemail": {"[[", "]]"}, "callback": {"[[", "]]"}, "rate": {"{{", "}}"}, "hangup": {"((", "))"},
}

// Mermaid draws the menu as a Mermaid flow chart.
func (m *Menu) Mermaid() string {
	g := m.Graph()
	ids := map[string]string{}
	var b strings.Builder
	fmt.Fprintf(&b, "flowchart TD\n")
	for i, n := range g.Nodes {
		ids[n.ID] = fmt.Sprintf("n%d", i)
		label := n.Title
		if n.Detail != "" && n.Detail != n.Title {
			label += "<br/>" + n.Detail
		}
		shape := shapes[n.Type]
		fmt.Fprintf(&b, "  %s%s\"%s\"%s\n", ids[n.ID], shape[0], mermaidText(label), shape[1])
		if n.Person {
			fmt.Fprintf(&b, "  class %s person\n", ids[n.ID])
		}
	}
	for _, e := range g.Edges {
		arrow := "-->"
		if e.Kind == "silence" || e.Kind == "invalid" {
			arrow = "-.->"
		}
		if e.Label == "" {
			fmt.Fprintf(&b, "  %s %s %s\n", ids[e.From], arrow, ids[e.To])
			continue
		}
		fmt.Fprintf(&b, "  %s %s|\"%s\"| %s\n", ids[e.From], arrow, mermaidText(e.Label), ids[e.To])
	}
	b.WriteString("  classDef person fill:#d9f7be,stroke:#389e0d\n")
	return b.String()
}

// mermaidText keeps quotes out of quoted labels.
func mermaidText(s string) string {
	return strings.NewReplacer(`"`, "#quot;", "\n", " ").Replace(s)
}
