package tickets

import (
	"slices"
	"time"
)

// CatalogueEntry is one row of the dispatch catalogue (派单目录): what of a class, in an area, is
// whose duty.
type CatalogueEntry struct {
	ID      int64    `json:"id"`
	Class   string   `json:"class"`          // id; the classes below it are meant too
	Area    string   `json:"area,omitempty"` // code; the areas below it are meant too; empty: everywhere
	Lead    string   `json:"lead"`
	Assists []string `json:"assists,omitempty"`
	From    string   `json:"from"`         // first day, as 2026-01-01
	To      string   `json:"to,omitempty"` // last day; empty: until it is changed
	Note    string   `json:"note,omitempty"`
}

// Valid tells whether the entry is in force on the day, as 2026-01-01.
func (e CatalogueEntry) Valid(day string) bool {
	return e.From <= day && (e.To == "" || day <= e.To)
}

// Overlaps tells whether both entries would be in force on some day for the same class and area.
func (e CatalogueEntry) Overlaps(o CatalogueEntry) bool {
	return e.Class == o.Class && e.Area == o.Area && (o.To == "" || e.From <= o.To) && (e.To == "" || o.From <= e.To)
}

// Units are the units of the entry, the lead first.
func (e CatalogueEntry) Units() []string { return append([]string{e.Lead}, e.Assists...) }

type catalogueKey struct{ class, area string }

// Catalogue is the dispatch catalogue ready to be looked up. The zero Catalogue is empty.
type Catalogue struct {
	entries map[catalogueKey][]CatalogueEntry
}

// NewCatalogue makes a catalogue of its entries.
func NewCatalogue(entries []CatalogueEntry) Catalogue {
	c := Catalogue{entries: map[catalogueKey][]CatalogueEntry{}}
	for _, e := range entries {
		key := catalogueKey{e.Class, e.Area}
		c.entries[key] = append(c.entries[key], e)
	}
	return c
}

// Propose finds the most specific entry in force on the day: it walks up from the last class of
// the path, and for each class up from the last area, to the entry that holds everywhere. A
// nearer class wins over a nearer area. Paths are ids and codes from the root down.
func (c Catalogue) Propose(classes, areas []string, day time.Time) (CatalogueEntry, bool) {
	on := day.Format(time.DateOnly)
	for _, class := range slices.Backward(classes) {
		if e, ok := c.ofClass(class, areas, on); ok {
			return e, true
		}
	}
	return CatalogueEntry{}, false
}

func (c Catalogue) ofClass(class string, areas []string, day string) (CatalogueEntry, bool) {
	for i := len(areas); i >= 0; i-- {
		area := ""
		if i > 0 {
			area = areas[i-1]
		}
		for _, e := range c.entries[catalogueKey{class, area}] {
			if e.Valid(day) {
				return e, true
			}
		}
	}
	return CatalogueEntry{}, false
}
