package tickets

import (
	"fmt"
	"slices"
	"strings"
)

// Mermaid prints the state table as a state diagram.
func Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, t := range Transitions {
		for _, from := range t.From {
			targets := t.Next
			if t.Choose != nil && slices.Contains(t.Next, from) {
				targets = []State{from}
			}
			for _, to := range targets {
				fmt.Fprintf(&b, "    %s --> %s: %s (%s)\n", node(from), node(to), t.Event.Label(), who(t.Who))
			}
		}
	}
	return b.String()
}

func node(s State) string {
	if s == None {
		return "[*]"
	}
	return s.Label()
}

func who(roles []Role) string {
	labels := make([]string, len(roles))
	for i, r := range roles {
		switch r {
		case Citizen:
			labels[i] = "公众"
		case System:
			labels[i] = "系统"
		default:
			labels[i] = Label(Roles, string(r))
		}
	}
	return strings.Join(labels, "、")
}
