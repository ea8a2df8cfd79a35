package prompts_test

import (
	"context"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/ivr/prompts"
)

// wav is a WAV file of a tone between two silences, as a speech engine would write it.
func wav(rate int) []byte {
	samples := make([]int16, rate/5)
	for i := rate / 20; i < rate/10; i++ {
		samples[i] = int16(8000 * (i%20 - 10) / 10)
	}
	return header(rate, prompts.Sound{Rate: rate, Samples: samples}.Raw())
}

func header(rate int, data []byte) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*rate))
	b = append(b, 2, 0, 16, 0)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}

const manifest = `
fallback: {en: zh, mn: zh}
prompts:
  pause.short: {kind: silence, length: 160ms}
  hold: {kind: music, length: 12s, file: hold}
  notice.hot: {kind: notice, recorded: true}
  welcome: {kind: greeting, file: welcome, texts: {zh: {text: 您好12345, spoken: 您好}, en: Hello, mn: {text: Сайн уу, fallback: 蒙古语}}}
  later: {kind: greeting, texts: {zh: 再见, mn: Баяртай}}
`

// counting is an engine that counts what it is asked.
type counting struct {
	prompts.HTTP
	asked atomic.Int64
}

func newEngine(t *testing.T) *counting {
	e := &counting{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.asked.Add(1)
		_, _ = w.Write(wav(8000))
	}))
	t.Cleanup(server.Close)
	e.HTTP = prompts.HTTP{URL: server.URL, Voice: "test", Rate: 165}
	return e
}

func build(t *testing.T, engine prompts.Engine, dir string, o prompts.Options) (prompts.Index, error) {
	t.Helper()
	m, err := prompts.ParseManifest([]byte(manifest))
	require.NoError(t, err)
	return prompts.Build(context.Background(), m, engine, dir, o)
}

func open(t *testing.T, dir string) *prompts.Sounds {
	t.Helper()
	s, err := prompts.OpenSounds(dir)
	require.NoError(t, err)
	return s
}

func TestBuildMakesEveryLineOnceAndSkipsWhatExists(t *testing.T) {
	dir, engine := t.TempDir(), newEngine(t)
	var last, total int
	_, err := build(t, engine, dir, prompts.Options{Progress: func(done, of int, _ string) { last, total = done, of }})
	require.NoError(t, err)
	require.Equal(t, total, last)
	first := engine.asked.Load()
	require.Positive(t, first)

	_, err = build(t, engine, dir, prompts.Options{})
	require.NoError(t, err)
	require.Equal(t, first, engine.asked.Load(), "the second build asks for nothing")
}

func TestALineIsFoundInItsLanguageOrItsFallback(t *testing.T) {
	dir := t.TempDir()
	_, err := build(t, newEngine(t), dir, prompts.Options{})
	require.NoError(t, err)
	s := open(t, dir)

	for _, c := range []struct{ id, language, wantLanguage, wantSource string }{
		{"welcome", "zh", "zh", prompts.SourceSpeech},
		{"welcome", "en", "en", prompts.SourceSpeech},
		{"welcome", "mn", "mn", prompts.SourceFallback},
		{"later", "en", "zh", prompts.SourceSpeech},
		{"later", "mn", "zh", prompts.SourceSpeech},
		{"pause.short", "en", "", prompts.SourceGenerated},
	} {
		e, ok := s.Entry(c.id, c.language)
		require.True(t, ok, "%s in %s", c.id, c.language)
		require.Equal(t, c.wantLanguage, e.Language, "%s in %s", c.id, c.language)
		require.Equal(t, c.wantSource, e.Source, "%s in %s", c.id, c.language)
		info, err := os.Stat(s.Path(e))
		require.NoError(t, err)
		require.Equal(t, e.Milliseconds, int(info.Size()*1000/16000))
	}
	_, ok := s.Entry("notice.hot", "zh")
	require.False(t, ok, "a line to be recorded is silent until it is")
}

func TestARecordingReplacesTheSynthesisedLine(t *testing.T) {
	dir, recorded := t.TempDir(), t.TempDir()
	m, err := prompts.ParseManifest([]byte(manifest))
	require.NoError(t, err)
	require.NoError(t, m.SaveRecording(recorded, "welcome", "mn", wav(16000)))
	require.NoError(t, m.SaveRecording(recorded, "notice.hot", "zh", wav(8000)))
	require.ErrorIs(t, m.SaveRecording(recorded, "welcome", "zh", []byte("no sound")), prompts.ErrFormat)
	require.ErrorIs(t, m.SaveRecording(recorded, "../welcome", "zh", wav(8000)), prompts.ErrNoSound)
	require.Error(t, m.SaveRecording(recorded, "welcome", "../zh", wav(8000)))

	_, err = build(t, newEngine(t), dir, prompts.Options{Recorded: recorded})
	require.NoError(t, err)
	for id, language := range map[string]string{"welcome": "mn", "notice.hot": "zh"} {
		e, ok := open(t, dir).Entry(id, language)
		require.True(t, ok)
		require.Equal(t, prompts.SourceRecorded, e.Source)
		require.InDelta(t, 200, e.Milliseconds, 1, "a recording is taken whole")
	}
}

func TestSoundsOfSpokenValuesAndOptionalLines(t *testing.T) {
	dir := t.TempDir()
	_, err := build(t, newEngine(t), dir, prompts.Options{})
	require.NoError(t, err)
	s := open(t, dir)

	got, err := s.Sounds(ivr.Number(102).In("zh"))
	require.NoError(t, err)
	require.Len(t, got, 3)
	for _, media := range got {
		path, ok := strings.CutPrefix(media, "sound:")
		require.True(t, ok)
		require.FileExists(t, path+".sln")
		require.True(t, filepath.IsAbs(path))
	}
	got, err = s.Sounds(ivr.TicketNumber("260124000173").In("zh"))
	require.NoError(t, err)
	require.Len(t, got, 14, "twelve digits and two pauses")

	got, err = s.Sounds(ivr.Prompt{ID: "notice.hot", Language: "zh", Optional: true})
	require.NoError(t, err)
	require.Empty(t, got)
	_, err = s.Sounds(ivr.Prompt{ID: "no.such", Language: "zh"})
	require.ErrorIs(t, err, prompts.ErrNoSound)
}

func TestLinesOfTheLastResortAndMusicArePlaced(t *testing.T) {
	dir, sounds, music := t.TempDir(), t.TempDir(), t.TempDir()
	_, err := build(t, newEngine(t), dir, prompts.Options{})
	require.NoError(t, err)
	require.NoError(t, open(t, dir).Place(sounds, music))
	require.FileExists(t, filepath.Join(sounds, "welcome.sln"))
	require.FileExists(t, filepath.Join(music, "hold.sln"))
}

func TestABrokenEngineIsNamedWithItsLineAndLeavesTheOldIndex(t *testing.T) {
	dir := t.TempDir()
	_, err := build(t, newEngine(t), dir, prompts.Options{})
	require.NoError(t, err)
	before, err := os.ReadFile(filepath.Join(dir, "index.json"))
	require.NoError(t, err)

	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err = build(t, prompts.HTTP{URL: server.URL}, dir, prompts.Options{})
	require.ErrorContains(t, err, `prompt "welcome" in "zh"`)
	require.ErrorContains(t, err, "404")
	after, err := os.ReadFile(filepath.Join(dir, "index.json"))
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestACommandEngineReadsTextAndWritesWAV(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.wav")
	require.NoError(t, os.WriteFile(file, wav(8000), 0o644))
	s, err := prompts.Command{Argv: []string{"cat", file}}.Synthesize(context.Background(), prompts.Utterance{Language: "zh", Text: "您好"})
	require.NoError(t, err)
	require.Equal(t, 200*time.Millisecond, s.Length())

	_, err = prompts.Command{Argv: []string{"false"}}.Synthesize(context.Background(), prompts.Utterance{Text: "您好"})
	require.Error(t, err)
}

func TestAFolderWithoutIndexSaysSo(t *testing.T) {
	_, err := prompts.OpenSounds(t.TempDir())
	require.ErrorIs(t, err, prompts.ErrNotBuilt)
}

func TestFaultyManifestsAreRefused(t *testing.T) {
	for name, src := range map[string]string{
		"unknown field": "prompts: {a: {kin: x}}",
		"no text":       "prompts: {a: {kind: greeting}}",
		"empty text":    "prompts: {a: {kind: greeting, texts: {zh: ''}}}",
		"bad id":        "prompts: {../a: {kind: greeting, texts: {zh: x}}}",
		"bad file":      "prompts: {a: {kind: greeting, file: ../x, texts: {zh: x}}}",
		"a comma":       "prompts: {a: {kind: g, texts: {zh: {text: x,y}}}}",
		"no length":     "prompts: {a: {kind: silence}}",
		"given twice":   "prompts: {a: {kind: g, texts: {zh: x}}, a: {kind: g, texts: {zh: y}}}",
	} {
		_, err := prompts.ParseManifest([]byte(src))
		require.ErrorIs(t, err, prompts.ErrManifest, name)
	}
}
