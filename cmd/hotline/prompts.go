package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/ivr/prompts"
)

// PromptsCmd are the tools for spoken lines.
type PromptsCmd struct {
	Build PromptsBuildCmd `cmd:"" help:"Make the sound files of all lines that have none yet."`
	List  PromptsListCmd  `cmd:"" help:"List the lines with their length and where their sound comes from."`
}

// PromptsBuildCmd makes sound files.
type PromptsBuildCmd struct {
	Engine   string   `enum:"espeak,command,http" default:"espeak" help:"Speech engine: espeak, command, http."`
	Exec     []string `help:"command: program that reads text and writes a WAV file; {language} and {pinyin} are replaced." sep:" "`
	URL      string   `help:"http: address that takes {language, text, pinyin, voice, rate} by POST and answers a WAV file."`
	Recorded string   `type:"path" help:"Folder of recorded files, <language>/<id>.wav. Default: recorded-prompts in the data folder."`
	Workers  int      `default:"0" help:"Lines made at once; 0: one a processor."`
}

// Run builds and shows progress.
func (c *PromptsBuildCmd) Run(a *app) error {
	manifest, err := prompts.ReadManifest(manifestFile(a.cfg))
	if err != nil {
		return err
	}
	engine, err := c.engine(a.cfg)
	if err != nil {
		return err
	}
	recorded := c.Recorded
	if recorded == "" {
		recorded = a.cfg.Path("recorded-prompts")
	}
	start, shown := time.Now(), -1
	index, err := prompts.Build(a.ctx, manifest, engine, promptCache(a.cfg), prompts.Options{
		Recorded: recorded, Workers: c.Workers,
		Progress: func(done, total int, id string) {
			if percent := 100 * done / total; percent/10 > shown/10 || shown < 0 || done == total {
				shown = percent
				fmt.Fprintf(os.Stderr, "prompts: %d of %d (%s)\n", done, total, id)
			}
		},
	})
	if err != nil {
		return fmt.Errorf("making the prompts: %w", err)
	}
	fmt.Printf("%d prompts in %s, %v\n", len(index.Entries), promptCache(a.cfg), time.Since(start).Round(time.Millisecond))
	return nil
}

func (c *PromptsBuildCmd) engine(cfg config.Config) (prompts.Engine, error) {
	switch c.Engine {
	case "command":
		if len(c.Exec) == 0 {
			return nil, errors.New("the engine command needs --exec")
		}
		return prompts.Command{Argv: c.Exec}, nil
	case "http":
		if c.URL == "" {
			return nil, errors.New("the engine http needs --url")
		}
		return prompts.HTTP{URL: c.URL, Voice: cfg.Prompts.Voice, Rate: cfg.Prompts.Rate}, nil
	default:
		install, err := asterisk.Find(cfg.Switch.Dir)
		if err != nil {
			return nil, fmt.Errorf("finding espeak-ng: %w", err)
		}
		return prompts.Espeak{Command: install.SpeechCommand, Voice: cfg.Prompts.Voice, Rate: cfg.Prompts.Rate}, nil
	}
}

// PromptsListCmd lists lines.
type PromptsListCmd struct{}

// Run prints one line for each prompt and language.
func (c *PromptsListCmd) Run(a *app) error { return c.run(a.cfg, os.Stdout) }

func (c *PromptsListCmd) run(cfg config.Config, out io.Writer) error {
	sounds, err := prompts.OpenSounds(promptCache(cfg))
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tLANGUAGE\tSOURCE\tLENGTH\tFILE\tTEXT")
	for _, e := range sounds.Entries() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%v\t%s\t%s\n", e.ID, e.Language, e.Source, e.Length(), e.File, e.Text)
	}
	return table.Flush()
}

// manifestFile is the list of all lines.
func manifestFile(cfg config.Config) string { return filepath.Join(cfg.Prompts.Dir, "prompts.yaml") }

// promptCache is the folder of the sound files.
func promptCache(cfg config.Config) string {
	if cfg.Prompts.Cache != "" {
		return cfg.Prompts.Cache
	}
	return cfg.Path("prompts")
}
