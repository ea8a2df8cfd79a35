package demo

import (
	"io/fs"
	"math/rand/v2"
	"slices"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// Writer makes up what citizens of the demo city call about, as many as one likes. It is not
// safe for concurrent use.
type Writer struct {
	l     *loader
	cases []matter
}

// NewWriter reads the demo's files; the same seed gives the same matters.
func NewWriter(files fs.FS, seed uint64) (*Writer, error) {
	c, book, err := readCity(files)
	if err != nil {
		return nil, err
	}
	w := &Writer{l: &loader{city: c, book: book}}
	for _, m := range book.Cases {
		if m.Emergency == "" && m.Refuse == "" {
			w.cases = append(w.cases, m)
		}
	}
	w.Seed(seed)
	return w, nil
}

// Seed begins another sequence of matters.
func (w *Writer) Seed(seed uint64) { w.l.rng = rand.New(rand.NewPCG(seed, seed)) }

// Matter is what a citizen calls about.
type Matter struct {
	Type           tickets.Type
	Title, Content string
	Answer         string
	ClassID        string
	ClassPath      []string
	Place          tickets.Place
	Caller         tickets.Caller
}

// Next makes up a matter.
func (w *Writer) Next() Matter {
	f := w.l.fill(pick(w.l, w.cases))
	who := w.l.stranger("person")
	m := Matter{
		Type: tickets.Type(f.Type), Title: f.Title, Content: f.Content, Answer: f.Answer, ClassID: w.l.city.leaves[f.Class], Place: f.place,
		Caller: tickets.Caller{Name: who.Name, Gender: who.Gender, Kind: tickets.Person, Number: privacy.Phone(who.Number), ContactSame: true},
	}
	for id := m.ClassID; id != ""; {
		i := slices.IndexFunc(w.l.city.classes, func(c directory.Class) bool { return c.ID == id })
		m.ClassPath = append([]string{w.l.city.classes[i].Name}, m.ClassPath...)
		id = w.l.city.classes[i].Parent
	}
	return m
}
