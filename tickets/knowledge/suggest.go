package knowledge

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/open12345/hotline/tickets/words"
)

// Entry is an article as the index of suggestions knows it.
type Entry struct {
	ID    string
	Title string
	Tags  []string
	Class string
	Body  string
	Hits  int
}

// Suggestion is an article that fits a text, with the words they share.
type Suggestion struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Words []string `json:"words" doc:"What the text and the article share"`
	Class bool     `json:"class" doc:"It is of the ticket's class"`
	Score float64  `json:"score"`
}

// Index finds articles that fit a text. It does not change once made.
type Index struct {
	entries []indexed
	weight  map[string]float64 // of a pair: the rarer among the articles, the heavier
}

type indexed struct {
	Entry
	title map[string]struct{} // pairs of title and tags
	body  map[string]struct{}
}

// What a pair weighs where it stands, what a whole tag and the class add, and how much is
// needed to be suggested at all.
const (
	titleShare = 1.0
	bodyShare  = 0.25
	tagBonus   = 4.0
	classBonus = 3.0
	least      = 4.0
)

// NewIndex makes the index.
func NewIndex(entries []Entry) *Index {
	x := &Index{weight: map[string]float64{}}
	count := map[string]int{}
	for _, e := range entries {
		d := indexed{Entry: e, title: set(words.Pairs(append([]string{e.Title}, e.Tags...)...)), body: set(words.Pairs(e.Body))}
		for pair := range d.title {
			count[pair]++
		}
		for pair := range d.body {
			if _, counted := d.title[pair]; !counted {
				count[pair]++
			}
		}
		x.entries = append(x.entries, d)
	}
	for pair, n := range count {
		x.weight[pair] = math.Log(1 + float64(len(entries))/float64(n))
	}
	return x
}

func set(pairs []string) map[string]struct{} {
	m := make(map[string]struct{}, len(pairs))
	for _, p := range pairs {
		m[p] = struct{}{}
	}
	return m
}

// Suggest ranks the articles by the words they share with the text: tags named in it first, then
// pairs of letters, rare ones more than common ones, in the title more than in the body. class
// is the ticket's, or empty. Equal ones stand in the order of their hits.
func (x *Index) Suggest(text, class string, limit int) []Suggestion {
	text = strings.ToLower(text)
	query := words.Pairs(text)
	list := []Suggestion{}
	hits := map[string]int{}
	for _, e := range x.entries {
		if s, ok := x.score(e, text, query, class); ok {
			list = append(list, s)
			hits[s.ID] = e.Hits
		}
	}
	slices.SortStableFunc(list, func(a, b Suggestion) int {
		switch {
		case a.Score != b.Score:
			if a.Score > b.Score {
				return -1
			}
			return 1
		case hits[a.ID] != hits[b.ID]:
			return hits[b.ID] - hits[a.ID]
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list[:min(len(list), limit)]
}

func (x *Index) score(e indexed, text string, query []string, class string) (Suggestion, bool) {
	s := Suggestion{ID: e.ID, Title: e.Title, Words: []string{}, Class: class != "" && e.Class == class}
	for _, tag := range e.Tags {
		if t := strings.ToLower(tag); utf8.RuneCountInString(t) > 1 && strings.Contains(text, t) {
			s.Score += tagBonus
			s.Words = append(s.Words, tag)
		}
	}
	for _, pair := range query {
		if _, ok := e.title[pair]; ok {
			s.Score += titleShare * x.weight[pair]
		} else if _, ok := e.body[pair]; ok {
			s.Score += bodyShare * x.weight[pair]
		}
	}
	s.Words = append(s.Words, shared(text, strings.ToLower(e.Title), s.Words)...)
	if s.Class {
		s.Score += classBonus
	}
	s.Score = math.Round(s.Score*100) / 100
	return s, s.Score >= least && (len(s.Words) > 0 || s.Class)
}

// Words shown at most for a title.
const sharedMost = 3

// shared lists stretches of at least two letters that title and text have in common, longest
// first, those already named left out.
func shared(text, title string, named []string) []string {
	var found []string
	letters := []rune(title)
	for i := 0; i < len(letters); {
		n := 0
		for j := i + 2; j <= len(letters) && len(words.Pairs(string(letters[i:j]))) > 0 && strings.Contains(text, string(letters[i:j])); j++ {
			n = j - i
		}
		if n == 0 {
			i++
			continue
		}
		word := strings.Trim(string(letters[i:i+n]), " ，。、？！“”《》（）:：")
		inside := func(o string) bool { return strings.Contains(o, word) }
		if utf8.RuneCountInString(word) > 1 && !slices.ContainsFunc(named, inside) && !slices.ContainsFunc(found, inside) {
			found = append(found, word)
		}
		i += n
	}
	slices.SortStableFunc(found, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	return found[:min(len(found), sharedMost)]
}
