package tickets

import (
	"fmt"
	"slices"
	"strings"
)

// Tables names the state tables, in the order of their diagrams.
var Tables = []string{"ticket", "leg", "request", "supervision"}

// Mermaid prints a state table, one of Tables, as a state diagram; of an unknown one it is empty.
func Mermaid(table string) string {
	switch table {
	case "ticket":
		return diagram(Transitions, State.Label)
	case "leg":
		return diagram(LegTransitions, LegState.Label)
	case "request":
		return diagram(RequestTransitions, RequestState.Label)
	case "supervision":
		return diagram(SupervisionTransitions, SupervisionState.Label)
	}
	return ""
}

// diagram draws each row; what several rows say in the same words is drawn once.
func diagram[S ~string](rows []TransitionOf[S], label func(S) string) string {
	lines := []string{"stateDiagram-v2"}
	node := func(s S) string {
		if s == "" {
			return "[*]"
		}
		return label(s)
	}
	for _, t := range rows {
		for _, from := range t.From {
			for _, to := range t.Targets(from) {
				line := fmt.Sprintf("    %s --> %s: %s (%s)", node(from), node(to), strings.TrimSpace(t.Event.Label()+" "+of(t.Of)), who(t.Who))
				if !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func of(kind RequestKind) string {
	if kind == "" {
		return ""
	}
	return kind.Label()
}

func who(roles []Role) string {
	labels := make([]string, len(roles))
	for i, r := range roles {
		switch r {
		case Citizen:
			labels[i] = "公众"
		case System:
			labels[i] = "系统"
		case UnitClerk:
			labels[i] = "经办"
		case UnitLeader:
			labels[i] = "单位领导"
		default:
			labels[i] = Label(Roles, string(r))
		}
	}
	return strings.Join(labels, "、")
}
