package ivr_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr"
)

// guides calls, presses 4 and gets as many guides.
func guides(t testing.TB, m *ivr.Menu, n int) *caller {
	t.Helper()
	c := start(t, m, "13812345678").done().press("4")
	require.Equal(t, "guides", want[ivr.Lookup](c).Name)
	items := []any{}
	for i := range n {
		items = append(items, map[string]any{"title": fmt.Sprintf("title%d", i+1), "text": fmt.Sprintf("text%d", i+1)})
	}
	r := ivr.Result{Code: ivr.ResultFound, Fields: map[string]any{"items": items}}
	if n == 0 {
		r = ivr.Result{Code: ivr.ResultNone}
	}
	return c.step(ivr.Input{Kind: ivr.InputLookupResult, Result: r})
}

func TestGuidesAreOfferedAPageAtATimeAndReadByTheirKey(t *testing.T) {
	m := load(t, "12345.yaml")
	c := guides(t, m, 7)
	require.Equal(t, "guide_list", c.s.Node)
	said := c.saidNow()
	require.Equal(t, []string{"main.person", "guide.choose", "title1", "guide.press"}, said[:4], "a person first")
	require.Contains(t, said, "title5")
	require.NotContains(t, said, "title6")
	require.Equal(t, []string{"guide.more", "guide.back"}, said[len(said)-2:])

	c.press("9")
	said = c.saidNow()
	require.Contains(t, said, "title6")
	require.NotContains(t, said, "title5")
	require.NotContains(t, said, "guide.more", "nothing follows")

	c.press("2")
	require.Equal(t, "guide_read", c.s.Node)
	require.Equal(t, []string{"title7", "pause.long", "text7", "pause.long"}, c.saidNow())
	c.done()
	require.Equal(t, "guide_more", c.s.Node)
	require.Equal(t, []string{"text7"}, c.press("1").saidNow()[2:3], "it is read again")
	require.Equal(t, "guide", c.press("*").s.Node, "a key during the text leads on")
}

func TestKeysThatChooseNoGuideLeadOutOfTheList(t *testing.T) {
	m := load(t, "12345.yaml")
	for name, c := range map[string]struct {
		keys  string
		node  string
		guide int
	}{
		"key 0 reaches a person":                 {"0", "general", 3},
		"star goes back to the menu":             {"*", "main", 3},
		"a key past the items is wrong":          {"4", "guide_list", 3},
		"9 is wrong where nothing follows":       {"9", "guide_list", 3},
		"three wrong keys reach a person":        {"4#9", "general", 3},
		"wrong keys on two pages count anew":     {"#9#", "guide_list", 7},
		"without a guide a person is reached":    {"", "guide_none", 0},
		"a chosen guide on the second page":      {"91", "guide_read", 6},
		"a key past the last item of a page too": {"92", "guide_list", 6},
	} {
		require.Equal(t, c.node, guides(t, m, c.guide).press(c.keys).s.Node, name)
	}
}

func TestWhoIsSilentAtTheGuidesMeetsAPerson(t *testing.T) {
	c := guides(t, load(t, "12345.yaml"), 3).done()
	require.Equal(t, 5*time.Second, want[ivr.Wait](c).For)
	require.Equal(t, "general", c.silence().s.Node)
}

func TestASuccessorOffersThePageTheCallerWasAt(t *testing.T) {
	c := guides(t, load(t, "12345.yaml"), 7).press("9")
	c.step(ivr.Input{Kind: ivr.InputResume})
	require.Contains(t, c.saidNow(), "title6")
	require.NotContains(t, c.saidNow(), "title1")
}

func TestFaultsOfAPickAreFoundWithTheirLine(t *testing.T) {
	lookup := "  main: {type: lookup, name: guides, on: {found: list}}\n"
	for name, c := range map[string]struct {
		list string
		line int
		code ivr.Code
	}{
		"no items":                 {"  list: {type: pick, into: g, list: main.items, next: person}\n", 7, ivr.FaultMissingField},
		"a list that nobody gives": {"  list: {type: pick, into: g, list: nobody.items, each: [x], next: person}\n", 7, ivr.FaultUnknownVariable},
		"too many on a page":       {"  list: {type: pick, into: g, list: main.items, each: [x], per_page: 9, next: person}\n", 7, ivr.FaultBadValue},
		"silence leads nowhere":    {"  list: {type: pick, into: g, list: main.items, each: [x], next: person, no_input: {next: bye}}\n", 7, ivr.FaultNoPerson},
		"back to nowhere":          {"  list: {type: pick, into: g, list: main.items, each: [x], next: person, back: {next: nowhere}}\n", 7, ivr.FaultUnknownNode},
		"spoken of nothing":        {"  list: {type: pick, into: g, list: main.items, each: [{spoken: thing.title}], next: person}\n", 7, ivr.FaultUnknownVariable},
	} {
		_, faults := ivr.Parse("m.yaml", []byte(head+lookup+c.list+tail), environment)
		found := false
		for _, f := range faults {
			found = found || f.Code == c.code && f.Line == c.line
		}
		require.True(t, found, "%s: %v", name, faults)
	}
}

func TestTheGraphShowsWhereAPickLeads(t *testing.T) {
	g := load(t, "12345.yaml").Graph()
	edges := map[string]string{}
	for _, e := range g.Edges {
		if e.From == "guide_list" && e.Kind == "key" {
			edges[e.To] = e.Label
		}
	}
	require.Equal(t, map[string]string{"guide_read": "1–5", "guide_list": "9", "person": "0", "main": "*"}, edges)
}
