package tickets_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	presets "github.com/open12345/hotline/configs/policy"
	"github.com/open12345/hotline/tickets"
)

func preset(t *testing.T, name string) presets.Preset {
	t.Helper()
	p, err := presets.Named(name)
	require.NoError(t, err)
	return p
}

func TestThePresetsAreSoundAndNamed(t *testing.T) {
	list, err := presets.Presets()
	require.NoError(t, err)
	names := []string{}
	for _, p := range list {
		names = append(names, p.Policy.Name)
		require.NotEmpty(t, p.Policy.Source, "where %s comes from", p.Policy.Name)
		_, err := tickets.ParsePolicy(p.Content, "office", "day")
		require.NoError(t, err)
	}
	require.Equal(t, []string{"通用", "山东2020", "北京DB11"}, names)
	_, err = presets.Named("上海")
	require.ErrorIs(t, err, presets.ErrNoPolicy)
}

func TestLimitsOfThePresetsAreThoseOfTheirSources(t *testing.T) {
	for _, tc := range []struct {
		policy                            string
		ticket                            tickets.Ticket
		dispatch, sign, handle, returning string
	}{
		{"通用", tickets.Ticket{Type: tickets.Consult, Urgency: tickets.Normal}, "4 working_hours", "0.5 working_days", "2 working_days", "1 working_days"},
		{"通用", tickets.Ticket{Type: tickets.Help, Urgency: tickets.Normal}, "4 working_hours", "1 working_days", "5 working_days", "1 working_days"},
		{"通用", tickets.Ticket{Type: tickets.Complaint, Urgency: tickets.Normal}, "4 working_hours", "1 working_days", "7 working_days", "1 working_days"},
		{"通用", tickets.Ticket{Type: tickets.Report, Urgency: tickets.Normal}, "4 working_hours", "1 working_days", "15 working_days", "1 working_days"},
		{"通用", tickets.Ticket{Type: tickets.Report, Urgency: tickets.Critical}, "15 minutes", "30 minutes", "24 hours", "1 hours"},
		{"山东2020", tickets.Ticket{Type: tickets.Consult, Urgency: tickets.Normal}, "4 working_hours", "1 working_days", "5 working_days", "2 working_days"},
		{"山东2020", tickets.Ticket{Type: tickets.Complaint, Urgency: tickets.Normal}, "4 working_hours", "1 working_days", "5 working_days", "2 working_days"},
		{"北京DB11", tickets.Ticket{Type: tickets.Help, Urgency: tickets.Critical}, "1 hours", "30 minutes", "2 hours", "1 hours"},
		{"北京DB11", tickets.Ticket{Type: tickets.Help, Urgency: tickets.Urgent}, "2 hours", "1 hours", "24 hours", "4 hours"},
		{"北京DB11", tickets.Ticket{Type: tickets.Help, Urgency: tickets.Normal}, "24 hours", "8 hours", "7 natural_days", "24 hours"},
	} {
		r := tickets.Rules{Policy: preset(t, tc.policy).Policy}
		l := r.LimitsFor(tc.ticket)
		require.Equal(t, []string{tc.dispatch, tc.sign, tc.handle, tc.returning},
			[]string{l.Dispatch.String(), l.Sign.String(), l.Handle.String(), l.Return.String()}, "%s %s %s", tc.policy, tc.ticket.Type, tc.ticket.Urgency)
	}
	require.Equal(t, 10, preset(t, "山东2020").Policy.Extend.MaxDays)
}

func TestFaultsOfAPolicyAreNamedByLine(t *testing.T) {
	good := string(preset(t, "通用").Content)
	line := func(content, of string) int {
		require.Contains(t, content, of)
		before, _, _ := strings.Cut(content, of)
		return strings.Count(before, "\n") + 1
	}
	for name, tc := range map[string]struct {
		from, to string // what is put in place of what
		at       string // where the fault is named
		key      string
		text     string
	}{
		"an unknown key":         {"depth: 2", "deepth: 2", "deepth", "deepth", "没有这个设置项"},
		"a key deep down":        {"    sign: 30 minutes", "    signs: 30 minutes", "    signs: 30", "limits[0].signs", "没有这个设置项"},
		"no number":              {"max_returns: 2", "max_returns: many", "max_returns", "", "“many”不是整数"},
		"an unknown unit":        {"handle: 24 hours", "handle: 24 weeks", "handle: 24 weeks", "", "的单位须为"},
		"a negative span":        {"handle: 24 hours", "handle: -1 hours", "handle: -1", "", "须大于 0"},
		"half a natural day":     {"archive: 15 natural_days", "archive: 1.5 natural_days", "archive: 1.5", "", "自然日须为整数"},
		"an unknown type":        {"types: [consult]", "types: [konsult]", "types: [konsult]", "limits[2].types[0]", "没有“konsult”"},
		"an unknown request":     {"  void: 1 working_days", "  avoid: 1 working_days", "  avoid:", "deciders.avoid", "没有这种申请"},
		"no limit of a decision": {"  void: 1 working_days\n", "", "deciders:", "deciders.void", "“作废”须给出决定时限"},
		"no limit to handle":     {"    handle: 2 working_days\n    min: 4 hours", "    min: 4 hours", "  - urgencies: [urgent]", "limits[1].handle", "须给出时限"},
		"a share of the whole":   {"share: 0.25", "share: 1", "share: 1", "light.share", "小于 1"},
		"an unknown schedule":    {"office: office", "office: bureau", "office: bureau", "office", "日历中没有作息“bureau”"},
		"red without yellow":     {"yellow: true", "yellow: false", "red_on_second", "card.red_on_second", "没有黄牌"},
		"no levels":              {"depth: 2", "depth: 0", "depth: 0", "depth", "须在 1 到 4 之间"},
		"no YAML":                {"inner:", "inner: [", "", "", "YAML 语法错误"},
		"two policies":           {"urge_alarm: 3", "urge_alarm: 3\n---\nid: x", "", "", "只能有一份策略"},
	} {
		content := strings.Replace(good, tc.from, tc.to, 1)
		require.NotEqual(t, good, content, name)
		_, err := tickets.ParsePolicy([]byte(content), "office", "day")
		var faults tickets.PolicyFaults
		require.ErrorAs(t, err, &faults, name)
		i := slices.IndexFunc(faults, func(f tickets.PolicyFault) bool { return strings.Contains(f.Text, tc.text) })
		require.GreaterOrEqual(t, i, 0, "%s: %v", name, faults)
		if tc.key != "" {
			require.Equal(t, tc.key, faults[i].Key, name)
		}
		if tc.at != "" {
			require.Equal(t, line(content, tc.at), faults[i].Line, "%s: %v", name, faults)
		}
	}
	_, err := tickets.ParsePolicy([]byte("- a list"))
	require.ErrorContains(t, err, "第 1 行")
	_, err = tickets.ParsePolicy(nil)
	require.Error(t, err)
}

func TestEveryFaultIsReportedAtOnce(t *testing.T) {
	_, err := tickets.ParsePolicy([]byte("id: x\nname: 甲\nwhat: 1\nlimits:\n  - handle: soon\n  - sign: 1 hours\n"))
	var faults tickets.PolicyFaults
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults, 2)
	require.Equal(t, []int{3, 5}, []int{faults[0].Line, faults[1].Line})
}

func TestARuleThatFitsEverythingComesLast(t *testing.T) {
	good := string(preset(t, "山东2020").Content)
	_, err := tickets.ParsePolicy([]byte(strings.Replace(good, "  - urgencies: [urgent]\n    dispatch", "  - dispatch", 1)))
	require.ErrorContains(t, err, "其后的规则永远用不到")
	_, err = tickets.ParsePolicy([]byte(strings.Replace(good, "  - dispatch: 4 working_hours", "  - types: [help]\n    dispatch: 4 working_hours", 1)))
	require.ErrorContains(t, err, "最后一条须适用于一切工单")
}

func TestASpanTravelsAsText(t *testing.T) {
	raw, err := json.Marshal(tickets.Span{N: 0.5, Unit: tickets.WorkingDays})
	require.NoError(t, err)
	require.JSONEq(t, `"0.5 working_days"`, string(raw))
	var s tickets.Span
	require.NoError(t, json.Unmarshal(raw, &s))
	require.Equal(t, tickets.Span{N: 0.5, Unit: tickets.WorkingDays}, s)
	require.Equal(t, "0.5 个工作日", s.Label())
	for _, bad := range []string{"5", "working_days", "NaN hours", "1001 hours", "1 hours extra"} {
		_, err := tickets.ParseSpan(bad)
		require.Error(t, err, bad)
	}
}
