package prompts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/ivr"
)

// Sources of a file.
const (
	SourceRecorded  = "recorded"  // a person spoke it
	SourceSpeech    = "speech"    // an engine spoke it
	SourceFallback  = "fallback"  // an engine spoke it in the fallback language
	SourceGenerated = "generated" // silence, tone or music
)

// Entry is the sound of one line in one language.
type Entry struct {
	ID       string `json:"id"`
	Language string `json:"language"`
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	Source   string `json:"source"`
	// File is the file's name in the folder of the index.
	File string `json:"file"`
	// Milliseconds is how long it lasts.
	Milliseconds int `json:"milliseconds"`
	// Place is the fixed name under which the switch plays it without a server.
	Place string `json:"place,omitempty"`
}

// Length is how long the line lasts.
func (e Entry) Length() time.Duration { return time.Duration(e.Milliseconds) * time.Millisecond }

// Index is all lines of one build.
type Index struct {
	Fallback map[string]string `json:"fallback,omitempty"`
	Entries  []Entry           `json:"entries"`
}

const indexFile = "index.json"

type lineKey struct{ id, language string }

// Sounds finds the files of lines. It is safe for concurrent use.
type Sounds struct {
	dir string

	mu    sync.RWMutex
	index Index
	lines map[lineKey]Entry
}

// ErrNotBuilt means that the folder holds no index: `hotline prompts build` makes it.
var ErrNotBuilt = errors.New("the prompts have not been built")

// OpenSounds reads the index of a folder made by Build.
func OpenSounds(dir string) (*Sounds, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of prompts: %w", err)
	}
	s := &Sounds{dir: abs}
	return s, s.Reload()
}

// Reload reads the index again; on an error the former one stays.
func (s *Sounds) Reload() error {
	index, err := readIndex(s.dir)
	if err != nil {
		return err
	}
	lines := make(map[lineKey]Entry, len(index.Entries))
	for _, e := range index.Entries {
		lines[lineKey{e.ID, e.Language}] = e
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index, s.lines = index, lines
	return nil
}

func readIndex(dir string) (Index, error) {
	var index Index
	b, err := os.ReadFile(filepath.Join(dir, indexFile))
	if errors.Is(err, fs.ErrNotExist) {
		return index, fmt.Errorf("%s: %w", dir, ErrNotBuilt)
	}
	if err != nil {
		return index, fmt.Errorf("reading the index of prompts: %w", err)
	}
	if err := json.Unmarshal(b, &index); err != nil {
		return index, fmt.Errorf("reading the index of prompts in %s: %w", dir, err)
	}
	return index, nil
}

// Entry is the sound of a line in a language or in its fallback.
func (s *Sounds) Entry(id, language string) (Entry, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	seen := map[string]bool{}
	for l := language; ; l = s.index.Fallback[l] {
		if e, ok := s.lines[lineKey{id, l}]; ok {
			return e, true
		}
		if seen[l] {
			// Tones and silences have no language.
			e, ok := s.lines[lineKey{id: id}]
			return e, ok
		}
		seen[l] = true
	}
}

// Length is how long a line lasts, for ivr.Environment.
func (s *Sounds) Length(id, language string) (time.Duration, bool) {
	e, ok := s.Entry(id, language)
	return e.Length(), ok
}

// Entries are all lines, by id and language.
func (s *Sounds) Entries() []Entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.index.Entries)
}

// Path is where the file of an entry is.
func (s *Sounds) Path(e Entry) string { return filepath.Join(s.dir, e.File) }

// ErrNoSound means that a line has no file.
var ErrNoSound = errors.New("there is no sound for the prompt")

// Sounds are the switch's media addresses of a prompt, in order: spoken values are
// several. An optional line without a sound is none. Where some words of a value are
// missing, the others are returned together with ErrNoSound.
func (s *Sounds) Sounds(p ivr.Prompt) ([]string, error) {
	var out []string
	var missing error
	for _, line := range ivr.Expand(p) {
		e, ok := s.Entry(line.ID, line.Language)
		switch {
		case ok:
			out = append(out, "sound:"+strings.TrimSuffix(s.Path(e), ".sln"))
		case line.Optional:
		default:
			missing = errors.Join(missing, fmt.Errorf("%w: %q in %q", ErrNoSound, line.ID, line.Language))
		}
	}
	return out, missing
}

// Place copies the lines with a fixed name into the switch's folder of sounds and the
// music into its folder of music, where they are played without any server.
func (s *Sounds) Place(soundsDir, musicDir string) error {
	for _, e := range s.Entries() {
		if e.Place == "" {
			continue
		}
		dir := soundsDir
		if e.Kind == KindMusic {
			dir = musicDir
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("folder of the switch's sounds: %w", err)
		}
		b, err := os.ReadFile(s.Path(e))
		if err != nil {
			return fmt.Errorf("placing prompt %q: %w", e.ID, err)
		}
		if err := writeFile(filepath.Join(dir, e.Place+".sln"), b); err != nil {
			return fmt.Errorf("placing prompt %q: %w", e.ID, err)
		}
	}
	return nil
}

// writeFile replaces a file in one step, so that nobody reads half of it.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	// After the rename there is nothing left to remove.
	defer func() { _ = os.Remove(f.Name()) }()
	if _, err := f.Write(b); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
