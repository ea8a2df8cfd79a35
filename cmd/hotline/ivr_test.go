package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/ivr/prompts"
)

// menuSettings are the shipped settings with a data folder of their own.
func menuSettings(t *testing.T) config.Config {
	t.Helper()
	cfg := config.Default()
	cfg.Data = t.TempDir()
	cfg.IVR.Dir, cfg.Prompts.Dir = "../../configs/ivr", "../../configs/prompts"
	return cfg
}

func TestCheckNamesFileLineAndFault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`menu: bad
start: main
fallback: person
nodes:
  main:
    type: menu
    options:
      - {key: "0", say: main.person, next: person}
      - {key: "1", say: no.such.prompt, next: nowhere}
      - {key: "1", say: main.guide, next: person}
  person: {type: queue, queue: general, otherwise: leave}
  leave: {type: voicemail, next: bye}
  bye: {type: hangup}
`), 0o644))
	var out bytes.Buffer
	cmd := IVRCheckCmd{Files: []string{file}}
	require.ErrorIs(t, cmd.run(menuSettings(t), &out), errReported)
	require.Equal(t, file+`:9: unknown-node: node "main" leads to "nowhere", which is not there
`+file+`:9: missing-prompt: node "main": there is no prompt "no.such.prompt" in "zh"
`+file+`:10: duplicate-key: node "main" has two branches on key 1, the first on line 9
`, out.String())
}

func TestShippedMenusAreFaultlessAndDrawn(t *testing.T) {
	var out bytes.Buffer
	cmd := IVRCheckCmd{
		Queues:    []string{"general", "enterprise", "consumer", "english"},
		Skills:    []string{"general", "enterprise", "consumer", "social", "zh", "en", "dialect", "mn"},
		Schedules: []string{"always", "day", "office", "workday"},
	}
	require.NoError(t, cmd.run(menuSettings(t), &out), out.String())
	require.Contains(t, out.String(), "12345.yaml: ok")

	out.Reset()
	require.NoError(t, (&IVRDrawCmd{File: "../../configs/ivr/12345.yaml"}).run(&out))
	require.Contains(t, out.String(), "flowchart TD")
	require.Contains(t, out.String(), "企业服务专席")
}

// The lengths are those of the synthesised lines, so this builds them all with the real
// engine.
func TestTheFirstKeyIsOfferedWithin20Seconds(t *testing.T) {
	cfg := menuSettings(t)
	install, err := asterisk.Find(cfg.Switch.Dir)
	require.NoError(t, err)
	manifest, err := prompts.ReadManifest(manifestFile(cfg))
	require.NoError(t, err)
	engine := prompts.Espeak{Command: install.SpeechCommand, Voice: cfg.Prompts.Voice, Rate: cfg.Prompts.Rate}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	index, err := prompts.Build(ctx, manifest, engine, promptCache(cfg), prompts.Options{})
	require.NoError(t, err)
	for _, e := range index.Entries {
		require.Greater(t, e.Milliseconds, 100, "prompt %s in %s", e.ID, e.Language)
		if e.Kind == "word" {
			require.Less(t, e.Milliseconds, 1500, "the word %s is read in more than its syllables", e.Text)
		}
	}

	sounds, err := prompts.OpenSounds(promptCache(cfg))
	require.NoError(t, err)
	total := time.Duration(0)
	for _, id := range []string{"welcome.12345", "notice.recorded", "notice.emergency", "main.person"} {
		length, ok := sounds.Length(id, "zh")
		require.True(t, ok, id)
		total += length
	}
	require.Less(t, total, 20*time.Second)

	var out bytes.Buffer
	require.NoError(t, (&IVRCheckCmd{}).run(cfg, &out), "%s", out.String())
	for _, p := range []ivr.Prompt{
		ivr.TicketNumber("260124000173").In("zh"), ivr.Number(1_2002_0305).In("zh"), ivr.Money(1256).In("en"),
		ivr.Duration(3725 * time.Second).In("mn"), ivr.DateYear(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)).In("zh"),
	} {
		files, err := sounds.Sounds(p)
		require.NoError(t, err)
		require.NotEmpty(t, files)
	}
	require.NoError(t, (&PromptsListCmd{}).run(cfg, &out))
	require.Contains(t, out.String(), "welcome.12345")
}
