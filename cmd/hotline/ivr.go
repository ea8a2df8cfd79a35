package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/open12345/hotline/cmd/hotline/config"
	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/ivr/prompts"
)

// IVRCmd are the tools for menu files.
type IVRCmd struct {
	Check IVRCheckCmd `cmd:"" help:"Check menu files; each fault is one line: file, line, kind, what is wrong."`
	Draw  IVRDrawCmd  `cmd:"" help:"Draw a menu as a Mermaid graph."`
}

// IVRCheckCmd checks menu files.
type IVRCheckCmd struct {
	Files     []string `arg:"" optional:"" type:"existingfile" help:"Menu files; default: all of ivr.dir."`
	Queues    []string `help:"The queues there are; unknown ones are faults. Default: any."`
	Skills    []string `help:"The skills there are. Default: any."`
	Schedules []string `help:"The schedules there are. Default: any."`
}

// Run checks; a faulty file is an error after all have been reported.
func (c *IVRCheckCmd) Run(a *app) error { return c.run(a.cfg, os.Stdout) }

func (c *IVRCheckCmd) run(cfg config.Config, out io.Writer) error {
	env, err := menuEnvironment(cfg)
	if err != nil {
		return err
	}
	env.Queue, env.Skill, env.Schedule = among(c.Queues), among(c.Skills), among(c.Schedules)
	files := c.Files
	if len(files) == 0 {
		if files, err = filepath.Glob(filepath.Join(cfg.IVR.Dir, "*.yaml")); err != nil || len(files) == 0 {
			return fmt.Errorf("there are no menu files in %s", cfg.IVR.Dir)
		}
	}
	failed := false
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("menu file: %w", err)
		}
		menu, faults := ivr.Parse(file, src, env)
		for _, f := range faults {
			fmt.Fprintln(out, f)
		}
		if menu == nil {
			failed = true
			continue
		}
		fmt.Fprintf(out, "%s: ok: menu %s, version %s, %d nodes\n", file, menu.Name(), menu.Version(), len(menu.Graph().Nodes))
	}
	if failed {
		return errReported
	}
	return nil
}

// among is the test for a closed set of names; no names means that any will do.
func among(names []string) func(string) bool {
	if len(names) == 0 {
		return nil
	}
	return func(name string) bool { return slices.Contains(names, name) }
}

// menuEnvironment knows the prompts of the manifest and, where they have been built,
// their lengths.
func menuEnvironment(cfg config.Config) (ivr.Environment, error) {
	manifest, err := prompts.ReadManifest(manifestFile(cfg))
	if err != nil {
		return ivr.Environment{}, err
	}
	env := ivr.Environment{Prompt: manifest.Has}
	sounds, err := prompts.OpenSounds(promptCache(cfg))
	switch {
	case err == nil:
		env.PromptLength = sounds.Length
	case !errors.Is(err, prompts.ErrNotBuilt):
		return ivr.Environment{}, err
	}
	return env, nil
}

// IVRDrawCmd draws a menu.
type IVRDrawCmd struct {
	File string `arg:"" type:"existingfile" help:"Menu file."`
}

// Run prints the graph; a faulty file has none.
func (c *IVRDrawCmd) Run() error { return c.run(os.Stdout) }

func (c *IVRDrawCmd) run(out io.Writer) error {
	src, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("menu file: %w", err)
	}
	menu, faults := ivr.Parse(c.File, src, ivr.Environment{})
	if menu == nil {
		for _, f := range faults {
			fmt.Fprintln(out, f)
		}
		return errReported
	}
	fmt.Fprint(out, menu.Mermaid())
	return nil
}
