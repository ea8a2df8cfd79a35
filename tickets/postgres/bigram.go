package postgres

import (
	"slices"
	"strings"
	"unicode"
)

// bigrams lists the distinct pairs of neighbouring letters of the texts, in small letters: what
// a search for a word of two characters is answered from. Punctuation separates.
func bigrams(texts ...string) []string {
	seen := map[string]struct{}{}
	for _, text := range texts {
		var previous rune
		for _, r := range strings.ToLower(text) {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				previous = 0
				continue
			}
			if previous != 0 {
				seen[string([]rune{previous, r})] = struct{}{}
			}
			previous = r
		}
	}
	list := make([]string, 0, len(seen))
	for pair := range seen {
		list = append(list, pair)
	}
	slices.Sort(list)
	return list
}
