// Package english says numbers, digits, dates, durations and amounts in English, as
// words that are all among Words(), so that every one has a recording.
package english

import (
	"strconv"
	"time"
)

var small = [20]string{
	"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
	"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
}

var tens = [10]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

var scales = []struct {
	size uint64
	name string
}{
	{1_000_000_000_000_000_000, "quintillion"}, {1_000_000_000_000_000, "quadrillion"},
	{1_000_000_000_000, "trillion"}, {1_000_000_000, "billion"}, {1_000_000, "million"},
	{1_000, "thousand"},
}

// Number reads a cardinal number: one hundred and two.
func Number(n int64) []string {
	if n < 0 {
		return append([]string{"minus"}, magnitude(uint64(-(n+1))+1)...)
	}
	return magnitude(uint64(n))
}

func magnitude(n uint64) []string {
	if n == 0 {
		return []string{small[0]}
	}
	var out []string
	for _, s := range scales {
		if n >= s.size {
			out = append(append(out, belowThousand(int(n/s.size))...), s.name)
			n %= s.size
		}
	}
	if n == 0 {
		return out
	}
	if len(out) > 0 && n < 100 {
		out = append(out, "and")
	}
	return append(out, belowThousand(int(n))...)
}

func belowThousand(n int) []string {
	var out []string
	if n >= 100 {
		out = append(out, small[n/100], "hundred")
		if n %= 100; n == 0 {
			return out
		}
		out = append(out, "and")
	}
	return append(out, upTo99(n))
}

// upTo99 reads 1 to 99 as one word of speech.
func upTo99(n int) string {
	if n < 20 {
		return small[n]
	}
	if n%10 == 0 {
		return tens[n/10]
	}
	return tens[n/10] + " " + small[n%10]
}

// OneByOne reads a string of digits one by one; + is plus, other characters are left
// out.
func OneByOne(s string) []string {
	var out []string
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			out = append(out, small[c-'0'])
		case c == '+':
			out = append(out, "plus")
		}
	}
	return out
}

// Date reads month and day: November, 24th.
func Date(month time.Month, day int) []string {
	return []string{month.String(), ordinal(day)}
}

// ordinal is a day of the month as it is written and said.
func ordinal(day int) string {
	suffix := "th"
	if day/10 != 1 {
		switch day % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(day) + suffix
}

// Year reads a year as people do: twenty, twenty six; two thousand and five.
func Year(year int) []string {
	high, low := year/100, year%100
	switch {
	case year < 1000 || year > 9999 || high%10 == 0 && low < 10:
		return Number(int64(year))
	case low == 0:
		return []string{upTo99(high), "hundred"}
	case low < 10:
		return []string{upTo99(high), "oh", small[low]}
	default:
		return []string{upTo99(high), upTo99(low)}
	}
}

// Duration reads hours, minutes and seconds. Fractions of a second are left out.
func Duration(d time.Duration) []string {
	d = max(d, 0)
	parts := []struct {
		n    int64
		unit string
	}{
		{int64(d / time.Hour), "hour"},
		{int64(d % time.Hour / time.Minute), "minute"},
		{int64(d % time.Minute / time.Second), "second"},
	}
	var out []string
	for _, p := range parts {
		if p.n > 0 {
			out = append(append(out, Number(p.n)...), plural(p.n, p.unit))
		}
	}
	if out == nil {
		return []string{small[0], "seconds"}
	}
	return out
}

func plural(n int64, unit string) string {
	if n == 1 {
		return unit
	}
	return unit + "s"
}

// Money reads an amount of fen (1/100 yuan): twelve yuan fifty.
func Money(fen int64) []string {
	var out []string
	amount := uint64(fen)
	if fen < 0 {
		out, amount = append(out, "minus"), uint64(-(fen+1))+1
	}
	out = append(append(out, magnitude(amount/100)...), "yuan")
	if rest := int(amount % 100); rest >= 10 {
		out = append(out, upTo99(rest))
	} else if rest > 0 {
		out = append(out, "oh", small[rest])
	}
	return out
}

// Words are all words that the functions of this package can return.
func Words() []string {
	out := []string{small[0], "minus", "plus", "and", "oh", "hundred", "yuan",
		"hour", "hours", "minute", "minutes", "second", "seconds"}
	for _, s := range scales {
		out = append(out, s.name)
	}
	for n := 1; n < 100; n++ {
		out = append(out, upTo99(n))
	}
	for m := time.January; m <= time.December; m++ {
		out = append(out, m.String())
	}
	for d := 1; d <= 31; d++ {
		out = append(out, ordinal(d))
	}
	return out
}
