package ivr

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Kind says what a menu is for.
type Kind string

// The kinds of menus.
const (
	// KindCall greets a caller; every place in it has a way to a person.
	KindCall Kind = "call"
	// KindRating asks a caller for his rating after the seat has hung up.
	KindRating Kind = "rating"
	// KindNotice reads a message to somebody whom the hotline rings, such as a duty phone.
	KindNotice Kind = "notice"
)

// Menu is a checked menu file. It never changes, so calls on it need no lock.
type Menu struct {
	name      string
	title     string
	kind      Kind
	numbers   []string
	given     []string // variables that whoever begins the walk gives
	direct    string
	language  string
	languages []string
	start     string
	fallback  string
	lastQueue string // the queue a caller falls back to
	maxVisits int
	maxTime   time.Duration
	version   string
	source    []byte
	nodes     map[string]node
	order     []string
}

// Name is the menu's name, by which called numbers choose it.
func (m *Menu) Name() string { return m.name }

// Title is the menu's name in words.
func (m *Menu) Title() string { return m.title }

// Kind says whether it greets callers or asks for their rating.
func (m *Menu) Kind() Kind { return m.kind }

// Numbers are the called numbers the file claims for itself.
func (m *Menu) Numbers() []string { return slices.Clone(m.numbers) }

// Direct names the menu that serves instead where the voice menu is switched off;
// empty if there is none.
func (m *Menu) Direct() string { return m.direct }

// Language is the language callers begin in, Languages all of them.
func (m *Menu) Language() string { return m.language }

// Languages are the languages the menu speaks.
func (m *Menu) Languages() []string { return slices.Clone(m.languages) }

// Version identifies the exact text of the file.
func (m *Menu) Version() string { return m.version }

// Source is the text of the file.
func (m *Menu) Source() []byte { return slices.Clone(m.source) }

// NodeTitle is the title of a node in words, or its name.
func (m *Menu) NodeTitle(name string) string {
	if n := m.nodes[name]; n != nil && n.head().title != "" {
		return n.head().title
	}
	return name
}

// Prompts are all lines the menu may say, each with the languages it may be said in.
func (m *Menu) Prompts() []Prompt {
	var out []Prompt
	for _, name := range m.order {
		walkLines(m.nodes[name].spoken(), func(l line) {
			if l.kind != linePrompt {
				return
			}
			if l.prompt.Language != "" {
				out = append(out, l.prompt)
				return
			}
			for _, language := range m.languages {
				out = append(out, l.prompt.In(language))
			}
		})
	}
	return out
}

// Queues are the queues the menu sends callers to.
func (m *Menu) Queues() []string {
	var out []string
	for _, name := range m.order {
		q, ok := m.nodes[name].(*queueNode)
		if !ok {
			continue
		}
		out = append(out, q.queue)
		for _, l := range q.languages {
			out = append(out, l.queue)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(q string) bool { return q == "" })
}

func versionOf(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:8])
}
