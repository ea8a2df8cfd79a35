package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"

	demofiles "github.com/open12345/hotline/configs/demo"
	"github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/suggest"
)

// SuggestCmd measures the suggestion of units and classes.
type SuggestCmd struct {
	Evaluate   SuggestEvaluateCmd   `cmd:"" help:"Learn a part of a file of texts with labels, ask for the rest, and compare with the majority and with keywords."`
	Synthesise SuggestSynthesiseCmd `cmd:"" help:"Write a file of made-up texts to evaluate with, where a city has none yet."`
}

// SuggestEvaluateCmd prints how often the right label is suggested.
type SuggestEvaluateCmd struct {
	File string `arg:"" type:"existingfile" help:"CSV with a header: text, label; better also template and writer, by which texts are held out."`
}

// Run evaluates the file.
func (c *SuggestEvaluateCmd) Run() error { return c.run(os.Stdout) }

func (c *SuggestEvaluateCmd) run(out io.Writer) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	defer f.Close()
	samples, err := suggest.ReadSamples(f)
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", c.File, err)
	}
	r, err := suggest.Evaluate(samples)
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", c.File, err)
	}
	kind := "texts as given"
	if r.Synthetic {
		kind = "合成数据 (made-up texts: the figures say nothing about a real city)"
	}
	fmt.Fprintf(out, "data       %s\n", kind)
	fmt.Fprintf(out, "samples    %d, of %d labels; %d learned, %d asked, held out by %s\n", r.Samples, r.Labels, r.Learned, r.Asked, r.Split)
	fmt.Fprintf(out, "%-10s %7s %7s\n", "", "top 1", "top 3")
	for _, line := range []struct {
		name       string
		top1, top3 float64
	}{{"suggestion", r.Top1, r.Top3}, {"keywords", r.KeywordTop1, r.KeywordTop3}, {"majority", r.MajorityTop1, r.MajorityTop3}} {
		fmt.Fprintf(out, "%-10s %6.1f%% %6.1f%%\n", line.name, line.top1*100, line.top3*100)
	}
	fmt.Fprintf(out, "silent     %d of %d texts got no suggestion\n", r.Silent, r.Asked)
	return nil
}

// SuggestSynthesiseCmd writes made-up samples.
type SuggestSynthesiseCmd struct {
	Count int     `default:"6000" help:"Number of texts."`
	Noise float64 `default:"0.08" help:"Share of labels that are wrong."`
	Seed  uint64  `default:"1" help:"The same seed writes the same file."`
}

// Run writes to the standard output.
func (c *SuggestSynthesiseCmd) Run() error { return c.run(os.Stdout) }

func (c *SuggestSynthesiseCmd) run(out io.Writer) error {
	if c.Count < 1 || c.Noise < 0 || c.Noise >= 1 {
		return fmt.Errorf("synthesise: wants a count of at least 1 and a noise from 0 to under 1")
	}
	samples, err := demo.Samples(demofiles.Files, c.Count, c.Noise, c.Seed)
	if err != nil {
		return fmt.Errorf("synthesise: %w", err)
	}
	w := csv.NewWriter(out)
	if err := w.Write([]string{"text", "label", "template", "writer", "synthetic"}); err != nil {
		return fmt.Errorf("synthesise: %w", err)
	}
	for _, s := range samples {
		if err := w.Write([]string{s.Text, s.Label, s.Template, s.Writer, "1"}); err != nil {
			return fmt.Errorf("synthesise: %w", err)
		}
	}
	w.Flush()
	return w.Error()
}
