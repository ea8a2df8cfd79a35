// Package words turns Chinese text into what a search can index: the pairs of neighbouring
// letters. A word of two characters is one pair, a longer one all its pairs, so that both are
// found without a dictionary. It is pure.
package words

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Pairs lists the distinct pairs of neighbouring letters and digits of the texts, in small
// letters, sorted. Punctuation and blanks separate.
func Pairs(texts ...string) []string {
	seen := map[string]struct{}{}
	each(texts, func(a, b rune) { seen[string([]rune{a, b})] = struct{}{} })
	list := make([]string, 0, len(seen))
	for pair := range seen {
		list = append(list, pair)
	}
	slices.Sort(list)
	return list
}

// Codes lists the distinct pairs as numbers, sorted. Two characters of the basic plane have a
// number of their own; pairs with rarer characters (𠮷) share one now and then, so whoever
// searches by codes checks the text of what has them.
func Codes(texts ...string) []int32 {
	seen := map[int32]struct{}{}
	each(texts, func(a, b rune) { seen[code(a, b)] = struct{}{} })
	list := make([]int32, 0, len(seen))
	for c := range seen {
		list = append(list, c)
	}
	slices.Sort(list)
	return list
}

// Exact tells whether the word's only pair has a number of its own: what has the code has the
// word.
func Exact(word string) bool {
	r := []rune(word)
	return len(r) == 2 && letter(r[0]) && letter(r[1]) && r[0] < 1<<16 && r[1] < 1<<16
}

// Month is the code of a month. No pair has it: the first letter of a pair is never 0. Kept
// among a text's codes it lets an index of codes cut months out.
func Month(at time.Time) int32 {
	return int32(at.Year()*12 + int(at.Month())) //nolint:gosec // years have four digits
}

func code(a, b rune) int32 {
	if a < 1<<16 && b < 1<<16 {
		return int32(uint32(a)<<16 | uint32(b)) //nolint:gosec // the bits are what counts
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(string([]rune{a, b})))
	return int32(h.Sum32() | 1<<16) //nolint:gosec // the bits are what counts
}

func each(texts []string, pair func(a, b rune)) {
	for _, text := range texts {
		var previous rune
		for _, r := range strings.ToLower(text) {
			if !letter(r) {
				previous = 0
				continue
			}
			if previous != 0 {
				pair(previous, r)
			}
			previous = r
		}
	}
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
