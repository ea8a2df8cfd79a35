package tickets

import (
	"fmt"
	"slices"
	"strings"
)

// TriageRule is one rule of triage (分级规则). Every condition that is given has to hold; of a list
// any one. A rule only ever raises: the highest urgency of all that fit is taken.
type TriageRule struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Disabled bool   `json:"disabled,omitempty"`

	Classes  []string     `json:"classes,omitempty"` // ids; the classes below are meant too
	Words    []string     `json:"words,omitempty"`   // in title or content
	Areas    []string     `json:"areas,omitempty"`   // codes; the areas below are meant too
	Callers  []CallerKind `json:"callers,omitempty"`
	Types    []Type       `json:"types,omitempty"`
	Repeated int          `json:"repeated,omitempty"` // other tickets of the number within TriageDays

	Urgency Urgency `json:"urgency,omitempty"` // at least this
	Place   int     `json:"place,omitempty"`   // added to the place in the pool
	Duty    bool    `json:"duty,omitempty"`    // the duty phone of the unit is told at dispatch
	Secret  bool    `json:"secret,omitempty"`  // 保密
}

// TriageDays is how far back repeated tickets of a number are counted.
const TriageDays = 30

// MaxPlace bounds what rules add up to.
const MaxPlace = 100

// TriageNames says what the codes of classes and areas are called; they make the words of why.
type TriageNames func(code string) string

// Triage holds the ticket against the rules in their order. classes is the path of the ticket's
// class as ids from the root; repeated is how many other tickets the number has of the last
// TriageDays days.
func Triage(rules []TriageRule, t Ticket, classes []string, repeated int, name TriageNames) Routing {
	var r Routing
	for _, rule := range rules {
		why, fits := rule.fits(t, classes, repeated, name)
		if !fits {
			continue
		}
		r.Rules = append(r.Rules, TriageHit{Rule: rule.ID, Name: rule.Name, Why: why})
		r.Place = min(MaxPlace, r.Place+rule.Place)
		r.Duty = r.Duty || rule.Duty
		r.Secret = r.Secret || rule.Secret
		if rule.Urgency.Above(r.Urgency) {
			r.Urgency = rule.Urgency
		}
	}
	return r
}

// Above tells whether u is more urgent than o; every urgency is above none.
func (u Urgency) Above(o Urgency) bool {
	rank := func(u Urgency) int {
		return slices.IndexFunc(Urgencies, func(t Term) bool { return t.Code == string(u) })
	}
	return rank(u) > rank(o)
}

// fits tells whether every condition holds, and in which words. A rule without conditions fits
// nothing.
func (r TriageRule) fits(t Ticket, classes []string, repeated int, name TriageNames) (string, bool) {
	var why []string
	met := func(given bool, hit, words string) bool {
		if given && hit != "" {
			why = append(why, words)
		}
		return !given || hit != ""
	}
	text := strings.ToLower(t.Title + "\n" + t.Content)
	word := firstOf(r.Words, func(w string) bool { return strings.Contains(text, strings.ToLower(w)) })
	class := firstOf(r.Classes, func(c string) bool { return slices.Contains(classes, c) })
	area := firstOf(r.Areas, func(a string) bool { return slices.Contains(t.Place.Area, a) })
	caller := firstOf(r.Callers, func(c CallerKind) bool { return c == t.Caller.Kind })
	kind := firstOf(r.Types, func(k Type) bool { return k == t.Type })
	often := ""
	if repeated >= r.Repeated {
		often = "yes"
	}
	ok := !r.Disabled &&
		met(len(r.Words) > 0, word, "内容含“"+word+"”") &&
		met(len(r.Classes) > 0, class, "分类属“"+name(class)+"”") &&
		met(len(r.Areas) > 0, area, "地点在“"+name(area)+"”") &&
		met(len(r.Callers) > 0, string(caller), "来电主体为“"+Label(CallerKinds, string(caller))+"”") &&
		met(len(r.Types) > 0, string(kind), "类别为“"+Label(Types, string(kind))+"”") &&
		met(r.Repeated > 0, often, fmt.Sprintf("%d 天内同号已有 %d 件", TriageDays, repeated))
	return strings.Join(why, "，"), ok && len(why) > 0
}

func firstOf[T ~string](list []T, fits func(T) bool) T {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i]
	}
	return ""
}

// CallerKinds lists the kinds of callers with their labels.
var CallerKinds = []Term{{string(Person), "市民"}, {string(Enterprise), "企业"}}

// Faults lists what is wrong with the rule, in Chinese; nil: it can be used.
func (r TriageRule) Faults() []string {
	var faults []string
	fault := func(wrong bool, text string) {
		if wrong {
			faults = append(faults, text)
		}
	}
	blank := func(list []string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	fault(strings.TrimSpace(r.Name) == "", "名称不能为空")
	fault(len([]rune(r.Name)) > 40, "名称不能超过 40 个字")
	fault(len(r.Classes)+len(r.Words)+len(r.Areas)+len(r.Callers)+len(r.Types) == 0 && r.Repeated == 0, "至少要有一个条件")
	fault(r.Urgency == "" && r.Place == 0 && !r.Duty && !r.Secret, "至少要有一个结果")
	fault(blank(r.Words) || blank(r.Classes) || blank(r.Areas), "条件中不能有空值")
	fault(len(r.Words) > 200, "词语不能超过 200 个")
	fault(r.Repeated < 0 || r.Repeated > 1000, "重复件数须在 0 到 1000 之间")
	fault(r.Place < 0 || r.Place > MaxPlace, fmt.Sprintf("排位须在 0 到 %d 之间", MaxPlace))
	fault(r.Urgency != "" && !known(Urgencies, string(r.Urgency)), "没有紧急程度“"+string(r.Urgency)+"”")
	for _, c := range r.Callers {
		fault(!known(CallerKinds, string(c)), "没有来电主体“"+string(c)+"”")
	}
	for _, k := range r.Types {
		fault(!known(Types, string(k)), "没有来电类别“"+string(k)+"”")
	}
	return faults
}
