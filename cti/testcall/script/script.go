// Package script reads what a simulated citizen does in a call, step by step, and
// does it on a real phone: wait for the answer, press a key, speak, wait until a
// person is there, rate, hang up. The outcome says how far it came and what the
// line was like.
package script

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Script is one citizen's call.
type Script struct {
	// Name is the file's name without its extension.
	Name string `yaml:"-"`
	// Title says in Chinese what the call is about.
	Title string `yaml:"title"`
	// Caller is who calls; empty fields are filled from a pool.
	Caller Caller `yaml:"caller"`
	// Weight is how often this script is chosen among others; 1 if 0.
	Weight int `yaml:"weight"`
	// Voice speaks the sentences; the Speech's own if empty.
	Voice string `yaml:"voice"`
	// Steps are done in their order; the call is hung up after the last.
	Steps []Step `yaml:"steps"`

	dir string
}

// Caller is the identity that a call shows.
type Caller struct {
	Number    string `yaml:"number"`
	Name      string `yaml:"name"`
	Anonymous bool   `yaml:"anonymous"`
}

// Parse reads a script; name and dir tell where it came from (clips are found
// beside it). An error names the line.
func Parse(name, dir string, source []byte) (Script, error) {
	s := Script{Name: name, dir: dir}
	decoder := yaml.NewDecoder(strings.NewReader(string(source)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		return Script{}, fmt.Errorf("script %s: %w", name, err)
	}
	if len(s.Steps) == 0 {
		return Script{}, fmt.Errorf("script %s: no steps", name)
	}
	if s.Weight < 0 {
		return Script{}, fmt.Errorf("script %s: weight %d is negative", name, s.Weight)
	}
	s.Weight = max(1, s.Weight)
	return s, nil
}

// Load reads a script file, or every .yaml file of a folder in the order of their
// names.
func Load(path string) ([]Script, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("opening scripts: %w", err)
	}
	files := []string{path}
	if info.IsDir() {
		if files, err = filepath.Glob(filepath.Join(path, "*.yaml")); err != nil {
			return nil, fmt.Errorf("listing scripts: %w", err)
		}
		slices.Sort(files)
	}
	var scripts []Script
	var faults []error
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			faults = append(faults, fmt.Errorf("reading script: %w", err))
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		s, err := Parse(name, filepath.Dir(file), source)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		scripts = append(scripts, s)
	}
	if len(scripts) == 0 && len(faults) == 0 {
		return nil, fmt.Errorf("no scripts in %s", path)
	}
	return scripts, errors.Join(faults...)
}

// Sentence is something said, and by which voice; the Speech's own if empty.
type Sentence struct {
	Text, Voice string
}

// Sentences lists everything the scripts say, each once, to be synthesised ahead.
func Sentences(scripts []Script) []Sentence {
	var all []Sentence
	for _, s := range scripts {
		for _, step := range s.Steps {
			text, ok := step.act.(say)
			if !ok {
				continue
			}
			if sentence := (Sentence{string(text), s.Voice}); !slices.Contains(all, sentence) {
				all = append(all, sentence)
			}
		}
	}
	return all
}
