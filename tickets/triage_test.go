package tickets_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

func TestEachTriageRuleThatFitsSaysWhy(t *testing.T) {
	names := func(code string) string {
		return map[string]string{"gas": "燃气泄漏", "water": "停水", "9901": "和平区"}[code]
	}
	rules := []tickets.TriageRule{
		{ID: "gas", Name: "燃气泄漏", Classes: []string{"gas"}, Urgency: tickets.Critical, Duty: true},
		{ID: "smell", Name: "燃气气味", Words: []string{"煤气味", "燃气味"}, Types: []tickets.Type{tickets.Help}, Urgency: tickets.Critical},
		{ID: "water", Name: "停水", Classes: []string{"water"}, Areas: []string{"9901"}, Urgency: tickets.Urgent, Place: 5},
		{ID: "company", Name: "涉企", Callers: []tickets.CallerKind{tickets.Enterprise}, Place: 3},
		{ID: "again", Name: "重复来电", Repeated: 3, Place: 10},
		{ID: "report", Name: "举报保密", Types: []tickets.Type{tickets.Report}, Secret: true},
		{ID: "off", Name: "停用", Types: []tickets.Type{tickets.Help}, Place: 50, Disabled: true},
	}
	for _, tc := range []struct {
		why      string
		ticket   tickets.Ticket
		classes  []string
		repeated int
		want     tickets.Routing
	}{
		{"nothing fits", tickets.Ticket{Type: tickets.Help}, []string{"trees"}, 0, tickets.Routing{}},
		{"a class below the rule's", tickets.Ticket{Type: tickets.Help}, []string{"city", "gas", "gas-kitchen"}, 0, tickets.Routing{
			Rules: []tickets.TriageHit{{Rule: "gas", Name: "燃气泄漏", Why: "分类属“燃气泄漏”"}}, Urgency: tickets.Critical, Duty: true,
		}},
		{"a word and a type", tickets.Ticket{Type: tickets.Help, Content: "楼道里有燃气味"}, nil, 0, tickets.Routing{
			Rules: []tickets.TriageHit{{Rule: "smell", Name: "燃气气味", Why: "内容含“燃气味”，类别为“求助”"}}, Urgency: tickets.Critical,
		}},
		{"a word of another type", tickets.Ticket{Type: tickets.Consult, Content: "楼道里有燃气味"}, nil, 0, tickets.Routing{}},
		{"a class elsewhere", tickets.Ticket{Place: tickets.Place{Area: []string{"99", "9902"}}}, []string{"water"}, 0, tickets.Routing{}},
		{"several add up", tickets.Ticket{Caller: tickets.Caller{Kind: tickets.Enterprise}, Place: tickets.Place{Area: []string{"99", "9901"}}}, []string{"water"}, 4, tickets.Routing{
			Rules: []tickets.TriageHit{
				{Rule: "water", Name: "停水", Why: "分类属“停水”，地点在“和平区”"}, {Rule: "company", Name: "涉企", Why: "来电主体为“企业”"},
				{Rule: "again", Name: "重复来电", Why: "30 天内同号已有 4 件"},
			}, Urgency: tickets.Urgent, Place: 18,
		}},
		{"举报 is kept secret", tickets.Ticket{Type: tickets.Report}, nil, 0, tickets.Routing{
			Rules: []tickets.TriageHit{{Rule: "report", Name: "举报保密", Why: "类别为“举报”"}}, Secret: true,
		}},
	} {
		require.Equal(t, tc.want, tickets.Triage(rules, tc.ticket, tc.classes, tc.repeated, names), tc.why)
	}
}

func TestFaultyTriageRulesAreNamed(t *testing.T) {
	good := tickets.TriageRule{ID: "x", Name: "停水", Words: []string{"停水"}, Urgency: tickets.Urgent}
	require.Empty(t, good.Faults())
	for want, change := range map[string]func(*tickets.TriageRule){
		"名称不能为空":          func(r *tickets.TriageRule) { r.Name = " " },
		"至少要有一个条件":        func(r *tickets.TriageRule) { r.Words = nil },
		"至少要有一个结果":        func(r *tickets.TriageRule) { r.Urgency = "" },
		"条件中不能有空值":        func(r *tickets.TriageRule) { r.Words = []string{""} },
		"没有紧急程度“soon”":    func(r *tickets.TriageRule) { r.Urgency = "soon" },
		"没有来电类别“x”":       func(r *tickets.TriageRule) { r.Types = []tickets.Type{"x"} },
		"没有来电主体“x”":       func(r *tickets.TriageRule) { r.Callers = []tickets.CallerKind{"x"} },
		"排位须在 0 到 100 之间": func(r *tickets.TriageRule) { r.Place = 101 },
	} {
		r := good
		change(&r)
		require.Contains(t, r.Faults(), want)
	}
}

func TestUrgenciesHaveAnOrder(t *testing.T) {
	require.True(t, tickets.Critical.Above(tickets.Urgent))
	require.True(t, tickets.Urgent.Above(tickets.Normal))
	require.True(t, tickets.Normal.Above(""))
	require.False(t, tickets.Urgent.Above(tickets.Urgent))
}
