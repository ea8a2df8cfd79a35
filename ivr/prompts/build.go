package prompts

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options are the settings of Build that have a default.
type Options struct {
	// Recorded is the folder of recorded files, <language>/<id>.wav or .sln; empty
	// means none.
	Recorded string
	// Workers is how many lines are made at once; 0 means one a processor.
	Workers int
	// Progress is told after each line, one call at a time; nil tells nobody.
	Progress func(done, total int, id string)
}

// revision is a part of every file name: raise it when the processing of sounds
// changes, and all files are made anew.
const revision = "1"

// Silence left around speech. Words follow each other inside a number; lines end in a
// short breath.
const (
	lead     = 10 * time.Millisecond
	wordTail = 50 * time.Millisecond
	lineTail = 200 * time.Millisecond
)

// Build makes the files of all lines that are not there yet and writes the index. It
// returns the index, and an error that names each line that could not be made; the
// index then holds the others and is not written.
func Build(ctx context.Context, m *Manifest, engine Engine, outDir string, o Options) (Index, error) {
	if err := os.MkdirAll(outDir, 0o755); err != nil {
		return Index{}, fmt.Errorf("folder of prompts: %w", err)
	}
	b := &builder{m: m, engine: engine, dir: outDir, options: o}
	jobs := b.jobs()
	index := Index{Fallback: m.Fallback}
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.NumCPU()
	}
	var mu sync.Mutex
	var failed error
	done := 0
	var group errgroup.Group
	group.SetLimit(workers)
	for _, j := range jobs {
		group.Go(func() error {
			entry, ok, err := b.make(ctx, j)
			mu.Lock()
			defer mu.Unlock()
			done++
			switch {
			case err != nil:
				failed = errors.Join(failed, fmt.Errorf("prompt %q in %q: %w", j.id, j.language, err))
			case ok:
				index.Entries = append(index.Entries, entry)
			}
			if o.Progress != nil {
				o.Progress(done, len(jobs), j.id)
			}
			return nil
		})
	}
	// The workers report through failed; none returns an error.
	_ = group.Wait()
	slices.SortFunc(index.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Language, b.Language))
	})
	if failed != nil {
		return index, failed
	}
	return index, writeIndex(outDir, index)
}

func writeIndex(dir string, index Index) error {
	out, err := json.MarshalIndent(index, "", " ")
	if err != nil {
		return fmt.Errorf("index of prompts: %w", err)
	}
	if err := writeFile(filepath.Join(dir, indexFile), out); err != nil {
		return fmt.Errorf("writing the index of prompts: %w", err)
	}
	return nil
}

type builder struct {
	m       *Manifest
	engine  Engine
	dir     string
	options Options
}

// job is one line in one language, or a generated line, which has none.
type job struct {
	id, language string
	line         Line
}

// jobs are all lines in all languages that they have or that have recordings.
func (b *builder) jobs() []job {
	var out []job
	for id, line := range b.m.Lines {
		if line.generated() {
			out = append(out, job{id: id, line: line})
			continue
		}
		languages := map[string]bool{}
		for language := range line.Texts {
			languages[language] = true
		}
		for _, language := range b.m.languages() {
			if b.recording(id, language) != "" {
				languages[language] = true
			}
		}
		for language := range languages {
			out = append(out, job{id: id, language: language, line: line})
		}
	}
	slices.SortFunc(out, func(a, b job) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.language, b.language))
	})
	return out
}

// languages are all that occur in the manifest.
func (m *Manifest) languages() []string {
	out := []string{"zh"}
	add := func(l string) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	for from, to := range m.Fallback {
		add(from)
		add(to)
	}
	for _, line := range m.Lines {
		for l := range line.Texts {
			add(l)
		}
	}
	return out
}

// recording is the recorded file of a line, or "".
func (b *builder) recording(id, language string) string {
	if b.options.Recorded == "" {
		return ""
	}
	for _, ending := range []string{".wav", ".sln"} {
		path := filepath.Join(b.options.Recorded, language, id+ending)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// recipe is how a line is made: what names its file, and the making.
type recipe struct {
	source string
	name   []string
	create func(context.Context) (Sound, error)
}

// make makes a line's file unless it is there. ok is false for a line that has no sound
// until somebody records it.
func (b *builder) make(ctx context.Context, j job) (entry Entry, ok bool, err error) {
	r, err := b.recipe(j)
	if err != nil || r.create == nil {
		return Entry{}, false, err
	}
	entry = Entry{
		ID: j.id, Language: j.language, Kind: j.line.Kind, Text: j.line.Texts[j.language].Text,
		Source: r.source, Place: j.line.File, File: fileName(r.name...),
	}
	path := filepath.Join(b.dir, entry.File)
	info, err := os.Stat(path)
	if err == nil && info.Size() > 0 {
		entry.Milliseconds = int(info.Size() * 1000 / (2 * Rate))
		return entry, true, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Entry{}, false, err
	}
	sound, err := r.create(ctx)
	if err != nil {
		return Entry{}, false, err
	}
	if len(sound.Samples) == 0 {
		return Entry{}, false, errors.New("the sound is empty")
	}
	entry.Milliseconds = int(sound.Length() / time.Millisecond)
	return entry, true, writeFile(path, sound.Raw())
}

func fileName(parts ...string) string {
	h := sha256.New()
	for _, p := range append([]string{revision}, parts...) {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:12]) + ".sln"
}

func (b *builder) recipe(j job) (recipe, error) {
	if path := b.recording(j.id, j.language); path != "" {
		return recordedRecipe(path)
	}
	l := j.line
	made := func(s func() Sound) recipe {
		return recipe{
			source: SourceGenerated, name: []string{l.Kind, l.Length.String(), fmt.Sprint(l.Hz)},
			create: func(context.Context) (Sound, error) { return s(), nil },
		}
	}
	switch l.Kind {
	case KindSilence:
		return made(func() Sound { return silence(l.Length) }), nil
	case KindTone:
		return made(func() Sound { return tone(l.Hz, l.Length) }), nil
	case KindMusic:
		return made(func() Sound { return music(l.Length) }), nil
	}
	return b.speech(j)
}

// speech chooses the text and the language that an engine can speak.
func (b *builder) speech(j job) (recipe, error) {
	t, ok := j.line.Texts[j.language]
	if !ok {
		return recipe{}, nil
	}
	u := Utterance{Language: j.language, Text: cmp.Or(t.Spoken, t.Text), Pinyin: t.Pinyin}
	source := SourceSpeech
	if !b.engine.Speaks(j.language) {
		u = Utterance{Language: b.m.Fallback[j.language], Text: t.Fallback}
		source = SourceFallback
		if u.Text == "" || !b.engine.Speaks(u.Language) {
			return recipe{}, nil
		}
	}
	tail := lineTail
	if j.line.Kind == kindWord {
		tail = wordTail
	}
	return recipe{
		source: source,
		name:   []string{b.engine.Identity(u.Language), u.Language, u.Text, u.Pinyin, tail.String()},
		create: func(ctx context.Context) (Sound, error) {
			s, err := b.engine.Synthesize(ctx, u)
			if err != nil {
				return Sound{}, err
			}
			return s.Resampled(Rate).Trimmed(lead, tail).Levelled(), nil
		},
	}, nil
}

// recordedRecipe takes a person's recording as it is, at our rate.
func recordedRecipe(path string) (recipe, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return recipe{}, fmt.Errorf("reading the recording: %w", err)
	}
	return recipe{
		source: SourceRecorded, name: []string{"recorded", filepath.Ext(path), string(content)},
		create: func(context.Context) (Sound, error) {
			if filepath.Ext(path) == ".sln" {
				return Sound{Rate: Rate, Samples: fromRaw(content)}, nil
			}
			s, err := DecodeWAV(content)
			if err != nil {
				return Sound{}, fmt.Errorf("%s: %w", path, err)
			}
			return s.Resampled(Rate), nil
		},
	}, nil
}
