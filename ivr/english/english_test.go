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

// parse reads a spoken number back, knowing nothing of how it was made.
func parse(t *rapid.T, words []string) int64 {
	values := map[string]uint64{}
	for i, w := range strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen") {
		values[w] = uint64(i)
	}
	for i, w := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		values[w] = uint64(20 + 10*i)
	}
	scale := uint64(1)
	scales := map[string]uint64{}
	for _, w := range strings.Fields("thousand million billion trillion quadrillion quintillion") {
		scale *= 1000
		scales[w] = scale
	}
	var total, section uint64
	sign := int64(1)
	for _, w := range strings.Fields(join(words)) {
		switch size, isScale := scales[w]; {
		case w == "minus":
			sign = -1
		case w == "and":
		case w == "hundred":
			section *= 100
		case isScale:
			total, section = total+section*size, 0
		default:
			v, ok := values[w]
			if !ok {
				t.Fatalf("%q is no number", w)
			}
			section += v
		}
	}
	return sign * int64(total+section)
}

func TestEveryNumberReadsBackAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2000, 200_000)).Draw(t, "n")
		if back := parse(t, english.Number(n)); back != n {
			t.Fatalf("%d is read %q, which is %d", n, join(english.Number(n)), back)
		}
	})
}
