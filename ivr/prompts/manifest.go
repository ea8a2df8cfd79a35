package prompts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/open12345/hotline/ivr"
)

// Kinds of lines that are made without speech.
const (
	KindSilence = "silence"
	KindTone    = "tone"
	KindMusic   = "music"
)

// Manifest is every line the hotline can say.
type Manifest struct {
	// Fallback names for a language the one spoken where a line is missing in it.
	Fallback map[string]string `yaml:"fallback"`
	Lines    map[string]Line   `yaml:"prompts"`
}

// Line is one line in all its languages.
type Line struct {
	// Kind groups lines on the admin page; silence, tone and music are generated.
	Kind string `yaml:"kind"`
	// File is a fixed name, for lines that the switch plays without a server.
	File string `yaml:"file"`
	// Recorded lines have no text to synthesise: they are silent until recorded.
	Recorded bool `yaml:"recorded"`
	// Length and Hz describe generated lines.
	Length time.Duration   `yaml:"length"`
	Hz     float64         `yaml:"hz"`
	Texts  map[string]Text `yaml:"texts"`
}

// Text is a line in one language.
type Text struct {
	// Text is what is shown.
	Text string `yaml:"text"`
	// Spoken is what the engine reads, where that differs: 幺二三四五 for 12345.
	Spoken string `yaml:"spoken"`
	// Pinyin is the exact reading with tone numbers, for engines that take it.
	Pinyin string `yaml:"pinyin"`
	// Fallback is read in the fallback language while there is no recording and no
	// engine for this language.
	Fallback string `yaml:"fallback"`
}

// UnmarshalYAML also takes a plain text.
func (t *Text) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		t.Text = n.Value
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		// A comma inside an unquoted text would make the rest of it a field.
		switch key := n.Content[i]; key.Value {
		case "text", "spoken", "pinyin", "fallback":
		default:
			return fmt.Errorf("line %d: a text has no field %q", key.Line, key.Value)
		}
	}
	type plain Text
	return n.Decode((*plain)(t))
}

// ErrManifest means that the manifest is faulty.
var ErrManifest = errors.New("faulty prompt manifest")

var (
	validID   = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*$`)
	validFile = regexp.MustCompile(`^[a-z0-9-]+$`)
)

// ReadManifest reads a manifest file and adds the words of spoken values.
func ReadManifest(path string) (*Manifest, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the prompt manifest: %w", err)
	}
	m, err := ParseManifest(src)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// ParseManifest is ReadManifest on a text.
func ParseManifest(src []byte) (*Manifest, error) {
	m := &Manifest{}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	if err := dec.Decode(m); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	for id, line := range m.Lines {
		if err := line.check(id); err != nil {
			return nil, err
		}
	}
	m.addWords()
	return m, nil
}

func (l Line) check(id string) error {
	fail := func(what string) error { return fmt.Errorf("%w: prompt %q %s", ErrManifest, id, what) }
	switch {
	case !validID.MatchString(id):
		return fail("has a name that is not lower-case words joined by dots")
	case l.File != "" && !validFile.MatchString(l.File):
		return fail("has a file name that is not lower-case letters, digits and hyphens")
	case l.generated() && (l.Length <= 0 || l.Length > 5*time.Minute):
		return fail("needs a length of up to 5m")
	case l.Kind == KindTone && (l.Hz < 100 || l.Hz > 3400):
		return fail("needs hz between 100 and 3400")
	case !l.generated() && !l.Recorded && len(l.Texts) == 0:
		return fail("has no text")
	}
	for language, t := range l.Texts {
		if t.Text == "" {
			return fail("has an empty text in " + language)
		}
	}
	return nil
}

func (l Line) generated() bool {
	return l.Kind == KindSilence || l.Kind == KindTone || l.Kind == KindMusic
}

// wordReadings are words an engine would read wrongly when they stand alone.
var wordReadings = map[string]string{"角": "jiao3", "分": "fen1", "幺": "yao1", "两": "liang3"}

// addWords adds the words of spoken values, so that no manifest has to list them.
func (m *Manifest) addWords() {
	if m.Lines == nil {
		m.Lines = map[string]Line{}
	}
	for language, words := range ivr.Words() {
		for _, word := range words {
			id := ivr.WordPrompt(word)
			line, listed := m.Lines[id]
			if !listed {
				line = Line{Kind: kindWord, Texts: map[string]Text{}}
			}
			if _, has := line.Texts[language]; !has {
				line.Texts[language] = Text{Text: word, Pinyin: wordReadings[word]}
			}
			m.Lines[id] = line
		}
	}
}

const kindWord = "word"

// Has says whether a line exists in a language, by itself or by the fallback.
func (m *Manifest) Has(id, language string) bool {
	line, ok := m.Lines[id]
	if !ok {
		return false
	}
	if line.generated() || line.Recorded {
		return true
	}
	for _, l := range m.chain(language) {
		if _, ok := line.Texts[l]; ok {
			return true
		}
	}
	return false
}

// chain is a language and its fallbacks in order.
func (m *Manifest) chain(language string) []string {
	out := []string{language}
	for next := m.Fallback[language]; next != "" && !slices.Contains(out, next); next = m.Fallback[next] {
		out = append(out, next)
	}
	return out
}
