package suggest

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"
)

// Sample is a text with the label people gave it. Template and Writer, where known, name what
// it was made from and who wrote it: samples that share one must not be learned and asked.
type Sample struct {
	Text      string
	Label     string
	Template  string
	Writer    string
	Synthetic bool
}

// ErrBadSamples is a file of samples that can't be used; the wrapping error says where and why.
var ErrBadSamples = errors.New("bad samples")

// ReadSamples reads a CSV file with a header: the columns text and label, and where there are
// any template, writer and synthetic (1: made up). ErrBadSamples names the line.
func ReadSamples(r io.Reader) ([]Sample, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: no header: %w", ErrBadSamples, err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	column := map[string]int{}
	for i, name := range header {
		column[strings.TrimSpace(strings.ToLower(name))] = i
	}
	for _, name := range []string{"text", "label"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("%w: line 1: there is no column %q", ErrBadSamples, name)
		}
	}
	var list []Sample
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBadSamples, err)
		}
		cell := func(name string) string {
			if i, ok := column[name]; ok {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		s := Sample{Text: cell("text"), Label: cell("label"), Template: cell("template"), Writer: cell("writer"), Synthetic: cell("synthetic") == "1"}
		if s.Text == "" || s.Label == "" {
			line, _ := in.FieldPos(0)
			return nil, fmt.Errorf("%w: line %d: text or label is empty", ErrBadSamples, line)
		}
		list = append(list, s)
	}
	return list, nil
}

// Report is how well labels are guessed on texts that were not learned. Accuracies are shares
// of Asked; a text without a suggestion counts as wrong.
type Report struct {
	Samples   int
	Learned   int
	Asked     int
	Labels    int
	Split     string // how the asked texts were chosen
	Synthetic bool   // some of the samples are made up
	Silent    int    // texts without a suggestion

	Top1, Top3                 float64
	MajorityTop1, MajorityTop3 float64
	KeywordTop1, KeywordTop3   float64
}

// Ways of holding out samples.
const (
	SplitByOrigin = "template and writer" // every asked text has a template and a writer that were never learned
	SplitByText   = "text"
)

// share of templates, and of writers, that are held out.
const heldOut = 4 // one in four

// Evaluate learns one part of the samples and asks for the other. Where templates and writers
// are named, an asked text shares neither with a learned one; what shares one of the two is
// left out of both. ErrBadSamples when a part would be empty.
func Evaluate(samples []Sample) (Report, error) {
	learn, ask, split := divide(samples)
	if len(learn) == 0 || len(ask) == 0 {
		return Report{}, fmt.Errorf("%w: %d to learn and %d to ask are too few", ErrBadSamples, len(learn), len(ask))
	}
	r := Report{Samples: len(samples), Learned: len(learn), Asked: len(ask), Split: split}
	r.Synthetic = slices.ContainsFunc(samples, func(s Sample) bool { return s.Synthetic })
	m := NewModel()
	counts := map[string]int{}
	for _, s := range learn {
		counts[s.Label]++
		if err := m.Learn(s.Text, s.Label); err != nil {
			return r, err
		}
	}
	r.Labels = len(counts)
	byCount := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	keys := newKeywords(m, byCount)
	for _, s := range ask {
		guesses, err := m.Suggest(s.Text, 3)
		if err != nil {
			return r, err
		}
		if len(guesses) == 0 {
			r.Silent++
		}
		labels := make([]string, len(guesses))
		for i, g := range guesses {
			labels[i] = g.Label
		}
		keyed, err := keys.suggest(s.Text)
		if err != nil {
			return r, err
		}
		tally(labels, s.Label, &r.Top1, &r.Top3)
		tally(byCount, s.Label, &r.MajorityTop1, &r.MajorityTop3)
		tally(keyed, s.Label, &r.KeywordTop1, &r.KeywordTop3)
	}
	for _, share := range []*float64{&r.Top1, &r.Top3, &r.MajorityTop1, &r.MajorityTop3, &r.KeywordTop1, &r.KeywordTop3} {
		*share /= float64(len(ask))
	}
	return r, nil
}

func tally(guesses []string, label string, top1, top3 *float64) {
	switch i := slices.Index(guesses, label); {
	case i == 0:
		*top1++
		*top3++
	case i > 0 && i < 3:
		*top3++
	}
}

func divide(samples []Sample) (learn, ask []Sample, split string) {
	byOrigin := !slices.ContainsFunc(samples, func(s Sample) bool { return s.Template == "" || s.Writer == "" })
	split = SplitByText
	if byOrigin {
		split = SplitByOrigin
	}
	for _, s := range samples {
		switch {
		case !byOrigin && drawn(s.Text):
			ask = append(ask, s)
		case !byOrigin:
			learn = append(learn, s)
		case drawn(s.Template) && drawn("writer "+s.Writer):
			ask = append(ask, s)
		case !drawn(s.Template) && !drawn("writer "+s.Writer):
			learn = append(learn, s)
		}
	}
	return learn, ask, split
}

// drawn decides by name alone, so that a run can be repeated.
func drawn(name string) bool {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()>>8%heldOut == 0
}

// keywords is the baseline a clerk would write down: the words most typical of each label, and
// whichever label has the most of them in a text; without any, the most frequent labels.
type keywords struct {
	of       map[string]map[string]bool
	fallback []string
}

const wordsPerLabel = 10

func newKeywords(m *Model, fallback []string) keywords {
	k := keywords{of: map[string]map[string]bool{}, fallback: fallback}
	for _, label := range fallback {
		type typical struct {
			word string
			lift float64
		}
		var list []typical
		for w, n := range m.counts[label] {
			list = append(list, typical{w, n * n / m.words[w]})
		}
		slices.SortFunc(list, func(a, b typical) int { return cmp.Or(cmp.Compare(b.lift, a.lift), cmp.Compare(a.word, b.word)) })
		k.of[label] = map[string]bool{}
		for _, t := range list[:min(wordsPerLabel, len(list))] {
			k.of[label][t.word] = true
		}
	}
	return k
}

func (k keywords) suggest(text string) ([]string, error) {
	words, err := Words(text)
	if err != nil {
		return nil, err
	}
	hits := map[string]int{}
	for label, typical := range k.of {
		for _, w := range words {
			if typical[w] {
				hits[label]++
			}
		}
	}
	return slices.SortedStableFunc(slices.Values(k.fallback), func(a, b string) int { return cmp.Compare(hits[b], hits[a]) }), nil
}
