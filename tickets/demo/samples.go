package demo

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/open12345/hotline/tickets/suggest"
)

// matters is the content of matters.yaml.
type matters struct {
	Matters map[string][][]string `yaml:"matters"` // unit → matters → ways to say it
	Writers []writer              `yaml:"writers"`
}

type writer struct {
	Name   string            `yaml:"name"`
	Before string            `yaml:"before"`
	After  string            `yaml:"after"`
	Words  map[string]string `yaml:"words"`
}

// Samples makes n texts with the unit that answers for them, out of templates and writers; a
// share noise of the labels is wrong, as a share of a real city's dispatches is.
func Samples(files fs.FS, n int, noise float64, seed uint64) ([]suggest.Sample, error) {
	c, _, err := readCity(files)
	if err != nil {
		return nil, err
	}
	var book matters
	if err := read(files, "matters.yaml", &book); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, u := range c.Units {
		names[u.Code] = u.Name
	}
	units := slices.Sorted(maps.Keys(book.Matters))
	rng := rand.New(rand.NewPCG(seed, 12345))
	list := make([]suggest.Sample, n)
	for i := range list {
		unit := units[rng.IntN(len(units))]
		matter := rng.IntN(len(book.Matters[unit]))
		way := rng.IntN(len(book.Matters[unit][matter]))
		w := book.Writers[rng.IntN(len(book.Writers))]
		label := unit
		if rng.Float64() < noise {
			label = units[rng.IntN(len(units))]
		}
		list[i] = suggest.Sample{
			Text: fillWords(rng, c, w.write(book.Matters[unit][matter][way])), Label: names[label],
			Template: fmt.Sprintf("%s-%d-%d", unit, matter, way), Writer: w.Name, Synthetic: true,
		}
	}
	return list, nil
}

// write says the matter in the writer's own words.
func (w writer) write(text string) string {
	for _, word := range slices.Sorted(maps.Keys(w.Words)) {
		text = strings.ReplaceAll(text, word, w.Words[word])
	}
	return w.Before + text + w.After
}

func fillWords(rng *rand.Rand, c city, text string) string {
	a := c.Areas[rng.IntN(len(c.Areas))]
	words := map[string]string{"area": a.Name, "road": a.Roads[rng.IntN(len(a.Roads))], "estate": a.Estates[rng.IntN(len(a.Estates))]}
	return slot.ReplaceAllStringFunc(text, func(s string) string {
		name := strings.Trim(s, "{}")
		if words[name] == "" {
			words[name] = c.Slots[name][rng.IntN(len(c.Slots[name]))]
		}
		return words[name]
	})
}
