package ivr_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr"
)

// tail is what most small menus end in.
const tail = `
  person: {type: queue, queue: general, otherwise: leave}
  leave: {type: voicemail, next: bye}
  bye: {type: hangup}
`

const head = "menu: m\nlanguages: [zh, en]\nstart: main\nfallback: person\nnodes:\n"

var environment = ivr.Environment{
	Prompt: func(id, language string) bool {
		return !strings.HasPrefix(id, "no.") && (id != "zh.only" || language == "zh")
	},
	Queue:    func(name string) bool { return name == "general" },
	Skill:    func(name string) bool { return name == "consumer" },
	Schedule: func(name string) bool { return name == "office" },
}

// The first node begins on line 6.
func TestFaultsAreFoundWithTheirLine(t *testing.T) {
	for _, c := range []struct {
		name string
		src  string
		line int
		code ivr.Code
	}{
		{"not YAML", "menu: [", 1, ivr.FaultSyntax},
		{"empty", "", 1, ivr.FaultSyntax},
		{"a list", "- a\n- b\n", 1, ivr.FaultSyntax},
		{"an alias", head + "  main: &a {type: say, say: x, next: person}\n" + tail, 6, ivr.FaultSyntax},
		{"unknown field", head + "  main: {type: say, say: x, nxt: person, next: person}\n" + tail, 6, ivr.FaultUnknownField},
		{"missing field", head + "  main: {type: say, next: person}\n" + tail, 6, ivr.FaultMissingField},
		{"bad value", head + "  main: {type: menu, say: x, options: [{key: '1', next: person}], no_input: {after: 5}}\n" + tail, 6, ivr.FaultBadValue},
		{"bad key", head + "  main: {type: menu, say: x, options: [{key: '0', next: person}, {key: 'A', next: person}]}\n" + tail, 6, ivr.FaultBadValue},
		{"unknown type", head + "  main: {type: sya, say: x, next: person}\n" + tail, 6, ivr.FaultUnknownType},
		{"a node twice", head + "  main: {type: say, say: x, next: person}\n  main: {type: say, say: y, next: person}\n" + tail, 7, ivr.FaultDuplicate},
		{"two branches on one key", head + "  main:\n    type: menu\n    options:\n      - {key: '0', next: person}\n      - {key: '1', next: person}\n      - {key: 1, next: leave}\n" + tail, 11, ivr.FaultDuplicateKey},
		{"a key that also ends the digits", head + "  main: {type: collect, say: x, into: n, options: [{key: '#', next: person}], next: person}\n" + tail, 6, ivr.FaultDuplicateKey},
		{"unknown node", head + "  main:\n    type: say\n    say: x\n    next: persno\n" + tail, 9, ivr.FaultUnknownNode},
		{"unknown start", strings.Replace(head, "start: main", "start: mian", 1) + "  main: {type: say, say: x, next: person}\n" + tail, 3, ivr.FaultUnknownNode},
		{"unreachable node", head + "  main: {type: say, say: x, next: person}\n  lost: {type: say, say: x, next: person}\n" + tail, 7, ivr.FaultUnreachable},
		{"endless loop of announcements", head + "  main: {type: menu, options: [{key: '0', next: person}, {key: '1', next: a}]}\n  a: {type: say, say: x, next: b}\n  b: {type: say, say: x, next: a}\n" + tail, 7, ivr.FaultEndlessLoop},
		{"endless loop for who presses nothing", head + "  main: {type: menu, options: [{key: '0', next: person}], no_input: {next: again}}\n  again: {type: say, say: x, next: main}\n" + tail, 6, ivr.FaultEndlessLoop},
		{"endless loop of the calendar", head + "  main: {type: hours, schedule: office, open: person, closed: main}\n" + tail, 6, ivr.FaultEndlessLoop},
		{"no way to a person", head + "  main: {type: menu, options: [{key: '0', next: person}, {key: '1', next: dead}]}\n  dead: {type: collect, say: x, into: n, end: '*', next: end, no_input: {next: end}, invalid: {next: end}}\n  end: {type: hangup}\n" + tail, 7, ivr.FaultNoPerson},
		{"key 0 leads to no person", head + "  main: {type: menu, options: [{key: '0', next: bye}, {key: '1', next: person}]}\n" + tail, 6, ivr.FaultNoPerson},
		{"silence leads to no person", head + "  main: {type: menu, options: [{key: '0', next: person}], no_input: {next: bye}}\n" + tail, 6, ivr.FaultNoPerson},
		{"a fallback that leads to no person", strings.Replace(head, "fallback: person", "fallback: bye", 1) + "  main: {type: menu, options: [{key: '0', next: person}]}\n" + tail, 10, ivr.FaultNoPerson},
		{"a fallback that asks", strings.Replace(head, "fallback: person", "fallback: main", 1) + "  main: {type: menu, options: [{key: '0', next: person}], no_input: {next: person}, invalid: {next: person}}\n" + tail, 6, ivr.FaultNoPerson},
		{"key 0 is not said first", head + "  main: {type: menu, options: [{key: '1', next: person}, {key: '0', next: person}]}\n" + tail, 6, ivr.FaultPersonNotFirst},
		{"the first question does not offer key 0", head + "  main: {type: menu, options: [{key: '1', next: person}]}\n" + tail, 6, ivr.FaultPersonNotFirst},
		{"missing prompt", head + "  main: {type: say, say: [x, no.prompt], next: person}\n" + tail, 6, ivr.FaultMissingPrompt},
		{"missing prompt in one language", head + "  main: {type: say, say: zh.only, next: person}\n" + tail, 6, ivr.FaultMissingPrompt},
		{"missing prompt inside a choice", head + "  main: {type: say, say: [{if: caller, then: no.prompt}], next: person}\n" + tail, 6, ivr.FaultMissingPrompt},
		{"unknown queue", head + "  main: {type: queue, queue: genral, otherwise: person}\n" + tail, 6, ivr.FaultUnknownQueue},
		{"unknown skill", head + "  main: {type: queue, queue: general, needs: {consumr: 3}, otherwise: person}\n" + tail, 6, ivr.FaultUnknownSkill},
		{"a level out of range", head + "  main: {type: queue, queue: general, needs: {consumer: 11}, otherwise: person}\n" + tail, 6, ivr.FaultBadValue},
		{"unknown schedule", head + "  main: {type: hours, schedule: offcie, open: person, closed: person}\n" + tail, 6, ivr.FaultUnknownSchedule},
		{"unknown lookup", head + "  main: {type: lookup, name: weather}\n" + tail, 6, ivr.FaultUnknownLookup},
		{"a result a lookup never gives", head + "  main: {type: lookup, name: progress_by_caller, args: {caller: caller}, on: {sunny: person}}\n" + tail, 6, ivr.FaultBadValue},
		{"a lookup without its argument", head + "  main: {type: lookup, name: progress_by_caller}\n" + tail, 6, ivr.FaultMissingField},
		{"unknown language", head + "  main: {type: say, say: [{prompt: x, language: fr}], next: person}\n" + tail, 6, ivr.FaultUnknownLanguage},
		{"unknown variable", head + "  main: {type: say, say: [{digits: nowhere}], next: person}\n" + tail, 6, ivr.FaultUnknownVariable},
		{"a number that is none", head + "  main: {type: transfer, number: 110a}\n" + tail, 6, ivr.FaultBadValue},
		{"a queue that gives up to nowhere", head + "  main: {type: queue, queue: general}\n" + tail, 6, ivr.FaultMissingField},
	} {
		m, faults := ivr.Parse("m.yaml", []byte(c.src), environment)
		require.Nil(t, m, c.name)
		var found []string
		hit := false
		for _, f := range faults {
			found = append(found, f.String())
			hit = hit || f.Code == c.code && f.Line == c.line && f.File == "m.yaml" && f.Message != ""
		}
		require.True(t, hit, "%s: want %d: %s, found\n%s", c.name, c.line, c.code, strings.Join(found, "\n"))
	}
}

func TestTheFirstKeyMustNotComeLate(t *testing.T) {
	env := environment
	env.PromptLength = func(string, string) (time.Duration, bool) { return 8 * time.Second, true }
	src := head + "  main: {type: say, say: [a, b], next: ask}\n  ask: {type: menu, options: [{key: '0', say: c, next: person}]}\n" + tail
	_, faults := ivr.Parse("m.yaml", []byte(src), env)
	require.Len(t, faults, 1)
	require.Equal(t, ivr.FaultFirstKeyLate, faults[0].Code)
	require.Equal(t, 7, faults[0].Line)
}

func TestAnItemSwitchedOffIsNotSaidNorTakenNorAFault(t *testing.T) {
	src, err := os.ReadFile(filepath.Join(menus, "12345.yaml"))
	require.NoError(t, err)
	for _, item := range []string{"main.citizen", "main.enterprise", "main.progress", "main.guide", "main.dialect"} {
		off := strings.Replace(string(src), "say: "+item+",", "say: "+item+", enabled: false,", 1)
		require.NotEqual(t, string(src), off, item)
		m, faults := ivr.Parse("12345.yaml", []byte(off), ivr.Environment{})
		require.Empty(t, faults, item)
		c := start(t, m, "13812345678")
		c.done()
		require.NotContains(t, c.said(), item)
	}
	bare := string(src)
	for _, key := range "123489" {
		bare = strings.Replace(bare, fmt.Sprintf("{key: \"%c\", say: ", key), fmt.Sprintf("{key: \"%c\", enabled: false, say: ", key), 1)
	}
	_, faults := ivr.Parse("12345.yaml", []byte(bare), ivr.Environment{})
	require.Empty(t, faults, "with every item off there is still key 0")
}

func TestTheGraphShowsWhatIsInForce(t *testing.T) {
	m := load(t, "12345.yaml")
	g := m.Graph()
	require.Equal(t, m.Version(), g.Version)
	people := 0
	for _, n := range g.Nodes {
		if n.Person {
			people++
		}
	}
	require.Equal(t, 3, people, "general, enterprise and dialect seats")
	mermaid := m.Mermaid()
	require.True(t, strings.HasPrefix(mermaid, "flowchart TD\n"))
	require.Contains(t, mermaid, `|"0"|`)
	require.Contains(t, mermaid, "-.->|\"无按键\"|")
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(menus, "*.yaml"))
	require.NoError(f, err)
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Add([]byte(head + "  main: {type: say, say: x, next: person}\n" + tail))
	f.Add([]byte("menu: m\nstart: a\nfallback: a\nnodes: {a: {type: queue, queue: q, otherwise: a}}"))
	f.Add([]byte("menu: &a [*a]"))
	f.Add([]byte("? {a: b}\n: c"))
	f.Fuzz(func(t *testing.T, src []byte) {
		m, faults := ivr.Parse("f.yaml", src, ivr.Environment{})
		if (m == nil) != (len(faults) > 0) {
			t.Fatalf("a menu and faults, or neither: %v", faults)
		}
		for _, fault := range faults {
			if fault.Line < 1 || fault.Code == "" || fault.Message == "" {
				t.Fatalf("an incomplete fault: %+v", fault)
			}
		}
		if m == nil {
			return
		}
		m.Mermaid()
		s, _ := m.Step(ivr.State{}, ivr.Input{Kind: ivr.InputStart, Caller: "13812345678"}, noon, nil)
		for _, key := range "0123456789*#0#1" {
			s, _ = m.Step(s, ivr.Input{Kind: ivr.InputDigit, Digit: byte(key)}, noon, nil)
			s, _ = m.Step(s, ivr.Input{Kind: ivr.InputPlaybackDone}, noon, nil)
			s, _ = m.Step(s, ivr.Input{Kind: ivr.InputTimeout}, noon, nil)
		}
	})
}
