package demo

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// city is the content of city.yaml and classes.yaml.
type city struct {
	City  string `yaml:"city"`
	Units []struct {
		Code   string            `yaml:"code"`
		Name   string            `yaml:"name"`
		Kind   string            `yaml:"kind"`
		Duties string            `yaml:"duties"`
		Below  map[string]string `yaml:"below"`
	} `yaml:"units"`
	Areas    []area              `yaml:"areas"`
	Skills   []directory.Skill   `yaml:"skills"`
	Queues   []queueYAML         `yaml:"queues"`
	Lines    []directory.Line    `yaml:"lines"`
	Contacts []directory.Contact `yaml:"contacts"`
	Accounts []struct {
		Name   string         `yaml:"name"`
		Person string         `yaml:"person"`
		Roles  []tickets.Role `yaml:"roles"`
	} `yaml:"accounts"`
	Seats []struct {
		ID      string         `yaml:"id"`
		Account string         `yaml:"account"` // default: of the same name
		Group   string         `yaml:"group"`
		Skills  map[string]int `yaml:"skills"`
	} `yaml:"seats"`
	Citizens []Citizen           `yaml:"citizens"`
	Slots    map[string][]string `yaml:"slots"`

	classes []directory.Class
	leaves  map[string]string // name → id
}

type area struct {
	Code    string            `yaml:"code"`
	Name    string            `yaml:"name"`
	Towns   map[string]string `yaml:"towns"`
	Roads   []string          `yaml:"roads"`
	Estates []string          `yaml:"estates"`
}

// queueYAML is a directory.Queue with the names of its JSON.
type queueYAML struct {
	ID        string         `yaml:"id"`
	Name      string         `yaml:"name"`
	Skills    map[string]int `yaml:"skills"`
	TargetS   int            `yaml:"target_s"`
	Priority  int            `yaml:"priority"`
	Strategy  string         `yaml:"strategy"`
	Relax     []relaxYAML    `yaml:"relax"`
	Overflow  []overflowYAML `yaml:"overflow"`
	MaxLength int            `yaml:"max_length"`
	CeilingS  int            `yaml:"ceiling_s"`
	Announce  int            `yaml:"announce_every_s"`
	Schedule  string         `yaml:"schedule"`
}

type relaxYAML struct {
	AfterS int    `yaml:"after_s"`
	Skill  string `yaml:"skill"`
	Level  int    `yaml:"level"`
}

type overflowYAML struct {
	AfterS int    `yaml:"after_s"`
	Length int    `yaml:"length"`
	To     string `yaml:"to"`
}

func (q queueYAML) queue() directory.Queue {
	out := directory.Queue{
		ID: q.ID, Name: q.Name, Skills: q.Skills, TargetS: q.TargetS, Priority: q.Priority, Strategy: directory.Strategy(q.Strategy),
		Relax: []directory.Relax{}, Overflow: []directory.Overflow{}, MaxLength: q.MaxLength, CeilingS: q.CeilingS,
		AnnounceEvery: q.Announce, Schedule: q.Schedule,
	}
	for _, r := range q.Relax {
		out.Relax = append(out.Relax, directory.Relax(r))
	}
	for _, o := range q.Overflow {
		out.Overflow = append(out.Overflow, directory.Overflow(o))
	}
	return out
}

// Citizen is one of the people who call in the demo.
type Citizen struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Title   string   `yaml:"title"`  // as the page names him
	Number  string   `yaml:"number"` // empty: withholds it
	Gender  string   `yaml:"gender"`
	Kind    string   `yaml:"kind"`
	Company string   `yaml:"company"`
	Tags    []string `yaml:"tags"`
	Regular bool     `yaml:"regular"`
	Note    string   `yaml:"note"`
}

// matter is one case of cases.yaml.
type matter struct {
	Class     string `yaml:"class"`
	Type      string `yaml:"type"`
	Urgency   string `yaml:"urgency"`
	Kind      string `yaml:"kind"`
	Queue     string `yaml:"queue"`
	Caller    string `yaml:"caller"`
	Title     string `yaml:"title"`
	Content   string `yaml:"content"`
	Answer    string `yaml:"answer"`
	Refuse    string `yaml:"refuse"`
	Lawful    string `yaml:"lawful"`
	Emergency string `yaml:"emergency"`
	Secret    bool   `yaml:"secret"`
}

// casebook is the content of cases.yaml.
type casebook struct {
	Cases   []matter            `yaml:"cases"`
	Refused []matter            `yaml:"refused"`
	Notes   map[string][]string `yaml:"notes"`
	Agent   struct {
		Greeting string   `yaml:"greeting"`
		Between  []string `yaml:"between"`
		Ticket   string   `yaml:"ticket"`
		Direct   string   `yaml:"direct"`
		Bye      string   `yaml:"bye"`
	} `yaml:"agent"`
	Voicemails []string `yaml:"voicemails"`
}

func read(files fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if err := yaml.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func readCity(files fs.FS) (city, casebook, error) {
	var c city
	var book casebook
	if err := read(files, "city.yaml", &c); err != nil {
		return c, book, err
	}
	if err := read(files, "cases.yaml", &book); err != nil {
		return c, book, err
	}
	var tree yaml.Node
	if err := read(files, "classes.yaml", &tree); err != nil {
		return c, book, err
	}
	c.leaves = map[string]string{}
	c.readClasses(tree.Content[0], "")
	for _, m := range append(append([]matter{}, book.Cases...), book.Refused...) {
		if c.leaves[m.Class] == "" {
			return c, book, fmt.Errorf("read cases.yaml: class %q is no leaf of classes.yaml", m.Class)
		}
		for _, word := range slot.FindAllStringSubmatch(m.Title+m.Content+m.Answer, -1) {
			if c.Slots[word[1]] == nil && !slices.Contains([]string{"area", "road", "estate"}, word[1]) {
				return c, book, fmt.Errorf("read cases.yaml: class %q: unknown word {%s}", m.Class, word[1])
			}
		}
	}
	return c, book, nil
}

// readClasses walks the tree in the order of the file; ids are the places in it: 010203.
func (c *city) readClasses(node *yaml.Node, parent string) {
	add := func(i int, text string) string {
		name, words, _ := strings.Cut(text, " ")
		id := parent + fmt.Sprintf("%02d", i+1)
		c.classes = append(c.classes, directory.Class{
			ID: id, Parent: parent, Name: name, Initials: directory.Initials(name), Words: words, Order: len(c.classes) + 1,
		})
		return id
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(node.Content); i += 2 {
			c.readClasses(node.Content[i+1], add(i/2, node.Content[i].Value))
		}
	case yaml.SequenceNode:
		for i, leaf := range node.Content {
			id := add(i, leaf.Value)
			c.leaves[c.classes[len(c.classes)-1].Name] = id
		}
	}
}

// Citizens lists the people who call in the demo, for its phone in the browser.
func Citizens(files fs.FS) ([]Citizen, error) {
	var c city
	if err := read(files, "city.yaml", &c); err != nil {
		return nil, err
	}
	return c.Citizens, nil
}
