package script

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/open12345/hotline/cti/testcall"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDemoScriptsAreComplete(t *testing.T) {
	scripts, err := Load("../../../configs/demo/callsim")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(scripts), 10)
	names := map[string]Script{}
	for _, s := range scripts {
		names[s.Name] = s
		require.NotEmpty(t, s.Title, s.Name)
	}
	for _, name := range []string{"noise", "water-cut", "wages", "social-security", "praise", "urge", "english", "silence", "abuse", "emergency"} {
		require.Contains(t, names, name)
	}
	require.Greater(t, len(Sentences(scripts)), 30)
	require.Empty(t, Sentences([]Script{names["silence"]}))
}

func TestFaultsNameTheirLine(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"no steps":        {"title: x\n", "no steps"},
		"unknown step":    {"steps:\n  - wait: 1s\n  - jump: 2\n", `line 3: unknown step "jump"`},
		"unknown field":   {"titel: x\nsteps: [{hangup: }]\n", "titel"},
		"no duration":     {"steps:\n  - wait: soon\n", "line 2: wait"},
		"negative":        {"steps:\n  - wait: -1s\n", "line 2: wait"},
		"unknown leg":     {"steps:\n  - wait_tone: pilot\n", `"pilot" is neither`},
		"tone too high":   {"steps:\n  - tone: 9000\n", "between 100 and 3400"},
		"two words":       {"steps:\n  - {wait: 1s, hangup: }\n", "line 2: a step is one word"},
		"no text":         {"steps:\n  - say:\n", "a text is wanted"},
		"negative weight": {"weight: -2\nsteps: [{hangup: }]\n", "weight"},
	} {
		_, err := Parse("test", "", []byte(test.source))
		require.ErrorContains(t, err, test.want, name)
	}
}

func TestMissingFolderIsTold(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = Load(t.TempDir())
	require.ErrorContains(t, err, "no scripts")
}

func TestSpeechIsMadeOncePerSentenceAndVoice(t *testing.T) {
	dir := t.TempDir()
	sound := filepath.Join(dir, "sound.wav")
	samples := make([]int16, 4000)
	for i := 0; i < len(samples); i += testcall.FrameSamples {
		testcall.Tone(700).Next(samples[i : i+testcall.FrameSamples])
	}
	require.NoError(t, testcall.WriteWAV(sound, testcall.Audio{Rate: testcall.SampleRate, Channels: [][]int16{samples}}))
	s := Speech{Dir: filepath.Join(dir, "speech")}
	copying := Synthesiser{Words: []string{"cp", sound, "{out}"}}
	sentences := []Sentence{{Text: "你好"}, {Text: "你好", Voice: "en"}}

	made, err := s.Synthesise(context.Background(), copying, sentences)
	require.NoError(t, err)
	require.Equal(t, 2, made)
	made, err = s.Synthesise(context.Background(), copying, sentences)
	require.NoError(t, err)
	require.Zero(t, made)
	require.True(t, s.Has("你好"))
	require.True(t, s.In("en").Has("你好"))
	require.False(t, s.Has("再见"))

	_, err = s.Synthesise(context.Background(), Synthesiser{Words: []string{"false"}}, []Sentence{{Text: "再见"}})
	require.ErrorContains(t, err, "再见")
	left, err := os.ReadDir(s.Dir)
	require.NoError(t, err)
	require.Len(t, left, 2)
}

// hotline answers as the real one would, by a function of each call.
func hotline(t *testing.T, behave func(ctx context.Context, c *testcall.Call)) (target string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	phone, err := testcall.StartPhone(ctx, testcall.Config{Number: "12345"})
	require.NoError(t, err)
	phone.OnInvite(func(c *testcall.Call) { behave(ctx, c) })
	t.Cleanup(func() { cancel(); phone.Stop() })
	return phone.URI()
}

func runScript(t *testing.T, target, source string) Outcome {
	t.Helper()
	s, err := Parse("test", "", []byte(source))
	require.NoError(t, err)
	phone, err := testcall.StartPhone(context.Background(), testcall.Config{})
	require.NoError(t, err)
	t.Cleanup(phone.Stop)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return Runner{Phone: phone, Target: target}.Run(ctx, s, Caller{Number: "13800138001", Name: "王女士"})
}

func TestWholeCallFromMenuToRating(t *testing.T) {
	t.Parallel()
	keys := make(chan string, 1)
	target := hotline(t, func(ctx context.Context, c *testcall.Call) {
		prompt := func() { _ = c.Play(ctx, testcall.Sequence(testcall.Clip(toneClip(1300, 600*time.Millisecond)))) }
		if c.Ring() != nil || c.Answer(ctx) != nil {
			return
		}
		prompt() // 请按键
		if _, err := c.WaitKeys(ctx, 1); err != nil {
			return
		}
		c.Send(testcall.Tone(testcall.SeatTone(2)))
		if c.WaitTone(ctx, testcall.ToneOf(testcall.LegCitizen)) != nil {
			return
		}
		if c.WaitSilence(ctx, 500*time.Millisecond) != nil { // the citizen has said all
			return
		}
		c.Send(testcall.Quiet())
		if c.WaitSilence(ctx, 500*time.Millisecond) != nil {
			return
		}
		prompt() // 请评价
		got, err := c.WaitKeys(ctx, 2)
		if err == nil {
			keys <- got
		}
		_ = c.Hangup(ctx)
	})
	o := runScript(t, target, `
steps:
  - wait_answer: 5s
  - wait_sound: 5s
  - press: "1"
  - wait_person: 10s
  - tone: citizen
  - wait: 1s
  - tone: off
  - rate: "5"
`)
	require.Empty(t, o.Failure, o.Detail)
	require.Equal(t, 8, o.Steps)
	require.Equal(t, "15", o.Keys)
	require.Equal(t, "15", <-keys)
	require.Equal(t, "remote bye", o.End)
	require.Positive(t, o.ToAnswer)
	require.Positive(t, o.ToFirstRTP)
	require.Positive(t, o.WaitForPerson)
	require.Greater(t, o.Heard, time.Second)
	require.False(t, o.OneWay)
}

func toneClip(freq float64, d time.Duration) []int16 {
	out := make([]int16, int(d.Seconds()*testcall.SampleRate)/testcall.FrameSamples*testcall.FrameSamples)
	tone := testcall.Tone(freq)
	for i := 0; i < len(out); i += testcall.FrameSamples {
		tone.Next(out[i : i+testcall.FrameSamples])
	}
	return out
}

func TestEachFailureHasItsCause(t *testing.T) {
	answer := func(ctx context.Context, c *testcall.Call) { _ = c.Answer(ctx); <-c.Ended() }
	for name, test := range map[string]struct {
		behave  func(context.Context, *testcall.Call)
		source  string
		failure Failure
		step    int
	}{
		"refused": {func(_ context.Context, c *testcall.Call) { _ = c.Reject(486, "Busy") },
			"steps: [{wait_answer: 5s}]", FailedRejected, 0},
		"never answered": {func(_ context.Context, c *testcall.Call) { _ = c.Ring(); <-c.Ended() },
			"steps: [{wait_ringing: 5s}, {wait_answer: 300ms}]", FailedNoAnswer, 1},
		"hangs up early": {func(ctx context.Context, c *testcall.Call) { _ = c.Answer(ctx); _ = c.Hangup(ctx) },
			"steps: [{wait_answer: 5s}, {wait: 5s}]", FailedEndedSoon, 1},
		"no tone": {answer, "steps: [{wait_answer: 5s}, {wait_tone: {tone: seat, within: 300ms}}]", FailedStep, 1},
		"silent":  {answer, "steps: [{wait_answer: 5s}, {wait: 3200ms}]", FailedOneWay, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := runScript(t, hotline(t, test.behave), test.source)
			require.Equal(t, test.failure, o.Failure, o.Detail)
			require.Equal(t, test.step, o.Steps)
			require.Equal(t, test.failure == FailedOneWay, o.OneWay)
		})
	}
}

func TestAbandonedCallIsNoFailure(t *testing.T) {
	target := hotline(t, func(_ context.Context, c *testcall.Call) { _ = c.Ring(); <-c.Ended() })
	o := runScript(t, target, "steps: [{wait_ringing: 5s}, {hangup: }]")
	require.Empty(t, o.Failure, o.Detail)
	require.Equal(t, "local cancel", o.End)
}
