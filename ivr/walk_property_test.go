package ivr_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/open12345/hotline/ivr"
)

// Whatever a caller presses and however events fall, he meets a person, hears a result
// or is let go in a bounded number of steps, and never stands where nothing will happen.
func TestAnyKeysAndSilencesEndWithAPersonAResultOrAGoodbye(t *testing.T) {
	files := []string{"12345.yaml", "12315.yaml", "12345-direct.yaml", "rating.yaml"}
	loaded := map[string]*ivr.Menu{}
	for _, f := range files {
		loaded[f] = load(t, f)
	}
	rapid.Check(t, func(rt *rapid.T) {
		file := rapid.SampledFrom(files).Draw(rt, "menu")
		hours := rapid.SliceOfN(rapid.Bool(), 3, 3).Draw(rt, "hours")
		c := &caller{t: t, m: loaded[file], now: noon, open: func(s string, _ time.Time) bool { return hours[len(s)%3] }}
		c.step(ivr.Input{Kind: ivr.InputStart, Caller: rapid.SampledFrom([]string{"", "anonymous", "13812345678"}).Draw(rt, "caller")})
		for range 400 {
			if c.s.Done || c.s.Queued != "" {
				break
			}
			c.now = c.now.Add(time.Second)
			c.step(anyInput(rt))
			if len(c.s.Path) > 64 || len(c.s.Vars) > 8 || len(c.s.Counts) > 40 || len(c.s.Digits) > 32 {
				rt.Fatalf("the state grows: %+v", c.s)
			}
		}
		if !c.s.Done && c.s.Queued == "" {
			// Then only silence: the floor answers what stands until it is over.
			for range 40 {
				if c.s.Done || c.s.Queued != "" {
					break
				}
				c.step(ivr.Input{Kind: ivr.InputPlaybackDone}).silence().
					step(ivr.Input{Kind: ivr.InputRecorded}).
					step(ivr.Input{Kind: ivr.InputActionDone, Name: "callback", Outcome: ivr.OutcomeDone})
			}
		}
		if !c.s.Done && c.s.Queued == "" {
			rt.Fatalf("a caller stands at %s (%s) and nothing will happen", c.s.Node, c.s.Phase)
		}
	})
}

func anyInput(t *rapid.T) ivr.Input {
	kind := rapid.SampledFrom([]ivr.InputKind{
		ivr.InputDigit, ivr.InputDigit, ivr.InputDigit, ivr.InputPlaybackDone, ivr.InputPlaybackFailed, ivr.InputTimeout,
		ivr.InputLookupResult, ivr.InputRecorded, ivr.InputActionDone, ivr.InputResume,
	}).Draw(t, "kind")
	in := ivr.Input{Kind: kind}
	switch kind {
	case ivr.InputDigit:
		in.Digit = rapid.SampledFrom([]byte("123456789*#0")).Draw(t, "digit")
	case ivr.InputLookupResult:
		in.Result = ivr.Result{
			Code:   rapid.SampledFrom([]string{ivr.ResultFound, ivr.ResultNone, ivr.ResultWrong, ivr.ResultLimited, ivr.ResultError, "?"}).Draw(t, "code"),
			Fields: rapid.SampledFrom([]map[string]any{nil, {"count": "x", "items": 3}, {"count": 1, "items": []any{map[string]any{"state": 5}}}}).Draw(t, "fields"),
		}
	case ivr.InputActionDone:
		in.Name = rapid.SampledFrom([]string{"voicemail", "callback", "transfer", "queue"}).Draw(t, "name")
		in.Outcome = rapid.SampledFrom([]string{ivr.OutcomeDone, ivr.OutcomeFailed, ivr.OutcomeFull}).Draw(t, "outcome")
	}
	return in
}

func TestAStormOfKeysIsHarmless(t *testing.T) {
	m := load(t, "12345.yaml")
	for _, keys := range []string{"7", "#", "*", "1", "3", "0", "0123456789*#"} {
		c := start(t, m, "13812345678")
		for range 2000 / len(keys) {
			c.press(keys)
		}
		require.False(t, c.s.Node == "" || len(c.s.Path) > 64, keys)
		b, err := json.Marshal(c.s)
		require.NoError(t, err)
		require.Less(t, len(b), 16<<10, "%q: the state stays small", keys)
	}
}

func TestAStepNeverChangesTheStateItIsGiven(t *testing.T) {
	m := load(t, "12345.yaml")
	s, _ := m.Step(ivr.State{}, ivr.Input{Kind: ivr.InputStart, Caller: "13812345678"}, noon, nil)
	before, err := json.Marshal(s)
	require.NoError(t, err)
	for _, key := range "0123489#" {
		m.Step(s, ivr.Input{Kind: ivr.InputDigit, Digit: byte(key)}, noon, nil)
	}
	after, err := json.Marshal(s)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}
