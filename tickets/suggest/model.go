package suggest

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sync"
)

// Weights of what is learned from. A return says that a former dispatch was wrong: it outweighs
// the many tickets that nobody looked at twice, so that a duty that moved is followed within
// some fifty returns.
const (
	weightDispatched = 1.0
	weightReturned   = 20.0
)

// Silence: a text is unknown when fewer than leastWords of its words, or a smaller share of
// them than leastKnown, were ever learned; and a guess is kept back below leastShare.
const (
	leastWords = 2
	leastKnown = 0.25
	leastShare = 0.15
)

const smoothing = 0.3

// Model is what was learned about one kind of label, such as units. Safe for concurrent use.
type Model struct {
	mu     sync.RWMutex
	counts map[string]map[string]float64 // label → feature → weight
	words  map[string]float64            // word → weight over all labels
	sums   map[string]float64            // label → weight of all its words
	texts  map[string]float64            // label → weight of its texts
	total  float64                       // of words
}

// NewModel knows nothing.
func NewModel() *Model {
	return &Model{counts: map[string]map[string]float64{}, words: map[string]float64{}, sums: map[string]float64{}, texts: map[string]float64{}}
}

// Evidence is a word that spoke for a label, with its part in the score; larger is stronger.
type Evidence struct {
	Word   string  `json:"word"`
	Weight float64 `json:"weight"`
}

// Suggestion is a guess: its share of belief among all labels, and the words it went by,
// strongest first.
type Suggestion struct {
	Label string     `json:"label"`
	Share float64    `json:"share"`
	Words []Evidence `json:"words"`
}

// Learn notes that the text went to the label.
func (m *Model) Learn(text, label string) error { return m.learn(text, label, weightDispatched) }

// Returned notes that the text went to the wrong label and was right at another; right may be
// empty when nobody knows it yet.
func (m *Model) Returned(text, wrong, right string) error {
	if err := m.learn(text, wrong, -weightReturned); err != nil || right == "" {
		return err
	}
	return m.learn(text, right, weightReturned)
}

// Corrected notes that the text, once returned by another, was right at the label.
func (m *Model) Corrected(text, label string) error { return m.learn(text, label, weightReturned) }

func (m *Model) learn(text, label string, weight float64) error {
	words, _, err := features(text)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	of := m.counts[label]
	if of == nil {
		of = map[string]float64{}
		m.counts[label] = of
	}
	m.texts[label] = max(0, m.texts[label]+weight)
	for _, w := range words {
		change := max(weight, -of[w]) // nothing is known less than not at all
		of[w] += change
		m.words[w] += change
		m.sums[label] += change
		m.total += change
		if of[w] == 0 {
			delete(of, w)
		}
		if m.words[w] <= 0 {
			delete(m.words, w)
		}
	}
	return nil
}

// Labels lists what the model can suggest, sorted.
func (m *Model) Labels() []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.Sorted(maps.Keys(m.counts))
}

// Texts tells how many texts were learned, by weight.
func (m *Model) Texts() float64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var n float64
	for _, t := range m.texts {
		n += t
	}
	return n
}

// Suggest gives up to n guesses for the text, best first; none for an unknown text.
func (m *Model) Suggest(text string, n int) ([]Suggestion, error) {
	words, shown, err := features(text)
	if err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	known := m.known(words)
	if len(known) < leastWords || float64(len(known)) < leastKnown*float64(len(words)) {
		return nil, nil
	}
	list := make([]Suggestion, 0, len(m.counts))
	for label := range m.counts {
		if m.texts[label] > 0 {
			list = append(list, m.score(label, known, shown))
		}
	}
	toShares(list)
	slices.SortFunc(list, func(a, b Suggestion) int {
		if c := cmp.Compare(b.Share, a.Share); c != 0 {
			return c
		}
		return cmp.Compare(a.Label, b.Label)
	})
	if len(list) == 0 || list[0].Share < leastShare {
		return nil, nil
	}
	return list[:min(n, len(list))], nil
}

// known keeps the words that were learned and tell labels apart.
func (m *Model) known(words []string) []string {
	var known []string
	for _, w := range words {
		if m.words[w] > 0 {
			known = append(known, w)
		}
	}
	return known
}

// score sums, over the words, how much rarer each is outside the label than within it.
func (m *Model) score(label string, words []string, shown map[string]bool) Suggestion {
	s := Suggestion{Label: label, Words: []Evidence{}}
	vocabulary := float64(len(m.words))
	of, sum := m.counts[label], m.sums[label]
	for _, w := range words {
		inside := math.Log((of[w] + smoothing) / (sum + smoothing*vocabulary))
		outside := math.Log((m.words[w] - of[w] + smoothing) / (m.total - sum + smoothing*vocabulary))
		weight := inside - outside
		s.Share += weight
		if weight > 0 && of[w] > 0 && shown[w] {
			s.Words = append(s.Words, Evidence{Word: w, Weight: math.Round(weight*100) / 100})
		}
	}
	slices.SortStableFunc(s.Words, func(a, b Evidence) int { return cmp.Compare(b.Weight, a.Weight) })
	s.Words = s.Words[:min(5, len(s.Words))]
	// A label of many tickets is a little likelier.
	s.Share += 0.3 * math.Log(m.texts[label]+1)
	return s
}

// toShares turns scores into shares of one. The words of a text speak for each other, so that
// their plain sum would be far too sure: it is flattened.
func toShares(list []Suggestion) {
	const flatten = 0.35
	top := math.Inf(-1)
	for _, s := range list {
		top = max(top, s.Share)
	}
	var sum float64
	for i := range list {
		list[i].Share = math.Exp(flatten * (list[i].Share - top))
		sum += list[i].Share
	}
	for i := range list {
		list[i].Share = math.Round(list[i].Share/sum*1000) / 1000
	}
}
