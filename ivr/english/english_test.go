package english_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/open12345/hotline/ivr/english"
)

func join(words []string) string { return strings.Join(words, " ") }

func TestNumbersAreReadAsPeopleSayThem(t *testing.T) {
	for n, want := range map[int64]string{
		0: "zero", 7: "seven", 21: "twenty one", 100: "one hundred", 102: "one hundred and two",
		1005: "one thousand and five", 1250: "one thousand two hundred and fifty",
		2_000_000: "two million", -3: "minus three",
	} {
		require.Equal(t, want, join(english.Number(n)), "%d", n)
	}
	require.Equal(t, "one two three four five", join(english.OneByOne("12345")))
}

func TestDatesDurationsAndMoney(t *testing.T) {
	require.Equal(t, "November 24th", join(english.Date(time.November, 24)))
	require.Equal(t, "May 1st", join(english.Date(time.May, 1)))
	require.Equal(t, "June 11th", join(english.Date(time.June, 11)))
	require.Equal(t, "March 22nd", join(english.Date(time.March, 22)))
	require.Equal(t, "twenty twenty six", join(english.Year(2026)))
	require.Equal(t, "two thousand and five", join(english.Year(2005)))
	require.Equal(t, "nineteen oh nine", join(english.Year(1909)))
	require.Equal(t, "one hour two minutes", join(english.Duration(time.Hour+2*time.Minute)))
	require.Equal(t, "zero seconds", join(english.Duration(0)))
	require.Equal(t, "twelve yuan fifty", join(english.Money(1250)))
	require.Equal(t, "one yuan oh five", join(english.Money(105)))
}

func TestEverythingSaidIsAmongTheWords(t *testing.T) {
	words := english.Words()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "unix"), 0).UTC()
		said := slices.Concat(english.Number(n), english.Money(n), english.Date(at.Month(), at.Day()),
			english.Year(at.Year()), english.Duration(time.Duration(n)), english.OneByOne("+0123456789"))
		for _, word := range said {
			if !slices.Contains(words, word) {
				t.Fatalf("the word %q is not among Words()", word)
			}
		}
	})
}
